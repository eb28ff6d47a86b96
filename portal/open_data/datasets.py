"""The datasets of open data, as plain data: what they are, what stands in their columns, where they are.

What is here is promised to those who use it: names and addresses never change, columns are only added, after
the others, and a column that comes to mean something else gets another name (docs/decisions/0034).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import Choices
from django.urls import reverse
from django.utils.translation import get_language

from actionplan.models import Direction, Operator, Over
from followup.models import MissingReason, Status

VERSION = 1
"""Of every dataset's schema. A reader of version 1 goes on working as long as it stands in the addresses."""


class Text(NamedTuple):
    """What is said of the data, in both languages: it is kept in files, and not the interface's own."""

    sv: str
    en: str

    def __str__(self) -> str:
        return self.en if get_language() == "en" else self.sv


@dataclass(frozen=True)
class Licence:
    """On what terms data may be used. `credit`: what whoever uses them has to write; empty for nothing."""

    name: Text
    address: str
    credit: str = ""


CC0 = Licence(
    Text("CC0: fritt att använda utan villkor", "CC0: free to use without conditions"),
    "https://creativecommons.org/publicdomain/zero/1.0/",
)
KOLADA = Licence(
    Text(
        "Från Kolada: fritt att använda om källan anges", "From Kolada: free to use if the source is stated"
    ),
    "https://www.kolada.se/",
    credit="Källa: Kolada",
)


class Kind(StrEnum):
    """What stands in a column."""

    TEXT = "text"
    TEXTS = "texts"
    NUMBER = "number"
    DECIMAL = "decimal"
    TRUTH = "truth"
    ADDRESS = "address"
    MOMENT = "moment"


@dataclass(frozen=True)
class Column:
    """A column of the table, and a name of JSON's objects alike.

    `codes`: what else than unknown may stand there, each with its label. `example`: as JSON has it.
    """

    name: str
    kind: Kind
    text: Text
    example: Any
    may_be_unknown: bool = False
    codes: type[Choices] | None = None


class Format(NamedTuple):
    """How a dataset is written. `ending`: of its address."""

    ending: str
    name: str
    media_type: str


CSV = Format("csv", "CSV", "text/csv")
JSON = Format("json", "JSON", "application/json")
FORMATS = {each.ending: each for each in (CSV, JSON)}


@dataclass(frozen=True)
class Dataset:
    """A table that is the same for one plan and for all of them. `key`: its name in addresses."""

    key: str
    title: Text
    description: Text
    columns: tuple[Column, ...]
    licence: Licence = CC0

    def address(self, form: Format, plan: str = "") -> str:
        """Where the data are, from the root; `plan`: the slug of the plan whose they are, none for all."""
        if plan:
            return reverse("open-data-of-plan", args=[plan, self.key, form.ending])
        return reverse("open-data-of-all", args=[self.key, form.ending])

    @property
    def schema(self) -> str:
        """Where its JSON Schema is, from the root."""
        return reverse("open-data-schema", args=[VERSION, self.key])


def text(name: str, sv: str, en: str, example: str, **more: Any) -> Column:
    return Column(name, Kind.TEXT, Text(sv, en), example, **more)


def year(name: str, sv: str, en: str, example: int = 2016, **more: Any) -> Column:
    return Column(name, Kind.NUMBER, Text(sv, en), example, **more)


PLAN = (
    text("plan", "Planens nyckel, som den står i adresser", "The plan's key, as in addresses", "4m"),
    text("plan_title", "Planens titel", "The plan's title", "Handlingsplan för 4M"),
)
REVISION = year(
    "revision_year",
    "Året för den fastställda revidering av planen som raden står i",
    "The year of the adopted revision of the plan that the row stands in",
)
CHALLENGE = (
    text("challenge", "Utmaningens nyckel", "The challenge's key", "service"),
    text("challenge_title", "Utmaningen", "The challenge", "Service och bemötande"),
)
ACTIVITY = (
    text(
        "activity",
        "Aktivitetens nyckel, samma genom åren",
        "The activity's key, the same through the years",
        "vidga-dusys",
    ),
    text("activity_title", "Aktiviteten", "The activity", "Vidga uppdraget för DUSYS"),
)
INDICATOR = (
    text(
        "indicator",
        "Indikatorns nyckel, samma genom åren",
        "The indicator's key, the same through the years",
        "nki",
    ),
    text("indicator_name", "Indikatorn", "The indicator", "Nöjd Kund Index"),
    text("unit", "Enhet", "Unit", "index 0–100", may_be_unknown=True),
    text("direction", "Önskad riktning", "Which way is better", "higher", codes=Direction),
)
SERIES = year(
    "series_from",
    "Första året i den tidsserie som året hör till; tomt utan tidsseriebrott. "
    "Värden på olika sidor om ett brott går inte att jämföra",
    "The first year of the series that the year belongs to; empty without a series break. "
    "Values on either side of a break can't be compared",
    2012,
    may_be_unknown=True,
)
TERMS = (
    Column(
        "licence",
        Kind.ADDRESS,
        Text("Licensens eller villkorens adress", "The address of the licence or the terms"),
        CC0.address,
    ),
    text(
        "credit",
        "Källa som ska anges när raden används; tomt när ingen behövs",
        "The source to be stated wherever the row is used; empty when none needs to be",
        KOLADA.credit,
        may_be_unknown=True,
    ),
)

OUTCOME = (
    *PLAN,
    *INDICATOR,
    text("municipality", "Kommunens nyckel", "The municipality's key", "vasteras"),
    text("municipality_name", "Kommunens namn", "The municipality's name", "Västerås"),
    text("municipality_code", "Kommunkod, fyra siffror", "Municipal code, four digits", "1980"),
    year("year", "Mätår", "The year that was measured"),
    Column(
        "value",
        Kind.DECIMAL,
        Text("Värdet, med alla decimaler; tomt när det saknas", "The value, whole; empty when there is none"),
        "71.40211641",
        may_be_unknown=True,
    ),
    text(
        "missing_reason",
        "Varför värdet saknas; tomt när det finns",
        "Why there is no value; empty when there is one",
        "not_measured",
        may_be_unknown=True,
        codes=MissingReason,
    ),
    Column("preliminary", Kind.TRUTH, Text("Om värdet är preliminärt", "Whether it is preliminary"), False),
    SERIES,
    text("source", "Källa", "Source", "Servicemätning 2016", may_be_unknown=True),
    Column(
        "source_url",
        Kind.ADDRESS,
        Text("Källans adress", "The source's address"),
        "https://api.kolada.se/v3/data/kpi/U07451/municipality/1980/year/2016",
        may_be_unknown=True,
    ),
    text("kolada_id", "Nyckeltalet i Kolada", "The measure's id in Kolada", "U07451", may_be_unknown=True),
    text(
        "kolada_title",
        "Nyckeltalets namn när värdet hämtades",
        "The measure's name when the value was fetched",
        "Företagsklimat enl. Insikt - Totalt, NKI",
        may_be_unknown=True,
    ),
    *TERMS,
)

ACTIVITIES = Dataset(
    "aktiviteter",
    Text("Aktiviteter", "Activities"),
    Text(
        "Vad kommunerna har beslutat att göra: aktiviteterna i den senast fastställda revideringen av varje "
        "plan, med år och ansvariga.",
        "What the municipalities have decided to do: the activities of each plan's latest adopted revision, "
        "with their years and who is responsible.",
    ),
    (
        *PLAN,
        REVISION,
        *CHALLENGE,
        *ACTIVITY,
        text(
            "heading", "Rubrik den står under", "The heading it stands under", "Service", may_be_unknown=True
        ),
        text(
            "description",
            "Beskrivning (Markdown)",
            "Description (Markdown)",
            "Fler tjänster på webben.",
            may_be_unknown=True,
        ),
        text(
            "expected_result",
            "Förväntat resultat",
            "Expected result",
            "Förbättrad service",
            may_be_unknown=True,
        ),
        year("first_year", "Från år; tomt när det inte är känt", "First year, if known", may_be_unknown=True),
        year(
            "last_year",
            "Till år; tomt när det inte är känt",
            "Last year, if known",
            2018,
            may_be_unknown=True,
        ),
        Column(
            "responsible",
            Kind.TEXTS,
            Text(
                "Ansvariga organisationers nycklar; i CSV med mellanslag emellan",
                "Keys of the organisations responsible; in CSV parted by spaces",
            ),
            ["vasteras", "enkoping"],
        ),
        Column(
            "responsible_names",
            Kind.TEXTS,
            Text(
                "Ansvariga organisationer, i samma ordning; i CSV med semikolon emellan",
                "The organisations responsible, in the same order; in CSV parted by semicolons",
            ),
            ["Västerås", "Enköping"],
        ),
        text(
            "responsible_text",
            "Ansvarig, med dokumentets egna ord",
            "Who is responsible, in the document's own words",
            "Näringslivscheferna",
            may_be_unknown=True,
        ),
        text(
            "replaces",
            "Nyckeln för den tidigare aktivitet som den ersätter",
            "The key of the earlier activity that it replaces",
            "dusys",
            may_be_unknown=True,
        ),
        *TERMS,
    ),
)

STATUSES = Dataset(
    "lagen",
    Text("Aktiviteternas läge", "How the activities are going"),
    Text(
        "Hur det går med varje aktivitet som har följts upp, för varje år vars uppföljning är publicerad. "
        "En aktivitet som ingen har rapporterat har en rad utan läge.",
        "How it is going with each activity that has been followed up, for every year whose follow-up is "
        "published. An activity that nobody has reported has a row without a status.",
    ),
    (
        *PLAN,
        year("year", "Året som följs upp", "The year that is followed up"),
        REVISION,
        *CHALLENGE,
        *ACTIVITY,
        text(
            "status",
            "Läge; tomt när ingen har rapporterat",
            "Status; empty when nobody has reported",
            "ongoing",
            may_be_unknown=True,
            codes=Status,
        ),
        text(
            "reported_for",
            "Nyckeln för den organisation som rapporten gäller",
            "The key of the organisation on whose behalf it was reported",
            "vasteras",
            may_be_unknown=True,
        ),
        text("reported_for_name", "Organisationen", "The organisation", "Västerås", may_be_unknown=True),
        text(
            "comment",
            "Vad som har gjorts",
            "What has been done",
            "Två kurser har hållits.",
            may_be_unknown=True,
        ),
        text("result", "Resultat", "Result", "Kortare tid till svar.", may_be_unknown=True),
        text(
            "reason",
            "Orsak till att den är försenad eller avbruten",
            "Why it is delayed or cancelled",
            "Upphandlingen överklagades.",
            may_be_unknown=True,
        ),
        text(
            "action", "Vad som görs åt det", "What is done about it", "Ny start i maj.", may_be_unknown=True
        ),
        Column("link", Kind.ADDRESS, Text("Länk", "Link"), "https://example.se/rapport", may_be_unknown=True),
        Column(
            "published",
            Kind.MOMENT,
            Text("När årets senaste utgåva publicerades", "When the year's latest edition was published"),
            "2017-03-30T07:15:00Z",
        ),
        Column(
            "is_example",
            Kind.TRUTH,
            Text("Om året är påhittat exempelinnehåll", "Whether the year is made-up example content"),
            False,
        ),
        *TERMS,
    ),
)

OUTCOMES = Dataset(
    "utfall",
    Text("Utfall", "Outcomes"),
    Text(
        "Vad indikatorerna har visat, för varje kommun och år, utom de värden som kommer från Kolada. Ett "
        "värde som saknas har en rad som säger varför.",
        "What the indicators have shown, for each municipality and year, but for the values that come from "
        "Kolada. A value that is missing has a row that says why.",
    ),
    OUTCOME,
)

OUTCOMES_FROM_KOLADA = Dataset(
    "utfall-kolada",
    Text("Utfall från Kolada", "Outcomes from Kolada"),
    Text(
        "De utfall som kommer från Kolada, med samma kolumner som övriga utfall. Ange ”Källa: Kolada” när du "
        "använder dem.",
        "The outcomes that come from Kolada, with the same columns as the others. State Kolada as their "
        "source wherever you use them.",
    ),
    OUTCOME,
    KOLADA,
)

TARGETS = Dataset(
    "malvarden",
    Text("Målvärden", "Targets"),
    Text(
        "Vilka värden kommunerna har beslutat att nå: målvärdena i den senast fastställda revideringen av "
        "varje plan, år för år.",
        "What values the municipalities have decided to reach: the targets of each plan's latest adopted "
        "revision, year by year.",
    ),
    (
        *PLAN,
        REVISION,
        *CHALLENGE,
        text("goal", "Målets nyckel", "The goal's key", "nojda-foretag"),
        text("goal_text", "Målet", "The goal", "Nöjda företag"),
        text("target", "Målvärdets nyckel", "The target's key", "nki-2016"),
        *INDICATOR,
        year("year", "Året då värdet ska nås", "The year in which to reach the value"),
        text(
            "over", "Vad av kommunernas värden som jämförs", "What of the values is held against it",
            "mean", codes=Over,
        ),
        text("operator", "Hur det jämförs", "How it is held against the target", ">=", codes=Operator),
        Column("value", Kind.DECIMAL, Text("Målvärdet", "The value to reach"), "75"),
        Column(
            "nearly",
            Kind.DECIMAL,
            Text(
                "Gränsen för att delvis ha nått målet; tomt när det nås eller inte",
                "The limit for partly reaching it; empty where it is reached or not",
            ),
            "70",
            may_be_unknown=True,
        ),
        SERIES,
        *TERMS,
    ),
)  # fmt: skip

DATASETS = {each.key: each for each in (ACTIVITIES, STATUSES, OUTCOMES, OUTCOMES_FROM_KOLADA, TARGETS)}
