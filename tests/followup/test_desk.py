"""The editor's desk: where the year stands, who has come how far, and what can be done next."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from followup.models import ReviewState, Stage
from municipalities.models import Role
from tests.builders import (
    make_activity,
    make_assignment,
    make_challenge,
    make_coordinator,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_organisation,
    make_outcome,
    make_plan,
    make_publication,
    make_report,
    make_review,
    make_revision,
    make_target,
    make_user,
)
from tests.pages import main_of
from tests.plans import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_step_is_enough(settings):
    settings.REQUIRE_MFA = False


@pytest.fixture
def enkoping():
    return make_municipality("Enköping", key="enkoping")


@pytest.fixture
def vasteras():
    return make_municipality("Västerås", key="vasteras")


@pytest.fixture
def revision(enkoping, vasteras):
    owner = make_organisation("Nätverket")
    return make_revision(make_plan(slug="plan", owner=owner, partners=[enkoping, vasteras]))


@pytest.fixture
def challenge(revision, enkoping):
    return make_challenge(revision, key="utmaning", title="Kompetens", followup_owner=enkoping)


@pytest.fixture
def open_desk(client, revision):
    """The desk's page as the plan's editor sees it."""
    client.force_login(make_user(Role.EDITOR, revision.plan.owner))

    def opened(followup):
        answer = client.get(reverse("desk", args=[followup.plan.slug, followup.year]))
        assert answer.status_code == 200
        return main_of(answer)

    return opened


def rows(page, caption):
    """The cells of the table with that caption, as a reader sees them."""
    [table] = [each for each in page.all("table") if each.one("caption").text == caption]
    return [[cell.text for cell in row if cell.tag in ("th", "td")] for row in table.all("tr")][1:]


BY_ORGANISATION = "Det som är lämnat, per organisation"
BY_CHALLENGE = "Det som är lämnat, per utmaning"


def test_progress_is_told_by_organisation(open_desk, challenge, enkoping, vasteras):
    followup = make_followup(challenge.revision)
    dusys = make_organisation("DUsys", represented_by=[vasteras])
    make_coordinator(enkoping)
    target = make_target(make_goal(challenge), indicator=make_indicator(name="NKI"))
    make_outcome(target.indicator, enkoping, year=2016)
    make_outcome(target.indicator, vasteras, year=2016, missing_reason="not_measured")
    make_report(followup, make_activity(challenge, responsible=[enkoping, dusys]))
    make_activity(challenge, responsible=[enkoping])
    make_review(followup, challenge, state=ReviewState.APPROVED)

    assert rows(open_desk(followup), BY_ORGANISATION) == [
        ["Enköping", "1 av 2 aktiviteter", "1 av 1 utfall", "1 av 1 texter"],
        ["Västerås ingen samordnare", "– inget", "1 av 1 utfall", "– inget"],
        ["DUsys ingen samordnare", "1 av 1 aktiviteter", "– inget", "– inget"],
    ]


def test_progress_is_told_by_challenge(open_desk, challenge):
    followup = make_followup(challenge.revision)
    make_challenge(challenge.revision, title="Bredband")
    make_goal(challenge)
    make_report(followup, make_activity(challenge))
    make_activity(challenge)
    make_activity(challenge, first_year=2018)
    make_review(followup, challenge, state=ReviewState.SUBMITTED)

    assert rows(open_desk(followup), BY_CHALLENGE) == [
        ["Kompetens Enköping", "1 av 2 aktiviteter", "0 av 1 mål", "Inskickad"],
        ["Bredband ingen uppföljningsansvarig", "– inget", "– inget", "Inte skriven"],
    ]


def test_what_nobody_can_report_is_told_and_nothing_else(open_desk, challenge, enkoping, vasteras):
    """No responsible; one without an account; one whose account is closed or can only read."""
    followup = make_followup(challenge.revision)
    make_coordinator(enkoping)
    make_coordinator(vasteras, is_active=False)
    dusys, represented = make_organisation("DUsys"), make_organisation(represented_by=[enkoping])
    make_user(Role.READER, dusys)
    make_activity(challenge, title="Ingens")
    make_activity(challenge, title="Den stängdas", responsible=[vasteras])
    make_activity(challenge, title="Läsarens", responsible=[dusys])
    make_activity(challenge, title="Företräddas", responsible=[represented])
    make_activity(challenge, title="Enköpings", responsible=[dusys, enkoping])
    make_assignment(followup, make_activity(challenge, title="Givens"), enkoping)
    make_assignment(followup, make_activity(challenge, title="Given en annan"), dusys)

    page = open_desk(followup)

    picked = [each.text for each in page.one("ul", class_="pick").all("label")]
    assert picked == [
        "Ingens Kompetens · ansvarig saknas",
        "Den stängdas Kompetens · Västerås",
        "Läsarens Kompetens · DUsys",
    ]
    given = [each.text for each in page.one("section", id="rapporterar").one("ul", class_="tasks").all("li")]
    assert [each.split(" Ta bort")[0] for each in given] == [
        "Givens Kompetens Enköping",
        "Given en annan Kompetens DUsys ingen samordnare än",
    ]


def test_those_to_choose_among_are_the_plans_with_those_who_can_report_first(
    open_desk, challenge, enkoping, vasteras
):
    make_organisation("Främlingen")
    make_coordinator(vasteras)
    make_activity(challenge)

    choices = open_desk(make_followup(challenge.revision)).one("select", name="organisation")

    assert [
        (each["label"], [option.text for option in each.all("option")]) for each in choices.all("optgroup")
    ] == [
        ("Har samordnare", ["Västerås"]),
        ("Har ingen samordnare än", ["Enköping", "Nätverket"]),
    ]


@pytest.mark.parametrize(
    ("stage", "place", "can_do"),
    [
        (Stage.PLANNED, "Planerad", ["Öppna för rapportering", "Ändra datum"]),
        (Stage.OPEN, "Öppen för rapportering", ["Stäng för rapportering", "Påminn nu", "Ändra datum"]),
        (
            Stage.CLOSED,
            "Stängd för rapportering",
            ["Publicera", "Öppna för rapportering igen", "Påminn nu", "Ändra datum"],
        ),
        (Stage.PUBLISHED, "Publicerad", ["Öppna för rättelse"]),
    ],
)
def test_where_the_year_is_and_what_can_be_done_next(open_desk, challenge, stage, place, can_do):
    page = open_desk(make_followup(challenge.revision, stage=stage, due=date(2017, 1, 31)))

    [now] = page.all("li", aria_current="step") or page.all("li", **{"aria-current": "step"})
    assert now.text.startswith(place)
    buttons = [each.text for each in page.one("div", class_="btns") if each.tag in ("a", "button")]
    assert buttons == [*can_do, "Hämta utfall från Kolada", "Se sidan", "Se PDF:en"]


@pytest.mark.parametrize(
    ("stage", "opens", "due"),
    [
        (Stage.PLANNED, "öppnar 1 december 2016", "lämnas senast 31 januari 2017"),
        (Stage.OPEN, "", "lämnas senast 31 januari 2017"),
        (Stage.CLOSED, "", "skulle lämnas senast 31 januari 2017"),
    ],
)
def test_a_day_is_told_as_coming_only_while_it_is(open_desk, challenge, stage, opens, due):
    page = open_desk(
        make_followup(challenge.revision, stage=stage, opens=date(2016, 12, 1), due=date(2017, 1, 31))
    )

    told = {}
    for stage, step in zip(Stage, page.one("ol", class_="cycle").all("li"), strict=True):
        told[stage] = step.text.removeprefix(str(stage.label)).replace("(klart)", "").strip()
    assert (told[Stage.OPEN], told[Stage.CLOSED]) == (opens, due)


def test_a_published_year_has_no_checklist_and_nothing_to_do(client, open_desk, challenge, vasteras):
    """Not where it is assigned who reports either, nor for what has been assigned."""
    followup = make_followup(challenge.revision, stage=Stage.PUBLISHED)
    make_activity(challenge)
    make_assignment(followup, make_activity(challenge), vasteras)

    page, assign = open_desk(followup), main_of(client.get(reverse("assign", args=["plan", followup.year])))

    assert not page.all("section", id="infor-publicering")
    ways = {each["href"] for each in page.all("a")}
    assert not ways & {reverse(name, args=["plan", followup.year]) for name in CHANGING}
    for each in (page, assign):
        assert "Året är publicerat och stängt." in each.text
        assert not each.all("form", action=reverse("assign", args=["plan", followup.year]))


CHANGING = ("followup-dates", "remind-followup", "open-followup", "close-followup", "publish-followup")


def test_editions_are_listed_with_what_they_corrected(open_desk, challenge):
    followup = make_followup(challenge.revision, stage=Stage.PUBLISHED)
    make_publication(followup.document)
    make_publication(followup.document, corrects="Fel siffra.")

    section = open_desk(followup).one("section", id="utgavor")

    assert [each.text for each in section.all("h3")] == [
        "Uppföljning 2016, utgåva 2",
        "Uppföljning 2016, utgåva 1",
    ]
    assert section.text.count("Rättat: Fel siffra.") == 1


def test_a_year_with_nothing_in_it_says_so(open_desk, revision):
    page = open_desk(make_followup(revision))

    assert "Revideringen har inget att följa upp." in page.text
    assert "Inget saknas." in page.text
    assert "Inte publicerad än" in page.text


# The plan's page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"stage": Stage.PLANNED}, "Uppföljning 2017 är planerad."),
        (
            {"stage": Stage.PLANNED, "opens": date(2017, 12, 1)},
            "Uppföljning 2017 är planerad och öppnar 1 december 2017.",
        ),
        (
            {"stage": Stage.OPEN, "due": date(2018, 1, 31)},
            "Uppföljning 2017 är öppen för rapportering och lämnas senast 31 januari 2018.",
        ),
        ({"stage": Stage.CLOSED}, "Uppföljning 2017 är stängd för rapportering och ska publiceras."),
        ({"stage": Stage.PUBLISHED}, "Uppföljning 2017 är publicerad."),
        (
            {"stage": Stage.CLOSED, "published_at": datetime(2018, 2, 20, tzinfo=UTC)},
            "Uppföljning 2017 är öppnad för rättelse.",
        ),
    ],
)
def test_those_who_take_part_see_where_in_the_year_the_plan_stands(
    client, revision, enkoping, fields, sentence
):
    make_followup(revision, year=2017, **fields)
    client.force_login(make_user(Role.READER, enkoping))

    lines = main_of(client.get("/planer/plan/")).one("ul", id="uppfoljningar").all("li")

    assert [each.text for each in lines] == [sentence]


def test_the_public_is_told_of_the_latest_published_year_alone(client, revision):
    for year, stage in (
        (2016, Stage.PUBLISHED),
        (2017, Stage.PUBLISHED),
        (2018, Stage.OPEN),
        (2019, Stage.PLANNED),
    ):
        make_followup(revision, year=year, stage=stage)

    lines = main_of(client.get("/planer/plan/")).one("ul", id="uppfoljningar").all("li")

    assert [each.text for each in lines] == ["Uppföljning 2017 är publicerad."]


def test_the_public_isnt_told_that_a_published_year_is_being_corrected(client, revision):
    make_followup(revision, year=2017, stage=Stage.CLOSED, published_at=datetime(2018, 2, 20, tzinfo=UTC))

    lines = main_of(client.get("/planer/plan/")).one("ul", id="uppfoljningar").all("li")

    assert [each.text for each in lines] == ["Uppföljning 2017 är publicerad."]


def test_a_plan_that_isnt_followed_up_says_nothing_of_it(client, revision):
    assert not main_of(client.get("/planer/plan/")).all("ul", id="uppfoljningar")


def test_the_editor_is_led_to_the_desk_and_to_the_next_year(client, revision):
    make_followup(revision)
    client.force_login(make_user(Role.EDITOR, revision.plan.owner))

    lines = main_of(client.get("/planer/plan/")).one("ul", id="uppfoljningar")

    assert [each["href"] for each in lines.all("a")] == [
        "/planer/plan/uppfoljning/2016/",
        "/planer/plan/uppfoljning/2016/arbetsyta/",
        "/planer/plan/uppfoljning/ny/",
    ]


# With the real plans, which stay loaded to the module's end


def test_every_link_of_the_checklist_leads_somewhere(client, plans):
    client.force_login(person("redaktor@4m"))
    page = main_of(client.get("/planer/4m/uppfoljning/2016/arbetsyta/"))

    links = [each["href"] for each in page.one("section", id="infor-publicering").all("a")]

    assert links
    assert {address: client.get(address).status_code for address in links} == dict.fromkeys(links, 200)
