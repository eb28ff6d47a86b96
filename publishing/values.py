"""Values out of JSON, with their types: what was frozen, told or fetched becomes dataclasses again."""

from __future__ import annotations

from threading import Lock
from typing import Any, TypeVar, cast

import msgspec

Value = TypeVar("Value")

_learning = Lock()
_learnt: dict[Any, msgspec.json.Decoder[Any]] = {}


def read_json(content: str | bytes | msgspec.Raw, kind: type[Value]) -> Value:
    """The value that the JSON is of. Raises msgspec.ValidationError, or DecodeError for what is no JSON."""
    return cast(Value, decoder_of(kind).decode(content))


def read_plain(value: Any, kind: type[Value]) -> Value:
    """The same of plain values, such as a dict. Raises msgspec.ValidationError."""
    decoder_of(kind)
    return msgspec.convert(value, kind)


def decoder_of(kind: type[Any]) -> msgspec.json.Decoder[Any]:
    """One for each kind, made by one thread at a time.

    Two that ask msgspec 0.22 for a kind that it hasn't met, in the same moment, make the whole process crash:
    one of them uses what the other hasn't finished.
    """
    with _learning:
        if kind not in _learnt:
            _learnt[kind] = msgspec.json.Decoder(kind)
        return _learnt[kind]
