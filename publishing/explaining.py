"""How words are explained where they stand: each the first time that it stands in running text.

The word becomes a button that shows what it means, without any script: the browser itself opens, closes and
announces it. What the words mean stands after the text, so that this reads on as it did.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from html.parser import HTMLParser

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

LEFT_ALONE = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "caption", "legend", "th", "dt"),
    *("a", "button", "summary", "label", "option", "select", "textarea"),
    *("code", "pre", "svg", "title", "script", "style", "template"),
}
"""Elements in which no word is explained: they are pressed, head something, or are read as they are."""

ENDINGS = "s|n|ns|t|ts|en|ens|et|ets|r|na|rna|rnas|ar|arna|arnas|er|erna|ernas|or|orna|ornas"
"""What Swedish adds to a noun: "uppföljning", "uppföljningarnas"."""


def explained(html: str, meanings: dict[str, str]) -> SafeString:
    """Well-formed `html` with the first of each word explained; those that are taken out of `meanings`."""
    there = {word: meaning for word, meaning in meanings.items() if find(word, html)}
    if there:
        reader = _Reader(there, first_number=len(meanings))
        reader.feed(html)
        reader.close()
        html = "".join([*reader.written, "<span>", *reader.meanings, "</span>"])
        for word in reader.found:
            del meanings[word]
    return mark_safe(html)  # noqa: S308  # nosec B308 B703


def find(word: str, text: str) -> re.Match[str] | None:
    """Where the word stands in the text; most texts are seen at once not to have it."""
    return pattern_of(word).search(text) if word.split()[0][1:].removesuffix("a") in text else None


@lru_cache(maxsize=500)
def pattern_of(word: str) -> re.Pattern[str]:
    """Finds the word as a whole one, in its forms; small or large at first, unless it is an abbreviation."""
    first, rest = word[:1], word[1:]
    if rest != rest.lower():  # an abbreviation or a name, such as NKI or DUsys
        forms = rf"{re.escape(word)}(?::?(?:s|n|en|et))?"
    else:
        stem = re.escape(rest).replace(r"\ ", r"\s+")
        forms = rf"[{re.escape(first.lower() + first.upper())}]{stem}(?:{ENDINGS})?"
        if rest.endswith("a"):  # "utgåva", "utgåvor"
            forms = rf"(?:{forms}|[{re.escape(first.lower() + first.upper())}]{stem[:-1]}or(?:na)?s?)"
    return re.compile(rf"(?<![\w&-]){forms}(?![\w-])")


class _Reader(HTMLParser):
    """Writes what it reads as it was, but for the words that it explains."""

    def __init__(self, meanings: Mapping[str, str], *, first_number: int) -> None:
        super().__init__(convert_charrefs=False)
        self.left = dict(meanings)
        self.number = first_number  # counts down, as the meanings that a page has left do
        self.found: list[str] = []
        self.meanings: list[SafeString] = []
        self.written: list[str] = []
        self.left_alone = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.written.append(self.get_starttag_text() or "")
        self.left_alone += tag in LEFT_ALONE

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.written.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self.written.append(f"</{tag}>")
        self.left_alone -= tag in LEFT_ALONE

    def handle_data(self, data: str) -> None:
        while not self.left_alone and (first := self.first_in(data)):
            word, match = first
            self.written += [data[: match.start()], self.button(word, match[0])]
            data = data[match.end() :]
        self.written.append(data)

    def handle_entityref(self, name: str) -> None:
        self.written.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.written.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.written.append(f"<!--{data}-->")

    def first_in(self, data: str) -> tuple[str, re.Match[str]] | None:
        """The word that stands first in the text, and of several there the longest."""
        found = [(word, match) for word in self.left if (match := find(word, data))]
        return min(found, key=lambda pair: (pair[1].start(), -pair[1].end()), default=None)

    def button(self, word: str, written: str) -> SafeString:
        name, meaning = f"ord-{self.number}", self.left.pop(word)
        self.number -= 1
        self.found.append(word)
        self.meanings.append(
            format_html('<span class="notice slim" id="{}" popover>{}</span>', name, meaning)
        )
        piece = mark_safe(written)  # noqa: S308  # nosec B308 B703 – of the HTML itself
        return format_html('<button class="term" type="button" popovertarget="{}">{}</button>', name, piece)
