"""Damaged files are read or refused with a sentence, in little time and memory, and none comes in by half."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Model

from exchange import reading
from exchange.reading import Unreadable, read
from tests.exchange.damaged import Damaged, damaged_files
from tests.faults.sizes import FILES

SECONDS, MEGABYTES = 5, 300
"""At most so much for a file."""
CLOCK = time.monotonic if FILES >= 1000 else time.thread_time
"""At full size nothing else is run; otherwise others may keep a reader waiting until its time is out."""


class Tried(NamedTuple):
    file: Damaged
    said: str
    """What it was refused with; empty: it was read."""
    seconds: float
    broken: str
    """What went wrong, if anything did."""


def tried(
    file: Damaged, refusal: type[Exception], deed: Callable[[], object], clock: Callable[[], float]
) -> Tried:
    began, said, broken = clock(), "", ""
    try:
        deed()
    except refusal as refused:
        said = str(refused)
    except Exception as error:
        broken = f"{file}: {type(error).__name__}: {error}"[:500]
    seconds = clock() - began
    if seconds > SECONDS:
        broken = f"{file}: {seconds:.1f} s"
    return Tried(file, said, seconds, broken)


def figures(kind: str, all_tried: list[Tried]) -> str:
    refused = sum(bool(each.said) for each in all_tried)
    slowest = max(all_tried, key=lambda each: each.seconds)
    seconds = sum(each.seconds for each in all_tried)
    return (
        f"{len(all_tried)} damaged files of {kind}, {refused} refused; the slowest took "
        f"{slowest.seconds:.1f} s ({slowest.file}), all of them {seconds:.0f} s"
    )


def broken_of(all_tried: list[Tried]) -> str:
    return "\n".join(each.broken for each in all_tried if each.broken)


NEVER_READ = ("with_macros", "with_entities", "part_doubled", "zip_in_zip", "bomb")
"""Sorts of files of which none may be read."""


@pytest.fixture
def memory(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[], int]:
    """The most that any of the processes that read files has used, in MB; of those that end by themselves.

    At full size each is started as in production.
    """
    told, told_by = tmp_path / "memory", tmp_path / "reader.py"
    told.touch()
    told_by.write_text(PROGRAM_THAT_TELLS.format(reader=str(reading._READER), told=str(told)))
    request.getfixturevalue("monkeypatch").setattr(reading, "_READER", told_by)
    if FILES >= 1000:
        request.getfixturevalue("started_anew")
    return lambda: max(map(int, told.read_text().split())) // 1024


PROGRAM_THAT_TELLS = """
import re, runpy
read = runpy.run_path({reader!r})["main"]

def main():
    told, status = open({told!r}, "a"), open("/proc/self/status")
    try:
        read()
    finally:
        told.write(re.search(r"VmHWM:\\s*(\\d+)", status.read())[1] + "\\n")

if __name__ == "__main__":
    main()
"""


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_no_damaged_table_costs_more_than_a_sentence(kind, memory, tell):
    with ThreadPoolExecutor(2) as threads:
        all_tried = list(
            threads.map(
                lambda file: tried(file, Unreadable, lambda: read(file.content, file.name), CLOCK),
                damaged_files(kind, FILES),
            )
        )

    tell(f"{figures(kind, all_tried)}; at most {memory()} MB")
    assert not broken_of(all_tried)
    assert memory() <= MEGABYTES
    assert [each for each in all_tried if each.file.how in NEVER_READ and not each.said] == []


@pytest.mark.django_db
def test_no_damaged_fixture_comes_in_by_half(tmp_path, tell):
    all_tried, halves = [], []
    for file in damaged_files("json", FILES):
        path = tmp_path / file.name
        path.write_bytes(file.content)
        before = rows_of(apps.get_models())
        with transaction.atomic():
            deed = partial(call_command, "loaddata", str(path), verbosity=0)
            all_tried.append(tried(file, CommandError, deed, time.process_time))
            if all_tried[-1].said and rows_of(apps.get_models()) != before:
                halves.append(f"{file}: it was refused, and something of it came in")
            if not all_tried[-1].said and not all_tried[-1].broken:
                objects = json.loads(file.content)
                if rows_of({apps.get_model(each["model"]) for each in objects}) != len(objects):
                    halves.append(f"{file}: it was read, but not all of it")
            transaction.set_rollback(True)

    tell(figures("json", all_tried))
    assert not broken_of(all_tried)
    assert halves == []


def rows_of(models: Iterable[type[Model]]) -> int:
    return sum(model._base_manager.count() for model in models)
