"""A table of activities from elsewhere, with headers of its own, on its way into a plan's draft."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from actionplan.drafting import discard
from actionplan.elsewhere.importing import MADE_OF
from actionplan.elsewhere.remembering import remembered
from actionplan.models import Activity, Challenge, KnownTable, Part, Responsibility, Revision
from actionplan.workbook.rows import ActivitySheet, AreaSheet, ChallengeSheet, ResponsibleSheet
from exchange.books import Line, Sheet
from exchange.models import Upload
from exchange.telling import RowTold, Told
from municipalities.models import Organisation, Role, User
from tests.actionplan.made_tables import HEADERS, as_csv, as_xlsx, as_xlsx_of, rows_of_a_region
from tests.builders import (
    make_activity,
    make_administrator,
    make_area,
    make_challenge,
    make_draft,
    make_municipality,
    make_plan,
    make_responsibility,
    make_user,
)
from tests.pages import Element, faults, main_of, read

pytestmark = pytest.mark.django_db

BEGINS = "/planer/klima/utkast/las-in/tabell/"


@pytest.fixture
def draft() -> Revision:
    partners = [
        make_municipality("Bergsunds kommun", key="bergsund", short_name="Bergsund"),
        make_municipality("Vikdals kommun", key="vikdal", short_name="Vikdal"),
    ]
    return make_draft(make_plan(slug="klima", title="Klimaplan", partners=partners, last_year=2030))


@pytest.fixture
def editor(draft) -> User:
    return make_user(Role.EDITOR, draft.plan.owner, name="Eva Ek")


@pytest.fixture
def client(editor) -> Client:
    return client_of(editor)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, content: bytes, name: str = "klima.csv") -> Any:
    """Sends the file, and gives the page that it leads to."""
    return client.post(BEGINS, {"file": SimpleUploadedFile(name, content)}, follow=True)


def form_of(page: Element, **changes: Any) -> dict[str, Any]:
    """What a browser would send of the page's form, with changes."""
    form = page.all("form")[-1]
    values: dict[str, Any] = {}
    for each in form.all("input"):
        is_ticked = "checked" in each.attributes or each["type"] not in ("radio", "checkbox")
        if each["name"] and is_ticked:
            values[each["name"]] = each["value"] or ("on" if each["type"] == "checkbox" else "")
    for select in form.all("select"):
        chosen = [each for each in select.all("option") if "selected" in each.attributes]
        values[select["name"]] = (chosen or select.all("option"))[0]["value"]
    return values | changes


def go_on(client: Client, page: Any, **changes: Any) -> Any:
    """Sends the page's form as it came but for the changes, and gives the page that it leads to."""
    address = page.request["PATH_INFO"]
    query = page.request["QUERY_STRING"]
    sent = {name: value for name, value in form_of(main_of(page), **changes).items() if value is not None}
    return client.post(f"{address}?{query}" if query else address, sent, follow=True)


def say_yes(client: Client, page: Any) -> Any:
    return go_on(client, page, answer="yes")


def columns_of(answer: Any) -> dict[str, str]:
    """What each column is said to be on the page, by header."""
    page, values = main_of(answer), form_of(main_of(answer))
    labels = {label["for"]: label.text for label in page.all("label")}
    return {
        labels[select["id"]]: values[select["name"]]
        for select in page.all("select")
        if select["name"].startswith("column-")
    }


def column(answer: Any, header: str) -> str:
    """The name of the field that says what the column is."""
    page = main_of(answer)
    [label] = [each for each in page.all("label") if each.text == header]
    [select] = page.all("select", id=label["for"])
    return select["name"]


def upload() -> Upload:
    return Upload.objects.get()


def would() -> Told:
    told = upload().would
    assert told is not None
    return told


def told_rows() -> list[RowTold]:
    """What is told of the table's rows."""
    return list(would().sheets[-1].rows)


def counts() -> Counter[str]:
    return Counter(row.what for row in told_rows())


def remarks() -> list[str]:
    return [row.remark for row in told_rows()]


def place_of(activity: Activity) -> tuple[str, str, str]:
    challenge = activity.challenge
    return (challenge.area.title if challenge.area else "", challenge.title, activity.heading)


def years_of(activity: Activity) -> tuple[int | None, int | None]:
    return activity.first_year, activity.last_year


def who_answers(activity: Activity) -> list[str]:
    """The organisations by key and part, and last the table's own words."""
    rows = activity.responsibilities.select_related("organisation")
    return [*(f"{each.organisation.key} {each.part}" for each in rows), activity.responsible_text]


ROWS = 250
TWO_OF_WORDS = {"who-0": "words", "who-1": "words"}


def test_every_row_of_a_regions_table_comes_in_and_the_same_table_as_csv_says_the_same(client, draft):
    rows = rows_of_a_region(ROWS)

    asked = send(client, as_xlsx(HEADERS, rows), "klima.xlsx")

    assert columns_of(asked) == {
        "Innsatsområde": "area",
        "Mål": "challenge",
        "Delmål": "heading",
        "Tiltak": "title",
        "Beskrivelse": "description",
        "Ansvarlig": "lead",
        "Samarbeidspartnere": "taking_part",
        "Periode": "years",
        "Status": "skip",
    }
    assert "Läget läses inte in i en plan." in main_of(asked).text

    names = go_on(client, asked)
    assert {each.text for each in main_of(names).all("h2")} == {"Klimaenheten", "Næringslag & co"}
    told = go_on(client, names, **TWO_OF_WORDS)

    assert "Ska filen läsas in?" in main_of(told).text
    assert counts() == {"new": ROWS}
    doubles = sum(one[:2] == other[:2] and one[3] == other[3] for one, other in pairwise(rows))
    assert doubles > 0
    assert sum("Heter som aktiviteten på rad" in remark for remark in remarks()) == doubles
    assert Activity.objects.count() == 0

    done = say_yes(client, told)

    assert "Filen är inläst" in main_of(done).text
    activities = list(Activity.objects.order_by("challenge__area__order", "challenge__order", "order"))
    assert [each.title for each in activities] == [row[3] for row in rows]
    assert [each.description for each in activities] == [row[4] for row in rows]
    assert [place_of(each) for each in activities] == [row[:3] for row in rows]
    assert [years_of(each) for each in activities[:6]] == [
        (2025, 2027),
        (2026, 2026),
        (2026, 2027),
        (2026, None),
        (None, None),
        (2025, 2030),
    ]
    assert [who_answers(each) for each in activities[:5]] == [
        ["bergsund lead", "vikdal taking_part", "Bergsund kommune (medverkar: Vikdal)"],
        ["Klimaenheten"],
        ["bergsund lead", "vikdal lead", ""],
        ["vikdal lead", "Vikdal; Klimaenheten"],
        ["vikdal taking_part", "Næringslag & co (medverkar: Vikdal)"],
    ]
    [reason] = {each.history_change_reason for each in Activity.history.all()}
    assert reason == "Inläst från klima.xlsx"

    Upload.objects.all().delete()
    again = go_on(client, go_on(client, send(client, as_csv(HEADERS, rows))))

    assert "Filen säger samma sak som portalen" in main_of(again).text
    assert counts() == {"unchanged": ROWS}


# As it goes on the pages


PLAIN = ("Utmaning", "Aktivitet", "Ansvarig", "År")


def plain(*rows: tuple[str, ...], headers: tuple[str, ...] = PLAIN) -> bytes:
    return as_csv(headers, rows)


def read_in(client: Client, content: bytes, **changes: Any) -> Any:
    """Sends a table whose names are all known, and gives the page of what would happen."""
    return go_on(client, send(client, content), **changes)


def told_faults() -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.says) for each in would().faults]


def test_the_wording_of_a_level_is_that_of_the_draft_whatever_its_case(client, draft):
    area = make_area(draft, title="Miljö")
    make_challenge(draft, area=area, title="Renare luft", key="luft")
    headers = ("Område", "Utmaning", "Aktivitet")

    told = read_in(
        client,
        plain(
            ("MILJÖ", "Renare  luft", "Mät"),
            ("Miljö", "Renare vatten", "Rena"),
            ("Vatten", "Renare luft", "Blås"),
            headers=headers,
        ),
    )

    assert {each.name: [row.title for row in each.rows] for each in would().sheets[:-1]} == {
        "Områden": ["Vatten"],
        "Utmaningar": ["Renare vatten", "Renare luft"],
    }
    assert would().sheets[0].in_the_file == 0
    say_yes(client, told)
    assert Activity.objects.get(title="Mät").challenge.key == "luft"
    assert Activity.objects.get(title="Blås").challenge.area.title == "Vatten"


def test_an_empty_cell_says_what_the_row_above_does_but_not_below_another_level(client):
    headers = ("Område", "Utmaning", "Rubrik", "Aktivitet")
    rows = [("A", "B", "C", "Ett"), ("", "", "", "Två"), ("", "D", "", "Tre"), ("E", "", "", "Fyra")]

    read_in(client, plain(*rows, headers=headers))

    assert told_faults() == [(5, "Utmaning", "Raden säger inte vad den hör till. Fyll i det.")]
    assert [cells_of(row).get("Rubrik") for row in told_rows()] == ["C", "C", None, None]


def test_empty_cells_can_be_left_as_they_are(client):
    read_in(client, plain(("A", "Ett", "", ""), ("", "Två", "", "")), fills_down=None)

    assert [each[0] for each in told_faults()] == [3]


def test_a_row_that_only_names_a_level_is_told_of_as_that(client):
    told = read_in(client, plain(("Renare luft", "", "", ""), ("", "Mät", "", ""), ("", "Rena", "", "2026")))

    assert [(row.what, row.title) for row in told_rows()] == [
        ("new", "Renare luft"),
        ("new", "Mät"),
        ("new", "Rena"),
    ]
    say_yes(client, told)
    assert [each.challenge.title for each in Activity.objects.all()] == ["Renare luft"] * 2


def test_without_a_column_of_challenges_one_of_the_draft_takes_all(client, draft):
    make_challenge(draft, title="Renare luft", key="luft")
    asked = send(client, plain(("Mät",), ("Rena",), headers=("Aktivitet",)))

    refused = go_on(client, asked)
    assert refused.status_code == 422
    assert "eller vad allt hör till" in main_of(refused).text
    say_yes(client, go_on(client, refused, challenge="luft"))

    assert [each.challenge.key for each in Activity.objects.all()] == ["luft", "luft"]


def test_or_a_new_one_that_is_named(client, draft):
    told = read_in(client, plain(("Mät",), headers=("Aktivitet",)), new_challenge="Renare  luft")
    say_yes(client, told)

    assert Challenge.objects.get().title == "Renare luft"


def cells_of(row: Any) -> dict[str, str]:
    return {cell.column: cell.after for cell in row.cells}


def test_several_columns_make_a_description_each_under_its_header(client):
    asked = send(
        client, plain(("A", "Mät", "Så här", "När det går"), headers=(*PLAIN[:2], "Hur", "Kommentar:"))
    )
    told = go_on(
        client, asked, **{column(asked, "Hur"): "description", column(asked, "Kommentar:"): "description"}
    )

    assert cells_of(told_rows()[0])["Beskrivning"] == "**Hur**\n\nSå här\n\n**Kommentar**\n\nNär det går"
    assert main_of(told)


def test_columns_that_cannot_be_chosen_together_are_told_of_and_nothing_chosen_is_lost(client):
    asked = send(client, plain(("A", "Mät", "Bergsund", "2026")))

    answer = go_on(client, asked, **{column(asked, "Ansvarig"): "title", column(asked, "År"): "last_year"})

    assert answer.status_code == 422
    assert "”Aktivitet” är redan valt som ”Aktivitet”. Välj en av dem." in main_of(answer).text
    assert columns_of(answer)["År"] == "last_year"


def test_a_form_without_any_choices_is_refused(client):
    asked = send(client, plain(("A", "Mät", "Bergsund", "2026")))

    answer = client.post(asked.request["PATH_INFO"], {})

    assert answer.status_code == 422
    assert "Välj vad kolumnen är, eller Läs inte in." in main_of(answer).text


def test_what_is_wrong_is_told_at_its_place_in_the_table_as_it_was_sent(client):
    rows = [
        ("Luft", "", "Bergsund", "2026"),
        ("Luft", "Mät", "Bergsund", "snart"),
        ("Luft", "x" * 301, "Vikdal", ""),
    ]

    asked = send(client, plain(*rows, headers=("Challenge", "Action", "Owner", "Timeframe")))
    told = go_on(client, asked, **{column(asked, "Timeframe"): "years"})

    assert told_faults() == [
        (2, "Action", "Skriv vad som ska göras, eller ta bort raden."),
        (3, "Timeframe", "”snart” går inte att läsa som år. Skriv till exempel 2026 eller 2025–2027."),
        (4, "Action", "Skriv kortare: högst 300 tecken får plats."),
    ]
    assert counts() == {"refused": 3}
    assert "Ja, läs in filen" not in main_of(told).text
    assert main_of(told).all("a", href=f"{told.request['PATH_INFO']}kolumner/")


def test_each_column_of_our_own_leads_back_to_one_of_the_table():
    made = {
        AreaSheet: ("key", "title"),
        ChallengeSheet: ("key", "area", "title"),
        ResponsibleSheet: ("activity", "organisation", "part"),
        ActivitySheet: ("key", "challenge", "title", "heading", "description", "expected_result",
                        "first_year", "last_year", "responsible_text"),
    }  # fmt: skip
    headers = {kind.fields[name].column_name for kind, names in made.items() for name in names}

    assert headers <= MADE_OF.keys()


# The same table once more


def test_a_row_is_known_by_its_wording_under_the_same_challenge(client, draft):
    luft = make_challenge(draft, title="Luft")
    make_activity(luft, title="Mät", key="mat", first_year=2025)
    make_activity(make_challenge(draft, title="Vatten"), title="Mät", key="mat-vatten")

    told = read_in(client, plain(("Luft", "MÄT ", "", "2026"), ("Jord", "Mät", "", "")))

    assert [(row.what, row.title) for row in told_rows()] == [("changed", "MÄT"), ("new", "Mät")]
    assert "1 rad är en aktivitet som redan står i arbetsmaterialet." in main_of(told).text
    assert "1 aktivitet i arbetsmaterialet finns inte i tabellen" in main_of(told).text
    say_yes(client, told)
    assert Activity.objects.get(key="mat").first_year == 2026
    assert Activity.objects.count() == 3


def test_doubles_come_in_once_each_however_often_the_table_is_sent(client):
    content = plain(("Luft", "Mät", "", "2025"), ("Luft", "Mät", "", "2026"))

    for _time in range(2):
        Upload.objects.all().delete()
        told = read_in(client, content)
        if not would().changes_nothing:
            assert remarks()[1].startswith("Heter som aktiviteten på rad 2")
            say_yes(client, told)

    assert counts() == {"unchanged": 2}
    assert Activity.objects.count() == 2


def test_a_column_of_keys_tells_which_activity_a_row_is(client, draft):
    make_activity(make_challenge(draft, title="Luft"), title="Mät", key="1-2")
    headers = ("Nyckel", *PLAIN)

    told = read_in(
        client,
        plain(("1.2", "Vatten", "Mät vatten", "", ""), ("B 7", "Vatten", "Rena", "", ""), headers=headers),
    )

    assert [(row.what, row.title) for row in told_rows()] == [("changed", "Mät vatten"), ("new", "Rena")]
    say_yes(client, told)
    assert {each.key: each.challenge.title for each in Activity.objects.all()} == {
        "1-2": "Vatten",
        "b-7": "Vatten",
    }


def test_a_key_that_stands_twice_is_refused(client):
    asked = send(client, plain(("1", "A", "Ett"), ("1", "A", "Två"), headers=("Nyckel", *PLAIN[:2])))
    go_on(client, asked, **{column(asked, "Nyckel"): "key"})

    assert told_faults() == [(3, "Nyckel", "Nyckeln står redan på rad 2. Ge raden en egen.")]


def test_whoever_the_table_does_not_name_any_longer_is_relieved(client, draft):
    activity = make_activity(make_challenge(draft, title="Luft"), title="Mät")
    make_responsibility(activity, Organisation.objects.get(key="bergsund"), part=Part.LEAD)
    make_responsibility(activity, Organisation.objects.get(key="vikdal"), part=Part.TAKING_PART)

    told = read_in(client, plain(("Luft", "Mät", "Draftens ägare", "")))
    told = go_on(client, told, **{"who-0": "known", "known-0": draft.plan.owner.name})

    [row] = told_rows()
    assert [(each.column, each.before) for each in row.cells if each.column == "Huvudansvarig"] == [
        ("Huvudansvarig", "Bergsunds kommun")
    ]
    say_yes(client, told)
    assert {(each.organisation.key, each.part) for each in Responsibility.objects.all()} == {
        (draft.plan.owner.key, "lead"),
        ("vikdal", "taking_part"),
    }
    assert (
        Responsibility.history.filter(history_type="-").get().history_change_reason == "Inläst från klima.csv"
    )


# Names that nobody has


def test_an_editor_makes_no_organisations(client):
    names = go_on(client, send(client, plain(("Luft", "Mät", "Klimatenheten", ""))))

    assert "Bara en administratör lägger upp nya organisationer." in main_of(names).text
    answer = go_on(client, names, **{"who-0": "new", "new-0": "Klimatenheten", "kind-0": "unit"})

    assert answer.status_code == 422
    assert not Organisation.objects.filter(name="Klimatenheten").exists()


def test_an_administrator_does_once_for_all_rows_and_sees_it_first(draft):
    client = client_of(make_administrator())
    names = go_on(
        client,
        send(client, plain(("Luft", "Mät", "Klimatenheten", ""), ("Luft", "Rena", "KLIMATENHETEN", ""))),
    )

    told = go_on(client, names, **{"who-0": "new", "new-0": "Klimatenheten", "kind-0": "unit"})

    assert [(each.name, [row.title for row in each.rows]) for each in would().sheets[1:2]] == [
        ("Organisationer", ["Klimatenheten"])
    ]
    assert not Organisation.objects.filter(name="Klimatenheten").exists()
    say_yes(client, told)
    made = Organisation.objects.get(name="Klimatenheten")
    assert (made.kind, made.key, made.responsibilities.count()) == ("unit", "klimatenheten", 2)
    assert made.history.get().history_change_reason == "Inläst från klima.csv"


def test_a_name_that_is_like_another_is_suggested_with_a_word_that_it_is_a_guess(client):
    names = go_on(client, send(client, plain(("Luft", "Mät", "Bergssund", ""))))

    assert "Ifyllt är ett förslag" in main_of(names).text
    assert form_of(main_of(names))["known-0"] == "Bergsunds kommun"
    say_yes(client, go_on(client, names))
    activity = Activity.objects.get()
    assert who_answers(activity) == ["bergsund lead", "Bergssund"]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Välj vem det är."),
        ({"who-0": "known"}, "Välj en organisation i listan, med hela namnet."),
        ({"who-0": "known", "known-0": "Ingen alls"}, "Välj en organisation i listan, med hela namnet."),
    ],
)
def test_a_name_is_not_left_unanswered(client, said, sentence):
    names = go_on(client, send(client, plain(("Luft", "Mät", "Klimatenheten", ""))))

    answer = go_on(client, names, **said)

    assert answer.status_code == 422
    assert sentence in main_of(answer).text


def test_many_names_are_asked_about_some_at_a_time(client):
    rows = [("Luft", f"Gör {number}", f"Enhet {number}", "") for number in range(45)]
    first = go_on(client, send(client, plain(*rows)))
    assert "Sida 1 av 2" in main_of(first).text

    second = go_on(client, first, **{f"who-{number}": "words" for number in range(40)})
    assert len(main_of(second).all("h2")) == 5
    go_on(client, second, **{f"who-{number}": "words" for number in range(5)})

    assert counts() == {"new": 45}


def test_a_name_that_was_passed_over_is_told_of_at_its_row(client):
    rows = [("Luft", f"Gör {number}", f"Enhet {number}", "") for number in range(41)]
    first = go_on(client, send(client, plain(*rows)))

    second = client.get(f"{first.request['PATH_INFO']}?sida=2")
    go_on(client, second, **{"who-0": "words"})

    assert len(told_faults()) == 40
    assert told_faults()[0][:2] == (2, "Ansvarig")


def test_one_who_both_leads_and_takes_part_leads(client):
    read_in(
        client, plain(("Luft", "Mät", "Bergsund", "Bergsund"), headers=(*PLAIN[:2], "Ansvarig", "Medverkar"))
    )

    assert remarks() == [
        "Bergsunds kommun står både som huvudansvarig och medverkande, och läses in som huvudansvarig."
    ]
    assert cells_of(told_rows()[0])["Huvudansvarig"] == "Bergsunds kommun"


# What is remembered


def test_what_was_chosen_is_filled_in_for_the_next_table_with_the_same_headers(client, draft, editor):
    headers = ("Luft?", "Göra", "Vem", "Sedan")
    asked = send(client, plain(("Luft", "Mät", "Klimatenheten", "2025"), headers=headers))
    fields = {"Luft?": "challenge", "Göra": "title", "Vem": "lead", "Sedan": "first_year"}
    names = go_on(client, asked, **{column(asked, header): role for header, role in fields.items()})
    go_on(client, names, **{"who-0": "words"})
    assert KnownTable.objects.get().chosen_by == editor

    other = client_of(make_user(Role.EDITOR, draft.plan.owner))
    turned = tuple(reversed(headers))
    again = send(other, plain(("2026", "KLIMATENHETEN", "Rena", "Vatten"), headers=turned), "nästa.csv")

    assert "Det som valdes senast" in main_of(again).text
    assert columns_of(again) == {header: fields[header] for header in turned}
    assert form_of(main_of(go_on(other, again)))["who-0"] == "words"
    assert KnownTable.objects.get().chosen_by != editor


def test_another_plan_remembers_nothing_of_it(client, draft):
    read_in(client, plain(("Luft", "Mät", "", "")))

    a_table = Sheet("Blad", PLAIN, (Line(2, ("", "", "", "")),))
    assert KnownTable.objects.get().plan == draft.plan
    assert remembered(make_plan(), a_table) is None
    assert remembered(draft.plan, a_table) is not None


# What may go wrong


def test_the_sheet_is_chosen_where_there_are_several(client):
    book = as_xlsx_of(
        {"Läs": [("Rubrik",), ("Text",)], "Plan": [PLAIN, ("A", "Ett", "", ""), ("A", "Två", "", "")]}
    )

    asked = send(client, book, "klima.xlsx")
    assert columns_of(asked).keys() == {*PLAIN}
    other = client.get(asked.request["PATH_INFO"], {"sheet": "Läs"})
    assert columns_of(other).keys() == {"Rubrik"}

    go_on(client, asked)
    assert counts() == {"new": 2}


def test_a_file_that_cannot_be_read_is_told_of(client):
    answer = send(client, b"%PDF-1.7", "klima.pdf")

    assert "Filen är en PDF." in main_of(answer).text
    assert not main_of(answer).all("a", href=f"{answer.request['PATH_INFO']}kolumner/")


def test_a_table_without_rows_is_told_of(client):
    assert "Det finns inga rader under rubrikerna." in main_of(send(client, plain())).text


def test_no_file_at_all_is_told_of(client):
    answer = client.post(BEGINS, {})

    assert answer.status_code == 422
    assert "Välj en fil." in main_of(answer).text


def test_what_is_asked_for_cannot_be_changed_once_it_is_done(client):
    told = read_in(client, plain(("Luft", "Mät", "", "")))
    done = say_yes(client, told)

    again = client.get(f"{done.request['PATH_INFO']}kolumner/")

    assert again.status_code == 302
    assert Activity.objects.count() == 1


def test_the_choices_can_be_changed_until_then(client):
    asked = send(client, plain(("Luft", "Mät", "", "snart")))
    told = go_on(client, asked, **{column(asked, "År"): "years"})
    assert len(told_faults()) == 1

    asked = client.get(f"{told.request['PATH_INFO']}kolumner/")
    told = go_on(client, asked, **{column(asked, "År"): "skip"})

    assert counts() == {"new": 1}
    assert "Kolumner som inte läses in: År." in main_of(told).text


def test_another_persons_table_is_nobodys_to_know_of(client, draft):
    told = read_in(client, plain(("Luft", "Mät", "", "")))
    other = client_of(make_user(Role.EDITOR, draft.plan.owner))

    for part in ("", "kolumner/", "organisationer/"):
        assert other.get(f"{told.request['PATH_INFO']}{part}").status_code == 404


def test_nothing_is_asked_of_a_draft_that_is_no_more(client, draft, editor):
    asked = send(client, plain(("Luft", "Mät", "", "")))
    discard(draft, by=editor)

    answer = go_on(client, asked)

    assert "Arbetsmaterialet har fastställts eller kastats" in read(answer).text
    assert Activity.objects.count() == 0


def test_everyone_can_use_the_pages(client):
    asked = send(client, plain(("Luft", "Mät", "Klimatenheten", "2026"), ("", "Rena", "", "")))
    names = go_on(client, asked)
    wrong = go_on(client, names)
    told = go_on(client, names, **{"who-0": "words"})

    for page in (client.get(BEGINS), asked, names, wrong, told):
        assert faults(read(page)) == []
