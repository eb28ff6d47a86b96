"""Filters for what templates write: `{% load texts %}`. A value that is missing becomes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from publishing import formats
from publishing.languages import as_content, in_its_language, in_the_portals_language, is_the_portals_own
from publishing.markdown import to_html

register = template.Library()


@register.filter
def content(text: Any) -> Any:
    """What people have written, which says its language on a page in another: `{{ goal.text|content }}`."""
    return as_content(text)


@register.tag
def document(parser: template.base.Parser, token: template.base.Token) -> DocumentNode:
    """What is inside is a document, in the portal's language whoever reads it: `{% document %}…`."""
    nodes = parser.parse(["enddocument"])
    parser.delete_first_token()
    return DocumentNode(nodes)


class DocumentNode(template.Node):
    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        html = in_the_portals_language(self.nodelist.render)(context)
        if is_the_portals_own():
            return html
        why = _("Dokumentet är på svenska, så som det är skrivet.")
        said = format_html('<div class="opening"><p class="quiet">{}</p></div>', why)
        return said + in_its_language("div", html)


@register.filter
def markdown(text: str, heading_level: int = 3) -> SafeString:
    """Markdown as HTML whose headings begin at `heading_level`: `{{ chapter.text|markdown:4 }}`."""
    return markdown_tag(text, heading_level)


@register.simple_tag(name="markdown")
def markdown_tag(text: str, heading_level: int = 3, name: str = "") -> SafeString:
    """As the filter, for texts that share a page: `{% markdown chapter.text name=chapter.key %}`."""
    html = in_the_portals_language(to_html)(text, heading_level=heading_level, name=name)
    return html if is_the_portals_own() or not html else in_its_language("div", html)


@register.filter
def with_errors(form: Iterable[BoundField]) -> list[BoundField]:
    """The form's fields that something is wrong with: `{% for field in form|with_errors %}`."""
    return [field for field in form if field.errors]


@register.filter
def number(value: Decimal | int | None, decimals: int = 0) -> str:
    """`{{ outcome.value|number:1 }}` gives "74,5"."""
    return "" if value is None else formats.number(value, decimals)


@register.filter
def whole(value: Decimal | None) -> str:
    """`{{ outcome.value|whole }}` gives "57,89505229": every decimal there is."""
    return "" if value is None else formats.written_whole(value)


@register.filter
def change(value: Decimal | int | None, decimals: int = 0) -> str:
    """`{{ difference|change:1 }}` gives "+2,1" or "−0,9"."""
    return "" if value is None else formats.change(value, decimals)


@register.filter
def long_date(day: date | None) -> str:
    """`{{ revision.decided_on|long_date }}` gives "30 maj 2016"."""
    return "" if day is None else formats.long_date(day)


@register.filter
def joined(words: Iterable[object]) -> str:
    """`{{ partners|joined }}` gives "a, b och c"."""
    return formats.joined([str(word) for word in words])


@register.filter
def in_words(count: int, gender: str = "") -> str:
    """`{{ 3|in_words }}` gives "tre"; `in_words:"neuter"` makes 1 "ett"."""
    return formats.in_words(count, neuter=gender == "neuter")
