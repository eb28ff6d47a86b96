"""What is searched: kinds of rows, which of them a reader may see, their words, and where each is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplan.models import Activity, Challenge, Chapter, Goal, Plan, Term, YearlyTarget
from followup.models import FollowUp
from followup.queries import Standpoint, assessments_in, reports_in, reviews_in
from portal.search.readable import Readable


@dataclass(frozen=True)
class Place:
    """What a row that was found is called, and where it is read."""

    label: str
    title: str
    url: str
    is_example: bool = False


@dataclass(frozen=True)
class Source:
    """Rows of a kind. Their words are found in `title`, if they have one of their own, and in `texts`."""

    kind: str
    rows: Callable[[Readable], Any]
    place: Callable[[Any, Standpoint], Place]
    of: str
    title: str = ""
    texts: tuple[str, ...] = ()
    """`of` is what a row stands in, whose plan is its own; empty for a plan itself."""

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.title, *self.texts) if self.title else self.texts

    def plan_of(self, row: Any) -> int:
        return getattr(row, self.of).plan_id if self.of else row.pk


KINDS: Sequence[tuple[str, Promise]] = (
    ("planer", gettext_lazy("Planer")),
    ("utmaningar", gettext_lazy("Utmaningar")),
    ("mal", gettext_lazy("Mål och indikatorer")),
    ("aktiviteter", gettext_lazy("Aktiviteter")),
    ("uppfoljning", gettext_lazy("Uppföljning")),
    ("avsnitt", gettext_lazy("Avsnitt")),
    ("ord", gettext_lazy("Ordförklaringar")),
)
"""What can be asked for alone, by what it is called in addresses."""


def standing_in(model: Any, *related: str) -> Callable[[Readable], Any]:
    """Rows of the revisions that the plans' pages show."""

    def rows(readable: Readable) -> Any:
        found = model.objects.filter(revision__in=readable.revisions)
        return found.select_related("revision", *related)

    return rows


def said_in(told: Callable[..., Any], *related: str) -> Callable[[Readable], Any]:
    """What has been said in the years that the reader may see."""

    def rows(readable: Readable) -> Any:
        return told(readable.standings.values()).select_related("followup", *related)

    return rows


def plans(readable: Readable) -> Any:
    return Plan.objects.filter(pk__in=list(readable.standings))


def targets(readable: Readable) -> Any:
    """A target of each indicator of each plan: an indicator has a page in every plan that uses it."""
    found = YearlyTarget.objects.filter(revision__in=readable.revisions)
    same = found.filter(revision=OuterRef("revision"), indicator=OuterRef("indicator"), pk__lt=OuterRef("pk"))
    return found.filter(~Exists(same)).select_related("revision", "indicator")


def place_of_plan(row: Plan, standing: Standpoint) -> Place:
    return Place(row.kind, row.title, reverse("plan", args=[row.slug]), standing.is_example)


def challenge_page(challenge: Challenge, standing: Standpoint) -> str:
    return reverse("challenge", args=[standing.plan.slug, challenge.key])


def place_of_challenge(row: Challenge, standing: Standpoint) -> Place:
    return Place(standing.plan.words.challenge.capitalize(), row.title, challenge_page(row, standing))


def place_of_goal(row: Goal, standing: Standpoint) -> Place:
    return Place(_("Mål"), row.text, challenge_page(row.challenge, standing))


def place_of_indicator(row: YearlyTarget, standing: Standpoint) -> Place:
    url = reverse("indicator", args=[standing.plan.slug, row.indicator.slug])
    return Place(_("Indikator"), row.indicator.name, url)


def place_of_activity(row: Activity, standing: Standpoint) -> Place:
    url = reverse("activity", args=[standing.plan.slug, row.key])
    return Place(standing.plan.words.activity.capitalize(), row.title, url)


def place_of_report(row: Any, standing: Standpoint) -> Place:
    url = reverse("activity", args=[standing.plan.slug, row.activity.key])
    return said_of(_("Läget %(year)d"), row.activity.title, url, row.followup)


def place_of_review(row: Any, standing: Standpoint) -> Place:
    url = in_year(row.followup, row.challenge, standing)
    return said_of(_("Uppföljning %(year)d"), row.challenge.title, url, row.followup)


def place_of_assessment(row: Any, standing: Standpoint) -> Place:
    url = in_year(row.followup, row.goal.challenge, standing)
    return said_of(_("Måluppfyllelse %(year)d"), row.goal.text, url, row.followup)


def said_of(label: str, title: str, url: str, followup: FollowUp) -> Place:
    return Place(label % {"year": followup.year}, title, url, followup.is_example)


def in_year(followup: FollowUp, challenge: Challenge, standing: Standpoint) -> str:
    return f"{reverse('followup', args=[standing.plan.slug, followup.year])}#{challenge.key}"


def in_document(standing: Standpoint, anchor: str) -> str:
    """A place in the plan as it was decided for its year."""
    return f"{reverse('revision', args=[standing.plan.slug, standing.revision.year])}#{anchor}"


def place_of_chapter(row: Chapter, standing: Standpoint) -> Place:
    return Place(_("Avsnitt"), row.title, in_document(standing, f"avsnitt-{row.key}"))


def place_of_term(row: Term, standing: Standpoint) -> Place:
    return Place(_("Ordförklaring"), row.term, in_document(standing, "ordforklaringar"))


SOURCES: Sequence[Source] = (
    Source("planer", plans, place_of_plan, "", "title", ("document_name", "applies_to")),
    Source(
        "utmaningar", standing_in(Challenge), place_of_challenge, "revision",
        "title", ("purpose", "strategy", "text"),
    ),
    Source("mal", standing_in(Goal, "challenge"), place_of_goal, "revision", "text"),
    Source(
        "mal", targets, place_of_indicator, "revision",
        "indicator__name", ("indicator__short_name", "indicator__description"),
    ),
    Source(
        "aktiviteter", standing_in(Activity), place_of_activity, "revision",
        "title", ("heading", "description", "expected_result", "responsible_text"),
    ),
    Source(
        "uppfoljning", said_in(reports_in, "activity"), place_of_report, "followup",
        texts=("comment", "result", "reason", "action"),
    ),
    Source(
        "uppfoljning", said_in(reviews_in, "challenge"), place_of_review, "followup",
        texts=("purpose", "deviations", "proposals"),
    ),
    Source(
        "uppfoljning", said_in(assessments_in, "goal__challenge"), place_of_assessment, "followup",
        texts=("reason", "action", "no_action"),
    ),
    Source("avsnitt", standing_in(Chapter), place_of_chapter, "revision", "title", ("text",)),
    Source("ord", standing_in(Term), place_of_term, "revision", "term", ("explanation",)),
)  # fmt: skip
