"""Numbered rows: what was said is added to, never changed; one of two who saw the same number is told so."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from followup.models import Conflict, Outcome, StatusReport
from tests.builders import (
    make_assessment,
    make_compared_value,
    make_followup,
    make_indicator,
    make_municipality,
    make_outcome,
    make_report,
    make_review,
)

pytestmark = pytest.mark.django_db


def after(report: StatusReport, seen: int) -> StatusReport:
    """A report of the same activity, not saved, written as number `seen` + 1."""
    copy = {"followup": report.followup, "activity": report.activity, "organisation": report.organisation}
    row = StatusReport(**copy, status="ongoing", comment="Nytt.")
    row.write_after(seen)
    return row


def test_the_rows_of_a_subject_are_numbered_from_one_each_for_itself():
    first = make_report()
    second = make_report(first.followup, first.activity)
    other = make_report(first.followup)

    assert (first.number, second.number, other.number) == (1, 2, 1)


def test_the_current_row_is_the_one_with_the_highest_number():
    first = make_report(status="ongoing")
    second = make_report(first.followup, first.activity, status="not_started")
    alone = make_report(first.followup)

    assert set(StatusReport.objects.current()) == {second, alone}


def test_the_second_of_two_who_saw_the_same_number_is_refused_and_nothing_of_it_is_kept():
    first = make_report(comment="Först.")

    with pytest.raises(Conflict):
        after(first, seen=0)

    assert [row.comment for row in StatusReport.objects.all()] == ["Först."]


def test_a_row_that_slips_in_between_the_look_and_the_writing_is_a_conflict_too(monkeypatch):
    first = make_report()
    count = type(StatusReport.objects.all()).count
    monkeypatch.setattr(type(StatusReport.objects.all()), "count", lambda rows: count(rows) - 1)

    with pytest.raises(Conflict):
        after(first, seen=0)

    assert StatusReport.objects.get() == first


@pytest.mark.parametrize("seen", [2, 7, -1])
def test_a_number_that_nobody_can_have_seen_is_a_conflict(seen):
    first = make_report()

    with pytest.raises(Conflict):
        after(first, seen=seen)

    assert StatusReport.objects.get() == first


def test_what_breaks_another_promise_is_no_conflict():
    first = make_report()
    second = StatusReport(
        followup=first.followup, activity=first.activity, organisation=first.organisation, status="completed"
    )

    with pytest.raises(IntegrityError, match="completed_tells_its_result"):
        second.write_after(1)


def test_a_conflict_leaves_the_rest_of_the_transaction_to_go_on():
    first = make_report()

    with transaction.atomic():
        with pytest.raises(Conflict):
            after(first, seen=0)
        after(first, seen=1)

    assert StatusReport.objects.count() == 2


def test_a_later_outcome_replaces_the_first_without_removing_it():
    indicator, municipality = make_indicator(), make_municipality()
    make_outcome(indicator, municipality, value=70)
    make_outcome(indicator, municipality, value=71)

    assert [row.value for row in Outcome.objects.order_by("number")] == [70, 71]
    assert Outcome.objects.current().get().value == 71


TEXTS = {
    make_report: "comment",
    make_review: "purpose",
    make_assessment: "action",
    make_outcome: "value",
    make_compared_value: "value",
}


@pytest.mark.parametrize("make", TEXTS)
class TestNeverChanged:
    """Tried with every kind of numbered row, after all migrations."""

    def test_the_code_refuses_to_save_it_again_and_to_delete_it(self, make):
        row = make()

        with pytest.raises(TypeError, match="never changed"):
            row.save()
        with pytest.raises(TypeError, match="never removed"):
            row.delete()

    def test_the_code_refuses_to_change_or_remove_many_at_once(self, make):
        rows = type(make()).objects.all()

        with pytest.raises(TypeError, match="never changed"):
            rows.update(number=7)
        with pytest.raises(TypeError, match="never changed"):
            rows.bulk_update(list(rows), ["number"])
        with pytest.raises(TypeError, match="never removed"):
            rows.delete()

    def test_the_database_refuses_a_change_of_any_column(self, make):
        row = make()
        rows = type(row)._base_manager.filter(pk=row.pk)
        other = make()
        changes = {
            field.attname: getattr(other, field.attname)
            for field in row._meta.concrete_fields
            if getattr(other, field.attname) != getattr(row, field.attname)
        } | {"number": F("number") + 1}

        assert len(changes) > 4
        for column, value in changes.items():
            with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
                rows.update(**{column: value})
        assert rows.get().number == 1

    def test_the_database_refuses_to_empty_a_column_or_to_fill_an_empty_one(self, make):
        row = make(author=None)
        rows = type(row)._base_manager.filter(pk=row.pk)

        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            rows.update(author=make_followup().pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(
                **{
                    TEXTS[make]: None
                    if TEXTS[make] == "value"
                    else ""
                    if getattr(row, TEXTS[make])
                    else "Nytt."
                }
            )

    def test_the_database_lets_the_same_values_be_written_again_as_when_a_fixture_is_loaded_twice(self, make):
        row = make()
        rows = type(row)._base_manager.filter(pk=row.pk)
        same = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}

        assert rows.update(**same) == 1
        row.save_base(raw=True)
