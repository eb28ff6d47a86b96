"""The pages of help: one for each role, in the order in which they are offered."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Help:
    """A page of help for those who have a role: what it is called in addresses, for whom and about what."""

    path: str
    title: Promise
    about: Promise

    @property
    def name(self) -> str:
        return f"help-{self.path}"

    @property
    def url(self) -> str:
        return reverse(self.name)

    @property
    def template(self) -> str:
        return f"portal/help/{self.path}.html"


PAGES = (
    Help("lasare", _("För dig som läser"), _("Förtroendevalda och alla andra: hitta, läs och hämta.")),
    Help("samordnare", _("För samordnare"), _("Rapportera aktiviteter, fyll i utfall, följ upp utmaningar.")),
    Help("redaktor", _("För redaktörer"), _("Led årets uppföljning, publicera den och revidera planen.")),
    Help("administrator", _("För administratörer"), _("Sköt konton, organisationer och nya planer.")),
)
