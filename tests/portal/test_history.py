"""The log of changes: a row of it for every change of what people edit, and never one without the other."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import models, transaction

from followup.models import NumberedRow
from municipalities.models import Organisation, Role
from tests import builders as make

pytestmark = pytest.mark.django_db


def an_assignment() -> models.Model:
    followup = make.make_followup()
    return make.make_assignment(followup, make.make_activity(make.make_challenge(followup.revision)))


EDITABLE: dict[str, tuple[Callable[[], models.Model], str, object]] = {
    "Organisation": (make.make_organisation, "name", "Ett nytt namn"),
    "User": (make.make_user, "name", "Ett nytt namn"),
    "Membership": (lambda: make.make_user(Role.READER).memberships.get(), "role", "editor"),
    "Invitation": (make.make_invitation, "role", "editor"),
    "Plan": (make.make_plan, "title", "En ny titel"),
    "Revision": (make.make_draft, "note", "Vad som ändrats"),
    "Area": (make.make_area, "title", "Ett nytt namn"),
    "Chapter": (make.make_chapter, "text", "En ny text"),
    "Challenge": (make.make_challenge, "purpose", "Ett nytt syfte"),
    "Goal": (make.make_goal, "text", "Ett nytt mål"),
    "Indicator": (make.make_indicator, "unit", "kronor"),
    "SeriesBreak": (make.make_series_break, "note", "En annan definition"),
    "YearlyTarget": (make.make_target, "value", 80),
    "Activity": (make.make_activity, "title", "En ny rubrik"),
    "Responsibility": (make.make_responsibility, "part", "taking_part"),
    "Term": (make.make_term, "explanation", "En ny förklaring"),
    "Ending": (make.make_ending, "reason", "Ett annat skäl"),
    "Decision": (make.make_decision, "decided_by", "Kommunstyrelsen"),
    "AccessibilityStatement": (make.make_statement, "text", "En annan redogörelse"),
    "FollowUp": (make.make_followup, "stage", "closed"),
    "Assignment": (an_assignment, "organisation_id", None),
    "ComparedArea": (make.make_compared_area, "title", "Hela riket"),
}
"""How each thing is made, and a change of it; without a value, another organisation."""


NEVER_EDITED = {"Notice", "AccessibilityReport", "KnownTable"}
"""Which mails were sent is itself a log, what visitors report is removed for good, and how a table was read
is only what the next one begins with."""


def test_everything_that_people_edit_has_a_log():
    tables = {
        table.__name__
        for app in ("municipalities", "actionplan", "followup", "portal")
        for table in apps.get_app_config(app).get_models()
        if not table._meta.proxy and not issubclass(table, NumberedRow)
    }

    logged = tables - NEVER_EDITED
    assert {name for name in logged if not name.startswith("Historical")} == set(EDITABLE)


@pytest.mark.parametrize("name", EDITABLE)
def test_making_changing_and_deleting_leave_a_row_each(name):
    make_it, field, value = EDITABLE[name]
    thing = make_it()
    log = type(thing).history  # type: ignore[attr-defined]
    key = thing.pk
    log.filter(id=key).exclude(history_type="+").delete()

    setattr(thing, field, value or make.make_organisation().pk)
    thing.save()
    models.Model.delete(thing)

    assert [row.history_type for row in log.filter(id=key).order_by("history_id")] == ["+", "~", "-"]
    changed = log.get(id=key, history_type="~")
    assert getattr(changed, field) == getattr(thing, field)


def test_who_represents_an_organisation_is_in_its_log():
    municipality = make.make_municipality()

    organisation = make.make_organisation(represented_by=[municipality])

    assert [each.municipality for each in organisation.history.first().represented_by.all()] == [municipality]


def test_who_takes_part_in_a_plan_is_in_its_log():
    municipality = make.make_municipality()

    plan = make.make_plan(partners=[municipality])

    assert [each.municipality for each in plan.history.first().partners.all()] == [municipality]


def test_a_change_that_is_undone_leaves_nothing_in_the_log():
    organisation = make.make_organisation("Före")

    with transaction.atomic():
        organisation.name = "Efter"
        organisation.save()
        assert organisation.history.filter(name="Efter").exists()
        transaction.set_rollback(True)

    assert not Organisation.history.filter(name="Efter").exists()
    assert Organisation.objects.get(pk=organisation.pk).name == "Före"


def test_a_change_whose_log_cannot_be_written_is_not_made_either(monkeypatch):
    organisation = make.make_organisation("Före")
    monkeypatch.setattr(Organisation.history.model, "save", lambda *args, **options: 1 / 0)

    organisation.name = "Efter"
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        organisation.save()

    assert Organisation.objects.get(pk=organisation.pk).name == "Före"
