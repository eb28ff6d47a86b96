"""What was decided before is gone through: each activity is carried on or left out, and can be taken back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from actionplan import carrying
from actionplan.carrying import (
    Decided,
    NotCarried,
    OtherwiseDecided,
    WouldBeLost,
    activities_left,
    courses,
    fingerprint,
    known,
    written_since,
)
from actionplan.drafting import NoLongerDraft, discard, start_next
from actionplan.models import Activity, Challenge, Ending, How, Responsibility, Revision, YearlyTarget
from municipalities.models import User
from tests.builders import (
    make_activity,
    make_challenge,
    make_goal,
    make_indicator,
    make_municipality,
    make_plan,
    make_responsibility,
    make_revision,
    make_target,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return make_user(name="Eva Ek")


@pytest.fixture
def base() -> Revision:
    """The plan for 2016: a challenge with an activity that two answer for, and one of 2016 alone."""
    plan = make_plan(first_year=2015, last_year=2018)
    revision = make_revision(plan, year=2016)
    challenge = make_challenge(revision, key="service", title="Service")
    mote = make_activity(
        challenge, key="mote", title="Möte", heading="Dialog", description="Tala.", expected_result="Svar",
        first_year=2016, last_year=2018, order=3, responsible_text="Enköping m.fl.",
    )  # fmt: skip
    make_responsibility(mote, make_municipality("Enköping"), order=1)
    make_responsibility(mote, make_municipality("Västerås"), part="taking_part", order=2)
    make_activity(challenge, key="massa", title="Mässa", first_year=2016, last_year=2016)
    return revision


@pytest.fixture
def draft(base, editor) -> Revision:
    return start_next(base, 2017, by=editor)


def decided(draft: Revision) -> dict[str, str]:
    found = courses(draft)
    return {each.key: found.of(each).decision for each in Activity.objects.filter(revision=draft.based_on)}


def left(draft: Revision) -> list[str]:
    return [each.key for each in activities_left(draft)]


class TestCarryingOn:
    def test_it_stands_in_the_draft_as_it_stood(self, draft, base, editor):
        carrying.carry_on(draft, "mote", by=editor)

        was, copy = Activity.objects.get(revision=base, key="mote"), Activity.objects.get(revision=draft)
        assert carrying.says(copy) == carrying.says(was)
        assert (copy.key, copy.order, carrying.years_of(copy)) == ("mote", 3, (2016, 2018))
        assert (copy.challenge.key, copy.challenge.revision) == ("service", draft)
        rows = Responsibility.objects.filter(revision=draft)
        assert [(row.organisation.short_name, row.part, row.order) for row in rows] == [
            ("Enköping", "lead", 1),
            ("Västerås", "taking_part", 2),
        ]
        assert decided(draft) == {"mote": "carried", "massa": "left"}

    def test_the_log_tells_who_and_why(self, draft, editor):
        copy = carrying.carry_on(draft, "mote", by=editor)

        line = copy.history.get()
        assert (line.history_user, line.history_change_reason) == (
            editor, "Förs vidare från planen för 2016",
        )  # fmt: skip
        assert Responsibility.history.filter(revision=draft.pk, history_user=editor).count() == 2

    def test_it_may_move_to_other_years(self, draft, editor):
        carrying.carry_on(draft, "massa", years=(2017, None), by=editor)

        copy = Activity.objects.get(revision=draft)
        assert carrying.years_of(copy) == (2017, None)
        assert decided(draft)["massa"] == Decided.MOVED

    def test_years_that_end_before_they_begin_are_refused(self, draft, editor):
        with pytest.raises(ValidationError, match="kan inte sluta innan den börjar"):
            carrying.carry_on(draft, "massa", years=(2018, 2017), by=editor)

        assert left(draft) == ["massa", "mote"]

    def test_where_its_challenge_is_gone_it_is_asked_for(self, draft, editor):
        Challenge.objects.get(revision=draft).delete()
        make_challenge(draft, key="ny", title="Ny")

        with pytest.raises(NotCarried, match="Välj var den ska stå"):
            carrying.carry_on(draft, "mote", by=editor)
        carrying.carry_on(draft, "mote", challenge="ny", by=editor)

        assert Activity.objects.get(revision=draft).challenge.key == "ny"

    def test_what_is_not_in_the_plan_before_is_not_carried_on(self, draft, editor):
        with pytest.raises(NotCarried, match="finns inte i planen"):
            carrying.carry_on(draft, "finns-inte", by=editor)

    def test_a_responsibility_whose_key_is_taken_gets_another(self, draft, editor):
        clash = Responsibility.objects.filter(activity__key="mote")[0]
        other = make_activity(Challenge.objects.get(revision=draft), key="annan")
        make_responsibility(other, make_municipality(), key=clash.key)

        carrying.carry_on(draft, "mote", by=editor)

        assert Responsibility.objects.filter(revision=draft, activity__key="mote").count() == 2


class TestReplacing:
    WORDS = {
        "title": "Nytt möte", "description": "", "expected_result": "Fler svar",
        "first_year": 2017, "last_year": 2018,
    }  # fmt: skip

    def test_the_new_one_knows_what_it_replaces(self, draft, editor):
        successor = carrying.replace(draft, "mote", self.WORDS, by=editor)

        assert (successor.key, successor.predecessor) == ("nytt-mote", "mote")
        assert (successor.title, successor.expected_result) == ("Nytt möte", "Fler svar")
        assert successor.challenge.key == "service"
        assert successor.responsibilities.count() == 2
        ending = Ending.objects.get(revision=draft)
        assert (ending.key, ending.how, ending.title) == ("mote", "replaced", "Möte")
        course = courses(draft).of(known(draft, "mote"))
        assert [each.title for each in course.becomes] == ["Nytt möte"]

    def test_its_key_has_never_been_anyone_elses(self, draft, editor):
        successor = carrying.replace(draft, "mote", self.WORDS | {"title": "Mässa"}, by=editor)

        assert successor.key == "massa-2"
        assert left(draft) == ["massa"]

    def test_it_needs_a_name(self, draft, editor):
        with pytest.raises(ValidationError):
            carrying.replace(draft, "mote", self.WORDS | {"title": ""}, by=editor)

        assert not Ending.objects.filter(revision=draft).exists()


class TestLeavingOut:
    def test_it_is_done(self, draft, editor):
        carrying.leave_out(draft, "mote", How.DONE, by=editor)

        assert decided(draft)["mote"] == Decided.DONE
        assert Ending.history.get().history_user == editor

    def test_it_is_ended_with_a_reason(self, draft, editor):
        carrying.leave_out(draft, "mote", How.ENDED, reason=" Ingen kom. ", by=editor)

        course = courses(draft).of(known(draft, "mote"))
        assert (course.decision, course.reason) == (Decided.ENDED, "Ingen kom.")

    def test_a_reason_is_needed(self, draft, editor):
        with pytest.raises(ValidationError, match="Skriv varför aktiviteten avslutas"):
            carrying.leave_out(draft, "mote", How.ENDED, reason=" ", by=editor)


class TestAllAtOnce:
    def test_those_that_are_left_are_carried_on(self, draft, editor):
        carrying.leave_out(draft, "mote", How.DONE, by=editor)

        assert carrying.carry_on_all(draft, ["mote", "massa", "finns-inte"], by=editor) == (1, 0)
        assert decided(draft) == {"mote": "done", "massa": "moved"}

    def test_one_whose_years_are_over_gets_the_drafts_year_as_its_last(self, draft, editor):
        carrying.carry_on_all(draft, ["mote", "massa"], by=editor)

        assert {each.key: carrying.years_of(each) for each in Activity.objects.filter(revision=draft)} == {
            "mote": (2016, 2018),
            "massa": (2016, 2017),
        }

    def test_one_without_a_challenge_is_left(self, draft, base, editor):
        other = make_challenge(base, key="borta")
        make_activity(other, key="ensam")

        assert carrying.carry_on_all(draft, ["mote", "massa", "ensam"], by=editor) == (2, 1)
        assert left(draft) == ["ensam"]

    def test_those_that_are_left_are_left_out_each_in_its_way(self, draft, editor):
        endings = {"mote": (How.DONE, ""), "massa": (How.ENDED, "Ingen kom.")}

        assert carrying.leave_out_all(draft, endings, by=editor) == 2
        assert carrying.leave_out_all(draft, endings, by=editor) == 0
        assert decided(draft) == {"mote": "done", "massa": "ended"}

    @pytest.mark.parametrize("deed", ["carry on", "leave out"])
    def test_it_takes_as_many_statements_for_many_as_for_four(self, editor, deed):
        """SQLite takes no more than 999 values in a statement, whatever is written."""
        taken = []
        for count in (4, 40 if connection.vendor == "sqlite" else 400):
            base = make_revision(make_plan(first_year=2015, last_year=2018), year=2016)
            challenge = make_challenge(base)
            partner = make_municipality()
            keys = [f"nr-{number}" for number in range(count)]
            for key in keys:
                make_activity(challenge, key=key, responsible=[partner])
            draft = start_next(base, 2017, by=editor)
            with CaptureQueriesContext(connection) as statements:
                if deed == "carry on":
                    assert carrying.carry_on_all(draft, keys, by=editor) == (count, 0)
                else:
                    endings = dict.fromkeys(keys, (How.DONE, ""))
                    assert carrying.leave_out_all(draft, endings, by=editor) == count
            taken.append(len(statements))

        assert taken[0] == taken[1]


class TestTakingBack:
    @pytest.mark.parametrize("decision", ["carried", "moved", "ended", "done"])
    def test_it_is_to_be_gone_through_again(self, draft, editor, decision):
        {
            "carried": lambda: carrying.carry_on(draft, "mote", by=editor),
            "moved": lambda: carrying.carry_on(draft, "mote", years=(2017, 2018), by=editor),
            "ended": lambda: carrying.leave_out(draft, "mote", How.ENDED, reason="Nej.", by=editor),
            "done": lambda: carrying.leave_out(draft, "mote", How.DONE, by=editor),
        }[decision]()

        carrying.take_back(draft, "mote", seen=decision, by=editor)

        assert left(draft) == ["massa", "mote"]
        assert not Responsibility.objects.filter(revision=draft).exists()

    def test_what_was_written_since_is_not_lost_in_silence(self, draft, editor):
        copy = carrying.carry_on(draft, "mote", by=editor)
        Activity.objects.filter(pk=copy.pk).update(title="Möten")

        with pytest.raises(WouldBeLost):
            carrying.take_back(draft, "mote", seen="carried", by=editor)
        [lost] = written_since(draft, known(draft, "mote"))
        knowing = fingerprint([lost])
        Activity.objects.filter(pk=copy.pk).update(title="Många möten")
        with pytest.raises(WouldBeLost):
            carrying.take_back(draft, "mote", seen="carried", knowing=knowing, by=editor)
        knowing = fingerprint(written_since(draft, known(draft, "mote")))
        carrying.take_back(draft, "mote", seen="carried", knowing=knowing, by=editor)

        assert left(draft) == ["massa", "mote"]
        assert Activity.history.filter(title="Möten", history_type="-").count() == 0
        assert Activity.history.get(title="Många möten").history_type == "-"

    def test_another_responsible_is_something_written_since(self, draft, editor):
        copy = carrying.carry_on(draft, "mote", by=editor)
        make_responsibility(copy, make_municipality())

        with pytest.raises(WouldBeLost):
            carrying.take_back(draft, "mote", seen="carried", by=editor)

    def test_what_replaced_it_goes_when_that_is_known(self, draft, editor):
        carrying.replace(draft, "mote", TestReplacing.WORDS, by=editor)

        with pytest.raises(WouldBeLost):
            carrying.take_back(draft, "mote", seen="replaced", by=editor)
        knowing = fingerprint(written_since(draft, known(draft, "mote")))
        carrying.take_back(draft, "mote", seen="replaced", knowing=knowing, by=editor)

        assert left(draft) == ["massa", "mote"]
        assert not Activity.objects.filter(revision=draft).exists()

    def test_one_who_saw_something_else_is_told(self, draft, editor):
        carrying.leave_out(draft, "mote", How.DONE, by=editor)

        with pytest.raises(OtherwiseDecided, match="lämnas ut som klar"):
            carrying.take_back(draft, "mote", seen="carried", by=editor)
        carrying.take_back(draft, "mote", seen="done", by=editor)
        with pytest.raises(OtherwiseDecided, match="ska gås igenom igen"):
            carrying.take_back(draft, "mote", seen="done", by=editor)


class TestTwoWhoDecide:
    def test_the_second_is_told_what_the_first_decided(self, draft, editor):
        carrying.leave_out(draft, "mote", How.ENDED, reason="Nej.", by=editor)

        for deed in (
            lambda: carrying.carry_on(draft, "mote", by=editor),
            lambda: carrying.replace(draft, "mote", TestReplacing.WORDS, by=editor),
            lambda: carrying.leave_out(draft, "mote", How.DONE, by=editor),
        ):
            with pytest.raises(OtherwiseDecided, match="”Möte” är avslutad"):
                deed()

        assert decided(draft)["mote"] == Decided.ENDED

    def test_nothing_is_decided_in_a_draft_that_is_gone(self, draft, editor):
        discard(draft, by=editor)

        for deed in (
            lambda: carrying.carry_on(draft, "mote", by=editor),
            lambda: carrying.carry_on_all(draft, ["mote"], by=editor),
            lambda: carrying.replace(draft, "mote", TestReplacing.WORDS, by=editor),
            lambda: carrying.leave_out(draft, "mote", How.DONE, by=editor),
            lambda: carrying.leave_out_all(draft, {"mote": (How.DONE, "")}, by=editor),
            lambda: carrying.take_back(draft, "mote", seen="done", by=editor),
            lambda: carrying.aim(draft, "nki", Decimal(1), by=editor),
            lambda: carrying.take_back_aim(draft, "nki", seen=Decimal(1), by=editor),
        ):
            with pytest.raises(NoLongerDraft):
                deed()

    def test_the_database_has_each_key_once(self, draft, editor):
        carrying.carry_on(draft, "mote", by=editor)
        challenge = Challenge.objects.get(revision=draft)

        with pytest.raises(IntegrityError), transaction.atomic():
            Activity.objects.create(revision=draft, challenge=challenge, key="mote", title="Två")


class TestTargets:
    @pytest.fixture
    def nki(self, base) -> YearlyTarget:
        goal = make_goal(Challenge.objects.get(revision=base), key="nojda")
        return make_target(
            goal,
            indicator=make_indicator(slug="nki", name="NKI"),
            key="nki-2016",
            year=2016,
            value=75,
            nearly=70,
        )

    def test_a_year_that_has_none_gets_one_with_a_key_of_its_own(self, nki, draft, editor):
        target = carrying.aim(draft, "nki-2016", Decimal("76.5"), by=editor)

        assert (target.key, target.year, target.value, target.nearly) == (
            "nki-2017", 2017, Decimal("76.5"), Decimal("71.5"),
        )  # fmt: skip
        assert (target.goal.key, target.goal.revision, target.over) == ("nojda", draft, nki.over)
        assert target.history.get().history_user == editor

    def test_the_second_is_told(self, nki, draft, editor):
        carrying.aim(draft, "nki-2016", Decimal(76), by=editor)

        with pytest.raises(OtherwiseDecided, match="redan ett värde för 2017"):
            carrying.aim(draft, "nki-2016", Decimal(77), by=editor)

    def test_it_can_be_taken_back_as_it_was_seen(self, nki, draft, editor):
        target = carrying.aim(draft, "nki-2016", Decimal(76), by=editor)

        with pytest.raises(OtherwiseDecided):
            carrying.take_back_aim(draft, target.key, seen=Decimal(75), by=editor)
        carrying.take_back_aim(draft, target.key, seen=Decimal(76), by=editor)

        assert not YearlyTarget.objects.filter(revision=draft, year=2017).exists()

    def test_what_is_decided_is_not_taken_back(self, nki, draft, editor):
        with pytest.raises(NotCarried, match="redan beslutat"):
            carrying.take_back_aim(draft, "nki-2016", seen=Decimal(75), by=editor)

    def test_a_target_that_is_gone_is_no_model(self, draft, editor):
        with pytest.raises(NotCarried):
            carrying.aim(draft, "borta", Decimal(75), by=editor)
