"""An activity's page through the years: what was decided of it, how it was reworded, and how it ended."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actionplan.drafting import start_correction
from actionplan.models import Activity, Challenge, Part, Plan, Revision
from municipalities.models import Role
from tests.builders import (
    make_activity,
    make_challenge,
    make_draft,
    make_ending,
    make_followup,
    make_organisation,
    make_plan,
    make_report,
    make_responsibility,
    make_revision,
    make_user,
)
from tests.pages import Element, faults, main_of, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> Plan:
    return make_plan(slug="var", title="Vår plan", first_year=2015, last_year=2019)


def activity_in(
    revision: Revision, *, challenge: str = "service", key: str = "mote", **fields: Any
) -> Activity:
    """The activity as a revision has it, under a challenge of its own."""
    found = Challenge.objects.filter(revision=revision, key=challenge).first()
    under = found or make_challenge(revision, key=challenge, title=challenge.capitalize())
    values = {"title": "Möte med företagen", "first_year": 2016, "last_year": 2017, **fields}
    return make_activity(under, key=key, **values)


def story_of(client: Client, key: str = "mote") -> Element:
    answer = client.get(f"/planer/var/aktiviteter/{key}/")
    assert answer.status_code == 200
    assert not faults(read(answer))
    return main_of(answer)


def told(main: Element) -> dict[str, str]:
    """What the page tells under each of its headings."""
    return {each.one("h2").text: each.all("div")[0].text for each in main.all("section", class_="sheet")}


def take_part(client: Client, plan: Plan) -> Client:
    client.force_login(make_user(Role.READER, plan.owner))
    return client


class TestThroughTheRevisions:
    def test_one_that_stands_in_one_revision_alone_has_no_more_to_tell(self, client, plan):
        activity_in(make_revision(plan, year=2016))

        assert list(told(story_of(client))) == ["Beslutat", "Hur det går"]

    def test_what_was_reworded_is_told_word_by_word_the_latest_first(self, client, plan):
        activity_in(make_revision(plan, year=2016), description="Vi bjuder in till möte varje vår.")
        activity_in(
            make_revision(plan, year=2017),
            title="Möte med alla företagen",
            description="Vi bjuder in till möte varje höst.",
        )

        sections = told(story_of(client))

        assert list(sections)[1:3] == ["Planen för 2017", "Planen för 2016"]
        changed, first = sections["Planen för 2017"], sections["Planen för 2016"]
        assert changed.startswith("Fördes vidare, med ändringar. Möte med Tillagt: alla företagen")
        assert "Vi bjuder in till möte varje Borttaget: vår Tillagt: höst ." in changed
        assert "Möte med företagen" in first
        assert "Utmaning Service När 2016–2017" in first
        assert "Beskrivning Vi bjuder in till möte varje vår." in first

    def test_who_was_responsible_and_when_it_was_planned(self, client, plan):
        enkoping, vasteras = make_organisation("Enköping"), make_organisation("Västerås")
        activity_in(make_revision(plan, year=2016), responsible=[enkoping])
        later = activity_in(make_revision(plan, year=2017), responsible=[enkoping], last_year=2018)
        make_responsibility(later, vasteras, part=Part.TAKING_PART)

        sections = told(story_of(client))

        assert "När Borttaget: 2016–2017 → Tillagt: 2016–2018" in sections["Planen för 2017"]
        assert "Ansvarig Enköping, Tillagt: Västerås (medverkar)" in sections["Planen för 2017"]
        assert "Ansvarig Enköping och Västerås (medverkar)" in sections["Beslutat"]
        assert "Ansvarig Enköping" in sections["Planen för 2016"]

    def test_one_that_is_carried_on_as_it_stood(self, client, plan):
        activity_in(make_revision(plan, year=2016))
        activity_in(make_revision(plan, year=2017))
        Challenge.objects.filter(revision__year=2017).update(title="Service och bemötande")

        assert told(story_of(client))["Planen för 2017"] == "Fördes vidare som den stod."

    def test_one_that_was_moved_to_another_challenge(self, client, plan):
        activity_in(make_revision(plan, year=2016))
        activity_in(make_revision(plan, year=2017), challenge="kompetens")

        assert "Borttaget: Service → Tillagt: Kompetens" in told(story_of(client))["Planen för 2017"]

    def test_what_was_said_of_it_stands_among_what_was_decided(self, client, plan):
        first = make_revision(plan, year=2016)
        followup = make_followup(first, stage="published")
        make_report(followup, activity_in(first), comment="Vi har haft två möten.")
        activity_in(make_revision(plan, year=2017))

        sections = told(story_of(client))

        assert list(sections) == ["Beslutat", "Planen för 2017", "Läget 2016", "Planen för 2016"]
        assert "Vi har haft två möten." in sections["Läget 2016"]

    def test_a_year_that_followed_up_a_plan_without_it_has_nothing_to_tell(self, client, plan):
        for year in (2016, 2017):
            make_followup(make_revision(plan, year=year), year=year, stage="published")
        activity_in(Revision.objects.get(year=2017), first_year=2016)

        sections = told(story_of(client))

        assert "Läget 2017" in sections
        assert "Läget 2016" not in sections

    def test_a_correction_is_no_revision_of_its_own(self, client, plan):
        revision = make_revision(plan, year=2016)
        activity_in(revision)
        editor = make_user(Role.EDITOR, plan.owner)
        start_correction(revision, "Ett stavfel", by=editor)
        client.force_login(editor)

        assert list(told(story_of(client))) == ["Beslutat", "Hur det går"]


class TestWhatIsGone:
    @pytest.mark.parametrize(
        ("how", "reason", "sentence"),
        [
            ("done", "", "Genomförd, och förs inte vidare."),
            ("ended", "Pengarna tog slut.", "Avslutad, och förs inte vidare. Pengarna tog slut."),
        ],
    )
    def test_how_it_ended_and_why_is_said_at_once_and_in_its_year(self, client, plan, how, reason, sentence):
        activity_in(make_revision(plan, year=2016))
        make_ending(make_revision(plan, year=2017), key="mote", how=how, reason=reason)

        main = story_of(client)

        assert main.one("div", class_="notice").text == f"I planen för 2017: {sentence}"
        assert told(main)["Planen för 2017"] == sentence
        assert "fastställd, revidering 2016" in main.text.lower()

    def test_one_that_was_left_out_without_a_word(self, client, plan):
        activity_in(make_revision(plan, year=2016))
        for year in (2017, 2018):
            make_revision(plan, year=year)

        main = story_of(client)

        assert main.one("div", class_="notice").text == "I planen för 2017: Finns inte med i planen."
        assert "Planen för 2018" not in told(main)

    def test_one_that_came_back_is_not_gone(self, client, plan):
        activity_in(make_revision(plan, year=2016))
        make_revision(plan, year=2017)
        activity_in(make_revision(plan, year=2018), title="Möte med alla företagen")

        main = story_of(client)

        assert not main.all("div", class_="notice")
        assert list(told(main))[1:4] == ["Planen för 2018", "Planen för 2017", "Planen för 2016"]
        assert told(main)["Planen för 2018"] == "Kom tillbaka i planen. Möte med Tillagt: alla företagen"

    def test_what_replaced_it_is_led_to_and_leads_back(self, client, plan):
        activity_in(make_revision(plan, year=2016))
        second = make_revision(plan, year=2017)
        make_ending(second, key="mote", how="replaced", reason="Mötena blev nätverk.")
        activity_in(second, key="natverk", title="Nätverk för företag", predecessor="mote")

        old, new = story_of(client), story_of(client, "natverk")

        assert (
            "Ersatt, och förs inte vidare. Ersatt av Nätverk för företag"
            in old.one("div", class_="notice").text
        )
        assert old.all("a", href="/planer/var/aktiviteter/natverk/")
        assert "Ersätter Möte med företagen" in told(new)["Beslutat"]
        assert new.all("a", href="/planer/var/aktiviteter/mote/")


class TestWhatIsNotDecidedYet:
    @pytest.fixture
    def draft(self, plan) -> Revision:
        first = make_revision(plan, year=2016)
        for key in ("mote", "massa", "kurs"):
            activity_in(first, key=key, title=f"Gammal {key}")
        draft = make_draft(plan, year=2017)
        activity_in(draft, title="Hemligt möte", description="Hemligt")
        make_ending(draft, key="massa", title="Hemlig", how="ended", reason="Hemligt skäl")
        activity_in(draft, key="ny", title="Hemlig efterföljare", predecessor="massa")
        return draft

    @pytest.mark.parametrize("key", ["mote", "massa", "kurs"])
    def test_a_visitor_learns_nothing_of_it(self, client, draft, key):
        main = story_of(client, key)

        assert "Hemlig" not in main.text
        assert "2017" not in " ".join(told(main))

    def test_nor_is_there_a_page_of_what_stands_in_the_draft_alone(self, client, draft):
        assert client.get("/planer/var/aktiviteter/ny/").status_code == 404

    def test_those_who_take_part_read_it_as_what_it_is(self, client, plan, draft):
        main = story_of(take_part(client, plan))

        assert "Planen för 2017" in told(main)
        assert "Arbetsmaterial" in main.text
        assert "Tillagt: Hemligt" in main.text

    def test_and_that_it_is_to_end(self, client, plan, draft):
        main = story_of(take_part(client, plan), "massa")

        notice = main.one("div", class_="notice")
        assert notice.text.startswith("I arbetsmaterialet för 2017: Avslutad, och förs inte vidare.")
        assert "Ersatt av Hemlig efterföljare" in notice.text
        assert not main.all("a", href="/planer/var/aktiviteter/ny/")

    def test_what_nobody_has_gone_through_yet_isnt_gone(self, client, plan, draft):
        main = story_of(take_part(client, plan), "kurs")

        assert not main.all("div", class_="notice")


def test_as_many_statements_however_long_the_story_is(client, plan):
    make_draft(plan, year=2019)
    counts = []
    for year in (2015, 2016, 2017, 2018):
        revision = make_revision(plan, year=year)
        activity = activity_in(revision, responsible=[plan.owner])
        make_report(make_followup(revision, stage="published"), activity)
        for number in range(3):
            activity_in(revision, key=f"ny-{year}-{number}", predecessor="mote")
        with CaptureQueriesContext(connection) as statements:
            story_of(client)
        counts.append(len(statements))

    assert len(set(counts)) == 1
    assert counts[0] <= 15
