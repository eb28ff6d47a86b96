"""Goals held against outcomes: what is compared with what, and what the reader may see of it."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from actionplan.models import Operator, Over
from actionplan.reports import goal_rows
from followup.models import ReviewState, Stage, Verdict
from followup.queries import latest_outcomes, standpoint
from followup.reports.goals import GoalStanding, evidence_for, goal_standing
from followup.reports.indicator import indicator_report
from publishing.editions import frozen, thawed
from tests.builders import (
    make_administrator,
    make_assessment,
    make_challenge,
    make_coordinator,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_organisation,
    make_outcome,
    make_plan,
    make_review,
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


def goals_of(target, followup=None) -> list[GoalStanding]:
    """Every goal of the target's challenge, as it stands in 2016 to one who may see all."""
    standing = standpoint(target.revision.plan, make_administrator())
    goals = goal_rows(target.revision)[target.goal.challenge_id]
    evidence = evidence_for(standing, goals, followup)
    return [goal_standing(goal, 2016, evidence) for goal in goals]


def judged(followup, goal, **said) -> None:
    """Someone judges the goal, in a review that is then approved."""
    make_assessment(followup, goal, **said)
    make_review(followup, goal.challenge, state=ReviewState.APPROVED)


class TestTrend:
    def test_it_is_told_against_the_year_before_and_against_the_baseline(self, target):
        for partner in target.revision.plan.partners.all():
            make_outcome(target.indicator, partner, year=2014, value=50)

        standing = standing_of(target)

        assert (standing.since_last_year.year, standing.since_last_year.value) == (2015, 65)
        assert (standing.since_last_year.trend, standing.since_last_year.trend_words) == ("better", "bättre")
        assert standing.since_baseline is not None
        assert (standing.since_baseline.year, standing.since_baseline.change) == (2014, 20)

    def test_it_is_worse_when_more_of_what_should_be_less(self, target):
        type(target.indicator).objects.filter(pk=target.indicator.pk).update(direction="lower")

        assert standing_of(target).since_last_year.trend_words == "sämre"

    def test_nothing_is_told_across_a_series_break_and_the_reader_learns_why(self, target):
        make_series_break(target.indicator, year=2016)

        standing = standing_of(target)

        assert standing.since_last_year.trend_words == "kan ej jämföras"
        assert standing.since_last_year.why_not == "Det som mäts ändrades 2016."
        assert standing.since_last_year.value is None
        assert standing.since_baseline is None

    def test_an_earlier_series_break_moves_the_baseline_and_stops_nothing_else(self, target):
        for partner in target.revision.plan.partners.all():
            make_outcome(target.indicator, partner, year=2013, value=10)
        make_series_break(target.indicator, year=2015)
        make_series_break(target.indicator, year=2017)

        standing = standing_of(target)

        assert standing.change == 5
        assert standing.since_baseline is not None
        assert standing.since_baseline.year == 2015

    def test_a_year_that_someone_is_missing_in_is_no_baseline(self, target):
        make_outcome(target.indicator, target.revision.plan.partners.first(), year=2014, value=50)

        standing = standing_of(target)

        assert standing.since_baseline is not None
        assert standing.since_baseline.year == 2015

    def test_where_this_years_value_is_missing_nothing_is_better_or_worse(self, target):
        make_outcome(
            target.indicator, target.revision.plan.partners.first(), year=2016, missing_reason="not_measured"
        )

        standing = standing_of(target)

        assert standing.since_last_year.trend == "cannot_be_compared"
        assert standing.since_last_year.why_not == "Värden för 2016 saknas."
        assert standing.since_last_year.value == 65


class TestMunicipalities:
    def test_each_has_its_outcomes_number_source_and_why_a_value_is_missing(self, target):
        enkoping, vasteras = target.revision.plan.partners.order_by("pk")
        make_outcome(target.indicator, enkoping, year=2016, missing_reason="too_few_answers", source="SCB")
        make_outcome(
            target.indicator, vasteras, year=2016, value=77, preliminary=True, source_url="https://scb.se"
        )

        first, second = standing_of(target).municipalities

        assert (first.number, first.value, first.missing_reason) == (2, None, "too_few_answers")
        assert (first.missing_words, first.source, first.key) == ("För få svar", "SCB", enkoping.key)
        assert (second.number, second.value, second.preliminary) == (2, 77, True)
        assert (second.source_url, second.missing_words) == ("https://scb.se", "")

    def test_one_that_has_said_nothing_is_missing_without_a_reason(self, target):
        target.revision.plan.partners.add(make_municipality("Östersund"))

        last = standing_of(target).municipalities[-1]

        assert (last.name, last.number, last.missing_reason) == ("Östersund", 0, "")
        assert last.missing_words == "saknas"

    def test_a_preliminary_value_makes_the_joint_one_preliminary_and_is_judged(self, target):
        for partner in target.revision.plan.partners.all():
            make_outcome(target.indicator, partner, year=2016, value=80, preliminary=True)

        standing = standing_of(target)

        assert (standing.verdict, standing.is_preliminary, standing.coverage) == (
            "met",
            True,
            "2 av 2 kommuner",
        )


class TestJudgedByAPerson:
    def test_the_figures_hold_until_a_person_says_otherwise(self, target):
        [goal] = goals_of(target, make_followup(target.revision))

        assert (goal.verdict, goal.computed, goal.assessment) == ("not_met", "not_met", None)
        assert not goal.is_judged_by_a_person
        assert not goal.is_overridden

    def test_a_persons_verdict_holds_and_both_are_there_with_the_reason(self, target):
        followup = make_followup(target.revision)
        owner = make_organisation("Eskilstuna")
        type(target.goal.challenge).objects.update(followup_owner=owner)
        judged(followup, target.goal, verdict="partly_met", reason="Nästan framme.", action="Fler möten.")

        [goal] = goals_of(target, followup)

        assert (goal.verdict, goal.verdict_label) == ("partly_met", "Delvis uppnått")
        assert (goal.computed, goal.computed_label) == ("not_met", "Ej uppnått")
        assert goal.is_overridden
        assert goal.assessment is not None
        assert (goal.assessment.reason, goal.assessment.action) == ("Nästan framme.", "Fler möten.")
        assert goal.assessment.organisation == "Eskilstuna"

    def test_an_action_alone_leaves_the_verdict_to_the_figures(self, target):
        followup = make_followup(target.revision)
        judged(followup, target.goal, action="Fler möten.")

        [goal] = goals_of(target, followup)

        assert (goal.verdict, goal.is_judged_by_a_person, goal.is_overridden) == ("not_met", False, False)

    def test_nothing_is_told_of_it_until_the_review_is_approved(self, target):
        followup = make_followup(target.revision)
        make_assessment(followup, target.goal, verdict="met", reason="Vi är nöjda.")
        make_review(followup, target.goal.challenge, state=ReviewState.SUBMITTED)

        [goal] = goals_of(target, followup)

        assert (goal.verdict, goal.assessment) == ("not_met", None)

    def test_the_latest_assessment_holds_and_another_years_does_not(self, target):
        followup = make_followup(target.revision)
        judged(followup, target.goal, verdict="met", reason="Vi är nöjda.")
        judged(followup, target.goal, verdict="partly_met", reason="Vid närmare eftertanke.")
        judged(make_followup(target.revision, year=2017), target.goal, verdict="met", reason="Sedan.")

        [goal] = goals_of(target, followup)

        assert (goal.verdict, goal.assessment and goal.assessment.number) == ("partly_met", 2)

    def test_a_goal_without_a_number_is_judged_by_a_person_or_not_at_all(self, target):
        followup = make_followup(target.revision)
        without_number = make_goal(target.goal.challenge)
        make_goal(target.goal.challenge)
        judged(followup, without_number, verdict="met", reason="Platserna har blivit fler.")

        _with_number, by_a_person, by_nobody = goals_of(target, followup)

        assert (by_a_person.verdict, by_a_person.explanation) == ("met", "")
        assert not by_a_person.is_overridden
        assert (by_nobody.verdict, by_nobody.verdict_label) == ("cannot_be_judged", "Kan ej bedömas")
        assert by_nobody.explanation == "Målet saknar mått och är inte bedömt."

    def test_without_a_follow_up_owner_it_is_on_behalf_of_the_plans_owner(self, target):
        followup = make_followup(target.revision)
        judged(followup, target.goal, verdict="met", reason="Vi är nöjda.")

        [goal] = goals_of(target, followup)

        assert goal.assessment is not None
        assert goal.assessment.organisation == target.revision.plan.owner.short_name


class TestSeveralTargets:
    def test_75_in_mean_and_nobody_under_70_are_both_to_be_met(self, target):
        make_target(target.goal, indicator=target.indicator, year=2016, over=Over.EACH, value=70)
        for partner, value in zip(target.revision.plan.partners.order_by("pk"), ("69.94", "99"), strict=True):
            make_outcome(target.indicator, partner, year=2016, value=value)

        [goal] = goals_of(target)

        assert [each.verdict for each in goal.targets] == ["met", "not_met"]
        assert goal.verdict == "not_met"
        assert goal.targets[1].calculation == "lägst av 69,94; 99,00 = 69,94"

    def test_one_that_cannot_be_judged_leaves_the_goal_open_and_tells_why(self, target):
        make_target(target.goal, indicator=make_indicator(short_name="Annat"), year=2016)

        [goal] = goals_of(target)

        assert goal.verdict == "cannot_be_judged"
        assert goal.explanation == "0 av 2 kommuner – Enköping och Västerås saknas."


def test_a_goals_standing_is_kept_by_value_and_comes_back_as_it_was(target):
    followup = make_followup(target.revision)
    judged(followup, target.goal, verdict="partly_met", reason="Nästan framme.")

    [goal] = goals_of(target, followup)

    assert thawed(GoalStanding, frozen(goal)) == goal


def test_a_label_that_is_renamed_later_changes_nothing_that_was_kept(target, monkeypatch):
    kept = frozen(goals_of(target)[0])
    for member in (*Verdict, *Over, *Operator):
        monkeypatch.setattr(member, "_label_", "Nytt ord")

    goal = thawed(GoalStanding, kept)

    assert goals_of(target)[0].verdict_label == "Nytt ord"
    assert (goal.verdict_label, goal.computed_label) == ("Ej uppnått", "Ej uppnått")
    assert goal.targets[0].words.endswith("minst 75, medeltal för kommunerna")
    assert "Nytt ord" not in str(goal)
