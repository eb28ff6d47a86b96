"""Organisations, accounts and memberships in the admin site."""

from __future__ import annotations

import pytest
from django.urls import reverse

from municipalities.models import Kind, Membership, Organisation, Role, User
from tests.builders import PASSWORD, make_administrator, make_municipality, make_organisation, make_user
from tests.sent import sent

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "tre glada grisar på cykel"


@pytest.fixture
def administrator(client):
    administrator = make_administrator(name="Asta Lönn")
    client.force_login(administrator)
    return administrator


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


def test_a_person_is_added_with_a_password_and_a_role(client, administrator):
    enkoping = make_municipality("Enköping")
    address = reverse("admin:municipalities_user_add")
    line = {"memberships-0-organisation": enkoping.pk, "memberships-0-role": Role.COORDINATOR}

    said = {"email": "Eva.Ek@Enkoping.example", "name": "Eva Ek"}
    passwords = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post(
        address, sent(client.get(address), **said, **passwords, **line) | {"memberships-TOTAL_FORMS": 1}
    )

    eva = User.objects.get(email="eva.ek@enkoping.example")
    assert eva.check_password(NEW_PASSWORD)
    assert eva.roles == {(enkoping.pk, Role.COORDINATOR)}
    assert [each.history_user for each in eva.history.all()] == [administrator]
    assert [each.history_user for each in Membership.history.all()] == [administrator]


def test_a_weak_password_is_refused(client, administrator):
    page = client.post(
        reverse("admin:municipalities_user_add"),
        {"email": "eva@enkoping.example", "name": "Eva", "password1": "kort", "password2": "kort"},
    )

    assert "minst 12 tecken" in page.content.decode()
    assert not User.objects.filter(name="Eva").exists()


def test_a_new_password_is_set_for_someone_who_forgot(client, administrator):
    eva = make_user()
    address = reverse("admin:auth_user_password_change", args=[eva.pk])

    client.post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "usable_password": "true"})

    eva.refresh_from_db()
    assert eva.check_password(NEW_PASSWORD)


def test_an_administrator_changes_her_own_password_and_stays_signed_in(client, administrator):
    passwords = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}

    client.post(reverse("admin:password_change"), passwords)

    administrator.refresh_from_db()
    assert administrator.check_password(NEW_PASSWORD)
    assert client.get(reverse("admin:index")).status_code == 200


def test_the_log_and_the_pages_never_show_a_password(client, administrator):
    eva = make_user()

    for address in (change(eva), reverse("admin:municipalities_user_history", args=[eva.pk])):
        assert eva.password not in client.get(address).content.decode()
    assert not hasattr(eva.history.first(), "password")


def test_an_account_is_closed_but_never_removed(client, administrator):
    eva = make_user(Role.READER)
    delete = reverse("admin:municipalities_user_delete", args=[eva.pk])

    refused = client.post(delete, {"post": "yes"})
    client.post(change(eva), sent(client.get(change(eva)), is_active=None))

    eva.refresh_from_db()
    assert refused.status_code == 403
    assert "Stäng kontot i stället." in refused.content.decode()
    assert not eva.is_active


@pytest.mark.parametrize("withdrawn", ["is_active", "is_administrator"])
def test_the_portal_keeps_an_administrator(client, administrator, withdrawn):
    page = client.post(change(administrator), sent(client.get(change(administrator)), **{withdrawn: None}))

    assert "Portalen behöver minst en administratör med aktivt konto." in page.content.decode()
    administrator.refresh_from_db()
    assert administrator.is_active
    assert administrator.is_administrator


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
