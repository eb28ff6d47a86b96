"""What is done to people's roles and accounts: who did it is kept, and nobody gets in by what was ended."""

from datetime import datetime, time, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth import authenticate
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from actionplan.models import Plan
from municipalities import people
from municipalities.models import Invitation, Membership, Role, User
from municipalities.signing_in.configuration import Service
from tests.builders import (
    PASSWORD,
    make_administrator,
    make_invitation,
    make_municipality,
    make_organisation,
    make_plan,
    make_user,
)

# `at_once` lets many write at the same time, each on a connection of their own
from tests.followup.test_concurrency import WRITERS, at_once

pytestmark = pytest.mark.django_db

NEW = {"name": "Eva Ek", "password": "sju sjuka sjömän på skeppet"}


def sign_in(user: User) -> Client:
    """A browser in which the person has logged in the ordinary way, with the sessions that leaves."""
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert client.get(reverse("account")).status_code == 200
    return client


@pytest.fixture
def asta() -> User:
    return make_administrator(name="Asta Lönn")


@pytest.fixture
def vasteras():
    return make_municipality("Västerås", key="vasteras")


@pytest.fixture
def service(settings, vasteras) -> Service:
    """Västerås's own log-in service."""
    one = Service("vasteras-adfs", "Västerås inloggning", "vasteras", "https://adfs.example", "id", "secret")
    settings.OIDC_PROVIDERS = (one,)
    return one


class TestInviting:
    def test_who_invited_to_what_is_kept_but_the_log_never_holds_the_address(self, asta, vasteras):
        invitation = people.invite(" Eva.Ek@Example.SE ", vasteras, Role.COORDINATOR, by=asta)

        assert (invitation.email, invitation.invited_by) == ("eva.ek@example.se", asta)
        [logged] = Invitation.history.all()
        assert (logged.history_user, logged.organisation, logged.role) == (asta, vasteras, Role.COORDINATOR)
        assert not hasattr(logged, "email")

    def test_an_address_is_invited_to_a_role_once_at_a_time(self, asta, vasteras):
        people.invite("eva@example.se", vasteras, Role.READER, by=asta)

        with pytest.raises(ValidationError, match="har redan en inbjudan till den rollen"):
            people.invite("EVA@example.se", vasteras, Role.READER, by=asta)
        people.invite("eva@example.se", vasteras, Role.COORDINATOR, by=asta)

        assert Invitation.objects.count() == 2

    def test_one_that_lapsed_is_made_again_by_inviting_again(self, asta, vasteras):
        long_ago = timezone.now() - timedelta(days=20)
        lapsed = make_invitation(
            vasteras, email="eva@example.se", sent=long_ago, expires=long_ago + timedelta(days=14)
        )

        again = people.invite("eva@example.se", vasteras, Role.READER, by=asta)

        assert again == lapsed
        assert again.is_waiting()

    def test_someone_who_has_the_role_is_not_invited_to_it(self, asta, vasteras):
        eva = make_user(Role.READER, vasteras)

        with pytest.raises(ValidationError, match="har redan den rollen"):
            people.invite(eva.email, vasteras, Role.READER, by=asta)
        people.invite(eva.email, make_organisation(), Role.READER, by=asta)

    def test_an_address_that_nobody_answered_from_is_forgotten_three_months_after_it_lapsed(self, asta):
        day = timezone.now() - timedelta(days=91)
        old = make_invitation(sent=day - timedelta(days=14), expires=day)
        younger = make_invitation(sent=day - timedelta(days=12), expires=day + timedelta(days=2))

        people.invite("eva@example.se", make_organisation(), Role.READER, by=asta)

        old.refresh_from_db()
        younger.refresh_from_db()
        assert (old.email, bool(old.withdrawn)) == ("", True)
        assert younger.email

    def test_one_that_is_withdrawn_forgets_its_address_and_cannot_be_sent_or_withdrawn_again(self, asta):
        invitation = make_invitation()

        people.withdraw(invitation, by=asta)

        invitation.refresh_from_db()
        assert invitation.email == ""
        assert invitation.history.first().history_user == asta
        for deed in (people.withdraw, people.send_again):
            with pytest.raises(ValidationError, match="redan återkallad"):
                deed(invitation, by=asta)

    def test_sending_again_gives_two_weeks_more_by_the_same_link(
        self, asta, django_capture_on_commit_callbacks
    ):
        day = timezone.now() - timedelta(days=20)
        invitation = make_invitation(sent=day, expires=day + timedelta(days=14))

        with django_capture_on_commit_callbacks(execute=True):
            people.send_again(invitation, by=asta)

        assert Invitation.objects.waiting().of_token(invitation.token).exists()
        [letter] = mail.outbox
        assert letter.to == [invitation.email]
        assert invitation.token in letter.body
        assert "Asta Lönn har bjudit in dig" in letter.body

    def test_it_can_be_accepted_until_the_end_of_the_day_that_the_mail_says(
        self, asta, vasteras, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            invitation = people.invite("eva@example.se", vasteras, Role.READER, by=asta)

        last_day = timezone.localdate(invitation.sent) + timedelta(days=14)
        [letter] = mail.outbox
        assert f"till och med den {date_format(last_day, 'j F Y')}" in letter.body
        midnight = timezone.make_aware(datetime.combine(last_day + timedelta(days=1), time()))
        assert invitation.is_waiting(midnight - timedelta(minutes=1))
        assert not invitation.is_waiting(midnight)

    def test_nobody_sends_more_than_fifty_mails_in_an_hour(
        self, asta, vasteras, django_capture_on_commit_callbacks
    ):
        invitation = people.invite("eva@example.se", vasteras, Role.READER, by=asta)
        for _time in range(48):
            people.send_again(invitation, by=asta)
        people.invite("rut@example.se", vasteras, Role.READER, by=asta)

        with django_capture_on_commit_callbacks(execute=True):
            with pytest.raises(ValidationError, match="många inbjudningar den senaste timmen"):
                people.invite("nils@example.se", vasteras, Role.READER, by=asta)
            with pytest.raises(ValidationError, match="många inbjudningar den senaste timmen"):
                people.send_again(invitation, by=asta)
        assert mail.outbox == []

        people.send_again(invitation, by=make_administrator())
        Invitation.history.update(sent=timezone.now() - timedelta(minutes=61))
        people.send_again(invitation, by=asta)

    def test_what_is_undone_sends_no_mail(self, asta, vasteras, django_capture_on_commit_callbacks):
        people.invite("eva@example.se", vasteras, Role.READER, by=asta)

        with django_capture_on_commit_callbacks(execute=True), pytest.raises(ValidationError):
            people.invite("eva@example.se", vasteras, Role.READER, by=asta)

        assert mail.outbox == []


class TestAccepting:
    def test_someone_new_gets_an_account_with_a_verified_address_and_the_role(self, vasteras):
        invitation = make_invitation(vasteras, Role.COORDINATOR, email="eva@example.se")

        eva = people.accept_with_new_account(invitation, **NEW)

        assert authenticate(username="eva@example.se", password=NEW["password"]) == eva
        assert eva.roles == {(vasteras.pk, Role.COORDINATOR)}
        address = EmailAddress.objects.get(user=eva)
        assert (address.email, address.verified, address.primary) == ("eva@example.se", True, True)
        assert {each.history_user for each in [*eva.history.all(), *Membership.history.all()]} == {eva}

    def test_one_with_an_account_gets_the_role_besides_what_they_have(self, vasteras):
        eva = make_user(Role.READER, vasteras)
        invitation = make_invitation(vasteras, Role.COORDINATOR, email=eva.email)

        people.accept(invitation, by=eva)

        invitation.refresh_from_db()
        assert {role for _organisation, role in eva.roles} == {Role.READER, Role.COORDINATOR}
        assert invitation.accepted
        assert invitation.email == ""

    def test_one_who_got_the_role_meanwhile_keeps_it(self, asta, vasteras):
        eva = make_user()
        invitation = make_invitation(vasteras, email=eva.email)
        people.give(eva, vasteras, Role.READER, by=asta)

        people.accept(invitation, by=eva)

        assert eva.memberships.count() == 1

    def test_nobody_accepts_what_went_to_another_address(self, vasteras):
        with pytest.raises(ValidationError, match="en annan adress"):
            people.accept(make_invitation(vasteras), by=make_user())

    @pytest.mark.parametrize("state", ["withdrawn", "accepted", "lapsed"])
    def test_what_is_over_is_not_accepted(self, asta, state):
        eva = make_user()
        invitation = make_invitation(email=eva.email)
        if state == "withdrawn":
            people.withdraw(invitation, by=asta)
        elif state == "accepted":
            people.accept(invitation, by=eva)
            people.end(eva.memberships.get(), by=asta)
        else:
            Invitation.objects.update(
                sent=timezone.now() - timedelta(days=15), expires=timezone.now() - timedelta(days=1)
            )

        with pytest.raises(ValidationError):
            people.accept(invitation, by=eva)
        with pytest.raises(ValidationError):
            people.accept_with_new_account(invitation, **NEW)

        assert not Membership.objects.exists()

    def test_an_address_that_got_an_account_meanwhile_gets_no_second_one(self):
        invitation = make_invitation(email="eva@example.se")
        make_user(email="eva@example.se")

        with pytest.raises(ValidationError, match="har redan ett konto"):
            people.accept_with_new_account(invitation, **NEW)

        assert invitation.is_waiting()


class TestTheSendersRight:
    """An invitation is worth what the one who sent it may give."""

    @pytest.fixture
    def editor(self, vasteras) -> User:
        make_plan(owner=vasteras)
        return make_user(Role.EDITOR, vasteras)

    @pytest.fixture
    def offers(self, vasteras, editor) -> dict[Role, Invitation]:
        return {
            role: people.invite("eva@example.se", vasteras, role, by=editor)
            for role in (Role.READER, Role.EDITOR)
        }

    def test_an_account_that_is_closed_takes_its_offers_along(self, asta, editor, offers):
        people.close_account(editor, by=asta)

        assert not Invitation.objects.open().exists()
        assert all(each.history.first().history_user == asta for each in offers.values())

    def test_an_administrators_are_withdrawn_too_and_nobody_elses(self, asta, vasteras):
        other = make_administrator()
        people.invite("eva@example.se", vasteras, Role.READER, by=other)
        kept = people.invite("eva@example.se", vasteras, Role.EDITOR, by=asta)

        people.close_account(other, by=asta)

        assert list(Invitation.objects.open()) == [kept]

    def test_an_editor_who_is_one_no_longer_takes_theirs_along(self, asta, editor, offers):
        people.end(editor.memberships.get(), by=asta)

        assert not Invitation.objects.open().exists()

    def test_another_role_that_ends_leaves_them(self, asta, vasteras, editor, offers):
        people.end(people.give(editor, vasteras, Role.READER, by=asta), by=asta)

        assert Invitation.objects.open().count() == len(offers)

    def test_one_who_remains_editor_elsewhere_keeps_what_they_may_still_give(self, asta, vasteras, editor):
        enkoping = make_municipality("Enköping")
        make_plan(owner=enkoping, partners=[vasteras])
        home = editor.memberships.get()
        people.give(editor, enkoping, Role.EDITOR, by=asta)
        fresh = User.objects.get(pk=editor.pk)
        kept = people.invite("eva@example.se", vasteras, Role.READER, by=fresh)
        people.invite("eva@example.se", vasteras, Role.EDITOR, by=fresh)

        people.end(home, by=asta)

        assert list(Invitation.objects.open()) == [kept]

    def test_nothing_is_accepted_of_one_whose_right_ended_in_another_way(self, editor, offers):
        Plan.objects.all().delete()

        with pytest.raises(ValidationError, match="får inte längre ge"):
            people.accept_with_new_account(offers[Role.READER], **NEW)

        assert not User.objects.filter(email="eva@example.se").exists()

    def test_one_that_somebody_else_sends_again_stands_on_their_right(self, asta, editor, offers):
        people.send_again(offers[Role.READER], by=asta)

        people.close_account(editor, by=asta)

        assert list(Invitation.objects.open()) == [offers[Role.READER]]


class TestRoles:
    def test_who_gave_and_who_ended_a_role_is_kept(self, asta, vasteras):
        eva, other = make_user(), make_administrator()

        membership = people.give(eva, vasteras, Role.READER, by=asta)
        people.end(membership, by=other)

        assert [(each.history_type, each.history_user) for each in Membership.history.all()] == [
            ("-", other),
            ("+", asta),
        ]

    def test_a_role_is_given_once_and_ended_once(self, asta, vasteras):
        eva = make_user()
        membership = people.give(eva, vasteras, Role.READER, by=asta)

        with pytest.raises(ValidationError, match="har redan den rollen"):
            people.give(eva, vasteras, Role.READER, by=asta)
        people.end(membership, by=asta)
        membership = Membership(pk=membership.pk or 1, user=eva, organisation=vasteras, role=Role.READER)
        with pytest.raises(ValidationError, match="redan avslutad"):
            people.end(membership, by=asta)

    def test_a_closed_account_is_given_nothing(self, asta, vasteras):
        with pytest.raises(ValidationError, match="Kontot är stängt"):
            people.give(make_user(is_active=False), vasteras, Role.READER, by=asta)

    def test_one_whom_a_service_vouches_for_is_given_roles_in_its_organisation_alone(
        self, asta, vasteras, service
    ):
        vera = make_user(password=None)
        SocialAccount.objects.create(user=vera, provider=service.id, uid="vera")

        people.give(vera, vasteras, Role.READER, by=asta)
        with pytest.raises(ValidationError, match="en annan organisations tjänst"):
            people.give(vera, make_organisation(), Role.READER, by=asta)

    def test_one_whose_service_is_retired_is_given_roles_anywhere(self, asta, vasteras, service, settings):
        vera = make_user(password=None)
        SocialAccount.objects.create(user=vera, provider=service.id, uid="vera")
        settings.OIDC_PROVIDERS = ()

        people.give(vera, make_organisation(), Role.READER, by=asta)

        assert vera.memberships.exists()

    def test_one_who_has_a_password_besides_may_be_given_roles_anywhere(self, asta, service):
        vera = make_user()
        SocialAccount.objects.create(user=vera, provider=service.id, uid="vera")

        people.give(vera, make_organisation(), Role.READER, by=asta)

        assert vera.memberships.exists()

    def test_an_ended_role_counts_for_nothing_at_the_next_request_in_every_session(self, asta, vasteras):
        editor = make_user(Role.EDITOR, vasteras)
        at_work, at_home = sign_in(editor), sign_in(editor)
        assert at_work.get(reverse("people")).status_code == 200

        people.end(editor.memberships.get(), by=asta)

        assert at_work.get(reverse("people")).status_code == 403
        assert at_home.get(reverse("people")).status_code == 403
        assert at_home.get(reverse("account")).status_code == 200


class TestClosing:
    @pytest.fixture
    def eva(self, vasteras, service) -> User:
        """Someone with everything that an account can have."""
        eva = make_user(Role.EDITOR, vasteras, name="Eva Ek", email="eva@example.se")
        eva.memberships.create(organisation=make_organisation(), role=Role.READER)
        EmailAddress.objects.create(user=eva, email=eva.email, verified=True, primary=True)
        SocialAccount.objects.create(user=eva, provider=service.id, uid="eva")
        return eva

    def test_it_keeps_its_name_and_what_was_done_and_loses_everything_else(self, asta, eva):
        make_invitation(email=eva.email)
        sign_in(eva)
        for kind in (Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES):
            Authenticator.objects.create(user=eva, type=kind, data={})

        people.close_account(eva, by=asta)

        eva.refresh_from_db()
        assert eva.name == "Eva Ek"
        assert Membership.history.filter(user=eva).exists()
        assert not eva.is_active
        assert eva.email == f"stangt-konto-{eva.pk}@portal.invalid"
        assert not eva.has_usable_password()
        assert eva.last_login is None
        left = [Membership, Authenticator, SocialAccount, EmailAddress, UserSession]
        assert [table.objects.filter(user=eva).count() for table in left] == [0] * len(left)
        assert not Invitation.objects.open().exists()
        assert "eva@example.se" not in str(list(User.objects.values()) + list(Invitation.objects.values()))

    def test_it_is_out_at_the_next_request_in_every_session_and_cannot_come_back(self, asta, eva):
        at_work, at_home = sign_in(eva), sign_in(eva)

        people.close_account(eva, by=asta)

        for client in (at_work, at_home):
            assert client.get(reverse("account")).status_code == 302
        assert not Session.objects.exists()
        assert authenticate(username="eva@example.se", password=PASSWORD) is None

    def test_the_log_says_who_closed_it(self, asta, eva):
        people.close_account(eva, by=asta)

        assert eva.history.first().history_user == asta
        ended = Membership.history.filter(user=eva, history_type="-")
        assert [each.history_user for each in ended] == [asta, asta]

    def test_the_address_may_be_invited_anew_and_gets_a_new_account(self, asta, eva, vasteras):
        people.close_account(eva, by=asta)

        invitation = people.invite("eva@example.se", vasteras, Role.READER, by=asta)
        new = people.accept_with_new_account(invitation, **NEW)

        assert new != eva
        assert new.roles == {(vasteras.pk, Role.READER)}

    def test_it_is_closed_once(self, asta, eva):
        people.close_account(eva, by=asta)

        with pytest.raises(ValidationError, match="Kontot är stängt"):
            people.close_account(eva, by=asta)

    def test_nobody_closes_their_own(self, asta):
        make_administrator()

        with pytest.raises(ValidationError, match="en annan administratör"):
            people.close_account(asta, by=asta)

    def test_an_administrator_whose_account_is_closed_is_not_another_one(self, asta):
        make_administrator(is_active=False)

        with pytest.raises(ValidationError, match="minst en administratör"):
            people.close_account(asta, by=make_user())

    def test_the_last_administrator_is_not_closed(self, asta):
        with pytest.raises(ValidationError, match="minst en administratör"):
            people.close_account(asta, by=make_user())

        asta.refresh_from_db()
        assert asta.administers

    def test_an_administrator_whom_another_one_closes_is_none_any_more(self, asta):
        other = make_administrator()

        people.close_account(other, by=asta)

        other.refresh_from_db()
        assert not other.is_administrator


class TestSecondStep:
    def test_it_is_taken_away_and_the_person_is_told(self, asta, django_capture_on_commit_callbacks):
        eva = make_user(name="Eva Ek")
        Authenticator.objects.create(user=eva, type=Authenticator.Type.WEBAUTHN, data={})

        with django_capture_on_commit_callbacks(execute=True):
            people.remove_second_step(eva, by=asta)

        assert not Authenticator.objects.exists()
        [letter] = mail.outbox
        assert letter.to == [eva.email]
        assert "Asta Lönn, som är administratör, har tagit bort ditt andra steg" in letter.body

    def test_what_is_not_there_is_not_taken_away(self, asta):
        with pytest.raises(ValidationError, match="inget andra steg"):
            people.remove_second_step(make_user(), by=asta)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_database")
class TestAtOnce:
    """Many who do the same at the same time: one succeeds, the others get a sentence."""

    def outcomes_of(self, deed) -> list[str]:
        def attempt(number: int) -> str:
            try:
                deed(number)
            except ValidationError as refusal:
                return " ".join(refusal.messages)
            return "done"

        return sorted(at_once(attempt))

    def test_an_invitation_is_accepted_once(self):
        invitation = make_invitation(email="eva@example.se")

        outcomes = self.outcomes_of(lambda number: people.accept_with_new_account(invitation, **NEW))

        assert outcomes == ["Inbjudan är redan antagen."] * (WRITERS - 1) + ["done"]
        assert Membership.objects.count() == User.objects.filter(email="eva@example.se").count() == 1

    def test_two_invitations_to_an_address_make_one_account(self):
        invitations = [make_invitation(email="eva@example.se") for _each in range(WRITERS)]

        outcomes = self.outcomes_of(lambda number: people.accept_with_new_account(invitations[number], **NEW))

        taken = "Adressen har redan ett konto. Logga in för att ta emot."
        assert outcomes == [taken] * (WRITERS - 1) + ["done"]

    def test_an_address_is_invited_once(self):
        asta, organisation = make_administrator(), make_organisation()

        outcomes = self.outcomes_of(
            lambda number: people.invite("eva@example.se", organisation, Role.READER, by=asta)
        )

        assert outcomes.count("done") == Invitation.objects.count() == 1

    def test_a_role_is_given_once_and_ended_once(self):
        asta, eva, organisation = make_administrator(), make_user(), make_organisation()

        given = self.outcomes_of(lambda number: people.give(eva, organisation, Role.READER, by=asta))
        membership = Membership.objects.get()
        ended = self.outcomes_of(lambda number: people.end(membership, by=asta))

        assert given == ["Personen har redan den rollen i organisationen."] * (WRITERS - 1) + ["done"]
        assert ended == ["Behörigheten är redan avslutad."] * (WRITERS - 1) + ["done"]

    def test_administrators_who_close_each_other_leave_one(self):
        administrators = [make_administrator() for _each in range(WRITERS)]

        self.outcomes_of(
            lambda number: people.close_account(
                administrators[number], by=administrators[(number + 1) % WRITERS]
            )
        )

        assert User.objects.filter(is_active=True, is_administrator=True).count() == 1
