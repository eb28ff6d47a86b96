"""A plan's workbook through the pages: what would happen first, and that alone once it is confirmed."""

from __future__ import annotations

from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from actionplan.importing import INTO_DRAFT as INTO
from actionplan.importing import carry_out, look_through
from actionplan.models import Activity, Plan, Revision
from actionplan.workbook.exporting import tables_of
from exchange.models import Stage, Upload
from exchange.reading import read
from exchange.steps import keep
from exchange.telling import told_of
from exchange.writing import xlsx
from municipalities.models import Role, User
from tests.builders import (
    make_activity,
    make_administrator,
    make_challenge,
    make_draft,
    make_plan,
    make_revision,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Revision:
    plan = make_plan(slug="plan", title="Planen")
    draft = make_draft(plan, year=2016)
    make_activity(make_challenge(draft, key="u"), key="a", title="Aktiviteten")
    return draft


@pytest.fixture
def editor(draft: Revision) -> User:
    return make_user(Role.EDITOR, draft.plan.owner)


@pytest.fixture
def client(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    return client


def a_file(content: bytes | str, name: str = "Aktiviteter.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


INTO_DRAFT = "/planer/plan/utkast/las-in/"


def send(client: Client, content: bytes | str, address: str = INTO_DRAFT, **fields: Any) -> Any:
    """The page that sending a file leads to, and where it is."""
    name = fields.pop("name", "Aktiviteter.csv")
    answer = client.post(address, {"file": a_file(content, name), **fields})
    assert answer.status_code == 302, answer.content.decode()
    return client.get(answer["Location"]), answer["Location"]


def say_yes(client: Client, page: Any, where: str) -> Any:
    told = page.context["told"]
    return client.post(where, {"answer": "yes", "mark": told.mark}, follow=True)


NEW = "Utmaning;Aktivitet\r\nu;En ny\r\n"


def test_a_file_is_told_of_first_and_imported_when_it_is_answered_yes(client, draft, editor):
    page, where = send(client, NEW)

    assert "Ska filen läsas in?" in page.content.decode()
    assert Activity.objects.count() == 1

    page = say_yes(client, page, where)

    assert "Filen är inläst" in page.content.decode()
    assert 'href="/planer/plan/utkast/"' in page.content.decode()
    line = Activity.history.get(title="En ny")
    assert (line.history_user, line.history_change_reason) == (editor, "Inläst från Aktiviteter.csv")
    assert bytes(Upload.objects.get().content) == b""


def test_it_is_imported_once_however_often_it_is_answered(client, draft):
    page, where = send(client, NEW)
    for _ in range(3):
        say_yes(client, page, where)

    assert Activity.objects.filter(title="En ny").count() == 1


def test_no_forgets_the_file(client, draft):
    _page, where = send(client, NEW)
    answer = client.post(where, {"answer": "no"}, follow=True)

    assert "Inget lästes in" in answer.content.decode()
    assert (Upload.objects.count(), Activity.objects.count()) == (0, 1)


def test_what_is_wrong_is_told_by_place_and_there_is_nothing_to_say_yes_to(client, draft):
    page, where = send(client, "Utmaning;Aktivitet;Till år\r\nu;En ny;snart\r\n")
    told = page.content.decode()

    assert "Något i filen behöver rättas" in told
    assert "Rad 2" in told
    assert "Skriv ett år, till exempel 2017." in told
    say_yes(client, page, where)
    assert Activity.objects.count() == 1


def test_a_file_that_cannot_be_read_says_why(client, draft):
    page, _where = send(client, b"%PDF-1.7", name="plan.pdf")

    assert "Något i filen behöver rättas" in page.content.decode()
    assert "Filen är en PDF." in page.content.decode()


def test_a_change_by_somebody_else_meanwhile_is_shown_before_anything_is_imported(client, draft):
    page, where = send(client, "Nyckel;Utmaning;Aktivitet\r\na;u;Ett annat namn\r\n")
    Activity.objects.update(title="Vad någon annan skrev")

    page = say_yes(client, page, where)

    assert "Något har ändrats sedan du såg" in page.content.decode()
    assert "Vad någon annan skrev" in page.content.decode()
    assert Activity.objects.get().title == "Vad någon annan skrev"
    say_yes(client, page, where)
    assert Activity.objects.get().title == "Ett annat namn"


def test_a_draft_that_is_adopted_or_thrown_away_meanwhile_takes_nothing(client, draft):
    page, where = send(client, NEW)
    Revision.objects.update(state="adopted")

    page = say_yes(client, page, where)

    assert "Filen lästes inte in" in page.content.decode()
    assert Activity.objects.count() == 1


def test_one_who_is_no_longer_an_editor_imports_nothing(client, draft, editor):
    send(client, NEW)
    upload = Upload.objects.get()
    Upload.objects.filter(pk=upload.pk).update(stage=Stage.SAVING)
    editor.memberships.all().delete()
    carry_out.enqueue(str(upload.pk), "draft")

    upload.refresh_from_db()
    assert upload.stage == Stage.FAILED
    assert "inte behörighet" in upload.problem
    assert Activity.objects.count() == 1


def test_what_is_not_in_the_file_is_removed_only_when_that_is_asked(client, draft):
    page, where = send(client, NEW)
    assert page.context["told"].counts["left"] == 1
    page, where = send(client, NEW, removes="on")
    assert page.context["told"].counts["removed"] == 1

    say_yes(client, page, where)

    assert [each.title for each in Activity.objects.all()] == ["En ny"]


def test_the_workbook_that_is_fetched_says_what_stands_there(client, draft):
    answer = client.get("/planer/plan/utkast/plan.xlsx")
    page, _where = send(client, answer.content, name="plan.xlsx")

    assert "Filen säger samma sak som portalen" in page.content.decode()
    assert answer["Content-Disposition"] == 'attachment; filename="plan-2016-arbetsmaterial.xlsx"'


def test_a_plan_as_decided_is_everyones_as_a_workbook_and_as_csv(draft):
    decided = make_revision(make_plan(slug="beslutad"), year=2016)
    make_challenge(decided, title="Utmaningen")

    workbook = Client().get("/planer/beslutad/revideringar/2016.xlsx")
    tables = Client().get("/planer/beslutad/revideringar/2016.zip")

    assert read(workbook.content, "x.xlsx") == read(tables.content, "x.zip")
    assert workbook.content == xlsx(tables_of(decided))
    assert Client().get("/planer/plan/revideringar/2016.xlsx").status_code == 404


def test_a_text_that_is_too_long_for_a_workbook_comes_as_csv():
    decided = make_revision(make_plan(slug="beslutad"), year=2016)
    make_challenge(decided, title="Utmaningen", text="Ord. " * 8_000)

    answer = Client().get("/planer/beslutad/revideringar/2016.xlsx")

    assert answer["Content-Disposition"] == 'attachment; filename="beslutad-2016.zip"'
    assert "Utmaningen" in str(read_csv(answer.content))


def read_csv(content: bytes) -> list[str]:
    with ZipFile(BytesIO(content)) as archive:
        return [archive.read(name).decode() for name in archive.namelist()]


def test_an_administrator_adds_a_plan_from_a_workbook_and_nobody_else_does(client, draft):
    workbook = xlsx(tables_of(draft))
    administrator = Client()
    administrator.force_login(make_administrator())
    page, _where = send(administrator, workbook, "/ny-plan/las-in/", name="plan.xlsx")
    assert page.context["told"].faults[0].column == "Adress"  # which is taken

    Plan.objects.filter(pk=draft.plan.pk).update(slug="gammal")
    page, where = send(administrator, workbook, "/ny-plan/las-in/", name="plan.xlsx")
    page = say_yes(administrator, page, where)

    assert 'href="/planer/plan/utkast/"' in page.content.decode()
    assert Activity.objects.filter(revision__plan__slug="plan", key="a").exists()
    assert client.post("/ny-plan/las-in/", {"file": a_file(workbook)}).status_code == 403


def test_a_file_belongs_to_its_sender_alone(client, draft):
    _page, where = send(client, NEW)
    another = Client()
    another.force_login(make_user(Role.EDITOR, draft.plan.owner))

    assert another.get(where).status_code == 404
    assert another.post(where, {"answer": "yes"}).status_code == 404


def test_what_a_log_in_service_lets_in_imports_no_more_than_it_may_itself(draft, editor):
    editor.is_administrator = True
    editor.save()
    told = []
    for editor.confined_to in (None, draft.plan.owner.key, "en-annan"):
        row = f"plan;En annan;Plan;{draft.plan.owner.key};2015"
        table = a_file(f"Adress;Titel;Dokumenttyp;Ägare;Från år\r\n{row}\r\n", "Plan.csv")
        upload = keep(table, purpose=INTO, about="plan", by=editor, asked={"draft": draft.pk})
        look_through.enqueue(str(upload.pk), INTO)
        upload.refresh_from_db()
        told.append(upload)

    administrator, confined, stranger = told
    assert told_of(administrator.told).faults == ()
    assert [fault.says for fault in told_of(confined.told).faults] == [
        "Bara en administratör kan ändra det här. Lämna raden som den är."
    ]
    assert (stranger.stage, "inte behörighet" in stranger.problem) == (Stage.FAILED, True)
    assert [*Upload.objects.of(editor, INTO, "plan")] == [stranger]  # who can't answer the others' either


# The same by commands


def run(name: str, *arguments: str) -> str:
    told = StringIO()
    call_command(name, *arguments, stdout=told)
    return told.getvalue()


def test_the_commands_take_a_plan_out_and_in_again(draft, tmp_path):
    administrator = make_administrator()
    file = tmp_path / "plan.xlsx"
    run("export_plan", "plan", "--year", "2016", "--output", str(file))
    Plan.objects.filter(slug="plan").update(slug="gammal")

    told = run("import_plan", str(file), "--plan", "plan", "--year", "2016", "--dry-run")
    assert "Inget är inläst" in told
    assert not Plan.objects.filter(slug="plan").exists()

    run("import_plan", str(file), "--plan", "plan", "--year", "2016")
    activity = Activity.objects.get(revision__plan__slug="plan")
    assert activity.history.get().history_user == administrator
    assert activity.history.get().history_change_reason == "Inläst från plan.xlsx"
    again = tmp_path / "again.xlsx"
    run("export_plan", "plan", "--year", "2016", "--output", str(again))
    assert again.read_bytes() == file.read_bytes()


@pytest.mark.parametrize(
    ("content", "arguments", "says"),
    [
        ("Utmaning;Aktivitet\r\nfinns-inte;Ny\r\n", ("plan", "2016"), "Aktiviteter, rad 2, Utmaning: Utm"),
        (NEW, ("plan", "2017"), "Arbetsmaterialet är för 2016, inte 2017."),
        (NEW, ("ny", "2016"), "Plan: En ny plan behöver bladet Plan, med en rad."),
        ("\0", ("plan", "2016"), "Inget är inläst."),
    ],
    ids=["a row", "another year", "no plan", "no file of that kind"],
)
def test_the_command_says_what_is_wrong_and_leaves_everything(draft, tmp_path, content, arguments, says):
    make_administrator()
    file = tmp_path / "Aktiviteter.csv"
    file.write_text(content)
    plan, year = arguments

    with pytest.raises(CommandError) as refusal:
        run("import_plan", str(file), "--plan", plan, "--year", year)

    assert says in str(refusal.value)
    assert (Activity.objects.count(), Plan.objects.count(), Revision.objects.count()) == (1, 1, 1)
