"""What the log of changes is told of a change: who makes it, and why.

Reasons are kept, and so in the portal's own language whoever reads them: they aren't marked for translation.
"""

from __future__ import annotations

from typing import Any

from municipalities.models import User

REASON_LENGTH = 100
"""As much of a reason as a line in the log holds."""

FROM_A_FILE = "Inläst från "
"""How the reason begins for what a file asked for."""


def from_file(name: str) -> str:
    """The reason for what the file of that name asked for."""
    return f"{FROM_A_FILE}{name}"


def remember(thing: Any, by: User | None, reason: str = "") -> Any:
    """`thing`, which tells the log who changes it and why when it is saved or deleted."""
    thing._history_user, thing._change_reason = by, reason[:REASON_LENGTH] or None
    return thing
