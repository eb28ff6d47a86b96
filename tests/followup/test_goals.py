"""Goals held against outcomes: what is compared with what, and what the reader may see of it."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from actionplan.models import Operator, Over
from actionplan.reports import goal_rows
from followup.models import Stage
from followup.queries import latest_outcomes, standpoint
from followup.reports.goals import evidence_for, goal_standing
from followup.reports.indicator import indicator_report
from tests.builders import (
    make_challenge,
    make_coordinator,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_outcome,
    make_plan,
    make_revision,
    make_series_break,
    make_target,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def target():
    """A target over two municipalities, 60 and 70 the year before, 64 and 76 this year."""
    partners = [make_municipality("Enköping"), make_municipality("Västerås")]
    target = make_target(make_goal(make_challenge(make_revision(make_plan(partners=partners)))), year=2016)
    for partner, before, now in zip(partners, (60, 70), (64, 76), strict=True):
        make_outcome(target.indicator, partner, year=2015, value=before)
        make_outcome(target.indicator, partner, year=2016, value=now)
    return target


def standing_of(target):
    """The target as a visitor sees it."""
    standing = standpoint(target.revision.plan, AnonymousUser())
    goals = goal_rows(target.revision)[target.goal.challenge_id]
    return goal_standing(goals[0], 2016, evidence_for(standing, goals, None)).targets[0]


def test_the_change_is_between_two_years_that_everyone_has_measured(target):
    assert standing_of(target).change == 5


def test_a_missing_municipality_makes_no_improvement(target):
    make_outcome(target.indicator, target.revision.plan.partners.first(), year=2016, value=None,
                 missing_reason="not_reported")  # fmt: skip

    standing = standing_of(target)

    assert standing.value == 76
    assert standing.change is None


def test_nothing_is_compared_across_a_series_break(target):
    make_series_break(target.indicator, year=2016)

    standing = standing_of(target)

    assert standing.change is None
    assert [each.change for each in standing.municipalities] == [None, None]


def test_the_joint_figure_of_each_is_the_one_furthest_from_the_target_whichever_way_it_points(target):
    type(target).objects.filter(pk=target.pk).update(over=Over.EACH, operator=Operator.AT_MOST)
    standing = standpoint(target.revision.plan, AnonymousUser())

    report = indicator_report(standing, target.indicator)

    assert [year.aggregate.value for year in report.years] == [70, 76]


def test_a_typed_outcome_becomes_public_with_its_own_plans_year_and_not_with_anothers():
    nki, enkoping, botkyrka = make_indicator(), make_municipality("Enköping"), make_municipality("Botkyrka")
    rounds = {}
    for municipality in (enkoping, botkyrka):
        revision = make_revision(make_plan(partners=[municipality]), year=2019)
        make_target(make_goal(make_challenge(revision)), indicator=nki, year=2019)
        rounds[municipality] = make_followup(revision, stage=Stage.OPEN)
    make_outcome(nki, enkoping, year=2019, value=Decimal("11.11"), author=make_coordinator(enkoping))

    def public() -> list[Decimal | None]:
        found = latest_outcomes([nki.slug], [enkoping], public_only=True)
        return [outcome.value for outcome in found.values()]

    for municipality, shown in ((botkyrka, []), (enkoping, [Decimal("11.11")])):
        rounds[municipality].published_at = timezone.now()
        rounds[municipality].save()
        assert public() == shown
