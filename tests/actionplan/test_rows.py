"""Rows of a revision: their keys, what they hang together with, and that decided ones stay as they are."""

import pytest
from django.core.exceptions import ValidationError
from django.forms import modelform_factory
from hypothesis import given
from hypothesis import strategies as st

from actionplan.keys import LENGTH, free_key
from actionplan.models import Activity, Revision, State
from tests.actionplan.test_promises import MAKE_ROW
from tests.builders import (
    make_activity,
    make_area,
    make_challenge,
    make_chapter,
    make_draft,
    make_goal,
    make_indicator,
    make_municipality,
    make_organisation,
    make_plan,
    make_responsibility,
    make_revision,
    make_target,
)

ADOPTED = "Revideringen är fastställd och kan inte ändras."
ELSEWHERE = "Raden finns i en annan revidering."


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Utöka innehållet i Mälardalskartan", "utoka-innehallet-i-malardalskartan"),
        ("Åtgärder för ökad trygghet", "atgarder-for-okad-trygghet"),
        ("Genomföra pilotprojekt/ ev. förstudie", "genomfora-pilotprojekt-ev-forstudie"),
        ("…", "rad"),
        ("", "rad"),
    ],
)
def test_a_key_is_made_of_the_wording(text, key):
    assert free_key(text, set()) == key


def test_a_wording_that_is_taken_gets_the_next_number():
    assert free_key("NKI-uppföljning", {"nki-uppfoljning", "nki-uppfoljning-2"}) == "nki-uppfoljning-3"


@given(st.text(max_size=400), st.integers(0, 12))
def test_a_key_is_always_free_readable_and_short_enough_for_its_field(text, taken_already):
    taken: set[str] = set()
    for _each in range(taken_already):
        taken.add(free_key(text, taken))

    key = free_key(text, taken)

    assert key not in taken
    assert len(taken) == taken_already
    assert 0 < len(key) <= LENGTH + 3
    assert key.isascii()
    assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.django_db
class TestKeys:
    def test_a_row_saved_without_a_key_gets_one_and_keeps_it_when_reworded(self):
        activity = make_activity(title="Ta fram gemensamma e-tjänster")

        activity.title = "Ta fram fler e-tjänster"
        activity.save()

        assert activity.key == "ta-fram-gemensamma-e-tjanster"

    def test_two_rows_of_the_same_wording_get_keys_of_their_own(self):
        challenge = make_challenge()

        keys = [make_activity(challenge, title="Möte").key for _each in range(3)]

        assert keys == ["mote", "mote-2", "mote-3"]

    def test_a_new_row_is_not_taken_for_one_of_another_year(self):
        before = make_activity(make_challenge(make_revision(year=2016)), title="Möte")
        draft = make_draft(before.revision.plan, year=2017)

        assert make_activity(make_challenge(draft), title="Möte").key == "mote-2"

    def test_a_responsibility_is_called_by_its_activity_and_organisation(self):
        held = make_responsibility(make_activity(key="mote"), make_organisation(key="dusys"))

        assert held.key == "mote-dusys"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "row"),
    [
        ("area", lambda here: make_chapter(here, area=make_area(make_draft()))),
        ("area", lambda here: make_challenge(here, area=make_area(make_draft()))),
        ("challenge", lambda here: make_goal(make_challenge(make_draft()), revision=here)),
        ("challenge", lambda here: make_activity(make_challenge(make_draft()), revision=here)),
        ("goal", lambda here: make_target(make_goal(make_challenge(make_draft())), revision=here)),
        (
            "activity",
            lambda here: make_responsibility(make_activity(make_challenge(make_draft())), revision=here),
        ),
    ],
)
def test_a_row_may_not_hang_under_a_row_of_another_revision(field, row):
    with pytest.raises(ValidationError) as refusal:
        row(make_draft()).full_clean()

    assert refusal.value.message_dict == {field: [ELSEWHERE]}


@pytest.mark.django_db
def test_only_a_partner_of_the_plan_may_lead_a_challenges_follow_up():
    partner = make_municipality()
    revision = make_draft(make_plan(partners=[partner]))
    make_challenge(revision, followup_owner=partner).full_clean()

    with pytest.raises(ValidationError) as refusal:
        make_challenge(revision, followup_owner=make_municipality()).full_clean()

    assert refusal.value.message_dict == {"followup_owner": ["Kommunen deltar inte i planen."]}


@pytest.mark.django_db
@pytest.mark.parametrize("table", MAKE_ROW, ids=lambda table: table.__name__)
class TestAdopted:
    def test_a_decided_row_is_not_changed_by_a_form(self, table):
        row = MAKE_ROW[table](make_revision())
        form_class = modelform_factory(table, fields="__all__")
        unchanged = {
            name: value for name, value in form_class(instance=row).initial.items() if value is not None
        }

        form = form_class(unchanged | {"order": 7}, instance=row)

        assert form.errors == {"__all__": [ADOPTED]}

    def test_a_decided_row_is_not_deleted(self, table):
        row = MAKE_ROW[table](make_revision())

        with pytest.raises(ValidationError, match=ADOPTED):
            row.delete()

        assert table.objects.filter(pk=row.pk).exists()

    def test_a_row_is_not_moved_out_of_what_was_decided(self, table):
        row = MAKE_ROW[table](make_revision())

        row.revision = make_draft()

        with pytest.raises(ValidationError) as refusal:
            row.full_clean()
        assert ADOPTED in refusal.value.messages

    def test_nothing_is_added_to_what_was_decided(self, table):
        row = MAKE_ROW[table](make_revision())

        row.pk, row.key = None, "ny"

        with pytest.raises(ValidationError) as refusal:
            row.full_clean()
        assert ADOPTED in refusal.value.messages

    def test_a_row_of_a_draft_is_changed_and_deleted_freely(self, table):
        row = MAKE_ROW[table](make_draft())

        row.order = 7
        row.full_clean()
        row.save()
        row.delete()

        assert not table.objects.exists()


@pytest.mark.django_db
class TestRevision:
    def test_a_decided_revision_is_not_changed_by_a_form_not_even_back_into_a_draft(self):
        revision = make_revision()

        revision.state = State.DRAFT

        with pytest.raises(ValidationError, match=ADOPTED):
            revision.full_clean()

    def test_a_decided_revision_is_not_deleted(self):
        revision = make_revision()

        with pytest.raises(ValidationError, match=ADOPTED):
            revision.delete()

        assert Revision.objects.filter(pk=revision.pk).exists()

    def test_a_draft_is_adopted_and_a_draft_is_deleted(self):
        adopted, dropped = make_draft(), make_draft()

        adopted.state = State.ADOPTED
        adopted.full_clean()
        adopted.save()
        dropped.delete()

        assert list(Revision.objects.all()) == [adopted]

    @pytest.mark.parametrize(
        ("year", "in_force"), [(2015, None), (2016, 2016), (2017, 2016), (2018, 2018), (2030, 2018)]
    )
    def test_the_revision_in_force_is_the_latest_adopted_one_not_after_the_year(self, year, in_force):
        plan = make_plan()
        make_revision(plan, year=2016)
        make_draft(plan, year=2017)
        make_revision(plan, year=2018)

        first = plan.revisions.in_force(year).first()

        assert (first.year if first else None) == in_force


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        (2016, 2016, {2016}),
        (2017, 2018, {2017, 2018}),
        (None, None, {2015, 2016, 2017, 2018}),
        (2017, None, {2017, 2018}),
        (None, 2016, {2015, 2016}),
    ],
)
def test_an_activity_runs_in_its_years_and_in_those_that_nobody_has_told(first, last, years):
    activity = make_activity(first_year=first, last_year=last)

    running = {year for year in range(2015, 2019) if activity in Activity.objects.running_in(year)}

    assert running == years


@pytest.mark.django_db
class TestResponsible:
    def test_an_activity_that_nobody_answers_for_is_a_gap(self):
        gap, held = make_activity(), make_activity(responsible=[make_organisation(), make_organisation()])

        assert list(Activity.objects.without_responsible()) == [gap]
        gaps = {activity.pk: activity.has_responsible for activity in Activity.objects.with_gaps()}
        assert gaps == {gap.pk: False, held.pk: True}

    def test_a_municipality_answers_for_what_it_holds_and_what_those_it_represents_hold(self):
        eskilstuna, enkoping = make_municipality("Eskilstuna"), make_municipality("Enköping")
        dusys = make_organisation("DUsys", represented_by=[eskilstuna])
        own = make_activity(responsible=[eskilstuna])
        represented = make_activity(responsible=[dusys])
        make_activity(responsible=[enkoping])
        make_activity()

        assert set(Activity.objects.under_responsibility_of([eskilstuna.pk])) == {own, represented}


@pytest.mark.django_db
def test_an_indicator_is_shown_with_at_most_the_decimals_that_are_stored():
    with pytest.raises(ValidationError) as refusal:
        make_indicator(decimals=9).full_clean()

    assert list(refusal.value.message_dict) == ["decimals"]
