"""Words are explained the first time they stand in running text, and nothing else of a page changes."""

from __future__ import annotations

import re

import pytest

from publishing.explaining import explained

MEANINGS = {
    "NKI": "Nöjd & <glad>",
    "Utmaning": "Det svåra",
    "Utgåva": "En version",
    "SP": "Science park",
}


def marked(html: str, **meanings: str) -> list[str]:
    return re.findall(r"<button[^>]*>([^<]*)</button>", explained(html, {**MEANINGS, **meanings}))


def without_marks(html: str) -> str:
    return re.sub(r"<button[^>]*>([^<]*)</button>", r"\1", html.partition('<span><span class="notice')[0])


def test_the_first_of_each_word_gets_its_meaning_beside_it():
    left = dict(MEANINGS)

    html = explained("<p>NKI och NKI.</p>", left)

    assert html == (
        '<p><button class="term" type="button" popovertarget="ord-4">NKI</button> och NKI.</p>'
        '<span><span class="notice slim" id="ord-4" popover>Nöjd &amp; &lt;glad&gt;</span></span>'
    )
    assert "NKI" not in left
    assert explained("<p>NKI</p>", left) == "<p>NKI</p>"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("utmaning", "utmaning"),
        ("Utmaningarnas svar", "Utmaningarnas"),
        ("flera utgåvor", "utgåvor"),
        ("NKI:s värde", "NKI:s"),
        ("(SP)", "SP"),
    ],
)
def test_words_are_known_in_their_forms(text, found):
    assert marked(f"<p>{text}</p>") == [found]


@pytest.mark.parametrize(
    "text",
    ["nki", "sp", "NKI-mätning", "utmanings-bar", "delutmaning", "utmaningsfri", "SPÅR", "&NKI;", "åSP"],
)
def test_parts_of_other_words_are_not(text):
    assert marked(f"<p>{text}</p>") == []


@pytest.mark.parametrize("tag", ["h1", "h4", "a", "code", "pre", "button", "summary", "th", "svg"])
def test_nothing_is_explained_in_headings_links_and_code(tag):
    html = f"<{tag}>NKI <b>NKI</b></{tag}><p title='NKI'>och <em>NKI</em></p>"

    shown = explained(html, dict(MEANINGS))

    assert shown.startswith(f"<{tag}>NKI <b>NKI</b></{tag}><p title='NKI'>och <em><button")


def test_all_else_is_as_it_was():
    html = (
        '<p class=x data-a="1 &amp; 2">å&nbsp;&#228; &lt;b&gt; <br><img src="a.png"/> NKI</p><!-- NKI -->'
        "<ul><li>1 < 2 & 3</ul> SP"
    )

    assert without_marks(explained(html, dict(MEANINGS))) == html


def test_the_longest_of_several_that_begin_alike_is_explained():
    assert marked("<p>Kan ej bedömas</p>", **{"Kan": "x", "Kan ej bedömas": "y"}) == ["Kan ej bedömas"]
