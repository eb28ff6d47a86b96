"""Explains words where they stand: `{% load explaining %}`."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from actionplan.reports import TermRow
from portal.wordlist import WORDS
from publishing.explaining import explained
from publishing.languages import as_content, in_the_portals_language

register = template.Library()

LEFT = "meanings that the page hasn't told yet"


class Explain(template.Node):
    def __init__(self, nodelist: NodeList, terms: FilterExpression | None) -> None:
        self.nodelist = nodelist
        self.terms = terms

    def render(self, context: Context) -> SafeString:
        kept = context.render_context
        if LEFT not in kept:
            kept[LEFT] = meanings(self.terms.resolve(context) or () if self.terms else ())
        return explained(self.nodelist.render(context), kept[LEFT])


def meanings(terms: Iterable[TermRow]) -> dict[str, str]:
    """The portal's own words and the plan's, which may give one of them another meaning.

    The portal's are known in the language that plans are written in, too, and then told in that.
    """
    own = {word: as_content(meaning) for word, meaning in in_the_portals_language(own_words)().items()}
    named = [each for each in terms if each.term.strip()]
    return own | own_words() | {each.term: as_content(told(each.term, each.explanation)) for each in named}


def own_words() -> dict[str, str]:
    return {str(word): told(word, meaning) for word, meaning in WORDS}


def told(word: object, meaning: object) -> SafeString:
    return format_html("<b>{}</b> {}", word, meaning)


@register.tag
def explain(parser: Parser, token: Token) -> Explain:
    """`{% explain report.terms %}…{% endexplain %}`: the first of each word in the page's such parts.

    Without the plan's terms, the portal's own words alone.
    """
    _name, *given = token.split_contents()
    nodelist = parser.parse(("endexplain",))
    parser.delete_first_token()
    return Explain(nodelist, parser.compile_filter(given[0]) if given else None)
