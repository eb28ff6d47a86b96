"""The people who log in, and their roles in organisations."""

from __future__ import annotations

from typing import Any

import rules
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from municipalities.models.organisations import Organisation


class Role(models.TextChoices):
    """What a membership lets someone do; administrators are told by the user, not by a membership."""

    READER = "reader", _("Läsare")
    COORDINATOR = "coordinator", _("Samordnare")
    EDITOR = "editor", _("Redaktör")


WRITING = frozenset({Role.COORDINATOR, Role.EDITOR})
"""The roles that let someone change something."""


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
    history = HistoricalRecords(excluded_fields=["email", "password", "last_login"])

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("användare")
        verbose_name_plural = pgettext_lazy("several", "användare")
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

    confined_to: str | None = None
    """Key of the one organisation whose roles count, in a session that its own log-in service opened."""

    @property
    def administers(self) -> bool:
        """Whether the person may do what administrators do, in this session."""
        return self.is_active and self.is_administrator and self.confined_to is None

    @property
    def is_staff(self) -> bool:
        """Whether the admin site lets the person in."""
        return self.administers

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Whether a rule of this name holds; what has no rule is for administrators, as in the admin."""
        if rules.perm_exists(perm):
            return rules.has_perm(perm, self, obj)
        return self.administers

    def has_module_perms(self, app_label: str) -> bool:
        return self.administers

    @cached_property
    def roles(self) -> frozenset[tuple[int, str]]:
        """The person's roles as pairs of organisation id and role, fetched once a request."""
        if not self.is_active:
            return frozenset()
        memberships = self.memberships.all()
        if self.confined_to is not None:
            memberships = memberships.filter(organisation__key=self.confined_to)
        return frozenset(memberships.values_list("organisation_id", "role"))

    def organisations_as(self, *roles: str) -> frozenset[int]:
        """Ids of the organisations in which the person has one of `roles`."""
        return frozenset(organisation for organisation, role in self.roles if role in roles)

    @property
    def may_write(self) -> bool:
        """Whether anything the person holds lets them change something somewhere."""
        return self.administers or any(role in WRITING for _organisation, role in self.roles)

    @property
    def manages_people(self) -> bool:
        """Whether there may be people whose roles the person gives and ends."""
        return self.administers or bool(self.organisations_as(Role.EDITOR))


class Membership(models.Model):
    """One person's role in one organisation."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("användare"), related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="memberships"
    )
    role = models.CharField(_("roll"), max_length=20, choices=Role)
    since = models.DateTimeField(_("sedan"), default=timezone.now, editable=False)

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
