"""Following up a challenge: what may follow on what, what is asked for, and what two at once come to."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from actionplan.models import Challenge
from followup import reviewing
from followup.models import ChallengeReview, Conflict, FollowUp, GoalAssessment, ReviewState, Stage, Verdict
from followup.models.reviews import may_follow
from followup.reviewing import SAID_OF_GOAL, Incomplete, Words, lacks, now, number_of
from municipalities.models import Role
from tests.builders import (
    make_administrator,
    make_challenge,
    make_coordinator,
    make_followup,
    make_goal,
    make_municipality,
    make_plan,
    make_review,
    make_revision,
    make_user,
)
from tests.followup.test_concurrency import WRITERS, at_once

pytestmark = pytest.mark.django_db

NOTHING = dict.fromkeys(SAID_OF_GOAL, "")


@pytest.fixture
def enkoping():
    return make_municipality("Enköping")


@pytest.fixture
def followup(enkoping):
    return make_followup(make_revision(make_plan(slug="gemensam", partners=[enkoping]), year=2016))


@pytest.fixture
def challenge(followup, enkoping):
    challenge = make_challenge(followup.revision, key="service", title="Service", followup_owner=enkoping)
    make_goal(challenge, key="nki", text="Nöjda företag")
    return challenge


@pytest.fixture
def eva(enkoping):
    return make_coordinator(enkoping, name="Eva Ek")


@pytest.fixture
def bo(enkoping):
    return make_coordinator(enkoping, name="Bo Berg")


@pytest.fixture
def editor(followup):
    return make_user(Role.EDITOR, followup.plan.owner, name="Rut Redaktör")


class Writing:
    """Does each deed as somebody who sees what stands now."""

    def __init__(self, followup: FollowUp, challenge: Challenge) -> None:
        self.task = (followup, challenge)

    def words(self, **said: str) -> Words:
        return Words(
            {"purpose": "Det går bra.", "deviations": "", "proposals": "", **said}, now(*self.task).number
        )

    def goals(self, **said: str) -> dict[str, Words]:
        return {key: Words({**NOTHING, **said}, number_of(row)) for key, row in now(*self.task).goals.items()}

    def save(self, by, **said: str) -> ChallengeReview:
        return reviewing.save_draft(*self.task, self.words(**said), self.goals(), by=by)

    def send_in(self, by, computed: str = "met", **said: str) -> ChallengeReview:
        return reviewing.send_in(
            *self.task, self.words(), self.goals(**said), computed={"nki": computed}, by=by
        )

    def take_back(self, by) -> ChallengeReview:
        return reviewing.take_back(*self.task, seen=now(*self.task).number, by=by)

    def give_back(self, by, note: str = "Skriv mer.") -> ChallengeReview:
        return reviewing.give_back(*self.task, note=note, seen=now(*self.task).number, by=by)

    def approve(self, by, computed: str = "met") -> ChallengeReview:
        return reviewing.approve(*self.task, computed={"nki": computed}, seen=now(*self.task).number, by=by)


@pytest.fixture
def writing(followup, challenge) -> Writing:
    return Writing(followup, challenge)


def rows() -> list[tuple[int, str]]:
    return [(row.number, row.state) for row in ChallengeReview.objects.order_by("number")]


class TestTheWay:
    def test_from_a_draft_to_an_approved_text_each_deed_is_a_row_and_all_remain(
        self, writing: Writing, eva, editor
    ):
        writing.save(eva)
        writing.send_in(eva)
        writing.give_back(editor, "Skriv vad ni gör åt möblerna.")
        writing.save(eva, purpose="Det går bra, möblerna är beställda.")
        writing.send_in(eva)
        approved = writing.approve(editor)

        assert rows() == [
            (1, "draft"), (2, "submitted"), (3, "returned"), (4, "draft"), (5, "submitted"), (6, "approved"),
        ]  # fmt: skip
        assert approved.author == editor
        assert ChallengeReview.objects.get(number=3).note == "Skriv vad ni gör åt möblerna."

    def test_an_answer_keeps_the_words_and_says_nothing_of_goals(self, writing: Writing, eva, editor):
        writing.send_in(eva, action="Fler möten.")
        writing.give_back(editor)

        sent_in, returned = ChallengeReview.objects.order_by("number")
        assert (returned.purpose, returned.deviations) == (sent_in.purpose, sent_in.deviations)
        assert [(row.number, row.author) for row in GoalAssessment.objects.all()] == [(1, eva)]

    def test_a_text_may_be_sent_in_at_once(self, writing: Writing, eva):
        assert writing.send_in(eva).number == 1

    def test_only_a_goal_of_which_something_else_is_said_gets_a_row(
        self, writing: Writing, followup, challenge, eva
    ):
        make_goal(challenge, key="andra", text="Det andra")
        about = {"nki": {**NOTHING, "action": "Fler möten."}, "andra": NOTHING}
        for _time in range(2):
            goals = {
                key: Words(said, number_of(now(followup, challenge).goals[key]))
                for key, said in about.items()
            }
            reviewing.save_draft(followup, challenge, writing.words(), goals, by=eva)

        assert [(row.goal.key, row.number) for row in GoalAssessment.objects.all()] == [("nki", 1)]

    def test_what_was_sent_in_can_be_taken_back_until_it_is_answered(self, writing: Writing, eva, editor):
        writing.send_in(eva)
        assert writing.take_back(eva).state == ReviewState.DRAFT

        writing.send_in(eva)
        writing.give_back(editor)
        with pytest.raises(Conflict):
            reviewing.take_back(*writing.task, seen=3, by=eva)

    def test_what_was_approved_is_taken_up_again_as_a_draft_after_it(self, writing: Writing, eva, editor):
        writing.send_in(eva)
        writing.approve(editor)
        writing.take_back(eva)

        assert rows() == [(1, "submitted"), (2, "approved"), (3, "draft")]

    def test_the_editor_may_return_what_was_approved_too_soon(self, writing: Writing, eva, editor):
        writing.send_in(eva)
        writing.approve(editor)
        writing.give_back(editor, "Ett mål saknas.")

        assert rows()[-1] == (3, "returned")


DEEDS = {
    "save": ReviewState.DRAFT,
    "send_in": ReviewState.SUBMITTED,
    "give_back": ReviewState.RETURNED,
    "approve": ReviewState.APPROVED,
}
MAY = {
    (None, "save"), (None, "send_in"),
    ("draft", "save"), ("draft", "send_in"),
    ("submitted", "save"), ("submitted", "give_back"), ("submitted", "approve"),
    ("returned", "save"), ("returned", "send_in"),
    ("approved", "save"), ("approved", "give_back"),
}  # fmt: skip
"""In which state, None before anybody has written, which deed is allowed."""


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("state", [None, "draft", "submitted", "returned", "approved"])
def test_every_deed_is_allowed_or_refused_in_every_state(state, deed, writing: Writing, eva, editor):
    for each in {None: [], "draft": ["save"], "submitted": ["send_in"], "returned": ["send_in", "give_back"],
                 "approved": ["send_in", "approve"]}[state]:  # fmt: skip
        getattr(writing, each)(editor if each in ("give_back", "approve") else eva)
    before = rows()
    by = editor if deed in ("give_back", "approve") else eva

    allowed = (state, deed) in MAY
    if allowed:
        assert getattr(writing, deed)(by).state == DEEDS[deed]
    else:
        with pytest.raises((PermissionDenied, Incomplete)):
            getattr(writing, deed)(by)

    assert (rows() == before) is not allowed
    assert may_follow(state, DEEDS[deed]) is allowed


class TestNobodyApprovesTheirOwn:
    @pytest.mark.parametrize("deed", ["approve", "give_back"])
    def test_not_even_an_earlier_draft_by_oneself(self, deed, writing: Writing, eva):
        administrator = make_administrator()
        writing.save(administrator)
        writing.send_in(eva)

        with pytest.raises(PermissionDenied, match="själv skrivit"):
            getattr(writing, deed)(administrator)
        assert rows()[-1] == (2, "submitted")

    def test_whoever_only_answered_before_may_answer_again(self, writing: Writing, eva, editor):
        writing.send_in(eva)
        writing.give_back(editor)
        writing.send_in(eva)

        assert writing.approve(editor).state == ReviewState.APPROVED


class TestStages:
    @pytest.mark.parametrize("stage", [Stage.PLANNED, Stage.PUBLISHED])
    @pytest.mark.parametrize("deed", ["save", "send_in", "take_back", "give_back", "approve"])
    def test_nothing_is_written_in_a_stage_that_does_not_allow_it(
        self, stage, deed, writing: Writing, followup, eva, editor
    ):
        writing.send_in(eva)
        type(followup).objects.filter(pk=followup.pk).update(stage=stage)

        with pytest.raises(PermissionDenied, match="tar inte emot"):
            getattr(writing, deed)(editor if deed in ("give_back", "approve") else eva)
        assert rows() == [(1, "submitted")]

    def test_a_year_closed_for_reports_is_still_reviewed(self, writing: Writing, followup, eva, editor):
        type(followup).objects.filter(pk=followup.pk).update(stage=Stage.CLOSED)

        writing.send_in(eva)
        assert writing.approve(editor).number == 2


class TestTwoAtOnce:
    def test_the_second_of_two_who_saw_the_same_writes_nothing(self, writing: Writing, eva, bo):
        words, goals = writing.words(purpose="Bos."), writing.goals(action="Bos åtgärd.")
        writing.save(eva, purpose="Evas.")

        with pytest.raises(Conflict):
            reviewing.save_draft(*writing.task, words, goals, by=bo)
        assert rows() == [(1, "draft")]
        assert not GoalAssessment.objects.exists()

    def test_a_goal_that_somebody_wrote_of_meanwhile_is_a_conflict_and_leaves_nothing(
        self, writing: Writing, followup, challenge, eva, bo
    ):
        stale = writing.goals(action="Bos åtgärd.")
        reviewing.save_draft(followup, challenge, writing.words(), writing.goals(action="Evas."), by=eva)

        with pytest.raises(Conflict):
            reviewing.save_draft(followup, challenge, writing.words(), stale, by=bo)
        assert rows() == [(1, "draft")]
        assert [row.action for row in GoalAssessment.objects.all()] == ["Evas."]

    @pytest.mark.parametrize("deed", ["save", "send_in"])
    def test_a_double_click_writes_once(self, deed, writing: Writing, eva):
        words, goals = writing.words(), writing.goals(action="Fler möten.")

        def send() -> ChallengeReview:
            if deed == "save":
                return reviewing.save_draft(*writing.task, words, goals, by=eva)
            return reviewing.send_in(*writing.task, words, goals, computed={"nki": "not_met"}, by=eva)

        assert send() == send()
        assert len(rows()) == 1
        assert GoalAssessment.objects.count() == 1

    def test_a_double_click_answers_once(self, writing: Writing, eva, editor):
        writing.send_in(eva)
        returned = [
            reviewing.give_back(*writing.task, note="Skriv mer.", seen=1, by=editor) for _time in range(2)
        ]
        assert returned[0] == returned[1]

        writing.send_in(eva)
        approved = [
            reviewing.approve(*writing.task, computed={"nki": "met"}, seen=3, by=editor) for _time in range(2)
        ]
        assert approved[0] == approved[1]
        assert len(rows()) == 4

    def test_what_another_wrote_is_not_approved_unseen(self, writing: Writing, eva, editor):
        writing.send_in(eva)
        writing.take_back(eva)
        writing.send_in(eva)

        with pytest.raises(Conflict):
            reviewing.approve(*writing.task, computed={"nki": "met"}, seen=1, by=editor)


class TestWhatIsAskedFor:
    @pytest.mark.parametrize(
        ("computed", "said", "lacking"),
        [
            ("met", {}, []),
            ("cannot_be_judged", {}, []),
            ("not_met", {}, [("nki", "action")]),
            ("partly_met", {}, [("nki", "action")]),
            ("not_met", {"action": "Fler möten."}, []),
            ("not_met", {"no_action": "Målet utgår."}, []),
            ("met", {"verdict": "not_met"}, [("nki", "reason"), ("nki", "action")]),
            ("met", {"verdict": "partly_met", "reason": "Två kommuner."}, [("nki", "action")]),
            ("not_met", {"verdict": "met", "reason": "Nytt mått."}, []),
            ("cannot_be_judged", {"verdict": "met"}, [("nki", "reason")]),
            ("cannot_be_judged", {"verdict": "cannot_be_judged", "reason": "Inget mättes."}, []),
        ],
    )
    def test_of_a_goal(self, computed, said, lacking):
        found = lacks({"purpose": "Bra."}, {"nki": {**NOTHING, **said}}, {"nki": computed})

        assert [(each.goal, each.field) for each in found] == lacking

    def test_of_the_challenge(self):
        assert [each.field for each in lacks({"purpose": ""}, {}, {})] == ["purpose"]

    def test_what_lacks_something_is_not_sent_in(self, writing: Writing, eva):
        with pytest.raises(Incomplete):
            writing.send_in(eva, computed=Verdict.NOT_MET)
        assert rows() == []

    def test_a_draft_may_lack_everything(self, writing: Writing, followup, challenge, eva):
        words, goals = writing.words(purpose=""), writing.goals(verdict="not_met")

        assert reviewing.save_draft(followup, challenge, words, goals, by=eva).number == 1
        assert GoalAssessment.objects.get().verdict == "not_met"

    def test_a_goal_that_is_no_longer_met_when_it_is_to_be_approved_stops_it(
        self, writing: Writing, eva, editor
    ):
        writing.send_in(eva, computed="met")

        with pytest.raises(Incomplete):
            writing.approve(editor, computed="not_met")
        assert rows() == [(1, "submitted")]


class TestApprovedAssessments:
    """What is made of a goal holds when its challenge's review is approved."""

    def held(self) -> list[str]:
        return [row.action for row in GoalAssessment.objects.approved()]

    def test_they_hold_from_then_and_not_while_it_is_written_again(self, writing: Writing, eva, editor):
        writing.send_in(eva, action="Fler möten.")
        assert self.held() == []

        approved: Any = writing.approve(editor)
        assert self.held() == ["Fler möten."]

        reviewing.save_draft(*writing.task, writing.words(), writing.goals(action="Färre."), by=eva)
        assert self.held() == []
        as_it_was = GoalAssessment.objects.approved(until=approved.written_at)
        assert [row.action for row in as_it_was] == ["Fler möten."]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_database")
class TestManyAtOnce:
    """Each on their own connection."""

    def test_of_many_who_saw_the_same_one_writes_whole_and_the_others_nothing(self):
        followup = make_followup()
        goal = make_goal(make_challenge(followup.revision), key="nki")
        people = [make_administrator() for _each in range(WRITERS)]

        def write(number: int) -> str:
            text = f"Skrivet av {number}"
            words = Words({"purpose": text, "deviations": "", "proposals": ""}, 0)
            goals = {"nki": Words({**NOTHING, "action": text}, 0)}
            try:
                reviewing.save_draft(followup, goal.challenge, words, goals, by=people[number])
            except Conflict:
                return "conflict"
            return text

        written, *others = sorted(at_once(write), key="conflict".__eq__)

        assert others == ["conflict"] * (WRITERS - 1)
        assert [row.purpose for row in ChallengeReview.objects.all()] == [written]
        assert [row.action for row in GoalAssessment.objects.all()] == [written]

    def test_whoever_writes_and_approves_at_once_does_not_approve_their_own(self):
        """Either the draft comes first and takes it back, or the approval does and the draft conflicts."""
        followup = make_followup()
        challenge = make_challenge(followup.revision)
        make_review(followup, challenge, state=ReviewState.SUBMITTED)
        asta = make_administrator()

        def deed(number: int) -> str:
            words = Words({"purpose": "Astas.", "deviations": "", "proposals": ""}, 1)
            try:
                if number % 2:
                    return reviewing.save_draft(followup, challenge, words, {}, by=asta).state
                return reviewing.approve(followup, challenge, computed={}, seen=1, by=asta).state
            except (Conflict, PermissionDenied):
                return "refused"

        done = set(at_once(deed)) - {"refused"}

        assert len(done) == 1
        assert ChallengeReview.objects.count() == 2
