"""Which of the drafts kept in the browser have been saved, as the server tells it on the next page."""

import pytest
from django.test import Client

from tests.pages import Element, read
from tests.plans import person

pytestmark = pytest.mark.usefixtures("plans")

FORM = "/planer/4m/uppfoljning/2016/rapportera/uppstartsmote/"
SAID = {"status": "ongoing", "comment": "Mötet är bokat.", "seen": 0, "draft": "k3f9a"}


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(person("samordnare@enkoping"))
    return client


def script(answer) -> Element:
    [found] = [each for each in read(answer).all("script") if "drafts" in each["src"]]
    return found


def test_the_page_after_a_saving_tells_its_number_once(client):
    after = client.post(FORM, SAID, follow=True)

    assert script(after)["data-saved"] == "k3f9a"
    assert script(client.get("/att-gora/"))["data-saved"] == ""


def test_what_was_not_saved_is_not_told_to_be(client):
    refused = client.post(FORM, {**SAID, "status": "completed"})

    assert refused.status_code == 422
    assert script(refused)["data-saved"] == ""
    assert script(client.get("/att-gora/"))["data-saved"] == ""


def test_one_who_is_refused_and_led_on_has_saved_nothing(client):
    client.force_login(person("redaktor@4m"))

    refused = client.post(
        "/planer/4m/uppfoljning/2016/arbetsyta/rapporterar/", {"take_back": "a b", "draft": "k3f9a"}
    )

    assert refused.status_code == 302
    assert script(client.get("/att-gora/"))["data-saved"] == ""


def test_a_row_tells_it_by_itself(client):
    row = client.post(FORM, SAID, headers={"HX-Request": "true"})
    refused = client.post(FORM, {**SAID, "status": "completed"}, headers={"HX-Request": "true"})

    assert (row.status_code, row["Draft-Saved"]) == (200, "k3f9a")
    assert (refused.status_code, "Draft-Saved" in refused) == (422, False)
    assert script(client.get("/att-gora/"))["data-saved"] == ""


def test_one_who_is_led_to_a_second_step_has_saved_nothing(client, settings):
    settings.REQUIRE_MFA = True

    answer = client.post(FORM, {"status": "ongoing", "seen": 0, "draft": "k3f9a"})

    assert answer.status_code == 302
    assert script(client.get("/konto/"))["data-saved"] == ""


@pytest.mark.parametrize("number", ["", "ABC", "a b", "<b>", "a" * 13, "å", "a\n"])
def test_a_number_that_is_none_is_not_told(client, number):
    client.post(FORM, {**SAID, "draft": number})

    assert script(client.get("/att-gora/"))["data-saved"] == ""


def test_a_page_tells_whose_drafts_are_meant_and_a_visitors_keeps_none(client):
    eva = person("samordnare@enkoping")

    assert script(client.get("/att-gora/"))["data-person"] == str(eva.pk)
    assert not [each for each in read(Client().get("/")).all("script") if "drafts" in each["src"]]


def test_no_more_numbers_are_kept_than_a_page_may_have_forms(client):
    for number in range(25):
        client.post(FORM, {**SAID, "seen": number, "comment": str(number), "draft": f"n{number}"})

    told = script(client.get("/att-gora/"))["data-saved"].split()

    assert told == [f"n{number}" for number in range(5, 25)]
