"""Search finds what the reader may see, in the words that they use, and shows where it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.utils import timezone

from actionplan.models import Activity, Plan, YearlyTarget
from followup.models import FollowUp, ReviewState, Stage, StatusReport
from portal.search import finding
from portal.search.engines import PostgreSQL
from portal.search.readable import readable_in
from portal.search.sources import SOURCES
from tests.builders import (
    make_activity,
    make_assessment,
    make_challenge,
    make_chapter,
    make_edition,
    make_followup,
    make_goal,
    make_indicator,
    make_plan,
    make_report,
    make_review,
    make_revision,
    make_target,
    make_term,
)
from tests.pages import Element, read

pytestmark = pytest.mark.django_db

only_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="PostgreSQL alone knows how Swedish words are inflected"
)


@pytest.fixture
def plan() -> Plan:
    """A plan with one of everything that is searched, each of which tells of fish."""
    plan = make_plan(slug="hav", title="Havet", applies_to="Alla som fiskar makrill")
    revision = make_revision(plan, year=2016)
    challenge = make_challenge(revision, key="hav", title="Friskare hav", purpose="Mer makrill i havet")
    goal = make_goal(challenge, text="Mer makrill")
    make_target(goal, indicator=make_indicator(slug="fisk", name="Antal fiskar", description="Makrill, ton"))
    activity = make_activity(
        challenge, key="rakna", title="Räkna fiskarna", description="**Makrill** räknas."
    )
    make_chapter(revision, key="bakgrund", title="Bakgrund", text="Förr fanns det makrill.")
    make_term(revision, term="SJÖMIL", explanation="Så långt ut går makrillen.")
    year = make_followup(revision, stage=Stage.OPEN)
    make_report(year, activity, comment="Ingen makrill än.")
    make_review(year, challenge, state=ReviewState.SUBMITTED, purpose="Lite makrill.")
    make_review(year, challenge, state=ReviewState.APPROVED, purpose="Ganska lite makrill.")
    make_assessment(year, goal, reason="Makrillen dröjer.")
    make_edition(year)
    FollowUp.objects.update(stage=Stage.PUBLISHED)
    return plan


def search(client, asked: str, **narrowed: str) -> Element:
    answer = client.get("/sok/", {"q": asked, **narrowed})
    assert answer.status_code == 200
    return read(answer).one("main")


def titles(page: Element) -> list[str]:
    return [each.text for each in page.all("h3")]


def addresses(page: Element) -> list[str]:
    return [link["href"] for title in page.all("h3") for link in title.all("a")]


def test_everything_that_may_be_read_is_found_and_leads_to_where_it_is(client, plan):
    found = addresses(search(client, "makrill"))

    assert sorted(found) == [
        "/planer/hav/",
        "/planer/hav/aktiviteter/rakna/",
        "/planer/hav/aktiviteter/rakna/",
        "/planer/hav/indikatorer/fisk/",
        "/planer/hav/revideringar/2016/#avsnitt-bakgrund",
        "/planer/hav/revideringar/2016/#ordforklaringar",
        "/planer/hav/uppfoljning/2016/#hav",
        "/planer/hav/uppfoljning/2016/#hav",
        "/planer/hav/utmaningar/hav/",
        "/planer/hav/utmaningar/hav/",
    ]
    for address in found:
        page = client.get(address)
        _path, _hash, anchor = address.partition("#")
        assert page.status_code == 200
        assert not anchor or f'id="{anchor}"' in page.content.decode()


def test_what_was_found_is_counted_and_marked_and_told_where_it_stands(client, plan):
    page = search(client, "räkna")

    [item] = page.one("ol").all("li")
    assert page.one("h2").text == "1 träff"
    assert item.text.startswith("Aktivitet Räkna fiskarna Makrill räknas")
    assert item.text.endswith("Havet, 2016")
    assert "Räkna" in [each.text for each in item.all("mark")]


def test_it_is_narrowed_to_a_plan_and_to_a_kind_by_the_address(client, plan):
    other = make_activity(make_challenge(make_revision(year=2016)), title="Makrill")

    assert titles(search(client, "makrill", slag="aktiviteter")) == ["Makrill", "Räkna fiskarna"]
    assert titles(search(client, "makrill", plan="hav", slag="aktiviteter")) == ["Räkna fiskarna"]
    assert titles(search(client, "makrill", plan=other.revision.plan.slug)) == ["Makrill"]
    assert len(titles(search(client, "makrill", plan="finns-inte", slag="inte"))) == 11


def test_all_words_are_needed_and_letters_are_told_apart_but_not_capitals(client):
    challenge = make_challenge(title="ÅTGÄRDER PÅ ÖN")
    make_activity(challenge, title="Räkna får")
    make_activity(challenge, title="Rakna far")

    assert titles(search(client, "räkna")) == ["Räkna får"]
    assert titles(search(client, "FÅR")) == ["Räkna får"]
    assert titles(search(client, "räkna far")) == []
    assert titles(search(client, "åtgärd ön")) == ["ÅTGÄRDER PÅ ÖN"]


def test_the_beginning_of_a_word_finds_it(client):
    make_activity(title="Arbeta med kompetensförsörjningen")

    page = search(client, "kompetens")

    assert [each.text for each in page.all("mark")] == ["kompetensförsörjningen"]


@only_postgresql
def test_a_word_is_found_and_marked_in_every_form_the_best_first(client):
    challenge = make_challenge(title="Annat")
    make_activity(challenge, title="En kurs", description="Det är en sorts utbildning som ges")
    make_activity(challenge, title="Två utbildningar")

    page = search(client, "utbildningen")

    assert titles(page) == ["Två utbildningar", "En kurs"]
    assert [each.text for each in page.all("mark")] == ["utbildningar", "utbildning"]


@only_postgresql
def test_small_words_alone_find_nothing(client, plan):
    assert "Inget hittades för ”och”" in search(client, "och").text


def test_an_activity_is_found_once_as_it_stands_now(client):
    plan = make_plan()
    for year, title in ((2015, "Räkna torsk"), (2016, "Räkna lax")):
        revision = make_revision(plan, year=year)
        make_activity(make_challenge(revision, key="hav"), key="rakna", title=title)

    assert titles(search(client, "räkna")) == ["Räkna lax"]
    assert titles(search(client, "torsk")) == []


def test_of_what_was_said_the_latest_that_was_published_is_found(client, plan):
    year, activity = FollowUp.objects.get(), Activity.objects.get()
    later = timezone.now() + timedelta(minutes=1)
    make_report(year, activity, comment="Ingen sill än.")
    make_edition(year)
    FollowUp.objects.update(stage=Stage.OPEN)
    make_report(year, activity, comment="Det var sardiner.", written_at=later)

    assert StatusReport.objects.count() == 3
    assert titles(search(client, "sill")) == ["Räkna fiskarna"]
    assert titles(search(client, "sardiner")) == []
    assert "Ingen makrill än" not in search(client, "makrill").text


def test_what_was_written_can_do_no_harm(client):
    make_activity(title="<b>Fisk</b>", description="<img src=x> fisk \ue000sill\ue001 <script>fisk</script>")

    page = client.get("/sok/", {"q": "fisk<script>"}).content.decode()

    assert "<script>fisk" not in page
    assert "<img src=x" not in page
    assert "<b>" not in page
    assert "Fisk</mark>" in client.get("/sok/", {"q": "fisk"}).content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        "\0", "a\0b", "'", "''':*", "\\", "%", "_", "%_%", "a & | !b <-> (", ":*", "*", "\"a b", "--",
        "$$x$$", "\ue000", "²", "\u202e", "å" * 200, "x" * 5000, "a " * 100, "1/2/3", "-1", "a@b.se", "http://a/b?c",
        "\N{ZERO WIDTH JOINER}", "𝔘", "NULL",
    ],
)  # fmt: skip
def test_whatever_is_asked_is_answered(client, plan, asked):
    for parameters in ({"q": asked}, {"q": "makrill", "plan": asked, "slag": asked, "sida": asked}):
        assert client.get("/sok/", parameters).status_code == 200


def test_nothing_found_says_what_to_try_and_nothing_asked_says_what_there_is(client, plan):
    nothing = search(client, "hajar", slag="ord")
    empty = search(client, " ")

    assert nothing.one("h2").text == "Inget hittades för ”hajar”"
    assert [each.text for each in nothing.all("a", class_="btn")] == ["Sök i allt"]
    assert "I planerna" in empty.text
    assert empty.all("h2") == []


def test_many_are_shown_a_page_at_a_time(client, monkeypatch):
    monkeypatch.setattr(finding, "ON_A_PAGE", 2)
    monkeypatch.setattr(finding, "MOST", 3)
    challenge = make_challenge(title="Hav")
    for number in range(4):
        make_activity(challenge, title=f"Fisk {number}")

    first, last, beyond = (search(client, "fisk", slag="aktiviteter", sida=each) for each in ("1", "2", "9"))

    assert first.one("h2").text == "Fler än 3 träffar"
    assert [len(titles(each)) for each in (first, last, beyond)] == [2, 1, 1]
    [pages] = first.all("nav")
    assert [each["href"] for each in pages.all("a")] == [
        "?q=fisk&slag=aktiviteter&sida=1",
        "?q=fisk&slag=aktiviteter&sida=2",
    ]


@only_postgresql
def test_every_table_is_found_by_its_index():
    """An index serves exactly the expression that it was made of, which is written twice."""
    tables = [(source.rows(readable_in([])).model, source) for source in SOURCES]
    words = SearchQuery("makrill", config=PostgreSQL.CONFIG)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    explained = {
        model._meta.model_name: model.objects.alias(words=PostgreSQL("").words_in(source)).filter(words=words)
        for model, source in tables
        if model not in (Plan, YearlyTarget)  # of which there are few
    }

    assert len(explained) == 8
    assert [
        name for name, rows in explained.items() if f"{name}_words" not in rows.order_by().explain()
    ] == []
