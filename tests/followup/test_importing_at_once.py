"""Many who import the same outcome at once: one does, and the others are told of it before they may."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from exchange.models import Stage, Upload
from exchange.steps import confirm, keep
from followup.importing import PURPOSE, about, carry_out_outcomes, look_through_outcomes
from followup.models import Outcome
from municipalities.models import Role
from tests.builders import (
    make_challenge,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_plan,
    make_revision,
    make_target,
    make_user,
)
from tests.followup.test_concurrency import WRITERS, at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_database")]


def test_of_many_who_said_yes_to_the_same_outcome_one_saves_it_and_the_others_are_asked_anew():
    plan = make_plan(partners=[make_municipality("Enköping")])
    revision = make_revision(plan, year=2016)
    nki = make_indicator()
    make_target(make_goal(make_challenge(revision)), indicator=nki, year=2016)
    make_followup(revision, year=2016)
    uploads = []
    for number in range(WRITERS):
        file = SimpleUploadedFile("nki.csv", f"Kommun;År;Värde\r\nEnköping;2016;{60 + number}\r\n".encode())
        editor = make_user(Role.EDITOR, plan.owner)
        upload = keep(file, purpose=PURPOSE, about=about(plan, nki), by=editor)
        look_through_outcomes.func(str(upload.pk))
        assert confirm(upload)
        uploads.append(str(upload.pk))

    at_once(lambda number: carry_out_outcomes.func(uploads[number]))

    stages = sorted(Upload.objects.values_list("stage", flat=True))
    assert stages == [Stage.DONE, *[Stage.TOLD] * (WRITERS - 1)]
    assert [outcome.number for outcome in Outcome.objects.all()] == [1]
    for upload in Upload.objects.filter(stage=Stage.TOLD):
        assert upload.problem.startswith("Något har ändrats sedan du såg")
        assert upload.would is not None
        assert upload.would.counts["changed"] == 1
