"""The start page where there is little or nothing to show."""

from datetime import UTC, datetime

import pytest

from municipalities.models import Role
from tests.builders import (
    make_activity,
    make_challenge,
    make_coordinator,
    make_draft,
    make_followup,
    make_goal,
    make_municipality,
    make_plan,
    make_publication,
    make_revision,
    make_user,
)
from tests.pages import main_of

pytestmark = pytest.mark.django_db


def test_a_portal_without_plans_says_when_one_is_shown(client):
    make_plan()

    assert "Inga planer än En plan syns här när den är fastställd." in main_of(client.get("/")).text


def test_one_who_takes_part_in_a_plan_that_has_no_revision_yet_has_nothing_to_open(client):
    municipality = make_municipality()
    make_plan(title="Ännu ingenting", partners=[municipality])
    client.force_login(make_coordinator(municipality))

    assert "Ännu ingenting" not in main_of(client.get("/")).text


def test_plans_stand_in_swedish_order(client):
    for title in ("Ödeshög", "Ånge", "Älvsbyn", "Zinkgruvan", "arboga"):
        make_revision(make_plan(title=title))

    titles = [plan.text for plan in main_of(client.get("/")).one("ul", class_="plans").all("h3")]

    assert titles == ["arboga", "Zinkgruvan", "Ånge", "Älvsbyn", "Ödeshög"]


def test_a_plan_that_is_decided_but_empty_says_what_it_has(client):
    make_revision(make_plan(title="Tom plan", last_year=None))

    main = main_of(client.get("/"))

    assert "från 2015" in main.text
    assert "Noll utmaningar" in main.text


def test_what_was_published_last_is_listed_with_the_edition_that_holds(client):
    followup = make_followup(make_revision(make_plan(title="Planen", document_name="Handlingsplan")))
    hidden = make_draft(make_plan(title="Hemlig"))
    for document, month in [(followup.revision.document, 1), (followup.document, 3), (hidden.document, 4)]:
        make_publication(document, published_at=datetime(2017, month, 30, 23, tzinfo=UTC))
    make_publication(followup.document, published_at=datetime(2017, 4, 12, tzinfo=UTC))

    [documents] = main_of(client.get("/")).all("ul", class_="docs")

    assert [(each.all("a")[0]["href"], each.all("p")[0].text) for each in documents.all("li")] == [
        (f"/planer/{followup.plan.slug}/uppfoljning/2016/", "Planen · utgåva 2 · 12 april 2017"),
        (f"/planer/{followup.plan.slug}/revideringar/2016/", "Planen · utgåva 1 · 31 januari 2017"),
    ]
    assert [each.text for each in documents.all("h3")] == [
        "Uppföljning 2016",
        "Handlingsplan, revidering 2016",
    ]


def test_an_example_that_is_published_is_marked_as_one(client):
    followup = make_followup(is_example=True)
    make_publication(followup.document)

    [documents] = main_of(client.get("/")).all("ul", class_="docs")

    assert "Exempelinnehåll" in documents.text


def test_where_nothing_is_published_no_documents_are_listed(client):
    make_revision()

    assert "Senast publicerat" not in main_of(client.get("/")).text


def test_the_page_about_the_portal_says_where_to_write(client, settings):
    settings.CONTACT_EMAIL = "portalen@kommunen.example"

    page = client.get("/om/").content.decode()

    assert '<a href="mailto:portalen@kommunen.example">' in page


def test_the_page_about_the_portal_says_nothing_of_an_address_that_nobody_has_set(client, settings):
    settings.CONTACT_EMAIL = ""

    assert "mailto:" not in client.get("/om/").content.decode()


def test_one_who_has_something_to_do_is_told_so_first(client):
    municipality = make_municipality()
    followup = make_followup(make_revision(make_plan(title="Planen", partners=[municipality])))
    make_activity(make_challenge(followup.revision), responsible=[municipality])
    client.force_login(make_coordinator(municipality))

    first = main_of(client.get("/")).all("section")[0]

    assert first.one("h3").text == "Planen 2016"
    assert "En aktivitet kvar." in first.text
    assert first.one("a", class_="btn-main")["href"] == "/att-gora/"
    [task] = first.all("ul", class_="tasks")
    assert "/rapportera/" in task.one("a", class_="btn")["href"]


def test_one_who_has_nothing_to_do_is_told_so_and_a_reader_is_told_nothing(client):
    municipality = make_municipality()
    client.force_login(make_coordinator(municipality))

    assert "Inget väntar på dig just nu." in main_of(client.get("/")).text

    client.force_login(make_user(Role.READER, municipality))

    assert not main_of(client.get("/")).all("section", id="att-gora")


def test_a_plan_says_how_its_goals_stand(client):
    followup = make_followup(make_revision(make_plan(title="Planen")), stage="published")
    challenge = make_challenge(followup.revision)
    make_activity(challenge)
    for _each in range(2):
        make_goal(challenge)

    [plan] = main_of(client.get("/")).one("ul", class_="plans").all("li")[:1]

    assert plan.one("dl", class_="stand").all("dd")[0].text == "2 kan ej bedömas"
