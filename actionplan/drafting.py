"""Work on what isn't decided yet: a plan's draft is begun, held while it is written in, and thrown away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from actionplan.models import (
    Activity,
    Area,
    Challenge,
    Chapter,
    Decision,
    Ending,
    Goal,
    Plan,
    Responsibility,
    Revision,
    Row,
    State,
    Term,
    YearlyTarget,
)
from municipalities.history import REASON_LENGTH, remember
from municipalities.journal import note
from municipalities.models import Municipality, User
from publishing.models import Rendering

ROWS: tuple[type[Row], ...] = (
    Area, Chapter, Challenge, Goal, YearlyTarget, Activity, Responsibility, Term, Decision, Ending,
)  # fmt: skip
"""What a revision is made of; whatever a row belongs to comes before it."""

CARRIED_BY_THEMSELVES = (Area, Chapter, Challenge, Goal, YearlyTarget, Term)
"""What the next year begins with; activities are gone through one by one."""

YEARS_AHEAD = 5


class NotDrafted(Exception):
    """Nothing was done with the draft; the message is a sentence for the one who tried."""


class NoLongerDraft(NotDrafted):
    """What was written in has been adopted, or thrown away, since its page was shown."""


def draft_of(plan: Plan) -> Revision | None:
    """The plan's draft, of a year to come or of a correction; None when it has none."""
    return plan.revisions.filter(state=State.DRAFT).select_related("plan", "based_on", "corrects").first()


def locked(draft: Revision) -> Revision:
    """The draft, which nobody else can write in, adopt or throw away until the transaction is over.

    Raises NoLongerDraft when somebody has done so already.
    """
    drafts = Revision.objects.select_for_update().filter(state=State.DRAFT)
    found = drafts.filter(pk=draft.pk).first()
    if found is None:
        raise NoLongerDraft(no_longer_draft())
    found.plan = draft.plan
    return found


def no_longer_draft() -> str:
    return _("Arbetsmaterialet har fastställts eller kastats sedan du öppnade sidan, så inget sparades.")


def base_of(plan: Plan) -> Revision | None:
    """What the plan's next draft begins from: the revision adopted for the latest year, if there is one."""
    return plan.revisions.filter(state=State.ADOPTED).order_by("-year").first()


def years_to_begin(plan: Plan) -> list[int]:
    """The years that a draft may be begun for: after those decided, as long as the plan goes on.

    A plan without an end is revised at most so many years ahead.
    """
    base = base_of(plan)
    first = base.year + 1 if base else plan.first_year
    last = plan.last_year or first + YEARS_AHEAD - 1
    return list(range(first, last + 1))


def start(plan: Plan, base: Revision | None, year: int, *, by: User) -> Revision:
    """A draft from `base`, or an empty one where nothing has been decided yet."""
    if base is None:
        return start_first(plan, year, by=by)
    base.plan = plan
    return start_next(base, year, by=by)


@transaction.atomic
def start_plan(plan: Plan, partners: Iterable[Municipality], *, by: User) -> Plan:
    """Saves a new plan with its partners, and begins the draft of its first year.

    Raises NotDrafted when somebody has just given another plan its address.
    """
    try:
        with transaction.atomic():
            remember(plan, by).save()
    except IntegrityError as error:
        raise NotDrafted(_("En annan plan har redan den adressen.")) from error
    plan.partners.set(partners)
    start_first(plan, plan.first_year, by=by)
    return plan


@transaction.atomic
def start_first(plan: Plan, year: int, *, by: User) -> Revision:
    """An empty draft of a plan's first year."""
    refuse_if_it_cannot_begin(plan, year)
    return begun(Revision(plan=plan, year=year), by, "Första arbetsmaterialet")


@transaction.atomic
def start_next(base: Revision, year: int, *, by: User) -> Revision:
    """A draft of a later year, with all that stands in `base` but its activities; keys and order stay.

    Takes the same number of statements whatever its size. Raises NotDrafted when the plan has a draft, `base`
    isn't what was adopted last, or `year` isn't one that it can be revised for.
    """
    refuse_if_it_cannot_begin(base.plan, year)
    last = base_of(base.plan)
    if base != last or year <= base.year:
        raise NotDrafted(_("Välj ett år efter %(year)d.") % {"year": (last or base).year})
    reason = f"Arbetsmaterial för {year}, från planen för {base.year}"
    draft = begun(Revision(plan=base.plan, year=year, based_on=base), by, reason)
    copy_rows(base, draft, CARRIED_BY_THEMSELVES, by=by, reason=reason)
    return draft


@transaction.atomic
def start_correction(revision: Revision, correction: str, *, by: User) -> Revision:
    """A copy of an adopted revision, to correct; the revision itself stays in force meanwhile.

    Raises NotDrafted when the plan has a draft, `revision` isn't adopted, or `correction` says nothing.
    """
    refuse_if_it_has_a_draft(revision.plan)
    correction = correction.strip()
    if not correction:
        raise NotDrafted(_("Skriv vad som rättas."))
    if not revision.is_adopted:
        raise NotDrafted(_("Bara en fastställd revidering kan rättas."))
    same = ("plan", "year", "decided_by", "decided_on", "registry_number", "note", "based_on")
    copied: dict[str, Any] = {name: getattr(revision, name) for name in same}
    reason = f"Rättelse av planen för {revision.year}"
    draft = begun(Revision(**copied, corrects=revision, correction=correction), by, reason)
    copy_rows(revision, draft, ROWS, by=by, reason=reason)
    return draft


@transaction.atomic
def discard(draft: Revision, *, by: User) -> None:
    """Throws the draft away with all that stands in it; the log of changes has it still.

    Raises NoLongerDraft when it has been adopted, or thrown away, already.
    """
    draft = locked(draft)
    take_away(draft, by, "Arbetsmaterialet kastades")
    note("draft.discarded", plan=draft.plan.slug, year=draft.year)


def take_away(draft: Revision, by: User, reason: str) -> None:
    """Removes the draft's rows and the draft, each with its line in the log of changes.

    Takes the same number of statements whatever its size.
    """
    Rendering.objects.of(draft.document).delete()
    for kind in reversed(ROWS):
        remove_all(kind, kind.objects.filter(revision=draft), by=by, reason=reason)
    remember(draft, by, reason).delete()


def refuse_if_it_cannot_begin(plan: Plan, year: int) -> None:
    """Raises NotDrafted when the plan has a draft already, or can't be revised for the year."""
    refuse_if_it_has_a_draft(plan)
    if year < plan.first_year or (plan.last_year and year > plan.last_year):
        words = {"first": plan.first_year, "last": plan.last_year}
        raise NotDrafted(
            _("Planen gäller åren %(first)d–%(last)d.") % words
            if plan.last_year
            else _("Planen gäller från %(first)d.") % words
        )
    if plan.revisions.filter(year=year).exists():
        raise NotDrafted(_("Planen har redan en revidering för %(year)d.") % {"year": year})


def refuse_if_it_has_a_draft(plan: Plan) -> None:
    """Raises NotDrafted when the plan has a draft; nobody else begins one until the transaction is over."""
    Plan.objects.select_for_update().get(pk=plan.pk)
    if draft := draft_of(plan):
        raise NotDrafted(
            _("En rättelse av planen för %(year)d pågår. Fastställ eller kasta den först.")
            % {"year": draft.year}
            if draft.is_correction
            else _("Arbetet med planen för %(year)d pågår. Fastställ eller kasta det först.")
            % {"year": draft.year}
        )


def begun(draft: Revision, by: User, reason: str) -> Revision:
    draft.full_clean()
    remember(draft, by, reason).save()
    note("draft.begun", plan=draft.plan.slug, year=draft.year)
    return draft


def copy_rows(
    source: Revision, target: Revision, kinds: Iterable[type[Row]], *, by: User, reason: str
) -> None:
    """Copies rows of those kinds, parents first, with their keys and order and a line each in the log.

    Why a target was changed is said in the revision that changed it, and not copied to a later year.
    """
    copies: dict[type[Row], dict[int, Row]] = {}
    for kind in kinds:
        rows = copies[kind] = {row.pk: row for row in kind.objects.filter(revision=source).order_by("pk")}
        for row in rows.values():
            become_a_copy(row, target, copies)
        create_all(kind, rows.values(), by=by, reason=reason)


def become_a_copy(row: Row, target: Revision, copies: dict[type[Row], dict[int, Row]]) -> None:
    """Makes the row in hand one of `target`, yet to be saved, below the copies of what it stood below."""
    row.pk, row._state.adding, row.revision = None, True, target
    for name in row.within:
        parent: Any = row._meta.get_field(name).related_model
        above = getattr(row, f"{name}_id")
        setattr(row, name, copies[parent][above] if above else None)
    if isinstance(row, YearlyTarget) and not target.is_correction:
        row.reason = ""


def create_all(kind: type[Row], rows: Iterable[Row], *, by: User, reason: str) -> None:
    """Saves new rows, each with its line in the log of changes that tells who made it and why."""
    why = reason[:REASON_LENGTH]
    bulk_create_with_history(list(rows), kind, default_user=by, default_change_reason=why, batch_size=500)


def remove_all(
    kind: type[Row], rows: Iterable[Row], *, by: User, reason: str, at: datetime | None = None
) -> None:
    """Removes rows to which nothing points any more, each with its line in the log that tells who and why.

    `at`: the moment of it. The database alone would refuse; whether they may go is for the caller to ask.
    """
    lines = [
        kind.history.model(
            history_type="-",
            history_date=at or timezone.now(),
            history_user=by,
            history_change_reason=reason[:REASON_LENGTH] or None,
            **{field.attname: getattr(row, field.attname) for field in kind.history.model.tracked_fields},
        )
        for row in rows
    ]
    if lines:
        kind.history.model.objects.bulk_create(lines, batch_size=500)
        going = kind.objects.filter(pk__in=[line.id for line in lines])
        going._raw_delete(going.db)  # without asking for each row what points to it
