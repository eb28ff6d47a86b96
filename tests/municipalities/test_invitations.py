"""Accepting an invitation: the link lets in the one whom it went to, once, and tells anyone else nothing."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from municipalities import people
from municipalities.models import Invitation, Membership, Role, User
from municipalities.models.invitations import signer
from municipalities.signing_in.configuration import Service
from tests.builders import PASSWORD, make_administrator, make_invitation, make_municipality, make_user
from tests.pages import faults, main_of, read

pytestmark = pytest.mark.django_db

NEW = {"name": "Eva Ek", "password": "sju sjuka sjömän på skeppet"}


@pytest.fixture
def enkoping():
    return make_municipality("Enköping")


@pytest.fixture
def invitation(enkoping) -> Invitation:
    inviter = make_administrator(name="Asta Lönn")
    return make_invitation(enkoping, Role.COORDINATOR, email="eva@example.se", invited_by=inviter)


def page_of(invitation: Invitation) -> str:
    return reverse("invitation", args=[invitation.token])


def rows() -> list:
    return [list(table.objects.values()) for table in (User, Membership, Invitation, EmailAddress)]


def lapse(invitation: Invitation) -> None:
    day = timezone.now() - timedelta(days=15)
    Invitation.objects.filter(pk=invitation.pk).update(sent=day, expires=day + timedelta(days=14))


class TestTheWholeWay:
    def test_from_the_mail_to_the_first_page(self, client, enkoping, django_capture_on_commit_callbacks):
        admin = Client()
        admin.force_login(make_administrator())
        asked = {"email": "Eva@Example.se", "role": Role.COORDINATOR}
        with django_capture_on_commit_callbacks(execute=True):
            admin.post(reverse("invite", args=[enkoping.key]), asked)
        [link, _portal] = re.findall(r"http://\S+", str(mail.outbox[0].body))

        assert link.startswith("http://testserver/konto/inbjudan/")
        assert client.get(link).status_code == 200
        welcome = client.post(link, NEW, follow=True)

        assert welcome.redirect_chain == [("/", 302)]
        assert f"Välkommen! Du är nu samordnare för {enkoping}." in welcome.content.decode()
        eva = User.objects.get(email="eva@example.se")
        assert eva.name == "Eva Ek"
        assert UserSession.objects.filter(user=eva).count() == 1
        assert client.get(reverse("to-do")).status_code == 200

    def test_one_with_an_account_logs_in_and_comes_back_to_accept(self, client, invitation):
        eva = make_user(email="eva@example.se")

        page = main_of(client.get(page_of(invitation)))
        way_in = page.one("a", class_="btn-main")
        answer = client.post(way_in["href"], {"login": eva.email, "password": PASSWORD})
        assert answer["Location"] == page_of(invitation)
        assert main_of(client.get(page_of(invitation))).one("button").text == "Ta emot"
        client.post(page_of(invitation))

        assert eva.roles == {(invitation.organisation_id, Role.COORDINATOR)}


class TestTheLink:
    @pytest.fixture
    def no_more(self, invitation, enkoping) -> dict[str, str]:
        """Addresses of invitations that can't be accepted."""
        asta = make_administrator()
        lapsed, withdrawn, used = (make_invitation(enkoping) for _each in range(3))
        lapse(lapsed)
        people.withdraw(withdrawn, by=asta)
        people.accept_with_new_account(used, **NEW)
        unbacked = make_invitation(enkoping, invited_by=make_user())
        token = invitation.token
        forged = [
            "finns-inte",
            token[:-1] + ("A" if token[-1] != "A" else "B"),
            signer.sign_object(10**9),
            signer.sign_object(10**30),
            token.replace(":", ""),
            "\0",
        ]
        return {
            **{f"forged {each}": reverse("invitation", args=[each]) for each in forged},
            "lapsed": page_of(lapsed),
            "withdrawn": page_of(withdrawn),
            "used": page_of(used),
            "unbacked": page_of(unbacked),
        }

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_what_cannot_be_accepted_answers_alike_whatever_was_the_matter(self, no_more, method):
        before = rows()
        answers = {}
        for what, address in no_more.items():
            answer = getattr(Client(), method)(address, NEW)
            words = re.sub(r'\?next=[^"]+|value="\w+"', "", answer.content.decode()).replace(address, "")
            answers[what] = (answer.status_code, words, sorted(answer.headers))

        assert len({str(answer) for answer in answers.values()}) == 1
        assert next(iter(answers.values()))[0] == 404
        assert "Be den som bjöd in dig att skicka en ny." in next(iter(answers.values()))[1]
        assert rows() == before

    def test_one_sent_again_works_again(self, client, invitation):
        lapse(invitation)
        assert client.get(page_of(invitation)).status_code == 404

        people.send_again(invitation, by=invitation.invited_by)

        assert client.get(page_of(invitation)).status_code == 200

    def test_looking_writes_nothing(self, client, invitation):
        before = rows()

        for _time in range(2):
            client.get(page_of(invitation))
            client.head(page_of(invitation))

        assert rows() == before

    def test_it_holds_no_secret_that_the_database_has(self, invitation):
        row = str(Invitation.objects.filter(pk=invitation.pk).values().get())

        assert invitation.token not in row
        assert invitation.token.rpartition(":")[2] not in row

    def test_it_works_once(self, client, invitation):
        client.post(page_of(invitation), NEW)
        before = rows()

        again = Client().post(page_of(invitation), NEW | {"name": "Någon annan"})

        assert again.status_code == 404
        assert rows() == before


class TestSomeoneNew:
    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"name": ""}, "Skriv ditt namn."),
            ({"password": ""}, "Välj ett lösenord."),
            ({"password": "kort"}, "minst 12 tecken"),
            ({"password": "Enköping123456"}, "för lätt att gissa"),
            ({"name": "Anna-Karin Sundström", "password": "anna-karin sundström"}, "lätt att gissa"),
        ],
    )
    def test_what_is_missing_or_weak_is_told_and_nothing_is_made(self, client, invitation, wrong, sentence):
        before = rows()

        answer = client.post(page_of(invitation), NEW | wrong)

        assert answer.status_code == 422
        assert sentence in main_of(answer).text
        assert NEW["password"] not in answer.content.decode()
        assert faults(read(answer)) == []
        assert rows() == before

    def test_the_address_is_the_invitations_whatever_is_sent(self, client, invitation):
        client.post(page_of(invitation), NEW | {"email": "annan@example.se", "role": Role.EDITOR})

        assert not User.objects.filter(email="annan@example.se").exists()
        eva = User.objects.get(email="eva@example.se")
        assert {role for _organisation, role in eva.roles} == {Role.COORDINATOR}
        assert not eva.is_administrator

    def test_the_page_tells_who_invites_to_what_and_lets_browsers_keep_the_password(self, client, invitation):
        answer = client.get(page_of(invitation))

        page = main_of(answer)
        assert "Asta Lönn har bjudit in dig som samordnare för Enköping." in page.text
        assert page.one("input", type="email")["autocomplete"] == "username"
        assert page.one("input", type="password")["autocomplete"] == "new-password"
        assert faults(read(answer)) == []


class TestSomebodyElse:
    def test_one_who_is_signed_in_as_another_is_told_and_gets_nothing(self, client, invitation):
        client.force_login(make_user(email="sara@example.se"))
        before = rows()

        for answer in (client.get(page_of(invitation)), client.post(page_of(invitation), NEW)):
            assert answer.status_code == 403
            assert "Du är inloggad som sara@example.se, men inbjudan gick till" in main_of(answer).text
            assert "eva@example.se" not in answer.content.decode()
            assert faults(read(answer)) == []
        assert rows() == before

    def test_a_visitor_cannot_accept_for_one_who_has_an_account(self, client, invitation):
        make_user(email="eva@example.se")
        before = rows()

        client.post(page_of(invitation), NEW)

        assert rows() == before

    def test_a_session_that_another_organisations_service_opened_accepts_nothing(
        self, client, invitation, settings
    ):
        make_municipality("Västerås", key="vasteras")
        settings.OIDC_PROVIDERS = (
            Service("adfs", "Västerås inloggning", "vasteras", "https://adfs.example", "id", "secret"),
        )
        eva = make_user(email="eva@example.se")
        client.force_login(eva)
        session = client.session
        session["account_authentication_methods"] = [{"method": "socialaccount", "provider": "adfs"}]
        session["account_authentication_methods_user"] = str(eva.pk)
        session.save()

        for answer in (client.get(page_of(invitation)), client.post(page_of(invitation))):
            assert answer.status_code == 403
            assert "en annan organisations inloggningstjänst" in main_of(answer).text
            assert faults(read(answer)) == []
        assert not eva.memberships.exists()
