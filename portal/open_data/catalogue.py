"""The catalogue of open data, as DCAT-AP-SE 3.0.1 has it: made of the same datasets as the data.

Each dataset of all plans is told of, and each plan as a series of its own datasets; of what holds nothing
nothing is told. What the standard demands, and what is left out, stands in docs/decisions/0038.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from rdflib import DCTERMS, FOAF, RDF, SKOS, XSD, Graph, Literal, Namespace, URIRef

from actionplan.models import Plan
from portal.open_data.datasets import (
    ACTIVITIES,
    CC0,
    DATASETS,
    FORMATS,
    JSON,
    KOLADA,
    OUTCOMES,
    OUTCOMES_FROM_KOLADA,
    STATUSES,
    TARGETS,
    VERSION,
    Dataset,
    Format,
    Licence,
    Text,
)
from portal.open_data.extent import Extent, Extents, extents, together
from portal.open_data.publisher import Publisher
from portal.open_data.stamps import how_it_is_made
from publishing.languages import in_the_portals_language
from publishing.xml import in_xml

MEDIA_TYPE = "application/rdf+xml"

DCAT = Namespace("http://www.w3.org/ns/dcat#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
ODRS = Namespace("http://schema.theodi.org/odrs#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
PREFIXES = {
    "rdf": RDF, "dcat": DCAT, "dcterms": DCTERMS, "foaf": FOAF, "skos": SKOS, "vcard": VCARD, "odrs": ODRS,
    "dcatap": DCATAP,
}  # fmt: skip

AUTHORITY = "http://publications.europa.eu/resource/authority/"
GOVERNMENT = URIRef(f"{AUTHORITY}data-theme/GOVE")
THEMES = URIRef(f"{AUTHORITY}data-theme")
PUBLIC = URIRef(f"{AUTHORITY}access-right/PUBLIC")
AVAILABLE = URIRef(f"{AUTHORITY}planned-availability/AVAILABLE")
SWEDISH = URIRef(f"{AUTHORITY}language/SWE")
ENGLISH = URIRef(f"{AUTHORITY}language/ENG")
ANNUAL = URIRef(f"{AUTHORITY}frequency/ANNUAL")
IRREGULAR = URIRef(f"{AUTHORITY}frequency/IRREG")
MEDIA_TYPES = "http://www.iana.org/assignments/media-types/"
PUBLISHER_TYPES = "http://purl.org/adms/publishertype/"
REST = URIRef("http://www.wikidata.org/entity/Q749568")
SWEDEN = URIRef("http://sws.geonames.org/2661886")

LICENCES = {
    CC0.address: URIRef("http://creativecommons.org/publicdomain/zero/1.0/"),
    KOLADA.address: URIRef("https://www.kolada.se/om-oss/api"),
}
"""What Sweden's portal knows a licence by, and where terms stand, where that isn't the licence's address."""

OF_A_YEAR = Literal("P1Y", datatype=XSD.duration)

RANGES: Mapping[URIRef, URIRef] = {
    DCTERMS.accessRights: DCTERMS.RightsStatement,
    DCTERMS.accrualPeriodicity: DCTERMS.Frequency,
    DCTERMS.language: DCTERMS.LinguisticSystem,
    DCTERMS.spatial: DCTERMS.Location,
    DCAT.mediaType: DCTERMS.MediaType,
    DCAT.theme: SKOS.Concept,
    DCAT.themeTaxonomy: SKOS.ConceptScheme,
    FOAF.homepage: FOAF.Document,
    FOAF.page: FOAF.Document,
    DCAT.landingPage: FOAF.Document,
}
"""What the things are that are only pointed to, which whoever checks ranges wants to be told."""


@dataclass(frozen=True)
class Said:
    """What the catalogue says of a dataset besides what its definition does.

    `is_by_year`: each row is of a year. `grows`: there are more of them every year.
    """

    frequency: URIRef
    keywords: tuple[Text, ...]
    is_by_year: bool = True
    grows: bool = False


PLAN = Text("handlingsplan", "action plan")
FOLLOW_UP = Text("uppföljning", "follow-up")
ACTIVITY = Text("aktivitet", "activity")
INDICATOR = Text("indikator", "indicator")
OUTCOME = Text("utfall", "outcome")
SAID: Mapping[str, Said] = {
    ACTIVITIES.key: Said(ANNUAL, (PLAN, ACTIVITY), is_by_year=False),
    STATUSES.key: Said(ANNUAL, (PLAN, FOLLOW_UP, ACTIVITY), grows=True),
    OUTCOMES.key: Said(IRREGULAR, (PLAN, FOLLOW_UP, INDICATOR, OUTCOME), grows=True),
    OUTCOMES_FROM_KOLADA.key: Said(
        IRREGULAR, (PLAN, FOLLOW_UP, INDICATOR, OUTCOME, Text("Kolada", "Kolada")), grows=True
    ),
    TARGETS.key: Said(ANNUAL, (PLAN, Text("mål", "goal"), Text("målvärde", "target"), INDICATOR)),
}

TITLE = Text("Öppna data ur kommunernas handlingsplaner", "Open data from municipal action plans")
DESCRIPTION = Text(
    "Vad kommuner har beslutat tillsammans i sina handlingsplaner, hur det går med det och vad det visar.",
    "What municipalities have decided together in their action plans, how it goes and what it shows.",
)
SERVICE = Text("Handlingsplaner: öppna data", "Action plans: open data")
SERVICE_DESCRIPTION = Text(
    "Datamängderna som CSV och JSON, för en plan i taget eller alla, på adresser som inte ändras.",
    "The datasets as CSV and JSON, of one plan or all of them, at addresses that don't change.",
)

Facts = Sequence[tuple[URIRef, Any]]
"""Properties with their values: one, several, or None where there is nothing to say."""


@dataclass(frozen=True)
class Material:
    """All that a catalogue is made of. `plans` came with their partners."""

    origin: str
    publisher: Publisher
    plans: Sequence[Plan]
    held: Extents

    @property
    def stamp(self) -> str:
        """The same as long as the catalogue is: it takes no time to tell, and the catalogue does to write."""
        plans = [
            (each.slug, each.title, [(one.municipal_code, one.name) for one in each.partners.all()])
            for each in self.plans
        ]
        rests_on = (how_it_is_made(), self.origin, self.publisher, sorted(self.held.items()), plans)
        return sha256(repr(rests_on).encode()).hexdigest()


def material(origin: str, publisher: Publisher) -> Material | None:
    """What the catalogue is made of; None while nothing is public. Takes twelve statements, however many
    plans there are.
    """
    decided = Plan.objects.decided()
    plans = list(decided.prefetch_related("partners").order_by("slug"))
    held = extents(decided)
    return Material(origin, publisher, plans, held) if held else None


@in_the_portals_language
def written(found: Material) -> bytes:
    """The catalogue as RDF/XML, in the order in which it is told; the last one is kept until it changes."""
    stamp = found.stamp
    made = KEPT.get(stamp)
    if made is None:
        graph = Catalogue(found.origin, found.publisher).of(found.plans, found.held)
        made = graph.serialize(format="xml", encoding="utf-8")
        KEPT.clear()
        KEPT[stamp] = made
    return made


KEPT: dict[str, bytes] = {}
"""The catalogue that this process wrote last, by its stamp."""


class Catalogue:
    """Tells a graph of everything, each thing known by an address of its own below the catalogue's.

    None is a blank node, so that Sweden's portal can follow a thing from one day to the next.
    """

    def __init__(self, origin: str, publisher: Publisher) -> None:
        self.origin = origin
        self.publisher = publisher
        self.graph = Graph(store="SimpleMemory", bind_namespaces="none")
        for prefix, namespace in PREFIXES.items():
            self.graph.bind(prefix, namespace)

    def of(self, plans: Sequence[Plan], held: Mapping[tuple[str, str], Extent]) -> Graph:
        self.tell_of_catalogue(together(held.values()))
        self.tell_of_publisher()
        self.tell_of_service()
        self.tell_of_licences()
        for key, dataset in DATASETS.items():
            theirs = [plan for plan in plans if (plan.slug, key) in held]
            if theirs:
                extent = together(held[plan.slug, key] for plan in theirs)
                self.tell_of_dataset(dataset, extent, areas=areas_of(theirs))
        for plan in plans:
            own = {key: held[plan.slug, key] for key in DATASETS if (plan.slug, key) in held}
            if own:
                self.tell_of_series(plan, own)
            for key, extent in own.items():
                self.tell_of_dataset(DATASETS[key], extent, areas=areas_of([plan]), plan=plan)
        self.tell_of_places(plans)
        return self.graph

    # What there is

    def tell_of_catalogue(self, extent: Extent) -> None:
        self.add(
            self.own("katalog"),
            DCAT.Catalog,
            [
                (DCTERMS.title, in_both(TITLE)),
                (DCTERMS.description, in_both(DESCRIPTION)),
                (DCTERMS.publisher, URIRef(self.publisher.uri)),
                (DCTERMS.license, LICENCES[CC0.address]),
                (DCTERMS.issued, day(extent.issued)),
                (DCTERMS.modified, day(extent.modified)),
                (DCTERMS.language, [SWEDISH, ENGLISH]),
                (DCTERMS.spatial, SWEDEN),
                (FOAF.homepage, self.address("open-data")),
                (DCAT.themeTaxonomy, THEMES),
            ],
        )

    def tell_of_publisher(self) -> None:
        publisher = self.publisher
        page = URIRef(publisher.page) if publisher.page else None
        number = publisher.organisation_number
        self.add(
            URIRef(publisher.uri),
            FOAF.Agent,
            [
                (FOAF.name, Literal(in_xml(publisher.name), lang="sv")),
                (DCTERMS.type, URIRef(PUBLISHER_TYPES + publisher.type)),
                (DCTERMS.identifier, Literal(number) if number else None),
                (FOAF.homepage, page),
            ],
        )
        self.add(
            self.contact,
            VCARD.Organization,
            [
                (VCARD.fn, Literal(in_xml(publisher.name))),
                (VCARD.hasEmail, URIRef(f"mailto:{publisher.email}")),
                (VCARD.hasURL, page),
            ],
        )

    def tell_of_service(self) -> None:
        """The addresses of the data taken together. It has no licence of its own: the data have different."""
        self.add(
            self.service,
            DCAT.DataService,
            [
                (DCTERMS.title, in_both(SERVICE)),
                (DCTERMS.description, in_both(SERVICE_DESCRIPTION)),
                (DCAT.endpointURL, self.address("open-data")),
                (DCAT.endpointDescription, self.address("open-data-openapi")),
                (DCTERMS.publisher, URIRef(self.publisher.uri)),
                (DCAT.contactPoint, self.contact),
                (DCTERMS.type, REST),
                (DCTERMS.format, Literal(JSON.media_type)),
                (DCTERMS.accessRights, PUBLIC),
                (DCAT.keyword, in_both(PLAN, FOLLOW_UP)),
                (DCAT.theme, GOVERNMENT),
                (DCAT.landingPage, self.address("open-data")),
            ],
        )

    def tell_of_licences(self) -> None:
        for licence in dict.fromkeys(each.licence for each in DATASETS.values()):
            self.add(
                licence_of(licence),
                DCTERMS.LicenseDocument,
                [(DCTERMS.title, in_both(licence.name))],
            )
            credit = Literal(licence.credit, lang="sv")
            if terms := self.terms(licence):
                self.add(
                    terms,
                    ODRS.RightsStatement,
                    [
                        (RDF.type, DCTERMS.RightsStatement),
                        (ODRS.attributionText, credit),
                        (ODRS.attributionURL, URIRef(licence.address)),
                    ],
                )
            if source := self.source(licence):
                self.add(source, DCTERMS.ProvenanceStatement, [(DCTERMS.description, credit)])

    def tell_of_series(self, plan: Plan, own: Mapping[str, Extent]) -> None:
        """The plan, whose dates and years are those of its datasets together."""
        series, extent = self.series(plan), together(own.values())
        title = in_xml(plan.title)
        grows = any(SAID[key].grows for key in own)
        self.add(
            series,
            DCAT.DatasetSeries,
            [
                (DCTERMS.title, Literal(title, lang="sv")),
                (
                    DCTERMS.description,
                    [
                        Literal(
                            f"Öppna data ur {title}: vad som är beslutat, hur det går och vad det visar.",
                            lang="sv",
                        ),
                        Literal(
                            f"Open data from {title}: what is decided, how it goes and what it shows.",
                            lang="en",
                        ),
                    ],
                ),
                (DCAT.keyword, in_both(PLAN, FOLLOW_UP)),
                (DCTERMS.temporal, self.period(series, extent, grows=grows)),
                (DCTERMS.accrualPeriodicity, IRREGULAR),
                *self.of_everything(extent, areas_of([plan]), plan),
            ],
        )
        self.graph.add((self.own("katalog"), DCAT.dataset, series))

    def tell_of_dataset(
        self, dataset: Dataset, extent: Extent, *, areas: Sequence[str], plan: Plan | None = None
    ) -> None:
        said, known = SAID[dataset.key], self.dataset(dataset, plan)
        title = f": {in_xml(plan.title)}" if plan else ""
        about = (
            Text(f" Här: {in_xml(plan.title)}.", f" Here: {in_xml(plan.title)}.") if plan else Text("", "")
        )
        schema = URIRef(self.origin + dataset.schema)
        self.add(
            known,
            DCAT.Dataset,
            [
                (DCTERMS.title, in_both(Text(dataset.title.sv + title, dataset.title.en + title))),
                (
                    DCTERMS.description,
                    in_both(Text(dataset.description.sv + about.sv, dataset.description.en + about.en)),
                ),
                (DCTERMS.identifier, Literal(str(known))),
                (DCAT.keyword, in_both(*said.keywords)),
                (DCTERMS.accessRights, PUBLIC),
                (DCTERMS.language, SWEDISH),
                (DCTERMS.conformsTo, schema),
                (DCTERMS.temporal, self.period(known, extent, grows=said.grows)),
                (DCAT.temporalResolution, OF_A_YEAR if said.is_by_year else None),
                (DCTERMS.accrualPeriodicity, said.frequency),
                (DCTERMS.provenance, self.source(dataset.licence)),
                (DCAT.inSeries, self.series(plan) if plan else None),
                (DCAT.distribution, [self.file(dataset, form, plan) for form in FORMATS.values()]),
                *self.of_everything(extent, areas, plan),
            ],
        )
        self.add(
            schema,
            DCTERMS.Standard,
            [
                (
                    DCTERMS.title,
                    in_both(
                        Text(
                            f"Schema för {dataset.title.sv.lower()}, version {VERSION}",
                            f"Schema of {dataset.title.en.lower()}, version {VERSION}",
                        )
                    ),
                ),
            ],
        )
        for form in FORMATS.values():
            self.tell_of_file(dataset, form, plan)
        self.graph.add((self.own("katalog"), DCAT.dataset, known))
        self.graph.add((self.service, DCAT.servesDataset, known))

    def tell_of_file(self, dataset: Dataset, form: Format, plan: Plan | None) -> None:
        address = URIRef(self.origin + dataset.address(form, plan.slug if plan else ""))
        self.add(
            self.file(dataset, form, plan),
            DCAT.Distribution,
            [
                (DCTERMS.title, Literal(form.name, lang="sv")),
                (
                    DCTERMS.description,
                    in_both(
                        Text(f"{dataset.title.sv} som {form.name}.", f"{dataset.title.en} as {form.name}.")
                    ),
                ),
                (DCAT.accessURL, address),
                (DCAT.downloadURL, address),
                (DCTERMS.format, Literal(form.media_type)),
                (DCAT.mediaType, URIRef(MEDIA_TYPES + form.media_type)),
                (DCTERMS.license, licence_of(dataset.licence)),
                (DCTERMS.rights, self.terms(dataset.licence)),
                (DCATAP.availability, AVAILABLE),
                (DCTERMS.conformsTo, URIRef(self.origin + dataset.schema)),
                (DCAT.accessService, self.service),
            ],
        )

    def tell_of_places(self, plans: Iterable[Plan]) -> None:
        """Municipalities by name and code: no catalogue of places that the standard names knows the code."""
        partners = {each.pk: each for plan in plans for each in plan.partners.all()}
        for each in partners.values():
            self.add(
                self.own(f"kommuner/{each.municipal_code}"),
                DCTERMS.Location,
                [
                    (SKOS.prefLabel, Literal(in_xml(each.name), lang="sv")),
                    (DCTERMS.identifier, Literal(each.municipal_code)),
                ],
            )

    def of_everything(self, extent: Extent, areas: Iterable[str], plan: Plan | None) -> Facts:
        """What series and datasets alike are told of."""
        page = self.address("open-data")
        return [
            (DCTERMS.publisher, URIRef(self.publisher.uri)),
            (DCAT.contactPoint, self.contact),
            (DCAT.theme, GOVERNMENT),
            (DCTERMS.issued, day(extent.issued)),
            (DCTERMS.modified, day(extent.modified)),
            (DCTERMS.spatial, [self.own(f"kommuner/{each}") for each in areas]),
            (DCAT.landingPage, URIRef(f"{page}#plan-{plan.slug}") if plan else page),
            (FOAF.page, self.address("plan", plan.slug) if plan else None),
        ]

    def period(self, subject: URIRef, extent: Extent, *, grows: bool) -> URIRef | None:
        """The years of the data, without an end where more come every year; None where none is known."""
        if extent.first_year is None:
            return None
        period, last = URIRef(f"{subject}/tid"), None if grows else extent.last_year
        years = [(DCAT.startDate, year(extent.first_year)), (DCAT.endDate, year(last))]
        self.add(period, DCTERMS.PeriodOfTime, years)
        return period

    # What it is known by

    def own(self, name: str) -> URIRef:
        return URIRef(f"{self.address('open-data-catalogue')}#{name}")

    def address(self, name: str, *arguments: str) -> URIRef:
        return URIRef(self.origin + reverse(name, args=arguments))

    @property
    def contact(self) -> URIRef:
        return self.own("kontakt")

    @property
    def service(self) -> URIRef:
        return self.own("tjanst")

    def series(self, plan: Plan) -> URIRef:
        return self.own(f"planer/{plan.slug}")

    def dataset(self, dataset: Dataset, plan: Plan | None) -> URIRef:
        return self.own(f"planer/{plan.slug}/{dataset.key}" if plan else dataset.key)

    def file(self, dataset: Dataset, form: Format, plan: Plan | None) -> URIRef:
        return URIRef(f"{self.dataset(dataset, plan)}.{form.ending}")

    def terms(self, licence: Licence) -> URIRef | None:
        """What whoever uses the data has to write, where they have to."""
        return self.own(f"villkor/{slugify(licence.credit)}") if licence.credit else None

    def source(self, licence: Licence) -> URIRef | None:
        return self.own(f"ursprung/{slugify(licence.credit)}") if licence.credit else None

    def add(self, subject: URIRef, kind: URIRef, facts: Facts) -> None:
        self.graph.add((subject, RDF.type, kind))
        for predicate, values in facts:
            for value in values if isinstance(values, list) else [values]:
                if value is None:
                    continue
                self.graph.add((subject, predicate, value))
                if predicate in RANGES:
                    self.graph.add((value, RDF.type, RANGES[predicate]))


def in_both(*texts: Text) -> list[Literal]:
    """The texts in both languages."""
    return [Literal(said, lang=language) for each in texts for language, said in each._asdict().items()]


def day(moment: datetime | None) -> Literal | None:
    return None if moment is None else Literal(timezone.localdate(moment))


def year(number: int | None) -> Literal | None:
    return None if number is None else Literal(str(number), datatype=XSD.gYear, normalize=False)


def licence_of(licence: Licence) -> URIRef:
    return LICENCES.get(licence.address, URIRef(licence.address))


def areas_of(plans: Iterable[Plan]) -> list[str]:
    """The codes of the municipalities that the plans are of."""
    return sorted({each.municipal_code for plan in plans for each in plan.partners.all()})
