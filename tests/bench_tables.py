"""What plans cost as workbooks: written, read, looked through and imported."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

SIZES = (200, 2_000)
"""Rows: a plan such as 4M's has 100, and the largest file that is read 5 000 on a sheet."""


def bench_tables() -> None:
    """Prints what a plan of so many activities takes to take out, and to take in again."""
    from django.db import transaction

    from actionplan.models import Revision
    from actionplan.workbook.importing import take_in
    from actionplan.workbook.work import Work
    from exchange.reading import read
    from tests.builders import make_activity, make_administrator, make_challenge, make_draft, make_plan

    print(f"\n{'a plan as a workbook':34} {'rows':>8} {'seconds':>10} {'statements a row':>18}")
    for size in SIZES:
        with transaction.atomic():
            by, plan = make_administrator(), make_plan(slug=f"arbetsbok-{size}")
            draft = make_draft(plan, year=2016)
            challenges = [make_challenge(draft, key=f"u-{each}") for each in range(10)]
            for number in range(size - 10):
                challenge = challenges[number % 10]
                make_activity(challenge, key=f"a-{number}", description="Text. " * 30, first_year=2016)
            revision = Revision.objects.get(pk=draft.pk)
            content = told("written", size, written, revision)
            book = told("read", size, read, content, "plan.xlsx")
            draft.activity_rows.all().delete()
            draft.challenge_rows.all().delete()
            work = Work(plan, draft, by=by, why="Inläst")
            told("imported", size, take_in, work, book)
            told("looked through, unchanged", size, take_in, Work(plan, draft, by=by), book)
            transaction.set_rollback(True)


def written(revision: Any) -> bytes:
    from actionplan.workbook.exporting import tables_of
    from exchange.writing import xlsx

    return xlsx(tables_of(revision))


def told(name: str, size: int, work: Callable[..., Any], *arguments: Any) -> Any:
    """What the work gives; prints what it took."""
    from django.db import connection

    statements = 0

    def count(execute: Callable[..., Any], *asked: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*asked)

    with connection.execute_wrapper(count):
        began = time.perf_counter()
        given = work(*arguments)
        seconds = time.perf_counter() - began
    print(f"{name:34} {size:8} {seconds:10.2f} {statements / size:18.1f}")
    return given
