"""The sheets of a plan's rows: how each is found, held to its demands, and saved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from actionplan.editing import next_order, not_carried_on, refuse_another_measure
from actionplan.forms.fields import YearField
from actionplan.forms.rows import key_field
from actionplan.keys import free_key
from actionplan.kinds import KINDS, is_decided_on
from actionplan.models import (
    Activity,
    Area,
    Challenge,
    Chapter,
    Direction,
    Ending,
    Goal,
    How,
    Indicator,
    Operator,
    Over,
    Part,
    Placement,
    Responsibility,
    Revision,
    Row,
    SeriesBreak,
    Term,
    YearlyTarget,
)
from actionplan.stands import says
from actionplan.workbook.cells import (
    KEY,
    ORDER,
    Text,
    below,
    key_column,
    of_model,
    order_column,
    said_column,
    text_column,
)
from actionplan.workbook.sheets import WorkSheet
from actionplan.workbook.work import Work
from exchange.resources import Choice, Column, Known, Said, folded


class RowSheet(WorkSheet):
    """Rows that have keys: found by them, and given one where the file has none."""

    title_column: ClassVar[str]
    """The header of what a row is called."""

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        rows = self.rows_of(work.draft) if work.is_begun else ()
        self.at_first = tuple(rows)
        self.standing: dict[str, Row] = {each.key: each for each in rows}
        self.taken: set[str] = (
            self._meta.model.objects.keys_of_any_year(work.plan) if work.is_begun else set()
        )
        self.come: dict[str, int] = {}
        self.lasts: dict[tuple[Any, ...], int] = {}
        self.settled = ("revision", *self.known())

    def rows_of(self, revision: Revision) -> Iterable[Row]:
        rows = self._meta.model.objects.filter(revision=revision)
        found: Iterable[Row] = rows.select_related("revision", *self.known())
        return found

    def known(self) -> dict[str, Known]:
        model: Any = self._meta.model
        return {name: self.work.rows(model._meta.get_field(name).related_model) for name in model.within}

    def find(self, row: dict[str, str]) -> Row | None:
        key = row.get(KEY, "")
        if key and self.come.setdefault(key, self.number) != self.number:
            words = {"number": self.come[key]}
            raise ValidationError({"key": _("Nyckeln står redan på rad %(number)d.") % words})
        return self.standing.get(key)

    def begin(self, row: dict[str, str]) -> Row:
        new: Row = self._meta.model(revision=self.work.draft, order=None)
        return new

    def import_instance(self, instance: Any, row: dict[str, str], **kwargs: Any) -> None:
        """Fills in the columns, and the key and the place where the file says nothing of them."""
        key, place, stood = instance.key, instance.order, self.beside(instance)
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError:  # what the file doesn't say isn't told to be wrong as well
            instance.key, instance.order = instance.key or key or "-", instance.order or place or 0
            raise
        instance.key = instance.key or key or free_key(str(instance), self.taken)
        self.taken.add(instance.key)
        if not row.get(ORDER):
            stays = not self.is_new and stood == self.beside(instance)
            instance.order = place if stays else self.last(instance)

    def beside(self, thing: Any) -> tuple[Any, ...]:
        """What rows that stand in one order have alike."""
        kind = KIND_OF.get(self._meta.model)
        return tuple(getattr(thing, name) for name in kind.beside) if kind else ()

    def last(self, thing: Any) -> int:
        """A place after those that the row stands beside."""
        kind, beside = KIND_OF.get(self._meta.model), self.beside(thing)
        first = next_order(kind, thing) if kind and beside not in self.lasts else 1
        self.lasts[beside] = self.lasts[beside] + 1 if beside in self.lasts else first
        return self.lasts[beside]

    def save(self, thing: Any, *, is_new: bool, row: dict[str, str]) -> None:
        super().save(thing, is_new=is_new, row=row)
        self.standing[thing.key] = thing
        if type(thing) in STOOD_BELOW:
            self.work.rows(type(thing)).offer(thing, thing.key, str(thing))

    def not_in_file(self) -> list[Row]:
        """Rows that stood in the draft, of which the file says nothing; none where it couldn't be read."""
        return [each for each in self.at_first if self.is_read and each.pk not in self.met]

    def refused(self, number: int, row: dict[str, str]) -> None:
        """Lets the rows below say why they can't be imported either, instead of not knowing of this one."""
        if self._meta.model in STOOD_BELOW:
            words = {"sheet": self.sheet, "number": number}
            sentence = (
                _("Det som raden hör till kan inte läsas in: se bladet %(sheet)s, rad %(number)d.") % words
            )
            known = self.work.rows(self._meta.model)
            known.refuse(sentence, row.get(KEY, ""), row.get(self.title_column, ""))


KIND_OF = {kind.model: kind for kind in KINDS.values()}
STOOD_BELOW = (Area, Challenge, Goal, Activity)
"""Rows that others may stand below."""


class AreaSheet(RowSheet):
    sheet = "Områden"
    title_column = "Område"

    key = key_column("naringsliv")
    order = order_column()
    title = text_column("omraden", "title", "Område", is_needed=True, width=40, example="Näringsliv")

    class Meta:
        model = Area


class ChapterSheet(RowSheet):
    """Running text before, between or after the challenges."""

    sheet = "Avsnitt"
    title_column = "Rubrik"

    key = key_column("bakgrund")
    order = order_column()
    area = below("area", "Område", "", says="Nyckeln för området, om avsnittet står i ett.")
    placement = Column(
        "placement", "Plats", Choice(Placement, unsaid=Placement.BEFORE), example="Före utmaningarna"
    )
    title = text_column("avsnitt", "title", "Rubrik", is_needed=True, width=40, example="Bakgrund")
    text = text_column("avsnitt", "text", "Text", example="Kommunerna har arbetat ihop sedan 2010.")

    class Meta:
        model = Chapter


class ChallengeSheet(RowSheet):
    sheet = "Utmaningar"
    title_column = "Utmaning"

    key = key_column("kompetens")
    order = order_column()
    area = below("area", "Område", "naringsliv", says="Nyckeln för området, om planen har områden.")
    title = text_column(
        "utmaningar", "title", "Utmaning", is_needed=True, width=40, example="Företagen hittar rätt kompetens"
    )
    purpose = text_column("utmaningar", "purpose", "Syfte", example="Fler ska få arbete.")
    strategy = text_column("utmaningar", "strategy", "Strategi", example="- Samverka med skolorna")
    text = text_column("utmaningar", "text", "Text", example="")
    followup_owner = below(
        "followup_owner", "Uppföljningsansvarig", "Enköpings kommun", says="En av de deltagande kommunerna."
    )

    class Meta:
        model = Challenge

    def known(self) -> dict[str, Known]:
        return {**super().known(), "followup_owner": self.work.municipalities}


class GoalSheet(RowSheet):
    sheet = "Mål"
    title_column = "Mål"

    key = key_column("nki")
    order = order_column()
    challenge = below(
        "challenge", "Utmaning", "kompetens", is_needed=True, says="Nyckeln för utmaningen, eller dess ord."
    )
    text = text_column("mal", "text", "Mål", is_needed=True, example="Nöjd kund-index ska vara 75 år 2018.")

    class Meta:
        model = Goal


class TargetSheet(RowSheet):
    """Values to reach, a row for each year."""

    sheet = "Målvärden"
    title_column = KEY

    key = key_column("nki-2018")
    order = order_column()
    goal = below("goal", "Mål", "nki", is_needed=True, says="Nyckeln för målet, eller dess ord.")
    indicator = below("indicator", "Indikator", "nki", is_needed=True, says="Nyckeln för indikatorn.")
    year = said_column("malvarden", "year", "År", is_needed=True, example="2018")
    over = Column(
        "over", "Över vem", Choice(Over, unsaid=Over.MEAN), example="Medeltal för kommunerna", width=28
    )
    operator = Column("operator", "Jämförs", Choice(Operator, unsaid=Operator.AT_LEAST), example="minst")
    value = said_column("malvarden", "value", "Målvärde", is_needed=True, example="75")
    nearly = said_column(
        "malvarden", "nearly", "Gräns för delvis", example="73",
        says="I indikatorns egen enhet. Tomt betyder att målet nås eller inte.",
    )  # fmt: skip
    reason = text_column(
        "malvarden", "reason", "Varför målvärdet ändras",
        says="Behövs när ett målvärde som redan är beslutat får ett annat värde.",
    )  # fmt: skip

    class Meta:
        model = YearlyTarget

    def known(self) -> dict[str, Known]:
        return {**super().known(), "indicator": self.work.indicators}


class ActivitySheet(RowSheet):
    sheet = "Aktiviteter"
    title_column = "Aktivitet"

    key = key_column("gemensam-massa")
    order = order_column()
    challenge = below(
        "challenge", "Utmaning", "kompetens", is_needed=True, says="Nyckeln för utmaningen, eller dess ord."
    )
    heading = text_column(
        "aktiviteter", "heading", "Rubrik", width=24, example="Mötesplatser",
        says="Flera i rad med samma rubrik står tillsammans.",
    )  # fmt: skip
    title = text_column(
        "aktiviteter", "title", "Aktivitet", is_needed=True, width=40, example="Håll en gemensam yrkesmässa"
    )
    description = text_column("aktiviteter", "description", "Beskrivning", example="Varje höst.")
    expected_result = text_column(
        "aktiviteter", "expected_result", "Förväntat resultat", example="Minst 1 000 besökare."
    )
    first_year = said_column("aktiviteter", "first_year", "Från år", example="2016")
    last_year = said_column("aktiviteter", "last_year", "Till år", example="2018")
    responsible_text = text_column(
        "aktiviteter", "responsible_text", "Ansvarig, med dokumentets ord", width=30,
        example="Näringslivscheferna",
        says="Om dokumentet ska säga något annat än namnen i bladet Ansvariga.",
    )  # fmt: skip
    predecessor = Column(
        "predecessor", "Ersätter", Text(of_model(Activity, "predecessor")),
        says="Nyckeln för den tidigare aktivitet som den här ersätter.",
    )  # fmt: skip

    class Meta:
        model = Activity

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        ended = Ending.objects.filter(revision=work.draft) if work.is_begun else Ending.objects.none()
        self.ended = set(ended.values_list("key", flat=True))

    def check(self, thing: Activity, row: dict[str, str]) -> None:
        if thing.key in self.ended:
            raise ValidationError({"key": not_carried_on()})


class ResponsibleSheet(RowSheet):
    """Who answers for an activity, a row for each organisation."""

    sheet = "Ansvariga"
    title_column = KEY

    key = key_column("gemensam-massa-enkoping")
    order = order_column()
    activity = below(
        "activity", "Aktivitet", "gemensam-massa", is_needed=True,
        says="Nyckeln för aktiviteten, eller dess ord.",
    )  # fmt: skip
    organisation = below("organisation", "Organisation", "Enköpings kommun", is_needed=True)
    part = Column("part", "Del", Choice(Part, unsaid=Part.LEAD), example="Huvudansvarig")

    class Meta:
        model = Responsibility

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self.answering = {pair_of(each): each for each in self.standing.values()}

    def known(self) -> dict[str, Known]:
        return {**super().known(), "organisation": self.work.organisations}

    def find(self, row: dict[str, str]) -> Row | None:
        """By key, or else by who it is that answers for what."""
        if row.get(KEY):
            return super().find(row)
        try:
            activity = self.work.rows(Activity).find(row["Aktivitet"])
            organisation = self.work.organisations.find(row["Organisation"])
        except ValidationError:
            return None  # what is wrong is told at its own column
        return self.answering.get((activity.pk, organisation.pk))

    def check(self, thing: Responsibility, row: dict[str, str]) -> None:
        """A row's organisation never changes, so that the log can tell who answered when."""
        if not self.is_new and any(cell.column == "Organisation" for cell in self.changed(thing)):
            sentence = _("Raden gäller en annan organisation. Töm nyckeln, så blir det en ny rad.")
            raise ValidationError({"organisation": sentence})

    def save(self, thing: Any, *, is_new: bool, row: dict[str, str]) -> None:
        super().save(thing, is_new=is_new, row=row)
        self.answering[pair_of(thing)] = thing

    def called(self, thing: Any) -> str:
        return f"{thing.activity}: {thing.organisation}"


def pair_of(row: Any) -> tuple[int, int]:
    return row.activity_id, row.organisation_id


class TermSheet(RowSheet):
    sheet = "Ordförklaringar"
    title_column = "Ord"

    key = key_column("nki")
    order = order_column()
    term = text_column("ord", "term", "Ord", is_needed=True, width=24, example="NKI")
    explanation = text_column(
        "ord", "explanation", "Förklaring", is_needed=True, example="Nöjd kund-index: vad företagen tycker."
    )

    class Meta:
        model = Term


class EndingSheet(RowSheet):
    """Activities of the year before that the plan doesn't carry on."""

    sheet = "Avslutade"
    title_column = "Aktivitet"

    key = Column(
        "key", KEY, Text(key_field()), is_needed=True, width=24, example="yrkesmassa-2015",
        says="Nyckeln som aktiviteten hade i planen före.",
    )  # fmt: skip
    order = order_column()
    title = Column(
        "title", "Aktivitet", Text(of_model(Ending, "title")), is_needed=True, width=40,
        example="Yrkesmässa på prov",
    )  # fmt: skip
    how = Column("how", "Hur", Choice(How), is_needed=True, example="Genomförd")
    reason = Column(
        "reason", "Varför", Text(of_model(Ending, "reason")), is_long=True, example="",
        says="Behövs när aktiviteten avslutas i förtid.",
    )  # fmt: skip

    class Meta:
        model = Ending

    def check(self, thing: Ending, row: dict[str, str]) -> None:
        if Activity.objects.filter(revision=self.work.draft, key=thing.key).exists():
            raise ValidationError({"key": _("Aktiviteten står i planen, så den är inte avslutad.")})


# What is measured, which other plans may measure too


class IndicatorSheet(WorkSheet):
    """What the plan's goals are measured by."""

    sheet = "Indikatorer"

    slug = Column("slug", KEY, Text(of_model(Indicator, "slug")), says="Lämna tomt för en ny.", example="nki")
    name = text_column(
        "indikatorer", "name", "Indikator", is_needed=True, width=40, example="Nöjd kund-index"
    )
    short_name = text_column("indikatorer", "short_name", "Kort namn", example="NKI")
    description = text_column("indikatorer", "description", "Vad den mäter", example="Vad företagen tycker.")
    unit = text_column("indikatorer", "unit", "Enhet", example="index 0–100")
    decimals = said_column("indikatorer", "decimals", "Decimaler", example="1")
    direction = Column(
        "direction", "Önskad riktning", Choice(Direction, unsaid=Direction.HIGHER), example="Högre är bättre"
    )
    source = text_column("indikatorer", "source", "Källa", example="Kolada")
    source_url = text_column("indikatorer", "source_url", "Källans adress", example="https://www.kolada.se/")
    kolada_id = text_column("indikatorer", "kolada_id", "Nyckeltal i Kolada", example="U07451")

    class Meta:
        model = Indicator

    def find(self, row: dict[str, str]) -> Indicator | None:
        """One that a target of the plan may have; others may be known to nobody but those of another plan."""
        return self.work.indicators.by_key.get(folded(row.get(KEY, "")))

    def import_instance(self, instance: Any, row: dict[str, str], **kwargs: Any) -> None:
        slug = instance.slug
        self.stood = says(KIND_OF[Indicator], instance)
        super().import_instance(instance, row, **kwargs)
        if not instance.slug:
            taken = set(Indicator.objects.values_list("slug", flat=True))
            instance.slug = slug or free_key(instance.name, taken)

    def check(self, thing: Indicator, row: dict[str, str]) -> None:
        if self.is_new:
            return
        if thing.pk not in self.work.own_indicators:
            raise ValidationError(_("Indikatorn är en annan plans. Låt raden säga det som står i portalen."))
        refuse_another_measure(thing, self.stood, self.work.author)

    def save(self, thing: Any, *, is_new: bool, row: dict[str, str]) -> None:
        super().save(thing, is_new=is_new, row=row)
        self.work.indicators.offer(thing, thing.slug, thing.name, thing.short_name)

    def refused(self, number: int, row: dict[str, str]) -> None:
        words = {"sheet": self.sheet, "number": number}
        sentence = _("Indikatorn kan inte läsas in: se bladet %(sheet)s, rad %(number)d.") % words
        self.work.indicators.refuse(sentence, row.get(KEY, ""), row.get("Indikator", ""))


class BreakSheet(WorkSheet):
    """Years from which an indicator's values can't be compared with those before."""

    sheet = "Tidsseriebrott"

    indicator = below("indicator", "Indikator", "nki", is_needed=True, says="Nyckeln för indikatorn.")
    year = Column("year", "Från år", Said(YearField("")), is_needed=True, example="2013")
    note = Column(
        "note", "Vad som ändrades", Text(of_model(SeriesBreak, "note")), is_needed=True, width=40,
        example="Ny beräkning.",
    )  # fmt: skip
    kolada_id = Column(
        "kolada_id", "Nyckeltal i Kolada", Text(of_model(SeriesBreak, "kolada_id")), example="U07453",
        says="Om det är ett annat från det året. Annars tomt.",
    )  # fmt: skip

    class Meta:
        model = SeriesBreak

    def known(self) -> dict[str, Known]:
        return {"indicator": self.work.indicators}

    def find(self, row: dict[str, str]) -> SeriesBreak | None:
        try:
            indicator = self.work.indicators.find(row["Indikator"])
        except ValidationError:
            return None  # told at its own column
        standing = SeriesBreak.objects.filter(indicator=indicator, year=row["Från år"] or 0)
        return standing.select_related("indicator").first() if row["Från år"].isdecimal() else None

    def check(self, thing: SeriesBreak, row: dict[str, str]) -> None:
        if not self.work.may_all and is_decided_on(thing.indicator):
            raise ValidationError(
                _("Indikatorn används i en fastställd plan. Bara en administratör kan ändra det här.")
            )


SHEETS: tuple[type[WorkSheet], ...] = (
    AreaSheet,
    ChapterSheet,
    ChallengeSheet,
    GoalSheet,
    IndicatorSheet,
    BreakSheet,
    TargetSheet,
    ActivitySheet,
    ResponsibleSheet,
    TermSheet,
    EndingSheet,
)
"""In the order of the file, in which whatever a row belongs to comes before it."""
