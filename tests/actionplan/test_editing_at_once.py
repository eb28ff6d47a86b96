"""Several who write in the same draft in the same moment: nobody's words are lost, and no row is."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from actionplan import drafting, editing
from actionplan.admin import RowAdmin
from actionplan.drafting import NoLongerDraft
from actionplan.editing import Overtaken, Way
from actionplan.kinds import KINDS
from actionplan.models import Activity, Revision, Term
from actionplan.stands import version_of
from municipalities.models import User
from tests.builders import (
    make_activity,
    make_administrator,
    make_challenge,
    make_draft,
    make_plan,
    make_term,
    make_user,
)
from tests.followup.test_concurrency import WRITERS, at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_database")]


@pytest.fixture
def draft() -> Revision:
    return make_draft(make_plan(), year=2017)


@pytest.fixture
def people() -> list[User]:
    return [make_user() for _each in range(WRITERS)]


def test_of_many_who_saw_the_same_one_saves_and_the_others_are_told(draft, people):
    term = make_term(draft, term="NKI")
    seen = version_of(term)

    def save(number: int) -> str:
        said = {"term": "NKI", "explanation": f"Skrivet av {number}"}
        try:
            return str(editing.change(draft, term, said, seen=seen, by=people[number]).explanation)
        except Overtaken:
            return "told"

    outcomes = at_once(save)

    assert sorted(outcomes)[1:] == ["told"] * (WRITERS - 1)
    assert Term.objects.get().explanation == sorted(outcomes)[0]


def test_those_who_move_and_add_at_once_lose_no_row_and_leave_one_order(draft, people):
    challenge = make_challenge(draft)
    rows = [make_activity(challenge, title=f"{number}", order=number) for number in range(1, WRITERS + 1)]
    new: dict[str, Any] = dict.fromkeys(KINDS["aktiviteter"].fields, "")
    new |= {"title": "Ny", "first_year": None, "last_year": None, "lead": [], "taking_part": []}

    def work(number: int) -> None:
        if number % 2:
            editing.add(draft, KINDS["aktiviteter"], new, above=challenge.key, by=people[number])
        else:
            editing.move(draft, rows[number], Way.DOWN, by=people[number])

    at_once(work)

    orders = list(challenge.activities.values_list("order", flat=True))
    assert orders == list(range(1, WRITERS + WRITERS // 2 + 1))
    assert {row.pk for row in rows} < set(Activity.objects.values_list("pk", flat=True))
    assert len(set(challenge.activities.values_list("key", flat=True))) == len(orders)


def test_whoever_throws_the_draft_away_waits_for_what_an_administrator_writes(draft, people, monkeypatch):
    def throw_away() -> None:
        drafting.discard(draft, by=people[0])
        connection.close()

    meanwhile, save = Thread(target=throw_away), RowAdmin.save_model

    def save_model(*args: Any) -> None:
        meanwhile.start()
        meanwhile.join(0.3)
        save(*args)

    monkeypatch.setattr(RowAdmin, "save_model", save_model)
    client = Client()
    client.force_login(make_administrator())
    said = {"revision": draft.pk, "key": "", "order": 1, "term": "NKI", "explanation": "Nöjd kund."}

    assert client.post("/admin/actionplan/term/add/", said).status_code == 302

    meanwhile.join()
    assert not Term.objects.exists()


def test_what_is_saved_while_the_draft_is_thrown_away_goes_with_it_or_is_refused(draft, people):
    term = make_term(draft)
    seen = version_of(term)

    def work(number: int) -> str:
        try:
            if number:
                said = {"term": "Ord", "explanation": f"Skrivet av {number}"}
                editing.change(draft, term, said, seen=seen, by=people[number])
            else:
                drafting.discard(draft, by=people[0])
        except (NoLongerDraft, Overtaken) as refusal:
            return type(refusal).__name__
        return "done"

    outcomes = at_once(work)

    assert outcomes[0] == "done"
    assert outcomes.count("done") <= 2
    assert not Term.objects.exists()
