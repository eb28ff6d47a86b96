"""What always holds of plans, revisions, their rows and indicators."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from actionplan.models import (
    Activity,
    Area,
    Challenge,
    Chapter,
    Decision,
    Ending,
    Goal,
    How,
    KnownTable,
    Plan,
    Responsibility,
    Revision,
    Row,
    SeriesBreak,
    State,
    Term,
    YearlyTarget,
)
from tests.builders import (
    make_activity,
    make_area,
    make_challenge,
    make_chapter,
    make_decision,
    make_draft,
    make_ending,
    make_goal,
    make_indicator,
    make_municipality,
    make_organisation,
    make_plan,
    make_responsibility,
    make_revision,
    make_series_break,
    make_target,
    make_term,
    make_user,
)
from tests.promises import (
    Promise,
    assert_a_form_says_it,
    assert_an_empty_form_names_its_fields,
    assert_the_database_refuses,
    promises_of,
    tables_of,
)

pytestmark = pytest.mark.django_db

MAKE_ROW: dict[type[Row], Callable[[Revision], Row]] = {
    Area: make_area,
    Chapter: make_chapter,
    Challenge: make_challenge,
    Goal: lambda revision: make_goal(make_challenge(revision)),
    YearlyTarget: lambda revision: make_target(make_goal(make_challenge(revision))),
    Activity: lambda revision: make_activity(make_challenge(revision)),
    Responsibility: lambda revision: make_responsibility(make_activity(make_challenge(revision))),
    Term: make_term,
    Decision: make_decision,
    Ending: make_ending,
}


def a_plan(**fields: Any) -> Plan:
    values = {"slug": "ny", "title": "Ny", "document_type": "plan", "first_year": 2016}
    return Plan(owner=make_organisation(), **values | fields)


def a_second_revision_of_the_year() -> Revision:
    first = make_revision(year=2016)
    return Revision(plan=first.plan, year=2016)


def a_second_draft() -> Revision:
    first = make_draft(year=2016)
    return Revision(plan=first.plan, year=2017, state=State.DRAFT)


def a_correction(**fields: Any) -> Revision:
    adopted = make_revision(year=2016)
    values = {"state": State.DRAFT, "corrects": adopted, "correction": "Ett namn."} | fields
    return Revision(plan=adopted.plan, year=2016, **values)


def a_decision_of_the_same_municipality() -> Decision:
    first = make_decision(make_draft())
    return Decision(
        revision=first.revision, municipality=first.municipality, key="en-gang-till", decided_by="KS"
    )


def an_ending_without_a_reason() -> Ending:
    return Ending(revision=make_draft(), key="ny", title="Ny", how=How.ENDED)


def a_table_known_twice() -> KnownTable:
    values = {"plan": make_plan(), "fingerprint": "a", "choices": {"sheet": ""}, "chosen_by": make_user()}
    KnownTable.objects.create(**values)
    return KnownTable(**values)


def a_second_break() -> SeriesBreak:
    first = make_series_break(year=2024)
    return SeriesBreak(indicator=first.indicator, year=2024, note="Ännu en.")


def a_target(**fields: Any) -> YearlyTarget:
    goal = make_goal(make_challenge(make_draft()))
    values = {"key": "ny", "year": 2016, "value": 75}
    return YearlyTarget(revision=goal.revision, goal=goal, indicator=make_indicator(), **values | fields)


def an_activity_that_ends_before_it_starts() -> Activity:
    challenge = make_challenge(make_draft())
    years = {"first_year": 2018, "last_year": 2017}
    return Activity(revision=challenge.revision, challenge=challenge, key="ny", title="Ny", **years)


def someone_responsible_twice() -> Responsibility:
    first = make_responsibility(make_activity(make_challenge(make_draft())))
    copy = {"revision": first.revision, "activity": first.activity, "organisation": first.organisation}
    return Responsibility(key="en-gang-till", **copy)


def a_copy_with_the_same_key(table: type[Row]) -> Row:
    row = MAKE_ROW[table](make_draft())
    row.pk = None
    if isinstance(row, Responsibility):
        row.organisation = make_organisation()
    if isinstance(row, Decision):
        row.municipality = make_municipality()
    return row


def a_row_without_a_key(table: type[Row]) -> Row:
    row = MAKE_ROW[table](make_draft())
    row.pk, row.key = None, ""
    if isinstance(row, Responsibility):
        row.organisation = make_organisation()
    if isinstance(row, Decision):
        row.municipality = make_municipality()
    return row


NEARLY_IS_EASIER = "Gränsen för delvis ska vara lättare att nå än målvärdet."

PROMISES = [
    Promise(
        "plan_ends_after_it_starts",
        "Planen kan inte sluta innan den börjar.",
        lambda: a_plan(first_year=2018, last_year=2015),
    ),
    Promise(
        "a_plan_has_one_revision_a_year",
        "Planen har redan en revidering för det året.",
        a_second_revision_of_the_year,
    ),
    Promise(
        "a_plan_has_at_most_one_draft",
        "Planen har redan ett arbetsmaterial. Fastställ det först.",
        a_second_draft,
    ),
    Promise(
        "a_correction_is_a_draft",
        "En rättelse är arbetsmaterial tills den har förts in.",
        lambda: a_correction(state=State.ADOPTED),
    ),
    Promise(
        "a_correction_says_what_is_corrected", "Skriv vad som rättas.", lambda: a_correction(correction="")
    ),
    Promise(
        "a_correction_says_what_is_corrected", "Skriv vad som rättas.", lambda: a_correction(corrects=None)
    ),
    Promise(
        "a_municipality_decides_once_on_a_revision",
        "Kommunens beslut finns redan.",
        a_decision_of_the_same_municipality,
    ),
    Promise("what_is_ended_has_a_reason", "Skriv varför aktiviteten avslutas.", an_ending_without_a_reason),
    Promise(
        "a_plan_knows_a_table_once",
        "Planen känner redan igen en tabell med de rubrikerna.",
        a_table_known_twice,
    ),
    Promise("a_series_breaks_once_a_year", "Tidsseriebrottet finns redan.", a_second_break),
    Promise("nearly_is_short_of_the_target", NEARLY_IS_EASIER, lambda: a_target(nearly=80)),
    Promise("nearly_is_short_of_the_target", NEARLY_IS_EASIER, lambda: a_target(nearly=75)),
    Promise("nearly_is_short_of_the_target", NEARLY_IS_EASIER, lambda: a_target(operator="<=", nearly=70)),
    Promise(
        "activity_ends_after_it_starts",
        "Aktiviteten kan inte sluta innan den börjar.",
        an_activity_that_ends_before_it_starts,
    ),
    Promise(
        "an_organisation_answers_once_for_an_activity",
        "Organisationen är redan ansvarig för aktiviteten.",
        someone_responsible_twice,
    ),
]
KEYS_ARE_UNIQUE = [
    Promise(
        f"{table._meta.model_name}_key_is_unique_in_its_revision",
        "Nyckeln används redan i revideringen.",
        partial(a_copy_with_the_same_key, table),
    )
    for table in MAKE_ROW
]
ROWS_HAVE_KEYS = [
    Promise(
        f"{table._meta.model_name}_has_a_key",
        "Raden behöver en nyckel.",
        partial(a_row_without_a_key, table),
    )
    for table in MAKE_ROW
]


def test_every_promise_is_tried():
    tried = {promise.name for promise in PROMISES + KEYS_ARE_UNIQUE + ROWS_HAVE_KEYS}

    assert tried == promises_of("actionplan")


@pytest.mark.parametrize("promise", PROMISES + KEYS_ARE_UNIQUE + ROWS_HAVE_KEYS, ids=str)
def test_the_database_refuses_what_breaks_a_promise(promise):
    assert_the_database_refuses(promise)


@pytest.mark.parametrize("promise", PROMISES + KEYS_ARE_UNIQUE, ids=str)
def test_a_form_says_what_is_wrong_in_swedish(promise):
    assert_a_form_says_it(promise)


@pytest.mark.parametrize("promise", ROWS_HAVE_KEYS, ids=str)
def test_a_row_without_a_key_is_told_so_where_none_is_made_for_it(promise):
    with pytest.raises(ValidationError, match=promise.sentence):
        promise.broken().validate_constraints()


@pytest.mark.parametrize("nearly", [None, 70, "74.99999999"])
def test_a_limit_that_is_easier_to_reach_is_kept(nearly):
    a_target(nearly=nearly).full_clean()


def test_a_plan_may_have_adopted_revisions_of_many_years_and_one_draft():
    plan = make_plan()
    for year in (2016, 2017):
        make_revision(plan, year=year)
    make_draft(plan, year=2018)

    assert [each.year for each in plan.revisions.all()] == [2018, 2017, 2016]


def test_the_same_key_stands_in_the_next_revision_too():
    first = make_activity(make_challenge(make_revision(year=2016)), key="uppstartsmote")
    next_year = make_challenge(make_draft(first.revision.plan, year=2017))

    make_activity(next_year, key="uppstartsmote").full_clean()


@pytest.mark.parametrize("table", tables_of("actionplan"), ids=lambda table: table.__name__)
def test_an_empty_form_is_told_what_it_needs(table):
    assert_an_empty_form_names_its_fields(table)
