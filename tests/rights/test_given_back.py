"""Someone whose session ended while they wrote gets back what they typed, and only that."""

from __future__ import annotations

import pytest

from tests.pages import main_of

pytestmark = pytest.mark.django_db

REPORTING = "/planer/gemensam/uppfoljning/2018/rapportera/aktivitet/"


def test_what_was_typed_is_given_back(world):
    sent = {
        "comment": "Tre möten i maj.",
        "result": "Alla kom.",
        "reason": " ",
        "status": "ongoing",
        "seen": "4711",
    }

    page = main_of(world.ask("visitor", "POST", REPORTING, sent)).text

    assert "Tre möten i maj." in page
    assert "Alla kom." in page
    assert "ongoing" not in page
    assert "4711" not in page


@pytest.mark.parametrize("name", ["password", "oldpassword", "password1", "code", "credential"])
def test_a_secret_is_never_shown_again(world, name):
    answer = world.ask("visitor", "POST", "/konto/losenord/", {name: "korrekt häst batteri", "name": "Eva"})

    assert answer.status_code == 403
    assert "Eva" in answer.content.decode()
    assert "korrekt häst batteri" not in answer.content.decode()


@pytest.mark.parametrize(
    "sent", [{}, {"comment": "  "}, {"status": "ongoing", "seen": "0"}, {"password": "hemligt"}]
)
def test_one_who_typed_nothing_is_led_to_log_in(world, sent):
    answer = world.ask("visitor", "POST", REPORTING, sent)

    assert answer.status_code == 302
    assert answer["Location"] == f"/konto/logga-in/?next={REPORTING}"
