"""Two plans with something in every dataset."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.utils import timezone

from actionplan.models import Activity, Challenge, Goal, Indicator, Plan, Revision
from followup.models import FollowUp, Stage, Status
from municipalities.models import Municipality, User
from tests.builders import (
    make_activity,
    make_area,
    make_challenge,
    make_edition,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_outcome,
    make_plan,
    make_report,
    make_revision,
    make_series_break,
    make_target,
    make_user,
)


@dataclass
class Published:
    """A plan with a decided revision, a published year and outcomes of all sorts; `other` is another's."""

    plan: Plan
    revision: Revision
    challenge: Challenge
    goal: Goal
    indicator: Indicator
    activity: Activity
    unreported: Activity
    followup: FollowUp
    enkoping: Municipality
    vasteras: Municipality
    reporter: User
    other: Plan


@pytest.fixture
def published(db: None) -> Published:
    enkoping = make_municipality("Enköping", key="enkoping", municipal_code="0381")
    vasteras = make_municipality("Västerås", key="vasteras", municipal_code="1980")
    plan = make_plan(slug="gemensam", title="Gemensam plan", partners=[enkoping, vasteras])
    revision = make_revision(plan, year=2016)
    challenge = make_challenge(revision, key="service", title="Service", area=make_area(revision))
    goal = make_goal(challenge, key="nojda", text="Nöjda företag")
    indicator = make_indicator(slug="nki", name="NKI", unit="index 0–100")
    make_target(goal, indicator=indicator, key="nki-2016", value="75.50", nearly=70)
    named = {"title": "Möte, med ”fika”\noch mer", "first_year": 2016, "last_year": 2017}
    activity = make_activity(challenge, key="mote", responsible=[enkoping, vasteras], **named)
    unreported = make_activity(challenge, key="tyst", title="Ingen har rapporterat")
    followup = make_followup(revision)
    reporter = make_user(name="Rut Rapportör")
    said = {"status": Status.DELAYED, "reason": "Det blev valår.", "comment": "=SUMMA(A1)"}
    make_report(followup, activity, organisation=vasteras, author=reporter, **said)
    make_edition(followup)
    make_outcome(indicator, enkoping, value="57.89505229", author=reporter, source="Egen mätning")
    make_outcome(indicator, vasteras, missing_reason="not_measured", author=reporter)
    fetched = {"kolada_id": "U07451", "kolada_title": "NKI totalt", "source": "Kolada", "year": 2015}
    make_outcome(indicator, enkoping, value=70, source_url="https://api.kolada.se/v3/data/", **fetched)
    make_series_break(indicator, year=2016)
    other = make_plan(slug="annan", title="En annan plan", partners=[make_municipality()])
    alone = make_challenge(make_revision(other, year=2011))
    make_activity(alone, key="ensam")
    make_target(make_goal(alone), indicator=make_indicator(source="Kolada"), year=2012)
    make_followup(alone.revision, stage=Stage.PUBLISHED, published_at=timezone.now(), is_example=True)
    return Published(
        plan, revision, challenge, goal, indicator, activity, unreported, followup, enkoping, vasteras,
        reporter, other,
    )  # fmt: skip
