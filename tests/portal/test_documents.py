"""Both documents: archives accept them, screen readers can speak them, and they carry their data."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any, cast

import page as validator
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

from actionplan.documents import revision_pdf
from actionplan.drafting import start_next
from actionplan.editions import publish_revision, whole_report
from actionplan.models import Revision
from followup.documents import followup_pdf
from followup.models import FollowUp
from followup.queries import standpoint_of_publisher
from followup.reports.year import followup_report
from tests.builders import make_area, make_challenge, make_draft, make_followup, make_plan, make_revision
from tests.documents import in_a_line, pages_of
from tests.plans import person

pytestmark = pytest.mark.usefixtures("plans")

PROFILES = ("pdf/a-3a", "pdf/ua-1")


def plan_of_4m() -> bytes:
    return revision_pdf(whole_report(Revision.objects.get_by_natural_key("4m", 2016)))


def strategy_of_botkyrka() -> bytes:
    return revision_pdf(whole_report(Revision.objects.get_by_natural_key("botkyrka", 2018)))


def draft_with_what_has_changed() -> bytes:
    decided = Revision.objects.get_by_natural_key("4m", 2016)
    return revision_pdf(whole_report(start_next(decided, 2017, by=person("redaktor@4m"))))


def edition_of_a_plan() -> bytes:
    return bytes(publish_revision(Revision.objects.get_by_natural_key("4m", 2016), by="Rut Ek").pdf)


def year_under_way() -> bytes:
    return year_of(FollowUp.objects.get_by_natural_key("4m", 2016))


def year_of(followup: FollowUp) -> bytes:
    return followup_pdf(followup_report(standpoint_of_publisher(followup), followup))


def empty_plan() -> bytes:
    return revision_pdf(whole_report(make_draft(make_plan())))


def plan_with_empty_parts() -> bytes:
    draft = make_draft(make_plan())
    make_challenge(draft, area=make_area(draft))
    make_area(draft)
    return revision_pdf(whole_report(draft))


def year_of_an_empty_plan() -> bytes:
    return year_of(make_followup(make_revision(make_plan())))


DOCUMENTS = (
    plan_of_4m,
    strategy_of_botkyrka,
    draft_with_what_has_changed,
    edition_of_a_plan,
    year_under_way,
    empty_plan,
    plan_with_empty_parts,
    year_of_an_empty_plan,
)


CUT_SHORT = "PDFA3A-STREAM-LENGTH-001"


def faults_of(document: bytes) -> list[str]:
    """The rules of both standards that the document breaks.

    Of a stream whose last byte happens to be a carriage return the validator (0.11) takes that for a part of
    the line's end, and finds it a byte too short.
    """
    reports = [validator.validate_pdf_bytes(document, profile=each) for each in PROFILES]
    found = [each for report in reports for each in report.failures]
    ends_so = b"\r\nendstream" in document
    return [f"{each.rule_id} {each.message}" for each in found if not (ends_so and each.rule_id == CUT_SHORT)]


@pytest.mark.parametrize("make", DOCUMENTS)
def test_archives_accept_it_and_screen_readers_can_speak_it(make: Callable[[], bytes]) -> None:
    document = make()
    reader = PdfReader(io.BytesIO(document))

    assert faults_of(document) == []
    assert reader.metadata is not None
    assert " – " in (reader.metadata.title or "")
    assert reader.metadata.author is None
    assert str(reader.root_object["/Lang"]) == "sv"
    assert reader.outline
    assert len(cast(ArrayObject, reader.root_object["/AF"])) == len(reader.attachments) == 3


# What it carries


def attached_to(document: bytes) -> dict[str, str]:
    files = PdfReader(io.BytesIO(document)).attachments
    return {name: content.decode() for name, [content] in files.items()}


def table_in(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_plan_carries_all_that_it_says_as_data() -> None:
    revision = Revision.objects.get_by_natural_key("4m", 2016)
    publication = publish_revision(revision, by="Rut Ek")

    files = attached_to(bytes(publication.pdf))

    assert files["plan-4m-2016.json"] == publication.content
    activities = table_in(files["plan-4m-2016-aktiviteter.csv"])
    assert [each["key"] for each in activities] == [each.key for each in whole_report(revision).activities]
    first = activities[0]
    assert first["responsible"] == "Enköping"
    assert (first["first_year"], first["expected_result"]) == ("2016", "Förbättrad service")
    targets = table_in(files["plan-4m-2016-malvarden.csv"])
    assert {each["value"] for each in targets if each["indicator"] == "nki"} == {"75"}


def test_a_year_carries_all_that_it_says_as_data() -> None:
    followup = FollowUp.objects.get_by_natural_key("4m", 2016)
    report = followup_report(standpoint_of_publisher(followup), followup)

    files = attached_to(followup_pdf(report))

    assert json.loads(files["uppfoljning-4m-2016.json"])["year"] == 2016
    reported = {each["key"]: each for each in table_in(files["uppfoljning-4m-2016-aktiviteter.csv"])}
    for challenge in report.challenges:
        for each in challenge.activities:
            assert reported[each.activity.key]["status"] == (each.status or "")
            assert reported[each.activity.key]["comment"] == (each.said.comment if each.said else "")
    nki = [each for each in table_in(files["uppfoljning-4m-2016-utfall.csv"]) if each["indicator"] == "nki"]
    assert len(nki) == 4


def test_the_same_content_gives_the_same_bytes() -> None:
    assert year_under_way() == year_under_way()


# That what is wrong would be noticed


def without_language(root: Any, _writer: PdfWriter) -> None:
    del root["/Lang"]


def without_structure(root: Any, _writer: PdfWriter) -> None:
    del root["/StructTreeRoot"]


def without_colours_meaning(root: Any, _writer: PdfWriter) -> None:
    del root["/OutputIntents"]


def without_saying_what_it_is(root: Any, writer: PdfWriter) -> None:
    nothing = DecodedStreamObject()
    nothing.set_data(b"")
    root[NameObject("/Metadata")] = writer._add_object(nothing)


def with_a_script(root: Any, _writer: PdfWriter) -> None:
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert('x')")}
    root[NameObject("/OpenAction")] = DictionaryObject({NameObject(name): script[name] for name in script})


def without_relation_to_its_data(root: Any, _writer: PdfWriter) -> None:
    for each in root["/AF"]:
        del each.get_object()["/AFRelationship"]


def headings_that_skip_a_level(root: Any, _writer: PdfWriter) -> None:
    for element in elements_below(root["/StructTreeRoot"]):
        if element.get("/S") == "/H2":
            element[NameObject("/S")] = NameObject("/H4")


def heads_of_tables_without_scope(root: Any, _writer: PdfWriter) -> None:
    for element in elements_below(root["/StructTreeRoot"]):
        if element.get("/S") == "/TH":
            element.pop("/A", None)


def charts_without_text(root: Any, _writer: PdfWriter) -> None:
    for element in elements_below(root["/StructTreeRoot"]):
        if element.get("/S") == "/Figure":
            element.pop("/Alt", None)


def elements_below(element: Any) -> list[Any]:
    children = element.get("/K", [])
    children = children if isinstance(children, ArrayObject) else [children]
    found = [each.get_object() for each in children]
    below = [each for each in found if hasattr(each, "keys") and "/S" in each]
    return [*below, *(deeper for each in below for deeper in elements_below(each))]


@pytest.mark.parametrize(
    "spoil",
    [
        without_language,
        without_structure,
        without_colours_meaning,
        without_saying_what_it_is,
        with_a_script,
        without_relation_to_its_data,
        headings_that_skip_a_level,
        heads_of_tables_without_scope,
        charts_without_text,
    ],
)
def test_a_fault_is_noticed(whole: bytes, spoil: Callable[[Any, PdfWriter], None]) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(whole))
    before = written(writer)
    spoil(writer.root_object, writer)

    assert set(faults_of(written(writer))) - set(faults_of(before))


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def whole(plans_in_the_module: None, django_db_blocker: Any) -> bytes:
    with django_db_blocker.unblock():
        return year_under_way()


# How its reader finds the way


def contents_of(document: bytes) -> list[tuple[str, int]]:
    """The titles of the contents with the numbers of their pages."""
    pages = pages_of(document)
    [at] = [each for each in pages if re.search("^Innehåll$", each, re.MULTILINE)]
    return [(title, int(page)) for title, page in re.findall(r"^(.+?) (\d+)$", at, re.MULTILINE)]


@pytest.mark.parametrize(
    ("make", "first", "last"),
    [
        (plan_of_4m, "Bakgrund", "Ordförklaringar"),
        (strategy_of_botkyrka, "Inledning och syfte", "Genomförande, uppföljning och ansvar"),
        (year_under_way, "Året på en sida", "Ordförklaringar"),
    ],
)
def test_the_contents_name_the_pages(make: Callable[[], bytes], first: str, last: str) -> None:
    document = make()
    pages, found = pages_of(document), contents_of(document)

    titles = [title for title, _page in found]
    assert titles.index(first) < titles.index(last)
    for title, page in found[titles.index(first) : titles.index(last) + 1]:
        assert in_a_line(title) in in_a_line(pages[page - 1]), title
