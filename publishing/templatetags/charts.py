"""Figures for drawings: `{% load charts %}`."""

from collections.abc import Iterable

from django import template

from publishing import charts

register = template.Library()


@register.filter
def segments(rows: Iterable[tuple[str, str, int]], width: int) -> tuple[charts.Segment, ...]:
    """`{{ counts.rows|segments:150 }}` gives the parts of a bar 150 wide; rows are code, label and count."""
    return charts.segments(((code, count) for code, _label, count in rows), width)
