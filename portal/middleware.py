"""What every request passes on its way in and out."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from municipalities import journal

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def is_undone(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether nothing of what the request did remains."""
    failed = response.status_code >= 500 or getattr(request, "view_raised", False)
    return request.method not in SAFE_METHODS and failed


class Journal:
    """Lets the journal tell what a request did when it is done, and not when it was undone.

    It stands outside the transaction, so that what is told has been committed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.journal_lines = []  # type: ignore[attr-defined]
        response = self.get_response(request)
        if not is_undone(request, response):
            for line in request.journal_lines:  # type: ignore[attr-defined]
                journal.write(line)
        return response


def opens_its_own_transactions(request: HttpRequest) -> bool:
    """Whether the view that the address leads to has asked to be left alone."""
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    return bool(getattr(view, "_non_atomic_requests", ()))


class AtomicWrites:
    """Make every request that may write all or nothing; let those that only read run free.

    A change and its row in the history stand or fall together, even when the process dies between them.
    Django's ATOMIC_REQUESTS promises that too, but opens a transaction for reading as well, and with SQLite
    every page would then queue behind every writer.

    The transaction also covers the session. It is rolled back when the view raised, also when that became a
    page (404, 403), and when the answer is a server error. That happens last of all, so that an error page
    may still read, such as who is signed in.

    A view that makes something slow between reading and writing, such as a PDF, opens its transactions
    itself, and says so with Django's `transaction.non_atomic_requests`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in SAFE_METHODS or opens_its_own_transactions(request):
            return self.get_response(request)
        with transaction.atomic():
            response = self.get_response(request)
            if is_undone(request, response):
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Remember that the view raised: what comes out may look like an ordinary answer."""
        request.view_raised = True  # type: ignore[attr-defined]
