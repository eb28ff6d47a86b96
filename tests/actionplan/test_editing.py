"""A draft is written row by row: nothing anybody wrote is lost, and nothing is written that doesn't hold."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from actionplan import editing, kinds, removing, stands
from actionplan.drafting import NoLongerDraft, NotDrafted, discard, start_correction, start_next
from actionplan.editing import Overtaken, Way
from actionplan.kinds import KINDS, NoLongerThere
from actionplan.models import (
    Activity,
    Challenge,
    Chapter,
    Goal,
    Part,
    Responsibility,
    Revision,
    State,
    Term,
    YearlyTarget,
)
from actionplan.stands import says, version_of
from municipalities.models import User
from tests.builders import (
    make_activity,
    make_administrator,
    make_area,
    make_challenge,
    make_chapter,
    make_draft,
    make_ending,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_organisation,
    make_plan,
    make_report,
    make_responsibility,
    make_revision,
    make_target,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db

ACTIVITIES, GOALS, TARGETS = KINDS["aktiviteter"], KINDS["mal"], KINDS["malvarden"]


@pytest.fixture
def rut() -> User:
    return make_user(name="Rut Hägg")


@pytest.fixture
def draft() -> Revision:
    return make_draft(make_plan(partners=[make_municipality("Enköping", key="enkoping")]), year=2017)


def said_of(thing: Any, **changed: Any) -> dict[str, Any]:
    """What a form that holds the thing says, with some of it changed."""
    kind = kinds.kind_of(thing)
    said = {name: getattr(thing, name) for name in kind.fields}
    if isinstance(thing, Activity):
        rows = thing.responsibilities.all() if thing.pk else []
        said |= {part: [row.organisation for row in rows if row.part == part] for part in Part.values}
    return said | changed


def titles(rows: Any) -> list[str]:
    return [row.title for row in rows]


def orders(kind: Any, row: Any) -> list[int]:
    return [each.order for each in editing.beside(kind, row)]


class TestAdding:
    def test_a_row_stands_last_below_what_it_was_added_to_and_the_log_tells_who(self, draft, rut):
        challenge = make_challenge(draft)
        make_goal(challenge, order=4)

        goal = editing.add(draft, GOALS, {"text": "Fler jobb"}, above=challenge.key, by=rut)

        assert (goal.key, goal.order, goal.challenge) == ("fler-jobb", 5, challenge)
        assert goal.history.get().history_user == rut

    def test_a_key_that_the_plan_has_had_is_never_made_again(self, draft, rut):
        earlier = make_challenge(make_revision(draft.plan, year=2016))
        make_activity(earlier, title="Möten", key="moten")
        challenge = make_challenge(draft)
        said = said_of(Activity(title="Möten"))

        second = editing.add(draft, ACTIVITIES, said, above=challenge.key, by=rut)
        removing.remove(draft, second, by=rut)
        third = editing.add(draft, ACTIVITIES, said, above=challenge.key, by=rut)

        assert (second.key, third.key) == ("moten-2", "moten-3")

    def test_a_key_that_is_given_is_taken_and_must_be_free(self, draft, rut):
        challenge = make_challenge(draft)
        said = said_of(Activity(title="Möten"))

        assert (
            editing.add(draft, ACTIVITIES, said, above=challenge.key, key="traffar", by=rut).key == "traffar"
        )
        with pytest.raises(ValidationError, match="Nyckeln används redan"):
            editing.add(draft, ACTIVITIES, said, above=challenge.key, key="traffar", by=rut)

    def test_an_activity_that_is_not_carried_on_does_not_come_back_as_a_new_one(self, draft, rut):
        make_ending(draft, key="moten")
        said = said_of(Activity(title="Möten"))

        with pytest.raises(ValidationError, match="förs inte vidare"):
            editing.add(draft, ACTIVITIES, said, above=make_challenge(draft).key, key="moten", by=rut)

    def test_what_it_was_to_stand_below_may_have_gone(self, draft, rut):
        with pytest.raises(NoLongerThere):
            editing.add(draft, GOALS, {"text": "Fler jobb"}, above="borta", by=rut)

    def test_only_a_draft_is_added_to(self, draft, rut):
        challenge = make_challenge(draft)
        Revision.objects.filter(pk=draft.pk).update(state=State.ADOPTED)

        with pytest.raises(NoLongerDraft):
            editing.add(draft, GOALS, {"text": "Fler jobb"}, above=challenge.key, by=rut)
        assert not Goal.objects.exists()

    def test_an_indicator_gets_an_address_of_its_own(self, draft, rut):
        make_indicator(slug="nojd-kund")
        said = said_of(make_indicator(slug="annan", name="Nöjd kund"))

        assert editing.add(draft, KINDS["indikatorer"], said, by=rut).slug == "nojd-kund-2"


class TestChanging:
    def test_the_row_says_what_was_written_and_the_log_has_both(self, draft, rut):
        term = make_term(draft, term="NKI")

        editing.change(draft, term, said_of(term, explanation="Nöjd."), seen=version_of(term), by=rut)

        after, before = term.history.all()
        assert (before.explanation, after.explanation) == ("Vad det betyder.", "Nöjd.")
        assert after.history_user == rut

    def test_saying_what_stands_there_writes_nothing(self, draft, rut):
        term = make_term(draft)

        editing.change(draft, term, said_of(term), seen="0", by=rut)

        assert term.history.count() == 1

    def test_one_who_saw_something_older_is_told(self, draft, rut):
        term = make_term(draft)
        seen = version_of(term)
        editing.change(draft, term, said_of(term, explanation="Den första."), seen=seen, by=rut)

        with pytest.raises(Overtaken):
            editing.change(draft, term, said_of(term, explanation="Den andra."), seen=seen, by=rut)

        assert Term.objects.get().explanation == "Den första."
        assert stands.said_at(KINDS["ord"], term, seen)["explanation"] == "Vad det betyder."

    def test_a_row_that_was_only_moved_meanwhile_is_saved(self, draft, rut):
        term, other = make_term(draft, order=1), make_term(draft, order=2)
        seen = version_of(term)
        editing.move(draft, term, Way.DOWN, by=rut)

        editing.change(draft, term, said_of(term, explanation="Nytt."), seen=seen, by=rut)

        assert list(Term.objects.values_list("term", "explanation")) == [
            (other.term, other.explanation),
            (term.term, "Nytt."),
        ]

    def test_what_has_been_removed_is_not_saved(self, draft, rut):
        term = make_term(draft)
        removing.remove(draft, term, by=rut)

        with pytest.raises(NoLongerThere):
            editing.change(draft, term, said_of(term, explanation="Nytt."), seen="1", by=rut)

    def test_what_was_thrown_away_is_not_saved(self, draft, rut):
        term = make_term(draft)
        discard(draft, by=rut)

        with pytest.raises(NoLongerDraft):
            editing.change(draft, term, said_of(term, explanation="Nytt."), seen="1", by=rut)

    def test_a_chapter_that_goes_to_the_other_side_stands_last_there(self, draft, rut):
        chapter = make_chapter(draft, title="En", order=1)
        make_chapter(draft, title="Två", placement="after", order=7)

        editing.change(draft, chapter, said_of(chapter, placement="after"), seen=version_of(chapter), by=rut)

        assert titles(Chapter.objects.filter(placement="after")) == ["Två", "En"]

    def test_a_follow_up_owner_is_one_of_the_partners(self, draft, rut):
        challenge = make_challenge(draft)
        outside = make_municipality()
        said = said_of(challenge, followup_owner=outside)

        with pytest.raises(ValidationError, match="deltar inte"):
            editing.change(draft, challenge, said, seen=version_of(challenge), by=rut)


class TestWhoAnswers:
    def test_one_goes_and_another_comes_and_a_row_never_changes_its_organisation(self, draft, rut):
        one, two, three = (make_organisation(key=key) for key in ("ett", "tva", "tre"))
        activity = make_activity(make_challenge(draft), responsible=[one, two])
        kept = activity.responsibilities.get(organisation=two)

        said = said_of(activity, lead=[three], taking_part=[two])
        editing.change(draft, activity, said, seen=version_of(activity), by=rut)

        assert says(ACTIVITIES, activity)["lead"] == "tre"
        assert says(ACTIVITIES, activity)["taking_part"] == "tva"
        assert activity.responsibilities.get(organisation=two).pk == kept.pk
        assert [line.history_type for line in Responsibility.history.filter(organisation=one)] == ["-", "+"]
        assert activity.history.count() == 1

    def test_what_another_changed_of_them_is_seen(self, draft, rut):
        one, two, three = (make_organisation(key=key) for key in ("ett", "tva", "tre"))
        activity = make_activity(make_challenge(draft), responsible=[one])
        seen = version_of(activity)
        editing.change(draft, activity, said_of(activity, lead=[one, two]), seen=seen, by=rut)

        with pytest.raises(Overtaken):
            editing.change(draft, activity, said_of(activity, lead=[three]), seen=seen, by=rut)

        assert stands.said_at(ACTIVITIES, activity, seen)["lead"] == "ett"
        assert stands.said_at(ACTIVITIES, activity, version_of(activity))["lead"] == "ett tva"


class TestDecidedTargets:
    @pytest.fixture
    def target(self, rut) -> YearlyTarget:
        """A target in a draft that was begun from the revision where it is decided."""
        base = make_revision(year=2016)
        make_target(make_goal(make_challenge(base)), year=2017, value=75)
        start_next(base, 2017, by=rut)
        return YearlyTarget.objects.select_related("revision__based_on").get(revision__year=2017)

    @pytest.mark.parametrize(
        "changed", [{"value": Decimal(70)}, {"nearly": Decimal(60)}, {"over": "each"}, {"year": 2018}]
    )
    def test_what_is_decided_is_not_changed_in_silence(self, target, rut, changed):
        said = said_of(target, **changed)

        with pytest.raises(ValidationError) as refusal:
            editing.change(target.revision, target, said, seen=version_of(target), by=rut)
        assert set(refusal.value.message_dict) == {"reason"}

        said["reason"] = "Undersökningen är ändrad."
        editing.change(target.revision, target, said, seen=version_of(target), by=rut)
        assert YearlyTarget.objects.get(pk=target.pk).reason == "Undersökningen är ändrad."

    def test_what_is_as_decided_needs_no_reason(self, target, rut):
        target.full_clean()

    def test_a_new_target_needs_no_reason(self, target, rut):
        said = said_of(target, year=2019, value=Decimal(80))

        editing.add(target.revision, TARGETS, said, above=target.goal.key, by=rut)


class TestIndicators:
    def test_its_unit_and_direction_are_an_administrators_once_decided_on(self, draft, rut):
        indicator = make_indicator(unit="index", name="NKI")
        make_target(make_goal(make_challenge(make_revision(draft.plan, year=2016))), indicator=indicator)
        changed = said_of(indicator, unit="procent", direction="lower")

        with pytest.raises(ValidationError) as refusal:
            editing.change(draft, indicator, changed, seen=version_of(indicator), by=rut)
        assert set(refusal.value.message_dict) == {"unit", "direction"}

        name = said_of(indicator, name="Nöjd")
        editing.change(draft, indicator, name, seen=version_of(indicator), by=rut)
        administrator = make_administrator()
        editing.change(draft, indicator, changed, seen=version_of(indicator), by=administrator)

    def test_what_only_a_draft_uses_is_still_its_editors_to_change(self, draft, rut):
        indicator = make_indicator(unit="index")
        make_target(make_goal(make_challenge(draft)), indicator=indicator)

        editing.change(
            draft, indicator, said_of(indicator, unit="procent"), seen=version_of(indicator), by=rut
        )

        indicator.refresh_from_db()
        assert indicator.unit == "procent"

    def test_another_plans_is_not_written_here(self, draft):
        theirs = make_indicator()
        make_target(make_goal(make_challenge(make_draft(year=2017))), indicator=theirs)
        nobodys = make_indicator()

        assert list(kinds.indicators_of(draft.plan)) == [nobodys]
        assert theirs not in kinds.indicators_to_choose(draft.plan)


class TestMoving:
    def test_a_row_passes_the_one_before_it_and_no_other_is_touched(self, draft, rut):
        challenge = make_challenge(draft)
        one, two, three = (make_activity(challenge, title=each, order=n) for n, each in enumerate("ABC", 7))

        told = editing.move(draft, three, Way.UP, by=rut)

        assert titles(challenge.activities.all()) == ["A", "C", "B"]
        assert told == "”C” står nu som nummer 2 av 3."
        assert one.history.count() == 1
        assert (two.history.count(), two.history.first().history_user) == (2, rut)

    def test_the_first_and_the_last_stay(self, draft, rut):
        challenge = make_challenge(draft)
        one, two = (make_activity(challenge, title=each, order=n) for n, each in enumerate("AB", 1))

        assert editing.move(draft, one, Way.UP, by=rut) == "”A” står redan först."
        assert editing.move(draft, two, Way.DOWN, by=rut) == "”B” står redan sist."
        assert titles(challenge.activities.all()) == ["A", "B"]

    def test_rows_with_the_same_number_get_one_each(self, draft, rut):
        challenge = make_challenge(draft)
        rows = [make_activity(challenge, title=each) for each in "ABC"]

        editing.move(draft, rows[2], Way.UP, by=rut)

        assert titles(challenge.activities.all()) == ["A", "C", "B"]
        assert orders(ACTIVITIES, rows[0]) == [1, 2, 3]

    def test_an_activity_comes_to_the_next_heading_first(self, draft, rut):
        challenge = make_challenge(draft)
        headings = ["Skola", "Skola", "Jobb"]
        rows = [make_activity(challenge, heading=each, order=n) for n, each in enumerate(headings)]

        told = editing.move(draft, rows[2], Way.UP, by=rut)

        assert [each.heading for each in challenge.activities.all()] == ["Skola", "Skola", "Skola"]
        assert list(challenge.activities.all()) == rows
        assert told.endswith("står nu under rubriken ”Skola”.")

    def test_a_goal_goes_to_another_challenge_with_its_targets(self, draft, rut):
        here, there = make_challenge(draft), make_challenge(draft, title="Dit")
        make_goal(there, order=3)
        goal = make_goal(here)
        target = make_target(goal)

        told = editing.move_to(draft, goal, there.key, by=rut)

        assert list(there.goals.all())[-1] == goal
        assert target.goal == goal
        assert YearlyTarget.objects.filter(goal__challenge=there).get() == target
        assert told.endswith("står nu sist under ”Dit”.")

    def test_a_challenge_goes_into_an_area_and_out_of_it(self, draft, rut):
        area, challenge = make_area(draft), make_challenge(draft)

        editing.move_to(draft, challenge, area.key, by=rut)
        assert Challenge.objects.get().area == area
        editing.move_to(draft, challenge, "", by=rut)
        assert Challenge.objects.get().area is None

    def test_what_it_was_to_stand_below_may_have_gone(self, draft, rut):
        with pytest.raises(NoLongerThere):
            editing.move_to(draft, make_goal(make_challenge(draft)), "borta", by=rut)


class TestRemoving:
    def test_all_that_stands_below_goes_with_it_and_comes_back_with_the_same_keys(self, draft, rut):
        area = make_area(draft)
        make_chapter(draft, area=area)
        challenge = make_challenge(draft, area=area)
        make_target(make_goal(challenge))
        make_activity(challenge, responsible=[make_organisation(), make_organisation()])
        stays = make_challenge(draft)
        before = everything(draft)

        removing.remove(draft, area, by=rut)
        assert [row.key for row in Challenge.objects.all()] == [stays.key]
        assert not Activity.objects.exists()
        assert not Chapter.objects.exists()

        removing.put_back(draft, KINDS["omraden"], area.key, by=rut)
        assert everything(draft) == before

    def test_whichever_of_what_went_together_is_asked_for_all_of_it_comes_back(self, draft, rut):
        challenge = make_challenge(draft)
        goals = [make_goal(challenge) for _each in range(2)]
        before = everything(draft)
        removing.remove(draft, challenge, by=rut)

        removing.put_back(draft, GOALS, goals[1].key, by=rut)

        assert everything(draft) == before

    def test_what_was_removed_before_does_not_come_back_with_it(self, draft, rut):
        challenge = make_challenge(draft)
        goal = make_goal(challenge)
        removing.remove(draft, goal, by=rut)
        removing.remove(draft, challenge, by=rut)

        removing.put_back(draft, KINDS["utmaningar"], challenge.key, by=rut)

        assert not Goal.objects.exists()

    def test_it_does_not_come_back_twice_or_where_there_is_no_place(self, draft, rut):
        challenge = make_challenge(draft)
        goal = make_goal(challenge)
        removing.remove(draft, goal, by=rut)
        removing.remove(draft, challenge, by=rut)

        with pytest.raises(NotDrafted, match="stod under finns inte"):
            removing.put_back(draft, GOALS, goal.key, by=rut)
        removing.put_back(draft, KINDS["utmaningar"], challenge.key, by=rut)
        with pytest.raises(NotDrafted, match="inget att ångra"):
            removing.put_back(draft, KINDS["utmaningar"], challenge.key, by=rut)
        assert Challenge.objects.count() == 1

    def test_it_comes_back_beside_what_was_written_and_moved_meanwhile(self, draft, rut):
        challenge, area = make_challenge(draft), make_area(draft)
        goals = [make_goal(challenge, key=key, order=order) for order, key in enumerate("abc", 1)]
        removing.remove(draft, goals[1], by=rut)
        editing.move(draft, goals[2], Way.UP, by=rut)
        editing.add(draft, GOALS, {"text": goals[1].text}, above=challenge.key, by=rut)
        editing.move_to(draft, challenge, area.key, by=rut)

        removing.put_back(draft, GOALS, "b", by=rut)

        assert challenge.goals.count() == 4
        assert {goal.key for goal in challenge.goals.all()} > {"a", "b", "c"}
        editing.move(draft, goals[1], Way.UP, by=rut)

    def test_a_target_does_not_come_back_beside_another_of_its_sort(self, draft, rut):
        goal, indicator = make_goal(make_challenge(draft)), make_indicator()
        first = make_target(goal, indicator=indicator, year=2017, value=75)
        removing.remove(draft, first, by=rut)
        said = said_of(first, value=Decimal(80))
        editing.add(draft, TARGETS, said, above=goal.key, by=rut)

        with pytest.raises(ValidationError, match="redan ett sådant målvärde för 2017: minst 80"):
            editing.add(draft, TARGETS, said, above=goal.key, by=rut)
        with pytest.raises(NotDrafted, match="redan ett sådant målvärde för 2017: minst 80"):
            removing.put_back(draft, TARGETS, first.key, by=rut)

    def test_it_does_not_come_back_once_it_has_been_said_why_it_ended(self, draft, rut):
        activity = make_activity(make_challenge(draft))
        removing.remove(draft, activity, by=rut)
        make_ending(draft, key=activity.key)

        with pytest.raises(NotDrafted, match="förs inte vidare"):
            removing.put_back(draft, ACTIVITIES, activity.key, by=rut)

    def test_what_has_been_reported_on_stays_in_a_correction(self, rut):
        challenge = make_challenge(make_revision())
        activity = make_activity(challenge)
        make_report(make_followup(challenge.revision), activity)
        free = make_activity(challenge)
        correction = start_correction(challenge.revision, "Fel namn.", by=rut)

        for row in (
            Activity.objects.get(revision=correction, key=activity.key),
            correction.challenge_rows.get(),
        ):
            with pytest.raises(NotDrafted, match="har rapporter"):
                removing.remove(correction, row, by=rut)
        removing.remove(correction, Activity.objects.get(revision=correction, key=free.key), by=rut)

    def test_only_a_draft_is_removed_from(self, draft, rut):
        term = make_term(draft)
        Revision.objects.filter(pk=draft.pk).update(state=State.ADOPTED)

        with pytest.raises(NoLongerDraft):
            removing.remove(draft, term, by=rut)
        assert Term.objects.exists()


def everything(draft: Revision) -> list[list[dict[str, Any]]]:
    return [list(kind.objects.filter(revision=draft).order_by("pk").values()) for kind in removing.ROWS]


def test_responsibilities_without_a_line_in_the_log_have_always_been(draft, rut):
    """What a fixture loads has none."""
    one = make_organisation(key="ett")
    activity = make_activity(make_challenge(draft))
    make_responsibility(activity, one)
    Responsibility.history.all().delete()
    Activity.history.all().delete()

    assert version_of(activity) == "0.0"
    assert stands.said_at(ACTIVITIES, activity, "0.0")["lead"] == "ett"
    said = said_of(activity, title="Nytt", lead=[])
    editing.change(draft, activity, said, seen="0.0", by=rut)
    assert says(ACTIVITIES, activity)["lead"] == ""
