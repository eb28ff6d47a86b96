"""What was chosen for a table is remembered for the plan, so that the next one like it is known."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from django.utils import timezone

from actionplan.elsewhere.choices import Choices, choices_of
from actionplan.models import KnownTable, Plan
from exchange.books import Sheet
from exchange.resources import folded
from municipalities.models import User


def fingerprint(sheet: Sheet) -> str:
    """The same for tables with the same headers, in whatever order they stand."""
    return sha256("\n".join(sorted(map(folded, sheet.headers))).encode()).hexdigest()


def remember_choices(plan: Plan, sheet: Sheet, choices: Choices, *, by: User) -> None:
    """Keeps the choices for the next table with these headers, with those for names that this one lacks."""
    known = KnownTable.objects.filter(plan=plan, fingerprint=fingerprint(sheet)).first()
    before = choices_of(known.choices) if known else Choices()
    kept = replace(choices, sheet="", names={**before.names, **choices.names})
    KnownTable.objects.update_or_create(
        plan=plan,
        fingerprint=fingerprint(sheet),
        defaults={"choices": kept.as_json(), "chosen_by": by, "chosen_at": timezone.now()},
    )


def remembered(plan: Plan, sheet: Sheet) -> Choices | None:
    """What was chosen for the last table with these headers, as this one writes them; None when none was."""
    known = KnownTable.objects.filter(plan=plan, fingerprint=fingerprint(sheet)).first()
    if known is None:
        return None
    before = choices_of(known.choices)
    roles = {folded(header): role for header, role in before.columns.items()}
    columns = {header: roles[folded(header)] for header in sheet.headers if folded(header) in roles}
    return replace(before, sheet=sheet.name, columns=columns)
