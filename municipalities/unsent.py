"""Forms that were sent just after the session had ended, kept so that they can be gone on with after log-in.

They stand in the new session, for the person whose session ended and nobody else, until that person opens
the form again; and as long as a session lasts at most.
"""

from __future__ import annotations

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest

from municipalities.models import User

UNSENT = "unsent"
"""Where the session keeps the form."""

AT_MOST = 50_000
"""So many characters are kept, of names and values together."""

NEVER_KEPT = ("csrfmiddlewaretoken", "draft")
FROM_THE_PAGE = ("seen", "after", "merging", "same_as_last", "deed", "revision", "under", "preview")
"""What the page itself puts in a form, or the name of the button that sent it: nobody filled it in."""


def keep_unsent(request: HttpRequest) -> bool:
    """Keeps the form that the request sent, when it is known whose it was; tells whether it did.

    One in which nothing is filled in is not kept. A number or a choice is enough. Several values of a name,
    as boxes that are ticked have, are kept with spaces between.
    """
    ended = getattr(request.session, "ended", None)
    fields = {name: " ".join(values) for name, values in request.POST.lists() if name not in NEVER_KEPT}
    size = sum(map(len, [*fields, *fields.values()]))
    if ended is None or size > AT_MOST or not any(is_filled_in(*each) for each in fields.items()):
        return False
    person = ended.get_decoded()[SESSION_KEY]
    request.session[UNSENT] = {"person": person, "path": request.path, "fields": fields}
    return True


def is_filled_in(name: str, value: str) -> bool:
    """Whether a field such as `status` or `goal-jobb-verdict` holds what somebody typed or chose."""
    return name.rpartition("-")[2] not in FROM_THE_PAGE and bool(value.strip())


def unsent(request: HttpRequest, person: User) -> dict[str, str]:
    """What `person` sent to this address after their session had ended, once; nothing when they didn't."""
    kept = request.session.get(UNSENT)
    if not kept or kept["path"] != request.path or kept["person"] != str(person.pk):
        return {}
    del request.session[UNSENT]
    fields: dict[str, str] = kept["fields"]
    return fields
