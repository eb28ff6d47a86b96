"""Values out of JSON, also when many ask for the same kind at once for the first time."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from publishing.values import read_json, read_plain

ROOT = Path(__file__).parents[2]

MANY_AT_ONCE = """
import sys
from dataclasses import make_dataclass
from threading import Barrier, Thread

from publishing.values import read_json

sys.setswitchinterval(1e-6)
below = "int"
for level in range(60):
    fields = [*((f"field_{number}", int, 0) for number in range(20)), ("below", f"tuple[{below}, ...]", ())]
    kind = make_dataclass(f"Kind{level}", fields)
    kind.__module__, below = __name__, kind.__name__
    globals()[below] = kind
together = Barrier(6)

def read():
    together.wait()
    value = read_json('{"below": [{"below": [{"field_1": 7}]}]}', Kind59)
    assert value.below[0].below[0].field_1 == 7

threads = [Thread(target=read) for _ in range(6)]
for each in threads: each.start()
for each in threads: each.join()
print("read")
"""


@dataclass(frozen=True)
class Figure:
    value: Decimal
    words: tuple[str, ...] = ()


def test_a_value_is_read_with_its_types():
    assert read_json('{"value": "74.5", "words": ["a"]}', Figure) == Figure(Decimal("74.5"), ("a",))
    assert read_plain({"value": "74.5"}, Figure) == Figure(Decimal("74.5"))


@pytest.mark.parametrize("text", ['{"value": "inget"}', "{}", "[]", "{"])
def test_what_is_of_another_kind_is_refused(text):
    with pytest.raises(msgspec.MsgspecError):
        read_json(text, Figure)


def test_many_who_ask_for_a_kind_at_once_bring_nothing_down():
    """Where each of them reads with msgspec itself, the process ends with a segmentation fault."""
    reading = subprocess.run([sys.executable, "-c", MANY_AT_ONCE], cwd=ROOT, capture_output=True, text=True)

    assert (reading.returncode, reading.stdout.strip()) == (0, "read"), reading.stderr[-2000:]
