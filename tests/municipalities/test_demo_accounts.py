"""The accounts that a newcomer tries the portal with."""

import io
import re

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from municipalities.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def organisations() -> None:
    call_command("loaddata", "organisations", verbosity=0)


def make_accounts() -> str:
    """What the command prints."""
    out = io.StringIO()
    call_command("demo_accounts", stdout=out)
    return out.getvalue()


def test_the_first_start_prints_every_account_and_a_password_that_lets_each_in():
    printed = make_accounts()

    [password] = re.findall(r"Lösenord för alla: (\S+)", printed)
    addresses = re.findall(r"\S+\.example", printed)
    assert addresses == [
        "samordnare@enkoping.example",
        "samordnare@eskilstuna.example",
        "samordnare@strangnas.example",
        "samordnare@vasteras.example",
        "redaktor@4m.example",
        "lasare@4m.example",
        "admin@4m.example",
    ]
    assert all(authenticate(username=address, password=password) for address in addresses)
    assert [user.email for user in User.objects.filter(is_administrator=True)] == ["admin@4m.example"]


def test_the_next_start_keeps_accounts_and_passwords_and_prints_no_secret():
    [password] = re.findall(r"Lösenord för alla: (\S+)", make_accounts())

    printed = make_accounts()

    assert password not in printed
    assert "Lösenordet skrevs ut vid första starten." in printed
    assert authenticate(username="admin@4m.example", password=password)
    assert User.objects.count() == 7


def test_a_password_from_the_environment_replaces_the_one_before(settings):
    make_accounts()
    settings.DEMO_PASSWORD = "vi provar portalen"

    printed = make_accounts()

    assert "Lösenord för alla: vi provar portalen" in printed
    assert authenticate(username="lasare@4m.example", password="vi provar portalen")


def test_production_gets_no_demo_accounts(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="I drift görs inga demokonton"):
        make_accounts()
    assert not User.objects.exists()
