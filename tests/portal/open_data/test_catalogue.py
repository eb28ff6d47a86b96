"""The catalogue as Sweden's data portal takes it: all that DCAT-AP-SE 3.0.1 demands, and nothing untrue."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rdflib import DCTERMS, FOAF, RDF, SKOS, BNode, Graph, Literal, URIRef

from actionplan.models import Plan
from followup.models import FollowUp
from municipalities.models import Municipality
from portal.open_data.catalogue import DCAT, DCATAP, ODRS, PREFIXES, SAID, VCARD, Catalogue
from portal.open_data.datasets import DATASETS
from portal.open_data.extent import extents
from portal.open_data.publisher import Publisher
from tests.builders import (
    make_activity,
    make_challenge,
    make_goal,
    make_indicator,
    make_municipality,
    make_outcome,
    make_plan,
    make_publication,
    make_revision,
    make_target,
)
from tests.pages import read
from tests.portal.open_data.profile import (
    ADDRESS,
    AUTHORITY,
    CC0,
    DATE,
    LEFT_OUT,
    OURS,
    PROFILE,
    TEXT,
    claimed,
    faults_of,
    graph_at,
    that_have_rows,
)

pytestmark = pytest.mark.django_db

PUBLISHER = Publisher(
    "Kommunen", "http://dataportal.se/organisation/SE0000000000", "data@kommunen.example.se",
    page="https://kommunen.example.se/",
)  # fmt: skip

# What ours says


@pytest.fixture(autouse=True)
def publisher(settings) -> Publisher:
    settings.PUBLISHER = PUBLISHER
    return PUBLISHER


def ours(name: str) -> URIRef:
    return URIRef(OURS + name)


def test_it_has_all_that_the_profile_demands_and_nothing_of_another_sort(client, published):
    assert faults_of(graph_at(client)) == []


def test_all_that_is_recommended_is_there_but_for_what_is_left_out_with_a_reason(client, published):
    make_publication(published.revision.document)
    graph = graph_at(client)

    things = {
        (thing, kind): properties
        for kind, properties in PROFILE.items()
        for thing in graph.subjects(RDF.type, kind)
        if "annan" not in str(thing)  # which has no edition, and no years
    }

    assert [
        (thing, each.name)
        for (thing, kind), properties in things.items()
        for each in properties
        if each.recommended
        and (kind, each.name) not in LEFT_OUT
        and not list(graph.objects(thing, each.name))
    ] == []


def test_each_class_of_the_profile_is_there(client, published):
    graph = graph_at(client)

    assert [kind for kind in PROFILE if not list(graph.subjects(RDF.type, kind))] == []


def test_whatever_it_demands_would_be_missed(client, published):
    whole, missed = graph_at(client), {}
    for kind, properties in PROFILE.items():
        thing = next(iter(whole.subjects(RDF.type, kind)))
        for each in properties:
            if each.least:
                without = Graph()
                for triple in whole:
                    without.add(triple)
                without.remove((thing, each.name, None))
                missed[kind, each.name] = bool(faults_of(without))

    assert len(missed) == 21
    assert all(missed.values())


@pytest.mark.parametrize(
    ("subject", "predicate", "wrong"),
    [
        ("katalog", DCTERMS.license, URIRef("https://creativecommons.org/publicdomain/zero/1.0/")),
        ("katalog", DCTERMS.title, Literal("Utan språk")),
        ("utfall", DCTERMS.publisher, URIRef("https://example.se/en-till")),
        ("utfall", DCAT.theme, URIRef(f"{AUTHORITY}data-theme/GOV")),
        ("utfall", DCTERMS.issued, Literal("2016", datatype=TEXT)),
        ("utfall", DCTERMS.issued, Literal("2016-02-31", datatype=DATE)),
        ("utfall.csv", DCAT.accessURL, URIRef("/oppna-data/utfall.csv")),
        ("utfall.csv", DCTERMS.format, Literal("CSV")),
        ("utfall.csv", DCTERMS.license, BNode("blank")),
        ("utfall", DCAT.distribution, URIRef(f"{OURS}finns-inte.csv")),
    ],
)
def test_whatever_is_wrong_would_be_noticed(client, published, subject, predicate, wrong):
    graph = graph_at(client)
    assert (ours(subject), predicate, None) in graph
    graph.set((ours(subject), predicate, wrong))

    assert faults_of(graph) != []


def test_each_address_in_it_answers_and_is_what_it_is_said_to_be(client, published):
    graph, asked = graph_at(client), set()

    for file in graph.subjects(RDF.type, DCAT.Distribution):
        said = str(graph.value(file, DCTERMS.format))
        assert str(graph.value(file, DCAT.mediaType)).endswith(f"/{said}")
        for name in (DCAT.accessURL, DCAT.downloadURL):
            address = graph.value(file, name)
            answer = client.get(address)
            assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (200, said), address
            asked.add(address)
    for name in (DCAT.endpointURL, DCAT.endpointDescription, DCAT.landingPage, FOAF.page, DCTERMS.conformsTo):
        for address in set(graph.objects(None, name)):
            assert client.get(str(address).partition("#")[0]).status_code == 200, address

    assert len(asked) == 2 * len(list(graph.subjects(RDF.type, DCAT.Dataset)))


def test_it_tells_of_what_has_rows_and_of_nothing_else(client, published):
    assert claimed(graph_at(client)) == that_have_rows()
    assert "annan/utfall" not in that_have_rows()  # nobody has entered any there
    assert "gemensam/utfall-kolada" in that_have_rows()


def test_a_dataset_of_all_plans_is_told_of_where_any_has_something_in_it(client):
    challenge = make_challenge(make_revision(make_plan(slug="ensam")))
    make_activity(challenge)

    graph = graph_at(client)

    assert {str(each).removeprefix(OURS) for each in graph.subjects(RDF.type, DCAT.Dataset)} == {
        "aktiviteter",
        "planer/ensam/aktiviteter",
    }


def test_each_dataset_that_there_is_has_its_place_in_it():
    assert set(SAID) == set(DATASETS)


def test_what_comes_from_kolada_is_credited_to_it_and_all_else_is_free(client, published):
    graph = graph_at(client)

    for key in ("utfall-kolada", "planer/gemensam/utfall-kolada"):
        terms = graph.value(ours(f"{key}.csv"), DCTERMS.rights)
        assert graph.value(terms, ODRS.attributionText) == Literal("Källa: Kolada", lang="sv")
        assert "kolada.se" in str(graph.value(ours(f"{key}.csv"), DCTERMS.license))
        source = graph.value(ours(key), DCTERMS.provenance)
        assert graph.value(source, DCTERMS.description) == Literal("Källa: Kolada", lang="sv")
    for key in ("aktiviteter", "lagen", "utfall", "malvarden", "planer/gemensam/utfall"):
        assert str(graph.value(ours(f"{key}.json"), DCTERMS.license)) == CC0
        assert graph.value(ours(f"{key}.json"), DCTERMS.rights) is None


def test_it_claims_to_follow_no_law_of_valuable_data(client, published):
    assert list(graph_at(client).objects(None, DCATAP.applicableLegislation)) == []


def test_a_plan_is_a_series_of_its_own_datasets(client, published):
    make_publication(published.revision.document)
    graph = graph_at(client)
    members = set(graph.subjects(DCAT.inSeries, ours("planer/gemensam")))

    assert graph.value(ours("planer/gemensam"), DCTERMS.title) == Literal("Gemensam plan", lang="sv")
    assert members == {ours(f"planer/gemensam/{key}") for key in DATASETS}
    assert min(str(graph.value(each, DCTERMS.issued)) for each in members) == str(
        graph.value(ours("planer/gemensam"), DCTERMS.issued)
    )
    assert max(str(graph.value(each, DCTERMS.modified)) for each in members) == str(
        graph.value(ours("planer/gemensam"), DCTERMS.modified)
    )
    assert {place for each in members for place in graph.objects(each, DCTERMS.spatial)} == set(
        graph.objects(ours("planer/gemensam"), DCTERMS.spatial)
    )


def at(month: int, day: int) -> datetime:
    return datetime(2017, month, day, 12, tzinfo=UTC)


def test_dates_are_those_of_the_editions_and_of_what_was_written(client):
    partner = make_municipality()
    plan = make_plan(slug="vara", partners=[partner])
    for year, day in ((2016, 1), (2017, 5)):
        revision = make_revision(plan, year=year)
        make_publication(revision.document, published_at=at(3, day))
    challenge = make_challenge(revision)
    make_activity(challenge, first_year=2017, last_year=2019)
    indicator = make_target(make_goal(challenge), indicator=make_indicator(), year=2018).indicator
    make_outcome(indicator, partner, year=2015, written_at=at(2, 1))
    make_outcome(indicator, partner, year=2016, written_at=at(4, 7))
    make_publication("vara/revidering/2016", published_at=at(6, 1))  # of an earlier year: nothing new in it

    graph = graph_at(client)

    def told(key: str) -> list[str]:
        dates = [graph.value(ours(key), each) for each in (DCTERMS.issued, DCTERMS.modified)]
        period = graph.value(ours(key), DCTERMS.temporal)
        years = [graph.value(period, each) for each in (DCAT.startDate, DCAT.endDate)]
        return [str(each) for each in (*dates, *years)]

    assert told("planer/vara/aktiviteter") == ["2017-03-01", "2017-03-05", "2017", "2019"]
    assert told("planer/vara/malvarden") == ["2017-03-01", "2017-03-05", "2018", "2018"]
    assert told("planer/vara/utfall") == ["2017-03-01", "2017-04-07", "2015", "None"]
    assert told("planer/vara") == ["2017-03-01", "2017-04-07", "2015", "None"]


def test_what_has_been_published_nowhere_has_no_dates(client):
    make_activity(make_challenge(make_revision(make_plan(slug="vara"))))

    graph = graph_at(client)

    assert faults_of(graph) == []
    assert graph.value(ours("planer/vara/aktiviteter"), DCTERMS.issued) is None


def test_it_tells_who_answers_for_the_data(client, published):
    graph = graph_at(client)
    agent = URIRef(PUBLISHER.uri)

    assert graph.value(agent, FOAF.name) == Literal("Kommunen", lang="sv")
    assert str(graph.value(agent, DCTERMS.identifier)) == "0000000000"
    assert str(graph.value(ours("kontakt"), VCARD.hasEmail)) == "mailto:data@kommunen.example.se"
    assert set(graph.objects(None, DCTERMS.publisher)) == {agent}


def test_places_are_told_by_name_and_code(client, published):
    graph = graph_at(client)

    assert set(graph.objects(ours("planer/gemensam/utfall"), DCTERMS.spatial)) == {
        ours("kommuner/0381"),
        ours("kommuner/1980"),
    }
    assert graph.value(ours("kommuner/1980"), SKOS.prefLabel) == Literal("Västerås", lang="sv")


def test_odd_letters_come_through_and_what_xml_cant_hold_is_left_out(client, published):
    odd = "Å & <b>\"ö\"</b> 'ä' ]]> 🌱 \x0b\x1f\ufffe\u202e"
    Plan.objects.filter(pk=published.plan.pk).update(title=odd)
    Municipality.objects.filter(pk=published.enkoping.pk).update(name=odd)

    graph = graph_at(client)

    left = odd.replace("\x0b", "").replace("\x1f", "").replace("\ufffe", "")
    assert str(graph.value(ours("planer/gemensam"), DCTERMS.title)) == left
    assert str(graph.value(ours("kommuner/0381"), SKOS.prefLabel)) == left
    assert faults_of(graph) == []


def test_who_has_it_already_gets_nothing_more(client, published):
    first = client.get(ADDRESS)

    again = client.get(ADDRESS, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def change_title(published):
    Plan.objects.filter(pk=published.plan.pk).update(title="Ett annat namn")


def change_place(published):
    Municipality.objects.filter(pk=published.enkoping.pk).update(name="Ett annat namn")


def publish(published):
    make_publication(published.revision.document)


def enter(published):
    make_outcome(published.indicator, published.vasteras, year=2000)


@pytest.mark.parametrize("change", [change_title, change_place, publish, enter])
def test_whatever_changes_in_it_changes_its_tag(client, published, change):
    before = client.get(ADDRESS)
    change(published)

    after = client.get(ADDRESS, headers={"If-None-Match": before["ETag"]})

    assert after.status_code == 200
    assert after.content != before.content


def test_another_publisher_and_another_name_change_its_tag_too(client, settings, published):
    tags = {client.get(ADDRESS)["ETag"]}
    settings.PUBLISHER = replace(PUBLISHER, name="En annan")
    tags.add(client.get(ADDRESS)["ETag"])
    settings.PORTAL_ORIGIN = "https://planer.example.se"
    tags.add(client.get(ADDRESS)["ETag"])

    assert len(tags) == 3


def test_it_is_written_in_the_order_in_which_it_is_told():
    """A graph as such has none, and would be written otherwise by each process, with another ETag."""
    graph = Catalogue("https://portal.example.se", PUBLISHER).of([], {})

    assert [str(each).rpartition("#")[2] for each in dict.fromkeys(graph.subjects())][:2] == [
        "katalog",
        "http://publications.europa.eu/resource/authority/language/SWE",
    ]
    assert {prefix for prefix, _name in graph.namespaces()} >= set(PREFIXES) - {"xml"}


def test_its_addresses_begin_with_the_portals_own_name(client, settings, published):
    settings.PORTAL_ORIGIN = "https://planer.example.se"

    graph = graph_at(client)

    assert URIRef(f"https://planer.example.se{ADDRESS}#katalog") in set(graph.subjects())
    assert "testserver" not in graph.serialize(format="nt")


def test_without_a_publisher_there_is_none_and_no_way_to_it(client, settings, published):
    assert read(client.get("/oppna-data/").content.decode()).all("a", href=ADDRESS)

    settings.PUBLISHER = None

    assert client.get(ADDRESS).status_code == 404
    assert ADDRESS not in client.get("/oppna-data/").content.decode()


def test_a_portal_where_nothing_is_decided_has_none(client):
    assert client.get(ADDRESS).status_code == 404


def test_the_page_of_open_data_leads_to_it(client, published):
    page = read(client.get("/oppna-data/").content.decode())

    assert page.one("link", rel="alternate", type="application/rdf+xml")["href"] == ADDRESS
    assert page.one("a", href=ADDRESS).text


def test_swedens_portal_is_led_to_it_from_where_it_looks_by_itself(client):
    answer = client.get("/datasets/dcat")

    assert (answer.status_code, answer["Location"]) == (301, ADDRESS)


def test_it_takes_as_many_statements_however_many_plans_there_are(
    client, published, django_assert_max_num_queries
):
    for _each in range(4):
        challenge = make_challenge(make_revision(make_plan(partners=[make_municipality()])))
        make_activity(challenge)

    with django_assert_max_num_queries(12):
        client.get(ADDRESS)


def test_what_nobody_may_see_yet_is_no_part_of_it(client, published):
    before = extents(Plan.objects.decided())
    FollowUp.objects.filter(plan=published.plan).update(published_at=None, stage="open")

    after = extents(Plan.objects.decided())

    assert set(before) - set(after) == {("gemensam", "lagen"), ("gemensam", "utfall")}
