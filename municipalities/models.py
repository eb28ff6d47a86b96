"""Who there is: organisations, the people who log in, and what each may do where."""

from __future__ import annotations

from typing import Any

import rules
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Kind(models.TextChoices):
    """What sort of organisation something is."""

    MUNICIPALITY = "municipality", _("Kommun")
    NETWORK = "network", _("Nätverk")
    AGENCY = "agency", _("Myndighet")
    COMPANY = "company", _("Bolag")
    UNIT = "unit", _("Enhet")


class OrganisationManager(models.Manager["Organisation"]):
    def get_by_natural_key(self, key: str) -> Organisation:
        return self.get(key=key)


class Organisation(models.Model):
    """Anyone who can own a plan, take part in it or be responsible for something in it."""

    key = models.SlugField(_("nyckel"), unique=True, help_text=_("Står kvar även om namnet ändras."))
    name = models.CharField(_("namn"), max_length=200)
    short_name = models.CharField(_("kort namn"), max_length=60, help_text=_("Så som det skrivs i tabeller."))
    kind = models.CharField(_("slag"), max_length=20, choices=Kind)
    municipal_code = models.CharField(
        _("kommunkod"),
        max_length=4,
        blank=True,
        validators=[RegexValidator(r"^[0-9]{4}$", _("Kommunkoden har fyra siffror, till exempel 0486."))],
    )
    represented_by: models.ManyToManyField[Municipality, Any] = models.ManyToManyField(
        "Municipality",
        verbose_name=_("företräds av"),
        related_name="represents",
        blank=True,
        help_text=_("Kommuner som får rapportera för organisationen."),
    )

    objects = OrganisationManager()
    history = HistoricalRecords(m2m_fields=[represented_by])

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisationer")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind=Kind.MUNICIPALITY) & ~Q(municipal_code=""))
                | (~Q(kind=Kind.MUNICIPALITY) & Q(municipal_code="")),
                name="municipalities_and_only_they_have_a_code",
                violation_error_message=_("En kommun har en kommunkod, och ingen annan har det."),
            ),
            models.UniqueConstraint(
                fields=["municipal_code"],
                condition=~Q(municipal_code=""),
                name="municipal_code_belongs_to_one_municipality",
                violation_error_message=_("En annan kommun har redan den kommunkoden."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.key,)


class MunicipalityManager(models.Manager["Municipality"]):
    def get_queryset(self) -> models.QuerySet[Municipality]:
        return super().get_queryset().filter(kind=Kind.MUNICIPALITY)

    def get_by_natural_key(self, key: str) -> Municipality:
        return self.get(key=key)


class Municipality(Organisation):
    """An organisation that is a municipality; what must be one points here."""

    objects = MunicipalityManager()  # type: ignore[assignment, misc]

    class Meta:
        proxy = True
        verbose_name = _("kommun")
        verbose_name_plural = _("kommuner")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_administrator=True, **fields)

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email=(email or "").lower())


class User(AbstractBaseUser):
    """A person who logs in with an e-mail address."""

    email = models.EmailField(_("e-post"), unique=True)
    name = models.CharField(_("namn"), max_length=200)
    is_active = models.BooleanField(_("aktivt konto"), default=True)
    is_administrator = models.BooleanField(_("administratör"), default=False, help_text=_("Sköter portalen."))

    objects = UserManager()
    history = HistoricalRecords(excluded_fields=["password", "last_login"])

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("användare")
        verbose_name_plural = _("användare")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="an_email_address_is_in_lower_case",
                violation_error_message=_("Skriv e-postadressen med små bokstäver."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """Whether the admin site lets the person in."""
        return self.is_administrator

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Whether a rule of this name holds; what has no rule is for administrators, as in the admin."""
        if not self.is_active:
            return False
        if rules.perm_exists(perm):
            return rules.has_perm(perm, self, obj)
        return self.is_administrator

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_administrator

    @cached_property
    def roles(self) -> frozenset[tuple[int, str]]:
        """The person's roles as pairs of organisation id and role, fetched once a request."""
        return frozenset(self.memberships.values_list("organisation_id", "role"))

    def organisations_as(self, *roles: str) -> frozenset[int]:
        """Ids of the organisations in which the person has one of `roles`."""
        return frozenset(organisation for organisation, role in self.roles if role in roles)


class Role(models.TextChoices):
    """What a membership lets someone do; administrators are told by the user, not by a membership."""

    READER = "reader", _("Läsare")
    COORDINATOR = "coordinator", _("Samordnare")
    EDITOR = "editor", _("Redaktör")


class Membership(models.Model):
    """One person's role in one organisation."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("användare"), related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="memberships"
    )
    role = models.CharField(_("roll"), max_length=20, choices=Role)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("behörighet")
        verbose_name_plural = _("behörigheter")
        ordering = ["user", "organisation"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                name="a_role_in_an_organisation_is_given_once",
                violation_error_message=_("Personen har redan den rollen i organisationen."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.organisation.short_name}"
