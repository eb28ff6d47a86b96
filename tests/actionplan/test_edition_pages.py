"""What has been published is read for ever, edition by edition, and never tells of what has not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actionplan.drafting import start_correction
from actionplan.editions import content_of
from actionplan.models import Revision
from municipalities.models import Role
from publishing.models import Publication
from tests.builders import (
    make_activity,
    make_challenge,
    make_draft,
    make_publication,
    make_revision,
    make_user,
)
from tests.pages import Element, faults, main_of, read

pytestmark = pytest.mark.django_db


def publish(revision: Revision, **fields: Any) -> Publication:
    """The revision's next edition, of 30 March 2017, with a PDF that holds its number alone."""
    number = Publication.objects.of(revision.document).count() + 1
    values = {"content": content_of(revision), "pdf": f"%PDF-{number}".encode()} | fields
    return make_publication(revision.document, published_at=datetime(2017, 3, 30, 22, tzinfo=UTC), **values)


def address_of(revision: Revision, rest: str = "/") -> str:
    return f"/planer/{revision.plan.slug}/revideringar/{revision.year}{rest}"


@pytest.fixture
def corrected() -> Revision:
    """A revision of which the second edition corrects the title of its one activity."""
    revision = make_revision()
    activity = make_activity(make_challenge(revision), title="Felskriven")
    publish(revision)
    type(activity).objects.update(title="Rättskriven")
    publish(revision, corrects="Aktivitetens namn.\nInget <b>annat</b>.")
    return revision


def notices(page: Element) -> list[str]:
    return [each.text for each in page.all("div", class_="notice")]


def links(page: Element) -> dict[str, str]:
    return {link["href"]: link.text for link in page.all("a")}


def test_the_address_of_the_year_shows_the_latest_edition_and_says_which_and_when(client, corrected):
    page = main_of(client.get(address_of(corrected)))

    assert "Rättskriven" in page.text
    assert "Felskriven" not in page.text
    assert "Utgåva 2, publicerad 31 mars 2017. Rättat: Aktivitetens namn. Inget <b>annat</b>." in page.text
    assert notices(page) == []
    assert address_of(corrected, "/utgava/2.pdf") in links(page)


def test_an_earlier_edition_stays_and_says_by_which_it_is_corrected_and_why(client, corrected):
    page = main_of(client.get(address_of(corrected, "/utgava/1/")))

    assert "Felskriven" in page.text
    [notice] = notices(page)
    assert "Utgåva 1 är rättad och gäller inte längre." in notice
    assert "Utgåva 2, publicerad 31 mars 2017. Rättat: Aktivitetens namn. Inget <b>annat</b>." in notice
    assert links(page)[address_of(corrected)] == "Läs utgåva 2, som gäller"


def test_the_latest_edition_has_an_address_of_its_own_for_when_it_is_corrected(client, corrected):
    page = main_of(client.get(address_of(corrected, "/utgava/2/")))

    assert "Rättskriven" in page.text
    assert notices(page) == []


@pytest.mark.parametrize("number", [1, 2])
def test_each_edition_tells_the_checksums_of_what_can_be_fetched_from_it(client, corrected, number):
    page = main_of(client.get(address_of(corrected, f"/utgava/{number}/")))
    check = page.one("details", class_="edition-check")

    files = [link["href"] for link in check.all("a")]
    sums = [hashlib.sha256(client.get(each).content).hexdigest() for each in files]

    assert files == [address_of(corrected, f"/utgava/{number}.{ending}") for ending in ("pdf", "json")]
    assert [code.text for code in check.all("code")][:2] == sums


@pytest.mark.parametrize("number", [1, 2])
def test_an_editions_pdf_and_data_are_what_was_published(client, corrected, number):
    pdf = client.get(address_of(corrected, f"/utgava/{number}.pdf"))
    data = client.get(address_of(corrected, f"/utgava/{number}.json"))

    name = f"plan-{corrected.plan.slug}-2016-utgava-{number}"
    assert (pdf.content, pdf["Content-Type"]) == (f"%PDF-{number}".encode(), "application/pdf")
    assert pdf["Content-Disposition"] == f'inline; filename="{name}.pdf"'
    assert data.content.decode() == Publication.objects.get(edition=number).content
    assert json.loads(data.content)["state_label"] == "Fastställd"
    assert data["Content-Disposition"] == f'inline; filename="{name}.json"'


def test_the_years_pdf_is_the_latest_editions(client, corrected):
    answer = client.get(address_of(corrected, ".pdf"))

    assert answer.content == b"%PDF-2"
    assert "utgava-2.pdf" in answer["Content-Disposition"]


def test_who_has_a_file_already_is_sent_nothing_until_there_is_another_edition(client, corrected):
    address = address_of(corrected, ".pdf")
    has = client.get(address)["ETag"]

    again = client.get(address, headers={"if-none-match": has})
    publish(corrected, corrects="Mer.")
    later = client.get(address, headers={"if-none-match": has})

    assert (again.status_code, again.content) == (304, b"")
    assert (later.status_code, later.content) == (200, b"%PDF-3")


def test_every_edition_is_listed_the_one_that_holds_first(client, corrected):
    page = main_of(client.get(address_of(corrected, "/utgava/1/")))
    items = page.one("section", id="utgavor").all("li")

    assert [item.text for item in items] == [
        "Utgåva 2 Gäller · 31 mars 2017 Rättat: Aktivitetens namn. Inget <b>annat</b>. PDF Utgåva 2",
        "Utgåva 1 Rättad · 31 mars 2017 PDF Utgåva 1",
    ]


@pytest.mark.parametrize("rest", ["/", "/utgava/1/", "/utgava/2/"])
def test_the_pages_can_be_read_by_ear_and_used_from_a_keyboard(client, corrected, rest):
    assert faults(read(client.get(address_of(corrected, rest)))) == []


@pytest.mark.parametrize(
    "rest", ["/utgava/3/", "/utgava/0/", "/utgava/01/", "/utgava/99999/", "/utgava/3.pdf"]
)
def test_an_edition_that_is_not_there_is_not_found(client, corrected, rest):
    assert client.get(address_of(corrected, rest)).status_code == 404


def test_an_adopted_revision_without_an_edition_is_shown_as_it_is(client):
    revision = make_revision()
    make_activity(make_challenge(revision), title="Nyss rättad")

    page = main_of(client.get(address_of(revision)))

    assert "Nyss rättad" in page.text
    assert "Utgåva" not in page.text
    assert client.get(address_of(revision, "/utgava/1/")).status_code == 404


class TestWhileACorrectionIsWorkedOn:
    @pytest.fixture
    def correcting(self, corrected) -> Revision:
        editor = make_user(Role.EDITOR, corrected.plan.owner)
        correction = start_correction(corrected, "Ett namn till.", by=editor)
        make_challenge(correction, title="Hemlig utmaning")
        return corrected

    @pytest.mark.parametrize("rest", ["/", ".pdf", "/utgava/1/", "/utgava/2/", "/utgava/2.json"])
    @pytest.mark.parametrize("role", [None, Role.READER, Role.EDITOR])
    def test_everyone_goes_on_reading_what_was_published(self, client, correcting, rest, role):
        if role:
            client.force_login(make_user(role, correcting.plan.owner))

        answer = client.get(address_of(correcting, rest))

        assert answer.status_code == 200
        assert "Hemlig utmaning" not in answer.content.decode()

    def test_the_plans_own_page_is_there(self, client, correcting):
        answer = client.get(f"/planer/{correcting.plan.slug}/")

        assert answer.status_code == 200
        assert "Hemlig utmaning" not in answer.content.decode()


def test_a_draft_of_another_year_is_not_reached_through_an_editions_address(client, corrected):
    draft = make_draft(corrected.plan, year=2017)
    client.force_login(make_user(Role.EDITOR, corrected.plan.owner))

    assert client.get(address_of(draft)).status_code == 200
    assert client.get(address_of(draft, "/utgava/1/")).status_code == 404


def test_the_years_to_go_to_are_those_of_which_something_decided_can_be_read(client, corrected):
    make_revision(corrected.plan, year=2017)
    make_draft(corrected.plan, year=2018)

    years = main_of(client.get(address_of(corrected))).one("nav", class_="years")

    assert [year.text for year in years.all("a")] == ["2016", "2017"]


def statements(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as taken:
        assert ask().status_code == 200
    return len(taken)


@pytest.mark.parametrize("rest", ["/", "/utgava/1/", ".pdf", "/utgava/1.json"])
def test_reading_an_edition_takes_few_statements_whatever_its_size(corrected, rest):
    few = statements(lambda: Client().get(address_of(corrected, rest)))
    for _each in range(20):
        make_activity(corrected.challenge_rows.get())
    for number in range(3):
        publish(corrected, corrects=f"Rättelse {number}.")
        make_revision(corrected.plan, year=2000 + number)

    assert statements(lambda: Client().get(address_of(corrected, rest))) == few <= 5
