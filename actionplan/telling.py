"""How a revision's rows are told when they differ: what is compared of each kind, and how it is written.

What is kept as a code is told with today's label, so a label that is written otherwise is no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from actionplan.changes import FieldChange, Spans
from actionplan.facts import PlanFacts
from actionplan.models import DocumentType, Operator, Over
from actionplan.reports import ActivityRow, DecisionRow, TargetRow
from actionplan.wording import by_item, by_markdown, by_word, whole
from publishing.formats import number, period


@dataclass(frozen=True)
class Told:
    """Something of a row: its label, what the row says of it, and how two such are compared.

    `nothing` is what a row that isn't there says. `is_list`: what is said is things one by one.
    """

    label: str
    said: Callable[[Any], Any]
    compared: Callable[[Any, Any], Spans] = by_word
    nothing: str | tuple[str, ...] = ""
    is_list: bool = False

    def change(self, before: Any, after: Any) -> FieldChange:
        """What differs between the rows, either of which may be None; without spans when nothing does."""
        was, is_now = (self.nothing if row is None else self.said(row) for row in (before, after))
        return FieldChange(self.label, self.compared(was, is_now), is_list=self.is_list)


def listed(label: str, said: Callable[[Any], Sequence[str]]) -> Told:
    return Told(label, said, by_item, (), is_list=True)


@dataclass(frozen=True)
class Kind:
    """A kind of row: what it is called, alone and counted, what names one, and what else is compared.

    `facts` are told of a row that is new or gone. `is_ordered`: in which order they stand is the document's
    own, and not that of their years. `reason`: why a row has been changed, in the editor's words.
    """

    label: str
    plural: str
    title: Callable[[Any], str]
    fields: tuple[Told, ...] = ()
    facts: tuple[Told, ...] = ()
    is_ordered: bool = True
    reason: Callable[[Any], str] = lambda row: ""


def kinds_of(plan: PlanFacts) -> dict[str, Kind]:
    """Every kind of row, in the plan's own words."""
    return {
        "challenge": of_challenges(plan),
        "goal": Kind(_("mål"), pgettext("several", "mål"), lambda row: row.text),
        "target": of_targets(),
        "activity": of_activities(plan),
        "area": Kind(_("område"), _("områden"), lambda row: row.title),
        "chapter": with_one_text(
            _("avsnitt"),
            pgettext("several", "avsnitt"),
            lambda row: row.title,
            Told(_("Text"), lambda row: row.text, by_markdown),
        ),
        "term": with_one_text(
            _("ord"),
            pgettext("several", "ord"),
            lambda row: row.term,
            Told(_("Förklaring"), lambda row: row.explanation),
        ),
    }


def of_challenges(plan: PlanFacts) -> Kind:
    told = (
        Told(_("Syfte"), lambda row: row.purpose),
        Told(_("Strategi"), lambda row: row.strategy, by_markdown),
        Told(_("Text"), lambda row: row.text, by_markdown),
        Told(_("Följs upp av"), lambda row: row.followup_owner or "", whole),
    )
    return Kind(plan.words.challenge, plan.words.challenges, lambda row: row.title, told, told)


def of_targets() -> Kind:
    told = (
        Told(_("Värde att nå"), value_to_reach, whole),
        Told(_("Gräns för delvis"), limit_for_nearly, whole),
        Told(_("Över vem"), lambda row: label_of(Over, row.over, row.over_label), whole),
    )
    return Kind(
        _("målvärde"),
        _("målvärden"),
        lambda row: f"{row.indicator_name} {row.year}",
        told,
        told,
        is_ordered=False,
        reason=lambda row: row.reason,
    )


def of_activities(plan: PlanFacts) -> Kind:
    heading = Told(_("Står under rubriken"), lambda row: row.heading)
    when = Told(_("När"), years_of, whole)
    described = (
        Told(_("Förväntat resultat"), lambda row: row.expected_result),
        Told(_("Beskrivning"), lambda row: row.description, by_markdown),
    )
    responsible = (
        Told(_("Ansvarig"), lambda row: row, who_answers, is_list=True),
        Told(_("Ansvarig i dokumentet"), lambda row: row.responsible_text),
    )
    in_words = Told(_("Ansvarig"), lambda row: row.responsible_words)
    return Kind(
        plan.words.activity,
        plan.words.activities,
        lambda row: row.title,
        fields=(heading, when, *responsible, *described),
        facts=(heading, when, in_words, *described),
    )


def who_answers(before: ActivityRow, after: ActivityRow) -> Spans:
    """Organisations with their parts, known by key: one that has been renamed since is the same.

    By name alone where an edition tells no more.
    """
    if before.answering is None or after.answering is None:
        return by_item(before.responsible, after.responsible)
    names = {each.key: each.name for each in after.answering}
    was = [replace(each, name=names.get(each.key, each.name)) for each in before.answering]
    return by_item([each.words for each in was], [each.words for each in after.answering])


def with_one_text(label: str, plural: str, title: Callable[[Any], str], told: Told) -> Kind:
    return Kind(label, plural, title, (told,), (told,))


def facts_of_document() -> tuple[Told, ...]:
    """What the governing document says of itself, compared between reports."""
    return (
        Told(_("Titel"), lambda report: report.plan.title),
        Told(_("Dokumentets namn"), lambda report: own_name(report.plan), whole),
        Told(_("Dokumenttyp"), lambda report: type_of_document(report.plan), whole),
        Told(_("Gäller åren"), lambda report: years_of(report.plan), whole),
        Told(_("Gäller till"), lambda report: written_date(report.plan.valid_until), whole),
        Told(_("Gäller för"), lambda report: report.plan.applies_to),
        listed(_("Ersätter"), lambda report: report.plan.replaces),
        Told(_("Ägare"), lambda report: report.plan.owner, whole),
        listed(_("Deltar"), lambda report: report.plan.partners),
        Told(_("Dokumentansvarig"), lambda report: report.plan.document_owner),
        Told(_("Ansvarar för revidering"), lambda report: report.plan.revised_by),
        Told(_("Ansvarar för uppföljning"), lambda report: report.plan.followed_up_by),
        listed(_("Relaterade dokument"), lambda report: report.plan.related_documents),
    )


def facts_of_decision(*, same_year: bool) -> tuple[Told, ...]:
    """What the revision says of its decision; each year has a date and a number of its own."""
    decided_by = Told(_("Beslutat av"), lambda report: report.decided_by)
    if not same_year:
        return (decided_by,)
    return (
        decided_by,
        Told(_("Beslutsdatum"), lambda report: written_date(report.decided_on), whole),
        Told(_("Diarienummer"), lambda report: report.registry_number, whole),
        listed(_("Kommunernas beslut"), lambda report: tuple(map(decision_in_words, report.decisions))),
    )


def years_of(row: ActivityRow | PlanFacts) -> str:
    return period(row.first_year, row.last_year)


def label_of(choices: type[models.TextChoices], code: str, label: str) -> str:
    """What the code is called; by the label that it had when it isn't one of the choices any more."""
    return str(dict(choices.choices).get(code, label))


def own_name(plan: PlanFacts) -> str:
    """What the document is called, unless that is its type."""
    return "" if plan.kind == plan.document_type_label else plan.kind


def type_of_document(plan: PlanFacts) -> str:
    return label_of(DocumentType, plan.document_type, plan.document_type_label)


def value_to_reach(target: TargetRow) -> str:
    """Such as "minst 75,0 (index 0–100)"."""
    operator = label_of(Operator, target.operator, target.operator_label)
    return f"{operator} {in_its_unit(target.value, target)}"


def limit_for_nearly(target: TargetRow) -> str:
    return "" if target.nearly is None else in_its_unit(target.nearly, target)


def in_its_unit(value: Decimal, target: TargetRow) -> str:
    """The value as its indicator is shown, with more decimals where it has them."""
    exponent = value.normalize().as_tuple().exponent
    needed = -exponent if isinstance(exponent, int) else 0
    written = number(value, max(target.decimals, needed))
    return f"{written} ({target.unit})" if target.unit else written


def written_date(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""


def decision_in_words(decision: DecisionRow) -> str:
    """Such as "Enköping: Kommunfullmäktige 2016-11-30, KS 2016/275"."""
    who = f"{decision.decided_by} {written_date(decision.decided_on)}".strip()
    said = ", ".join(each for each in (who, decision.registry_number) if each)
    return f"{decision.municipality}: {said}" if said else decision.municipality
