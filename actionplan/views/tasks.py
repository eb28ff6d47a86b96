"""What one writes in, moves or removes, on whichever page: a thing of a draft, or one that is to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from actionplan import kinds
from actionplan.crumbs import Crumbs, crumbs_to_draft
from actionplan.kinds import Kind, NoLongerThere
from actionplan.models import Activity, Challenge, Goal, Indicator, Plan, Revision, Row, YearlyTarget
from publishing.languages import as_content


@dataclass(frozen=True)
class Task:
    """A thing of the draft, or a new one, below `above` where there is something above.

    The draft and the thing may be gone since the page was shown.
    """

    plan: Plan
    draft: Revision | None
    kind: Kind
    key: str = ""
    thing: Any = None
    above: Row | None = None

    @property
    def is_new(self) -> bool:
        return not self.key

    @property
    def address(self) -> str:
        if self.is_new:
            return reverse("add-draft-row", args=[self.plan.slug, self.kind.word])
        return reverse("draft-row", args=[self.plan.slug, self.kind.word, self.key])

    @property
    def name(self) -> str:
        return name_of(self.kind, self.plan)

    @property
    def challenge(self) -> Challenge | None:
        """The challenge that the thing is or stands in, or is to stand in."""
        return challenge_of(self.thing if self.thing is not None else self.above)

    @property
    def back(self) -> str:
        """The address of the place where the thing stands, or is to stand."""
        if self.thing is not None:
            return where_it_stands(self.plan, self.kind, self.thing)
        return page_of(self.plan, self.challenge)

    @property
    def crumbs(self) -> Crumbs:
        """The way to the thing: by the draft, and the challenge where it stands in one."""
        if self.challenge is None:
            return crumbs_to_draft(self.plan, self.draft)
        step = (as_content(self.challenge.title), page_of(self.plan, self.challenge))
        return crumbs_to_draft(self.plan, self.draft, step)


def task_of(plan: Plan, draft: Revision | None, kind: Kind, key: str) -> Task:
    """The task with what has the key; with nothing when it isn't there, or there is no draft."""
    try:
        thing = kinds.found(kind, draft, key) if draft else None
    except NoLongerThere:
        thing = None
    return Task(plan, draft, kind, key, thing)


def name_of(kind: Kind, plan: Plan) -> str:
    """What a thing of the kind is called: by the plan's own word where it has one."""
    own: dict[Any, str] = {Challenge: plan.words.challenge, Activity: plan.words.activity}
    return own.get(kind.model) or str(kind.model._meta.verbose_name)


def names_of(kind: Kind, plan: Plan) -> str:
    """What several of them are called."""
    own: dict[Any, str] = {Challenge: plan.words.challenges, Activity: plan.words.activities}
    return own.get(kind.model) or str(kind.model._meta.verbose_name_plural)


def where_it_stands(plan: Plan, kind: Kind, thing: Any) -> str:
    """The address of the place where the thing is worked on."""
    page = page_of(plan, challenge_of(thing))
    return page if isinstance(thing, (Challenge, Indicator)) else f"{page}#{kind.word}-{thing.key}"


def page_of(plan: Plan, challenge: Challenge | None) -> str:
    """The address of the page on which a challenge is worked on; without one, the draft's own."""
    if challenge is None:
        return reverse("draft", args=[plan.slug])
    return reverse("draft-challenge", args=[plan.slug, challenge.key])


def challenge_of(thing: Any) -> Challenge | None:
    """The challenge that the thing is or stands in; None for what stands on the draft's own page."""
    match thing:
        case Challenge():
            return thing
        case Goal() | Activity():
            return thing.challenge
        case YearlyTarget():
            return thing.goal.challenge
    return None
