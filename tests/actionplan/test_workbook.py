"""A plan as a workbook: what goes out comes in the same, and nothing comes in but whole and right."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from actionplan.editions import adopt, proposal, publish_revision
from actionplan.models import Activity, Challenge, Goal, Indicator, Plan, Responsibility, Revision
from actionplan.workbook.exporting import empty_tables, offered_names, tables_of
from actionplan.workbook.importing import take_in
from actionplan.workbook.work import Work
from exchange.books import Book, Line, Sheet
from exchange.reading import read
from exchange.telling import IN_THE_FILE, Deed, Told
from exchange.writing import Table, xlsx, zip_of_csv
from municipalities.models import Municipality, Organisation, Role, User
from publishing.models import Publication
from tests.builders import (
    make_activity,
    make_administrator,
    make_area,
    make_challenge,
    make_chapter,
    make_decision,
    make_draft,
    make_ending,
    make_goal,
    make_indicator,
    make_municipality,
    make_organisation,
    make_plan,
    make_responsibility,
    make_revision,
    make_series_break,
    make_target,
    make_term,
    make_user,
)
from tests.documents import body_of, pages_of

pytestmark = pytest.mark.django_db

WHY = "Inläst från plan.xlsx"
MARKDOWN = "## En rubrik\n\n- ett\n- två\n\n**Fet** text, 100 % och =1+1"


@pytest.fixture
def administrator() -> User:
    return make_administrator()


def book_of(revision: Revision) -> Book:
    """The revision's workbook as it is read again."""
    return read(xlsx(tables_of(revision)), "plan.xlsx")


def taken_in(book: Book, by: User, draft: Revision | None = None, *, removes: bool = False) -> Told:
    """What an import did; nothing, where anything was wrong."""
    with transaction.atomic():
        work = Work(draft.plan if draft else Plan(), draft, by=by, why=WHY)
        told = take_in(work, book, removes=removes)
        transaction.set_rollback(told.is_refused)
    return told


def elsewhere(make: Callable[[], Revision], tell: Callable[[Revision], Any]) -> Any:
    """What is to be told of a plan that is then no longer there, as if it were in another portal."""
    with transaction.atomic():
        told = tell(make())
        transaction.set_rollback(True)
    return told


def changed(book: Book, name: str, change: Callable[[list[dict[str, str]]], Any]) -> Book:
    """The book with the rows of a sheet as `change` leaves them."""
    return Book(tuple(rewritten(each, change) if each.name == name else each for each in book.sheets))


def rewritten(sheet: Sheet, change: Callable[[list[dict[str, str]]], Any]) -> Sheet:
    rows = [dict(zip(sheet.headers, line.cells, strict=True)) for line in sheet.lines]
    change(rows)
    headers = tuple(rows[0]) if rows else sheet.headers
    return Sheet(sheet.name, headers, lines_of(headers, rows))


def lines_of(headers: Iterable[str], rows: Iterable[dict[str, str]]) -> tuple[Line, ...]:
    return tuple(
        Line(number, tuple(row.get(each, "") for each in headers)) for number, row in enumerate(rows, 2)
    )


def only(book: Book, *names: str) -> Book:
    return Book(tuple(sheet for sheet in book.sheets if sheet.name in names))


def told_of(told: Told) -> list[tuple[str, int, str]]:
    """Where something is wrong."""
    return [(each.sheet, each.row, each.column) for each in told.faults]


def history_of(model: Any) -> Counter[tuple[str, str, str]]:
    """What the log has of rows of the kind: what was done, by whom and why."""
    lines = model.history.values_list("history_type", "history_user__email", "history_change_reason")
    return Counter(lines.order_by())


def make_the_municipalities() -> tuple[Municipality, Municipality, Organisation]:
    return (
        make_municipality("Enköpings kommun", key="e"),
        make_municipality("Västerås stad", key="v"),
        make_organisation("Science Park; och en till", key="sp"),
    )


def make_full_plan() -> Revision:
    """A plan with something in every field, and every kind of row twice."""
    enkoping, vasteras = Municipality.objects.get(key="e"), Municipality.objects.get(key="v")
    network = Organisation.objects.get(key="sp")
    plan = make_plan(
        owner=network, partners=[enkoping, vasteras], title="En plan = två", document_name="Handlingsplan",
        first_year=2016, last_year=2030, valid_until=date(2030, 12, 31), applies_to="Alla\nnämnder",
        replaces="Den förra\nOch den före", related_documents="Översiktsplan", document_owner="Någon",
        revised_by="Styrgruppen", followed_up_by="Kansliet", challenge_word="insatsområde",
        challenge_word_plural="insatsområden", activity_word="åtgärd", activity_word_plural="åtgärder",
    )  # fmt: skip
    draft = make_draft(
        plan, year=2017, decided_by="Kommunfullmäktige", decided_on=date(2016, 12, 1),
        registry_number="KS 2016/1", note="Mycket.",
    )  # fmt: skip
    for municipality in (enkoping, vasteras):
        make_decision(
            draft, municipality, key=municipality.key, decided_on=date(2016, 11, 30), registry_number="0012"
        )
    indicator = make_indicator(
        name="Nöjda", short_name="NKI", description="Hur nöjda.", unit="%", decimals=2, direction="lower",
        source="Kolada", source_url="https://www.kolada.se/", kolada_id="U07451",
    )  # fmt: skip
    make_series_break(indicator, year=2013, note="Ny beräkning.", kolada_id="U07453")
    for number in (1, 2):
        area = make_area(draft, order=number, title=f"Område {number}", key=f"o-{number}")
        make_chapter(draft, order=number, area=area, placement="after", text=MARKDOWN, key=f"a-{number}")
        make_chapter(draft, order=number, placement="before", text="", key=f"b-{number}")
        challenge = make_challenge(
            draft, area=area, order=3 - number, purpose="-5 grader", strategy=MARKDOWN, text="Löpande.",
            followup_owner=vasteras, key=f"u-{number}",
        )  # fmt: skip
        goal = make_goal(challenge, order=number, text="Målet\när två rader.", key=f"m-{number}")
        for year in (2017, 2018):
            make_target(
                goal, indicator=indicator, year=year, over="each", operator="<=", order=year,
                value=Decimal("75.12345678"), nearly=Decimal("80"), reason="Så.", key=f"v-{number}-{year}",
            )  # fmt: skip
        activity = make_activity(
            challenge, order=number, heading="Möten", description=MARKDOWN, expected_result="@alla kommer",
            first_year=2017, last_year=2019, responsible_text="+ några till", predecessor="gammal",
            key=f"akt-{number}",
        )  # fmt: skip
        make_activity(challenge, order=9, key=f"tom-{number}")
        make_responsibility(activity, network, part="lead", order=1, key=f"l-{number}")
        make_responsibility(activity, enkoping, part="taking_part", order=2, key=f"d-{number}")
        make_term(draft, order=number, explanation="Vad\tdet är.", key=f"t-{number}")
        make_ending(draft, order=number, how="ended", reason="Behövs inte.", key=f"slut-{number}")
    return draft


# What goes out comes in the same


def seeded(slug: str) -> Callable[[], Revision]:
    def load() -> Revision:
        call_command("loaddata", slug, verbosity=0)
        return Revision.objects.get(plan__slug=slug)

    return load


@pytest.mark.parametrize("slug", ["4m", "botkyrka"])
def test_a_real_plan_comes_back_cell_for_cell_where_there_are_only_organisations(slug, administrator):
    call_command("loaddata", "organisations", verbosity=0)
    first = elsewhere(seeded(slug), lambda revision: xlsx(tables_of(revision)))

    told = taken_in(read(first, "plan.xlsx"), administrator)

    assert told.faults == ()
    assert xlsx(tables_of(Revision.objects.get(plan__slug=slug))) == first


def test_so_does_a_plan_with_something_in_every_field(administrator):
    make_the_municipalities()
    first = elsewhere(make_full_plan, lambda draft: xlsx(tables_of(draft)))

    told = taken_in(read(first, "plan.xlsx"), administrator)

    assert told.faults == ()
    assert xlsx(tables_of(Revision.objects.get())) == first
    assert [empty for table in tables_of(Revision.objects.get())[1:] for empty in empty_columns(table)] == []


def empty_columns(table: Table) -> list[str]:
    """Headers below which nothing stands."""
    columns = [table.columns[place].header for place in range(len(table.columns))]
    return [header for place, header in enumerate(columns) if not any(row[place] for row in table.rows)]


def test_it_is_the_same_as_csv(administrator):
    make_the_municipalities()
    first = elsewhere(make_full_plan, lambda draft: zip_of_csv(tables_of(draft)))

    assert taken_in(read(first, "plan.zip"), administrator).faults == ()

    assert zip_of_csv(tables_of(Revision.objects.get())) == first


def test_what_stands_there_already_is_left_alone(administrator):
    make_the_municipalities()
    draft = make_full_plan()
    before = {model: model.history.count() for model in (Plan, Revision, Challenge, Activity, Indicator)}

    told = taken_in(book_of(draft), administrator, draft)

    assert told.changes_nothing
    assert told.counts[Deed.UNCHANGED] == told.in_the_file
    assert {model: model.history.count() for model in before} == before


def everything_told(revision: Revision) -> tuple[Any, str]:
    """The plan's data and the text of its PDF, once it has been published."""
    data = Client().get(f"/planer/{revision.plan.slug}/data.json").json()
    for indicator in data["indicators"]:
        del indicator["outcomes"]
    pdf = bytes(Publication.objects.get(document=revision.document).pdf)
    return json.dumps(data), body_of(pages_of(pdf))


def test_4m_from_its_workbook_is_the_same_plan_once_it_is_adopted(administrator):
    call_command("loaddata", "organisations", verbosity=0)

    def publish(revision: Revision) -> Any:
        publish_revision(revision, by="Någon")
        return xlsx(tables_of(revision)), everything_told(revision)

    workbook, original = elsewhere(seeded("4m"), publish)
    told = taken_in(read(workbook, "4m.xlsx"), administrator)
    draft = Revision.objects.get(plan__slug="4m")
    adopt(draft, seen=proposal(draft)[0], by=administrator)

    assert told.counts[Deed.NEW] == told.in_the_file - 1  # the draft was begun by the file
    assert everything_told(draft) == original


def test_an_empty_template_has_every_column_with_help_and_lists_and_nothing_to_import(administrator):
    draft = make_draft()
    work = Work(draft.plan, draft, by=administrator)
    tables = empty_tables(work, offered_names(work))

    told = taken_in(read(xlsx(tables), "mall.xlsx"), administrator, draft)

    assert (told.in_the_file, told.faults) == (0, ())
    [explains, *sheets] = tables
    assert {row[0] for row in explains.rows} == {table.name for table in sheets}
    assert len(explains.rows) == sum(len(table.columns) for table in sheets)
    lists = {column.header: column.choices for table in sheets for column in table.columns if column.choices}
    assert lists["Del"] == ("Huvudansvarig", "Medverkar")


# What comes in


@pytest.fixture
def draft() -> Revision:
    """A draft with a challenge, a goal and two activities."""
    make_the_municipalities()
    return make_full_plan()


def activities(*rows: dict[str, str], without: Iterable[str] = ()) -> Book:
    """A book with activities alone."""
    headers = tuple(dict.fromkeys(header for row in rows for header in row))
    return Book((Sheet("Aktiviteter", headers, lines_of(headers, rows)),))


def test_rows_without_a_key_get_one_and_stand_last(draft, administrator):
    told = taken_in(activities(*[{"Utmaning": "u-1", "Aktivitet": "Samma titel"}] * 3), administrator, draft)

    rows = Activity.objects.filter(revision=draft, title="Samma titel").order_by("order")
    assert [row.key for row in rows] == ["samma-titel", "samma-titel-2", "samma-titel-3"]
    assert min(row.order for row in rows) > 9
    assert told.counts[Deed.NEW] == 3


def test_what_a_row_hangs_below_is_known_by_key_or_by_its_words(draft, administrator):
    challenge = Challenge.objects.get(revision=draft, key="u-2")
    taken_in(activities({"Utmaning": challenge.title.upper(), "Aktivitet": "Ny"}), administrator, draft)

    assert Activity.objects.get(title="Ny").challenge == challenge


def test_a_changed_row_tells_its_fields_before_and_after(draft, administrator):
    book = changed(
        book_of(draft), "Aktiviteter", lambda rows: rows[0].update({"Till år": "2020", "Rubrik": ""})
    )
    told = taken_in(book, administrator, draft)

    [sheet] = [each for each in told.sheets if each.changes]
    [row] = sheet.of(Deed.CHANGED)
    assert [(cell.column, cell.before, cell.after) for cell in row.cells] == [
        ("Rubrik", "Möten", ""),
        ("Till år", "2019", "2020"),
    ]


def test_columns_that_the_file_lacks_are_left_as_they_are(draft, administrator):
    row = {"Nyckel": "akt-1", "Utmaning": "u-1", "Aktivitet": "Ett annat namn"}
    told = taken_in(activities(row), administrator, draft)

    activity = Activity.objects.get(revision=draft, key="akt-1")
    assert (activity.title, activity.description, activity.first_year) == ("Ett annat namn", MARKDOWN, 2017)
    assert "Beskrivning" in told.sheets[0].remarks[0]


def test_every_row_that_is_saved_tells_the_log_who_and_why(administrator):
    make_the_municipalities()
    first = elsewhere(make_full_plan, book_of)
    taken_in(first, administrator)

    assert set(history_of(Plan)) == {("+", administrator.email, WHY), ("~", administrator.email, WHY)}
    for model in (Challenge, Goal, Activity, Responsibility, Indicator):
        assert history_of(model) == {("+", administrator.email, WHY): model.objects.count()}


def test_all_that_is_wrong_is_told_at_once_with_its_place_and_nothing_is_kept(draft, administrator):
    before = book_of(draft)

    def spoil(rows: list[dict[str, str]]) -> None:
        rows[0].update({"Från år": "tjugohundra", "Till år": "1"})
        rows[1].update({"Utmaning": "finns-inte"})
        rows[2].update({"Aktivitet": ""})
        rows[3].update({"Nyckel": rows[0]["Nyckel"]})

    book = changed(before, "Aktiviteter", spoil)
    book = changed(book, "Ansvariga", lambda rows: rows[0].update({"Organisation": "Ingen"}))
    book = changed(book, "Målvärden", lambda rows: rows[0].update({"Över vem": "Alla", "Målvärde": "mycket"}))
    book = changed(book, "Plan", lambda rows: rows[0].update({"Till år": "2000"}))
    told = taken_in(book, administrator, draft)

    assert told_of(told) == [
        ("Plan", 2, ""),
        ("Målvärden", 2, "Över vem"),
        ("Målvärden", 2, "Målvärde"),
        ("Aktiviteter", 2, "Från år"),
        ("Aktiviteter", 2, "Till år"),
        ("Aktiviteter", 3, "Utmaning"),
        ("Aktiviteter", 4, "Aktivitet"),
        ("Aktiviteter", 5, "Nyckel"),
        ("Ansvariga", 2, "Organisation"),
    ]
    assert book_of(draft) == before
    assert in_the_file(told) == sum(len(sheet.lines) for sheet in book.sheets if sheet.name != "Läs mig")


def in_the_file(told: Told) -> int:
    """Rows that were created, changed, unchanged or refused."""
    return sum(told.counts[deed] for deed in IN_THE_FILE)


def test_rows_below_one_that_is_refused_say_so(draft, administrator):
    book = changed(
        book_of(draft), "Utmaningar", lambda rows: rows[0].update({"Utmaning": "", "Nyckel": "helt-ny"})
    )
    book = changed(book, "Mål", lambda rows: rows[0].update({"Utmaning": "helt-ny"}))
    told = taken_in(book, administrator, draft)

    [challenge, goal] = told.faults
    assert (challenge.sheet, goal.sheet) == ("Utmaningar", "Mål")
    assert f"bladet Utmaningar, rad {challenge.row}" in goal.says


@pytest.mark.parametrize(
    ("spoil", "column"),
    [
        (lambda row: {**row, "Okänd": "x"}, "Okänd"),
        (lambda row: {name: cell for name, cell in row.items() if name != "Aktivitet"}, "Aktivitet"),
    ],
    ids=["unknown", "missing"],
)
def test_columns_are_known_and_those_that_are_needed_are_there(draft, administrator, spoil, column):
    def all_rows(rows: list[dict[str, str]]) -> None:
        rows[:] = [spoil(row) for row in rows]

    told = taken_in(changed(book_of(draft), "Aktiviteter", all_rows), administrator, draft)

    assert told_of(told)[0] == ("Aktiviteter", 0, column)
    [sheet] = [each for each in told.sheets if each.name == "Aktiviteter"]
    assert sheet.counts[Deed.REFUSED] == sheet.in_the_file == 4


def test_sheets_that_belong_to_nothing_or_come_twice_are_told(draft, administrator):
    book = book_of(draft)
    [terms] = [sheet for sheet in book.sheets if sheet.name == "Ordförklaringar"]
    told = taken_in(
        Book((*book.sheets, terms, Sheet("Blad1", ("A",), (Line(2, ("b",)),)))), administrator, draft
    )

    assert told_of(told) == [("Ordförklaringar", 0, ""), ("Blad1", 0, "")]
    assert in_the_file(told) == sum(len(sheet.lines) for sheet in book.sheets if sheet.name != "Läs mig") + 3


def test_without_removing_what_the_file_lacks_stays_and_is_told(draft, administrator):
    book = changed(book_of(draft), "Ordförklaringar", lambda rows: rows.pop())
    told = taken_in(book, administrator, draft)

    assert told.counts[Deed.LEFT] == 1
    assert draft.term_rows.count() == 2


def test_removing_takes_away_what_the_file_lacks_with_who_answers_for_it(draft, administrator):
    book = changed(book_of(draft), "Aktiviteter", lambda rows: rows.pop(0))

    def without_the_first(rows: list[dict[str, str]]) -> None:
        rows[:] = [row for row in rows if not row["Nyckel"].endswith("-1")]

    book = changed(book, "Ansvariga", without_the_first)
    told = taken_in(book, administrator, draft, removes=True)

    assert told.faults == ()
    assert told.counts[Deed.REMOVED] == 3
    assert not Activity.objects.filter(revision=draft, key="akt-1").exists()
    assert history_of(Activity)["-", administrator.email, WHY] == 1
    assert book_of(draft) == book


def test_what_others_stand_below_is_not_removed_without_them(draft, administrator):
    book = changed(book_of(draft), "Utmaningar", lambda rows: rows.pop(0))
    told = taken_in(book, administrator, draft, removes=True)

    assert {fault.sheet for fault in told.faults} == {"Mål", "Aktiviteter", "Utmaningar"} & {
        fault.sheet for fault in told.faults
    }
    assert "kan inte bli kvar utan den" in told.faults[-1].says
    assert draft.challenge_rows.count() == 2


# Who may what


@pytest.fixture
def editor(draft: Revision) -> User:
    return make_user(Role.EDITOR, draft.plan.owner)


def test_an_editor_may_change_rows_and_not_the_plan_itself(draft, editor):
    told = taken_in(
        changed(book_of(draft), "Plan", lambda rows: rows[0].update({"Titel": "Min plan"})), editor, draft
    )

    assert told_of(told) == [("Plan", 2, "")]
    assert taken_in(book_of(draft), editor, draft).changes_nothing


def test_an_editor_never_learns_of_indicators_or_organisations_that_only_another_plan_knows(draft, editor):
    hidden = make_indicator(name="Hemligt mått", slug="hemligt")
    make_target(make_goal(make_challenge(make_draft())), indicator=hidden)
    make_organisation("Hemligt bolag", key="hemligt-bolag")

    def ask(rows: list[dict[str, str]]) -> None:
        rows[0].update({"Indikator": "hemligt"})
        rows[1].update({"Indikator": "finns-inte"})

    told = taken_in(changed(book_of(draft), "Målvärden", ask), editor, draft)
    asked, nothing = [fault.says for fault in told.faults]
    assert asked.replace("hemligt", "") == nothing.replace("finns-inte", "")

    def answer(rows: list[dict[str, str]]) -> None:
        rows[0].update({"Organisation": "Hemligt bolag"})
        rows[1].update({"Organisation": "Inget bolag"})

    told = taken_in(changed(book_of(draft), "Ansvariga", answer), editor, draft)
    asked, nothing = [fault.says for fault in told.faults]
    assert asked.replace("Hemligt", "") == nothing.replace("Inget", "")


def test_what_an_adopted_plan_measures_is_changed_by_administrators_alone(draft, editor, administrator):
    indicator = Indicator.objects.get(short_name="NKI")
    make_target(make_goal(make_challenge(make_revision())), indicator=indicator)
    book = changed(book_of(draft), "Indikatorer", lambda rows: rows[0].update({"Enhet": "poäng"}))

    assert told_of(taken_in(book, editor, draft)) == [("Indikatorer", 2, "Enhet")]
    told = taken_in(book, administrator, draft)
    assert told.faults == ()
    assert "gäller genast" in told.remarks[0]


def test_a_row_of_a_decided_target_needs_its_reason_as_on_the_page(administrator):
    make_the_municipalities()
    decided = make_full_plan()
    Revision.objects.filter(pk=decided.pk).update(state="adopted")
    plan = Plan.objects.get()
    draft = make_draft(plan, year=2018, based_on=Revision.objects.get(pk=decided.pk))

    def ask_for_more(rows: list[dict[str, str]]) -> None:
        for row in rows:
            row.update({"Målvärde": "70", "Varför målvärdet ändras": ""})

    book = changed(book_of(decided), "Revidering", lambda rows: rows[0].update({"År": "2018"}))
    told = taken_in(changed(book, "Målvärden", ask_for_more), administrator, draft)

    assert {place[::2] for place in told_of(told)} == {("Målvärden", "Varför målvärdet ändras")}
    assert len(told.faults) == 4
