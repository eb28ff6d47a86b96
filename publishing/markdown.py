"""How a longer text becomes HTML that can do no harm, or plain text.

A text is CommonMark with tables and footnotes. HTML in it is shown as it was typed, pictures become their
description, and links lead only to other sites or to an address for e-mail. What comes out is sanitised
once more, so that safety doesn't rest on the parser alone.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import nh3
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_ref

# A text beyond these is shown as it was typed: parsing it could take long, or lose its innermost parts.
LONGEST = 200_000
DEEPEST = 20

_ALLOWED_SCHEMES = re.compile(r"(https?|mailto):", re.IGNORECASE)
_BULLET = re.compile(r"^[ \t\u00a0]*[•·▪◦\uf0b7][ \t\u00a0]+", re.MULTILINE)
_FOOTNOTE_REFERENCE = re.compile(r"\[\^[^\]\s]{1,50}\]")
_TEXT_TAGS = "p br hr h1 h2 h3 h4 h5 h6 strong em code pre blockquote ul ol li a"
_TABLE_TAGS = "table thead tbody tr th td"
_FOOTNOTE_TAGS = "sup div span"

_sanitiser = nh3.Cleaner(
    tags=set(f"{_TEXT_TAGS} {_TABLE_TAGS} {_FOOTNOTE_TAGS}".split()),
    attributes={
        "a": {"href", "title", "id", "role", "aria-label"},
        "ol": {"start"},
        "ul": {"role"},
        "li": {"id"},
        "th": {"scope"},
        "div": {"role", "aria-label"},
    },
    allowed_classes={
        "a": {"footnote-back"},
        "div": {"footnote-text", "footnotes"},
        "span": {"footnote-label"},
        "td": {"num"},
        "th": {"num"},
    },
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer",
)


def to_html(text: str, *, heading_level: int = 3, name: str = "") -> SafeString:
    """The text as HTML whose headings begin at `heading_level`.

    Texts with footnotes that share a page need a `name` each, which keeps the footnotes' ids apart.
    Never raises: a text too long or too deeply nested comes back as the paragraphs that were typed.
    """
    text = _printable(text)
    parsed = _parse(text)
    if parsed is None:
        html = linebreaks(text, autoescape=True)
    else:
        _shift_headings(parsed.tokens, heading_level)
        html = _render(parsed, prefix=f"{slugify(name)}-" if slugify(name) else "")
    clean = _sanitiser.clean(html)
    return mark_safe(clean)  # noqa: S308  # nosec B308 B703


def with_lists(text: str) -> str:
    """The text with the bullets that word processors paste as list items: "• ett" becomes "- ett"."""
    return _BULLET.sub("- ", text)


def to_text(text: str) -> str:
    """The text without its markup, a line for each paragraph, list item and cell; footnotes last."""
    text = _printable(text)
    parsed = _parse(text)
    if parsed is None:
        return text.strip()
    tokens = parsed.tokens + [token for note in parsed.notes for token in note.tokens]
    lines = (_plain(token) for token in tokens)
    return "\n".join(line for line in lines if line)


@dataclass
class _Note:
    label: str
    times: int = 0
    tokens: list[Token] = field(default_factory=list)


@dataclass(frozen=True)
class _Parsed:
    tokens: list[Token]
    notes: list[_Note]


def _printable(text: str) -> str:
    """The text without what can't be written as UTF-8 or has no place in it."""
    return text.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


def _parse(text: str) -> _Parsed | None:
    """The text's parts, or None if it is too long or nested deeper than the parser follows."""
    if len(text) > LONGEST:
        return None
    env: dict[str, Any] = {}
    tokens = _parser.parse(text, env)
    if any(token.nesting == 1 and token.level >= DEEPEST - 1 for token in tokens):
        return None
    return _with_notes_apart(tokens, env.get("footnotes", {}).get("list", {}).values())


def _with_notes_apart(tokens: Iterable[Token], references: Iterable[Mapping[str, Any]]) -> _Parsed:
    """The running text, and its notes in the order it refers to them; those it never refers to last."""
    notes = {reference["label"]: _Note(reference["label"], reference["count"]) for reference in references}
    body: list[Token] = []
    destinations = [body]
    for token in tokens:
        if token.type == "footnote_reference_open":
            label = token.meta["label"]
            destinations.append(notes.setdefault(label, _Note(label)).tokens)
        elif token.type == "footnote_reference_close":
            destinations.pop()
        else:
            destinations[-1].append(token)
    return _Parsed(body, list(notes.values()))


def _shift_headings(tokens: Iterable[Token], heading_level: int) -> None:
    """Make the headings begin at `heading_level` and skip no level, whatever the text begins at."""
    above: list[str] = []
    for token in tokens:
        if token.type == "heading_open":
            while above and above[-1] >= token.tag:
                above.pop()
            above.append(token.tag)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(heading_level + len(above) - 1, 6)}"


def _render(parsed: _Parsed, prefix: str) -> str:
    env = {"prefix": prefix}
    html = _render_tokens(parsed.tokens, env)
    if not parsed.notes:
        return html
    notes = format_html_join(
        "\n",
        '<li id="{}not-{}"><span class="footnote-label">{}</span> <div class="footnote-text">{}{}</div></li>',
        (
            (
                prefix,
                number,
                note.label,
                _render_tokens(note.tokens, env),
                _back(note, number, prefix),
            )
            for number, note in enumerate(parsed.notes, 1)
        ),
    )
    return html + format_html(
        '<div class="footnotes" role="group" aria-label="{}"><ul role="list">{}</ul></div>',
        _("Noter"),
        notes,
    )


def _render_tokens(tokens: Sequence[Token], env: dict[str, Any]) -> SafeString:
    """HTML that is well formed, as the parser escapes what it was given, and isn't sanitised yet."""
    html = _parser.renderer.render(tokens, _parser.options, env)
    return mark_safe(html)  # noqa: S308  # nosec B308 B703


def _back(note: _Note, number: int, prefix: str) -> SafeString:
    """Links from a note to each place in the text that refers to it."""
    label = _("Tillbaka till texten vid not %(label)s") % {"label": note.label}
    return format_html_join(
        "",
        ' <a class="footnote-back" role="doc-backlink" href="#{}not-{}-{}" aria-label="{}">↑</a>',
        ((prefix, number, time, label) for time in range(1, note.times + 1)),
    )


def _reference(tokens: Sequence[Token], index: int, options: object, env: Mapping[str, Any]) -> str:
    """The raised label in the text that leads to the note."""
    meta = tokens[index].meta
    address = f"{env['prefix']}not-{meta['id'] + 1}"
    return format_html(
        '<sup><a id="{}-{}" href="#{}" role="doc-noteref">{}</a></sup>',
        address,
        meta["subId"] + 1,
        address,
        meta["label"],
    )


def _picture(tokens: Sequence[Token], index: int, options: object, env: Mapping[str, Any]) -> str:
    """The description of a picture, since pages and documents show no pictures from elsewhere."""
    return format_html("{}", _plain(tokens[index]))


def _plain(token: Token) -> str:
    """What a token says, without markup."""
    if token.type in ("softbreak", "hardbreak"):
        return " "
    if token.children is not None:
        return "".join(_plain(child) for child in token.children).strip()
    return token.content


def _cell(tokens: Sequence[Token], index: int, options: object, env: Mapping[str, Any]) -> str:
    """A table's cell, with a class for figures, since the security policy allows no inline style."""
    token = tokens[index]
    scope = ' scope="col"' if token.tag == "th" else ""
    figures = ' class="num"' if token.attrs.get("style") == "text-align:right" else ""
    return f"<{token.tag}{scope}{figures}>"


def _bounded_footnote_ref(state: StateInline, silent: bool) -> bool:
    """The plugin's rule, which else looks through the rest of the text for the end of every "[^"."""
    return bool(_FOOTNOTE_REFERENCE.match(state.src, state.pos)) and footnote_ref(state, silent)


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST}).enable("table")
    parser.use(footnote_plugin, inline=False, move_to_end=False)
    parser.inline.ruler.at("footnote_ref", _bounded_footnote_ref)
    parser.validateLink = lambda url: bool(_ALLOWED_SCHEMES.match(url))  # type: ignore[method-assign]
    for token, rule in {
        "footnote_ref": _reference,
        "image": _picture,
        "th_open": _cell,
        "td_open": _cell,
    }.items():
        parser.renderer.rules[token] = rule  # type: ignore[attr-defined]
    return parser


_parser = _make_parser()
