"""Who answers for the open data: read from the environment, for the catalogue to tell.

The settings read this before Django is ready, so it knows nothing of models and its sentences aren't marked
for translation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

TYPES = (
    "Academia-ScientificOrganisation",
    "Company",
    "IndustryConsortium",
    "LocalAuthority",
    "NationalAuthority",
    "NonGovernmentalOrganisation",
    "NonProfitOrganisation",
    "PrivateIndividual(s)",
    "RegionalAuthority",
    "StandardisationBody",
    "SupraNationalAuthority",
)
"""What a publisher may be, as DCAT-AP-SE 3.0.1 lists it: the ends of http://purl.org/adms/publishertype/…"""

REQUIRED = ("NAME", "URI", "EMAIL")
IRI = re.compile(r'https?://[^\s<>"{}|\\^`\x00-\x1f]+')
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
OF_SWEDENS_PORTAL = re.compile(r"http://dataportal\.se/organisation/SE(\d{10})(-.+)?")


@dataclass(frozen=True)
class Publisher:
    """The organisation that answers for the data, and where people write to it about them.

    `uri` is what catalogues know it by, best "http://dataportal.se/organisation/SE" and the ten digits of its
    organisation number. `type` is one of TYPES; `page` where people read about it, maybe nothing.
    """

    name: str
    uri: str
    email: str
    type: str = "LocalAuthority"
    page: str = ""

    @property
    def organisation_number(self) -> str:
        """Ten digits, where the URI tells them."""
        found = OF_SWEDENS_PORTAL.fullmatch(self.uri)
        return found[1] if found else ""


def read_publisher(told: Mapping[str, str]) -> Publisher | None:
    """The publisher of the variables without their PUBLISHER_; None where neither name nor URI is told.

    Raises ValueError with what is wrong, as a Swedish sentence's beginning.
    """
    if not told["NAME"] and not told["URI"]:
        return None
    for name in REQUIRED:
        if not told[name]:
            raise ValueError(
                f"PUBLISHER_{name} saknas: katalogen över öppna data måste säga vem som ger ut dem."
            )
    for name in ("URI", "PAGE"):
        if told[name] and not IRI.fullmatch(told[name]):
            raise ValueError(
                f"PUBLISHER_{name} ska vara en hel adress som börjar med https:// eller http://."
            )
    if not EMAIL.fullmatch(told["EMAIL"]):
        raise ValueError("PUBLISHER_EMAIL ska vara en e-postadress.")
    if told["TYPE"] not in TYPES:
        raise ValueError(f"PUBLISHER_TYPE ska vara något av {', '.join(TYPES)}.")
    return Publisher(told["NAME"], told["URI"], told["EMAIL"], told["TYPE"], told["PAGE"])


EXAMPLE = Publisher("Portal som prövas", "https://example.se/organisation", "oppnadata@example.se")
"""Of a portal that nobody runs for real."""
