"""What an import into a draft works with: the plan, who imports, and what its rows may refer to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from actionplan.kinds import indicators_of, indicators_to_choose, organisations_open_to
from actionplan.models import Activity, Area, Challenge, Goal, Indicator, Plan, Revision, Row
from exchange.resources import Known, folded
from municipalities.history import remember
from municipalities.models import Municipality, Organisation, User

NO_ORGANISATION = _("Organisationen ”%(name)s” finns inte. Rätta namnet, eller lägg upp den först.")
NO_MUNICIPALITY = _("Kommunen ”%(name)s” finns inte. Skriv som i listan, till exempel Enköpings kommun.")
NO_INDICATOR = _("Indikatorn ”%(name)s” finns varken i bladet Indikatorer eller i portalen.")
NOT_THERE = {
    Area: _("Området ”%(name)s” finns varken i bladet Områden eller i arbetsmaterialet."),
    Challenge: _("Utmaningen ”%(name)s” finns varken i bladet Utmaningar eller i arbetsmaterialet."),
    Goal: _("Målet ”%(name)s” finns varken i bladet Mål eller i arbetsmaterialet."),
    Activity: _("Aktiviteten ”%(name)s” finns varken i bladet Aktiviteter eller i arbetsmaterialet."),
}
NEEDED = {
    Challenge: _("Skriv vilken utmaning raden hör till."),
    Goal: _("Skriv vilket mål raden hör till."),
    Activity: _("Skriv vilken aktivitet raden hör till."),
}


class Named(Known):
    """Organisations, which files tell by name where that is theirs alone."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        if value is None:
            return ""
        alike = self.by_name.get(folded(value.name), ())
        return value.key if len(alike) > 1 else value.name


class Slugged(Known):
    """Indicators, whose key is called otherwise."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value.slug


class Work:
    """A plan on its way in or out: its draft, or another revision where it is only written to a file.

    `by`: who imports it; None on its way out. `why`: what the log of changes says of each row.
    """

    def __init__(self, plan: Plan, draft: Revision | None, *, by: User | None = None, why: str = "") -> None:
        self.plan, self.by, self.why = plan, by, why
        self._draft = draft
        self._rows: dict[type[Row], Known] = {}

    @property
    def is_begun(self) -> bool:
        """Whether there is a draft to import into; of a new plan that isn't so until its own row is read."""
        return self._draft is not None

    @property
    def draft(self) -> Revision:
        if self._draft is None:
            raise ValueError("the plan has no draft yet")
        return self._draft

    def begin(self, draft: Revision) -> None:
        self._draft = draft

    @property
    def author(self) -> User:
        if self.by is None:
            raise ValueError("a plan that is only written to a file is never saved")
        return self.by

    def remember(self, thing: Any) -> Any:
        """`thing`, which tells the log of changes who imports it when it is saved, and from where."""
        return remember(thing, self.author, self.why)

    @property
    def may_all(self) -> bool:
        return self.by is None or self.by.administers

    @cached_property
    def organisations(self) -> Named:
        """Those that may answer for an activity."""
        chosen = organisations_open_to(self.by, self.plan) if self.by else Organisation.objects.all()
        return offering(Named(missing=NO_ORGANISATION, needed=_("Skriv en organisation.")), chosen)

    @cached_property
    def municipalities(self) -> Named:
        return offering(Named(missing=NO_MUNICIPALITY), Municipality.objects.all())

    @cached_property
    def indicators(self) -> Slugged:
        """Those that a target may have, and those that come in the file."""
        chosen = Indicator.objects.all() if self.may_all else indicators_to_choose(self.plan)
        known = Slugged(missing=NO_INDICATOR, needed=_("Skriv en indikator."))
        for each in chosen:
            known.offer(each, each.slug, each.name, each.short_name)
        return known

    @cached_property
    def own_indicators(self) -> set[int]:
        """Ids of those that may be written in with this plan."""
        chosen = Indicator.objects.all() if self.may_all else indicators_of(self.plan)
        return set(chosen.values_list("pk", flat=True))

    def rows(self, model: type[Row]) -> Known:
        """The rows of the kind in the draft, and those that come in the file, by key or wording."""
        if model not in self._rows:
            self._rows[model] = known = Known(missing=NOT_THERE[model], needed=NEEDED.get(model, ""))
            for each in model.objects.filter(revision=self._draft) if self.is_begun else ():
                known.offer(each, each.key, str(each))
        return self._rows[model]


def offering(known: Named, organisations: Iterable[Organisation]) -> Named:
    for each in organisations:
        known.offer(each, each.key, each.name, each.short_name)
    return known
