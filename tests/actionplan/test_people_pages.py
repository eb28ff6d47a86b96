"""The pages of people: who sees whom, who gives which role where, and that nobody reaches further."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actionplan.people import MOST_SHOWN
from municipalities import people as deeds
from municipalities.models import Invitation, Membership, Organisation, Role, User
from municipalities.signing_in.configuration import Service
from tests.builders import (
    make_activity,
    make_administrator,
    make_challenge,
    make_coordinator,
    make_invitation,
    make_municipality,
    make_organisation,
    make_plan,
    make_revision,
    make_user,
)
from tests.pages import Element, faults, main_of, read

pytestmark = pytest.mark.django_db


class World:
    """A plan with its parties, one organisation that has no part in it, and those who ask."""

    def __init__(self) -> None:
        self.owner = make_organisation("Nätverket", key="natverket")
        self.enkoping = make_municipality("Enköping", key="enkoping")
        self.dusys = make_organisation("DUsys", key="dusys", represented_by=[self.enkoping])
        self.outside = make_municipality("Botkyrka", key="botkyrka")
        self.plan = make_plan(owner=self.owner, partners=[self.enkoping])
        make_activity(make_challenge(make_revision(self.plan)), responsible=[self.dusys])
        self.asta = make_administrator(name="Asta Lönn")
        self.rut = make_user(Role.EDITOR, self.owner, name="Rut Hägg")
        self.eva = make_coordinator(self.enkoping, name="Eva Ek")
        self.bo = make_user(Role.EDITOR, self.outside, name="Bo Alm")

    def client(self, user: User | None) -> Client:
        client = Client()
        if user:
            client.force_login(user)
        return client


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def rut(world) -> Client:
    """The browser of the plan's editor."""
    return world.client(world.rut)


@pytest.fixture
def asta(world) -> Client:
    """The administrator's browser."""
    return world.client(world.asta)


def of(name: str, organisation: Organisation, *arguments: Any) -> str:
    return reverse(name, args=[organisation.key, *arguments])


def everything() -> list:
    return [list(table.objects.order_by("pk").values()) for table in (User, Membership, Invitation)]


def told(answer: Any) -> str:
    """What the page says, its messages included."""
    return read(answer).one("body").text


def rows_of(page: Element) -> list[str]:
    return [row.one("th").text for row in page.one("tbody").all("tr")]


class TestWhoManagesWhom:
    def test_an_editor_manages_those_who_own_decide_on_and_answer_for_their_plan_and_who_represents_them(
        self, world, rut
    ):
        represents = make_municipality("Strängnäs", key="strangnas")
        world.dusys.represented_by.add(represents)

        assert rows_of(main_of(rut.get(reverse("people")))) == ["DUsys", "Enköping", "Nätverket", "Strängnäs"]
        for organisation in (world.owner, world.enkoping, world.dusys, represents):
            assert rut.get(of("organisation-people", organisation)).status_code == 200

    def test_an_administrator_manages_everyone(self, world, asta):
        assert "Botkyrka" in rows_of(main_of(asta.get(reverse("people"))))
        assert asta.get(of("organisation-people", world.outside)).status_code == 200

    def test_others_have_no_such_page_and_no_link_to_it(self, world):
        for user in (world.eva, make_user(Role.READER, world.owner), make_user()):
            client = world.client(user)
            assert client.get(reverse("people")).status_code == 403
            assert client.get(of("organisation-people", world.enkoping)).status_code == 404
            assert client.get(reverse("accounts")).status_code == 403
            assert not read(client.get(reverse("about"))).all("a", href=reverse("people"))

    def test_a_visitor_is_sent_to_log_in(self, world, client):
        answer = client.get(of("organisation-people", world.enkoping))

        assert answer["Location"] == "/konto/logga-in/?next=/personer/enkoping/"

    def test_those_who_may_find_the_pages_in_the_menu(self, world, rut, asta):
        for client in (rut, asta):
            assert read(client.get(reverse("about"))).one("a", href=reverse("people")).text == "Personer"

    def test_an_editor_elsewhere_is_answered_as_if_the_organisation_were_not_there(self, world):
        client = world.client(world.bo)
        membership, invitation = world.eva.memberships.get(), make_invitation(world.enkoping)
        before = everything()

        for address in [
            of("organisation-people", world.enkoping),
            of("invite", world.enkoping),
            of("end-membership", world.enkoping, membership.pk),
            of("give-membership", world.enkoping, world.eva.pk),
            of("change-invitation", world.enkoping, invitation.pk),
        ]:
            for method in ("get", "post"):
                unknown = address.replace("enkoping", "finns-inte")
                sent = {"role": Role.READER, "email": "a@example.se", "change": "withdraw"}
                hidden = getattr(client, method)(address, sent)
                missing = getattr(client, method)(unknown, sent)
                assert hidden.status_code in (404, 405)
                assert without_address(hidden, address) == without_address(missing, unknown)
        assert everything() == before

    def test_a_closed_account_is_nobody_there_even_with_a_role_left_behind(self, world, rut):
        User.objects.filter(pk=world.eva.pk).update(is_active=False)

        page = main_of(rut.get(of("organisation-people", world.enkoping)))

        assert "Eva Ek" not in page.text
        assert rut.get(of("give-membership", world.enkoping, world.eva.pk)).status_code == 404

    def test_what_belongs_to_another_organisation_is_not_reached_by_way_of_ones_own(self, world, rut):
        foreign = make_coordinator(world.outside, name="Den Ingen Ska Se")
        invitation = make_invitation(world.outside)
        before = everything()

        for name, number in [
            ("end-membership", foreign.memberships.get().pk),
            ("give-membership", foreign.pk),
            ("change-invitation", invitation.pk),
        ]:
            for missing in (number, 10**9, 10**30):
                answer = rut.post(of(name, world.enkoping, missing), {"role": "reader", "change": "withdraw"})
                assert answer.status_code == 404
                assert "Den Ingen Ska Se" not in answer.content.decode()
        assert everything() == before

    def test_an_editor_whose_organisation_owns_no_plan_is_told_so(self, world):
        page = main_of(world.client(world.bo).get(reverse("people")))

        assert "Ingen organisation att visa" in page.text


def without_address(answer: Any, address: str) -> tuple[int, str]:
    words = re.sub(r'value="\w+"', "", answer.content.decode())
    return answer.status_code, words.replace(address, "ADDRESS")


class TestRights:
    """The rules by themselves, since a page tries several of them on its way."""

    def may_give(self, user: User, organisation: Organisation) -> list[str]:
        return [role for role in Role if user.has_perm("actionplan.give_role", (organisation, role))]

    def test_roles_are_given_where_one_edits_a_plan_and_that_of_editor_where_one_is_editor(self, world):
        assert self.may_give(world.rut, world.owner) == ["reader", "coordinator", "editor"]
        assert self.may_give(world.rut, world.enkoping) == ["reader", "coordinator"]
        assert self.may_give(world.rut, world.outside) == []
        assert self.may_give(world.asta, world.outside) == ["reader", "coordinator", "editor"]

    def test_an_editor_whose_organisation_has_no_plan_gives_nothing_even_there(self, world):
        assert self.may_give(world.bo, world.outside) == []

    def test_a_coordinator_gives_nothing(self, world):
        assert self.may_give(world.eva, world.enkoping) == []
        assert not world.eva.has_perm("actionplan.manage_people", world.enkoping)

    def test_people_are_known_where_they_have_a_role_or_whose_service_vouches_for_them(self, world, settings):
        settings.OIDC_PROVIDERS = (
            Service("adfs", "Enköpings inloggning", "enkoping", "https://adfs.example", "id", "secret"),
        )
        nils = make_user()
        SocialAccount.objects.create(user=nils, provider="adfs", uid="nils")

        def knows(user: User, organisation: Organisation, person: User) -> bool:
            return user.has_perm("actionplan.know_person", (organisation, person))

        assert knows(world.rut, world.enkoping, world.eva)
        assert knows(world.rut, world.enkoping, nils)
        assert not knows(world.rut, world.owner, world.eva)
        assert not knows(world.rut, world.owner, nils)
        assert knows(world.asta, world.owner, nils)

    def test_a_session_of_one_organisations_service_manages_nobody_elses_people(self, world):
        world.rut.memberships.create(organisation=world.outside, role=Role.EDITOR)
        world.rut.confined_to = "botkyrka"

        assert not world.rut.has_perm("actionplan.manage_people", world.enkoping)
        assert self.may_give(world.rut, world.owner) == []


class TestTheOrganisationsPage:
    def test_it_tells_who_has_which_role_and_how_they_sign_in_in_swedish_order(self, world, rut, settings):
        settings.OIDC_PROVIDERS = (
            Service("adfs", "Enköpings inloggning", "enkoping", "https://adfs.example", "id", "secret"),
        )
        for name in ("Östen", "Ärla", "Åsa", "Zara"):
            make_user(Role.READER, world.enkoping, name=name)
        Authenticator.objects.create(user=world.eva, type=Authenticator.Type.TOTP, data={})
        vera = make_user(Role.READER, world.enkoping, name="Vera", password=None)
        SocialAccount.objects.create(user=vera, provider="adfs", uid="vera")

        rows = main_of(rut.get(of("organisation-people", world.enkoping))).one("tbody").all("tr")

        names = [row.one("th").text.split()[0] for row in rows]
        assert names == ["Eva", "Vera", "Zara", "Åsa", "Ärla", "Östen"]
        of_eva, of_vera = rows[0].text, rows[1].text
        assert re.search(r"Samordnare sedan \d{4}-\d\d-\d\d", of_eva)
        assert world.eva.email in of_eva
        assert "Lösenord Har ett andra steg" in of_eva
        assert "Enköpings inloggning Inget andra steg" in of_vera

    def test_those_who_came_by_its_service_are_there_to_be_given_a_role(self, world, rut, settings):
        settings.OIDC_PROVIDERS = (
            Service("adfs", "Enköpings inloggning", "enkoping", "https://adfs.example", "id", "secret"),
            Service("annan", "Botkyrkas inloggning", "botkyrka", "https://adfs.example", "id", "secret"),
        )
        nils, foreign = make_user(name="Nils Ny"), make_user(name="Någon Annan")
        closed = make_user(name="Stängt Konto", is_active=False)
        SocialAccount.objects.create(user=nils, provider="adfs", uid="nils")
        SocialAccount.objects.create(user=closed, provider="adfs", uid="closed")
        SocialAccount.objects.create(user=foreign, provider="annan", uid="annan")

        page = main_of(rut.get(of("organisation-people", world.enkoping)))
        rut.post(
            page.one("section", **{"aria-labelledby": "newcomers"}).one("a")["href"], {"role": Role.READER}
        )

        assert "Någon Annan" not in page.text
        assert "Stängt Konto" not in page.text
        assert nils.roles == {(world.enkoping.pk, Role.READER)}
        assert "Nya utan roll" not in told(rut.get(of("organisation-people", world.enkoping)))
        assert rut.get(of("give-membership", world.enkoping, foreign.pk)).status_code == 404

    def test_an_organisation_where_nobody_has_a_role_says_what_to_do(self, world, rut):
        page = main_of(rut.get(of("organisation-people", world.dusys)))

        assert "Ingen har en roll här än" in page.text
        assert page.one("a", href=of("invite", world.dusys))

    def test_a_closed_account_is_not_there(self, world, rut):
        deeds.close_account(world.eva, by=world.asta)

        assert "Eva Ek" not in told(rut.get(of("organisation-people", world.enkoping)))


class TestInviting:
    def test_an_editor_invites_to_a_partner_of_the_plan(self, world, rut, django_capture_on_commit_callbacks):
        asked = {"email": "Ny.Person@Example.se", "role": Role.COORDINATOR}
        with django_capture_on_commit_callbacks(execute=True):
            answer = rut.post(of("invite", world.enkoping), asked, follow=True)

        assert "Inbjudan är på väg till ny.person@example.se." in told(answer)
        assert (
            "skickad av Rut Hägg" in main_of(answer).one("section", **{"aria-labelledby": "invitations"}).text
        )
        [invitation] = Invitation.objects.waiting()
        assert (invitation.organisation.pk, invitation.role) == (world.enkoping.pk, Role.COORDINATOR)
        assert [letter.to for letter in mail.outbox] == [["ny.person@example.se"]]

    @pytest.mark.parametrize(
        ("asked", "sentence"),
        [
            ({"email": "", "role": "reader"}, "Skriv adressen till den du vill bjuda in."),
            ({"email": "ingen adress", "role": "reader"}, "e-postadress"),
            ({"email": "ny@example.se"}, "Välj en roll."),
            ({"email": "ny@example.se", "role": "kung"}, "Välj en av rollerna."),
            ({"email": "ny@example.se", "role": "editor"}, "Välj en av rollerna."),
            ({"email": "eva@example.se", "role": "coordinator"}, "har redan den rollen"),
            ({"email": "vantar@example.se", "role": "reader"}, "har redan en inbjudan till den rollen"),
        ],
    )
    def test_what_cannot_be_is_told_and_nothing_is_sent(self, world, rut, asked, sentence):
        User.objects.filter(pk=world.eva.pk).update(email="eva@example.se")
        make_invitation(world.enkoping, email="vantar@example.se")
        before = everything()

        answer = rut.post(of("invite", world.enkoping), asked)

        assert answer.status_code == 422
        assert sentence in main_of(answer).text
        assert faults(read(answer)) == []
        assert (everything(), mail.outbox) == (before, [])

    def test_whether_an_address_has_an_account_elsewhere_is_not_told(self, world, rut):
        for address in (world.bo.email, "finns.inte@example.se"):
            answer = rut.post(
                of("invite", world.enkoping), {"email": address, "role": Role.READER}, follow=True
            )
            assert f"Inbjudan är på väg till {address}." in told(answer)
            assert "Bo Alm" not in told(answer)

    def test_it_is_sent_again_and_withdrawn(self, world, rut):
        invitation = make_invitation(world.enkoping, email="ny@example.se")
        change = of("change-invitation", world.enkoping, invitation.pk)

        assert "på väg till ny@example.se igen" in told(
            rut.post(change, {"change": "send-again"}, follow=True)
        )
        withdrawn = rut.post(change, {"change": "withdraw"}, follow=True)

        assert "Inbjudan till ny@example.se är återkallad." in told(withdrawn)
        assert not Invitation.objects.open().exists()
        again = rut.post(change, {"change": "withdraw"}, follow=True)
        assert "Inbjudan är redan återkallad." in told(again)

    @pytest.mark.parametrize("sent", [{}, {"change": "riv"}])
    def test_what_no_button_sends_changes_nothing(self, world, rut, sent):
        invitation = make_invitation(world.enkoping)
        before = everything()

        answer = rut.post(of("change-invitation", world.enkoping, invitation.pk), sent, follow=True)

        assert "Välj om inbjudan ska skickas igen eller återkallas." in told(answer)
        assert everything() == before


class TestGivingAndEnding:
    def roles_offered(self, client: Client, organisation: Organisation) -> list[str]:
        page = main_of(client.get(of("invite", organisation)))
        return [each["value"] for each in page.all("input", type="radio")]

    def test_an_editor_makes_editors_only_where_they_are_editor_themselves(self, world, rut):
        assert self.roles_offered(rut, world.owner) == ["reader", "coordinator", "editor"]
        assert self.roles_offered(rut, world.enkoping) == ["reader", "coordinator"]

    def test_an_administrator_makes_editors_anywhere(self, world, asta):
        assert self.roles_offered(asta, world.outside) == ["reader", "coordinator", "editor"]

    def test_a_role_more_is_given_to_someone_who_is_known_there(self, world, rut):
        answer = rut.post(
            of("give-membership", world.enkoping, world.eva.pk), {"role": Role.READER}, follow=True
        )

        assert "Eva Ek är nu läsare." in told(answer)
        assert Membership.history.first().history_user == world.rut

    def test_a_role_that_one_may_not_give_is_refused(self, world, rut):
        answer = rut.post(of("give-membership", world.enkoping, world.eva.pk), {"role": Role.EDITOR})

        assert answer.status_code == 422
        assert faults(read(answer)) == []
        assert Role.EDITOR not in {role for _organisation, role in world.eva.roles}

    def test_the_role_that_someone_has_is_told_to_be_theirs(self, world, rut):
        answer = rut.post(of("give-membership", world.enkoping, world.eva.pk), {"role": Role.COORDINATOR})

        assert answer.status_code == 422
        assert "Personen har redan den rollen i organisationen." in main_of(answer).text

    def test_ending_asks_first(self, world, rut):
        membership = world.eva.memberships.get()

        page = main_of(rut.get(of("end-membership", world.enkoping, membership.pk)))

        assert page.one("h1").text == "Ska Eva Ek inte längre vara samordnare?"
        assert world.eva.memberships.exists()

    def test_what_was_ended_can_be_given_back_at_once(self, world, rut):
        membership = world.eva.memberships.get()
        ended = rut.post(of("end-membership", world.enkoping, membership.pk), follow=True)
        assert "Eva Ek är inte längre samordnare här." in told(ended)
        assert not world.eva.memberships.exists()

        form = main_of(ended).one("form", action=of("give-membership", world.enkoping, world.eva.pk))
        back = rut.post(form["action"], {"role": form.one("input", name="role")["value"]}, follow=True)

        assert "Eva Ek är nu samordnare." in told(back)
        assert "inte längre" not in told(back)
        assert world.eva.memberships.get().role == Role.COORDINATOR

    def test_who_was_ended_in_one_session_is_unknown_to_another(self, world, rut):
        rut.post(of("end-membership", world.enkoping, world.eva.memberships.get().pk))

        other = world.client(make_user(Role.EDITOR, world.owner))
        assert other.get(of("give-membership", world.enkoping, world.eva.pk)).status_code == 404
        assert rut.get(of("give-membership", world.owner, world.eva.pk)).status_code == 404

    def test_an_editor_of_the_plan_does_not_end_a_partners_own_editor(self, world, rut):
        editor = make_user(Role.EDITOR, world.enkoping)
        address = of("end-membership", world.enkoping, editor.memberships.get().pk)

        for answer in (rut.get(address), rut.post(address)):
            assert answer.status_code == 403
            assert "Bara organisationens egna redaktörer" in told(answer)
        assert editor.memberships.exists()
        assert not main_of(rut.get(of("organisation-people", world.enkoping))).all("a", href=address)

    def test_nor_does_one_withdraw_what_an_administrator_has_offered_there(self, world, rut):
        invitation = make_invitation(world.enkoping, Role.EDITOR)

        answer = rut.post(of("change-invitation", world.enkoping, invitation.pk), {"change": "withdraw"})

        assert answer.status_code == 403
        assert Invitation.objects.waiting().filter(pk=invitation.pk).exists()

    def test_ones_own_role_can_be_ended_and_then_the_page_is_closed(self, world, rut):
        own = of("end-membership", world.owner, world.rut.memberships.get().pk)
        assert "Det är din egen roll." in main_of(rut.get(own)).text

        answer = rut.post(own)

        assert answer["Location"] == reverse("account")
        assert rut.get(reverse("people")).status_code == 403

    def test_an_administrators_membership_is_ended_like_any_other_and_they_stay_administrator(
        self, world, rut
    ):
        membership = world.asta.memberships.create(organisation=world.enkoping, role=Role.READER)

        rut.post(of("end-membership", world.enkoping, membership.pk))

        world.asta.refresh_from_db()
        assert not world.asta.memberships.exists()
        assert world.asta.administers


class TestAccounts:
    def names(self, client: Client, words: str = "") -> list[str]:
        page = main_of(client.get(reverse("accounts"), {"q": words} if words else {}))
        return [row.one("th").one("a").text for row in page.one("tbody").all("tr")]

    def test_they_are_found_by_name_and_address_however_it_is_typed(self, world, asta):
        make_user(name="Åsa Öberg", email="asa@vasteras.example")
        make_user(name="Ärla Ny", email="arla@vasteras.example")

        assert self.names(asta, "öberg ÅSA") == ["Åsa Öberg"]
        assert self.names(asta, "vasteras") == ["Åsa Öberg", "Ärla Ny"]
        assert self.names(asta) == ["Asta Lönn", "Bo Alm", "Eva Ek", "Rut Hägg", "Åsa Öberg", "Ärla Ny"]

    def test_that_there_are_more_than_the_page_shows_is_told(self, world, asta):
        User.objects.bulk_create(
            User(email=f"{number}@example.se", name=f"Nummer {number}", password="!")
            for number in range(MOST_SHOWN)
        )

        page = main_of(asta.get(reverse("accounts")))

        assert f"Visar {MOST_SHOWN} av {MOST_SHOWN + 4}" in page.text
        assert "för att hitta fler" in page.text

    @pytest.mark.parametrize("words", ["finns inte", "\0", "x" * 500, "%_'\"<script>"])
    def test_what_is_odd_finds_nothing_or_all_and_breaks_nothing(self, world, asta, words):
        answer = asta.get(reverse("accounts"), {"q": words})

        assert answer.status_code == 200
        assert faults(read(answer)) == []

    def test_a_page_tells_how_someone_signs_in_and_what_they_may(self, world, asta):
        page = main_of(asta.get(reverse("account-of", args=[world.eva.pk])))

        assert page.one("h1").text == "Eva Ek"
        assert world.eva.email in page.text
        assert "Samordnare" in page.text
        assert page.one("a", href=of("organisation-people", world.enkoping))

    def test_an_account_is_closed_once_it_has_been_confirmed(self, world, asta):
        close = reverse("close-account", args=[world.eva.pk])
        assert "Det går inte att ångra." in main_of(asta.get(close)).text
        world.eva.refresh_from_db()
        assert world.eva.is_active

        answer = asta.post(close, follow=True)

        assert "Kontot för Eva Ek är stängt." in told(answer)
        assert "Namnet står kvar" in told(answer)
        assert "portal.invalid" not in told(asta.get(reverse("accounts")))
        assert "Kontot är stängt." in told(asta.post(close, follow=True))

    def test_nobody_closes_their_own_account(self, world, asta):
        own = reverse("close-account", args=[world.asta.pk])

        assert not main_of(asta.get(reverse("account-of", args=[world.asta.pk]))).all("a", href=own)
        assert "en annan administratör" in told(asta.post(own, follow=True))

    def test_a_lost_second_step_is_removed_once_it_has_been_confirmed(self, world, asta):
        Authenticator.objects.create(user=world.eva, type=Authenticator.Type.TOTP, data={})
        remove = reverse("remove-second-step", args=[world.eva.pk])
        assert main_of(asta.get(reverse("account-of", args=[world.eva.pk]))).one("a", href=remove)
        asta.get(remove)
        assert Authenticator.objects.exists()

        assert "Det andra steget för Eva Ek är borttaget." in told(asta.post(remove, follow=True))
        assert "Kontot har inget andra steg." in told(asta.post(remove, follow=True))

    def test_a_second_step_that_a_service_asks_for_is_not_the_portals_to_remove(self, world, asta, settings):
        settings.OIDC_PROVIDERS = (
            Service(
                "adfs", "Enköping", "enkoping", "https://adfs.example", "id", "secret", second_factor=True
            ),
        )
        SocialAccount.objects.create(user=world.eva, provider="adfs", uid="eva")

        page = main_of(asta.get(reverse("account-of", args=[world.eva.pk])))

        assert "Andra steg Ja" in page.text
        assert not page.all("a", href=reverse("remove-second-step", args=[world.eva.pk]))

    def test_none_but_administrators_see_accounts_or_do_anything_to_them(self, world, rut):
        before = everything()

        for name in ("account-of", "close-account", "remove-second-step"):
            for number in (world.eva.pk, 10**9):
                for method in (rut.get, rut.post):
                    assert method(reverse(name, args=[number])).status_code == 403
        assert everything() == before

    @pytest.mark.parametrize("name", ["account-of", "close-account", "remove-second-step"])
    @pytest.mark.parametrize("number", [10**9, 10**30])
    def test_an_account_that_is_not_there_is_not_found(self, world, asta, name, number):
        assert asta.get(reverse(name, args=[number])).status_code == 404


class TestEveryPage:
    def test_everyone_who_may_can_use_each(self, world, rut, asta):
        make_invitation(world.enkoping)
        membership = world.eva.memberships.get()
        organisation_pages = [
            of("organisation-people", world.enkoping),
            of("organisation-people", world.dusys),
            of("invite", world.enkoping),
            of("give-membership", world.enkoping, world.eva.pk),
            of("end-membership", world.enkoping, membership.pk),
            reverse("people"),
        ]
        account_pages = [
            reverse("accounts"),
            *(reverse(name, args=[world.eva.pk]) for name in ("account-of", "close-account")),
            reverse("remove-second-step", args=[world.eva.pk]),
        ]
        for client, addresses in ((rut, organisation_pages), (asta, organisation_pages + account_pages)):
            for address in addresses:
                answer = client.get(address)
                assert (address, answer.status_code) == (address, 200)
                assert faults(read(answer)) == []
        rut.post(of("end-membership", world.enkoping, membership.pk))
        assert faults(read(rut.get(organisation_pages[0]))) == []

    def test_it_takes_as_many_statements_for_thirty_people_as_for_three(self, world, rut, asta, settings):
        settings.OIDC_PROVIDERS = (
            Service("adfs", "Enköpings inloggning", "enkoping", "https://adfs.example", "id", "secret"),
        )

        def grow(number: int) -> None:
            for _each in range(number):
                user = make_user(Role.READER, world.enkoping)
                user.memberships.create(organisation=world.enkoping, role=Role.COORDINATOR)
                Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
                newcomer = make_user(password=None)
                SocialAccount.objects.create(user=newcomer, provider="adfs", uid=newcomer.email)
                make_invitation(world.enkoping)
                another = make_revision(make_plan(owner=world.owner))
                make_activity(make_challenge(another), responsible=[make_organisation()])

        def statements() -> dict[str, int]:
            counts = {}
            for who, client, address in [
                ("editor", rut, reverse("people")),
                ("editor", rut, of("organisation-people", world.enkoping)),
                ("editor", rut, of("invite", world.enkoping)),
                ("administrator", asta, reverse("people")),
                ("administrator", asta, of("organisation-people", world.enkoping)),
                ("administrator", asta, reverse("accounts")),
            ]:
                with CaptureQueriesContext(connection) as captured:
                    assert client.get(address).status_code == 200
                counts[f"{who} {address}"] = len(captured)
            return counts

        grow(3)
        few = statements()
        grow(27)

        assert statements() == few
        assert max(few.values()) <= 18
