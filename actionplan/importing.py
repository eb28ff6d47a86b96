"""Importing a plan in two steps: into its draft, or as a new one. The tasks are what a worker does."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django_tasks import task

from actionplan.drafting import NotDrafted, draft_of, locked, no_longer_draft
from actionplan.models import Plan, Revision
from actionplan.workbook.importing import take_in
from actionplan.workbook.work import Work
from exchange import steps
from exchange.books import Book
from exchange.models import Stage, Upload
from exchange.telling import NotImported, Told
from municipalities.history import from_file

INTO_DRAFT, NEW_PLAN = "draft", "plan"
"""What a plan's workbook is sent for."""


def held_draft(upload: Upload) -> Revision:
    """The draft that the file is imported into, which nobody else writes in while that is done.

    Raises NotImported when the sender may no longer write there, or it is another draft by now.
    """
    plan = Plan.objects.with_parties().filter(slug=upload.about).first()
    if plan is None or not upload.owner.has_perm("actionplan.edit_draft", plan):
        raise NotImported(_("Du har inte behörighet att ändra i planen längre, så inget lästes in."))
    draft = draft_of(plan)
    if draft is None or draft.pk != upload.asked.get("draft"):
        raise NotImported(no_longer_draft())
    if upload.stage == Stage.SAVING:
        try:
            draft = locked(draft)
        except NotDrafted as gone:
            raise NotImported(str(gone)) from gone
    draft.plan = plan
    return draft


def into_draft(upload: Upload, book: Book) -> Told:
    draft = held_draft(upload)
    work = Work(draft.plan, draft, by=upload.owner, why=from_file(upload.name))
    return take_in(work, book, removes=bool(upload.asked.get("removes")))


def as_new_plan(upload: Upload, book: Book) -> Told:
    if not upload.owner.has_perm("municipalities.administrate"):
        raise NotImported(_("Bara en administratör lägger upp planer, så inget lästes in."))
    return take_in(Work(Plan(), None, by=upload.owner, why=from_file(upload.name)), book)


IMPORTERS: dict[str, steps.Importer] = {INTO_DRAFT: into_draft, NEW_PLAN: as_new_plan}


@task(priority=steps.SOMEBODY_WAITS)
def look_through(number: str, purpose: str) -> None:
    steps.look_through(number, IMPORTERS[purpose])


@task(priority=steps.SOMEBODY_WAITS)
def carry_out(number: str, purpose: str) -> None:
    steps.carry_out(number, IMPORTERS[purpose])
