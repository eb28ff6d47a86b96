"""What belongs together on a line of a document: a number and its noun, the years of a period, "t ex"."""

import re

from publishing.formats import EN_DASH, NO_BREAK_SPACE

_TIE = NO_BREAK_SPACE
_TAG = re.compile(r"(<[^>]*>)")
_AS_THEY_ARE = re.compile(r"(<(head|svg|pre|code)\b.*?</\2>)", re.DOTALL)
_LAST_WORD = re.compile(r'(<p class="says">(?:(?!</p>).)*) (?=[^\s<>]+\s*</p>)', re.DOTALL)

_UNDIVIDED = r'<span class="tied">\1</span>'
_TIED = (
    (re.compile(r"(?<=\d) av (?=\d)"), f"{_TIE}av{_TIE}"),
    (re.compile(r"(?<![\w.,])(\d{1,3}(?:,\d+)?) (?=%|\d{3}(?!\w)|[^\W\d_]{1,12}(?!\w))"), rf"\1{_TIE}"),
    (re.compile(rf"(?<=\d{_TIE}ej) (?=\w)"), _TIE),
    (re.compile(r"(?<!\w)((?:bas)?år|kap\.|kl\.?|nr|s\.|sedan|sid(?:an)?|§) (?=\d)"), rf"\1{_TIE}"),
    (re.compile(r"(?<!\w)(bl|f|m|o|s|t) (a|d|dyl|ex|fl|k|m)(?!\w)"), rf"\1{_TIE}\2"),
    (re.compile(rf"(?<=\S) (?={EN_DASH} )"), _TIE),
    (re.compile(rf"(?<![\w-])(\d+{EN_DASH}\d+|[^\W\d_]-[^\W\d_]+)(?![\w-])"), _UNDIVIDED),
)


def tied(html: str) -> str:
    """The same HTML, with the same words, whose lines end nowhere that would make reading harder."""
    html = _LAST_WORD.sub(rf"\1{_TIE}", html)
    # What may be tied, what is to stay as it is, and the name of its tag, over and over
    parts = _AS_THEY_ARE.split(html)
    parts[::3] = map(_tied_between_tags, parts[::3])
    del parts[2::3]
    return "".join(parts)


def _tied_between_tags(html: str) -> str:
    parts = _TAG.split(html)
    parts[::2] = map(_tied_text, parts[::2])
    return "".join(parts)


def _tied_text(text: str) -> str:
    for pattern, replacement in _TIED:
        text = pattern.sub(replacement, text)
    return text
