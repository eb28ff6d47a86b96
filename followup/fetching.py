"""Outcomes fetched from Kolada: what is new, changed or gone there, told before it is kept.

What Kolada answers is held against what is said so far. Its own values are followed; a person's word is never
replaced unless an editor chooses so, and nothing is made up where there has never been a value. See
docs/decisions/0033.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django_tasks import task

from actionplan.models import Indicator, Plan, SeriesBreak, YearlyTarget
from exchange import steps
from exchange.models import Upload
from exchange.telling import CellTold, Deed, NotImported, RowTold, SheetTold, Told
from followup.compared import keep_compared
from followup.importing import ATTEMPTS
from followup.models import ComparedArea, ComparedValue, MissingReason, Outcome
from followup.queries import latest_outcomes
from kolada.answers import Measure, Value
from kolada.client import Kolada, NotFetched
from municipalities.models import Municipality
from publishing.formats import joined, long_date, swedish_key, written_whole
from publishing.values import read_json

PURPOSE = "kolada"
SOURCE = "Kolada"

YEARS_BEFORE = 2
"""How many years before a plan's first are fetched, for where it started from."""

FEWEST_DECIMALS = 4
"""How many a figure has at least that may be another one rounded: with fewer, a revision could hide."""


# What is asked, and what is answered


@dataclass(frozen=True)
class Wanted:
    """A plan's indicators that Kolada has, in its municipalities, from before it began until now.

    `compared`: the names of the areas that it is compared with, by their codes.
    """

    plan: Plan
    indicators: tuple[Indicator, ...]
    partners: tuple[Municipality, ...]
    years: tuple[int, ...]
    compared: Mapping[str, str] = field(default_factory=dict)

    def measures_of(self, indicator: Indicator) -> tuple[str, ...]:
        """The KPIs that it is in those years, the first one first."""
        ids = (indicator.kolada_id_of(year) for year in self.years)
        return tuple(dict.fromkeys(each for each in ids if each))

    @property
    def measures(self) -> dict[Indicator, tuple[str, ...]]:
        return {each: self.measures_of(each) for each in self.indicators}

    @property
    def question(self) -> Question:
        measures = {each for ids in self.measures.values() for each in ids}
        areas = {*(each.municipal_code for each in self.partners), *self.compared}
        return Question(tuple(sorted(measures)), tuple(sorted(areas)), self.years)


@dataclass(frozen=True)
class Question:
    """Which KPIs, municipalities and years Kolada is asked about."""

    measures: tuple[str, ...]
    areas: tuple[str, ...]
    years: tuple[int, ...]


@dataclass(frozen=True)
class Answer:
    """All that Kolada answered to a question, kept until it is said yes or no to."""

    question: Question
    measures: dict[str, Measure]
    values: tuple[Value, ...]

    def as_json(self) -> bytes:
        return msgspec.json.encode(self)


def wanted(plan: Plan, slugs: Collection[str] | None = None) -> Wanted:
    """What is fetched for the plan, of all its indicators or some; in four statements."""
    used = YearlyTarget.objects.filter(revision__plan=plan).values("indicator")
    later = SeriesBreak.objects.filter(indicator=OuterRef("pk")).exclude(kolada_id="")
    found = Indicator.objects.filter(~Q(kolada_id="") | Exists(later), pk__in=used)
    if slugs is not None:
        found = found.filter(slug__in=slugs)
    partners = sorted(plan.partners.all(), key=lambda each: swedish_key(each.short_name))
    last = max(plan.last_year or plan.first_year, localdate().year)
    return Wanted(
        plan=plan,
        indicators=tuple(found.prefetch_related("series_breaks")),
        partners=tuple(partners),
        years=tuple(range(plan.first_year - YEARS_BEFORE, last + 1)),
        compared=dict(ComparedArea.objects.filter(plan=plan).values_list("code", "title")),
    )


def ask(question: Question) -> Answer:
    """What Kolada answers; asked outside any transaction. Raises NotFetched."""
    kolada = Kolada()
    measures = kolada.measures(question.measures)
    values = kolada.values(sorted(measures), question.areas, question.years) if measures else []
    return Answer(question, measures, tuple(values))


# What becomes of a value


def is_same(one: Decimal, other: Decimal) -> bool:
    """Whether two figures are one value, perhaps rounded where it was told with fewer decimals."""
    less, more = sorted((one.normalize(), other.normalize()), key=decimals_of)
    if decimals_of(less) < FEWEST_DECIMALS:
        return less == more
    return less == more.quantize(less, ROUND_HALF_UP)


def decimals_of(figure: Decimal) -> int:
    exponent = figure.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def is_from_kolada(outcome: Outcome) -> bool:
    """Whether it is Kolada's own word: fetched, or as a fixture has it, and no person's."""
    return outcome.author_id is None and bool(outcome.kolada_id or outcome.source == SOURCE)


def deed(now: Outcome | None, value: Decimal | None, measure: str) -> Deed | None:
    """What becomes of an outcome that Kolada gives that value as that KPI; None where there is none to have.

    `now`: what is said of it. What a person says is left, and chosen about where Kolada says another thing.
    """
    if now is None:
        return None if value is None else Deed.NEW
    if not is_from_kolada(now):
        if value is None:
            return None
        is_agreed = now.value is not None and is_same(now.value, value)
        return Deed.UNCHANGED if is_agreed else Deed.CHOICE
    if value is None:
        return Deed.UNCHANGED if now.value is None else Deed.VANISHED
    is_of_it = now.kolada_id in ("", measure)
    return (
        Deed.UNCHANGED if is_of_it and now.value is not None and is_same(now.value, value) else Deed.CHANGED
    )


@dataclass(frozen=True)
class Subject:
    """An indicator's outcome in a municipality and a year, as it stands and as Kolada has it."""

    indicator: Indicator
    municipality: Municipality
    year: int
    measure: Measure
    now: Outcome | None
    value: Decimal | None

    @property
    def deed(self) -> Deed | None:
        return deed(self.now, self.value, self.measure.id)

    def outcome(self, at: datetime) -> Outcome:
        """The next row, with what Kolada says."""
        return Outcome(
            indicator=self.indicator,
            municipality=self.municipality,
            year=self.year,
            number=self.now.number + 1 if self.now else 1,
            value=self.value,
            missing_reason=MissingReason.WITHDRAWN if self.value is None else "",
            source=SOURCE,
            source_url=Kolada().address(self.measure.id, self.municipality.municipal_code, self.year),
            kolada_id=self.measure.id,
            kolada_title=self.measure.title,
            written_at=at,
        )

    def told(self, number: int, what: Deed) -> RowTold:
        return RowTold(
            number=number,
            what=what,
            title=self.title(what),
            cells=() if what == Deed.UNCHANGED else tuple(self.cells()),
            remark=self.remark(what),
        )

    def title(self, what: Deed) -> str:
        """Those that are chosen about stand by themselves, so that they tell which indicator it is."""
        where = f"{self.municipality.short_name} {self.year}"
        return f"{name_of(self.indicator)}, {where}" if what == Deed.CHOICE else where

    def cells(self) -> Iterator[CellTold]:
        before = said(self.now) if self.now else ""
        after = _("saknas") if self.value is None else written_whole(self.value)
        yield CellTold(_("Värde"), before, after)
        if self.now and self.now.kolada_id not in ("", self.measure.id):
            yield CellTold(_("Nyckeltal i Kolada"), self.now.kolada_id, self.measure.id)

    def remark(self, what: Deed) -> str:
        if self.now is None:
            return ""
        if what == Deed.VANISHED:
            reason = MissingReason.WITHDRAWN.label
            sentence = _(
                "Kolada har inte kvar värdet. Det sparas som ”%(reason)s”, och det förra finns kvar."
            )
            return sentence % {"reason": reason}
        if is_from_kolada(self.now):
            return ""
        words = {"who": who_said(self.now), "day": long_date(localdate(self.now.written_at))}
        if what == Deed.UNCHANGED:
            return _("Samma värde som %(who)s sparade den %(day)s, så det står kvar.") % words
        return _("%(who)s sparade sitt den %(day)s.") % words


def said(outcome: Outcome) -> str:
    """A value, or why there is none."""
    if outcome.value is None:
        return _("saknas (%(why)s)") % {"why": outcome.get_missing_reason_display().lower()}
    return written_whole(outcome.value)


def who_said(outcome: Outcome) -> str:
    return str(outcome.author) if outcome.author_id else outcome.source or _("En källa utan namn")


# What is told and kept

KEPT = (Deed.NEW, Deed.CHANGED, Deed.VANISHED)
"""What is saved as a row."""


@dataclass(frozen=True)
class Found:
    """What Kolada has of an indicator. `doubts`: sentences, by KPI, where it may not be what it was."""

    indicator: Indicator
    subjects: tuple[Subject, ...]
    doubts: Mapping[str, str]
    ended: str = ""
    """A sentence when the latest KPI is no longer updated."""

    @property
    def silent(self) -> list[str]:
        return silent_measures(self.subjects)

    def deeds(self, *, leaves_doubts: bool) -> Iterator[tuple[Subject, Deed]]:
        """What becomes of each outcome; `leaves_doubts`: those of a doubted KPI are left for an editor."""
        silent = self.silent
        for each in self.subjects:
            what = each.deed
            if what is None or each.measure.id in silent:
                continue
            is_left = leaves_doubts and what in KEPT and each.measure.id in self.doubts
            yield each, Deed.LEFT if is_left else what

    @property
    def warnings(self) -> tuple[str, ...]:
        ended = (self.ended,) if self.ended else ()
        return (*self.doubts.values(), *map(silence, self.silent), *ended)


def found_in(wanted: Wanted, answer: Answer) -> Iterator[Found]:
    """The answer, indicator by indicator, beside what is said so far; in two statements."""
    slugs = [each.slug for each in wanted.indicators]
    outcomes = latest_outcomes(slugs, wanted.partners, public_only=False)
    titles = titles_so_far(wanted.indicators)
    values = {(each.measure, each.area, each.year): each.value for each in answer.values}
    for indicator in wanted.indicators:
        subjects = tuple(
            Subject(
                indicator=indicator,
                municipality=partner,
                year=year,
                measure=answer.measures[measure],
                now=outcomes.get((indicator.slug, partner.pk, year)),
                value=values.get((measure, partner.municipal_code, year)),
            )
            for year in wanted.years
            if (measure := indicator.kolada_id_of(year)) in answer.measures
            for partner in wanted.partners
        )
        doubts = {
            measure: doubt
            for measure in wanted.measures_of(indicator)
            if (doubt := doubt_of(measure, answer.measures.get(measure), titles.get((indicator.pk, measure))))
        }
        last = answer.measures.get(indicator.kolada_id_of(wanted.years[-1]))
        ended = no_longer_updated(last.id) if last and not last.is_published else ""
        yield Found(indicator, subjects, doubts, ended)


def take(wanted: Wanted, answer: Answer, *, taken: Collection[int] = (), is_alone: bool = False) -> Told:
    """Keeps what Kolada answered as numbered rows, and tells what it did; in a fixed number of statements.

    `taken`: the numbers of the rows with two values of which Kolada's is to hold. `is_alone`: nobody has been
    asked, so that values of a KPI that may be another one now are left for an editor. Raises IntegrityError
    when somebody else has saved one of the outcomes meanwhile.
    """
    found, at, number = list(found_in(wanted, answer)), timezone.now(), 0
    sheets, rows = [], []
    for each in found:
        told = []
        for subject, what in each.deeds(leaves_doubts=is_alone):
            number += 1
            told.append(subject.told(number, what))
            if what in KEPT or (what == Deed.CHOICE and number in taken):
                rows.append(subject.outcome(at))
        sheets.append(SheetTold(name_of(each.indicator), tuple(told), remarks=each.warnings))
    Outcome.objects.bulk_create(rows)
    if wanted.compared:
        doubted = {measure for each in found for measure in each.doubts}
        sheets.append(take_compared(wanted, answer, number, at, left=doubted if is_alone else ()))
    return Told(tuple(sheets), remarks=tuple(remarks_on(wanted, answer)), leads_to=leads_to(wanted))


def take_compared(
    wanted: Wanted, answer: Answer, number: int, at: datetime, *, left: Collection[str]
) -> SheetTold:
    """Keeps what the plan is compared with, but for the KPIs that are `left`; rows go on from the number."""
    measures = {each: measure for each, measure in answer.measures.items() if each not in left}
    kept = keep_compared(wanted.indicators, wanted.compared, wanted.years, measures, answer.values, at=at)
    rows = [
        RowTold(
            number=number + place,
            what=Deed.NEW if was is None else Deed.VANISHED if row.value is None else Deed.CHANGED,
            title=f"{name_of(row.indicator)}, {wanted.compared[row.area]} {row.year}",
            cells=(CellTold(_("Värde"), said_besides(was) if was else "", said_besides(row)),),
        )
        for place, (row, was) in enumerate(kept, start=1)
    ]
    return SheetTold(_("Jämförelse"), tuple(rows))


def said_besides(row: ComparedValue) -> str:
    return _("saknas") if row.value is None else written_whole(row.value)


def titles_so_far(indicators: Iterable[Indicator]) -> dict[tuple[int, str], str]:
    """What each KPI was called when it was fetched last, by the indicator's id and the KPI's."""
    fetched = Outcome.objects.filter(indicator__in=indicators).exclude(kolada_id="")
    rows = fetched.order_by("written_at", "pk").values_list("indicator", "kolada_id", "kolada_title")
    return {(indicator, measure): title for indicator, measure, title in rows}


def silent_measures(subjects: Iterable[Subject]) -> list[str]:
    """The KPIs that give no value at all any more, where they gave some: more likely a fault than true."""
    subjects = list(subjects)
    speak = {each.measure.id for each in subjects if each.value is not None}
    lose = (each.measure.id for each in subjects if each.deed == Deed.VANISHED)
    return [each for each in dict.fromkeys(lose) if each not in speak]


def doubt_of(measure: str, now: Measure | None, title: str | None) -> str:
    """A sentence when the KPI may not be what it was: unknown by now, or called something else."""
    if now is None:
        return _(
            "Kolada känner inte till nyckeltalet %(measure)s. Dess värden lämnas som de är. "
            "Nyckeltalet har bytt definition?"
        ) % {"measure": measure}
    if title and title != now.title:
        return _(
            "Nyckeltalet %(measure)s hette ”%(before)s” och heter nu ”%(now)s”. "
            "Nyckeltalet har bytt definition?"
        ) % {"measure": measure, "before": title, "now": now.title}
    return ""


def no_longer_updated(measure: str) -> str:
    return _("Nyckeltalet %(measure)s uppdateras inte längre i Kolada. Nyckeltalet har bytt definition?") % {
        "measure": measure
    }


def silence(measure: str) -> str:
    return _(
        "Kolada har inte längre något värde alls för nyckeltalet %(measure)s. Det kan vara ett fel, "
        "så värdena lämnas som de är."
    ) % {"measure": measure}


def remarks_on(wanted: Wanted, answer: Answer) -> Iterator[str]:
    """Of which municipalities Kolada has nothing."""
    has = {each.area for each in answer.values if each.value is not None}
    lacks = [each.short_name for each in wanted.partners if each.municipal_code not in has]
    if lacks:
        yield _("Kolada har inga värden för %(names)s.") % {"names": joined(lacks)}


def fetched_last(wanted: Wanted) -> datetime | None:
    """When the latest of the indicators' values was fetched."""
    fetched = Outcome.objects.filter(indicator__in=wanted.indicators).exclude(kolada_id="")
    return fetched.aggregate(Max("written_at"))["written_at__max"]


def name_of(indicator: Indicator) -> str:
    return indicator.short_name or indicator.name


def leads_to(wanted: Wanted) -> str:
    """Where what was fetched is seen."""
    if len(wanted.indicators) == 1:
        return reverse("indicator", args=[wanted.plan.slug, wanted.indicators[0].slug])
    return reverse("fetch-outcomes", args=[wanted.plan.slug])


# The two steps


@task(priority=steps.SOMEBODY_WAITS)
def look_through_fetched(upload: str) -> None:
    steps.look_through(upload, keep_fetched, fetch)


@task(priority=steps.SOMEBODY_WAITS)
def carry_out_fetched(upload: str) -> None:
    steps.carry_out(upload, keep_fetched, answer_kept, event="outcomes.fetched")


def fetch(upload: Upload) -> Answer:
    """Asks Kolada, and keeps what it answers while whoever asked looks at it. Raises NotImported."""
    try:
        answer = ask(wanted_by(upload).question)
    except NotFetched as refusal:
        raise NotImported(refusal.sentence) from refusal
    Upload.objects.under_way().filter(pk=upload.pk).update(content=answer.as_json())
    return answer


def answer_kept(upload: Upload) -> Answer:
    return read_json(bytes(upload.content), Answer)


def keep_fetched(upload: Upload, answer: Answer) -> Told:
    """Writes what was answered, and tells what it did. Raises NotImported."""
    asked = wanted_by(upload)
    if asked.question != answer.question:
        sentence = _("Planen eller dess indikatorer har ändrats sedan värdena hämtades. Hämta dem igen.")
        raise NotImported(sentence)
    for _attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return take(asked, answer, taken=steps.taken_of(upload))
        except IntegrityError:  # by then the other one's outcome can be seen, and is told of
            continue
    raise NotImported(_("Någon annan sparar utfall just nu, så inget sparades. Försök igen om en stund."))


def asked_of(upload: Upload) -> list[str]:
    """The slugs of the indicators."""
    slugs: list[str] = upload.asked.get("indicators", [])
    return slugs


def wanted_by(upload: Upload) -> Wanted:
    """Raises NotImported when it isn't there any more, or not for whoever asked."""
    plan = Plan.objects.with_parties().filter(slug=upload.about).first()
    if plan and upload.owner.has_perm("followup.fetch_outcomes", plan):
        found = wanted(plan, asked_of(upload))
        if found.indicators and found.partners:
            return found
    raise NotImported(_("Du kan inte längre hämta utfall här, så inget sparades."))
