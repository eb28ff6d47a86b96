"""The feeds by which people follow a plan: what RFC 4287 asks of them, and what they tell of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, fromstring

import pytest
from django.test import Client

from municipalities.models import Organisation
from portal import following
from publishing.models import Publication
from tests.builders import (
    make_draft,
    make_edition,
    make_followup,
    make_plan,
    make_publication,
    make_revision,
)
from tests.pages import read

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
MARCH = datetime(2017, 3, 30, 9, 15, tzinfo=UTC)

FEED_CHILDREN = {"author", "entry", "id", "link", "subtitle", "title", "updated"}
ENTRY_CHILDREN = {"author", "id", "link", "published", "summary", "title", "updated"}
ONCE = ("id", "title", "updated")
"""What every feed and every entry has exactly one of (RFC 4287, 4.1.1 and 4.1.2)."""

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
"""A date and time as RFC 3339 has it, and RFC 4287, 3.3."""


def faults_of(feed: Element) -> list[str]:
    """What of RFC 4287 the feed breaks; and two things more that readers count on.

    The more: no two entries have the same id, though the RFC lets versions of one stand side by side; and
    every address is absolute, though `xml:base` could say what it is relative to.
    """
    return [*faults_of_feed(feed), *(fault for each in feed.findall(f"{ATOM}entry") for fault in entry(each))]


def faults_of_feed(feed: Element) -> Iterator[str]:
    if feed.tag != f"{ATOM}feed":
        yield f"the root is {feed.tag}"
    yield from children(feed, FEED_CHILDREN)
    entries = feed.findall(f"{ATOM}entry")
    if not feed.findall(f"{ATOM}author") and not all(each.findall(f"{ATOM}author") for each in entries):
        yield "an entry has no author, and nor has the feed"
    if [each.get("href") for each in links(feed, "self")] == []:
        yield "it doesn't say where it is"
    ids = Counter([each.findtext(f"{ATOM}id") for each in (feed, *entries)])
    yield from (f"{each} is the id of {number}" for each, number in ids.items() if number > 1)
    if feed.findtext(f"{ATOM}updated") != max(each.findtext(f"{ATOM}updated", "") for each in entries):
        yield "it wasn't updated when its latest entry was"


def entry(each: Element) -> Iterator[str]:
    yield from children(each, ENTRY_CHILDREN)
    if len(each.findall(f"{ATOM}published")) > 1 or len(each.findall(f"{ATOM}summary")) > 1:
        yield "an entry says something twice"
    if not links(each, "alternate"):
        yield "an entry has neither content nor a page"
    if each.findtext(f"{ATOM}published", "") > each.findtext(f"{ATOM}updated", ""):
        yield "an entry was updated before it was published"


def children(parent: Element, known: set[str]) -> Iterator[str]:
    """What is wrong with what stands in a feed or an entry."""
    names = Counter(each.tag.removeprefix(ATOM) for each in parent)
    yield from (f"{each} isn't of the standard" for each in set(names) - known)
    yield from (f"{names[each]} of {each}" for each in ONCE if names[each] != 1)
    for each in parent:
        text = (each.text or "").strip()
        match each.tag.removeprefix(ATOM):
            case "updated" | "published" if not MOMENT.fullmatch(text):
                yield f"{text} is no moment"
            case "id" if not urlsplit(text).scheme:
                yield f"{text} is no id"
            case "title" if not text or each.get("type", "text") != "text":
                yield "a title is empty, or marked up"
            case "author" if [one.tag for one in each] != [f"{ATOM}name"] or not each[0].text:
                yield "an author is told of by more than a name, or by less"
            case "link" if not is_absolute(each.get("href", "")):
                yield f"{each.get('href')} isn't absolute"
    alternates = Counter((each.get("type"), each.get("hreflang")) for each in links(parent, "alternate"))
    yield from (f"two pages alike: {each}" for each, number in alternates.items() if number > 1)


def links(parent: Element, rel: str) -> list[Element]:
    return [each for each in parent.findall(f"{ATOM}link") if each.get("rel", "alternate") == rel]


def is_absolute(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def feed_at(client: Client, address: str) -> Element:
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return fromstring(answer.content)


def titles(feed: Element) -> list[str]:
    return [each.findtext(f"{ATOM}title", "") for each in feed.findall(f"{ATOM}entry")]


def ids(feed: Element) -> list[str]:
    return [each.findtext(f"{ATOM}id", "") for each in feed.findall(f"{ATOM}entry")]


def make_followed(**fields: Any) -> Publication:
    """A plan whose revision is adopted and corrected and whose year is published; the correction of it."""
    values = {"slug": "vara", "title": "Vår plan", "document_name": "Handlingsplan"} | fields
    revision = make_revision(make_plan(**values))
    make_publication(revision.document, published_at=MARCH)
    make_edition(make_followup(revision), published_at=MARCH + timedelta(days=1))
    return make_publication(
        revision.document, published_at=MARCH + timedelta(days=2), corrects="Året är rätt."
    )


def test_a_plans_feed_tells_what_was_adopted_published_and_corrected_the_latest_first(client):
    make_followed()

    assert titles(feed_at(client, "/planer/vara/handelser.atom")) == [
        "Rättad: Handlingsplan, revidering 2016 – Vår plan",
        "Publicerad: Uppföljning 2016 – Vår plan",
        "Fastställd: Handlingsplan, revidering 2016 – Vår plan",
    ]


def test_an_entry_tells_which_edition_it_is_from_when_and_what_it_corrects(client):
    make_followed()

    summary = feed_at(client, "/planer/vara/handelser.atom").findtext(f"{ATOM}entry/{ATOM}summary", "")

    assert read(summary).text == (
        "Utgåva 2, publicerad 1 april 2017. Det här är rättat: Året är rätt. Läs som PDF"
    )


@pytest.mark.parametrize("address", ["/planer/vara/handelser.atom", "/handelser.atom"])
def test_a_feed_is_as_the_standard_asks(client, address):
    make_followed()
    make_followed(slug="deras", title="Deras plan")

    feed = feed_at(client, address)

    assert faults_of(feed) == []
    assert feed.get(LANGUAGE) == "sv"


def test_what_a_feed_may_have_wrong_is_found():
    wrong = f'<feed xmlns="{ATOM[1:-1]}"><id>x</id><entry><link href="/a"/></entry></feed>'

    assert len(faults_of(fromstring(wrong))) > 8


def test_its_authors_are_organisations(client):
    make_followed(owner=Organisation.objects.create(key="vara", name="Våra kommuner", kind="network"))

    authors = feed_at(client, "/planer/vara/handelser.atom").iter(f"{ATOM}author")

    assert {each.findtext(f"{ATOM}name") for each in authors} == {"Våra kommuner"}
    assert "Eva Ek" not in client.get("/planer/vara/handelser.atom").content.decode()  # who published


def test_its_addresses_answer_and_are_what_they_are_said_to_be(client):
    make_followed()
    feed = feed_at(client, "/planer/vara/handelser.atom")

    for each in feed.iter(f"{ATOM}link"):
        if each.get("rel") == "enclosure":
            answer = client.get(each.get("href"))
            assert answer["Content-Type"] == each.get("type") == "application/pdf"
            assert len(answer.content) == int(each.get("length", ""))
    assert client.get(links(feed, "self")[0].get("href")).status_code == 200
    assert client.get(links(feed, "alternate")[0].get("href")).status_code == 200


def test_an_id_stays_whatever_else_becomes_of_the_portal(client, settings):
    publication = make_followed()
    before = feed_at(client, "/planer/vara/handelser.atom")

    plan = following.Plan.objects.get()
    plan.title, plan.document_name = "Omdöpt", "Program"
    plan.save()
    Organisation.objects.filter(pk=plan.owner_id).update(name="Omdöpt också")
    settings.PORTAL_ORIGIN = "https://nya.example.se"
    make_publication(publication.document, published_at=MARCH + timedelta(days=3))
    after = feed_at(client, "/planer/vara/handelser.atom")

    assert ids(after)[1:] == ids(before)
    assert after.findtext(f"{ATOM}id") == before.findtext(f"{ATOM}id")
    assert links(after, "self")[0].get("href") == "https://nya.example.se/planer/vara/handelser.atom"


def test_ids_are_made_as_they_always_have_been(client):
    make_revision(make_plan(slug="vara"))
    make_publication("vara/revidering/2016")

    feed = feed_at(client, "/planer/vara/handelser.atom")

    assert ids(feed) == ["urn:uuid:87e8f069-dd81-5db7-bcf7-ac93f31b2f4a"]
    assert feed.findtext(f"{ATOM}id") == "urn:uuid:e5c1432a-9c1b-583a-9725-2c3c3920c08a"


def test_what_is_told_in_both_feeds_has_one_id_and_each_feed_its_own(client):
    make_followed()
    of_the_plan = feed_at(client, "/planer/vara/handelser.atom")
    of_the_portal = feed_at(client, "/handelser.atom")

    assert ids(of_the_plan) == ids(of_the_portal)
    assert of_the_plan.findtext(f"{ATOM}id") != of_the_portal.findtext(f"{ATOM}id")


@pytest.mark.parametrize("told", [2, 3])
def test_a_feed_tells_of_the_newest_and_is_the_same_feed(client, monkeypatch, told):
    make_followed()
    whole = feed_at(client, "/planer/vara/handelser.atom")
    monkeypatch.setattr(following, "TOLD", told)

    short = feed_at(client, "/planer/vara/handelser.atom")

    assert ids(short) == ids(whole)[:told]
    assert short.findtext(f"{ATOM}id") == whole.findtext(f"{ATOM}id")


def test_the_feed_of_all_plans_tells_of_them_all(client):
    make_followed()
    make_followed(slug="deras", title="Deras plan")
    make_publication("borttagen/revidering/2016")  # of a plan that is gone

    told = titles(feed_at(client, "/handelser.atom"))

    assert len(told) == 6
    assert {each.rpartition(" – ")[2] for each in told} == {"Vår plan", "Deras plan"}


def test_a_plan_isnt_told_of_among_another_whose_name_begins_alike(client):
    make_followed()
    make_followed(slug="vara-andra")
    make_followed(slug="VARA")

    assert len(titles(feed_at(client, "/planer/vara/handelser.atom"))) == 3


def test_nothing_is_told_of_what_isnt_published(client):
    revision = make_revision(make_plan(slug="vara"))
    make_followup(revision)
    make_draft(make_plan(slug="utkast"))

    for address in ("vara/", "utkast/", "finns-inte/"):
        assert client.get(f"/planer/{address}handelser.atom").status_code == 404
    assert client.get("/handelser.atom").status_code == 404


def test_a_made_up_year_says_so(client):
    make_edition(make_followup(make_revision(make_plan(slug="vara", title="Vår plan")), is_example=True))

    assert titles(feed_at(client, "/planer/vara/handelser.atom")) == [
        "Publicerad: Uppföljning 2016 (exempelinnehåll) – Vår plan"
    ]


def test_odd_letters_come_through_and_what_xml_cant_hold_is_left_out(client):
    make_followed(title="Å & <b>ö</b> 🌱 \x0b\x1f\ufffe]]>")
    odd = 'Med "citat", <i> och \x01styrtecken'
    make_publication("vara/revidering/2016", published_at=MARCH + timedelta(days=3), corrects=odd)

    feed = feed_at(client, "/planer/vara/handelser.atom")

    assert titles(feed)[0].endswith("– Å & <b>ö</b> 🌱 ]]>")
    assert 'Med "citat", <i> och styrtecken' in read(feed.findtext(f"{ATOM}entry/{ATOM}summary", "")).text
    assert faults_of(feed) == []


def test_who_has_it_already_gets_nothing_more(client):
    publication = make_followed()
    first = client.get("/planer/vara/handelser.atom")

    by_tag = client.get("/planer/vara/handelser.atom", headers={"If-None-Match": first["ETag"]})
    by_day = client.get("/planer/vara/handelser.atom", headers={"If-Modified-Since": first["Last-Modified"]})

    assert first["Last-Modified"] == "Sat, 01 Apr 2017 09:15:00 GMT"
    assert [(each.status_code, each.content) for each in (by_tag, by_day)] == [(304, b""), (304, b"")]

    make_publication(publication.document, published_at=MARCH + timedelta(days=3))

    for known in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        assert client.get("/planer/vara/handelser.atom", headers=known).status_code == 200


@pytest.mark.parametrize(("address", "most"), [("/planer/vara/handelser.atom", 2), ("/handelser.atom", 2)])
def test_it_takes_two_statements(client, django_assert_num_queries, address, most):
    make_followed()
    make_followed(slug="deras")

    with django_assert_num_queries(most):
        client.get(address)


def test_the_plans_page_leads_to_its_feed_when_there_is_something_in_it(client):
    revision = make_revision(make_plan(slug="vara", title="Vår plan"))

    assert "handelser.atom" not in client.get("/planer/vara/").content.decode()

    make_publication(revision.document)
    page = read(client.get("/planer/vara/").content.decode())

    assert page.one("link", rel="alternate").attributes == {
        "rel": "alternate",
        "type": "application/atom+xml",
        "href": "/planer/vara/handelser.atom",
        "title": "Följ Vår plan",
    }
    assert page.one("a", href="/planer/vara/handelser.atom").text == "Följ planen (Atom)"


def test_the_start_page_leads_to_the_feed_of_all_plans(client):
    make_publication(make_revision(make_plan()).document)

    page = read(client.get("/").content.decode())

    assert page.one("link", rel="alternate")["href"] == "/handelser.atom"
    assert page.one("a", href="/handelser.atom").text == "Följ alla planer (Atom)"
