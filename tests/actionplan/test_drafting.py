"""A draft is begun from what was decided, worked on, thrown away, or adopted: whole, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actionplan import editing, editions, kinds, removing
from actionplan.correcting import why_not_removed
from actionplan.drafting import (
    ROWS,
    NoLongerDraft,
    NotDrafted,
    discard,
    draft_of,
    locked,
    start_correction,
    start_first,
    start_next,
)
from actionplan.editions import adopt, proposal, report_of
from actionplan.models import (
    Activity,
    Challenge,
    Decision,
    Ending,
    Goal,
    Responsibility,
    Revision,
    State,
    Term,
    YearlyTarget,
)
from municipalities.models import User
from publishing.editions import NotPublished
from publishing.models import Publication
from tests.builders import (
    make_activity,
    make_area,
    make_challenge,
    make_chapter,
    make_decision,
    make_draft,
    make_ending,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_plan,
    make_report,
    make_responsibility,
    make_revision,
    make_target,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return make_user(name="Eva Ek")


@pytest.fixture(autouse=True)
def quick(monkeypatch) -> None:
    """A PDF that takes no time."""
    monkeypatch.setattr(editions, "revision_pdf", lambda report, imprint: b"%PDF-1.7")


@pytest.fixture
def revision() -> Revision:
    """The plan for 2016, with a row of each kind, published as edition 1."""
    revision = make_full_revision()
    editions.publish_revision(revision, by="Eva Ek")
    return revision


def make_full_revision(activities: int = 1) -> Revision:
    partner = make_municipality()
    plan = make_plan(partners=[partner], first_year=2015, last_year=2018)
    revision = make_revision(plan, year=2016, decided_by="KS")
    area = make_area(revision, order=3)
    make_chapter(revision, area=area, text="Om området.")
    challenge = make_challenge(revision, area=area, followup_owner=partner, key="service", title="Service")
    make_target(
        make_goal(challenge, key="nojda"), indicator=make_indicator(), key="nki", value=75, reason="Nytt."
    )
    for number in range(activities):
        make_activity(challenge, key=f"aktivitet-{number}", title=f"Nr {number}", responsible=[partner])
    make_term(revision, key="nki", term="NKI")
    make_decision(revision, partner, key="kommunen")
    make_ending(revision, key="gammal")
    return revision


def said(revision: Revision) -> dict[str, list[dict[str, Any]]]:
    """What the revision's rows say, whichever rows they are."""
    own = {"id", "revision_id", "area_id", "challenge_id", "goal_id", "activity_id"}
    return {
        kind.__name__: [
            {name: value for name, value in row.items() if name not in own}
            for row in kind.objects.filter(revision=revision).order_by("key").values()
        ]
        for kind in ROWS
    }


class TestBeginning:
    def test_the_next_year_has_all_but_the_activities_with_its_keys_and_order(self, revision, editor):
        draft = start_next(revision, 2017, by=editor)

        before, after = said(revision), said(draft)
        gone_through = ("Activity", "Responsibility", "Decision", "Ending")
        assert {kind for kind in after if not after[kind]} == set(gone_through)
        same = {"Area", "Chapter", "Challenge", "Goal", "Term"}
        assert {kind: after[kind] for kind in same} == {kind: before[kind] for kind in same}
        assert (draft.year, draft.state, draft.based_on) == (2017, State.DRAFT, revision)

    def test_its_rows_stand_below_each_other_and_not_below_the_earlier_ones(self, revision, editor):
        draft = start_next(revision, 2017, by=editor)

        target = YearlyTarget.objects.get(revision=draft)
        stand_in = {target.goal.revision, target.goal.challenge.revision, target.goal.challenge.area.revision}
        assert stand_in == {draft}

    def test_why_a_target_was_changed_stays_in_the_year_that_changed_it(self, revision, editor):
        draft = start_next(revision, 2017, by=editor)

        assert YearlyTarget.objects.get(revision=draft).reason == ""

    def test_every_copied_row_has_its_line_in_the_log(self, revision, editor):
        draft = start_next(revision, 2017, by=editor)

        for kind in (Challenge, Goal, YearlyTarget, Term):
            line = kind.objects.get(revision=draft).history.get()
            assert (line.history_user, line.history_type) == (editor, "+")
            assert line.history_change_reason == "Arbetsmaterial för 2017, från planen för 2016"

    def test_it_takes_as_many_statements_for_300_activities_as_for_three(self, editor):
        taken = []
        for activities in (3, 300):
            revision = make_full_revision(activities)
            with CaptureQueriesContext(connection) as statements:
                start_next(revision, 2017, by=editor)
            taken.append(len(statements))

        assert taken[0] == taken[1]

    def test_the_first_draft_of_a_plan_is_empty(self, editor):
        draft = start_first(make_plan(first_year=2019, last_year=None), 2019, by=editor)

        assert (draft.year, draft.state, draft.based_on) == (2019, State.DRAFT, None)

    @pytest.mark.parametrize(
        ("year", "sentence"),
        [
            (2016, "Planen har redan en revidering för 2016."),
            (2015, "Välj ett år efter 2016."),
            (2014, "Planen gäller åren 2015–2018."),
            (2019, "Planen gäller åren 2015–2018."),
        ],
    )
    def test_a_year_that_can_not_be_revised_for_is_refused(self, revision, editor, year, sentence):
        with pytest.raises(NotDrafted, match=sentence):
            start_next(revision, year, by=editor)

        assert draft_of(revision.plan) is None

    def test_an_open_plan_begins_with_its_first_year(self, editor):
        with pytest.raises(NotDrafted, match=r"Planen gäller från 2019\."):
            start_first(make_plan(first_year=2019, last_year=None), 2018, by=editor)

    def test_a_second_draft_is_refused_with_what_to_do(self, revision, editor):
        start_next(revision, 2017, by=editor)

        with pytest.raises(NotDrafted, match="Arbetet med planen för 2017 pågår"):
            start_next(revision, 2018, by=editor)
        with pytest.raises(NotDrafted, match="Arbetet med planen för 2017 pågår"):
            start_correction(revision, "Ett namn.", by=editor)

    def test_it_is_begun_from_what_was_adopted_last(self, revision, editor):
        make_revision(revision.plan, year=2017)

        with pytest.raises(NotDrafted, match="Välj ett år efter 2017"):
            start_next(revision, 2018, by=editor)

    def test_nothing_is_begun_from_what_is_not_decided(self, editor):
        plan = make_plan()
        draft = make_draft(plan, year=2016)
        Revision.objects.filter(pk=draft.pk).update(year=2015)

        with pytest.raises(NotDrafted):
            start_next(draft, 2017, by=editor)


class TestThrowingAway:
    def test_nothing_of_it_is_left_but_its_lines_in_the_log(self, revision, editor):
        before = said(revision)
        draft = start_next(revision, 2017, by=editor)
        make_activity(Challenge.objects.get(revision=draft), title="Ny")

        discard(draft, by=editor)

        assert list(Revision.objects.all()) == [revision]
        assert said(revision) == before
        line = Activity.history.get(title="Ny", history_type="-")
        assert (line.history_user, line.history_change_reason) == (editor, "Arbetsmaterialet kastades")

    def test_of_two_who_throw_it_away_the_second_is_told(self, revision, editor):
        draft = start_next(revision, 2017, by=editor)
        discard(draft, by=editor)

        with pytest.raises(NoLongerDraft, match="har fastställts eller kastats"):
            discard(draft, by=editor)

    def test_what_is_adopted_is_not_thrown_away(self, revision, editor):
        with pytest.raises(NoLongerDraft):
            discard(revision, by=editor)

        assert Revision.objects.filter(pk=revision.pk).exists()


class TestAdopting:
    def test_it_is_decided_read_only_and_published(self, revision, editor):
        draft = start_next(revision, 2017, by=editor)
        activity = make_activity(Challenge.objects.get(revision=draft), title="Nytt för i år")

        publication = adopt(draft, seen=proposal(draft)[0], by=editor)

        draft.refresh_from_db()
        assert draft.is_adopted
        assert (publication.document, publication.edition) == (draft.document, 1)
        assert publication.published_by == "Eva Ek"
        report = report_of(publication)
        assert (report.state, [each.title for each in report.activities]) == ("adopted", ["Nytt för i år"])
        with pytest.raises(ValidationError, match="fastställd"):
            activity.full_clean()
        assert draft.history.latest().history_user == editor

    def test_what_was_changed_since_the_page_was_shown_is_to_be_read_first(self, revision, editor):
        draft = start_next(revision, 2017, by=editor)
        seen = proposal(draft)[0]
        make_activity(Challenge.objects.get(revision=draft))

        with pytest.raises(NotPublished, match="ändrats sedan du öppnade sidan"):
            adopt(draft, seen=seen, by=editor)

        draft.refresh_from_db()
        assert not draft.is_adopted

    @pytest.mark.parametrize("meanwhile", ["changed", "adopted", "discarded"])
    def test_what_happens_while_the_pdf_is_made_undoes_it_all(self, revision, editor, monkeypatch, meanwhile):
        draft = start_next(revision, 2017, by=editor)

        def something_happens(report, imprint) -> bytes:
            if meanwhile == "changed":
                Challenge.objects.filter(revision=draft).update(title="Annat")
            elif meanwhile == "adopted":
                Revision.objects.filter(pk=draft.pk).update(state=State.ADOPTED)
            else:
                discard(draft, by=editor)
            return b"%PDF-1.7"

        monkeypatch.setattr(editions, "revision_pdf", something_happens)

        with pytest.raises(NotPublished):
            adopt(draft, seen=proposal(draft)[0], by=editor)

        assert not Publication.objects.of(draft.document).exists()

    def test_a_followup_that_is_under_way_stays_with_its_revision(self, revision, editor):
        followup = make_followup(revision, year=2017)
        draft = start_next(revision, 2017, by=editor)

        adopt(draft, seen=proposal(draft)[0], by=editor)

        followup.refresh_from_db()
        assert followup.revision == revision


class TestCorrecting:
    @pytest.fixture
    def correction(self, revision, editor) -> Revision:
        return start_correction(revision, "Ett namn.", by=editor)

    def test_it_is_a_copy_of_everything(self, revision, correction):
        assert said(correction) == said(revision)
        assert (correction.year, correction.decided_by) == (2016, "KS")
        assert revision.is_adopted

    def test_it_says_what_is_corrected(self, revision, editor):
        with pytest.raises(NotDrafted, match="Skriv vad som rättas"):
            start_correction(revision, " \n", by=editor)

    def test_brought_in_it_changes_adds_and_removes_by_key(self, revision, correction, editor):
        plan = revision.plan
        activity = Activity.objects.get(revision=revision)
        [challenge] = Challenge.objects.filter(revision=correction)
        other = make_challenge(correction, key="annan", title="En annan", order=9)
        Activity.objects.filter(revision=correction).update(title="Rättskriven", challenge=other)
        added = make_municipality()
        Responsibility.objects.filter(revision=correction).update(organisation=added)
        make_term(correction, key="nytt", term="Nytt")
        Term.objects.get(revision=correction, key="nki").delete()
        challenge.delete()
        Revision.objects.filter(pk=correction.pk).update(registry_number="KS 2016/12")
        expected = said(correction)

        publication = adopt(correction, seen=proposal(correction)[0], by=editor)

        [revision] = plan.revisions.all()
        activity.refresh_from_db()
        assert said(revision) == expected
        assert (activity.title, activity.challenge.revision) == ("Rättskriven", revision)
        assert activity.responsibilities.get().organisation_id == added.pk
        assert (revision.registry_number, revision.is_adopted) == ("KS 2016/12", True)
        assert (publication.edition, publication.corrects) == (2, "Ett namn.")
        assert activity.history.latest().history_change_reason == "Rättelse: Ett namn."

    def test_brought_in_unchanged_it_writes_no_rows(self, revision, correction, editor):
        before = {kind: kind.history.filter(revision=revision.pk).count() for kind in ROWS}
        lines = revision.history.count()

        adopt(correction, seen=proposal(correction)[0], by=editor)

        assert {kind: kind.history.filter(revision=revision.pk).count() for kind in ROWS} == before
        assert revision.history.count() == lines

    def test_the_log_tells_the_working_copys_end_apart_from_what_is_corrected(
        self, revision, correction, editor
    ):
        Term.objects.filter(revision=correction).delete()

        adopt(correction, seen=proposal(correction)[0], by=editor)

        gone = Term.history.filter(history_type="-", revision=revision.pk).latest()
        copy = Revision.history.filter(history_type="-", id=correction.pk).latest()
        assert gone.history_change_reason == "Rättelse: Ett namn."
        assert copy.history_change_reason == "Rättelsen är införd, så arbetsmaterialet behövs inte mer"

    def test_what_has_been_reported_goes_on_standing_on_its_activity(self, revision, correction, editor):
        report = make_report(make_followup(revision), Activity.objects.get(revision=revision))
        Activity.objects.filter(revision=correction).update(title="Rättskriven")

        adopt(correction, seen=proposal(correction)[0], by=editor)

        report.refresh_from_db()
        assert report.activity.title == "Rättskriven"

    def test_what_has_been_reported_is_not_taken_away(self, revision, correction, editor):
        make_report(make_followup(revision), Activity.objects.get(revision=revision))
        copy = Activity.objects.get(revision=correction)
        assert "”Nr 0” har rapporter" in why_not_removed(copy)
        copy.delete()

        with pytest.raises(NotPublished, match="”Nr 0” har rapporter"):
            adopt(correction, seen=proposal(correction)[0], by=editor)

        assert Activity.objects.filter(revision=revision).exists()
        assert Revision.objects.filter(pk=correction.pk).exists()
        assert Publication.objects.of(revision.document).count() == 1

    def test_what_it_stood_below_may_be_taken_away_once_it_stands_elsewhere(
        self, revision, correction, editor
    ):
        activity = Activity.objects.get(revision=revision)
        make_report(make_followup(revision), activity)
        challenge = Challenge.objects.get(revision=correction)
        make_challenge(correction, key="annan")
        copy = Activity.objects.get(revision=correction)
        with pytest.raises(NotDrafted, match="”Nr 0” har rapporter"):
            removing.remove(correction, challenge, by=editor)

        editing.move_to(correction, copy, "annan", by=editor)
        removing.remove(correction, challenge, by=editor)
        adopt(correction, seen=proposal(correction)[0], by=editor)

        activity.refresh_from_db()
        assert activity.challenge.key == "annan"
        assert not Challenge.objects.filter(key=challenge.key).exists()

    def test_the_rest_may_be_taken_away(self, revision, correction):
        assert why_not_removed(Challenge.objects.get(revision=correction)) == ""
        assert why_not_removed(make_activity(Challenge.objects.get(revision=correction))) == ""

    def test_a_draft_of_another_year_takes_anything_away(self, revision, editor):
        make_report(make_followup(revision), Activity.objects.get(revision=revision))
        draft = start_next(revision, 2017, by=editor)

        assert why_not_removed(make_activity(Challenge.objects.get(revision=draft), key="aktivitet-0")) == ""

    def test_only_what_is_decided_is_corrected(self, editor):
        draft = make_draft()
        Revision.objects.filter(pk=draft.pk).update(state=State.ADOPTED)

        with pytest.raises(NotDrafted, match="Bara en fastställd"):
            start_correction(draft, "Ett namn.", by=editor)

    def test_organisations_that_change_places_are_both_there(self, revision, editor):
        activity = Activity.objects.get(revision=revision)
        first = activity.responsibilities.get()
        second = make_responsibility(activity, make_municipality())
        correction = start_correction(revision, "Vilka som svarar.", by=editor)
        copies = Responsibility.objects.filter(revision=correction)
        copies.get(key=first.key).delete()
        copies.filter(key=second.key).update(organisation=first.organisation)

        adopt(correction, seen=proposal(correction)[0], by=editor)

        assert activity.responsibilities.get().organisation == first.organisation

    def test_decisions_come_with_it(self, revision, correction, editor):
        Decision.objects.filter(revision=correction).update(decided_by="KF")
        Ending.objects.filter(revision=correction).delete()

        adopt(correction, seen=proposal(correction)[0], by=editor)

        assert Decision.objects.get(revision=revision).decided_by == "KF"
        assert not Ending.objects.filter(revision=revision).exists()


def test_what_is_done_with_all_of_a_correction_takes_few_statements_whatever_its_size(editor):
    few, many = (statements_of_a_correction(make_full_revision(size), editor) for size in (3, 100))

    batches = 10  # SQLite takes fewer rows at a time than there are
    assert {deed: many[deed] <= few[deed] + batches for deed in many} == dict.fromkeys(few, True)


def statements_of_a_correction(revision: Revision, editor: User) -> dict[str, int]:
    """How many statements each deed takes, with a challenge that goes and comes back."""
    taken = {}

    def count(deed: str, do: Callable[[], Any]) -> Any:
        with CaptureQueriesContext(connection) as statements:
            done = do()
        taken[deed] = len(statements)
        return done

    editions.publish_revision(revision, by="Eva Ek")
    correction = count("begin", lambda: start_correction(revision, "Ett namn.", by=editor))
    challenge = Challenge.objects.get(revision=correction)
    count("remove", lambda: removing.remove(correction, challenge, by=editor))
    kind = kinds.kind_of(challenge)
    count("put back", lambda: removing.put_back(correction, kind, challenge.key, by=editor))
    seen = proposal(correction)[0]
    count("adopt", lambda: adopt(correction, seen=seen, by=editor))
    again = start_correction(revision, "Ett namn.", by=editor)
    count("throw away", lambda: discard(again, by=editor))
    return taken


def test_the_draft_is_held_by_whoever_writes_in_it(revision, editor):
    draft = start_next(revision, 2017, by=editor)

    assert locked(draft) == draft
    discard(draft, by=editor)
    with pytest.raises(NoLongerDraft):
        locked(draft)
