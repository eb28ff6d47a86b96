"""Failed log-ins are limited: exactly for accounts, generously for network addresses of whole town halls."""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, PBKDF2PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings

from municipalities.models import User
from municipalities.signing_in.limits import network_address
from tests.builders import PASSWORD, make_user
from tests.servers import Browser, running

LOG_IN = "/konto/logga-in/"
WRONG = "E-postadressen eller lösenordet stämmer inte."
TOO_MANY = "Det har varit för många försök."
NEVER_RIGHT = "fel fel fel fel fel"


@pytest.fixture(autouse=True)
def _counters(db):
    cache.clear()


def log_in(email: str, password: str = NEVER_RIGHT, *, address: str = "192.0.2.1", **headers: str) -> Any:
    """A try by someone without cookies."""
    return Client(REMOTE_ADDR=address).post(LOG_IN, {"login": email, "password": password}, headers=headers)


def said(answer: HttpResponse) -> str:
    page = answer.content.decode()
    return (
        "in"
        if answer.status_code == 302
        else "wrong"
        if WRONG in page
        else "many"
        if TOO_MANY in page
        else page
    )


def test_after_five_failures_an_account_waits_also_with_the_right_password_and_from_elsewhere():
    person, other = make_user(), make_user()

    assert [said(log_in(person.email)) for _each in range(6)] == ["wrong"] * 5 + ["many"]
    assert said(log_in(person.email, PASSWORD, address="198.51.100.7")) == "many"
    assert said(log_in(other.email, PASSWORD)) == "in"


def test_an_address_that_nobody_has_is_limited_alike():
    assert [said(log_in("ingen@example.se")) for _each in range(6)] == ["wrong"] * 5 + ["many"]


def test_letters_spaces_and_the_portals_other_names_make_no_new_account_to_guess_at():
    person = make_user(email="eva@example.se")
    spellings = ["eva@example.se", "EVA@example.se", " eva@Example.se ", "Eva@example.SE", "eva@example.se"]

    for spelling in spellings:
        assert said(log_in(spelling)) == "wrong"

    assert said(log_in(person.email, PASSWORD)) == "many"
    assert said(log_in(person.email, PASSWORD, Host="127.0.0.1")) == "many"


def test_succeeding_doesnt_count_and_doesnt_wipe_what_failed():
    person = make_user()

    for _each in range(4):
        assert said(log_in(person.email)) == "wrong"
    for _each in range(7):
        assert said(log_in(person.email, PASSWORD)) == "in"

    assert [said(log_in(person.email)) for _each in range(2)] == ["wrong", "many"]


def test_a_guess_that_is_refused_for_its_network_address_isnt_held_against_the_account():
    person = make_user()
    for number in range(100):
        log_in(f"ingen-{number}@example.se", address="203.0.113.9")

    assert [said(log_in(person.email, address="203.0.113.9")) for _each in range(9)] == ["many"] * 9
    assert said(log_in(person.email, PASSWORD)) == "in"


def test_two_hundred_in_one_town_hall_get_in_though_one_in_five_mistypes():
    people = [make_user() for _each in range(200)]

    for number, person in enumerate(people):
        if number % 5 == 0:
            assert said(log_in(person.email)) == "wrong"
        assert said(log_in(person.email, PASSWORD)) == "in"


def test_a_network_address_of_the_sixth_version_counts_as_the_network_that_its_owner_has():
    for number in range(100):
        log_in(f"ingen-{number}@example.se", address=f"2001:db8:1:2::{number:x}")

    assert said(log_in("ingen@example.se", address="2001:db8:1:2:ffff::1")) == "many"
    assert said(log_in("ingen@example.se", address="2001:db8:1:3::1")) == "wrong"


def test_a_full_cache_doesnt_forget_failures():
    """Django's own limit is 300 keys, which anyone could fill with made-up addresses."""
    for _each in range(5):
        log_in("eva@example.se")

    for number in range(400):
        cache.set(f"made-up-{number}", 1)

    assert said(log_in("eva@example.se")) == "many"


# Whose network address it is


def request_from(address: str, forwarded: str | None = None):
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)


@pytest.mark.parametrize(
    ("trusted", "forwarded", "expected"),
    [
        (0, None, "192.0.2.1"),
        (0, "203.0.113.9", "192.0.2.1"),  # said by the visitor
        (1, None, "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1, 203.0.113.9", "203.0.113.9"),  # what stands before is the visitor's word
        (2, "10.0.0.1, 203.0.113.9, 198.51.100.2", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),  # passed too few proxies
        (1, "rubbish", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, ",", "192.0.2.1"),
        (1, "203.0.113.9:4711", "203.0.113.9"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_only_what_trusted_proxies_wrote_is_believed(settings, trusted, forwarded, expected):
    settings.TRUSTED_PROXIES = trusted

    assert network_address(request_from("192.0.2.1", forwarded)) == expected


def test_a_request_without_a_network_address_has_one_all_the_same():
    assert network_address(request_from("")) == "0.0.0.0"


@override_settings(TRUSTED_PROXIES=1)
def test_making_up_what_proxies_write_gives_no_new_guesses():
    for number in range(100):
        forged = {"X-Forwarded-For": f"10.0.0.{number}, 203.0.113.9"}
        log_in(f"ingen-{number}@example.se", **forged)

    assert said(log_in("ingen@example.se", **{"X-Forwarded-For": "10.9.9.9, 203.0.113.9"})) == "many"
    assert said(log_in("ingen@example.se", **{"X-Forwarded-For": "203.0.113.9, 203.0.113.10"})) == "wrong"


# Known and unknown alike


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password is made into a hash, which is what takes time."""

    algorithm = "counting"
    done = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).done += 1
        return super().encode(password, salt)


def unmarked(answer: HttpResponse, email: str) -> tuple[int, str, dict[str, str]]:
    """All of an answer but what differs each time: its token and time, and the address that was typed."""
    page = re.sub(r'(name="csrfmiddlewaretoken" value=")\w+', r"\1", answer.content.decode())
    differing = {"Content-Length", "Expires"}
    headers = {name: value for name, value in answer.headers.items() if name not in differing}
    return answer.status_code, page.replace(email, "…"), headers


def with_service() -> User:
    person = make_user()
    person.set_unusable_password()
    person.save()
    return person


@pytest.fixture
def accounts(settings) -> dict[str, tuple[str, str]]:
    """Addresses and passwords that don't open the portal, by why they don't."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    return {
        "unknown": ("ingen@example.se", PASSWORD),
        "wrong password": (make_user().email, NEVER_RIGHT),
        "closed": (make_user(is_active=False).email, NEVER_RIGHT),
        "closed, right password": (make_user(is_active=False).email, PASSWORD),
        "without password": (with_service().email, PASSWORD),
    }


def test_all_who_dont_get_in_get_the_same_answer_at_the_same_cost(accounts):
    answers, costs = {}, {}
    for why, (email, password) in accounts.items():
        CountingHasher.done = 0
        answers[why] = unmarked(log_in(email, password), email)
        costs[why] = CountingHasher.done

    assert set(costs.values()) == {1}, costs
    for why, answer in answers.items():
        assert answer == answers["unknown"], why


def test_all_who_have_failed_too_often_get_the_same_answer_and_no_password_is_checked(accounts):
    answers = {}
    for why, (email, password) in accounts.items():
        for _each in range(5):
            log_in(email, password)
        CountingHasher.done = 0
        answers[why] = unmarked(log_in(email, password), email)
        assert CountingHasher.done == 0

    for why, answer in answers.items():
        assert answer == answers["unknown"], why
        assert TOO_MANY in answer[1]


# Several processes


@pytest.mark.django_db(transaction=True)
def test_forty_guesses_at_once_in_two_processes_get_five_answers(tmp_path: Path):
    person = make_user()
    User.objects.update(password=PBKDF2PasswordHasher().encode(PASSWORD, "salt" * 6))
    with running(tmp_path, processes=2) as ports:
        browsers = [Browser(ports[number % 2]) for number in range(40)]
        for browser in browsers:
            browser.ask("GET", LOG_IN)

        with ThreadPoolExecutor(40) as at_once:
            answers = at_once.map(lambda browser: browser.log_in(person.email, NEVER_RIGHT)[1], browsers)
            outcomes = Counter(
                "wrong" if WRONG in page else "many" if TOO_MANY in page else page for page in answers
            )

        assert outcomes == {"wrong": 5, "many": 35}


@pytest.mark.django_db(transaction=True)
def test_many_in_one_town_hall_log_in_at_once(tmp_path: Path):
    """Twenty, or six where there is only SQLite, which lets in one after another while the others wait."""
    many = 20 if connection.vendor == "postgresql" else 6
    people = [make_user() for _each in range(many)]
    User.objects.update(password=PBKDF2PasswordHasher().encode(PASSWORD, "salt" * 6))
    with running(tmp_path, processes=2) as ports:
        browsers = [Browser(ports[number % 2]) for number in range(many)]

        with ThreadPoolExecutor(many) as at_once:
            answers = at_once.map(
                lambda browser, person: browser.log_in(person.email, PASSWORD)[0], browsers, people
            )

        assert list(answers) == [302] * many
