"""Organisations, accounts and memberships in the admin site."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import authenticate
from django.core import mail
from django.test import Client
from django.urls import reverse

from municipalities import people
from municipalities.models import Kind, Membership, Organisation, Role, User
from municipalities.signing_in.configuration import Service
from tests.builders import (
    PASSWORD,
    make_administrator,
    make_invitation,
    make_municipality,
    make_organisation,
    make_user,
)
from tests.sent import sent

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "tre glada grisar på cykel"
NO_LINES = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}


@pytest.fixture
def administrator(client):
    administrator = make_administrator(name="Asta Lönn")
    client.force_login(administrator)
    return administrator


@pytest.fixture
def journal(caplog) -> Callable[[], list[str]]:
    """Tells the names of the events that have been noted."""
    caplog.set_level("INFO", logger="journal")
    return lambda: [record.getMessage() for record in caplog.records if record.name == "journal"]


def change(user):
    return reverse("admin:municipalities_user_change", args=[user.pk])


def test_an_organisation_is_added_and_the_log_says_by_whom(client, administrator):
    enkoping = make_municipality("Enköping")
    address = reverse("admin:municipalities_organisation_add")
    said = {"key": "nykraft", "name": "Nykraft AB", "short_name": "Nykraft", "kind": Kind.COMPANY}

    response = client.post(address, said | {"represented_by": [enkoping.pk]})

    assert response.status_code == 302
    organisation = Organisation.objects.get(key="nykraft")
    assert [each.pk for each in organisation.represented_by.all()] == [enkoping.pk]
    assert {each.history_user for each in organisation.history.all()} == {administrator}


def test_a_broken_promise_is_told_beside_what_was_written(client, administrator):
    said = {"key": "ny", "name": "Ny kommun", "short_name": "Ny", "kind": Kind.MUNICIPALITY}

    page = client.post(reverse("admin:municipalities_organisation_add"), said)

    assert "En kommun har en kommunkod, och ingen annan har det." in page.content.decode()
    assert "Ny kommun" in page.content.decode()


def test_a_key_stays_when_the_name_changes(client, administrator):
    organisation = make_organisation("Gammalt namn", key="nyckeln")
    address = reverse("admin:municipalities_organisation_change", args=[organisation.pk])

    client.post(address, sent(client.get(address), name="Nytt namn", key="annan"))

    organisation.refresh_from_db()
    assert (organisation.name, organisation.key) == ("Nytt namn", "nyckeln")


def test_a_person_is_added_with_a_role_and_chooses_a_password_by_mail(
    client, administrator, django_capture_on_commit_callbacks
):
    enkoping = make_municipality("Enköping")
    address = reverse("admin:municipalities_user_add")
    line = {"memberships-0-organisation": enkoping.pk, "memberships-0-role": Role.COORDINATOR}

    said = {"email": "Eva.Ek@Enkoping.example", "name": "Eva Ek"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, sent(client.get(address), **said, **line) | {"memberships-TOTAL_FORMS": 1})

    eva = User.objects.get(email="eva.ek@enkoping.example")
    assert not eva.has_usable_password()
    assert eva.roles == {(enkoping.pk, Role.COORDINATOR)}
    assert [each.history_user for each in eva.history.all()] == [administrator]
    assert [each.history_user for each in Membership.history.all()] == [administrator]
    [welcome] = mail.outbox
    assert welcome.to == ["eva.ek@enkoping.example"]
    assert "http://testserver/konto/glomt-losenord/" in welcome.body


def test_the_password_that_a_new_person_chooses_lets_them_in(
    client, administrator, django_capture_on_commit_callbacks
):
    said = {"email": "eva@enkoping.example", "name": "Eva", **NO_LINES}
    client.post(reverse("admin:municipalities_user_add"), said)
    visitor = Client()

    with django_capture_on_commit_callbacks(execute=True):
        visitor.post(reverse("account_reset_password"), {"email": "eva@enkoping.example"})
    [link] = re.findall(r"http://\S+/glomt-losenord/\S+", str(mail.outbox[-1].body))
    form = visitor.get(link, follow=True)
    visitor.post(form.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    assert User.objects.get(name="Eva").check_password(NEW_PASSWORD)


@pytest.mark.parametrize(
    ("old", "subject"),
    [(PASSWORD, "Ditt lösenord är bytt"), (None, "Ditt konto har fått ett lösenord")],
)
def test_a_new_password_is_set_for_someone_who_forgot_and_they_are_told(
    client, administrator, old, subject, django_capture_on_commit_callbacks
):
    eva = make_user(password=old)
    address = reverse("admin:auth_user_password_change", args=[eva.pk])

    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"password1": NEW_PASSWORD, "password2": "ett annat"})
        client.post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    eva.refresh_from_db()
    assert eva.check_password(NEW_PASSWORD)
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [([eva.email], subject)]


def test_a_password_is_taken_away_and_its_owner_is_told(
    client, administrator, journal, django_capture_on_commit_callbacks
):
    eva = make_user()
    address = reverse("admin:auth_user_password_change", args=[eva.pk])

    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"usable_password": "false", "unset-password": "1"})

    eva.refresh_from_db()
    assert not eva.has_usable_password()
    assert [letter.subject for letter in mail.outbox] == ["Ditt lösenord är borttaget"]
    assert journal()[-1] == "password.removed"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({"is_active": False}, "Kontot är stängt."), ({"password": None}, "inloggningstjänst")],
)
def test_no_password_is_set_for_one_whose_account_is_closed_or_whom_a_service_vouches_for(
    client, administrator, fields, sentence, settings
):
    service = Service("adfs", "Västerås stad", "vasteras", "https://adfs.example", "id", "secret")
    settings.OIDC_PROVIDERS = (service,)
    eva = make_user(**fields)
    SocialAccount.objects.create(user=eva, provider="adfs", uid="eva")
    address = reverse("admin:auth_user_password_change", args=[eva.pk])

    answer = client.post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    eva.refresh_from_db()
    assert answer.status_code == 403
    assert sentence in answer.content.decode()
    assert not eva.check_password(NEW_PASSWORD)


@pytest.mark.parametrize("ask", [Client.get, Client.post])
def test_nobody_has_no_password_to_set(client, administrator, ask):
    answer = ask(client, reverse("admin:auth_user_password_change", args=[0]))

    assert answer.status_code == 404


def test_a_password_is_set_for_one_whose_log_in_service_is_retired(client, administrator):
    eva = make_user(password=None)
    SocialAccount.objects.create(user=eva, provider="adfs", uid="eva")
    address = reverse("admin:auth_user_password_change", args=[eva.pk])

    client.post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    assert authenticate(username=eva.email, password=NEW_PASSWORD) == eva


def test_a_new_address_is_the_only_one_that_lets_in_and_the_old_one_is_told(
    client, administrator, django_capture_on_commit_callbacks
):
    eva = make_user(email="eva@gamla.example")
    EmailAddress.objects.create(user=eva, email=eva.email, verified=True, primary=True)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(change(eva), sent(client.get(change(eva)), email="eva@nya.example"))

    assert authenticate(username="eva@nya.example", password=PASSWORD) == eva
    assert authenticate(username="eva@gamla.example", password=PASSWORD) is None
    assert [letter.to for letter in mail.outbox] == [["eva@gamla.example"]]


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_administrator_changes_her_own_password_where_everyone_does(client, administrator, method):
    passwords = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}

    answer = getattr(client, method)(reverse("admin:password_change"), passwords)

    administrator.refresh_from_db()
    assert administrator.check_password(PASSWORD)
    assert answer["Location"] == reverse("account_change_password")


def test_the_log_and_the_pages_never_show_a_password(client, administrator):
    eva = make_user()

    for address in (change(eva), reverse("admin:municipalities_user_history", args=[eva.pk])):
        assert eva.password not in client.get(address).content.decode()
    assert not hasattr(eva.history.first(), "password")


def test_an_account_is_neither_removed_nor_closed_here(client, administrator):
    eva = make_user(Role.READER)
    delete = reverse("admin:municipalities_user_delete", args=[eva.pk])

    refused = client.post(delete, {"post": "yes"})
    client.post(change(eva), sent(client.get(change(eva)), is_active=None))

    eva.refresh_from_db()
    assert refused.status_code == 403
    assert "Stäng kontot i stället." in refused.content.decode()
    assert eva.is_active
    assert "Konton stängs under Personer i portalen" in client.get(change(eva)).content.decode()


def test_a_closed_account_is_not_changed(client, administrator):
    eva = make_user()
    people.close_account(eva, by=administrator)

    answer = client.post(change(eva), {"email": "eva@example.se", "name": "Eva", "is_administrator": "on"})

    eva.refresh_from_db()
    assert answer.status_code == 403
    assert not eva.is_administrator
    assert "portal.invalid" in eva.email


def test_the_portal_keeps_an_administrator(client, administrator):
    page = client.post(change(administrator), sent(client.get(change(administrator)), is_administrator=None))

    assert "Portalen behöver minst en administratör med aktivt konto." in page.content.decode()
    administrator.refresh_from_db()
    assert administrator.is_administrator


def test_an_administrator_who_is_one_no_longer_takes_their_offers_along(client, administrator):
    other = make_administrator()
    invitation = make_invitation(invited_by=other)

    client.post(change(other), sent(client.get(change(other)), is_administrator=None))

    invitation.refresh_from_db()
    assert invitation.withdrawn


def test_roles_are_given_and_ended_but_not_turned_into_others(client, administrator, journal):
    eva = make_user(Role.READER)
    membership = eva.memberships.get()
    other = make_organisation()

    client.post(change(eva), sent(client.get(change(eva)), **{"memberships-0-role": Role.EDITOR}))
    assert eva.memberships.get().role == Role.READER
    given = {"memberships-1-organisation": other.pk, "memberships-1-role": Role.COORDINATOR}
    page = sent(client.get(change(eva)), **given, **{"memberships-0-DELETE": "on"})
    client.post(change(eva), page | {"memberships-TOTAL_FORMS": 2})

    assert eva.memberships.get().organisation == other
    assert [each.history_user for each in Membership.history.all()[:2]] == [administrator] * 2
    assert sorted(journal()) == ["membership.ended", "membership.given"]
    assert Membership.history.filter(id=membership.pk, history_type="-").exists()


def test_memberships_have_pages_of_their_own_that_are_in_the_journal_too(client, administrator, journal):
    eva, enkoping = make_user(), make_municipality()
    add = reverse("admin:municipalities_membership_add")

    client.post(add, {"user": eva.pk, "organisation": enkoping.pk, "role": Role.READER})
    membership = eva.memberships.get()
    client.post(reverse("admin:municipalities_membership_delete", args=[membership.pk]), {"post": "yes"})

    assert journal() == ["membership.given", "membership.ended"]
    assert [each.history_user for each in Membership.history.all()] == [administrator] * 2


def test_who_becomes_administrator_is_in_the_journal(client, administrator, journal):
    eva = make_user()

    for value in ("on", None):
        client.post(change(eva), sent(client.get(change(eva)), is_administrator=value))

    assert journal() == ["administrator.given", "administrator.ended"]


def test_invitations_are_read_here_and_nothing_else(client, administrator):
    invitation = make_invitation(make_municipality("Enköping"), email="eva@example.se")
    pages = {
        name: reverse(f"admin:municipalities_invitation_{name}", args=args)
        for name, args in [("changelist", []), ("change", [invitation.pk]), ("delete", [invitation.pk])]
    }

    assert "eva@example.se" in client.get(pages["changelist"]).content.decode()
    assert client.get(pages["change"]).status_code == 200
    assert client.post(pages["change"], {"email": "annan@example.se"}).status_code == 403
    assert client.post(pages["delete"], {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:municipalities_invitation_add")).status_code == 403
    invitation.refresh_from_db()
    assert invitation.email == "eva@example.se"


def test_with_two_administrators_one_may_go(client, administrator):
    other = make_administrator()

    client.post(change(other), sent(client.get(change(other)), is_administrator=None))

    other.refresh_from_db()
    assert not other.is_administrator


def test_the_log_shows_an_earlier_version_and_writes_nothing_back(client, administrator):
    organisation = make_organisation("Då")
    organisation.name = "Nu"
    organisation.save()
    first = organisation.history.earliest()
    address = reverse("admin:municipalities_organisation_simple_history", args=[organisation.pk, first.pk])

    page = client.get(address).content.decode()
    client.post(address, {"name": "Då", "short_name": "Då", "kind": Kind.NETWORK, "_save": "Spara"})

    organisation.refresh_from_db()
    assert "<td>Då</td>" in page
    assert organisation.name == "Nu"


def test_the_version_of_another_object_is_not_found(client, administrator):
    one, other = make_organisation(), make_organisation()
    address = reverse(
        "admin:municipalities_organisation_simple_history", args=[one.pk, other.history.first().pk]
    )

    assert client.get(address).status_code == 404
