"""The admin site in a real browser: nothing in it is stopped by the content security policy."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from actionplan.models import Activity
from followup.models import FollowUp
from tests.builders import PASSWORD, make_administrator, make_challenge, make_draft, make_organisation
from tests.plans import load_plans

pytestmark = pytest.mark.browser


@pytest.fixture
def administrator(page: Page) -> Page:
    """A browser in which an administrator has logged in and come to the admin site."""
    load_plans()
    page.goto("/admin/")
    page.get_by_label("E-post").fill(make_administrator().email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    expect(page).to_have_title("Vad vill du sköta? | Handlingsplaner – administration")
    return page


def test_a_draft_gets_an_activity_with_someone_responsible(administrator: Page) -> None:
    draft = make_draft()
    make_challenge(draft, title="Kompetensförsörjning i norr")
    make_organisation("Nykraft AB")
    administrator.goto(f"{reverse('admin:actionplan_activity_add')}?revision={draft.pk}")

    administrator.locator(".field-challenge .select2-selection").click()
    administrator.locator(".select2-search__field").fill("norr")
    administrator.get_by_role("option", name="Kompetensförsörjning i norr").click()
    administrator.get_by_label("Aktivitet:").fill("Träffas oftare")
    administrator.get_by_text("Lägg till ytterligare Ansvarig").click()
    administrator.locator("#id_responsibilities-0-organisation").select_option("Nykraft AB")
    administrator.get_by_role("button", name="Spara", exact=True).click()

    expect(administrator.locator(".messagelist")).to_contain_text("Träffas oftare")
    assert [
        each.organisation.name for each in Activity.objects.get(revision=draft).responsibilities.all()
    ] == ["Nykraft AB"]


def test_days_and_partners_are_chosen_with_the_admins_own_tools(administrator: Page) -> None:
    followup = FollowUp.objects.get()
    administrator.goto(reverse("admin:followup_followup_change", args=[followup.pk]))
    administrator.locator(".field-due .date-icon").click()
    administrator.locator(".calendarbox:visible").get_by_text("17", exact=True).click()
    administrator.get_by_role("button", name="Spara", exact=True).click()
    administrator.goto(reverse("admin:actionplan_plan_change", args=[followup.plan.pk]))
    administrator.locator("#id_partners_from").select_option("Botkyrka kommun")
    administrator.locator("#id_partners_add").click()
    administrator.get_by_role("button", name="Spara", exact=True).click()
    expect(administrator.locator(".messagelist")).to_be_visible()

    followup.refresh_from_db()
    assert followup.due == date(2017, 1, 17)
    assert followup.plan.partners.filter(key="botkyrka").exists()
