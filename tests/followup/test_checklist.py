"""What stands in the way of publishing: what must be mended is told apart from what may be a gap."""

from __future__ import annotations

import pytest

from actionplan.models import Plan
from followup.checklist import Checklist, checklist
from followup.models import FollowUp, ReviewState
from followup.queries import standpoint
from followup.reports.desk import desk
from municipalities.models import Role
from tests.builders import (
    make_activity,
    make_assessment,
    make_challenge,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_outcome,
    make_plan,
    make_report,
    make_review,
    make_revision,
    make_target,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def enkoping():
    return make_municipality("Enköping", key="enkoping")


@pytest.fixture
def vasteras():
    return make_municipality("Västerås", key="vasteras")


@pytest.fixture
def followup(enkoping, vasteras):
    return make_followup(make_revision(make_plan(slug="plan", partners=[enkoping, vasteras])))


@pytest.fixture
def challenge(followup, enkoping):
    return make_challenge(followup.revision, key="utmaning", title="Kompetens", followup_owner=enkoping)


@pytest.fixture
def target(challenge):
    """NKI at least 75 in mean, and 70 is nearly."""
    indicator = make_indicator(slug="nki", name="NKI")
    return make_target(make_goal(challenge, text="Nöjdare företag"), indicator=indicator, value=75, nearly=70)


def found(followup: FollowUp) -> Checklist:
    plan = Plan.objects.with_parties().get(pk=followup.plan_id)
    reader = make_user(Role.READER, plan.owner)
    standing = standpoint(plan, reader)
    [same] = [each for each in plan.followups.all() if each.pk == followup.pk]
    return checklist(desk(standing, same))


def must(followup) -> list[str]:
    return [each.sentence for each in found(followup).must_be_mended]


def gaps(followup) -> list[str]:
    return [each.sentence.replace("\xa0", " ") for each in found(followup).gaps]


def measure(target, values, **fields):
    for municipality, value in values.items():
        make_outcome(target.indicator, municipality, year=target.year, value=value, **fields)


# What must be mended


@pytest.mark.parametrize(
    ("state", "sentences"),
    [
        (None, []),
        (ReviewState.DRAFT, []),
        (ReviewState.SUBMITTED, ["Kompetens: texten är inskickad och väntar på en redaktörs svar."]),
        (ReviewState.RETURNED, ["Kompetens: texten är returnerad och inte inskickad igen."]),
        (ReviewState.APPROVED, []),
    ],
)
def test_a_review_on_its_way_must_be_answered_or_sent_in_again(followup, challenge, state, sentences):
    if state:
        make_review(followup, challenge, state=ReviewState.SUBMITTED)
        make_review(followup, challenge, state=state, note="Mer." if state == ReviewState.RETURNED else "")

    assert must(followup) == sentences


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        ((80, 80), []),
        (
            (72, 72),
            ["Kompetens: målet ”Nöjdare företag” är delvis uppnått och saknar godkänd åtgärd."],
        ),
        ((60, 60), ["Kompetens: målet ”Nöjdare företag” är ej uppnått och saknar godkänd åtgärd."]),
        ((60,), []),
    ],
)
def test_a_goal_that_isnt_met_needs_something_to_be_done(
    followup, target, enkoping, vasteras, values, sentences
):
    measure(target, dict(zip((enkoping, vasteras), values, strict=False)))

    assert must(followup) == sentences


@pytest.mark.parametrize("said", [{"action": "Fler möten."}, {"no_action": "Målet nås 2017."}])
def test_an_approved_action_or_a_reason_for_none_is_enough(
    followup, challenge, target, enkoping, vasteras, said
):
    measure(target, {enkoping: 60, vasteras: 60})
    make_assessment(followup, target.goal, **said)
    make_review(followup, challenge, state=ReviewState.APPROVED)

    assert must(followup) == []


def test_nobody_is_asked_for_actions_in_a_challenge_that_nobody_follows_up(
    followup, challenge, target, enkoping, vasteras
):
    measure(target, {enkoping: 60, vasteras: 60})
    type(challenge).objects.update(followup_owner=None)

    assert must(followup) == []


def test_the_refusal_names_the_first(followup, challenge):
    assert found(followup).refusal == ""
    make_review(followup, challenge, state=ReviewState.SUBMITTED)

    assert found(followup).refusal == (
        "Uppföljningen kan inte publiceras än. "
        "Kompetens: texten är inskickad och väntar på en redaktörs svar."
    )


# What may be published as a gap


def test_outcomes_that_are_missing_or_may_change_are_told_one_by_one(followup, target, enkoping, vasteras):
    measure(target, {vasteras: 80}, preliminary=True)

    assert gaps(followup)[:2] == ["Enköping: NKI 2016 saknas", "Västerås: NKI 2016 är preliminärt"]


def test_an_outcome_that_is_known_to_be_missing_tells_why(followup, target, enkoping, vasteras):
    make_outcome(target.indicator, enkoping, year=2016, missing_reason="too_few_answers")
    measure(target, {vasteras: 0})

    assert gaps(followup)[0] == "Enköping: NKI 2016 saknas (för få svar)"
    assert not [each for each in gaps(followup) if each.startswith("Västerås")]  # 0 is a value


def test_an_indicator_that_two_goals_ask_for_is_told_once(followup, challenge, target):
    make_target(make_goal(challenge), indicator=target.indicator, over="lowest")

    assert gaps(followup).count("Enköping: NKI 2016 saknas") == 1


def test_targets_of_other_years_ask_for_nothing(followup, challenge):
    make_target(make_goal(challenge, text="Sedan"), year=2017)

    assert gaps(followup) == [
        "Kompetens: Enköping har inte skrivit sin text",
        "Kompetens: målet ”Sedan” är inte bedömt",
    ]


def test_activities_that_nobody_has_reported_and_that_nobody_is_responsible_for_are_counted(
    followup, challenge, enkoping
):
    make_report(followup, make_activity(challenge, responsible=[enkoping]))
    make_activity(challenge, responsible=[enkoping])
    make_activity(challenge)
    make_activity(challenge, first_year=2017)

    assert gaps(followup)[:2] == ["2 aktiviteter ej rapporterade", "Ansvarig saknas: 1"]


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (None, "Kompetens: Enköping har inte skrivit sin text"),
        (ReviewState.DRAFT, "Kompetens: Enköping har inte skickat in sin text"),
    ],
)
def test_a_text_that_hasnt_come_is_a_gap(followup, challenge, state, sentence):
    if state:
        make_review(followup, challenge, state=state)

    assert gaps(followup) == [sentence]


def test_a_challenge_that_nobody_follows_up_is_a_gap(followup):
    make_challenge(followup.revision, title="Bredband")

    assert gaps(followup) == ["Bredband: ingen kommun är uppföljningsansvarig"]


def test_a_goal_judged_by_a_person_is_no_gap(followup, challenge):
    goal = make_goal(challenge, text="Ett mål utan tal")
    before = gaps(followup)
    make_assessment(followup, goal, verdict="met", reason="Det märks.")
    make_review(followup, challenge, state=ReviewState.APPROVED)

    assert before[-1] == "Kompetens: målet ”Ett mål utan tal” är inte bedömt"
    assert gaps(followup) == []


def test_a_long_goal_is_told_by_its_beginning(followup, challenge):
    make_goal(
        challenge, text="Företagen ska år för år bli allt nöjdare med kommunernas service i alla ärenden."
    )

    assert gaps(followup)[-1] == (
        "Kompetens: målet ”Företagen ska år för år bli allt nöjdare med kommunernas …” är inte bedömt"
    )


def test_where_nothing_is_lacking_nothing_is_told(followup):
    assert found(followup) == Checklist((), ())
