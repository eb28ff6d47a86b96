"""The sheets on which a workbook tells of the plan itself, of its revision and of who has decided on it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from actionplan.forms.fields import DayField, YearField
from actionplan.forms.plans import PlanForm
from actionplan.models import Decision, DocumentType, Plan, Revision
from actionplan.workbook.cells import Many, Text, fact, field_of, of_model, word
from actionplan.workbook.work import Work
from exchange.resources import Choice, Column, Known, Said, SheetResource


class WorkSheet(SheetResource):
    """A sheet of a plan's workbook, which knows the plan that it is of."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.work = work
        for name, known in self.known().items():
            self.fields[name].widget = known

    def known(self) -> dict[str, Known]:
        """What the columns that tell of other things may hold, by their names."""
        return {}

    def save(self, thing: Any, *, is_new: bool, row: dict[str, str]) -> None:
        self.work.remember(thing).save()


class PlanSheet(WorkSheet):
    """The plan itself, in one row, which only an administrator may change."""

    sheet = "Plan"

    slug = Column(
        "slug", "Adress", Text(forms.SlugField(max_length=50)), is_needed=True, example="4m",
        says="Står i planens adress och ändras aldrig. Små bokstäver a–z, siffror och bindestreck.",
    )  # fmt: skip
    title = Column(
        "title", "Titel", Text(field_of(PlanForm, "title")), is_needed=True, width=40,
        example="Näringsliv och arbete i fyra kommuner",
    )  # fmt: skip
    document_type = Column(
        "document_type", "Dokumenttyp", Choice(DocumentType), is_needed=True, example="Plan"
    )
    document_name = fact("document_name", "Dokumentets namn", "Handlingsplan", says="Vad ni kallar det.")
    owner = Column(
        "owner", "Ägare", Known(missing=""), is_needed=True, width=30, example="4 Mälarstäder",
        says="Organisationen vars redaktörer skriver planen.",
    )  # fmt: skip
    partner_list = Column(
        "partner_list", "Deltagande kommuner", Known(missing=""), width=40,
        example="Enköpings kommun; Strängnäs kommun",
        says="Kommunerna som beslutar om planen, med semikolon mellan.",
    )  # fmt: skip
    first_year = Column(
        "first_year", "Från år", Said(field_of(PlanForm, "first_year")), is_needed=True, example="2015"
    )
    last_year = Column(
        "last_year", "Till år", Said(field_of(PlanForm, "last_year")), example="2018",
        says="Tomt om planen gäller tills vidare.",
    )  # fmt: skip
    valid_until = Column("valid_until", "Gäller till", Said(DayField("")), example="2018-12-31")
    applies_to = fact("applies_to", "Gäller för", "Kommunstyrelserna")
    replaces = fact("replaces", "Ersätter", "Näringslivsprogram 2010", says="Ett dokument på varje rad.")
    related_documents = fact(
        "related_documents", "Relaterade dokument", "Översiktsplan", says="Ett dokument på varje rad."
    )
    document_owner = fact("document_owner", "Dokumentansvarig", "Näringslivschefen i Enköping")
    revised_by = fact("revised_by", "Ansvarar för revidering", "Styrgruppen")
    followed_up_by = fact("followed_up_by", "Ansvarar för uppföljning", "Styrgruppen")
    challenge_word = word("challenge_word", "Ord för utmaning", "utmaning")
    challenge_word_plural = word("challenge_word_plural", "Ord för utmaningar", "utmaningar")
    activity_word = word("activity_word", "Ord för aktivitet", "aktivitet")
    activity_word_plural = word("activity_word_plural", "Ord för aktiviteter", "aktiviteter")

    class Meta:
        model = Plan

    def known(self) -> dict[str, Known]:
        return {"owner": self.work.organisations, "partner_list": Many(self.work.municipalities)}

    def find(self, row: dict[str, str]) -> Plan | None:
        plan = self.work.plan
        if plan.pk is None:
            return None
        if row["Adress"] != plan.slug:
            raise ValidationError({"slug": _("Filen ska läsas in i planen %(slug)s.") % {"slug": plan.slug}})
        return with_partners(Plan.objects.get(pk=plan.pk))

    def begin(self, row: dict[str, str]) -> Plan:
        return self.work.plan

    def check(self, thing: Plan, row: dict[str, str]) -> None:
        if not self.work.may_all:
            raise ValidationError(_("Bara en administratör kan ändra det här. Lämna raden som den är."))

    def save(self, thing: Plan, *, is_new: bool, row: dict[str, str]) -> None:
        super().save(thing, is_new=is_new, row=row)
        if is_new or set(thing.partner_list) != set(thing.partners.all()):  # type: ignore[attr-defined]
            thing.partners.set(thing.partner_list)  # type: ignore[attr-defined]


def with_partners(plan: Plan) -> Plan:
    """The plan, with its partners as a cell tells them."""
    plan.partner_list = list(plan.partners.all())  # type: ignore[attr-defined]
    return plan


class RevisionSheet(WorkSheet):
    """What is said of the decision, in one row."""

    sheet = "Revidering"

    year = Column(
        "year", "År", Said(YearField("")), is_needed=True, example="2016",
        says="Året som planen gäller, med de ändringar som beslutas.",
    )  # fmt: skip
    decided_by = Column(
        "decided_by", "Beslutat av", Text(of_model(Revision, "decided_by")), example="Kommunfullmäktige"
    )
    decided_on = Column("decided_on", "Beslutsdatum", Said(DayField("")), example="2016-03-22")
    registry_number = Column(
        "registry_number", "Diarienummer", Text(of_model(Revision, "registry_number")), example="KS/2016:275"
    )
    note = Column(
        "note", "Vad som ändrats och varför", Text(of_model(Revision, "note")), is_long=True,
        example="Två aktiviteter är nya.",
    )  # fmt: skip

    class Meta:
        model = Revision

    def find(self, row: dict[str, str]) -> Revision:
        """As it is kept: what is written in it isn't the draft at hand's until it is saved."""
        return Revision.objects.select_related("plan").get(pk=self.work.draft.pk)

    def check(self, thing: Revision, row: dict[str, str]) -> None:
        if thing.year != (year := self.work.draft.year):
            words = {"year": year}
            raise ValidationError({"year": _("Arbetsmaterialet är för %(year)d. Skriv det året.") % words})


class DecisionSheet(WorkSheet):
    """What each municipality has decided for itself."""

    sheet = "Kommunernas beslut"

    municipality = Column(
        "municipality", "Kommun", Known(missing=""), is_needed=True, width=30, example="Enköpings kommun"
    )
    decided_by = Column(
        "decided_by", "Beslutat av", Text(of_model(Decision, "decided_by")), is_needed=True,
        example="Kommunfullmäktige",
    )  # fmt: skip
    decided_on = Column("decided_on", "Beslutsdatum", Said(DayField("")), example="2016-03-22")
    registry_number = Column(
        "registry_number", "Diarienummer", Text(of_model(Decision, "registry_number")), example="KS2016/12"
    )

    class Meta:
        model = Decision

    def known(self) -> dict[str, Known]:
        return {"municipality": self.work.municipalities}

    def find(self, row: dict[str, str]) -> Decision | None:
        if not row["Kommun"]:
            raise ValidationError({"municipality": _("Skriv en kommun.")})
        try:
            municipality = self.work.municipalities.find(row["Kommun"])
        except ValidationError as error:
            raise ValidationError({"municipality": error.messages}) from error
        if not self.work.plan.partners.filter(pk=municipality.pk).exists():
            raise ValidationError({"municipality": _("Kommunen deltar inte i planen.")})
        standing = Decision.objects.filter(revision=self.work.draft, municipality=municipality)
        return standing.select_related("municipality", "revision").first()

    def begin(self, row: dict[str, str]) -> Decision:
        municipality = self.work.municipalities.find(row["Kommun"])
        return Decision(revision=self.work.draft, municipality=municipality, key=municipality.key)
