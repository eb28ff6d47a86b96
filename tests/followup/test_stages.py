"""The table of stages says what may be done when, and everything asks it."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from followup.models import Deed, FollowUp, Stage
from followup.models.stages import ALLOWED, EXPLAINED, MOVES, WHY_NOT, allows, may_follow
from tests.builders import make_followup


def test_every_stage_and_every_deed_is_in_the_tables():
    assert set(ALLOWED) == set(MOVES) == set(Stage)
    assert set(WHY_NOT) == set(Deed)
    assert {deed for deeds in ALLOWED.values() for deed in deeds} == set(Deed)


@pytest.mark.parametrize(
    ("stage", "deeds"),
    [
        ("planned", {"plan"}),
        ("open", {"plan", "report", "review", "answer", "remind"}),
        ("closed", {"plan", "review", "answer", "remind"}),
        ("published", set()),
    ],
)
def test_what_each_stage_allows(stage, deeds):
    assert {deed.value for deed in Deed if allows(stage, deed)} == deeds


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("planned", {"open"}),
        ("open", {"closed"}),
        ("closed", {"open", "published"}),
        ("published", {"closed"}),
    ],
)
def test_which_stage_follows_on_which(before, after):
    assert {stage.value for stage in Stage if may_follow(before, stage)} == after


def test_only_what_undoes_a_publication_asks_for_a_reason():
    assert {(Stage.PUBLISHED, Stage.CLOSED)} == EXPLAINED


@pytest.mark.django_db
@pytest.mark.parametrize("deed", Deed)
@pytest.mark.parametrize("stage", Stage)
def test_a_deed_is_held_against_the_stage_that_is_saved_and_not_the_one_that_was_read(stage, deed):
    followup = make_followup(stage=stage)
    read_before = FollowUp(pk=followup.pk, plan=followup.plan, revision=followup.revision, stage="open")

    with transaction.atomic():
        if allows(stage, deed):
            read_before.hold(deed)
        else:
            with pytest.raises(PermissionDenied, match=str(WHY_NOT[deed])):
                read_before.hold(deed)
