"""4M's plan is revised for 2017 as the document itself asks for, in real browsers, and adopted.

"Vuxenutbildningen och arbetsintroduktion behöver stärkas, vilket bör framgå i konkreta aktiviteter i
revideringen av handlingsplanen 2017." What was decided for 2016 is gone through, activities for integration
are added, and what the comparison, the PDF's appendix, the log and the activities' stories say agrees.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from actionplan.models import Activity, Ending, Revision
from publishing.models import Publication
from tests.plans import load_plans

pytestmark = pytest.mark.browser

PASSWORD = "en lång mening för demokonton"
PLAN = "/planer/4m/"
DRAFT = f"{PLAN}utkast/"
NEW = "Språkpraktik för nyanlända"
AGAIN = "Rekryteringsmässan för hela regionen"
WHO = "Enköping och Västerås (medverkar)"
FAIR = "rekryteringsmassan"
ENDED = "folkhogskolan"
WHY = "Folkhögskolan har startat kursen på egen hand."


@pytest.fixture
def editor(open_page: Callable[..., Page], live_server, settings, capsys) -> Page:
    """The editor's browser, on the real plan of which the adopted revision has been published."""
    settings.DEMO_PASSWORD = PASSWORD
    load_plans()
    call_command("demo_accounts")
    call_command("publish_missing")
    page = open_page()
    page.goto("/konto/logga-in/")
    page.get_by_label("E-post").fill("redaktor@4m.example")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()
    return page


def test_the_plan_is_revised_for_2017_adopted_and_told_alike_everywhere(editor, open_page):
    visitor = open_page()
    begin(editor)
    go_through(editor)
    set_targets(editor)
    add_integration(editor)
    nothing_is_told_yet(visitor)
    compare(editor)
    adopt(editor)
    read_what_is_adopted(visitor)
    read_the_story(visitor)
    read_the_log(editor)


def begin(page: Page) -> None:
    page.goto(PLAN)
    page.get_by_role("link", name="Revidera eller rätta planen").click()
    page.get_by_role("link", name="Börja på planen för 2017").click()
    page.get_by_role("button", name="Börja").click()
    expect(page.get_by_text("Arbetsmaterialet för 2017 är påbörjat.")).to_be_visible()


def go_through(page: Page) -> None:
    """One activity is replaced, one is ended, those that are done are left out, the others go on."""
    page.get_by_role("link", name="Gå igenom").click()
    row(page, FAIR).get_by_role("link", name="Annat").click()
    page.get_by_role("radio", name="Ersätts av en ny").check()
    page.get_by_label("Den nya", exact=True).fill(AGAIN)
    page.get_by_role("button", name="Spara beslutet").click()
    row(page, ENDED).get_by_role("link", name="Annat").click()
    page.get_by_role("radio", name="Avslutas").check()
    page.get_by_label("Varför avslutas den?").fill(WHY)
    page.get_by_role("button", name="Spara beslutet").click()
    page.get_by_role("button", name="Lämna ut de").click()
    page.get_by_role("button", name="återstående vidare").click()
    expect(page.locator(".says").first).to_contain_text("Inget är kvar.")
    assert Ending.objects.filter(key=ENDED, reason=WHY).exists()


def set_targets(page: Page) -> None:
    """The plan has decided NKI for 2017 already: nothing to set, and nothing is changed."""
    page.get_by_role("link", name="Målvärden", exact=True).click()
    expect(page.locator(".says").first).to_contain_text("Inget målvärde saknas för 2017.")


def add_integration(page: Page) -> None:
    page.goto(f"{DRAFT}utmaningar/yrkesutbildning/")
    page.get_by_role("link", name="Lägg till aktivitet").click()
    page.get_by_label("Aktivitet", exact=True).fill(NEW)
    page.get_by_label("Rubrik som den står under").fill("Integration")
    page.get_by_label("Förväntat resultat").fill("Femtio nyanlända har fått praktik.")
    page.get_by_label("Från år").fill("2017")
    page.get_by_label("Till år").fill("2018")
    page.get_by_role("group", name="Huvudansvarig").get_by_label("Enköpings kommun").check()
    page.get_by_role("group", name="Medverkar").get_by_label("Västerås stad").check()
    page.get_by_role("button", name="Lägg till aktivitet").click()
    expect(page.get_by_role("listitem").filter(has_text=NEW).first).to_be_visible()


def nothing_is_told_yet(visitor: Page) -> None:
    for address in (PLAN, f"{PLAN}aktiviteter/", f"{PLAN}jamfor/", f"{PLAN}revideringar/2016/"):
        visitor.goto(address)
        expect(visitor.locator("main")).not_to_contain_text(NEW)
        expect(visitor.locator("main")).not_to_contain_text(WHY)
    refused = visitor.request.get(f"{PLAN}revideringar/2017/")
    assert refused.status == 404


def compare(page: Page) -> None:
    page.goto(f"{PLAN}jamfor/?fran=2016&till=utkast")
    main = page.locator("main")
    for words in (NEW, AGAIN, WHY):
        expect(main).to_contain_text(words)


def adopt(page: Page) -> None:
    page.goto(DRAFT)
    page.get_by_role("link", name="Beslut").click()
    page.get_by_label("Beslutat av").first.fill("Kommunstyrelsernas ordförande")
    page.get_by_label("Beslutsdatum").first.fill("2016-12-15")
    page.get_by_role("button", name="Spara beslutet").click()
    expect(page.get_by_text("Beslutet är sparat.")).to_be_visible()
    page.get_by_role("link", name="Fastställ").click()
    page.get_by_role("button", name="Fastställ och publicera").click()
    expect(page.get_by_text("Planen för 2017 är fastställd och publicerad, utgåva 1.")).to_be_visible()
    assert Revision.objects.get(plan__slug="4m", year=2017).is_adopted


def read_what_is_adopted(visitor: Page) -> None:
    """Bold has moved on to the activities of 2017; the appendix of the PDF tells what the comparison does."""
    visitor.goto(f"{PLAN}revideringar/2017/")
    main = visitor.locator("main")
    for words in (NEW, AGAIN, WHO, "Kommunstyrelsernas ordförande"):
        expect(main).to_contain_text(words)
    visitor.goto(f"{PLAN}jamfor/?fran=2016&till=2017")
    said = visitor.locator(".says").first.inner_text()
    expect(main).to_contain_text(WHO)
    publication = Publication.objects.get(document="4m/revidering/2017")
    text = " ".join(
        " ".join(page.extract_text() for page in PdfReader(BytesIO(bytes(publication.pdf))).pages).split()
    )
    for words in (NEW, AGAIN, WHY, said):
        assert words in text
    assert text.count(WHO) == 2  # in the plan, and in its appendix
    this_year = Activity.objects.filter(revision__year=2017, revision__plan__slug="4m")
    assert {each.key for each in this_year if each.is_one_of(2017)} >= {
        "upphandlingsprocessen",
        "vidga-dusys",
    }


def read_the_story(visitor: Page) -> None:
    visitor.goto(f"{PLAN}aktiviteter/{FAIR}/")
    expect(visitor.locator("main")).to_contain_text(AGAIN)
    visitor.get_by_role("link", name=AGAIN).first.click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(AGAIN)
    visitor.goto(f"{PLAN}aktiviteter/sprakpraktik-for-nyanlanda/")
    expect(visitor.locator("main")).to_contain_text(WHO)
    visitor.goto(f"{PLAN}aktiviteter/{ENDED}/")
    expect(visitor.locator("main")).to_contain_text(WHY)


def read_the_log(page: Page) -> None:
    page.goto(f"{PLAN}andringar/")
    main = page.locator("main")
    for words in (NEW, "Fastställd", "Rut Hägg"):
        expect(main).to_contain_text(words)


def row(page: Page, key: str) -> Locator:
    """The activity's row in what is gone through."""
    return page.locator(f"#aktivitet-{key}")
