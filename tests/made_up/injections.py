"""Sixty ways in which text has been made to run, each short enough for nearly every text of a plan.

`hit()` and `alert()` stand for what an attacker would do.
"""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from typing import Any

from django.core.validators import RegexValidator
from django.db import models

from tests.made_up.sending import is_here

INJECTIONS = [
    # Elements that run or fetch
    "<script>hit(1)</script>",
    "<ScRiPt >hit(2)</sCrIpT >",
    "<script src=//example.org/3></script>",
    "</title></textarea></style><script>hit(4)</script>",
    "<img src=x onerror=hit(5)>",
    "<img src=x onerror=&#104;it(6)>",
    "<svg onload=hit(7)>",
    "<svg><script>hit(8)</script></svg>",
    "<svg><a xlink:href=javascript:hit(9)><text y=9>x</text></a>",
    "<math><mi xlink:href='javascript:hit(10)'>x</mi></math>",
    "<iframe src=javascript:hit(11)></iframe>",
    "<iframe srcdoc='<script>hit(12)</script>'></iframe>",
    "<object data=javascript:hit(13)></object>",
    "<embed src=data:text/html,hit(14)>",
    "<base href=//example.org/15>",
    "<meta http-equiv=refresh content='0;url=//example.org/16'>",
    "<link rel=stylesheet href=//example.org/17>",
    "<form action=//example.org/18><button>x</button></form>",
    "<body onload=hit(19)>",
    "<details open ontoggle=hit(20)><summary>x</details>",
    "<input autofocus onfocus=hit(21)>",
    "<video><source onerror=hit(22)></video>",
    "<marquee onstart=hit(23)>x</marquee>",
    "<a href=javascript:hit(24)>x</a>",
    "<div style=background:url(//example.org/25)>x</div>",
    "<style>@import '//example.org/26';</style>",
    "<p style=width:expression(hit(27))>x</p>",
    # Out of where they stand
    '"><script>hit(28)</script>',
    "' onmouseover='hit(29)' x='",
    '" autofocus onfocus="hit(30)',
    "`><img src=x onerror=hit(31)>",
    "--><script>hit(32)</script><!--",
    "]]><script>hit(33)</script>",
    "</script><script>hit(34)</script>",
    "\\u003cscript\\u003ehit(35)\\u003c/script\\u003e",
    "<!--[if IE]><script>hit(36)</script><![endif]-->",
    # Mangled and in disguise
    "<scr<script>ipt>hit(37)</scr</script>ipt>",
    "<<script>hit(38)//<</script>",
    "<img/src=x/onerror=hit(39)>",
    "&lt;script&gt;hit(40)&lt;/script&gt;",
    "&#60;script&#62;hit(41)&#60;/script&#62;",
    "%3Cscript%3Ehit(42)%3C/script%3E",
    "＜script＞hit(43)＜/script＞",
    "<noscript><p title='</noscript><img src=x onerror=hit(44)>'>",
    "<\u200bscript>hit(45)</script>\u202e",
    # In Markdown
    "[x](javascript:hit(46))",
    "[x](JaVa&#115;cript:hit(47))",
    "[x](data:text/html;base64,PHNjcmlwdD4=) 48",
    '![x](//example.org/49 "onerror=hit(49)")',
    "[x]: javascript:hit(50)\n\n[x]",
    "<javascript:hit(51)>",
    "x[^1]\n\n[^1]: <script>hit(52)</script>",
    "[x](https://a \"' onclick=hit(53) '\")",
    "```<script>\nhit(54)\n```",
    # For templates, tables, mails and documents
    "{{7*7}}{% debug %}${7*7}#{7*7} 55",
    '=HYPERLINK("//example.org/56";"x")',
    "@SUM(1+1)*cmd|'/C calc'!A0 57",
    "Namn\r\nBcc: hit58@example.org\r\n\r\n<script>",
    ")>> /OpenAction<</S/JavaScript/JS(hit\\(59\\))>> (",
    '<a href="file:///etc/passwd" rel=attachment>60</a>',
]

WRITTEN = INJECTIONS if "MADE_UP_REQUESTS" in os.environ else [*INJECTIONS[:54:3], *INJECTIONS[54:]]
"""Those that stand in every text: all of them in `./run faults`, and some of each sort elsewhere."""


def texts_of(model: type[models.Model], text: str) -> dict[str, Any]:
    """The text for every field of the model in which someone can write what they like, as far as it fits."""
    return {field.name: text[: field.max_length] for field in free_fields(model)}


def free_fields(model: type[models.Model]) -> list[Any]:
    """Fields of text with no form of their own, as an address or a municipality's code has one."""
    return [
        field
        for field in model._meta.concrete_fields
        if type(field) in (models.CharField, models.TextField)
        and not field.choices
        and not any(isinstance(each, RegexValidator) for each in field.validators)
    ]


class Harm(HTMLParser):
    """What in a page could run, fetch or lead somewhere that the portal didn't mean."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.words: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.inside = tag if tag in ("script", "style") else ""
        if tag in FOREIGN and not (tag == "template" and set(said) in OWN_TEMPLATES):
            self.found.append(f"<{tag}>")
        if tag == "script" and not (OWN.match(said.get("src", "")) or said.get("type") == "application/json"):
            self.found.append(f"<script {said}>")
        if tag == "link" and not OWN.match(said.get("href", "")):
            self.found.append(f"<link {said}>")
        if tag == "meta" and "http-equiv" in said:
            self.found.append(f"<meta {said}>")
        for name, value in said.items():
            if name.startswith("on") or name in ("style", "srcdoc", "background", "ping"):
                self.found.append(f"{name}={value!r} of <{tag}>")
            if name in LEADING and not self.may_lead(tag, value):
                self.found.append(f"{name}={value!r} of <{tag}>")
            if name in ("value", "title", "alt", "aria-label", "placeholder"):
                self.words.append(value)

    def may_lead(self, tag: str, to: str) -> bool:
        if tag == "a" and LINK.match(to):
            return True
        return is_here(to) or (tag == "img" and to.startswith("data:image/"))

    def handle_data(self, data: str) -> None:
        if self.inside and "hit(" in data:
            self.found.append(f"in <{self.inside}>: {data!r}")
        self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_comment(self, data: str) -> None:
        self.found.append(f"a comment: {data!r}")


FOREIGN = frozenset(
    {
        *("applet", "audio", "base", "embed", "frame", "iframe", "marquee", "math", "noscript", "object"),
        *("plaintext", "portal", "source", "style", "template", "track", "video", "xmp"),
    }
)
"""Elements that no page of the portal has, but for its own scripts' templates."""

OWN_TEMPLATES = ({"data-draft-offer"}, {"data-trouble"})

LEADING = (
    "href",
    "src",
    "action",
    "formaction",
    "xlink:href",
    "data",
    "poster",
    "srcset",
    "cite",
    "manifest",
)
OWN = re.compile("/(static/[\\w./-]+|admin/jsi18n/)$")
LINK = re.compile("(https?://|mailto:)", re.IGNORECASE)


def harm_in(page: str) -> list[str]:
    return read(page).found


def read(page: str) -> Harm:
    reader = Harm()
    reader.feed(page)
    reader.close()
    return reader


def squeezed(text: str) -> str:
    """The letters and digits alone, since pages and documents break and join lines as they like."""
    return re.sub(r"[\W_]+", "", text)
