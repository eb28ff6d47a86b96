"""What AtomicWrites promises, tried through the whole stack with views made for it."""

from io import BytesIO

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

import portal.urls

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]


def write(request: HttpRequest, ending: str) -> HttpResponse:
    Group.objects.create(name="Skrivet")
    if ending == "404":
        raise Http404
    if ending == "crash":
        raise RuntimeError("The view fails after it has written.")
    return HttpResponse(status=int(ending))


def tell_whether_in_transaction(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(connection.in_atomic_block))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(f"{Group.objects.count()} found", status=404)


urlpatterns = [
    *portal.urls.urlpatterns,
    # named like public pages, since an address without a right is closed to all
    path("write/<ending>/", write, name="start"),
    path("transaction/", tell_whether_in_transaction, name="about"),
]
handler404 = not_found


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("ending", ["200", "302", "400"])
def test_what_a_view_wrote_before_an_ordinary_answer_is_kept(visitor, ending):
    visitor.post(f"/write/{ending}/")

    assert Group.objects.count() == 1


@pytest.mark.parametrize("ending", ["404", "crash", "500", "503"])
def test_what_a_view_wrote_before_it_failed_is_undone(visitor, ending):
    visitor.post(f"/write/{ending}/")

    assert Group.objects.count() == 0


def test_the_page_that_tells_of_a_failure_may_still_read(visitor):
    assert visitor.post("/write/404/").content == b"1 found"


def test_reading_opens_no_transaction_and_writing_does(visitor):
    assert visitor.get("/transaction/").content == b"False"
    assert visitor.head("/transaction/").status_code == 200
    assert visitor.post("/transaction/").content == b"True"


class Body:
    """A body that remembers whether a transaction was open when it was read."""

    def __init__(self, content: bytes) -> None:
        self.content, self.in_transaction = BytesIO(content), set[bool]()

    def read(self, size: int) -> bytes:
        self.in_transaction.add(connection.in_atomic_block)
        return self.content.read(size)

    readline = read


def test_what_is_sent_is_read_before_the_transaction_so_that_a_slow_line_holds_no_lock(visitor):
    body = Body(b"a=b")

    answer = visitor.generic(
        "POST",
        "/transaction/",
        data="a=b",
        content_type="application/x-www-form-urlencoded",
        **{"wsgi.input": body},
    )

    assert answer.content == b"True"
    assert body.in_transaction == {False}
