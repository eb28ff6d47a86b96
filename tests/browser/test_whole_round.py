"""A year's whole round in real browsers: seven people lead, report, review, publish and correct it.

All that the story does goes through the pages and is done with keys alone: one goes by Tab, sees where one
is, and is where one expects after each change. The PDFs are the portal's own, and any complaint in a
browser's console fails the test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO

import pytest
from django.core import mail
from django.db import connection
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from followup.models import Outcome, StatusReport
from municipalities.models import Municipality, Role, User
from publishing.models import Publication
from tests import keys
from tests.accessibility import violations
from tests.builders import (
    PASSWORD,
    make_activity,
    make_administrator,
    make_challenge,
    make_coordinator,
    make_edition,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_organisation,
    make_outcome,
    make_plan,
    make_report,
    make_revision,
    make_target,
    make_user,
)

pytestmark = pytest.mark.browser

PLAN = "/planer/gemensam/"
YEAR = f"{PLAN}uppfoljning/2016/"
DESK = f"{YEAR}arbetsyta/"
FIRST = f"{YEAR}utgava/1/"
GOAL = "Nöjd kund-index ska vara minst 75"
VISION = "Unga ska känna till vilka yrken som behövs"
GAP = "3 av 4 kommuner – Strängnäs saknas"


@pytest.fixture
def swept(transactional_db) -> Iterator[None]:
    """Takes away what was published when the test is over; SQLite's own refusal is lifted for just that."""
    yield
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        refusal = "publishing_publication_DELETE_never"
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = %s", [refusal])
        [as_it_was] = cursor.fetchone()
        cursor.execute(f"DROP TRIGGER {refusal}")
        cursor.execute("DELETE FROM publishing_publication")
        cursor.execute(as_it_was)


@pytest.fixture
def people(live_server, swept) -> dict[str, User]:
    """A plan of four municipalities with a year behind it, and seven people by first name."""
    network = make_organisation("Nätverket")
    towns = [make_municipality(name) for name in ("Enköping", "Eskilstuna", "Strängnäs", "Västerås")]
    plan = make_plan(slug="gemensam", title="Näringsliv ihop", owner=network, partners=towns)
    nki = make_indicator(slug="nki", name="Nöjd kund-index", short_name="NKI")
    make_last_year(plan, towns, nki)
    make_this_years_plan(plan, towns, nki)
    coordinators = zip(("Eva Ek", "Erik Alm", "Sara Lind", "Vera Björk"), towns, strict=True)
    everyone = [
        make_user(Role.EDITOR, network, name="Rut Hägg"),
        *(make_coordinator(town, name=name) for name, town in coordinators),
        make_user(Role.READER, network, name="Lars Rönn"),
        make_administrator(name="Asta Lönn"),
    ]
    return {person.name.split()[0]: person for person in everyone}


def make_last_year(plan, towns: list[Municipality], nki) -> None:
    """2015, published, with something said of the pilot, and a mean of 74,0."""
    last = make_followup(make_revision(plan, year=2015))
    pilot = make_activity(make_challenge(last.revision), key="lots", title="Lots", responsible=towns[:1])
    make_report(last, pilot, status="delayed", comment="Två sökande.", reason="Valet.", action="Ny annons.")
    for town, value in zip(towns, (73, 74, 74, 75), strict=True):
        make_outcome(nki, town, year=2015, value=value)
    make_edition(last)


def make_this_years_plan(plan, towns: list[Municipality], nki) -> None:
    """The revision for 2016: two challenges, a goal with a number and one without, and six activities."""
    enkoping, eskilstuna, strangnas, vasteras = towns
    revision = make_revision(plan, year=2016)
    service = make_challenge(revision, key="service", title="Service", followup_owner=enkoping)
    make_target(make_goal(service, text=GOAL), indicator=nki, value=75)
    make_activity(service, key="massa", title="Mässa", responsible=[enkoping, eskilstuna])
    make_activity(service, key="lots", title="Lots", responsible=[enkoping])
    make_activity(service, key="handbok", title="Handbok")
    skills = make_challenge(revision, key="kompetens", title="Kompetens", followup_owner=vasteras)
    make_goal(skills, text=VISION)
    make_activity(skills, key="praktik", title="Praktik", responsible=[vasteras])
    make_activity(skills, key="studiebesok", title="Studiebesök", responsible=[eskilstuna])
    make_activity(skills, key="larlingar", title="Lärlingar", responsible=[strangnas])


@dataclass
class Round:
    """Everyone's browser: the editor's, the coordinators' of the four, the reader's and the administrator's.

    `visitor` has no account.
    """

    rut: Page
    eva: Page
    erik: Page
    sara: Page
    vera: Page
    lars: Page
    asta: Page
    visitor: Page


@pytest.fixture
def all_of_them(open_page: Callable[..., Page], people: dict[str, User]) -> Round:
    pages = {name.lower(): open_page() for name in people}
    for name, person in people.items():
        log_in(pages[name.lower()], person)
    return Round(**pages, visitor=open_page())


def test_the_whole_round_from_opening_to_a_published_report_and_its_correction(all_of_them):
    begin_and_open(all_of_them)
    report(all_of_them)
    enter_outcomes(all_of_them)
    review(all_of_them)
    close_and_publish(all_of_them)
    read_what_is_published(all_of_them)
    rename(all_of_them)
    correct(all_of_them)
    read_both_editions(all_of_them)


# The story


def begin_and_open(them: Round) -> None:
    """The editor begins the year from the plan's page, finds who reports what nobody can, and opens it."""
    rut = them.rut
    for page in (them.eva, them.lars, them.visitor):
        page.goto(PLAN)
        expect(page.get_by_role("link", name="Börja en uppföljning")).to_have_count(0)
    assert status(them.eva, f"{PLAN}uppfoljning/ny/") == 403
    rut.goto(PLAN)
    keys.press(rut.get_by_role("link", name="Börja en uppföljning"))
    expect(rut.get_by_label("År att följa upp")).to_have_value("2016")
    keys.write_date(rut.get_by_label("Öppnar"), "2016-12-01")
    keys.write_date(rut.get_by_label("Lämnas senast"), "2099-01-31")
    keys.press(rut.get_by_role("button", name="Planera uppföljningen"))
    expect(rut.get_by_role("heading", level=1)).to_have_text("Arbetsyta 2016")
    expect(rut.get_by_role("status")).to_have_text("Uppföljningen 2016 är planerad.")

    them.eva.goto("/att-gora/")
    expect(them.eva.get_by_text("Du har inget att göra just nu.")).to_be_visible()
    assert status(them.visitor, YEAR) == 404
    assert mail.outbox == []

    keys.choose(rut.get_by_label("Handbok"))
    keys.choose_option(rut.get_by_label("Rapporteras av"), "Strängnäs")
    keys.press(rut.get_by_role("button", name="Låt dem rapportera"))
    expect(rut.get_by_text("Strängnäs rapporterar nu 1 aktivitet till.")).to_be_visible()
    keys.press(rut.get_by_role("link", name="Öppna för rapportering"))
    keys.press(rut.get_by_role("button", name="Öppna för rapportering"))
    expect(rut.get_by_text("Uppföljningen är öppen för rapportering.")).to_be_visible()
    expect(rut.locator(".says")).to_contain_text("0 av 6 aktiviteter är rapporterade.")
    assert letters("att göra senast 31 januari") == ["Erik", "Eva", "Sara", "Vera"]
    assert status(them.visitor, YEAR) == 404
    assert status(them.lars, YEAR) == 200
    assert status(them.lars, DESK) == 403


def report(them: Round) -> None:
    """The coordinators report in the rows of Att göra; two of them the same activity at once."""
    eva, erik, sara, vera = them.eva, them.erik, them.sara, them.vera
    to_do(eva, "Två aktiviteter, ett utfall och en text om en utmaning kvar.")
    to_do(erik, "Två aktiviteter och ett utfall kvar.")
    to_do(sara, "Två aktiviteter och ett utfall kvar.")
    to_do(vera, "En aktivitet, ett utfall och en text om en utmaning kvar.")
    to_do(them.lars, "Ditt konto rapporterar inte för någon organisation.")
    assert status(sara, f"{YEAR}rapportera/praktik/") == 403

    lot = open_row(eva, "Lots")
    assert violations(eva, "light") == []
    expect(lot.get_by_role("complementary")).to_contain_text("Två sökande.")
    keys.press(lot.get_by_role("link", name="Samma som sist"))
    expect(lot.get_by_role("radio", name="Försenad")).to_be_checked()
    expect(lot.get_by_label("Varför är den")).to_have_value("Valet.")
    write(lot, "Fyra sökande.")
    save(eva, "Lots", "Försenad")

    say(sara, "Handbok", "Genomförd", "Handboken är tryckt.", result="Tusen exemplar.")
    say(vera, "Praktik", "Avbruten", "Ingen praktik i år.", reason="Skolan lade ned.", action="Ny skola.")
    say(erik, "Studiebesök", "Pågår", "Tre besök av fem.")

    open_row(eva, "Mässa")
    say(erik, "Mässa", "Pågår", "Eskilstuna bokade hallen.")
    write(row(eva, "Mässa"), "Enköping bjöd in företagen.", status="Pågår")
    keys.press(row(eva, "Mässa").get_by_role("button", name="Spara läget"))
    merging = row(eva, "Mässa")
    expect(merging.get_by_role("alert")).to_be_focused()
    assert violations(eva, "320 px") == []
    expect(merging.get_by_role("alert")).to_contain_text("Erik Alm (Eskilstuna) sparade ett läge")
    keys.choose(merging.get_by_role("group", name="Vad har gjorts?").get_by_label("Båda texterna"))
    keys.press(merging.get_by_role("button", name="Spara sammanslaget"))
    expect(row(eva, "Mässa").get_by_role("link", name="Ändra Mässa")).to_be_visible()
    expect(row(eva, "Mässa")).to_contain_text("Eskilstuna bokade hallen.")
    expect(row(eva, "Mässa")).to_contain_text("Enköping bjöd in företagen.")
    said = StatusReport.objects.filter(followup__year=2016, activity__key="massa").order_by("number")
    assert [(each.number, each.author.name) for each in said] == [(1, "Erik Alm"), (2, "Eva Ek")]


def enter_outcomes(them: Round) -> None:
    """Three municipalities have a value, with comma or point; the fourth says why it has none."""
    enter(them.eva, "Enköping", value="74,5")
    expect(them.eva.locator("main")).to_contain_text("1 av 4 kommuner")
    enter(them.erik, "Eskilstuna", value="76.0")
    enter(them.vera, "Västerås", value="75,5")
    enter(them.sara, "Strängnäs", why_not="För få svar")
    expect(them.sara.locator("main")).to_contain_text(GAP)
    assert status(them.eva, f"{YEAR}utfall/nki/{key_of('Strängnäs')}/") == 403
    to_do(them.erik, "Allt som är ditt är klart. Tack!")
    assert Outcome.objects.filter(year=2016).count() == 4


def review(them: Round) -> None:
    """The follow-up owners write and send in; the editor returns the one with a note, and it is mended."""
    rut, eva, vera = them.rut, them.eva, them.vera
    to_do(eva, "En text om en utmaning kvar.")
    keys.press(eva.get_by_role("link", name="Skriv Service"))
    keys.write(eva.get_by_label("Hur går det med syftet?"), "Företagen får svar fortare.")
    keys.press(eva.get_by_role("button", name="Spara utkast"))
    expect(eva.get_by_role("status")).to_have_text("Utkastet är sparat.")
    keys.press(eva.get_by_role("button", name="Skicka in"))
    expect(eva.get_by_role("status")).to_have_text("Texten är inskickad.")
    expect(eva.get_by_role("button", name="Godkänn")).to_have_count(0)

    to_do(vera, "En text om en utmaning kvar.")
    keys.press(vera.get_by_role("link", name="Skriv Kompetens"))
    keys.write(vera.get_by_label("Hur går det med syftet?"), "Fler unga söker till yrkena.")
    keys.write(vera.get_by_label("Vilka avvikelser finns"), "Praktiken blev inte av.")
    vision = vera.locator(".goal").filter(has_text=VISION)
    keys.choose(vision.get_by_label("Delvis uppnått"))
    keys.write(vision.get_by_label("Varför bedömer ni"), "Hälften av skolorna är med.")
    keys.press(vera.get_by_role("button", name="Skicka in"))
    expect(vera.get_by_role("alert")).to_contain_text("Skriv vad ni gör för att nå målet")
    expect(vera.get_by_role("alert")).to_be_focused()
    assert violations(vera, "dark") == []
    keys.write(vision.get_by_label("Vad gör ni för att nå målet?"), "Vi besöker de andra skolorna.")
    keys.press(vera.get_by_role("button", name="Skicka in"))
    expect(vera.get_by_role("status")).to_have_text("Texten är inskickad.")

    mended, gaps = checklist(rut)
    assert mended == [
        "Service: texten är inskickad och väntar på en redaktörs svar.",
        "Kompetens: texten är inskickad och väntar på en redaktörs svar.",
    ]
    assert gaps == [
        "Strängnäs: NKI 2016 saknas (för få svar)",
        "1 aktivitet ej rapporterad",
        "Ansvarig saknas: 1",
        f"Service: målet ”{GOAL}” har ingen godkänd bedömning",
        f"Kompetens: målet ”{VISION}” har ingen godkänd bedömning",
    ]
    to_do(rut, "Två inskickade texter väntar på ditt svar.")
    keys.press(rut.get_by_role("link", name="Läs och svara Kompetens"))
    keys.press(rut.get_by_role("button", name="Godkänn"))
    expect(rut.get_by_role("status")).to_have_text("Texten är godkänd.")
    to_do(rut, "En inskickad text väntar på ditt svar.")
    keys.press(rut.get_by_role("link", name="Läs och svara Service"))
    keys.write(rut.get_by_label("Vad behöver ändras?"), "Skriv om lotsen, som är försenad.")
    keys.press(rut.get_by_role("button", name="Returnera"))
    expect(rut.get_by_role("status")).to_have_text("Texten är returnerad.")
    assert letters("en text att ändra") == ["Eva"]
    assert "Skriv om lotsen" in mail.outbox[-1].body


def close_and_publish(them: Round) -> None:
    """A text on its way stands in the way; mended and approved, the year is published with its gaps."""
    rut, eva = them.rut, them.eva
    rut.goto(DESK)
    keys.press(rut.get_by_role("button", name="Stäng för rapportering"))
    expect(rut.get_by_text("Uppföljningen är stängd för rapportering.")).to_be_visible()
    assert status(them.sara, f"{YEAR}rapportera/larlingar/") == 403
    keys.press(rut.get_by_role("link", name="Publicera", exact=True))
    expect(rut.get_by_role("heading", level=1)).to_have_text("Uppföljningen 2016 kan inte publiceras än")
    expect(rut.get_by_role("button", name="Publicera")).to_have_count(0)

    to_do(eva, "En text om en utmaning kvar.")
    expect(eva.get_by_text("Skriv om lotsen, som är försenad.")).to_be_visible()
    keys.press(eva.get_by_role("link", name="Rätta Service"))
    expect(eva.get_by_label("Hur går det med syftet?")).to_have_value("Företagen får svar fortare.")
    keys.write(eva.get_by_label("Vilka avvikelser finns"), "Lotsen är försenad men har fyra sökande.")
    keys.press(eva.get_by_role("button", name="Skicka in"))
    expect(eva.get_by_role("status")).to_have_text("Texten är inskickad.")
    rut.goto(DESK)
    keys.press(rut.get_by_role("link", name="Service: texten är inskickad"))
    keys.press(rut.get_by_role("button", name="Godkänn"))
    expect(rut.get_by_role("status")).to_have_text("Texten är godkänd.")

    mended, gaps = checklist(rut)
    assert mended == []
    assert len(gaps) == 4
    expect(rut.locator(".says")).to_contain_text("5 av 6 aktiviteter är rapporterade.")
    expect(rut.locator(".says")).to_contain_text("Inget hindrar att året publiceras, men det har luckor.")
    keys.press(rut.get_by_role("link", name="Publicera", exact=True))
    keys.press(rut.get_by_role("button", name="Publicera"))
    expect(rut.locator(".messages")).to_have_text("Uppföljningen 2016 är publicerad, utgåva 1.")
    expect(rut.get_by_role("link", name="Publicera")).to_have_count(0)
    assert letters("är publicerad") == ["Erik", "Eva", "Lars", "Rut", "Sara", "Vera"]


def read_what_is_published(them: Round) -> None:
    """One without an account finds the year and its PDF from the start page; the reader sees the same."""
    visitor, lars = them.visitor, them.lars
    visitor.goto("/")
    keys.press(visitor.get_by_role("link", name="Näringsliv ihop", exact=True).first)
    keys.press(visitor.locator("#uppfoljningar").get_by_role("link", name="Uppföljning 2016"))
    expect(visitor.locator(".kind")).to_contain_text("utgåva 1")
    of_nki = visitor.get_by_role("row").filter(has_text=GOAL)
    expect(of_nki).to_contain_text("Kan ej bedömas")
    expect(of_nki).to_contain_text("Strängnäs saknas")
    expect(visitor.get_by_role("row").filter(has_text=VISION)).to_contain_text("Delvis uppnått")
    main = visitor.locator("main")
    for words in ("Fyra sökande.", "Lotsen är försenad men", "Ny skola.", "Tusen exemplar.", GAP):
        expect(main).to_contain_text(words)
    expect(visitor.get_by_role("row").filter(has_text="Lärlingar")).to_contain_text("Ej rapporterad")
    expect(main).not_to_contain_text("Eva Ek")
    expect(main).not_to_contain_text("Rut Hägg")

    text = text_of(download(visitor))
    for words in (GOAL, "Kan ej bedömas", GAP, "Delvis uppnått", "Ej rapporterad", "Fyra sökande."):
        assert words in text
    assert "Rut Hägg" not in text

    lars.goto(YEAR)
    assert goals(lars) == goals(visitor)
    expect(lars.get_by_text("Publicerad av Rut Hägg.")).to_be_visible()
    expect(lars.get_by_role("link", name="Till arbetsytan")).to_have_count(0)
    assert status(them.vera, f"{YEAR}rapportera/praktik/") == 403
    to_do(them.sara, "Du har inget att göra just nu.")


def rename(them: Round) -> None:
    """The administrator renames a municipality, and neither the page nor the PDF changes."""
    asta, visitor = them.asta, them.visitor
    visitor.goto(YEAR)
    before = visitor.locator("main").inner_text()
    pdf = visitor.request.get(f"{FIRST[:-1]}.pdf").body()
    asta.goto("/admin/municipalities/organisation/")
    keys.press(asta.get_by_role("link", name="Strängnäs"))
    keys.write(asta.get_by_label("Namn:", exact=True), "Mälarstad")
    keys.write(asta.get_by_label("Kort namn:"), "Mälarstad")
    keys.press(asta.get_by_role("button", name="Spara", exact=True))
    expect(asta.locator(".messagelist")).to_contain_text("Mälarstad")

    visitor.goto(PLAN)
    expect(visitor.locator("main")).to_contain_text("Mälarstad")
    visitor.goto(YEAR)
    assert visitor.locator("main").inner_text() == before
    assert visitor.request.get(f"{FIRST[:-1]}.pdf").body() == pdf


def correct(them: Round) -> None:
    """The editor opens the year again with a reason; a value that came late and a report are corrected."""
    rut, sara, visitor = them.rut, them.sara, them.visitor
    rut.goto(YEAR)
    keys.press(rut.get_by_role("link", name="Till arbetsytan"))
    keys.press(rut.get_by_role("link", name="Öppna för rättelse"))
    keys.press(rut.get_by_role("button", name="Öppna för rättelse"))
    expect(rut.get_by_role("alert")).to_contain_text("Skriv varför uppföljningen öppnas för rättelse.")
    keys.write(rut.get_by_label("Varför öppnas den"), "Mälarstads värde kom sent.")
    keys.press(rut.get_by_role("button", name="Öppna för rättelse"))
    expect(rut.locator(".kind")).to_contain_text("öppnad för rättelse")
    keys.press(rut.get_by_role("button", name="Öppna för rapportering igen"))
    expect(rut.get_by_text("Uppföljningen är öppen för rapportering.")).to_be_visible()

    assert len(letters("att göra")) == 4  # nobody is told twice that the year is open
    them.lars.goto(YEAR)
    expect(them.lars.locator("main")).to_contain_text("Utgåva 1 är den som alla läser.")

    say(sara, "Lärlingar", "Pågår", "Sju lärlingar började.", found="En aktivitet kvar.")
    enter(sara, "Mälarstad", value="78", link="Ändra")
    expect(sara.locator(".earlier")).to_contain_text("För få svar")
    expect(sara.locator("main")).to_contain_text("Uppföljningen 2016 är publicerad och ändras inte av det du")
    visitor.goto(YEAR)
    expect(visitor.locator(".kind")).to_contain_text("utgåva 1")
    expect(visitor.get_by_role("row").filter(has_text=GOAL)).to_contain_text("Kan ej bedömas")
    expect(visitor.get_by_role("row").filter(has_text=GOAL)).to_contain_text("Ett nyare värde finns")
    expect(visitor.locator("main")).not_to_contain_text("Sju lärlingar")

    rut.goto(DESK)
    keys.press(rut.get_by_role("button", name="Stäng för rapportering"))
    expect(rut.get_by_text("Uppföljningen är stängd för rapportering.")).to_be_visible()
    assert checklist(rut) == ([], ["Ansvarig saknas: 1"])
    keys.press(rut.get_by_role("link", name="Publicera rättelsen"))
    expect(rut.get_by_label("Vad är rättat?")).to_have_value("Mälarstads värde kom sent.")
    keys.write(
        rut.get_by_label("Vad är rättat?"), "Mälarstads värde för NKI finns nu, och lärlingarna är med."
    )
    keys.press(rut.get_by_role("button", name="Publicera"))
    expect(rut.locator(".messages")).to_have_text("Uppföljningen 2016 är publicerad, utgåva 2.")
    assert letters("är rättad") == ["Erik", "Eva", "Lars", "Rut", "Sara", "Vera"]


def read_both_editions(them: Round) -> None:
    """The public page is the second edition; the first stays where it is, and says that it is corrected."""
    visitor = them.visitor
    visitor.goto(YEAR)
    main = visitor.locator("main")
    expect(visitor.locator(".kind")).to_contain_text("utgåva 2")
    expect(main).to_contain_text("Rättat: Mälarstads värde för NKI finns nu, och lärlingarna är med.")
    expect(visitor.get_by_role("row").filter(has_text=GOAL)).to_contain_text("76,0 mot 75")
    expect(visitor.get_by_role("row").filter(has_text=GOAL)).to_contain_text("Uppnått")
    expect(main).to_contain_text("4 av 4 kommuner")
    expect(main).to_contain_text("Sju lärlingar började.")
    expect(main).not_to_contain_text("Ett nyare värde finns")
    expect(main).not_to_contain_text("Strängnäs")
    text = text_of(download(visitor))
    assert "4 av 4 kommuner" in text
    assert "lärlingarna är med" in text
    assert "Kan ej bedömas" not in text

    keys.press(visitor.get_by_role("link", name="Utgåva 1", exact=True))
    visitor.wait_for_url(f"**{FIRST}")
    expect(main).to_contain_text("Utgåva 1 är rättad och gäller inte längre.")
    expect(visitor.get_by_role("row").filter(has_text=GOAL)).to_contain_text("Kan ej bedömas")
    expect(main).to_contain_text(GAP)
    expect(main).not_to_contain_text("Sju lärlingar")
    assert GAP in text_of(download(visitor))
    keys.press(visitor.get_by_role("link", name="Läs utgåva 2, som gäller"))
    visitor.wait_for_url(f"**{YEAR}")
    assert Publication.objects.filter(document="gemensam/uppfoljning/2016").count() == 2
    assert set(StatusReport.objects.filter(followup__year=2016).values_list("number", flat=True)) == {1, 2}


# What people do


def log_in(page: Page, person: User) -> None:
    page.goto("/konto/logga-in/?next=/att-gora/")
    keys.write(page.get_by_label("E-post"), person.email)
    keys.write(page.get_by_label("Lösenord"), PASSWORD)
    keys.press(page.get_by_role("button", name="Logga in", exact=True))
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()


def to_do(page: Page, sentence: str) -> None:
    """Goes to Att göra, which opens with the sentence."""
    with page.expect_navigation():
        keys.press(page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Att göra"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Att göra")
    expect(page.locator(".says").first).to_contain_text(sentence)


def row(page: Page, title: str) -> Locator:
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=title, exact=True))


def open_row(page: Page, title: str) -> Locator:
    page.wait_for_load_state()  # until its scripts have run, the link leads to a page of its own
    found = row(page, title)
    keys.press(found.get_by_role("link", name=f"Rapportera {title}"))
    expect(found.get_by_role("heading", name=title, exact=True)).to_be_focused()
    return found


def write(
    opened: Locator, comment: str, *, status: str = "", result: str = "", reason: str = "", action: str = ""
) -> None:
    if status:
        keys.choose(opened.get_by_role("radio", name=status))
    keys.write(opened.get_by_label("Vad har gjorts?"), comment)
    for label, words in (
        ("Vad gav det?", result),
        ("Varför är den", reason),
        ("Vad gör ni åt det?", action),
    ):
        if words:
            keys.write(opened.get_by_label(label), words)


def save(page: Page, title: str, status: str) -> None:
    keys.press(row(page, title).get_by_role("button", name="Spara läget"))
    expect(page.locator("#announced")).to_have_text(f"Läget är sparat: {title} – {status}.")
    expect(row(page, title).get_by_role("heading")).to_be_focused()


def say(page: Page, title: str, status: str, comment: str, *, found: str = "", **words: str) -> None:
    """Reports the activity in its row; `found` is what Att göra opens with, where that is of interest."""
    to_do(page, found)
    write(open_row(page, title), comment, status=status, **words)
    save(page, title, status)


def enter(page: Page, town: str, *, value: str = "", why_not: str = "", link: str = "Fyll i") -> None:
    """Enters what NKI shows in the municipality, or why there is nothing."""
    to_do(page, "")
    keys.press(page.get_by_role("link", name=f"{link} NKI {town}"))
    if value:
        keys.write(page.get_by_label("Värde", exact=True), value)
    keys.choose_option(page.get_by_label("Om det inte finns något värde"), why_not or "Det finns ett värde")
    keys.write(page.get_by_label("Källa", exact=True), "Egen mätning")
    keys.press(page.get_by_role("button", name="Spara utfallet"))
    expect(page.get_by_role("status")).to_contain_text(f"Utfallet är sparat: NKI i {town} 2016")


def checklist(editor: Page) -> tuple[list[str], list[str]]:
    """What the desk says must be mended before publishing, and what may be published as a gap."""
    editor.goto(DESK)
    lines = editor.locator("#infor-publicering .lacks:not(.must) li").all_inner_texts()
    return editor.locator("#infor-publicering .must li").all_inner_texts(), [
        line.replace("\N{NO-BREAK SPACE}", " ") for line in lines
    ]


def download(page: Page) -> bytes:
    """The PDF that the page leads to, saved as the browser's menu does."""
    link = page.get_by_role("link", name="Hämta som PDF")
    link.evaluate("link => link.download = ''")
    with page.expect_download() as downloaded:
        keys.press(link)
    return downloaded.value.path().read_bytes()


def text_of(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def goals(page: Page) -> list[str]:
    return page.locator("#mal").get_by_role("row").all_inner_texts()


def letters(words: str) -> list[str]:
    """The first names of those who have got a mail with the words in its subject."""
    names = {person.email: person.name.split()[0] for person in User.objects.all()}
    return sorted(names[each.to[0]] for each in mail.outbox if words in each.subject)


def status(page: Page, address: str) -> int:
    """What the person gets for the address, without anything in the browser's console."""
    return page.request.get(address).status


def key_of(town: str) -> str:
    return Municipality.objects.get(short_name=town).key
