"""What a plan is compared with, and the values that Kolada has of it.

It has no part in any verdict: see docs/decisions/0036.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from actionplan.models import Indicator, Plan
from followup.models import AreaKind, ComparedArea, ComparedValue
from kolada.answers import COUNTRY, Area, Measure, Value
from kolada.client import Kolada
from municipalities.history import remember
from municipalities.models import User
from publishing.formats import swedish_key

THE_COUNTRY = Area(COUNTRY, "Riket", AreaKind.REGION.value)
"""What is offered first, and can be chosen also when Kolada doesn't answer."""

MOST = 20
"""With how many areas a plan is compared: a table of more is read by nobody."""

KEPT_FOR = 24 * 60 * 60
"""Seconds for which the list of areas is kept: it changes once a year."""


# What is chosen


def areas_there() -> list[Area]:
    """All that Kolada has values of. Raises NotFetched."""
    known = cache.get("kolada.areas")
    if known is None:
        known = [(each.code, each.title, each.kind) for each in Kolada().areas()]
        cache.set("kolada.areas", known, KEPT_FOR)
    return [Area(*each) for each in known]


def find_areas(words: str) -> list[Area]:
    """The areas that have all the words in their names, in Swedish order. Raises NotFetched."""
    wanted = words.casefold().split()
    found = (each for each in areas_there() if all(word in each.title.casefold() for word in wanted))
    return sorted(found, key=lambda each: (each.kind != AreaKind.MUNICIPALITY, swedish_key(each.title)))


def choose(plan: Plan, code: str, *, by: User) -> ComparedArea:
    """Compares the plan with the area from now on. Raises NotFetched, or ValidationError with a sentence."""
    there = [THE_COUNTRY] if code == COUNTRY else areas_there()
    area = next((each for each in there if each.code == code), None)
    if area is None:
        raise ValidationError(_("Kolada har inte längre det område som du valde. Sök igen."))
    if plan.partners.filter(municipal_code=code).exists():
        raise ValidationError(_("%(name)s deltar redan i planen.") % {"name": area.title})
    with transaction.atomic():
        Plan.objects.select_for_update().get(pk=plan.pk)
        areas = ComparedArea.objects.filter(plan=plan)
        chosen = areas.filter(code=code).first()
        if chosen:
            return chosen
        if areas.count() >= MOST:
            sentence = _("En plan jämförs med högst %(most)d områden. Ta bort något först.")
            raise ValidationError(sentence % {"most": MOST})
        chosen = ComparedArea(plan=plan, code=code, title=area.title, kind=area.kind)
        remember(chosen, by).save()
        return chosen


def leave(plan: Plan, code: str, *, by: User) -> ComparedArea | None:
    """Compares the plan with the area no longer; its values stay. None when it wasn't compared with."""
    with transaction.atomic():
        chosen = ComparedArea.objects.filter(plan=plan, code=code).first()
        if chosen:
            remember(chosen, by).delete()
        return chosen


# What is fetched


def keep_compared(
    indicators: Collection[Indicator],
    codes: Collection[str],
    years: Iterable[int],
    measures: Mapping[str, Measure],
    values: Iterable[Value],
    *,
    at: datetime,
) -> list[tuple[ComparedValue, ComparedValue | None]]:
    """Keeps what is new of the areas' values as numbered rows, in two statements; gives those, and what was.

    A value that is gone becomes a row without one, unless the KPI has no value of any area any more: that is
    more likely a fault than true. Raises IntegrityError when somebody else has kept one meanwhile.
    """
    current = ComparedValue.objects.current().filter(indicator__in=indicators, area__in=codes)
    known = {(each.indicator_id, each.area, each.year): each for each in current}
    told = {(each.measure, each.area, each.year): each.value for each in values if each.value is not None}
    speak = {id: measures[id] for id, _area, _year in told if id in measures}
    rows = list(changes(indicators, codes, list(years), known, told, speak))
    for row in rows:
        row.written_at = at
    ComparedValue.objects.bulk_create(rows)
    return [(row, known.get((row.indicator_id, row.area, row.year))) for row in rows]


def changes(
    indicators: Iterable[Indicator],
    codes: Iterable[str],
    years: Iterable[int],
    known: Mapping[tuple[int, str, int], ComparedValue],
    told: Mapping[tuple[str, str, int], Decimal],
    measures: Mapping[str, Measure],
) -> Iterator[ComparedValue]:
    """The next row of each value that isn't as it was."""
    for indicator in indicators:
        for year in years:
            if not (measure := measures.get(indicator.kolada_id_of(year))):
                continue
            for code in codes:
                now, value = known.get((indicator.pk, code, year)), told.get((measure.id, code, year))
                if (now.value, now.kolada_id) == (value, measure.id) if now else value is None:
                    continue
                yield ComparedValue(
                    indicator=indicator,
                    area=code,
                    year=year,
                    number=now.number + 1 if now else 1,
                    value=value,
                    source_url=Kolada().address(measure.id, code, year),
                    kolada_id=measure.id,
                    kolada_title=measure.title,
                )
