"""A document becomes a PDF of its own words and files, and of nothing else that is on the machine."""

import io
import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation
from pypdf import PdfReader

from publishing import pdf
from publishing.pdf import PdfError, document_pdf, manuscript, render_pdf
from tests.documents import everything_in

FRAME = '{% extends "publishing/document.html" %}{% block body %}{{ body|safe }}{% endblock %}'
ACTIVITIES = (
    '<section><h2>Finansiering</h2><table class="activities"><caption>Aktiviteter</caption>'
    '<thead><tr><th scope="col">Aktivitet</th><th scope="col">Ansvarig</th></tr></thead><tbody>'
    + '<tr><th scope="row">Starta ett nätverk för finansiering</th><td>Strängnäs</td></tr>' * 80
    + "</tbody></table></section>"
)


def make_html(body: str = "<section><h2>Syfte</h2><p>Att växa.</p></section>", **values: object) -> str:
    context = {"title": "Uppföljning 2016", "plan_name": "Näringsliv & arbete 4M", "foot": "Uppföljning 2016"}
    return Template(FRAME).render(Context({**context, "body": body, **values}))


@pytest.fixture(scope="module")
def decided() -> bytes:
    """A document of several pages, with a table."""
    return render_pdf(make_html(ACTIVITIES))


def read(document: bytes) -> Any:
    """The PDF as pypdf's reader, whose objects can be of any kind."""
    return PdfReader(io.BytesIO(document))


def texts(document: bytes) -> list[str]:
    return [page.extract_text() for page in read(document).pages]


def test_a_document_has_a_cover_and_its_words():
    cover, first = texts(render_pdf(make_html(partners="Västerås och Enköping", facts=[("Utgåva", 1)])))

    assert "Näringsliv & arbete 4M" in cover
    assert "Västerås och Enköping" in cover
    assert re.search(r"Utgåva\s+1", cover)
    assert "Att växa." in first


def test_what_is_not_decided_says_so_on_every_page():
    pages = texts(render_pdf(make_html(ACTIVITIES, is_draft=True)))

    assert len(pages) >= 4
    assert all("Arbetsmaterial" in page for page in pages)


def test_what_is_decided_never_says_that_it_is_not(decided):
    pages = texts(decided)

    assert not any("Arbetsmaterial" in page for page in pages)
    assert all("Uppföljning 2016" in page for page in pages)


def test_pages_are_numbered_and_carry_their_sections_name(decided):
    pages = texts(decided)

    for number, page in enumerate(pages[1:], 2):
        assert f"{number} ({len(pages)})" in page
        assert "Finansiering" in page


def test_a_tables_head_stands_on_each_of_its_pages(decided):
    pages = texts(decided)

    assert len(pages) >= 4
    assert all("Ansvarig" in page for page in pages[1:])


def test_long_swedish_words_are_divided_as_in_swedish_by_the_portals_own_typeface(caplog):
    """Of another one's hyphen the machine would decide whether it is there, and what the bytes are."""
    word = "yrkeshögskoleutbildningar"
    body = f'<section><h2>Syfte</h2><p style="width: 25mm">{word} {word}</p></section>'

    document = render_pdf(make_html(body))

    assert re.search(r"yrkes(högskole(utbild)?)?[-\u00ad\u2010]\s", texts(document)[1])
    fonts = [font for page in read(document).pages for font in page["/Resources"]["/Font"].values()]
    assert {"Source-Sans" in font.get_object()["/BaseFont"] for font in fonts} == {True}
    assert [each for each in caplog.records if each.levelname == "WARNING"] == []


def test_the_pdf_tells_its_title_its_language_and_its_structure():
    reader = read(render_pdf(make_html()))
    catalog = reader.trailer["/Root"]

    assert reader.metadata is not None
    assert reader.metadata.title == "Uppföljning 2016 – Näringsliv & arbete 4M"
    assert reader.metadata.author is None
    assert catalog["/Lang"] == "sv"
    assert catalog["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalog
    assert [each.title for each in reader.outline if not isinstance(each, list)] == ["Uppföljning 2016"]
    assert b'pdfuaid:part="1"' in everything_in(reader.stream.getvalue())


@pytest.mark.usefixtures("started_anew")
def test_the_same_document_always_has_the_same_bytes(decided):
    assert render_pdf(make_html(ACTIVITIES)) == decided


def test_a_document_is_in_the_portals_language_whoever_asks():
    context = {"title": "Revidering 2016", "is_draft": True}

    with translation.override("en"):
        pages = texts(document_pdf(manuscript("publishing/document.html", context)))

    assert "Arbetsmaterial" in pages[0]


REFERENCES = [
    '<img src="{}">',
    '<link rel="stylesheet" href="{}">',
    '<style>@import "{}";</style>',
    '<style>body {{ background: url("{}") }}</style>',
    '<style>p::before {{ content: url("{}") }}</style>',
    '<style>li {{ list-style-image: url("{}") }}</style><ul><li>x</li></ul>',
    '<style>@font-face {{ font-family: f; src: url("{}") }} p {{ font-family: f }}</style>',
    '<style>@page {{ @top-left {{ content: url("{}") }} }}</style>',
    '<p style="background: url({})">x</p>',
    '<object data="{}"></object>',
    '<embed src="{}">',
    '<link rel="attachment" href="{}">',
    '<a rel="attachment" href="{}">x</a>',
    '<base href="{}"><img src="secret.svg"><link rel="stylesheet" href="">',
    '<svg width="90" height="90"><image href="{}" width="90" height="90" /></svg>',
    '<svg width="90" height="90"><use href="{}#a" /></svg>',
    "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='{}'/></svg>\">",
]
SECRET = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><text id="a" y="20">HEMLIGT</text></svg>'
)


def test_no_file_of_the_machine_gets_into_a_document(tmp_path):
    secret = tmp_path / "secret.svg"
    secret.write_text(SECRET)

    document = render_pdf(make_html("".join(each.format(secret.as_uri()) for each in REFERENCES)))

    assert b"HEMLIGT" not in everything_in(document)


def test_the_same_picture_is_shown_when_it_may_be(tmp_path):
    """So that the tests above would see it."""
    picture = tmp_path / "own.svg"
    picture.write_text(SECRET)

    document = render_pdf(
        make_html('<img src="project:own.svg">'), files={**pdf.own_files(), "project:own.svg": picture}
    )

    assert b"HEMLIGT" in everything_in(document)


@pytest.mark.usefixtures("started_anew")
def test_nothing_is_fetched_from_any_network(visits):
    address, seen = visits

    render_pdf(make_html("".join(reference.format(address) for reference in REFERENCES)))

    assert seen == []


def test_a_file_outside_the_projects_list_stops_the_document(caplog):
    with pytest.raises(PdfError) as refusal:
        render_pdf(make_html('<img src="project:../settings.py">'))

    assert str(refusal.value).startswith("Dokumentet kunde inte göras.")
    assert "settings" not in str(refusal.value)
    assert "project:../settings.py is missing" in caplog.text


def test_a_document_is_not_made_without_its_typeface():
    missing = {**pdf.own_files(), "project:source-sans-3.woff2": Path("/nowhere.woff2")}

    with pytest.raises(PdfError):
        render_pdf(make_html(), files=missing)


def test_a_picture_within_the_html_is_shown():
    pixel = (
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPj/HwADAgH/"
        "eL9GtQAAAABJRU5ErkJggg=="
    )

    reader = read(render_pdf(make_html(f'<img alt="Prick" src="{pixel}">')))

    assert len(reader.pages[1].images) == 1


def test_only_pictures_may_be_within_the_html():
    document = render_pdf(
        make_html('<link rel="stylesheet" href="data:text/css,p::before{content:%22HEMLIGT%22}"><p>x')
    )

    assert b"HEMLIGT" not in everything_in(document)


def made_or_refused(html: str) -> str:
    """The text of the document, or the sentence that says why there is none."""
    try:
        return " ".join(texts(render_pdf(html)))
    except PdfError as error:
        return str(error)


@pytest.mark.parametrize("depth", [30, 300, 3000])
def test_nested_elements_give_a_document_or_a_sentence(depth):
    answer = made_or_refused(make_html("<div>" * depth + "innerst" + "</div>" * depth))

    assert "innerst" in answer or answer.startswith("Dokumentet kunde inte göras.")


def renderers_under_way() -> list[bytes]:
    commands = [path.read_bytes() for path in Path(f"/proc/{os.getpid()}/task").glob("*/children")]
    children = b" ".join(commands).split()
    return [
        command
        for child in children
        if b"renderer.py" in (command := Path(f"/proc/{child.decode()}/cmdline").read_bytes())
    ]


@pytest.mark.usefixtures("started_anew")
def test_a_document_that_takes_too_long_is_given_up_and_leaves_no_process_and_no_files(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with pytest.raises(PdfError, match="Det tog för lång tid"):
        render_pdf(make_html(ACTIVITIES * 40), seconds=2)

    assert renderers_under_way() == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("started_anew")
def test_a_document_that_needs_too_much_memory_is_given_up(monkeypatch):
    monkeypatch.setattr(pdf, "MEMORY", 120_000_000)

    with pytest.raises(PdfError, match="Dokumentet kunde inte göras"):
        render_pdf(make_html(ACTIVITIES * 10))


def test_html_of_unreasonable_size_is_refused_at_once():
    with pytest.raises(PdfError, match="för stort"):
        render_pdf("x" * (pdf.LARGEST_HTML + 1))


def test_a_pdf_of_unreasonable_size_is_refused(monkeypatch):
    monkeypatch.setattr(pdf, "LARGEST_PDF", 1000)

    with pytest.raises(PdfError, match="för stort"):
        render_pdf(make_html())


CODES = [
    *("not_started", "ongoing", "delayed", "completed", "cancelled", "none", "owner"),
    *("met", "partly_met", "not_met", "cannot_be_judged"),
]


@pytest.mark.parametrize("code", CODES)
def test_every_status_and_verdict_has_a_word_and_a_symbol_of_its_own(code):
    symbols = re.findall(
        r"\.is-(\w+) \.sym {.*?<svg[^>]*>(.*)</svg>", pdf.own_files()["project:pdf.css"].read_text()
    )

    html = render_to_string("publishing/status.html", {"code": code, "label": "Ordet"})

    assert f'is-{code}"><span class="sym"></span>Ordet' in html
    assert code in dict(symbols)
    assert len({drawing for _, drawing in symbols}) == len(CODES)


def test_a_symbol_is_no_figure_to_those_who_listen():
    status = render_to_string("publishing/status.html", {"code": "delayed", "label": "Försenad"})
    figure = '<svg width="9" height="9"><title>En ring</title><circle r="4" /></svg>'

    assert b"/Figure" in everything_in(render_pdf(make_html(figure)))
    assert b"/Figure" not in everything_in(render_pdf(make_html(status)))


def test_a_document_is_made_once_for_the_same_content(monkeypatch):
    made: list[str] = []

    def make(html: str, data: tuple[object, ...]) -> bytes:
        made.append(html)
        return b"%PDF-"

    monkeypatch.setattr(pdf, "render_pdf", make)
    pdf.kept.cache_clear()

    documents = [document_pdf(manuscript("publishing/document.html", {"title": title})) for title in "aab"]

    assert documents == [b"%PDF-"] * 3
    assert len(made) == 2
    pdf.kept.cache_clear()


def test_one_who_would_wait_too_long_for_a_turn_is_asked_to_come_again(monkeypatch):
    monkeypatch.setattr(pdf, "PATIENCE", 0.05)

    with pdf.one_at_a_time(), pytest.raises(PdfError, match="Många hämtar dokument just nu"):
        document_pdf(manuscript("publishing/document.html", {"title": "Ett till"}))

    with pdf.one_at_a_time():
        pass
