"""PDFs of what isn't published: made by background work, once for the same content, and kept for a while.

Why it is so is told in docs/decisions/0026-a-drafts-pdf-is-background-work-known-by-its-content.md.
"""

from __future__ import annotations

from hashlib import sha256

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from publishing.models import Rendering
from publishing.pdf import Manuscript, PdfError, document_pdf, means
from publishing.values import read_json

AFTER_MAILS = -10
"""Among the background work: a mail takes a moment, and is 0."""


def rendering_of(manuscript: Manuscript, document: str) -> Rendering:
    """The manuscript's rendering, left to the worker to make if that isn't done, or wasn't finished.

    Of many who ask at once, one leaves it. `document`: the name under which it would be published, by which
    its renderings are forgotten. Not for a transaction: where work is done at once, it would hold that long.
    """
    content = msgspec.json.encode(manuscript).decode()
    digest = sha256((means() + content).encode()).hexdigest()
    rendering, is_new = Rendering.objects.get_or_create(
        digest=digest, defaults={"document": document, "manuscript": content}
    )
    if not (is_new or ask_again(digest, content)):
        return rendering
    make.enqueue(digest)
    by_now = Rendering.objects.filter(digest=digest).first()  # it is made, where work is done at once
    return by_now or rendering


def ask_again(digest: str, content: str) -> bool:
    """Whether nobody is making it any longer, and this is the first to ask for it since."""
    given_up = Rendering.objects.given_up().filter(digest=digest)
    return bool(given_up.update(manuscript=content, problem="", since=timezone.now()))


@task(priority=AFTER_MAILS)
def make(digest: str) -> None:
    """Makes the PDF, or says why it can't be made; does nothing when that is done, or it is forgotten."""
    rendering = Rendering.objects.waiting().filter(digest=digest).first()
    if rendering is None:
        return
    pdf, problem = None, _("Dokumentet kunde inte göras. Felet är antecknat; säg till administratören.")
    try:
        pdf, problem = document_pdf(read_json(rendering.manuscript, Manuscript)), ""
    except PdfError as error:
        problem = str(error)
    finally:  # any other error is listed with the background work
        came = Rendering.objects.filter(digest=digest)  # unless it was forgotten meanwhile
        came.update(manuscript="", pdf=pdf, problem=problem, since=timezone.now())
    Rendering.objects.forget_all_but_the_latest()
