"""The governing document over its years, and the document as decided for one of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from actionplan.models.documents import DocumentQuerySet
from municipalities.models import Municipality, Organisation
from publishing.languages import is_the_portals_own


class DocumentType(models.TextChoices):
    """The kinds of governing document that Swedish municipalities tell apart."""

    STRATEGY = "strategy", _("Strategi")
    PROGRAMME = "programme", _("Program")
    PLAN = "plan", _("Plan")
    POLICY = "policy", _("Policy")
    GUIDELINES = "guidelines", _("Riktlinjer")
    RULES = "rules", _("Regler")


class PlanQuerySet(models.QuerySet["Plan"]):
    def with_parties(self) -> PlanQuerySet:
        """Plans with their owner, partners and revisions, which every page and every right asks for."""
        return self.select_related("owner").prefetch_related("partners", "revisions")

    def with_documents(self) -> PlanQuerySet:
        """Plans with the same, and which edition of each revision holds."""
        revisions = models.Prefetch("revisions", Revision.objects.with_editions())
        return self.select_related("owner").prefetch_related("partners", revisions)

    def decided(self) -> PlanQuerySet:
        """Plans of which something has been adopted, and is public with that."""
        return self.filter(Exists(Revision.objects.adopted().filter(plan=OuterRef("pk"))))

    def owned_by(self, organisations: Collection[int]) -> PlanQuerySet:
        return self.filter(owner__in=organisations)

    def parties(self) -> models.QuerySet[Organisation]:
        """Those who own the plans, decided on them, answer for a part of them, or represent who does."""
        answering = Organisation.objects.filter(responsibilities__revision__plan__in=self.values("pk"))
        return Organisation.objects.filter(
            Q(pk__in=self.values("owner"))
            | Q(pk__in=self.values("partners"))
            | Q(pk__in=answering.values("pk"))
            | Q(pk__in=answering.values("represented_by"))
        )


class PlanManager(models.Manager.from_queryset(PlanQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, slug: str) -> Plan:
        return self.get(slug=slug)


class Words(NamedTuple):
    """What a plan's challenges and activities are called, one by one and counted."""

    challenge: str
    challenges: str
    activity: str
    activities: str


def words_of(plan: Any) -> Words:
    """The own words of a plan, or of its facts; in another language than its own those of every plan."""
    if is_the_portals_own():
        return Words(
            plan.challenge_word, plan.challenge_word_plural, plan.activity_word, plan.activity_word_plural
        )
    return Words(gettext("utmaning"), gettext("utmaningar"), gettext("aktivitet"), gettext("aktiviteter"))


class Plan(models.Model):
    """A governing document that one or more municipalities stand behind, over all its years."""

    slug = models.SlugField(_("adress"), unique=True, help_text=_("Står i adressen och ändras aldrig."))
    title = models.CharField(_("titel"), max_length=200)
    document_type = models.CharField(_("dokumenttyp"), max_length=20, choices=DocumentType)
    document_name = models.CharField(
        _("dokumentets namn"),
        max_length=60,
        blank=True,
        help_text=_("Vad partnerna själva kallar dokumentet, till exempel Handlingsplan."),
    )
    owner = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("ägare"), related_name="owned_plans"
    )
    partners = models.ManyToManyField(
        Municipality, verbose_name=_("deltagande kommuner"), related_name="plans", blank=True
    )
    first_year = models.PositiveSmallIntegerField(_("från år"))
    last_year = models.PositiveSmallIntegerField(_("till år"), null=True, blank=True)
    valid_until = models.DateField(_("gäller till"), null=True, blank=True)
    applies_to = models.TextField(_("gäller för"), blank=True)
    replaces = models.TextField(_("ersätter"), blank=True, help_text=_("Ett dokument på varje rad."))
    related_documents = models.TextField(
        _("relaterade dokument"), blank=True, help_text=_("Ett dokument på varje rad.")
    )
    document_owner = models.TextField(_("dokumentansvarig"), blank=True)
    revised_by = models.TextField(_("ansvarar för revidering"), blank=True)
    followed_up_by = models.TextField(_("ansvarar för uppföljning"), blank=True)
    challenge_word = models.CharField(_("ord för utmaning"), max_length=60, default="utmaning")
    challenge_word_plural = models.CharField(_("ord för utmaningar"), max_length=60, default="utmaningar")
    activity_word = models.CharField(_("ord för aktivitet"), max_length=60, default="aktivitet")
    activity_word_plural = models.CharField(_("ord för aktiviteter"), max_length=60, default="aktiviteter")

    objects = PlanManager()
    history = HistoricalRecords(m2m_fields=[partners])

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("planer")
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_year__isnull=True) | Q(first_year__lte=F("last_year")),
                name="plan_ends_after_it_starts",
                violation_error_message=_("Planen kan inte sluta innan den börjar."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    natural_key.dependencies = ["municipalities.organisation"]  # type: ignore[attr-defined]

    @cached_property
    def answering(self) -> frozenset[int]:
        """Ids of the organisations that answer for a part of the plan and of those that represent them.

        Every right asks for them, so they are fetched once.
        """
        answering = Organisation.objects.filter(responsibilities__revision__plan=self)
        pairs = answering.values_list("pk", "represented_by").distinct()
        return frozenset(each for pair in pairs for each in pair if each is not None)

    @property
    def words(self) -> Words:
        return words_of(self)

    @property
    def kind(self) -> str:
        """What the document is called: its own word, else its type."""
        return self.document_name or self.get_document_type_display()


class State(models.TextChoices):
    """Whether a revision has been decided."""

    DRAFT = "draft", _("Arbetsmaterial")
    ADOPTED = "adopted", _("Fastställd")


DOCUMENTS = "/revidering/"
"""Between the plan and the year in the name that a revision's editions have in publishing."""


class RevisionQuerySet(DocumentQuerySet):
    BETWEEN = DOCUMENTS

    def adopted(self) -> RevisionQuerySet:
        return self.filter(state=State.ADOPTED)

    def in_force(self, year: int) -> RevisionQuerySet:
        """Adopted revisions that are not after `year`, the one in force first."""
        return self.adopted().filter(year__lte=year).order_by("-year")

    def latest_adopted(self) -> RevisionQuerySet:
        """Of each plan the adopted revision with the latest year: the plan as it was decided last."""
        later = Revision.objects.adopted().filter(plan=OuterRef("plan"), year__gt=OuterRef("year"))
        return self.adopted().filter(~Exists(later))


class RevisionManager(models.Manager.from_queryset(RevisionQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, slug: str, year: int) -> Revision:
        return self.get(plan__slug=slug, year=year, corrects=None)


class Revision(models.Model):
    """The plan as decided for one year; once adopted it is read-only.

    A correction is a copy to work in: the one that it corrects stays in force, as it is, until the correction
    has been adopted and its rows have been brought into it.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, verbose_name=_("plan"), related_name="revisions")
    year = models.PositiveSmallIntegerField(_("år"))
    state = models.CharField(_("läge"), max_length=10, choices=State, default=State.DRAFT)
    decided_by = models.CharField(_("beslutat av"), max_length=200, blank=True)
    decided_on = models.DateField(_("beslutsdatum"), null=True, blank=True)
    registry_number = models.CharField(_("diarienummer"), max_length=60, blank=True)
    note = models.TextField(_("vad som ändrats och varför"), blank=True)
    based_on = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("bygger på"), related_name="followers", null=True, blank=True
    )
    corrects = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("rättar"), related_name="corrections", null=True, blank=True
    )
    correction = models.TextField(_("vad som rättas"), blank=True)

    objects = RevisionManager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("revidering")
        verbose_name_plural = _("revideringar")
        ordering = ["plan", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "year"],
                condition=Q(corrects__isnull=True),
                name="a_plan_has_one_revision_a_year",
                violation_error_message=_("Planen har redan en revidering för det året."),
            ),
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(state=State.DRAFT),
                name="a_plan_has_at_most_one_draft",
                violation_error_message=_("Planen har redan ett arbetsmaterial. Fastställ det först."),
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | Q(state=State.DRAFT),
                name="a_correction_is_a_draft",
                violation_error_message=_("En rättelse är arbetsmaterial tills den har förts in."),
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, correction="")
                | (Q(corrects__isnull=False) & ~Q(correction="")),
                name="a_correction_says_what_is_corrected",
                violation_error_message=_("Skriv vad som rättas."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan.title} {self.year}"

    def natural_key(self) -> tuple[str, int]:
        return (self.plan.slug, self.year)

    natural_key.dependencies = ["actionplan.plan"]  # type: ignore[attr-defined]

    @property
    def is_adopted(self) -> bool:
        return self.state == State.ADOPTED

    @property
    def is_correction(self) -> bool:
        return self.corrects_id is not None

    @property
    def is_next_year(self) -> bool:
        """Whether it is a draft of a year to come, begun from what was decided before."""
        return not (self.is_adopted or self.is_correction) and self.based_on_id is not None

    @property
    def document(self) -> str:
        """The name of which its editions are, such as "4m/revidering/2016"."""
        return f"{self.plan.slug}{DOCUMENTS}{self.year}"

    def clean(self) -> None:
        self.refuse_if_adopted()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self.refuse_if_adopted()
        return super().delete(*args, **kwargs)

    def refuse_if_adopted(self) -> None:
        """Raises ValidationError when the revision is adopted; what the database holds is what counts."""
        if self.pk and Revision.objects.adopted().filter(pk=self.pk).exists():
            raise ValidationError(ADOPTED_IS_READ_ONLY, code="adopted")


ADOPTED_IS_READ_ONLY = _("Revideringen är fastställd och kan inte ändras.")
