"""An indicator's KPI is searched for in Kolada while the indicator is set up, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from actionplan.drafting import discard
from actionplan.models import Indicator
from municipalities.models import Role
from tests.actionplan.test_editing_pages import told, typed_on
from tests.builders import make_draft, make_indicator, make_organisation, make_plan, make_revision, make_user
from tests.pages import main_of

pytestmark = pytest.mark.django_db

NEW = "/planer/p/utkast/lagg-till/indikatorer/"
FIND = "/planer/p/utkast/nyckeltal/"
TYPED = {"name": "", "unit": "Index", "short_name": "NKI", "decimals": "2", "direction": "higher"}
OLD_TITLE = "Företagsklimat Insikt - Totalt, Index, gammal definition (-2024)"
NEW_TITLE = "Företagsklimat Insikt - Totalt, Index, ny definition"


@pytest.fixture
def plan() -> Any:
    plan = make_plan(slug="p", owner=make_organisation(key="natverket"))
    make_draft(plan, year=2017, based_on=make_revision(plan, year=2016))
    return plan


@pytest.fixture
def rut(plan) -> Client:
    client = Client()
    client.force_login(make_user(Role.EDITOR, plan.owner, name="Rut Hägg"))
    return client


def carried_on(page: Any) -> dict[str, str]:
    """What the page of the search sends along, and the words in it."""
    [form] = [each for each in main_of(page).all("form") if each["action"] == FIND]
    inputs = form.all("input")
    return {each["name"]: each["value"] for each in inputs if each["name"] != "csrfmiddlewaretoken"}


def ids_on(page: Any) -> list[str]:
    return [each["value"] for each in main_of(page).all("button") if each["name"] == "chosen"]


def test_the_indicators_form_leads_to_the_search(rut):
    [button] = [each for each in main_of(rut.get(NEW)).all("button") if "Kolada" in each.text]

    assert button["formaction"] == FIND


def test_measures_are_found_and_those_that_end_are_last_and_said_to(rut, kolada):
    answer = rut.post(FIND, TYPED | {"words": "insikt totalt", "search": "1"})

    assert ids_on(answer) == ["U07453", "U07451"]
    assert "Uppdateras inte längre." in told(answer)
    assert "Värdena för 2025 har publiceringsdag 2026-04-24." in told(answer)
    assert "2 nyckeltal" in told(answer)


def test_what_is_chosen_fills_in_what_was_empty_and_leaves_what_was_typed(rut, kolada):
    page = rut.post(FIND, TYPED | {"source": "Egen källa", "words": "insikt totalt", "search": "1"})

    answer = rut.post(FIND, carried_on(page) | {"chosen": "U07453"})

    sent = typed_on(answer)
    assert sent["kolada_id"] == "U07453"
    assert sent["name"] == NEW_TITLE
    assert sent["description"].startswith("Nöjd Kund Index")
    assert (sent["source"], sent["unit"], sent["short_name"], sent["decimals"]) == (
        "Egen källa",
        "Index",
        "NKI",
        "2",
    )
    assert "Läs igenom och spara" in told(answer)
    assert not Indicator.objects.exists()

    rut.post(NEW, sent)
    assert Indicator.objects.get().kolada_id == "U07453"


def test_an_indicator_that_there_is_gets_its_measure_the_same_way(rut, kolada):
    make_indicator(slug="nki", name="Nöjd kund")
    address = reverse("draft-row", args=["p", "indikatorer", "nki"])

    page = rut.post(FIND, typed_on(rut.get(address)) | {"words": "U07451", "search": "1"})
    answer = rut.post(FIND, carried_on(page) | {"chosen": "U07451"})
    rut.post(address, typed_on(answer))

    assert Indicator.objects.get().kolada_id == "U07451"
    assert Indicator.objects.get().name == "Nöjd kund"


def test_who_goes_back_has_what_they_typed(rut, kolada):
    page = rut.post(FIND, TYPED | {"name": "<b>Nöjd</b> kund", "description": "En\r\ntvå"})
    answer = rut.post(FIND, carried_on(page) | {"back": "1"})

    sent = typed_on(answer)
    assert (sent["name"], sent["unit"]) == ("<b>Nöjd</b> kund", "Index")
    assert sent["description"].splitlines() == ["En", "två"]
    assert kolada.asked == []


def test_an_id_that_is_typed_already_is_looked_up(rut, kolada):
    assert ids_on(rut.post(FIND, TYPED | {"kolada_id": "U07451"})) == ["U07451"]
    assert "inget nyckeltal för ”U99999”" in told(rut.post(FIND, TYPED | {"kolada_id": "U99999"}))


def test_kolada_may_be_down_and_nothing_is_lost(rut, kolada):
    kolada.fail("503")

    answer = rut.post(FIND, TYPED | {"words": "insikt", "search": "1"})
    assert "fel hos Kolada (svar 503). Inget har ändrats." in told(answer)
    assert carried_on(answer)["unit"] == "Index"

    answer = rut.post(FIND, TYPED | {"chosen": "U07453"})
    assert "fel hos Kolada" in told(answer)
    assert typed_on(answer)["kolada_id"] == "U07453"
    assert typed_on(answer)["unit"] == "Index"


def test_an_indicator_is_saved_without_asking_kolada(rut, kolada):
    kolada.fail("hang up")

    rut.post(NEW, TYPED | {"name": "Nöjd kund", "kolada_id": "U99999"})

    assert Indicator.objects.get().kolada_id == "U99999"
    assert kolada.asked == []


def test_koladas_words_are_text(rut, kolada):
    kolada.rename("U07453", "<script>alert(1)</script> insikt")

    answer = rut.post(FIND, TYPED | {"words": "script insikt", "search": "1"})

    assert ids_on(answer) == ["U07453"]
    assert b"<script>alert" not in answer.content


@pytest.mark.parametrize("words", ["", "x" * 101])
def test_words_that_cant_be_searched_for_are_told_of(rut, kolada, words):
    answer = rut.post(FIND, TYPED | {"name": "Nöjd", "words": words, "search": "1"})

    assert answer.status_code == 422
    assert carried_on(answer)["name"] == "Nöjd"
    assert kolada.asked == []


def test_what_was_typed_in_an_indicator_that_is_gone_is_shown(rut, kolada, plan):
    answer = rut.post(FIND, TYPED | {"of": "borta", "name": "Nöjd kund", "chosen": "U07453"})

    assert answer.status_code == 409
    assert typed_on(answer)["name"] == "Nöjd kund"


def test_what_was_typed_when_the_draft_is_gone_is_shown(rut, kolada, plan):
    sent = typed_on(rut.get(NEW)) | {"name": "Nöjd kund"}
    [draft] = plan.revisions.filter(state="draft")
    discard(draft, by=make_user(Role.EDITOR, plan.owner))

    answer = rut.post(FIND, sent)

    assert answer.status_code == 409
    assert typed_on(answer)["name"] == "Nöjd kund"
