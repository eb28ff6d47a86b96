"""The portal's main job in a real browser, on the real plan: from the start page to the year's PDF."""

import re
import subprocess
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from followup.models import StatusReport
from publishing.formats import long_date
from tests.plans import load_plans

pytestmark = pytest.mark.browser

PASSWORD = "en lång mening för demokonton"
ACTIVITY = (
    "Uppstartsmöte med nyckelpersoner, med syfte att hitta samarbetsformer för att kunna genomföra "
    "handlingsplanen"
)
FORM = "/planer/4m/uppfoljning/2016/rapportera/uppstartsmote/"
PUBLIC = [
    "/",
    "/om/",
    "/kakor/",
    "/planer/4m/",
    "/planer/4m/utmaningar/kommunal-service/",
    "/planer/4m/aktiviteter/",
    "/planer/4m/aktiviteter/?q=finns+inte&ar=1066",
    "/planer/4m/aktiviteter/vidga-dusys/",
    "/planer/4m/aktiviteter/innovationsmiljoerna/",
    "/planer/4m/indikatorer/nki/",
    "/planer/4m/revideringar/2016/",
    "/planer/botkyrka/",
    "/planer/botkyrka/utmaningar/samverkan/",
    "/planer/botkyrka/revideringar/2018/",
]
SIGNED_IN = [*PUBLIC, "/att-gora/", "/planer/4m/uppfoljning/2016/"]


@pytest.fixture(autouse=True)
def portal(live_server, settings, capsys) -> None:
    """The real plans, and the demo accounts with their password."""
    settings.DEMO_PASSWORD = PASSWORD
    load_plans()
    call_command("demo_accounts")


def log_in(page: Page, email: str) -> None:
    page.get_by_role("link", name="Logga in").click()
    page.get_by_label("E-post").fill(email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()


def text_of(pdf: bytes) -> str:
    """The document's words; where they were divided at the end of a line they are put together."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(re.sub(r"[-\u2010\u00ad]\n", "", done.stdout.decode()).split())


def test_the_whole_way_from_the_start_page_to_the_pdf_that_holds_what_was_reported(page):
    page.goto("/")
    page.get_by_role("link", name="Näringsliv & arbete 4M").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Näringsliv & arbete 4M")

    log_in(page, "samordnare@enkoping.example")
    expect(page.get_by_role("heading", level=1)).to_have_text("Näringsliv & arbete 4M")
    page.get_by_role("link", name="Att göra").click()
    expect(page.get_by_text("En aktivitet och en text om en utmaning kvar.")).to_be_visible()
    page.wait_for_load_state()  # until its scripts have run, the link leads to a page of its own
    page.get_by_role("link", name=f"Rapportera {ACTIVITY}").click()

    page.get_by_role("radio", name="Genomförd").check()
    page.get_by_label("Vad har gjorts?").fill("Mötet hölls i Enköpings stadshus med tjugofyra deltagare.")
    page.get_by_label("Vad gav det?").fill("En gemensam lista med åtta samarbetsformer.")
    page.get_by_role("button", name="Spara läget").click()

    expect(page.get_by_text("En text om en utmaning kvar.")).to_be_visible()
    page.get_by_role("link", name=ACTIVITY, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ACTIVITY)
    said = page.locator(".said")
    expect(said).to_contain_text("Genomförd")
    expect(said).to_contain_text("Mötet hölls i Enköpings stadshus med tjugofyra deltagare.")
    expect(said).to_contain_text(f"Eva Ek, för Enköping · {long_date(timezone.localdate())}")

    page.get_by_role("navigation", name="Du är här").get_by_role(
        "link", name="Näringsliv & arbete 4M"
    ).click()
    page.locator(".docs").get_by_role("link", name="Uppföljning 2016", exact=True).click()
    expect(page.get_by_text("Tre av 18 aktiviteter")).to_be_visible()
    link = page.get_by_role("link", name="Hämta som PDF")
    link.evaluate("link => link.download = ''")  # as "save the link as" in the browser's menu does
    with page.expect_download() as download:
        link.click()

    assert download.value.suggested_filename == "uppfoljning-4m-2016.pdf"
    text = text_of(download.value.path().read_bytes())
    assert "Mötet hölls i Enköpings stadshus med tjugofyra deltagare." in text
    assert "En gemensam lista med åtta samarbetsformer." in text
    assert "Arbetsmaterial" in text


class Clicks:
    """Someone who clicks what they see, and counts."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, what: Locator) -> None:
        what.click()
        self.count += 1


def test_few_clicks_from_the_start_page_lead_to_a_figure_against_its_target_and_to_a_report(page):
    click = Clicks()
    page.goto("/")
    click(page.get_by_role("link", name="Näringsliv & arbete 4M"))
    click(page.locator(".goal").get_by_role("link", name="NKI").first)
    expect(page.locator("main")).to_contain_text("70,3 år 2016. Målet är minst 75")
    assert click.count <= 3

    click = Clicks()
    page.goto("/")
    click(page.get_by_role("link", name="Logga in"))
    page.get_by_label("E-post").fill("samordnare@enkoping.example")
    page.get_by_label("Lösenord").fill(PASSWORD)
    click(page.get_by_role("button", name="Logga in"))
    a_code = 1  # for one who has a second step, and sends its code with a button
    click(page.get_by_role("link", name=f"Rapportera {ACTIVITY}"))
    click(page.get_by_role("radio", name="Pågår"))
    page.get_by_label("Vad har gjorts?").fill("Mötet är bokat.")
    click(page.get_by_role("button", name="Spara läget"))
    expect(page.locator(".said")).to_contain_text("Mötet är bokat.")
    assert click.count + a_code <= 6


def test_reporting_works_without_javascript_and_with_the_keyboard_alone(open_page):
    page = open_page(java_script_enabled=False)
    page.goto(FORM)
    page.get_by_label("E-post").fill("samordnare@enkoping.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(ACTIVITY)

    page.get_by_label("Pågår").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Mötet är bokat.")
    page.get_by_role("button", name="Spara läget").focus()
    page.keyboard.press("Enter")

    expect(page.locator(".said")).to_contain_text("Mötet är bokat.")
    report = StatusReport.objects.get(activity__key="uppstartsmote")
    assert (report.status, report.comment) == ("ongoing", "Mötet är bokat.")


def test_a_keyboard_reaches_the_content_with_the_first_link(page):
    page.goto("/planer/4m/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Till innehållet")).to_be_focused()
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "innehall"


def wider_than_the_window(page: Page, addresses: list[str]) -> dict[str, int]:
    """The pages that scroll sideways, and how wide they are."""
    widths = {}
    for address in addresses:
        page.goto(address)
        widths[address] = page.evaluate("document.documentElement.scrollWidth")
    window = page.evaluate("window.innerWidth")
    return {address: width for address, width in widths.items() if width > window}


def test_no_page_scrolls_sideways_in_a_narrow_window(open_page):
    page = open_page(viewport={"width": 320, "height": 640})
    page.goto("/")
    log_in(page, "samordnare@enkoping.example")

    assert wider_than_the_window(page, [*SIGNED_IN, FORM]) == {}


def test_no_page_scrolls_sideways_for_a_visitor_in_a_narrow_window(open_page):
    page = open_page(viewport={"width": 320, "height": 640})

    assert wider_than_the_window(page, [*PUBLIC, "/konto/logga-in/"]) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_visitors_browser_complains_of_nothing(open_page, scheme):
    visit(open_page(color_scheme=scheme), PUBLIC)


@pytest.mark.parametrize(
    ("email", "addresses"),
    [
        ("samordnare@enkoping.example", [*SIGNED_IN, FORM]),
        ("redaktor@4m.example", SIGNED_IN),
    ],
)
def test_no_signed_in_persons_browser_complains_of_anything(page, email, addresses):
    """On the real plan; test_policy.py goes to every page as everyone."""
    page.goto("/")
    log_in(page, email)

    visit(page, addresses)


def visit(page: Page, addresses: list[str]) -> None:
    """Goes to every page; the browser's own complaints fail the test when it ends."""
    for address in addresses:
        answer = page.goto(address)
        assert answer
        assert answer.status == 200


def test_the_page_is_set_in_the_portals_own_typeface(page):
    page.goto("/planer/4m/")

    loaded = page.evaluate(
        "document.fonts.ready.then(all => [...all].filter(it => it.status == 'loaded').map(it => it.family))"
    )

    assert loaded
    assert loaded[0] in page.evaluate("getComputedStyle(document.body).fontFamily")


def open_two(open_page: Callable[..., Page]) -> list[Page]:
    pages = [open_page(), open_page()]
    for page, email in zip(
        pages, ["samordnare@eskilstuna.example", "samordnare@vasteras.example"], strict=True
    ):
        page.goto("/")
        log_in(page, email)
    return pages


def test_two_who_report_at_once_both_get_through(open_page):
    address = "/planer/4m/uppfoljning/2016/rapportera/rekryteringsmassan/"
    erik, vera = open_two(open_page)
    erik.goto(address)
    vera.goto(address)
    for page, comment in [(erik, "Eriks ord."), (vera, "Veras ord.")]:
        page.get_by_label("Pågår").check()
        page.get_by_label("Vad har gjorts?").fill(comment)

    erik.get_by_role("button", name="Spara läget").click()
    expect(erik.locator(".said")).to_contain_text("Eriks ord.")
    vera.get_by_role("button", name="Spara läget").click()

    expect(vera.get_by_text("Erik Alm (DUsys) sparade ett läge")).to_be_visible()
    both = vera.get_by_role("group", name="Vad har gjorts?")
    expect(both).to_contain_text("Eriks ord.")
    expect(both).to_contain_text("Veras ord.")
    both.get_by_label("Det jag skrev").check()
    vera.get_by_role("button", name="Spara sammanslaget").click()
    expect(vera.locator(".said").first).to_contain_text("Veras ord.")
    expect(vera.get_by_text("Tidigare lägen 2016 (1)")).to_be_visible()


def test_a_word_is_explained_where_it_stands_by_key_and_by_touch(open_page):
    page = open_page(has_touch=True)
    page.goto("/planer/4m/utmaningar/kommunal-service/")
    word = page.locator("button.term").first
    meaning = page.locator(f"#{word.get_attribute('popovertarget')}")

    word.focus()
    assert word.evaluate("each => getComputedStyle(each).outlineStyle") != "none"
    expect(meaning).to_be_hidden()
    word.press("Enter")
    expect(meaning).to_be_visible()
    expect(meaning).to_contain_text(re.compile(word.inner_text(), re.IGNORECASE))
    word.press("Escape")
    expect(meaning).to_be_hidden()
    word.tap()
    expect(meaning).to_be_visible()
