"""Reads the tables of this folder: what each person is answered at each address.

A table begins with its people. Then come groups: a sentence, a row of answers with one for each person (one
for all of them, and a point where it is the same as to the left), and the addresses that give them, indented.
`{our-person}` stands for what the database chose.

An answer is a status. `log-in` leads to log in and back; `step` to set up a second step; `typed` refuses for
either reason and gives back what was typed; `→/address/` leads elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.rights.world import PEOPLE

ANSWER = re.compile(r"\d{3}|log-in|step|typed|[.-]|→\S*")
FOLDER = Path(__file__).parent

FILES = (".atom", ".csv", ".json", ".pdf", ".rdf", ".txt", ".xlsx", ".zip")
"""How addresses end of what a browser saves or shows by means of its own."""


LEAD_TO_FILES = ("/datasets/dcat",)


def is_page(address: str) -> bool:
    return not address.partition("?")[0].endswith((*FILES, *LEAD_TO_FILES))


@dataclass(frozen=True)
class Line:
    """What everyone is answered at an address."""

    address: str
    answers: dict[str, str]


def groups(name: str) -> list[tuple[list[str], list[str]]]:
    """The file's rows of answers, the first one its columns, each with the words indented below it."""
    found: list[tuple[list[str], list[str]]] = []
    for text in (FOLDER / name).read_text().splitlines():
        words = text.split()
        if not words or text[0] == "#":
            continue
        if text.startswith("    "):
            found[-1][1].extend(words)
        elif not found or all(ANSWER.fullmatch(word) for word in words):
            found.append((words, []))
    return found


def read_table(name: str) -> list[Line]:
    """What everyone is answered at each address, by a file of this folder."""
    (people, _none), *answers = groups(name)
    assert people == list(PEOPLE), f"{name} has other people than the world"
    lines = []
    for words, stated in answers:
        cells = words * len(people) if len(words) == 1 else list(words)
        for place, cell in enumerate(cells):
            cells[place] = cells[place - 1] if cell == "." else cell
        row = dict(zip(people, cells, strict=True))
        lines += [Line(address, row) for address in stated]
    counted = Counter(line.address for line in lines)
    twice = [address for address, times in counted.items() if times > 1]
    assert not twice, f"{name} has {twice} twice"
    return lines
