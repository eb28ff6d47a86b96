"""The pages where files come in, tried as nobody means them to be; by those that invite people."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exchange.models import Stage, Upload
from municipalities.models import Invitation, User
from tests.builders import make_administrator, make_municipality, make_user
from tests.pages import faults, main_of, read

pytestmark = pytest.mark.django_db

SEND = "/konton/las-in/"
TABLE = b"E-post;Organisation;Roll\neva@example.se;enkoping;L\xc3\xa4sare\n"
MEGABYTE = 1024 * 1024


@pytest.fixture
def asta() -> User:
    make_municipality("Enköping", key="enkoping")
    return make_administrator()


@pytest.fixture
def browser(asta) -> Client:
    return signed_in(asta)


@pytest.fixture
def upload(browser) -> Upload:
    """A file that waits for an answer."""
    send(browser)
    return Upload.objects.get()


def signed_in(user: User, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(user)
    return client


def send(client: Client, content: bytes = TABLE, name: str = "personer.csv", **more: Any) -> Any:
    return client.post(SEND, {"file": SimpleUploadedFile(name, content, **more)})


def page_of(upload: Upload) -> str:
    return reverse("people-imported", args=[upload.pk])


def yes(upload: Upload) -> dict[str, str]:
    assert upload.would
    return {"answer": "yes", "mark": upload.would.mark}


def nothing_happened(upload: Upload) -> bool:
    return Upload.objects.get(pk=upload.pk).stage == Stage.TOLD and not Invitation.objects.exists()


class TestWhoseItIs:
    def test_another_persons_file_is_as_if_it_were_not_there(self, upload):
        other = signed_in(make_administrator())
        missing = "/konton/las-in/00000000-0000-4000-8000-000000000000/"

        for method in ("get", "post"):
            theirs = getattr(other, method)(page_of(upload), yes(upload))
            none = getattr(other, method)(missing, yes(upload))
            assert (theirs.status_code, none.status_code) == (404, 404)
            assert main_of(theirs).text == main_of(none).text
        assert nothing_happened(upload)

    def test_one_whose_session_has_ended_logs_in_and_answers_then(self, upload, browser):
        browser.logout()

        answer = browser.post(page_of(upload), yes(upload))

        assert answer["Location"] == f"/konto/logga-in/?next={page_of(upload)}"
        assert nothing_happened(upload)

    def test_one_who_has_lost_the_right_is_refused(self, upload, asta, browser):
        User.objects.filter(pk=asta.pk).update(is_administrator=False)

        assert browser.post(page_of(upload), yes(upload)).status_code == 403
        assert browser.get(page_of(upload)).status_code == 403
        assert nothing_happened(upload)

    def test_another_site_cannot_send_or_answer_for_one(self, upload, asta):
        client = signed_in(asta, enforce_csrf_checks=True)

        assert send(client).status_code == 403
        assert client.post(page_of(upload), yes(upload)).status_code == 403
        assert Upload.objects.count() == 1
        assert nothing_happened(upload)

    def test_the_pages_own_forms_do(self, asta):
        client = signed_in(asta, enforce_csrf_checks=True)
        form = {each["name"]: each["value"] for each in inputs(client.get(SEND))}

        told = client.post(SEND, {**form, "file": SimpleUploadedFile("p.csv", TABLE)}, follow=True)
        form = {each["name"]: each["value"] for each in inputs(told)}
        client.post(told.redirect_chain[-1][0], {**form, "answer": "yes"})

        assert Invitation.objects.count() == 1


def inputs(answer: Any) -> list:
    return main_of(answer).one("form").all("input", type="hidden")


class TestAnswers:
    @pytest.mark.parametrize("mark", ["", "0" * 64, "x" * 64, "å\0"])
    def test_a_yes_to_something_else_imports_nothing(self, upload, browser, mark):
        answer = browser.post(page_of(upload), {"answer": "yes", "mark": mark})

        assert answer.status_code in (302, 422)
        assert nothing_happened(upload)

    @pytest.mark.parametrize("sent", [{}, {"answer": "kanske"}, {"answer": ["yes", "x"]}, {"mark": "x" * 65}])
    def test_what_no_button_sends_changes_nothing(self, upload, browser, sent):
        answer = browser.post(page_of(upload), sent)

        assert answer.status_code == 422
        assert faults(read(answer)) == []
        assert nothing_happened(upload)

    def test_one_of_many_who_say_yes_at_once_is_heard(self, shared_database, asta):
        send(signed_in(asta))
        upload, together = Upload.objects.get(), Barrier(4)

        def say_yes(client: Client) -> int:
            together.wait()
            try:
                return client.post(page_of(upload), yes(upload)).status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as many:
            answers = list(many.map(say_yes, [signed_in(asta) for _each in range(4)]))

        assert answers == [302] * 4
        assert Upload.objects.get().stage == Stage.DONE
        assert Invitation.objects.count() == 1
        assert Invitation.history.count() == 1

    def test_a_no_after_the_yes_does_not_say_that_nothing_was_imported(self, upload, browser):
        browser.post(page_of(upload), yes(upload))

        answer = browser.post(page_of(upload), {"answer": "no"}, follow=True)

        assert "Inget lästes in" not in read(answer).one("body").text
        assert main_of(answer).one("h1").text == "Filen är inläst"

    def test_one_that_is_old_is_gone_before_the_night_that_removes_it(self, upload, browser):
        Upload.objects.update(since=timezone.now() - timedelta(days=1, minutes=1))

        assert browser.post(page_of(upload), yes(upload)).status_code == 404
        assert not Invitation.objects.exists()
        call_command("nightly", verbosity=0)
        assert not Upload.objects.exists()

    def test_one_whose_work_stopped_on_the_way_says_so(self, upload, browser):
        Upload.objects.update(stage=Stage.SAVING, since=timezone.now() - timedelta(minutes=6))

        page = main_of(browser.get(page_of(upload)))

        assert page.one("h1").text == "Filen lästes inte in"
        assert "Arbetet avbröts på vägen, så inget lästes in." in page.text
        assert page.one("a", class_="btn")["href"] == SEND

    @pytest.mark.parametrize("stage", [Stage.READING, Stage.SAVING])
    def test_while_it_is_worked_on_the_page_waits(self, upload, browser, stage):
        Upload.objects.update(stage=stage, since=timezone.now())

        answer = browser.get(page_of(upload))

        assert "Se hur långt det har kommit" in main_of(answer).text
        assert not main_of(answer).all("form")
        assert faults(read(answer)) == []


class TestFiles:
    def test_one_that_is_too_large_is_not_kept(self, browser):
        assert send(browser, b"x" * (10 * MEGABYTE + 1)).status_code == 413
        assert not Upload.objects.exists()

    def test_as_large_as_can_be_it_is_read_and_told_of(self, browser):
        line = b"eva@example.se;enkoping;" + b"x" * 1000 + b"\n"
        content = b"E-post;Organisation;Roll\n" + line * (10 * MEGABYTE // len(line) - 1)

        assert send(browser, content).status_code == 302
        told = Upload.objects.get().would
        assert told
        assert told.is_refused

    @pytest.mark.parametrize(
        ("content", "name", "kind", "says"),
        [
            (b"<!doctype html><script>alert(1)</script>", "p.xlsx", "text/html", "webbsida"),
            (b"%PDF-1.7", "p.csv", "text/csv", "PDF"),
            (b"MZ\x90\0\3\0\0\0", "p.xlsx", "application/x-msdownload", ""),
            (b"PK\3\4" + b"\0" * 40, "p.xlsx", "image/png", ""),
            (b"\xff\xfe\0\0", "p.csv", "a/b; c=d", ""),
        ],
    )
    def test_what_it_is_its_bytes_tell_whatever_it_is_called(self, browser, content, name, kind, says):
        page = browser.get(send(browser, content, name, content_type=kind)["Location"])

        assert main_of(page).one("h1").text == "Något i filen behöver rättas"
        assert says in main_of(page).text
        assert faults(read(page)) == []

    @pytest.mark.parametrize("body", [b"", b"{}", b"file=x"])
    @pytest.mark.parametrize("kind", ["application/json", "text/csv", "application/x-www-form-urlencoded"])
    def test_what_is_no_form_with_a_file_is_asked_for_one(self, browser, body, kind):
        answer = browser.generic("POST", SEND, body, kind)

        assert answer.status_code == 422
        assert "Välj en fil." in main_of(answer).text
        assert not Upload.objects.exists()

    @pytest.mark.parametrize(
        "name",
        [
            "<script>alert(1)</script>.csv",
            "&lt;img src=x onerror=alert(1)&gt;.csv",
            "../../../etc/passwd",
            "..\\..\\boot.ini",
            "rad\rett\ttv\N{RIGHT-TO-LEFT OVERRIDE}vsc.exe",
            "=HYPERLINK(1).csv",
            "å" * 250 + ".csv",
            "{{ 7*7 }} %s %(name)s .csv",
            "\N{ZERO WIDTH JOINER}.csv",
        ],
    )
    def test_its_name_is_only_a_name(self, browser, name):
        answer = browser.get(send_named(browser, name)["Location"])

        upload = Upload.objects.get()
        assert len(upload.name) <= 200
        assert Path(upload.name).name == upload.name
        assert upload.name.isprintable()
        assert faults(read(answer)) == []
        assert not main_of(answer).all("script")
        assert not main_of(answer).all("img")
        browser.post(page_of(upload), yes(upload))
        [line] = Invitation.history.all()
        assert line.history_change_reason == f"Inläst från {upload.name}"[:100]

    @pytest.mark.parametrize("language", ["sv", "en"])
    @pytest.mark.parametrize(
        "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}%s"]
    )
    def test_what_stands_in_it_is_only_text(self, browser, settings, language, text):
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        quoted = '"' + text.replace('"', '""') + '"'
        for table in (
            f"E-post;Organisation;Roll;{quoted}\na@example.se;enkoping;Läsare;1\n",
            f"E-post;Organisation;Roll\n{quoted};{quoted};{quoted}\n",
        ):
            answer = browser.get(send(browser, table.encode())["Location"])

            assert text in main_of(answer).text
            assert not main_of(answer).all("script")
            assert not main_of(answer).all("img")
            assert language == "en" or faults(read(answer)) == []


def send_named(client: Client, name: str) -> Any:
    """What a program of one's own may send, which no browser would."""
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    return client.generic("POST", SEND, head + TABLE + b"\r\n--x--", "multipart/form-data; boundary=x")


def test_someone_else_learns_nothing_of_it(upload, browser):
    """Neither from pages nor from the admin, which administrators have in common."""
    other = signed_in(make_administrator())

    for path in ("/personer/", SEND, "/", "/admin/", "/konton/"):
        assert str(upload.pk) not in other.get(path).content.decode()
    assert "upload" not in other.get("/admin/").content.decode()
    assert signed_in(make_user()).get(page_of(upload)).status_code == 403
