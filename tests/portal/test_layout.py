"""The pages of both documents as they are laid out: nothing is cut off, covered, torn apart or left alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any, cast

import pytest
from django.db import transaction
from django.template import Context, Template
from pypdf import PdfReader

from actionplan.documents import revision_pdf
from actionplan.drafting import start_next
from actionplan.editions import whole_report
from actionplan.models import Activity, Revision
from actionplan.reports import ActivityRow, AreaRow, ChapterSection, RevisionReport
from followup.counts import StatusCounts
from followup.documents import followup_pdf
from followup.models import FollowUp
from followup.queries import standpoint_of_publisher
from followup.reports.year import FollowUpReport, followup_report
from publishing import pdf
from tests.documents import in_a_line, pages_of
from tests.plans import person
from tests.publishing import layout
from tests.publishing.layout import Page, faults_of, laid_out

pytestmark = pytest.mark.usefixtures("plans")

# The documents


def plan_report() -> RevisionReport:
    return whole_report(Revision.objects.get_by_natural_key("4m", 2016))


def year_report() -> FollowUpReport:
    followup = FollowUp.objects.get_by_natural_key("4m", 2016)
    return followup_report(standpoint_of_publisher(followup), followup)


def plan_of_4m() -> bytes:
    return revision_pdf(plan_report())


def strategy_of_botkyrka() -> bytes:
    return revision_pdf(whole_report(Revision.objects.get_by_natural_key("botkyrka", 2018)))


def draft_with_what_has_changed() -> bytes:
    decided = Revision.objects.get_by_natural_key("4m", 2016)
    draft = start_next(decided, 2017, by=person("redaktor@4m"))
    for activity in Activity.objects.filter(revision=draft)[:30]:
        activity.title = f"{activity.title} och {LONG_WORD}"
        activity.expected_result = f"{activity.expected_result}\n{LONG_WORD}"
        activity.save()
    return revision_pdf(whole_report(draft))


def year_under_way() -> bytes:
    return followup_pdf(year_report())


LONG_WORD = "kommunövergripandesamverkansupphandlingsutvecklingsprojekten"
LONGEST_TITLE = (f"{LONG_WORD.capitalize()} för service och bemötande i hela regionen " * 3)[:300]


MANY, DEVIATING = (500, 11) if "FULL_SIZE" in os.environ else (150, 2)
"""How many activities a hard document has, and of how many one deviates: more than a page has room for."""


def hard_activities(like: tuple[ActivityRow, ...]) -> tuple[ActivityRow, ...]:
    """Many, of which some are as long as they may be."""
    return tuple(
        replace(
            like[number % len(like)],
            key=f"aktivitet-{number}",
            title=LONGEST_TITLE if number % 25 == 0 else f"Aktivitet {number}",
            expected_result=LONG_WORD if number % 25 == 0 else "Bättre",
            heading=LONGEST_TITLE if number % 100 < 3 else "",
            description=f"Genom {LONG_WORD}.\n\n- ett\n- två" if number % 50 == 0 else "",
            responsible_text=LONG_WORD if number % 30 == 0 else "",
        )
        for number in range(MANY)
    )


def hard_plan() -> bytes:
    report = plan_report()
    first, second, *others = report.challenges
    return revision_pdf(
        replace(
            report,
            plan=replace(report.plan, title=f"{LONG_WORD} " * 3),
            registry_number=LONG_WORD,
            chapters=(
                *report.chapters,
                ChapterSection("tomt", None, "Tomt avsnitt", "", "before"),
                ChapterSection("tomt-sist", None, LONGEST_TITLE, "", "after"),
            ),
            area_rows=(AreaRow("tomt-omrade", LONGEST_TITLE),),
            challenges=(
                replace(first, title=LONGEST_TITLE, activities=hard_activities(first.activities)),
                replace(
                    second, purpose="", strategy="", text="", followup_owner=None, goals=(), activities=()
                ),
                *others,
            ),
        )
    )


def hard_year() -> bytes:
    report = year_report()
    first, second, *others = report.challenges
    reported = [each for challenge in report.challenges for each in challenge.activities]
    silent = next(each for each in reported if each.said is None)
    activities = tuple(
        replace(reported[number % len(reported)] if number % DEVIATING == 0 else silent, activity=activity)
        for number, activity in enumerate(hard_activities(tuple(each.activity for each in reported)))
    )
    counts = StatusCounts.of(each.status for each in activities)
    return followup_pdf(
        replace(
            report,
            counts=counts,
            challenges=(
                replace(first, title=LONGEST_TITLE, activities=activities, counts=counts),
                replace(
                    second, purpose="", followup_owner=None, goals=(), activities=(), review=None,
                    counts=StatusCounts.of(()),
                ),
                *others,
            ),
        )
    )  # fmt: skip


DOCUMENTS = (
    plan_of_4m,
    strategy_of_botkyrka,
    draft_with_what_has_changed,
    year_under_way,
    hard_plan,
    hard_year,
)


@pytest.fixture(scope="module", params=DOCUMENTS, ids=lambda make: make.__name__)
def pages(request: Any, plans_in_the_module: None, django_db_blocker: Any) -> list[Page]:
    with layout.boxes_told(pdf), django_db_blocker.unblock(), transaction.atomic():
        made = request.param()
        transaction.set_rollback(True)
    return layout.read(made)


def test_nothing_is_wrong_with_how_it_is_laid_out(pages: list[Page]) -> None:
    assert faults_of(pages) == {}


def test_the_year_is_summed_up_on_one_page_however_much_deviates(pages: list[Page]) -> None:
    summing_up = [page for page in pages if page.head == "Året på en sida"]

    assert len(summing_up) <= 1
    for page in summing_up:
        deviating = page.tells("avviker, se sidan 3")
        assert deviating == (len(pages) > 20)


# That what is wrong would be noticed

FRAME = """{% extends "publishing/document.html" %}{% block body %}<section><h2>Finansiering</h2>
<div style="height: 30mm"></div>
<h3>Aktiviteter</h3>
<table class="activities"><caption>Aktiviteter</caption>
<thead><tr><th>Aktivitet</th><th>Resultat</th><th class="num">Värde</th></tr></thead>
<tbody>{% for value in values %}
<tr><th>Starta ett nätverk för finansiering<br>av det som görs<br>och ska göras</th>
<td>Tillsammansarbete</td><td class="num">{{ value }}</td></tr>{% endfor %}</tbody></table>
<div class="fill"></div><h3 class="last">Varför</h3>
<p class="end">{{ words }}</p></section>{% endblock %}"""


def made_of(style: str) -> list[Page]:
    values = {"values": [9, 123, 1000] * 5, "words": "Det går framåt. " * 30}
    html = Template(FRAME).render(Context({"title": "Uppföljning 2016", "foot": "4M", **values}))
    files = {name: str(path) for name, path in pdf.own_files().items()}
    return laid_out(html.replace("</head>", f"<style>{style}</style></head>"), files)


FAULTS = {
    "rows_split_that_would_fit": "tr { break-inside: auto !important }",
    "headings_left_at_the_foot": ".last { break-before: page } .end { break-before: page }",
    "lines_alone": ".end { line-height: 200mm }",
    "words_outside_the_margins": ".end { margin-left: -15mm }",
    "ink_in_the_margins": "h3 { border-bottom: 1pt solid; margin-right: -9mm }",
    "words_outside_their_cells": "td { white-space: nowrap } td::after { content: ' och mycket annat' }",
    "words_that_overlap": ".end { margin-top: -6mm }",
    "words_torn_without_a_hyphen": ".end { width: 8mm; hyphens: manual }",
    "tables_wider_than_the_page": "table { width: 180mm }",
    "figures_out_of_line": ".num { text-align: left }",
    "heads_that_are_wrong": "h2 { string-set: section 'Något annat' }",
    "numbers_that_are_wrong": "@page { @bottom-right { content: counter(pages) } }",
}


def test_without_a_fault_none_is_noticed() -> None:
    assert faults_of(made_of("")) == {}


@pytest.mark.parametrize("question", layout.QUESTIONS, ids=lambda ask: ask.__name__)
def test_a_fault_is_noticed(question: Callable[[list[Page]], list[str]]) -> None:
    assert question(made_of(FAULTS[question.__name__]))


# In which order it is read


def marks_below(
    element: Any, pages: dict[int, int], page: int = 0, kind: str = ""
) -> Iterator[tuple[str, int, int]]:
    """What a screen reader reads, in its order: the kind of each marked piece, its page and number there."""
    element = element.get_object()
    if isinstance(element, int):
        yield kind, page, element
        return
    if "/Pg" in element:
        page = pages[element.raw_get("/Pg").idnum]
    if "/MCID" in element:
        yield kind, page, element["/MCID"]
        return
    children = element.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        yield from marks_below(child, pages, page, element.get("/S", kind))


def test_a_year_is_read_from_its_cover_to_its_terms(tmp_path: Any) -> None:
    """Screen readers follow the structure: it goes the same way as the text that search engines read."""
    document = year_under_way()
    path = tmp_path / "year.pdf"
    path.write_bytes(document)
    reader = PdfReader(path)
    numbers = {each.indirect_reference.idnum: place for place, each in enumerate(cast(Any, reader.pages))}

    marks = [
        (page, number)
        for kind, page, number in marks_below(reader.root_object["/StructTreeRoot"], numbers)
        if kind != "/Figure"
    ]
    text = in_a_line(*pages_of(document))

    assert len(marks) > 500
    assert [pair for pair in pairwise(marks) if pair[0] >= pair[1]] == []
    parts = [
        "Uppföljning 2016",
        "Innehåll",
        "Året på en sida Inget",
        *(f"{each.title} Syfte" for each in year_report().challenges),
        "Så räknas det NKI",
        "Ordförklaringar Ord",
    ]
    places = [text.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)
