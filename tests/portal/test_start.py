"""The start page where there is little or nothing to show."""

import pytest

from tests.builders import make_coordinator, make_municipality, make_plan, make_revision
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


def test_the_page_about_the_portal_says_where_to_write(client, settings):
    settings.CONTACT_EMAIL = "portalen@kommunen.example"

    page = client.get("/om/").content.decode()

    assert '<a href="mailto:portalen@kommunen.example">' in page


def test_the_page_about_the_portal_says_nothing_of_an_address_that_nobody_has_set(client, settings):
    settings.CONTACT_EMAIL = ""

    assert "mailto:" not in client.get("/om/").content.decode()
