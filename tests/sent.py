"""What a browser would send when someone fills in a page of the admin site and saves."""

from __future__ import annotations

from itertools import chain
from typing import Any


def sent(page: Any, **changes: Any) -> dict[str, Any]:
    """The values that the page's form and its lines came with, and `changes` to them."""
    formsets = [inline.formset for inline in page.context["inline_admin_formsets"]]
    forms = chain(
        [page.context["adminform"].form], *([each.management_form, *each.forms] for each in formsets)
    )
    values = {bound.html_name: bound.value() for form in forms for bound in form}
    return {
        name: value for name, value in (values | changes).items() if value is not None and value is not False
    }
