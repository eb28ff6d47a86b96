"""The rows of a revision: each has a key that stays the same through the years, whatever its wording."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from actionplan.keys import free_key
from actionplan.models.indicators import Indicator, SeriesBreak
from actionplan.models.plans import ADOPTED_IS_READ_ONLY, Revision
from municipalities.models import Municipality, Organisation
from publishing.formats import written_whole


class RowManager(models.Manager[Any]):
    def get_by_natural_key(self, slug: str, year: int, key: str) -> Row:
        return self.get(revision__plan__slug=slug, revision__year=year, revision__corrects=None, key=key)

    def keys_of_any_year(self, plan: int) -> set[str]:
        """Keys that rows of the kind have in any revision of the plan with that id, or had until removed.

        They are theirs for ever: what has been told of with a key can come back, or be read of in an edition.
        """
        standing = self.filter(revision__plan=plan)
        removed = self.model.history.filter(revision__plan=plan, history_type="-")
        return {key for rows in (standing, removed) for key in rows.order_by().values_list("key", flat=True)}


class Row(models.Model):
    """Something that stands in a revision: known by its key, shown in its order."""

    revision = models.ForeignKey(
        Revision, models.CASCADE, verbose_name=_("revidering"), related_name="%(class)s_rows"
    )
    key = models.SlugField(
        _("nyckel"),
        max_length=100,
        blank=True,
        help_text=_("Följer raden genom åren. Lämna tomt, så görs en av texten."),
    )
    order = models.PositiveIntegerField(_("ordning"), default=0)

    objects = RowManager()
    history = HistoricalRecords(inherit=True)

    within: ClassVar[tuple[str, ...]] = ()
    """Names of the foreign keys to other rows, which must stand in the same revision."""

    class Meta:
        abstract = True
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "key"],
                name="%(class)s_key_is_unique_in_its_revision",
                violation_error_message=_("Nyckeln används redan i revideringen."),
            ),
            models.CheckConstraint(
                condition=~Q(key=""),
                name="%(class)s_has_a_key",
                violation_error_message=_("Raden behöver en nyckel."),
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.make_key()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self.refuse_if_adopted()
        return super().delete(*args, **kwargs)

    def natural_key(self) -> tuple[str, int, str]:
        return (*self.revision.natural_key(), self.key)

    natural_key.dependencies = ["actionplan.revision"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        self.refuse_if_adopted()
        self.check_whole()
        self.make_key()

    def make_key(self) -> None:
        """Gives a row without a key one made of its wording, which no row of any year has had."""
        if not self.key and self.revision_id:
            self.key = free_key(str(self), type(self).objects.keys_of_any_year(self.revision.plan_id))

    def refuse_if_adopted(self) -> None:
        """Raises ValidationError when the row stands, or is to stand, in an adopted revision."""
        before = type(self).objects.filter(pk=self.pk).values("revision") if self.pk else ()
        standing_in = Revision.objects.filter(Q(pk=self.revision_id) | Q(pk__in=before))
        if standing_in.adopted().exists():
            raise ValidationError(ADOPTED_IS_READ_ONLY, code="adopted")

    def check_whole(self) -> None:
        """Raises ValidationError when a row that this one belongs to stands in another revision."""
        for name in self.within:
            parent = getattr(self, name, None)
            if parent is not None and parent.revision_id != self.revision_id:
                raise ValidationError({name: _("Raden finns i en annan revidering.")}, code="elsewhere")


class Area(Row):
    """A group of challenges, for plans that have that level."""

    title = models.CharField(_("område"), max_length=300)

    class Meta(Row.Meta):
        verbose_name = _("område")
        verbose_name_plural = _("områden")

    def __str__(self) -> str:
        return self.title


class Placement(models.TextChoices):
    """Where a chapter stands beside the challenges."""

    BEFORE = "before", _("Före utmaningarna")
    AFTER = "after", _("Efter utmaningarna")


class Chapter(Row):
    """Running text of the revision or of one of its areas."""

    area = models.ForeignKey(
        Area, models.CASCADE, verbose_name=_("område"), related_name="chapters", null=True, blank=True
    )
    placement = models.CharField(_("plats"), max_length=10, choices=Placement, default=Placement.BEFORE)
    title = models.CharField(_("rubrik"), max_length=300)
    text = models.TextField(_("text"), blank=True, help_text=_("Markdown."))

    within = ("area",)

    class Meta(Row.Meta):
        verbose_name = _("avsnitt")
        verbose_name_plural = pgettext_lazy("several", "avsnitt")

    def __str__(self) -> str:
        return self.title


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    def in_reading_order(self) -> ChallengeQuerySet:
        """Challenges with their area and follow-up owner: by area, then in the area's own order."""
        return self.select_related("area", "followup_owner").order_by(
            F("area__order").asc(nulls_first=True), "order", "pk"
        )


class ChallengeManager(RowManager.from_queryset(ChallengeQuerySet)):  # type: ignore[misc]
    pass


class Challenge(Row):
    """The plan's main division: what the partners want to change, why and how."""

    area = models.ForeignKey(
        Area, models.CASCADE, verbose_name=_("område"), related_name="challenges", null=True, blank=True
    )
    title = models.CharField(_("utmaning"), max_length=300)
    purpose = models.TextField(_("syfte"), blank=True)
    strategy = models.TextField(_("strategi"), blank=True, help_text=_("Markdown."))
    text = models.TextField(_("text"), blank=True, help_text=_("Markdown."))
    followup_owner = models.ForeignKey(
        Municipality,
        models.PROTECT,
        verbose_name=_("uppföljningsansvarig"),
        related_name="followed_up_challenges",
        null=True,
        blank=True,
    )

    objects = ChallengeManager()  # type: ignore[misc]

    within = ("area",)

    class Meta(Row.Meta):
        verbose_name = _("utmaning")
        verbose_name_plural = _("utmaningar")

    def __str__(self) -> str:
        return self.title

    def check_whole(self) -> None:
        super().check_whole()
        owner = self.followup_owner_id
        if owner and self.revision_id and not self.revision.plan.partners.filter(pk=owner).exists():
            raise ValidationError({"followup_owner": _("Kommunen deltar inte i planen.")}, code="outsider")


class Goal(Row):
    """A state that the partners want to reach; it may have no number."""

    challenge = models.ForeignKey(Challenge, models.CASCADE, verbose_name=_("utmaning"), related_name="goals")
    text = models.TextField(_("mål"))

    within = ("challenge",)

    class Meta(Row.Meta):
        verbose_name = _("mål")
        verbose_name_plural = pgettext_lazy("several", "mål")

    def __str__(self) -> str:
        return self.text


class Over(models.TextChoices):
    """Over whom a target is set: what of the partners' values is held against it."""

    MEAN = "mean", _("Medeltal för kommunerna")
    SUM = "sum", _("Summan för kommunerna")
    LOWEST = "lowest", _("Lägsta kommunens värde")
    HIGHEST = "highest", _("Högsta kommunens värde")
    EACH = "each", _("Var och en av kommunerna")


class Operator(models.TextChoices):
    """How a value is held against a target."""

    AT_LEAST = ">=", _("minst")
    AT_MOST = "<=", _("högst")


def series_began(*, target: str = "") -> Subquery:
    """The year of the indicator's last series break, as of the target's year; NULL when there is none.

    `target` leads to the target from the rows that are asked, such as "targets__" from goals.
    """
    breaks = SeriesBreak.objects.filter(
        indicator=OuterRef(f"{target}indicator"), year__lte=OuterRef(f"{target}year")
    )
    return Subquery(breaks.order_by("-year").values("year")[:1])


class YearlyTarget(Row):
    """A value to reach in a year; all targets of a goal must be met for the goal to be."""

    goal = models.ForeignKey(Goal, models.CASCADE, verbose_name=_("mål"), related_name="targets")
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, verbose_name=_("indikator"), related_name="targets"
    )
    year = models.PositiveSmallIntegerField(_("år"))
    over = models.CharField(_("över vem"), max_length=10, choices=Over, default=Over.MEAN)
    operator = models.CharField(_("jämförs"), max_length=2, choices=Operator, default=Operator.AT_LEAST)
    value = models.DecimalField(_("målvärde"), max_digits=20, decimal_places=8)
    nearly = models.DecimalField(
        _("gräns för delvis"),
        max_digits=20,
        decimal_places=8,
        null=True,
        blank=True,
        help_text=_("I indikatorns egen enhet. Tomt betyder att målet nås eller inte."),
    )
    reason = models.TextField(
        _("varför målvärdet ändras"),
        blank=True,
        help_text=_("Behövs när ett målvärde som redan är beslutat får ett annat värde."),
    )

    within = ("goal",)

    DECIDED = ("indicator_id", "year", "over", "operator", "value", "nearly")
    """What of a target isn't changed without a reason, once it has been decided."""

    class Meta(Row.Meta):
        verbose_name = _("målvärde")
        verbose_name_plural = _("målvärden")
        ordering = ["year", "order", "pk"]
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=Q(nearly__isnull=True)
                | Q(operator=Operator.AT_LEAST, nearly__lt=F("value"))
                | Q(operator=Operator.AT_MOST, nearly__gt=F("value")),
                name="nearly_is_short_of_the_target",
                violation_error_message=_("Gränsen för delvis ska vara lättare att nå än målvärdet."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.year}"

    def clean(self) -> None:
        super().clean()
        self.check_reason()
        self.check_sort()

    @property
    def asks(self) -> str:
        """What the target asks for, such as "minst 75"."""
        return f"{self.get_operator_display()} {written_whole(self.value)}"

    @property
    def decided(self) -> YearlyTarget | None:
        """The same target in the revision that the draft was begun from; None when it is a new one."""
        if not (self.key and self.revision_id and self.revision.based_on_id):
            return None
        decided = YearlyTarget.objects.select_related("revision")
        return decided.filter(revision=self.revision.based_on_id, key=self.key).first()

    def check_reason(self) -> None:
        """Raises ValidationError when what is decided already is changed in silence."""
        decided = None if self.reason.strip() else self.decided
        if decided and any(getattr(self, name) != getattr(decided, name) for name in self.DECIDED):
            raise ValidationError({"reason": _("Skriv varför målvärdet ändras. Det är redan beslutat.")})

    def check_sort(self) -> None:
        """Raises ValidationError when the goal has another target that asks the same of the same year."""
        same = {name: getattr(self, name) for name in ("goal_id", "indicator_id", "year", "over", "operator")}
        if other := YearlyTarget.objects.filter(**same).exclude(pk=self.pk).first():
            sentence = _("Målet har redan ett sådant målvärde för %(year)d: %(value)s. Ändra det.")
            raise ValidationError({"value": sentence % {"year": other.year, "value": other.asks}})


def runs_in(first: int | None, last: int | None, year: int) -> bool:
    """Whether the years include `year` or aren't known: what `running_in` asks the database, of one row."""
    return (first is None or first <= year) and (last is None or last >= year)


class ActivityQuerySet(models.QuerySet["Activity"]):
    def running_in(self, year: int) -> ActivityQuerySet:
        """Activities whose years include `year`, and those whose years are not known."""
        return self.filter(
            Q(first_year__isnull=True) | Q(first_year__lte=year),
            Q(last_year__isnull=True) | Q(last_year__gte=year),
        )

    def in_reading_order(self) -> ActivityQuerySet:
        """Activities with their challenge, as they stand in their revision's document."""
        order = (F("challenge__area__order").asc(nulls_first=True), "challenge__order", "challenge")
        return self.select_related("challenge").order_by(*order, "order", "pk")

    def with_gaps(self) -> ActivityQuerySet:
        """Activities that each know whether anyone is responsible, as `has_responsible`."""
        return self.annotate(has_responsible=Exists(Responsibility.objects.filter(activity=OuterRef("pk"))))

    def without_responsible(self) -> ActivityQuerySet:
        return self.filter(responsibilities=None)

    def under_responsibility_of(self, organisations: Any) -> ActivityQuerySet:
        """Activities that one of `organisations` answers for, itself or for someone it represents."""
        held = Responsibility.objects.filter(activity=OuterRef("pk")).filter(
            Q(organisation__in=organisations) | Q(organisation__represented_by__in=organisations)
        )
        return self.filter(Exists(held))

    def with_responsible(self) -> ActivityQuerySet:
        """Activities with their responsibilities and organisations, in the document's order."""
        return self.prefetch_related(
            models.Prefetch("responsibilities", Responsibility.objects.select_related("organisation"))
        )


class ActivityManager(RowManager.from_queryset(ActivityQuerySet)):  # type: ignore[misc]
    pass


class Activity(Row):
    """Something the partners have decided to do to meet a challenge."""

    challenge = models.ForeignKey(
        Challenge, models.CASCADE, verbose_name=_("utmaning"), related_name="activities"
    )
    title = models.CharField(_("aktivitet"), max_length=300)
    heading = models.CharField(_("står under rubriken"), max_length=300, blank=True)
    description = models.TextField(_("beskrivning"), blank=True, help_text=_("Markdown."))
    expected_result = models.TextField(_("förväntat resultat"), blank=True)
    first_year = models.PositiveSmallIntegerField(_("från år"), null=True, blank=True)
    last_year = models.PositiveSmallIntegerField(_("till år"), null=True, blank=True)
    responsible_text = models.CharField(_("ansvarig, med dokumentets ord"), max_length=300, blank=True)
    predecessor = models.SlugField(
        _("ersätter"),
        max_length=100,
        blank=True,
        db_index=False,
        help_text=_("Nyckeln för den tidigare aktivitet som den här ersätter."),
    )

    objects = ActivityManager()  # type: ignore[misc]

    within = ("challenge",)

    class Meta(Row.Meta):
        verbose_name = _("aktivitet")
        verbose_name_plural = _("aktiviteter")
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=Q(first_year__isnull=True)
                | Q(last_year__isnull=True)
                | Q(first_year__lte=F("last_year")),
                name="activity_ends_after_it_starts",
                violation_error_message=_("Aktiviteten kan inte sluta innan den börjar."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_one_of(self, year: int) -> bool:
        """Whether the activity is known to be one of the year's: what 4M's plan sets in bold."""
        return self.first_year is not None and runs_in(self.first_year, self.last_year, year)


class Part(models.TextChoices):
    """How far an organisation's responsibility goes."""

    LEAD = "lead", _("Huvudansvarig")
    TAKING_PART = "taking_part", _("Medverkar")


class Responsibility(Row):
    """An organisation that answers for an activity."""

    activity = models.ForeignKey(
        Activity, models.CASCADE, verbose_name=_("aktivitet"), related_name="responsibilities"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="responsibilities"
    )
    part = models.CharField(_("del"), max_length=20, choices=Part, default=Part.LEAD)

    within = ("activity",)

    class Meta(Row.Meta):
        verbose_name = _("ansvarig")
        verbose_name_plural = _("ansvariga")
        constraints = [
            *Row.Meta.constraints,
            models.UniqueConstraint(
                fields=["activity", "organisation"],
                name="an_organisation_answers_once_for_an_activity",
                violation_error_message=_("Organisationen är redan ansvarig för aktiviteten."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity.key} {self.organisation.key}"


class Term(Row):
    """A word of the plan and what it means."""

    term = models.CharField(_("ord"), max_length=100)
    explanation = models.TextField(_("förklaring"))

    class Meta(Row.Meta):
        verbose_name = _("ordförklaring")
        verbose_name_plural = _("ordförklaringar")

    def __str__(self) -> str:
        return self.term
