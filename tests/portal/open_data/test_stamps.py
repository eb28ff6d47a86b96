"""An ETag changes with whatever changes the answer, and with nothing that isn't public."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError, IntegrityError, models, transaction
from django.test import Client
from django.utils import timezone

from actionplan.models import (
    Activity,
    Area,
    Challenge,
    Goal,
    Indicator,
    Plan,
    Responsibility,
    Revision,
    SeriesBreak,
    YearlyTarget,
)
from followup.models import FollowUp, Stage, Status
from municipalities.models import Organisation
from portal.open_data.datasets import DATASETS, JSON
from tests.builders import (
    make_activity,
    make_challenge,
    make_draft,
    make_edition,
    make_followup,
    make_goal,
    make_municipality,
    make_outcome,
    make_plan,
    make_report,
    make_responsibility,
    make_revision,
    make_series_break,
    make_target,
)
from tests.portal.open_data.conftest import Published

PLACES = [dataset.address(JSON, plan) for dataset in DATASETS.values() for plan in ("", "gemensam")]

Answers = dict[str, tuple[str, bytes]]


def answers() -> Answers:
    """What each address answers: its tag and its content."""
    got = {place: Client().get(place) for place in PLACES}
    return {place: (each.get("ETag", ""), each.content) for place, each in got.items()}


def changed(before: Answers) -> set[str]:
    """Where the content is another; wherever it is, the tag has to be, too."""
    now = answers()
    contents = {place for place in PLACES if now[place][1] != before[place][1]}
    kept = {place for place in contents if now[place][0] == before[place][0]}
    assert kept == set(), "changed and has the same tag"
    return contents


def test_the_same_is_tagged_the_same(published):
    assert answers() == answers()


def test_each_address_has_a_tag_of_its_own(published):
    got = answers()

    assert len({tag for tag, _content in got.values()}) == len(PLACES)


PUBLIC: dict[str, Callable[[Published], Any]] = {
    "a report is written anew": lambda it: make_report(
        it.followup, it.activity, status=Status.COMPLETED, result="Klart."
    ),
    "an activity is reported at last": lambda it: make_report(it.followup, it.unreported),
    "an outcome comes": lambda it: make_outcome(it.indicator, it.vasteras, year=2014),
    "an outcome comes from Kolada": lambda it: make_outcome(
        it.indicator, it.vasteras, year=2014, kolada_id="U07451", kolada_title="NKI"
    ),
    "an outcome is corrected": lambda it: make_outcome(it.indicator, it.enkoping, value=1),
    "an outcome is missing at last": lambda it: make_outcome(
        it.indicator, it.enkoping, missing_reason="too_few_answers"
    ),
    "a year is published": lambda it: make_edition(make_followup(it.revision, year=2017)),
    "a year is published again": lambda it: make_edition(it.followup),
    "a plan is decided": lambda it: make_activity(make_challenge(make_revision(make_plan()))),
    "a plan is decided for a later year": lambda it: make_revision(it.plan, year=2018),
    "a draft is adopted": lambda it: Revision.objects.filter(
        pk=make_activity(make_challenge(make_draft(it.plan, year=2019))).revision_id
    ).update(state="adopted"),
    "an activity is brought in": lambda it: make_activity(it.challenge),
    "an activity is taken out": lambda it: models.Model.delete(it.unreported),
    "someone more is responsible": lambda it: make_responsibility(it.activity, it.plan.owner),
    "a target is brought in": lambda it: make_target(it.goal, indicator=it.indicator, year=2017),
    "a series breaks": lambda it: make_series_break(it.indicator, year=2015),
    "a municipality joins": lambda it: join(it),
    "a municipality leaves": lambda it: it.plan.partners.remove(it.enkoping),
}


def join(it: Published) -> None:
    new = make_municipality()
    make_outcome(it.indicator, new)
    it.plan.partners.add(new)


@pytest.mark.parametrize("deed", PUBLIC)
def test_whatever_becomes_public_changes_the_answer_and_its_tag(published, deed):
    before = answers()

    PUBLIC[deed](published)

    assert changed(before)


HIDDEN: dict[str, Callable[[Published], Any]] = {
    "a draft is written": lambda it: make_target(
        make_goal(make_challenge(make_draft(it.plan, year=2019))), indicator=it.indicator
    ),
    "a year is opened and reported": lambda it: make_report(
        make_followup(it.revision, year=2017, stage=Stage.OPEN), it.activity
    ),
    "an outcome is typed for a year to come": lambda it: make_outcome(
        it.indicator, it.enkoping, year=2018, author=it.reporter
    ),
    "a year is opened again and reported anew": lambda it: correct(it),
    "a plan is begun": lambda it: make_activity(make_challenge(make_draft())),
    "a person is renamed": lambda it: rename(it.reporter),
}


def correct(it: Published) -> None:
    it.followup.stage = Stage.OPEN
    it.followup.save()
    later = timezone.now() + timedelta(minutes=1)
    make_report(it.followup, it.activity, status=Status.ONGOING, written_at=later)


def rename(person: Any) -> None:
    person.name = "Någon Annan"
    person.save()


@pytest.mark.parametrize("deed", HIDDEN)
def test_what_is_not_public_leaves_answer_and_tag_as_they_were(published, deed):
    """Else the tag would tell when somebody works on what isn't published."""
    before = answers()

    HIDDEN[deed](published)

    assert answers() == before


READ = (
    Plan, Organisation, Revision, Area, Challenge, Goal, Indicator, SeriesBreak, YearlyTarget, Activity,
    Responsibility, FollowUp,
)  # fmt: skip
"""What rows are made of, apart from what is added and never changed."""


def other_value(field: Any, value: Any) -> Any:
    """A value of the field's that isn't `value`."""
    if isinstance(field, models.BooleanField):
        return not value
    if field.choices:
        return next(code for code, _label in field.choices if code != value)
    if isinstance(field, models.DateTimeField):
        return timezone.now() + timedelta(days=1)
    if isinstance(field, models.DateField):
        return timezone.localdate()
    if isinstance(field, models.IntegerField | models.DecimalField):
        return (value or 1) + 1
    if isinstance(field, models.URLField):
        return "https://example.se/annan"
    return "annan"


def fields_of(model: type[models.Model]) -> list[Any]:
    return [each for each in model._meta.concrete_fields if not (each.primary_key or each.is_relation)]


@pytest.mark.parametrize("model", READ, ids=lambda model: model.__name__)
def test_whatever_changes_in_what_rows_are_made_of_changes_the_tag_where_it_shows(published, model):
    """Each field in turn, saved as the portal saves it; what the database refuses can't be so."""
    before = answers()

    for field in fields_of(model):
        with suppress(IntegrityError, DataError), transaction.atomic():
            row = model._default_manager.order_by("pk").first()
            setattr(row, field.attname, other_value(field, getattr(row, field.attname)))
            row.save()
            changed(before)
            transaction.set_rollback(True)
