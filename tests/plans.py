"""The real plans for tests that want real content, and the people of the demo accounts."""

from pathlib import Path

from django.core.management import call_command

from municipalities.management.commands.demo_accounts import ACCOUNTS
from municipalities.models import Membership, Organisation, User

OPEN_YEAR = str(Path(__file__).with_name("data") / "open_year.json")
"""4M's follow-up of 2016 when half of its activities have been reported; made up, like the demo's."""


def load_plans() -> None:
    """Both plans, the real values of NKI, a year that is open, and the demo accounts without passwords."""
    call_command("loaddata", "organisations", "4m", "botkyrka", "nki", OPEN_YEAR, verbosity=0)
    for email, name, role, organisation in ACCOUNTS:
        user = User.objects.create_user(email, name=name, is_administrator=role is None)
        if role:
            Membership.objects.create(
                user=user, organisation=Organisation.objects.get(key=organisation), role=role
            )


def person(name: str) -> User:
    """Someone of the demo accounts: `person("samordnare@enkoping")`."""
    return User.objects.get(email=f"{name}.example")
