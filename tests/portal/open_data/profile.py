"""What DCAT-AP-SE 3.0.1 demands of a catalogue, class by class, and what of it a graph breaks.

The tables are facts of the specification, read from the templates that its own pages are made of
(diggsweden/DCAT-AP-SE, 3.0.1/bundle.json): docs/decisions/0038 has them with their source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.test import Client
from rdflib import DCTERMS, FOAF, RDF, SKOS, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from actionplan.models import Plan
from portal.open_data.catalogue import DCAT, DCATAP, MEDIA_TYPE, ODRS, VCARD
from portal.open_data.datasets import DATASETS
from portal.open_data.publisher import TYPES
from portal.open_data.rows import rows_of

ADDRESS = "/oppna-data/katalog.rdf"
OURS = f"http://testserver{ADDRESS}#"

AUTHORITY = "http://publications.europa.eu/resource/authority/"


def named(vocabulary: str, codes: str) -> frozenset[str]:
    return frozenset(f"{AUTHORITY}{vocabulary}/{each}" for each in codes.split())


ALLOWED: Mapping[URIRef, frozenset[str]] = {
    DCAT.theme: named(
        "data-theme",
        "AGRI ECON EDUC ENER ENVI GOVE HEAL INTR JUST SOCI REGI TECH TRAN",
    ),
    DCAT.themeTaxonomy: frozenset({f"{AUTHORITY}data-theme"}),
    DCTERMS.accessRights: named("access-right", "NON_PUBLIC PUBLIC RESTRICTED"),
    DCTERMS.accrualPeriodicity: named(
        "frequency",
        "CONT UPDATE_CONT DAILY_2 DAILY WEEKLY_3 WEEKLY_2 WEEKLY MONTHLY_3 BIWEEKLY MONTHLY_2 MONTHLY "
        "BIMONTHLY QUARTERLY ANNUAL_3 ANNUAL_2 ANNUAL BIENNIAL TRIENNIAL IRREG OTHER UNKNOWN NEVER",
    ),
    DCATAP.availability: named("planned-availability", "TEMPORARY EXPERIMENTAL AVAILABLE STABLE"),
    DCTERMS.language: named("language", "SWE ENG"),
}
"""The lists from which a property takes its values; of languages those two that are ours."""

OF_A_PUBLISHER = frozenset(f"http://purl.org/adms/publishertype/{each}" for each in TYPES)
ARCHITECTURES = frozenset({"http://www.wikidata.org/entity/Q749568", "http://www.wikidata.org/entity/Q62270"})
CLASSIFICATION = URIRef("https://www.w3.org/ns/org#classification")
CC0 = "http://creativecommons.org/publicdomain/zero/1.0/"
COMMON_FORMATS = {"text/csv", "application/json"}
"""Those of the specification's common formats that are ours."""

DATE, TEXT = XSD.date, XSD.string
DATES = (DATE, XSD.dateTime, XSD.gYear)
WEB = re.compile(r"https?://.+")
NOT_IN_AN_IRI = re.compile(r'[\s<>"{}|\\^`\x00-\x20]')
DURATION = re.compile(r"-?P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d*(\.\d+)?S)?)?")

Range = Callable[[Graph, Node], bool]


def in_a_language(graph: Graph, value: Node) -> bool:
    return isinstance(value, Literal) and value.language in ("sv", "en") and bool(str(value).strip())


def plain(graph: Graph, value: Node) -> bool:
    return isinstance(value, Literal) and bool(str(value).strip())


def on_the_web(graph: Graph, value: Node) -> bool:
    return isinstance(value, URIRef) and bool(WEB.fullmatch(value))


def a_date(graph: Graph, value: Node) -> bool:
    return isinstance(value, Literal) and value.datatype in DATES and value.ill_typed is not True


def a_duration(graph: Graph, value: Node) -> bool:
    return isinstance(value, Literal) and value.datatype == XSD.duration and bool(DURATION.fullmatch(value))


def a_mail_address(graph: Graph, value: Node) -> bool:
    return isinstance(value, URIRef) and bool(re.fullmatch(r"mailto:[^@\s]+@[^@\s]+", value))


def a_media_type(graph: Graph, value: Node) -> bool:
    return isinstance(value, Literal) and str(value) in COMMON_FORMATS


def a(*kinds: URIRef) -> Range:
    """Something that is described here as one of the kinds."""
    return lambda graph, value: any((value, RDF.type, kind) in graph for kind in kinds)


def one_of(values: frozenset[str]) -> Range:
    return lambda graph, value: isinstance(value, URIRef) and str(value) in values


@dataclass(frozen=True)
class Property:
    """How many values a property has at least and at most, and of what sort; whether it is recommended."""

    name: URIRef
    least: int
    most: int | None
    range: Range
    recommended: bool = False


def mandatory(name: URIRef, range: Range, most: int | None = None) -> Property:
    return Property(name, 1, most, range)


def recommended(name: URIRef, range: Range, most: int | None = None) -> Property:
    return Property(name, 0, most, range, recommended=True)


def optional(name: URIRef, range: Range, most: int | None = None) -> Property:
    return Property(name, 0, most, range)


AGENT, CONTACT = a(FOAF.Agent), a(VCARD.Organization, VCARD.Individual)
ALIKE = (
    mandatory(DCTERMS.title, in_a_language),
    mandatory(DCTERMS.description, in_a_language),
    mandatory(DCTERMS.publisher, AGENT, most=1),
    recommended(DCAT.contactPoint, CONTACT),
    recommended(DCAT.keyword, in_a_language),
    recommended(DCAT.theme, one_of(ALLOWED[DCAT.theme])),
    recommended(DCTERMS.issued, a_date, most=1),
    optional(DCTERMS.modified, a_date, most=1),
    recommended(DCTERMS.spatial, a(DCTERMS.Location)),
    recommended(DCTERMS.temporal, a(DCTERMS.PeriodOfTime)),
    optional(DCTERMS.accrualPeriodicity, one_of(ALLOWED[DCTERMS.accrualPeriodicity]), most=1),
    optional(DCAT.landingPage, on_the_web),
    optional(FOAF.page, on_the_web),
)
"""Of datasets and of series alike."""

PROFILE: Mapping[URIRef, tuple[Property, ...]] = {
    DCAT.Catalog: (
        mandatory(DCTERMS.title, in_a_language),
        mandatory(DCTERMS.description, in_a_language),
        mandatory(DCTERMS.publisher, AGENT, most=1),
        mandatory(DCTERMS.license, one_of(frozenset({CC0})), most=1),
        mandatory(DCAT.dataset, a(DCAT.Dataset, DCAT.DatasetSeries)),
        recommended(DCTERMS.issued, a_date, most=1),
        recommended(DCTERMS.modified, a_date, most=1),
        recommended(DCTERMS.language, one_of(ALLOWED[DCTERMS.language])),
        recommended(FOAF.homepage, on_the_web, most=1),
        recommended(DCTERMS.spatial, a(DCTERMS.Location)),
        recommended(DCAT.themeTaxonomy, one_of(ALLOWED[DCAT.themeTaxonomy])),
    ),
    DCAT.Dataset: (
        *ALIKE,
        recommended(DCTERMS.conformsTo, a(DCTERMS.Standard)),
        recommended(DCTERMS.accessRights, one_of(ALLOWED[DCTERMS.accessRights]), most=1),
        optional(DCTERMS.identifier, plain),
        optional(DCTERMS.language, one_of(ALLOWED[DCTERMS.language])),
        optional(DCAT.temporalResolution, a_duration, most=1),
        optional(DCTERMS.provenance, a(DCTERMS.ProvenanceStatement)),
        optional(DCAT.distribution, a(DCAT.Distribution)),
        optional(DCAT.inSeries, a(DCAT.DatasetSeries)),
    ),
    DCAT.DatasetSeries: (*ALIKE, recommended(DCTERMS.conformsTo, a(DCTERMS.Standard))),
    DCAT.Distribution: (
        mandatory(DCAT.accessURL, on_the_web, most=1),
        mandatory(DCTERMS.format, a_media_type, most=1),
        recommended(DCTERMS.description, in_a_language),
        recommended(DCATAP.availability, one_of(ALLOWED[DCATAP.availability]), most=1),
        recommended(DCTERMS.license, a(DCTERMS.LicenseDocument), most=1),
        optional(DCTERMS.title, in_a_language),
        optional(DCAT.downloadURL, on_the_web),
        optional(DCAT.mediaType, on_the_web),  # of DCAT-AP: the Swedish profile leaves it out, and lets it be
        optional(DCTERMS.rights, a(ODRS.RightsStatement), most=1),
        optional(DCAT.accessService, a(DCAT.DataService)),
        optional(DCTERMS.conformsTo, a(DCTERMS.Standard)),
    ),
    DCAT.DataService: (
        mandatory(DCTERMS.title, in_a_language),
        mandatory(DCAT.endpointURL, on_the_web),
        mandatory(DCTERMS.format, a_media_type, most=1),
        recommended(DCAT.endpointDescription, on_the_web),
        recommended(DCAT.contactPoint, CONTACT),
        recommended(DCAT.keyword, in_a_language),
        recommended(DCTERMS.accessRights, one_of(ALLOWED[DCTERMS.accessRights]), most=1),
        recommended(DCTERMS.license, a(DCTERMS.LicenseDocument), most=1),
        optional(DCTERMS.description, in_a_language),
        optional(DCTERMS.publisher, AGENT),
        optional(DCTERMS.type, one_of(ARCHITECTURES)),
        optional(DCAT.theme, one_of(ALLOWED[DCAT.theme])),
        optional(DCAT.servesDataset, a(DCAT.Dataset)),
        optional(DCAT.landingPage, on_the_web),
    ),
    FOAF.Agent: (
        mandatory(FOAF.name, in_a_language),
        mandatory(DCTERMS.type, one_of(OF_A_PUBLISHER), most=1),
        recommended(DCTERMS.identifier, plain),
        recommended(DCTERMS.description, in_a_language),
        recommended(CLASSIFICATION, on_the_web, most=1),
        optional(FOAF.homepage, on_the_web),
    ),
    VCARD.Organization: (
        mandatory(VCARD.fn, plain),
        mandatory(VCARD.hasEmail, a_mail_address),
        recommended(VCARD.hasTelephone, plain),
        recommended(VCARD.hasAddress, plain),
        optional(VCARD.hasURL, on_the_web),
    ),
    DCTERMS.PeriodOfTime: (
        recommended(DCAT.startDate, a_date, most=1),
        optional(DCAT.endDate, a_date, most=1),
    ),
    DCTERMS.LicenseDocument: (recommended(DCTERMS.title, in_a_language),),
    DCTERMS.Standard: (recommended(DCTERMS.title, in_a_language),),
    DCTERMS.ProvenanceStatement: (mandatory(DCTERMS.description, in_a_language),),
    ODRS.RightsStatement: (
        recommended(ODRS.attributionText, in_a_language),
        recommended(ODRS.attributionURL, on_the_web),
    ),
    DCTERMS.Location: (
        optional(SKOS.prefLabel, in_a_language),
        optional(DCTERMS.identifier, plain),
    ),
}
"""What each class must, should and may have, and how many of each."""

LEFT_OUT = {
    (FOAF.Agent, DCTERMS.description): "nobody has told what the organisation is",
    (FOAF.Agent, CLASSIFICATION): "it is for those who take fees",
    (VCARD.Organization, VCARD.hasTelephone): "nobody has told it",
    (VCARD.Organization, VCARD.hasAddress): "nobody has told it",
    (DCAT.DataService, DCTERMS.license): "its data have different ones, which each file tells",
    (DCAT.DatasetSeries, DCTERMS.conformsTo): "its datasets have each their own",
}
"""What is recommended and isn't there, and why."""


def faults_of(graph: Graph) -> list[str]:
    """What of the profile the catalogue breaks."""
    return [*faults_of_things(graph), *faults_of_names(graph)]


def faults_of_things(graph: Graph) -> Iterator[str]:
    for kind, properties in PROFILE.items():
        known = {each.name: each for each in properties}
        for thing in graph.subjects(RDF.type, kind):
            for name in set(graph.predicates(thing)) - set(known) - {RDF.type}:
                yield f"{thing} has {name}, which the profile doesn't know"
            for each in properties:
                values = list(graph.objects(thing, each.name))
                if len(values) < each.least or (each.most is not None and len(values) > each.most):
                    yield f"{thing} has {len(values)} of {each.name}"
                yield from (f"{value} is no {each.name}" for value in values if not each.range(graph, value))


def faults_of_names(graph: Graph) -> Iterator[str]:
    """What Sweden's portal says of identifiers: none blank, all absolute, and what is ours described."""
    for each in {each for triple in graph for each in triple}:
        if isinstance(each, BNode):
            yield "a blank node"
        if isinstance(each, URIRef) and (NOT_IN_AN_IRI.search(each) or ":" not in each):
            yield f"{each} is no IRI"
        if isinstance(each, URIRef) and each.startswith(OURS) and not list(graph.objects(each, RDF.type)):
            yield f"{each} isn't described"
    if len(list(graph.subjects(RDF.type, DCAT.Catalog))) != 1:
        yield "there isn't one catalogue"
    if list(graph.subjects(RDF.type, DCAT.CatalogRecord)):
        yield "Sweden's portal doesn't take records of the catalogue"


def claimed(graph: Graph) -> set[str]:
    """The datasets of plans that it tells of, as "4m/utfall"."""
    every = [str(each).removeprefix(OURS) for each in graph.subjects(RDF.type, DCAT.Dataset)]
    return {each.removeprefix("planer/") for each in every if each.startswith("planer/")}


def that_have_rows() -> set[str]:
    """The datasets of plans that have any, by the rows themselves."""
    return {
        f"{plan.slug}/{dataset.key}"
        for plan in Plan.objects.decided()
        for dataset in DATASETS.values()
        if next(rows_of(dataset, Plan.objects.filter(pk=plan.pk)), None)
    }


def graph_at(client: Client) -> Graph:
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    assert answer["Content-Type"] == MEDIA_TYPE == "application/rdf+xml"
    return Graph(bind_namespaces="none").parse(data=answer.content, format="xml")
