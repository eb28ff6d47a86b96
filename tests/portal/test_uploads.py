"""How much anyone can send: more is refused before it is read or while it is, and nothing of it is kept."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import path

import portal.urls
from followup.models import StatusReport
from municipalities.models import Organisation
from portal.uploads import takes_files
from portal.wsgi import application
from tests.builders import make_organisation
from tests.pages import faults, main_of, read
from tests.plans import person
from tests.repository.test_start import COMPLETE
from tests.safe import lacks
from tests.served import Server, read_to_end, served

KILOBYTE, MEGABYTE = 1024, 1024 * 1024
FORM, MULTIPART = "application/x-www-form-urlencoded", MULTIPART_CONTENT


def write_what_came(request: HttpRequest) -> HttpResponse:
    """A page that says what came, and writes something whenever it is reached."""
    make_organisation()
    files = [file for file in request.FILES.values() if isinstance(file, UploadedFile)]
    return HttpResponse(f"{len(request.POST)} {sum(file.size or 0 for file in files)}")


@takes_files
def write_files(request: HttpRequest) -> HttpResponse:
    return write_what_came(request)


urlpatterns = [  # named like public pages, since an address without a right is closed to all
    *portal.urls.urlpatterns,
    path("formular/", write_what_came, name="about"),
    path("filer/", write_files, name="cookies"),
]


@pytest.fixture
def temporary(settings, tmp_path) -> Path:
    """Where large files are put aside while they are read."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    return tmp_path


def form_of(size: int) -> bytes:
    return b"text=" + b"x" * (size - len("text="))


def files_of(*sizes: int) -> bytes:
    return encode_multipart(
        BOUNDARY, {f"fil{at}": SimpleUploadedFile("a.txt", b"x" * size) for at, size in enumerate(sizes)}
    )


@pytest.mark.django_db
@pytest.mark.urls(__name__)
class TestLimits:
    """With a form that takes files and one that doesn't."""

    def send(self, address: str, body: bytes, content_type: str, **environment: Any) -> Any:
        client = Client(raise_request_exception=False)
        return client.generic("POST", address, body, content_type, **environment)

    @pytest.mark.parametrize(
        ("address", "body", "content_type"),
        [
            ("/formular/", form_of(MEGABYTE), FORM),
            ("/formular/", files_of(MEGABYTE - KILOBYTE), MULTIPART),
            ("/filer/", files_of(10 * MEGABYTE), MULTIPART),
            ("/filer/", files_of(5 * MEGABYTE, 5 * MEGABYTE), MULTIPART),
            ("/filer/", encode_multipart(BOUNDARY, {f"f{at}": "x" for at in range(1000)}), MULTIPART),
        ],
    )
    def test_what_is_within_the_limits_is_taken(self, temporary, address, body, content_type):
        assert self.send(address, body, content_type).status_code == 200

    @pytest.mark.parametrize(
        ("address", "body", "content_type"),
        [
            ("/formular/", form_of(MEGABYTE + 1), FORM),
            ("/formular/", b'"' + b"x" * MEGABYTE + b'"', "application/json"),
            ("/formular/", b"x" * (MEGABYTE + 1), "application/octet-stream"),
            ("/formular/", b"x" * (MEGABYTE + 1), ""),
            ("/formular/", files_of(MEGABYTE), MULTIPART),
            ("/filer/", form_of(MEGABYTE + 1), FORM),
            ("/filer/", files_of(10 * MEGABYTE + 1), MULTIPART),
            ("/filer/", files_of(5 * MEGABYTE, 5 * MEGABYTE, 1), MULTIPART),
            ("/filer/", files_of(11 * MEGABYTE), MULTIPART),
            ("/filer/", encode_multipart(BOUNDARY, {"text": "x" * (MEGABYTE + 1)}), MULTIPART),
            ("/filer/", encode_multipart(BOUNDARY, {f"f{at}": "x" for at in range(1001)}), MULTIPART),
            ("/filer/", files_of(*[1] * 11), MULTIPART),
            ("/formular/", b"&".join(b"f%d=x" % at for at in range(1001)), FORM),
            ("/finns-inte/", files_of(MEGABYTE), MULTIPART),
        ],
    )
    def test_what_is_not_is_refused_in_swedish_and_nothing_is_written(
        self, temporary, address, body, content_type
    ):
        answer = self.send(address, body, content_type)

        assert answer.status_code == 413
        assert main_of(answer).one("h1").text == "För mycket på en gång"
        assert "får vara 1,0 MB och filer sammanlagt 10,0 MB" in main_of(answer).text.replace("\xa0", " ")
        assert faults(read(answer)) == []
        assert lacks(answer) == []
        assert not Organisation.objects.exists()
        assert list(temporary.iterdir()) == []

    @pytest.mark.parametrize(
        "body",
        [
            b'--x\r\nContent-Disposition: form-data; name="' + b"a" * 5000 + b'"\r\n\r\n1\r\n--x--',
            b"--x\r\n" + b"A: b\r\n" * 500 + b"\r\n1\r\n--x--",
            b"--x",
            b"",
        ],
    )
    def test_parts_that_are_no_parts_are_refused_or_left_out(self, body):
        answer = self.send("/filer/", body, "multipart/form-data; boundary=x")

        assert answer.status_code == 400 or answer.content == b"0 0"

    @pytest.mark.parametrize("boundary", ["", "; boundary=", "; boundary=" + "x" * 300, "; boundary=å"])
    def test_a_form_in_parts_without_a_boundary_that_can_be_one_is_refused(self, boundary):
        assert self.send("/filer/", b"--x\r\n", f"multipart/form-data{boundary}").status_code == 400

    def test_names_as_deep_as_can_be_are_only_names(self):
        answer = self.send("/formular/", b"a" + b"[b]" * 300_000 + b"=x&" + b"[" * 90_000 + b"=y", FORM)

        assert answer.content == b"2 0"

    def test_a_length_that_is_no_number_is_refused(self):
        for length in ("-1", "1e3", "²", "0x10", "1 0"):
            assert self.send("/formular/", b"a=b", FORM, CONTENT_LENGTH=length).status_code == 400

    def test_a_body_that_does_not_say_its_length_is_refused(self):
        answer = self.send("/formular/", b"a=b", FORM, HTTP_TRANSFER_ENCODING="chunked")

        assert answer.status_code == 411
        assert not Organisation.objects.exists()

    @pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
    def test_other_methods_bring_no_more_than_a_form_either(self, method):
        answer = Client().generic(method, "/formular/", b"x" * (MEGABYTE + 1))

        assert answer.status_code == 413


def ask(body: Any, length: int, **environment: Any) -> int:
    """The status that the application gives the server, of a form in which a report is written."""
    answered = []
    answer = application(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/planer/4m/uppfoljning/2016/rapportera/uppstartsmote/",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "CONTENT_TYPE": FORM,
            "CONTENT_LENGTH": str(length),
            "wsgi.input": body,
            "wsgi.url_scheme": "http",
            **environment,
        },
        lambda status, headers: answered.append(status),
    )
    list(answer)
    answer.close()  # type: ignore[attr-defined]
    return int(answered[0].split()[0])


@pytest.mark.usefixtures("plans")
class TestBroken:
    """When the connection breaks on the way."""

    @pytest.fixture(autouse=True)
    def keep_the_tests_connection(self):
        """A request closes worn-out connections to the database, and the test's transaction with them."""
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
        yield
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)

    @pytest.fixture
    def cookies(self) -> str:
        client = Client()
        client.force_login(person("samordnare@enkoping"))
        client.cookies["csrftoken"] = "a" * 32
        return client.cookies.output(header="", sep=";")

    def test_a_form_that_comes_whole_is_saved(self, cookies):
        body = f"csrfmiddlewaretoken={'a' * 32}&status=ongoing&seen=0&comment=Vi+har+kommit+igång".encode()
        before = StatusReport.objects.count()

        assert ask(BytesIO(body), len(body), HTTP_COOKIE=cookies) == 302
        assert StatusReport.objects.count() == before + 1

    def test_half_a_form_is_not_a_shorter_one(self, cookies):
        body = f"csrfmiddlewaretoken={'a' * 32}&status=ongoing&seen=0&comment=Vi+har+".encode()
        before = StatusReport.objects.count()

        assert ask(BytesIO(body), len(body) + 20, HTTP_COOKIE=cookies) == 400
        assert StatusReport.objects.count() == before

    def test_no_more_is_read_than_was_said(self):
        body = BytesIO(b"a=b" + b"x" * MEGABYTE)

        ask(body, 3)

        assert body.tell() == 3


# With the server that runs in production


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    database = tmp_path_factory.mktemp("server") / "db.sqlite3"
    with served(**COMPLETE, DATABASE_URL=f"sqlite:///{database}", GRANIAN_WORKERS="1") as running:
        running.ask(head("GET", "/om/"))  # so that what is loaded once is loaded
        yield running


def head(method: str, address: str, *more: str) -> bytes:
    lines = [
        f"{method} {address} HTTP/1.1",
        "Host: portal.example.se",
        "X-Forwarded-Proto: https",
        "Connection: close",
        *more,
    ]
    return "\r\n".join([*lines, "", ""]).encode()


class Sent:
    """As much of `megabytes` as a server takes, and what it answered."""

    def __init__(self, server: Server, head: bytes, megabytes: int, chunked: bool = False) -> None:
        block = b"a" * 65536
        block = b"%x\r\n%b\r\n" % (len(block), block) if chunked else block
        before, self.taken, self.grew = server.memory(), 0, 0
        with server.connect() as connection:
            try:
                connection.sendall(head)
                for _each in range(megabytes * 16):
                    connection.sendall(block)
                    self.taken += len(block)
                    self.grew = max(self.grew, server.memory() - before)
            except ConnectionError:
                pass
            self.answer = read_to_end(connection)
        self.grew = max(self.grew, server.memory() - before)

    @property
    def status(self) -> int:
        return int(self.answer.split()[1])


ENORMOUS = 200
"""Megabytes; with 500 it is the same."""


@pytest.mark.parametrize(
    "content_type", [FORM, "multipart/form-data; boundary=x", "application/json", "text/plain"]
)
def test_an_enormous_body_is_answered_at_once_and_hardly_any_of_it_taken(server, content_type):
    length = f"Content-Length: {ENORMOUS * MEGABYTE}"

    sent = Sent(server, head("POST", "/konto/logga-in/", length, f"Content-Type: {content_type}"), ENORMOUS)

    assert sent.status == 413
    assert "För mycket på en gång" in sent.answer.decode()
    assert sent.taken < ENORMOUS * MEGABYTE / 10
    assert sent.grew < 20 * MEGABYTE


def test_an_enormous_body_in_pieces_is_cut_off(server):
    pieces = head("POST", "/konto/logga-in/", "Transfer-Encoding: chunked", f"Content-Type: {FORM}")

    sent = Sent(server, pieces, ENORMOUS, chunked=True)

    assert sent.status == 411
    assert sent.taken < ENORMOUS * MEGABYTE / 10
    assert sent.grew < 20 * MEGABYTE


def test_a_body_larger_than_it_said_is_cut_off(server):
    small = head("POST", "/konto/logga-in/", "Content-Length: 1000", f"Content-Type: {FORM}")

    sent = Sent(server, small, ENORMOUS)

    assert sent.status in (400, 403)
    assert sent.taken < ENORMOUS * MEGABYTE / 10
    assert sent.grew < 20 * MEGABYTE


def test_broken_and_slow_bodies_leave_the_server_answering(server):
    """As many slow ones as it has threads but one; a proxy that waits for whole requests stops them."""
    unfinished = head("POST", "/konto/logga-in/", "Content-Length: 1000", f"Content-Type: {FORM}") + b"a=b"
    for _each in range(30):
        with server.connect() as broken:
            broken.sendall(unfinished)
    slow = [server.connect() for _each in range(3)]
    for connection in slow:
        connection.sendall(unfinished)

    answer = server.ask(head("GET", "/om/"))

    assert answer.startswith(b"HTTP/1.1 200")
    for connection in slow:
        connection.close()


@pytest.mark.parametrize(
    ("request_", "statuses"),
    [
        (head("GET", "/" + "a" * 70_000), {414}),
        (head("GET", "/om/", *(f"X-{number}: a" for number in range(200))), {431}),
        (head("GET", "/om/", "X-Much: " + "a" * 200_000), {431}),
        (head("POST", "/om/", "Content-Length: -5"), {400}),
        (head("POST", "/om/", "Content-Length: 5", "Content-Length: 6"), {400}),
        (head("POST", "/om/", "Content-Length: 5", "Transfer-Encoding: chunked"), {400, 411}),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 505}),
    ],
)
def test_the_server_limits_addresses_and_headers_and_speaks_one_language(server, request_, statuses):
    answer = server.ask(request_)

    assert answer == b"" or int(answer.split()[1]) in statuses
