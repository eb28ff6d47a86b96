"""Everything out: what is in the files is what is in the database, whole, explained, and nothing secret."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import stat
import subprocess
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone, translation

from actionplan.models import Revision
from actionplan.workbook.exporting import tables_of
from exchange.writing import as_text
from followup.models import Outcome
from municipalities.models import Invitation, User
from portal.archive.columns import as_cell, columns_of
from portal.archive.contents import kept_tables
from portal.archive.everything import export_all
from portal.archive.plans import named
from portal.archive.tables import safe
from publishing.files import NotWritten
from publishing.models import Publication
from publishing.tables import written
from tests.builders import PASSWORD, make_plan, make_publication, make_revision
from tests.portal.archive.world import MARKER, files_in, make_world, rows_in, secrets

pytestmark = pytest.mark.django_db

OF_THE_TIME = {"README.txt", "datapackage.json", "SHA256SUMS"}
"""The files that say when it was written, and vouch for those that do."""


def nothing(_rows: int) -> None:
    """Nobody wants to know how far it has come."""


@pytest.fixture(scope="module")
def exported(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Path]:
    """Both plans, the example years and something of everything, in a folder: made once for all tests."""
    folder = tmp_path_factory.mktemp("archive") / "allt"
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loaddata", "organisations", "4m", "botkyrka", "nki", "demo", verbosity=0)
        make_world()
        with translation.override("en"):
            export_all(folder, nothing)
        yield folder
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def world(exported: Path, db) -> None:
    """What has been exported is in the database, too."""


def read_back(field: Any, value: Any) -> Any:
    """A value of the archive, as another system would understand it: by the column's type alone."""
    if value is None:
        return None
    match field.get_internal_type():
        case "DecimalField":
            assert isinstance(value, str)
            return Decimal(value)
        case "DateTimeField":
            return datetime.fromisoformat(value)
        case "DateField":
            return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    return value


def test_every_value_of_every_row_comes_back_as_it_was(exported: Path):
    for kept in kept_tables():
        fields = {field.attname: field for field in kept.model._meta.concrete_fields}
        names = [column.name for column in columns_of(kept)]
        rows = rows_in(exported, f"{kept.folder}/{kept.name}.jsonl")
        there = list(kept.model._base_manager.order_by("pk"))

        assert len(rows) == len(there) > 0, kept.name
        for row, thing in zip(rows, there, strict=True):
            assert list(row) == names
            for name in fields.keys() & set(names):
                assert read_back(fields[name], row[name]) == getattr(thing, name), f"{kept.name}.{name}"


def test_the_tables_as_csv_have_the_same_rows(exported: Path):
    for kept in kept_tables():
        text = (exported / f"{kept.folder}/{kept.name}.csv").read_bytes().decode()
        headers, *rows = csv.reader(StringIO(text, newline=""), strict=True)
        lines = rows_in(exported, f"{kept.folder}/{kept.name}.jsonl")

        assert headers == list(lines[0]), kept.name
        numbers = {column.name for column in columns_of(kept) if column.kind == "number"}
        for row, line in zip(rows, lines, strict=True):
            values = {name: Decimal(line[name]) for name in numbers if line[name] is not None}
            assert row == [written(as_cell(value)) for value in (line | values).values()], kept.name


def test_what_a_spreadsheet_would_run_is_text_in_csv_and_itself_in_json(exported: Path):
    [title] = [
        row["title"]
        for row in rows_in(exported, "tabeller/actionplan_activity.jsonl")
        if row["title"][0] == "-"
    ]
    text = (exported / "tabeller/actionplan_activity.csv").read_text()

    assert title == "-5 grader"
    assert ",'-5 grader," in text


def test_the_editions_files_are_byte_for_byte_what_was_published(exported: Path):
    rows = rows_in(exported, "tabeller/publishing_publication.jsonl")

    for row, edition in zip(rows, Publication.objects.order_by("pk"), strict=True):
        assert (exported / row["content_file"]).read_bytes() == edition.content.encode()
        assert (exported / row["pdf_file"]).read_bytes() == bytes(edition.pdf)
        assert hashlib.sha256(bytes(edition.pdf)).hexdigest() == row["pdf_sha256"] == edition.pdf_sha256
    assert rows[-1]["pdf_file"] == "publiceringar/plan/uppfoljning/2016/utgava-2.pdf"


def test_each_plan_and_year_has_its_sheets_drafts_too(exported: Path):
    revisions = Revision.objects.select_related("plan__owner")

    assert {named(each) for each in revisions} == {"2016", "2018", "2017-arbetsmaterial"}
    for revision in revisions:
        folder = exported / "planer" / revision.plan.slug / named(revision)
        sheets = {
            path.stem: list(csv.reader(StringIO(path.read_bytes().decode(), newline="")))
            for path in folder.iterdir()
        }
        for table in tables_of(revision)[1:]:
            _headers, *rows = next(
                each for each in sheets.values() if each[0] == [column.header for column in table.columns]
            )
            assert rows == [
                [written(as_text(cell) if not isinstance(cell, int | Decimal) else cell) for cell in row]
                for row in table.rows
            ], table.name


def test_a_correction_under_way_has_a_folder_of_its_own(tmp_path: Path):
    decided = make_revision(make_plan(slug="rattad"), year=2020)
    Revision.objects.create(plan=decided.plan, year=2020, corrects=decided, correction="Ett namn")

    export_all(tmp_path / "allt", nothing)

    assert {each.name for each in (tmp_path / "allt/planer/rattad").iterdir()} == {"2020", "2020-rattelse"}


def test_the_world_has_a_row_in_everything_that_is_left_out():
    assert len(list(secrets())) > 30


def test_no_file_holds_anything_of_what_is_left_out(exported: Path):
    files = files_in(exported)

    links = [(f"link of {each.pk}", each.token.encode()) for each in Invitation.objects.all()]
    also = [
        ("what is marked", MARKER),
        ("password", PASSWORD.encode()),
        ("key", settings.SECRET_KEY.encode()),
        ("hash", b"md5$"),
    ]
    for where, secret in [*secrets(), *links, *also]:
        assert [path for path, content in files.items() if secret in content.lower() + content] == [], where


def test_names_are_there_so_that_it_is_seen_who_said_what(exported: Path):
    people = {row["id"]: row["name"] for row in rows_in(exported, "tabeller/municipalities_user.jsonl")}
    [report] = [row for row in rows_in(exported, "tabeller/followup_statusreport.jsonl") if row["author_id"]]

    assert people[report["author_id"]] == User.objects.get(pk=report["author_id"]).name


def test_the_checksums_hold(exported: Path):
    checked = subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=exported, capture_output=True
    )

    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")
    listed = {line.split("  ", 1)[1] for line in (exported / "SHA256SUMS").read_text().splitlines()}
    assert listed == set(files_in(exported)) - {"SHA256SUMS"}


def test_a_program_finds_every_file_with_its_size_checksum_and_rows(exported: Path):
    package = json.loads((exported / "datapackage.json").read_text())
    files = files_in(exported)

    told = {each["path"]: each for each in package["resources"]}
    assert set(told) == set(files) - OF_THE_TIME
    assert len({each["name"] for each in told.values()}) == len(told)
    for path, content in files.items():
        if path in told:
            assert told[path]["bytes"] == len(content)
            assert told[path]["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        if path.endswith(".jsonl"):
            assert told[path]["rows"] == content.count(b"\n")
        if path.endswith(".csv"):
            rows = list(csv.reader(StringIO(content.decode(), newline="")))
            assert told[path]["rows"] == len(rows) - 1
            if "schema" in told[path]:
                assert [field["name"] for field in told[path]["schema"]["fields"]] == rows[0]
    keys = [
        key["reference"]["resource"]
        for each in told.values()
        for key in each.get("schema", {}).get("foreignKeys", ())
    ]
    assert set(keys) <= {each["name"] for each in told.values()}
    assert datetime.fromisoformat(package["created"]) <= timezone.now()
    assert package["portal"]["migrations"]["followup"]


def test_the_read_me_is_swedish_and_explains_each_file_and_column(exported: Path):
    text = (exported / "README.txt").read_text()
    words = " ".join(text.split())

    for kept in kept_tables():
        assert f"{kept.folder}/{kept.name} (" in text
        for column in columns_of(kept):
            assert f"  {column.name} " in text
            assert " ".join(f"{column.title}. {column.says}".split()) in words
    assert "historical" not in text.replace("_historical", "")
    assert max(map(len, text.splitlines())) <= 100
    assert "status läge. not_started = Ej påbörjad, ongoing = Pågår" in words
    assert "CC0 1.0" in text


def test_the_same_database_gives_the_same_bytes_but_for_the_time(exported: Path, tmp_path: Path):
    export_all(tmp_path / "igen", nothing)

    first, again = files_in(exported), files_in(tmp_path / "igen")
    assert set(first) == set(again)
    assert {path for path, content in first.items() if content != again[path]} <= OF_THE_TIME


def test_nobody_else_on_the_machine_may_read_it(exported: Path):
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (exported, *exported.rglob("*"))}

    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


def test_an_edition_that_is_not_what_was_published_stops_it(tmp_path: Path):
    edition = make_publication("en/annan/2019")
    edition.pk, edition.edition, edition.corrects, edition.pdf = None, 2, "Något.", b"nagot annat"
    Publication.objects.bulk_create([edition])

    with pytest.raises(NotWritten, match=r"en/annan/2019, 2 stämmer inte med sin kontrollsumma \(PDF\)"):
        export_all(tmp_path / "allt", nothing)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ("4m/uppfoljning/2016", "4m/uppfoljning/2016"),
        ("../../etc/passwd", "%2E%2E/%2E%2E/etc/passwd"),
        ("/å b\\c\n", "%/%C3%A5%20b%5Cc%0A"),
    ],
)
def test_what_an_edition_is_called_is_never_a_way_out_of_the_folder(document, path):
    assert safe(document) == path


def test_the_command_tells_what_it_wrote(tmp_path: Path, capsys):
    call_command("export_all", tmp_path / "allt")

    told = capsys.readouterr().out
    assert f"{tmp_path / 'allt'} är skriven: " in told
    assert f" {len(files_in(tmp_path / 'allt'))} filer, " in told


def test_the_command_refuses_what_is_there_already(exported: Path):
    before = files_in(exported)

    with pytest.raises(CommandError, match="Mappen är inte tom"):
        call_command("export_all", exported)

    assert files_in(exported) == before


def test_three_lines_of_python_read_a_table(exported: Path, monkeypatch, capsys):
    page = (settings.BASE_DIR / "docs/archive.md").read_text()
    [code] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(exported)

    exec(code, {})

    outcomes = Outcome.objects.order_by("-year")
    assert len([line for line in code.splitlines() if line]) == 3
    assert capsys.readouterr().out == f"{outcomes.count()} outcomes, the latest of {outcomes[0].year}\n"
