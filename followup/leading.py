"""Leading the year's round: each deed all or nothing, held to the table of stages and told in the journal.

A deed that can't be done raises ValidationError with the sentence for whoever asked for it, or
PermissionDenied where the stage doesn't allow it. Two who do something at once wait for each other at the
follow-up's row, and the second one is told what the first one did.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from actionplan.models import Activity, Plan, Revision
from followup.models import Assignment, Deed, FollowUp, Stage
from followup.models.stages import EXPLAINED, WHY_NOT, may_follow
from followup.notices import tell_opened
from followup.queries import can_report
from municipalities.history import REASON_LENGTH, remember
from municipalities.journal import note
from municipalities.models import Organisation, User
from publishing.formats import joined, long_date

Dates = tuple[date | None, date | None]
"""When a follow-up opens and is due; None where nobody has said."""


@transaction.atomic
def begin_year(
    plan: Plan, year: int, *, revision: Revision | None, opens: date | None, due: date | None, by: User
) -> FollowUp:
    """Plans the follow-up of `year`; of the revision that is in force then, unless another one is given."""
    followup = FollowUp(plan=plan, year=year, opens=opens, due=due)
    followup.revision = revision or in_force(plan, year)
    followup.full_clean()
    save(followup, by=by)
    note("followup.stage_changed", stage=str(followup.stage), **about(followup))
    return followup


def in_force(plan: Plan, year: int) -> Revision:
    """The plan's revision that is in force in `year`; raises ValidationError when there is none."""
    revision = Revision.objects.filter(plan=plan).in_force(year).first()
    if revision is None:
        raise ValidationError(
            {"year": _("Ingen fastställd revidering gäller %(year)d.") % {"year": year}}, code="none_in_force"
        )
    return revision


@transaction.atomic
def set_dates(followup: FollowUp, dates: Dates, *, seen: Dates, by: User) -> FollowUp:
    """Says when the follow-up opens and is due. `seen`: what they were when the page was shown."""
    followup = held(followup, Deed.PLAN)
    now = (followup.opens, followup.due)
    if now == dates:
        return followup
    if now != seen:
        raise ValidationError(
            _("Någon annan har ändrat datumen: öppnar %(opens)s, lämnas senast %(due)s. Spara igen."),
            params={"opens": day_or_none(followup.opens), "due": day_or_none(followup.due)},
        )
    followup.opens, followup.due = dates
    followup.full_clean()
    save(followup, by=by)
    facts = {name: day and day.isoformat() for name, day in zip(("opens", "due"), dates, strict=True)}
    note("followup.dates_changed", **about(followup), **facts)
    return followup


@transaction.atomic
def move(followup: FollowUp, to: Stage, *, seen: str, by: User, reason: str = "") -> FollowUp:
    """Moves the follow-up on in its round, or back. `seen`: the stage it was in when the page was shown.

    Publishing is no move of its own: it is done with the edition that it makes.
    """
    followup = FollowUp.objects.select_for_update(no_key=True).get(pk=followup.pk)
    before = followup.stage
    if before == to:
        raise ValidationError(_("Uppföljningen är redan %(stage)s."), params={"stage": in_text(to)})
    if before != seen:
        raise ValidationError(
            _("Någon annan hann före: uppföljningen är nu %(stage)s. Inget ändrades."),
            params={"stage": in_text(before)},
        )
    if to == Stage.PUBLISHED or not may_follow(before, to):
        raise ValidationError(
            _("En uppföljning som är %(before)s kan inte bli %(after)s."),
            params={"before": in_text(before), "after": in_text(to)},
        )
    explained = (before, to) in EXPLAINED
    why = right_reason(reason) if explained else ""
    followup.stage = to
    save(followup, by=by, reason=why)
    if explained:
        note("followup.reopened", stage=str(to), **about(followup))
    else:
        note("followup.stage_changed", stage=str(to), **about(followup))
    if to == Stage.OPEN:
        tell_opened(followup)
    return followup


def right_reason(reason: str) -> str:
    """The reason as the log can hold it; raises ValidationError when there is none, or too much of it."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Skriv varför uppföljningen öppnas för rättelse.")})
    if len(reason) > REASON_LENGTH:
        raise ValidationError(
            {"reason": _("Skriv kortare: högst %(most)d tecken.") % {"most": REASON_LENGTH}}
        )
    return reason


def why_reopened(followup: FollowUp) -> str:
    """The reason that was given when the follow-up was last opened for correction; empty when it isn't."""
    if not followup.is_reopened:
        return ""
    reasons = followup.history.exclude(history_change_reason=None).order_by("-history_date", "-history_id")
    return reasons.values_list("history_change_reason", flat=True).first() or ""


@transaction.atomic
def assign(
    followup: FollowUp, activities: Collection[Activity], organisation: Organisation, *, by: User
) -> list[Assignment]:
    """Lets `organisation` report the activities in the year; those that it reports already stay so."""
    held(followup, Deed.PLAN)
    refuse_strangers(followup, organisation)
    refuse_other_activities(followup, activities)
    there = {
        each.activity_id: each
        for each in followup.assignments.filter(activity__in=activities).select_related(
            "activity", "organisation"
        )
    }
    taken = [each for each in there.values() if each.organisation_id != organisation.pk]
    if taken:
        raise ValidationError(
            [
                _("%(who)s rapporterar redan ”%(activity)s”. Ta bort det först om någon annan ska göra det.")
                % {"who": each.organisation.short_name, "activity": each.activity.title}
                for each in taken
            ]
        )
    assignments = [
        Assignment(followup=followup, activity=activity, organisation=organisation)
        for activity in activities
        if activity.pk not in there
    ]
    with faster_than_others():
        bulk_create_with_history(assignments, Assignment, default_user=by)
    for each in assignments:
        note("assignment.given", **about_assignment(each))
    return assignments


def refuse_strangers(followup: FollowUp, organisation: Organisation) -> None:
    """Raises ValidationError for one with neither a part in the plan nor anyone who can report."""
    has_part = Plan.objects.filter(pk=followup.plan_id).parties().filter(pk=organisation.pk)
    reporting = can_report(Organisation.objects.filter(pk=organisation.pk))
    if not has_part.exists() and not reporting.filter(can_report=True).exists():
        raise ValidationError(
            {
                "organisation": _("%(who)s har varken del i planen eller någon samordnare. Välj någon annan.")
                % {"who": organisation.short_name}
            }
        )


def refuse_other_activities(followup: FollowUp, activities: Collection[Activity]) -> None:
    """Raises ValidationError when one of them isn't of the year."""
    followed_up = set(followup.activities().filter(pk__in=[each.pk for each in activities]).values_list("pk"))
    others = [each.title for each in activities if (each.pk,) not in followed_up]
    if others:
        titles = joined([f"”{each}”" for each in others])
        raise ValidationError(
            {"activities": _("%(titles)s ingår inte i årets uppföljning.") % {"titles": titles}}
        )


@transaction.atomic
def take_back(followup: FollowUp, activity: Activity, organisation: Organisation, *, by: User) -> None:
    """Lets `organisation` no longer report the activity in the year; what it has reported stays."""
    held(followup, Deed.PLAN)
    assignment = followup.assignments.filter(activity=activity, organisation=organisation).first()
    if assignment is None:
        raise ValidationError(
            _("%(who)s rapporterar inte längre ”%(activity)s”. Någon annan har redan ändrat det."),
            params={"who": organisation.short_name, "activity": activity.title},
        )
    facts = about_assignment(assignment)
    remember(assignment, by).delete()
    note("assignment.ended", **facts)


# What the deeds share


def held(followup: FollowUp, deed: Deed) -> FollowUp:
    """The follow-up as it is saved, kept in a stage that allows `deed` until the transaction ends."""
    followup.hold(deed)
    return FollowUp.objects.select_related("plan", "revision").get(pk=followup.pk)


def save(row: models.Model, *, by: User, reason: str = "") -> None:
    """Saves, with who did it in the log and why; raises ValidationError when someone was faster."""
    with faster_than_others():
        remember(row, by, reason).save()


@contextmanager
def faster_than_others() -> Iterator[None]:
    """Leaves nothing, and raises ValidationError, when the database refuses what someone else did first."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise ValidationError(_("Någon annan hann före. Läs igenom det som gäller nu.")) from error


def about(followup: FollowUp) -> dict[str, object]:
    return {"plan": followup.plan.slug, "year": followup.year}


def about_assignment(assignment: Assignment) -> dict[str, object]:
    return {
        **about(assignment.followup),
        "activity": assignment.activity.key,
        "organisation": assignment.organisation.key,
    }


def in_text(stage: str) -> str:
    """A stage in the middle of a sentence."""
    return str(Stage(stage).label).lower()


def day_or_none(day: date | None) -> str:
    return long_date(day) if day else _("inget datum")


def why_not(refusal: ValidationError | PermissionDenied) -> str:
    """The sentence of a refusal, whichever way it was told."""
    if isinstance(refusal, ValidationError):
        return " ".join(refusal.messages)
    return str(refusal) or str(WHY_NOT[Deed.PLAN])
