"""Two processes that are asked the same thing at once: what works once works in one of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache

from municipalities.models import User
from tests.builders import PASSWORD, make_coordinator
from tests.municipalities.test_second_step import code_of, give_step, make_person_with_app
from tests.servers import Browser, running

pytestmark = pytest.mark.django_db(transaction=True)

SECOND_STEP = "/konto/logga-in/steg-tva/"
BROWSERS = 4


@pytest.fixture
def person_secret_and_codes(transactional_db, settings) -> tuple[User, str, list[str]]:
    made = make_person_with_app(make_coordinator())
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]  # the servers' own
    User.objects.update(password=make_password(PASSWORD))
    cache.clear()
    return made


def at_the_second_step(ports: list[int], person: User) -> list[Browser]:
    """Browsers of two processes, in which the person has given their password."""
    browsers = [Browser(ports[number % len(ports)]) for number in range(BROWSERS)]
    for browser in browsers:
        assert browser.log_in(person.email, PASSWORD)[0] == 302
        browser.ask("GET", SECOND_STEP)
    return browsers


def all_at_once(deed: Callable[[Browser], int], browsers: list[Browser]) -> list[int]:
    with ThreadPoolExecutor(len(browsers)) as threads:
        return sorted(threads.map(deed, browsers))


def test_a_code_lets_one_in(person_secret_and_codes, tmp_path: Path):
    person, secret, _codes = person_secret_and_codes

    with running(tmp_path, processes=2) as ports:
        browsers = at_the_second_step(ports, person)
        code = code_of(secret)
        answers = all_at_once(lambda browser: browser.ask("POST", SECOND_STEP, {"code": code})[0], browsers)

    assert answers == [200] * (BROWSERS - 1) + [302]


def test_a_recovery_code_lets_one_in(person_secret_and_codes, tmp_path: Path):
    person, _secret, [code, *_codes] = person_secret_and_codes

    with running(tmp_path, processes=2) as ports:
        browsers = at_the_second_step(ports, person)
        answers = all_at_once(lambda browser: browser.ask("POST", SECOND_STEP, {"code": code})[0], browsers)

    assert answers == [200] * (BROWSERS - 1) + [302]


def test_of_two_last_steps_that_are_removed_at_once_one_stays(person_secret_and_codes, tmp_path: Path):
    person, _secret, codes = person_secret_and_codes
    passkey = give_step(person)
    pages = ["/konto/tva-steg/app/ta-bort/", f"/konto/tva-steg/passnycklar/{passkey.pk}/ta-bort/"]

    with running(tmp_path, processes=2, REQUIRE_MFA="1") as ports:
        browsers = [Browser(port) for port in ports]
        for browser, code, page in zip(browsers, codes, pages, strict=False):
            browser.log_in(person.email, PASSWORD)
            browser.ask("GET", SECOND_STEP)
            browser.ask("POST", SECOND_STEP, {"code": code})
            browser.ask("GET", "/konto/bekrafta/")
            browser.ask("POST", "/konto/bekrafta/", {"password": PASSWORD})
            assert "Ta bort" in browser.ask("GET", page)[1]

        with ThreadPoolExecutor(2) as threads:
            answers = threads.map(lambda browser, page: browser.ask("POST", page, {})[0], browsers, pages)

        assert sorted(answers) == [200, 302]
