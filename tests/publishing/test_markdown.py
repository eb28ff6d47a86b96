"""A longer text becomes HTML that can do no harm."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.markdown import DEEPEST, LONGEST, to_html, to_text

INJECTIONS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></ScRiPt>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;<img src=1 onerror=alert(1)>'>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<object data='file:///etc/passwd'></object>",
    "<embed src='data:text/html,x'>",
    "<link rel=stylesheet href=//evil.example>",
    "<style>*{background:url(//evil.example)}</style>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<form action=//evil.example><input name=password></form>",
    "<a href='https://x.example' onclick='alert(1)'>x</a>",
    "<p style='position:fixed'>x</p>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php system('x') ?>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](\u0001javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](/logga-ut/)",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "![x](https://evil.example/pixel.png)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    '![" onerror="alert(1)](x)',
    '[x](https://x.example "&quot; onclick=&quot;alert(1)")',
    '[x](https://x.example/"onmouseover="alert(1))',
    '```"><script>alert(1)</script>\nx\n```',
    "`<script>alert(1)</script>`",
    "[^<script>]\n\n[^<script>]: <img src=x onerror=alert(1)>",
    '[^"onclick="alert(1)"]\n\n[^"onclick="alert(1)"]: x',
    "|<script>|\n|:-:|\n|<img onerror=x>|",
    '# x {onclick="alert(1)"}',
]

HARMLESS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "a", "table", "thead", "tbody", "tr", "th", "td", "sup", "div", "span"),
}


class Tags(HTMLParser):
    """Collects what a browser would find in the HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses |= {value for name, value in attrs if name in ("href", "src")}


def is_inert(html: str) -> bool:
    tags = Tags(html)
    return (
        tags.names <= HARMLESS
        and tags.attributes <= {"href", "title", "rel", "id", "role", "aria-label", "class", "scope", "start"}
        and all(re.match(r"https?://|mailto:|#[\w-]*not-\d", address) for address in tags.addresses)
    )


@pytest.mark.parametrize("text", INJECTIONS)
def test_what_could_do_harm_is_shown_as_text_or_left_out(text):
    assert is_inert(to_html(text))
    assert is_inert(to_html(f"> - före {text} efter", name=text))


@given(
    st.lists(st.sampled_from([*INJECTIONS, "\n\n", "    ", "> ", "- ", "[^1]", "\n[^1]: ", "|", "`", "\0"]))
)
def test_no_mixture_of_them_does_harm(pieces):
    assert is_inert(to_html("".join(pieces)))


@given(st.text(st.characters(), max_size=200))
def test_no_text_at_all_is_refused(text):
    assert is_inert(to_html(text))
    assert isinstance(to_text(text), str)


def test_html_is_shown_as_it_was_typed():
    assert to_html("<b>fet</b> & <i>") == "<p>&lt;b&gt;fet&lt;/b&gt; &amp; &lt;i&gt;</p>\n"


def test_links_lead_to_other_sites_without_telling_them_more_than_needed():
    html = to_html("[SKR](https://skr.example/a?b=1&c=2), <info@4m.example>")

    assert '<a href="https://skr.example/a?b=1&amp;c=2" rel="noopener noreferrer">SKR</a>' in html
    assert 'href="mailto:info@4m.example"' in html


def test_a_link_that_is_refused_keeps_its_words():
    assert to_html("[läs](file:///etc/passwd)") == "<p>[läs](file:///etc/passwd)</p>\n"


def test_a_picture_becomes_its_description():
    assert to_html("![Karta över *de fyra*](https://x.example/k.png)") == "<p>Karta över de fyra</p>\n"


def test_headings_begin_below_the_sections_own():
    html = to_html("# Syfte\n## Mål\n# Strategi\n###### Djupt", heading_level=4)

    assert re.findall(r"<h(\d)>(\w+)</h\1>", html) == [
        ("4", "Syfte"),
        ("5", "Mål"),
        ("4", "Strategi"),
        ("5", "Djupt"),
    ]


def test_headings_skip_no_level_and_never_go_below_the_sixth():
    assert re.findall(r"<h(\d)>", to_html("### a\n#### b\n### c", heading_level=3)) == ["3", "4", "3"]
    assert re.findall(r"<h(\d)>", to_html("# a\n## b\n### c", heading_level=5)) == ["5", "6", "6"]


def test_columns_of_figures_are_marked_by_a_class_since_no_inline_style_is_allowed():
    html = to_html("|Kommun|NKI|\n|---|--:|\n|Enköping|57,9|")

    assert '<th scope="col" class="num">NKI</th>' in html
    assert '<td class="num">57,9</td>' in html
    assert "style" not in html


def test_a_footnote_keeps_the_label_of_its_source():
    html = to_html("Enligt lag[^4].\n\n[^4]: Kommunallagen.")

    assert '<a id="not-1-1" href="#not-1" role="doc-noteref" rel="noopener noreferrer">4</a>' in html
    assert '<span class="footnote-label">4</span>' in html
    assert "Kommunallagen." in html


def test_footnotes_are_reached_and_left_by_links_with_a_name():
    html = to_html("a[^7] b[^7]\n\n[^7]: x", name="syfte")
    ids = re.findall(r' id="([^"]+)"', html)

    assert ids == ["syfte-not-1-1", "syfte-not-1-2", "syfte-not-1"]
    assert {target.lstrip("#") for target in re.findall(r'href="([^"]+)"', html)} == set(ids)
    assert html.count('aria-label="Tillbaka till texten vid not 7"') == 2
    assert '<div class="footnotes" role="group" aria-label="Noter">' in html


def test_footnotes_come_in_the_order_that_the_text_refers_to_them_and_none_is_lost():
    html = to_html(
        "a[^9] b[^2]\n\n[^1]: aldrig nämnd\n\n[^2]: två\n\n[^9]: nio\n\n    stycke två\n\n    [^5]: inre"
    )

    assert re.findall(r'footnote-label">(\d)<', html) == ["9", "2", "1", "5"]
    assert "<p>stycke två</p>" in html
    assert "aldrig nämnd" in html


def test_a_reference_without_a_footnote_stays_as_it_was_typed():
    assert to_html("Se[^8].") == "<p>Se[^8].</p>\n"


@pytest.mark.parametrize("element", ["> ", "- ", "1. ", "> - "])
def test_what_is_nested_too_deep_is_shown_as_it_was_typed(element):
    text = element * 300 + "innerst\n\n<b>sist</b>"

    html = to_html(text)

    assert is_inert(html)
    assert "innerst" in html
    assert "&lt;b&gt;sist" in html
    assert "innerst" in to_text(text)


@pytest.mark.parametrize("depth", range(1, DEEPEST + 5))
def test_the_innermost_words_are_kept_however_deep_they_are(depth):
    assert "innerst" in to_html("> " * depth + "innerst")
    assert "innerst" in to_html("- " * depth + "innerst")
    assert "innerst" in to_text("> " * depth + "innerst")


def test_a_text_of_unreasonable_length_is_shown_as_paragraphs():
    text = "*ord* " * LONGEST + "\n\nsista"

    html = to_html(text)

    assert html.startswith("<p>*ord* *ord*")
    assert html.endswith("<p>sista</p>")


@pytest.mark.parametrize("piece", ["[", "![", "[^", "[a](", "*a ", "**_", ">", "`", "<a ", "|a", "[^1]: "])
def test_no_repetition_makes_the_parser_lose_itself(piece):
    text = "[^1]: x\n\n" + piece * (40_000 // len(piece))

    assert is_inert(to_html(text))


def test_nul_and_lone_surrogates_do_no_harm():
    assert to_html("a\0b\ud800c") == "<p>a\N{REPLACEMENT CHARACTER}b?c</p>\n"


def test_plain_text_has_the_words_and_nothing_else():
    text = "# Syfte\n\nAtt *växa*\nihop[^1], se [här](https://x.example).\n\n- ett\n- två\n\n[^1]: En not."

    assert to_text(text) == "Syfte\nAtt växa ihop, se här.\nett\ntvå\nEn not."
