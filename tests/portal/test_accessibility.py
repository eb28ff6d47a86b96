"""What the portal says of its accessibility, and how anyone tells of what they can't use."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from portal.models import AccessibilityReport, AccessibilityStatement
from tests.builders import make_accessibility_report, make_administrator, make_statement
from tests.pages import faults, main_of, read
from tests.promises import (
    Promise,
    assert_a_form_says_it,
    assert_an_empty_form_names_its_fields,
    assert_the_database_refuses,
    promises_of,
)

pytestmark = pytest.mark.django_db

STATEMENT = "/tillganglighet/"
REPORT = "/tillganglighet/rapportera/"
THANKS = "/tillganglighet/rapportera/tack/"
ADMIN = "/admin/portal/accessibilitystatement/"


# The statement


def test_an_empty_portal_has_a_whole_statement_in_swedish(client):
    page = main_of(client.get(STATEMENT))

    for said in (
        "2018:1937",
        "WCAG 2.1",
        "inte är tillgängligt",
        "Hur vi har testat",
        "Digg",
        "delvis förenlig",
    ):
        assert said in page.text
    assert page.all("a", href=REPORT)
    assert page.all("a", href="https://www.digg.se/tdosanmalan")


def test_an_administrator_changes_it_and_the_log_tells(client):
    administrator = make_administrator()
    client.force_login(administrator)
    form = client.get(ADMIN, follow=True)
    assert "2018:1937" in form.content.decode()

    for text in ("## Ny rubrik\n\nEn *ny* text.", "En tredje text."):
        place = client.get(ADMIN).headers["Location"]
        assert client.post(place, {"text": text}).status_code == 302

    page = main_of(client.get(STATEMENT))
    assert "En tredje text." in page.text
    assert "2018:1937" not in page.text
    assert f"ändrades senast den {timezone.localdate().day} " in page.text
    log = AccessibilityStatement.history.order_by("history_date")
    assert [(each.history_user, each.history_type) for each in log] == [
        (administrator, "+"),
        (administrator, "~"),
    ]


def test_it_is_written_in_markdown_that_can_do_no_harm(client):
    make_statement(text="## Rubrik\n\n<script>x()</script> [länk](https://example.se/)")

    page = main_of(client.get(STATEMENT))

    assert page.one("h2").text == "Rubrik"
    assert not page.all("script")


@pytest.mark.parametrize("address", ["/", "/konto/logga-in/", "/finns-inte/"])
def test_every_footer_leads_there(client, address):
    assert read(client.get(address)).one("footer").all("a", href=STATEMENT)


def test_the_footer_of_the_admin_and_of_a_broken_page_lead_there(client, monkeypatch):
    client.force_login(make_administrator())
    assert read(client.get("/admin/")).one("footer").all("a", href=STATEMENT)

    client.raise_request_exception = False
    monkeypatch.setattr("portal.views.plan_cards", lambda user: 1 / 0)
    assert read(client.get("/")).one("footer").all("a", href=STATEMENT)


# What people report


def test_a_report_is_saved_and_the_administrators_are_told(
    client, mailoutbox, django_capture_on_commit_callbacks
):
    administrator = make_administrator()
    make_administrator(is_active=False)
    said = {"problem": "Diagrammet går inte att läsa.", "name": "Eva Ek", "email": "eva@example.se"}

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(REPORT, said)

    assert answer.headers["Location"] == THANKS
    assert main_of(client.get(THANKS)).one("h1").text == "Tack för din rapport"
    saved = AccessibilityReport.objects.get()
    assert (saved.problem, saved.name, saved.email) == tuple(said.values())
    [mail] = mailoutbox
    assert mail.to == [administrator.email]
    assert said["problem"] in mail.body
    assert reverse("admin:portal_accessibilityreport_change", args=[saved.pk]) in mail.body
    assert "Eva Ek" not in mail.body
    assert "eva@example.se" not in mail.body


def test_it_goes_to_whoever_runs_the_portal_where_they_are_known(
    client, settings, mailoutbox, django_capture_on_commit_callbacks
):
    settings.CONTACT_EMAIL = "portalen@example.se"
    make_administrator()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(REPORT, {"problem": "Texten är för liten."})

    assert [mail.to for mail in mailoutbox] == [["portalen@example.se"]]


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"name": "Eva"}, "Berätta vad som inte fungerar."),
        ({"problem": "Ja", "email": "ingen adress"}, "giltig e-postadress"),
        ({"problem": "x" * 5001}, "som mest 5000 tecken"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(client, said, error):
    answer = client.post(REPORT, said)

    page = main_of(answer)
    assert answer.status_code == 422
    assert faults(read(answer)) == []
    assert error in page.one("div", **{"class": "error"}).text
    assert all(value in answer.content.decode() for value in said.values())
    assert not AccessibilityReport.objects.exists()


def test_too_many_reports_from_one_place_wait_with_what_was_typed(client, settings):
    settings.ACCESSIBILITY_REPORTS = "2/h/ip"
    answers = [client.post(REPORT, {"problem": f"Fel {number}."}) for number in (1, 2, 3)]

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "Fel 3." in main_of(answers[-1]).one("textarea").text
    assert "Vänta en timme" in main_of(answers[-1]).text
    assert client.post(REPORT, {"problem": "Fel 4."}, REMOTE_ADDR="192.0.2.7").status_code == 302
    assert AccessibilityReport.objects.count() == 3


def test_reading_the_statement_sets_no_cookie(client):
    assert not client.get(STATEMENT).cookies
    assert not client.get(THANKS).cookies


def test_a_report_is_kept_for_a_year():
    now = timezone.now()
    kept, _old = (make_accessibility_report(sent=now - timedelta(days=days)) for days in (364, 366))

    call_command("nightly")

    assert list(AccessibilityReport.objects.all()) == [kept]


# What always holds


ONE = Promise(
    "there_is_one_accessibility_statement",
    "Portalen har en tillgänglighetsredogörelse.",
    lambda: AccessibilityStatement(id=2, changed=timezone.now()),
)


def test_the_database_and_a_form_refuse_a_second_statement():
    assert promises_of("portal") == {ONE.name}
    assert_the_database_refuses(ONE)
    assert_a_form_says_it(ONE)


def test_an_empty_report_names_what_it_needs():
    assert_an_empty_form_names_its_fields(AccessibilityReport)
