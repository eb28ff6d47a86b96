"""Revisions as plain values, for tests that need no database; what a test doesn't care about is supplied."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from actionplan.facts import PlanFacts, TypeOfDocument
from actionplan.reports import (
    ActivityRow,
    AnsweringRow,
    AreaRow,
    ChallengeSection,
    ChapterSection,
    EndingRow,
    GoalRow,
    RevisionReport,
    TargetRow,
    TermRow,
)

FACTS = PlanFacts(
    slug="4m",
    title="Näringsliv & arbete 4M",
    kind="Handlingsplan",
    document_type="plan",
    document_types=(TypeOfDocument("Plan", is_own=True), TypeOfDocument("Policy", is_own=False)),
    first_year=2015,
    last_year=2018,
    period="2015–2018",
    owner="4 Mälarstäder",
    partners=("Enköping", "Västerås"),
    partner_names="Enköping och Västerås",
    valid_until=None,
    applies_to="",
    replaces=(),
    related_documents=(),
    document_owner="",
    revised_by="",
    followed_up_by="",
    challenge_word="utmaning",
    challenge_word_plural="utmaningar",
    activity_word="aktivitet",
    activity_word_plural="aktiviteter",
)


def a_report(*challenges: ChallengeSection, year: int = 2016, **fields: Any) -> RevisionReport:
    """A plan adopted for the year; fields of the plan itself begin with `plan_`."""
    about = {name.removeprefix("plan_"): fields.pop(name) for name in [*fields] if name.startswith("plan_")}
    values: dict[str, Any] = {
        "state": "adopted",
        "state_label": "Fastställd",
        "decided_by": "",
        "decided_on": None,
        "registry_number": "",
        "note": "",
        "chapters": (),
        "area_rows": (),
        "terms": (),
    } | fields
    return RevisionReport(plan=replace(FACTS, **about), year=year, challenges=challenges, **values)


def a_draft(*challenges: ChallengeSection, **fields: Any) -> RevisionReport:
    return a_report(*challenges, year=2017, state="draft", state_label="Arbetsmaterial", **fields)


def an_area(key: str, title: str = "") -> AreaRow:
    return AreaRow(key, title or key)


def a_chapter(key: str, **fields: Any) -> ChapterSection:
    values: dict[str, Any] = {"area": None, "title": key, "text": "", "placement": "before"} | fields
    return ChapterSection(key=key, **values)


def a_challenge(key: str, *rows: GoalRow | ActivityRow, **fields: Any) -> ChallengeSection:
    values: dict[str, Any] = {
        "area": None,
        "title": key,
        "purpose": "",
        "strategy": "",
        "text": "",
        "followup_owner": None,
    } | fields
    return ChallengeSection(
        key=key,
        goals=tuple(row for row in rows if isinstance(row, GoalRow)),
        activities=tuple(row for row in rows if isinstance(row, ActivityRow)),
        **values,
    )


def a_goal(key: str, *targets: TargetRow, text: str = "") -> GoalRow:
    return GoalRow(key, text or key, targets)


def a_target(key: str, value: str = "75", **fields: Any) -> TargetRow:
    values: dict[str, Any] = {
        "indicator": "nki",
        "indicator_name": "NKI",
        "unit": "index 0–100",
        "year": 2018,
        "over": "mean",
        "over_label": "Medeltal för kommunerna",
        "operator": ">=",
        "operator_label": "minst",
        "nearly": None,
        "decimals": 1,
        "direction": "higher",
        "series_began": None,
    } | fields
    return TargetRow(key=key, value=Decimal(value), **values)


def an_activity(key: str, **fields: Any) -> ActivityRow:
    values: dict[str, Any] = {
        "title": key,
        "heading": "",
        "description": "",
        "expected_result": "",
        "first_year": None,
        "last_year": None,
        "period": "",
        "responsible": (),
        "responsible_names": "",
        "responsible_text": "",
        "is_this_year": False,
    } | fields
    return ActivityRow(key=key, **values)


def answered_by(*organisations: str, taking_part: str = "") -> dict[str, Any]:
    """What an activity tells of those who answer for it; their keys are their names in lower case."""
    rows = [AnsweringRow(name.lower(), name, "lead") for name in organisations]
    if taking_part:
        rows.append(AnsweringRow(taking_part.lower(), taking_part, "taking_part"))
    return {"responsible": tuple(each.name for each in rows), "answering": tuple(rows)}


def a_term(term: str, explanation: str = "", key: str = "") -> TermRow:
    return TermRow(term, explanation, key)


def an_ending(key: str, how: str = "done", how_label: str = "Genomförd", **fields: Any) -> EndingRow:
    return EndingRow(key=key, how=how, how_label=how_label, **{"title": key, "reason": ""} | fields)
