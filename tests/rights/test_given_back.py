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


def test_text_is_given_back_from_the_forms_of_the_admin_and_nothing_that_it_sends_besides(world):
    sent = {
        "title": "Kommunal service",
        "terms-TOTAL_FORMS": "17",
        "terms-0-explanation": "Den som svarar.",
        "terms-0-id": "4711",
        "state": "draft",
        "_continue": "Spara och fortsätt",
        "csrfmiddlewaretoken": "abcdef",
    }

    page = main_of(world.ask("visitor", "POST", "/admin/actionplan/plan/1/change/", sent)).text

    for each in ("Kommunal service", "Den som svarar."):
        assert each in page
    for each in ("17", "4711", "draft", "fortsätt", "abcdef"):
        assert each not in page


def test_text_is_given_back_though_rows_are_marked_beside_it(world):
    sent = {"_selected_action": "17", "action": "delete_selected", "comment": "Tre möten i maj."}

    page = main_of(world.ask("visitor", "POST", REPORTING, sent)).text

    assert "Tre möten i maj." in page
    assert "delete_selected" not in page


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"comment": "  "},
        {"status": "ongoing", "seen": "0"},
        {"password": "hemligt"},
        {"change": "withdraw"},
        {"role": "coordinator"},
        {"session": "17"},
        {"account": "17", "process": "connect", "next": "/att-gora/"},
        {"action": "delete_selected", "_selected_action": "17", "select_across": "0", "index": "0"},
    ],
)
def test_one_who_typed_nothing_is_led_to_log_in(world, sent):
    answer = world.ask("visitor", "POST", REPORTING, sent)

    assert answer.status_code == 302
    assert answer["Location"] == f"/konto/logga-in/?next={REPORTING}"
