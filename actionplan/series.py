"""Saying that an indicator is another KPI from a year on, so that nothing is compared across it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from actionplan.models import Indicator, SeriesBreak
from municipalities.history import remember
from municipalities.models import User


@transaction.atomic
def break_series(indicator: Indicator, year: int, kolada_id: str, note: str, *, by: User) -> SeriesBreak:
    """Lets the indicator be the KPI from that year on, and gives the break.

    A break that is there already, and names none, gets the KPI and keeps its note. Raises ValidationError.
    """
    held = Indicator.objects.select_for_update(no_key=True).get(pk=indicator.pk)
    standing = held.series_breaks.filter(year=year).first()
    if standing and standing.kolada_id:
        sentence = _("Från %(year)d är indikatorn redan %(measure)s. En administratör kan ändra det.")
        raise ValidationError({"year": sentence % {"year": year, "measure": standing.kolada_id}})
    if held.kolada_id_of(year) == kolada_id:
        raise ValidationError({"kolada_id": _("Indikatorn är redan det nyckeltalet. Skriv det nya.")})
    found = standing or SeriesBreak(indicator=held, year=year, note=note)
    found.kolada_id = kolada_id
    found.full_clean()
    remember(found, by).save()
    return found
