"""The pages of a year that has been published: of its editions alone, for everyone, for ever."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actionplan.models import Activity, Challenge, Goal, Indicator
from followup.editions import newer_values, report_of
from followup.models import FollowUp, Stage
from municipalities.models import Municipality, Role
from publishing.models import Publication
from tests.builders import (
    make_activity,
    make_challenge,
    make_coordinator,
    make_edition,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_outcome,
    make_plan,
    make_publication,
    make_report,
    make_revision,
    make_target,
    make_user,
)

pytestmark = pytest.mark.django_db

ADDRESS = "/planer/4m/uppfoljning/2016/"
NEWER = "Ett nyare värde finns"


@pytest.fixture(autouse=True)
def one_step_is_enough(settings) -> None:
    settings.REQUIRE_MFA = False


@pytest.fixture
def enkoping() -> Municipality:
    return make_municipality("Enköping", key="enkoping")


@pytest.fixture
def nki() -> Indicator:
    return make_indicator(slug="nki", name="NKI")


@pytest.fixture
def year(enkoping, nki) -> FollowUp:
    revision = make_revision(make_plan(slug="4m", title="Näringsliv", partners=[enkoping]), year=2016)
    challenge = make_challenge(revision, key="service", title="Service")
    make_target(make_goal(challenge), indicator=nki, year=2016, key="nki-2016", value=60)
    make_outcome(nki, enkoping, year=2016, value="61.5")
    followup = make_followup(revision, stage=Stage.CLOSED)
    make_report(followup, make_activity(challenge, key="mote", title="Möte"), comment="Som det var.")
    return followup


def correct(year: FollowUp, comment: str, note: str) -> Publication:
    """Reports anew, and publishes that in the next edition."""
    make_report(year, Activity.objects.get(key="mote"), comment=comment)
    return make_edition(year, corrects=note)


def read(client: Client, address: str = ADDRESS) -> str:
    return " ".join(client.get(address).content.decode().split())


class TestTheLatest:
    def test_it_is_at_the_years_own_address_and_at_its_own(self, client, year):
        make_edition(year, published_by="Eva Ek")

        for address in (ADDRESS, f"{ADDRESS}utgava/1/"):
            page = read(client, address)
            assert "Som det var." in page
            assert "Utgåva 1, publicerad" in page
            assert "rättad" not in page
            assert "Arbetsmaterial" not in page

    def test_who_published_it_is_told_to_those_who_are_signed_in(self, client, year):
        make_edition(year, published_by="Eva Ek")

        assert "Eva Ek" not in read(client)
        client.force_login(make_user())
        assert "Publicerad av Eva Ek." in read(client)

    def test_its_files_are_what_was_stored_and_anyone_can_redo_their_checksums(self, client, year):
        publication = make_edition(year, pdf=b"%PDF-1.7 just den")
        page = client.get(ADDRESS).content.decode()

        for name in ("pdf", "json"):
            file = client.get(f"{ADDRESS}utgava/1.{name}").content
            assert hashlib.sha256(file).hexdigest() in page
            assert f"{ADDRESS}utgava/1.{name}" in page
        assert "sha256sum uppfoljning-4m-2016-utgava-1.pdf" in page
        pdf = client.get(f"{ADDRESS}utgava/1.pdf")
        assert pdf.content == b"%PDF-1.7 just den"
        assert pdf["Content-Disposition"] == 'inline; filename="uppfoljning-4m-2016-utgava-1.pdf"'
        assert pdf["ETag"] == f'"{publication.pdf_sha256}"'
        assert client.get(f"{ADDRESS[:-1]}.pdf").content == b"%PDF-1.7 just den"
        assert client.get(f"{ADDRESS}utgava/1.json").content.decode() == publication.content

    def test_it_is_made_of_the_edition_alone(self, client, year):
        make_edition(year)

        with CaptureQueriesContext(connection) as asked:
            read(client)

        tables = set(re.findall(r'FROM "(\w+)"', " ".join(each["sql"] for each in asked)))
        assert "publishing_publication" in tables
        assert tables <= OF_THE_FRAME | OF_NEWER_VALUES

    def test_it_takes_as_many_statements_whatever_its_size(self, client, year, django_assert_num_queries):
        make_edition(year)
        small = statements(client)
        for number in range(50):
            make_report(year, make_activity(Challenge.objects.get(), key=f"a-{number}"))
        make_edition(year)

        assert statements(client) == small <= 15


OF_THE_FRAME = {"actionplan_plan", "actionplan_plan_partners", "actionplan_revision", "followup_followup"} | {
    "municipalities_organisation",
    "publishing_publication",
    "django_session",
}
"""What it takes to find the plan and the year, and to know what the reader may have."""
OF_NEWER_VALUES = {"followup_outcome", "actionplan_yearlytarget"}


def statements(client: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        read(client)
    return len(asked)


class TestACorrectedOne:
    @pytest.fixture(autouse=True)
    def corrected(self, year) -> None:
        make_edition(year)
        correct(year, "Som det är.", "Kommentaren om mötet var fel.")

    def test_it_stays_as_it_was_and_says_by_which_and_why_it_is_corrected(self, client):
        page = read(client, f"{ADDRESS}utgava/1/")

        assert "Som det var." in page
        assert "Som det är." not in page
        assert "Utgåva 1 är rättad och gäller inte längre." in page
        assert "Kommentaren om mötet var fel." in page
        assert f'href="{ADDRESS}"' in page

    def test_the_one_that_corrects_it_is_the_years_and_says_what_it_corrects(self, client):
        page = read(client)

        assert "Som det är." in page
        assert "gäller inte längre" not in page
        assert "Kommentaren om mötet var fel." in page
        assert f'href="{ADDRESS}utgava/1/"' in page

    def test_there_is_none_after_it(self, client):
        assert client.get(f"{ADDRESS}utgava/3/").status_code == 404
        assert client.get(f"{ADDRESS}utgava/3.pdf").status_code == 404
        assert client.get(f"{ADDRESS}utgava/3.json").status_code == 404


class TestOneThatIsOpenAgain:
    @pytest.fixture(autouse=True)
    def reopened(self, year) -> None:
        make_edition(year, pdf=b"%PDF-1.7 publicerad")
        FollowUp.objects.update(stage=Stage.OPEN)
        make_report(year, Activity.objects.get(key="mote"), comment="Som det blir.")

    def test_the_public_reads_its_latest_edition(self, client):
        assert "Som det var." in read(client)
        assert "Som det blir." not in read(client)
        assert client.get(f"{ADDRESS[:-1]}.pdf").content == b"%PDF-1.7 publicerad"

    def test_those_who_take_part_read_what_is_being_corrected_and_find_the_edition(self, client, enkoping):
        client.force_login(make_coordinator(enkoping))
        page = read(client)

        assert "Som det blir." in page
        assert "Arbetsmaterial" in page
        assert f'href="{ADDRESS}utgava/1/"' in page
        assert "Som det var." in read(client, f"{ADDRESS}utgava/1/")

    def test_it_is_read_even_while_the_plan_itself_is_being_corrected(self, client, year):
        year.revision.__class__.objects.filter(pk=year.revision.pk).update(state="draft")

        assert "Som det var." in read(client)
        assert 'href="/planer/4m/"' not in read(client)
        assert client.get("/planer/4m/").status_code == 404


def test_a_year_that_is_said_to_be_published_but_has_no_edition_is_nobodys_to_read(client, year):
    FollowUp.objects.update(stage=Stage.PUBLISHED, published_at=timezone.now())

    assert client.get(ADDRESS).status_code == 404


class TestNewerValues:
    def test_nothing_is_said_while_there_is_none(self, client, year):
        make_edition(year)

        assert NEWER not in read(client)

    def test_a_later_public_value_is_told_of_beside_the_figure_and_shown_nowhere(
        self, client, year, nki, enkoping
    ):
        make_edition(year)
        make_outcome(nki, enkoping, year=2016, value="99.5")

        page = read(client)

        assert page.count(NEWER) == 2  # among the goals, and in the challenge
        assert "99,5" not in page

    def test_every_figure_that_the_value_is_in_tells_of_it(self, client, year, nki, enkoping):
        goal = Goal.objects.get()
        make_target(goal, indicator=nki, year=2016, key="nki-each", over="each", value=50)
        make_edition(year)
        make_outcome(nki, enkoping, year=2016, value="99.5")

        publication = Publication.objects.get()

        assert newer_values(report_of(publication)) == {
            "nki-2016", "nki-2016/enkoping", "nki-each", "nki-each/enkoping",
        }  # fmt: skip

    def test_a_value_of_a_year_that_had_none_is_newer(self, client, year, nki):
        late = make_municipality("Sala", key="sala")
        year.plan.partners.add(late)
        make_edition(year)
        make_outcome(nki, late, year=2016, value="50")

        assert NEWER in read(client)

    def test_values_of_other_years_and_municipalities_are_not(self, client, year, nki, enkoping):
        make_edition(year)
        make_outcome(nki, enkoping, year=2017, value="80")
        make_outcome(nki, make_municipality("Botkyrka"), year=2016, value="80")

        assert NEWER not in read(client)

    def test_the_next_edition_has_it(self, client, year, nki, enkoping):
        make_edition(year)
        make_outcome(nki, enkoping, year=2016, value="99.5")
        make_edition(year)

        assert NEWER not in read(client)
        assert "99,5" in read(client)


def test_a_typed_value_becomes_public_with_the_edition_that_has_it(client, year, enkoping):
    typed = make_indicator(slug="eget", name="Eget")
    make_target(make_goal(Challenge.objects.get()), indicator=typed, year=2016, key="eget-2016")
    make_outcome(typed, enkoping, year=2016, value="12.25", author=make_coordinator(enkoping))

    before = client.get("/planer/4m/data.json").content.decode()
    make_edition(year)

    assert "12.25" not in before
    assert "12,3" in read(client)
    assert "12.25" in client.get("/planer/4m/data.json").content.decode()


def test_nobody_who_reported_is_named_in_what_everyone_may_take(client, year):
    reporter = make_user(Role.COORDINATOR, year.plan.owner, name="Rut Rapportör")
    make_report(year, Activity.objects.get(key="mote"), author=reporter)
    make_edition(year)

    assert "Rut Rapportör" not in client.get(f"{ADDRESS}utgava/1.json").content.decode()


SCHEMA_1 = Path(__file__).parents[1] / "data" / "uppfoljning_schema_1.json"
"""An edition as the portal wrote it when a year was first published. It stays as it is."""


def test_an_edition_of_the_first_schema_is_read_for_ever(client):
    make_followup(make_revision(make_plan(slug="4m"), year=2016), stage=Stage.PUBLISHED)
    make_publication("4m/uppfoljning/2016", content=SCHEMA_1.read_text(), schema=1)
    content = json.loads(SCHEMA_1.read_text())

    page = read(client)

    assert content["plan"]["title"] == "Näringsliv & arbete 4M"
    assert "Uppföljning 2016, Näringsliv &amp; arbete 4M, utgåva 1" in page
    assert "Delvis uppnått" in page
    assert "<b>70,3</b>" in page
    assert "Sju av 18 aktiviteter 2016" in page
    assert "Ingen gemensam ansökan har beviljats under året." in page
    assert "Resten av kartläggningen görs klar till mars 2017." in page
