"""Thousands of requests that nobody would make: the portal answers every one, and none with an error."""

from __future__ import annotations

import os
import time
from collections import Counter

import pytest

from tests.made_up.requests import MadeUp, Maker, numbers_of
from tests.made_up.sending import Portal
from tests.made_up.world import World

MANY = int(os.environ.get("MADE_UP_REQUESTS", "1000")) * 9 // 10
"""Of all; a tenth goes to a real server instead (test_raw_requests.py)."""

PARTS = 2 if MANY < 5000 else 6
SHOWN = 20
"""How many sorts of what went wrong are printed, with a request for each."""


def chosen(part: int) -> list[int]:
    """The numbers of the part's requests; MADE_UP_ONE=123 tries only that one."""
    one = os.environ.get("MADE_UP_ONE")
    return [int(each) for each in one.split(",")] if one else list(numbers_of(part, PARTS, MANY))


@pytest.mark.parametrize("part", range(PARTS))
def test_no_made_up_request_breaks_anything(part: int, seed: str, world: World) -> None:
    portal = Portal()

    def fetch(made: MadeUp) -> str:
        return portal.ask(made).body.decode(errors="replace")

    maker = Maker(seed, world, fetch)
    statuses: Counter[int] = Counter()
    wrong: dict[str, list[str]] = {}
    slow = []
    for number in chosen(part):
        made = maker.make(number)
        began = time.monotonic()
        answer = portal.ask(made)
        slow.append((time.monotonic() - began, number, made.name))
        statuses[answer.status] += 1
        if answer.faults:
            told = "\n    ".join([str(made), *answer.faults[:1]])
            wrong.setdefault(sort_of(answer.faults[0]), []).append(told)

    print(f"MADE_UP_SEED={seed}: {statuses.total()} requests, answered {dict(sorted(statuses.items()))}")
    print("The slowest:", *sorted(slow, reverse=True)[:5])
    assert not wrong, "\n\n".join(
        f"{len(alike)} × {sort}, such as {min(alike, key=len)}"
        for sort, alike in sorted(wrong.items(), key=lambda each: -len(each[1]))[:SHOWN]
    )


def sort_of(fault: str) -> str:
    """The last line of a traceback, with the last place of our own or a library's that it passed."""
    lines = fault.strip().splitlines()
    places = [line.strip() for line in lines if line.startswith("  File")]
    return " – ".join([lines[-1][:200], *places[-1:]])
