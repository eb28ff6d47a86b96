"""The URL table as it is: every address by name, with the places where its parameters stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import get_resolver


@dataclass(frozen=True)
class Address:
    """A named address: `Address("plan", "/planer/%(plan)s/", ("plan",))`."""

    name: str
    form: str
    parameters: tuple[str, ...]

    def filled(self, values: Mapping[str, str]) -> str:
        """The path with `values`, as they stand, in its parameters' places."""
        return self.form % {name: values[name] for name in self.parameters}


def every_address() -> list[Address]:
    """All that have a name, in an order that stays; an address of two forms comes twice."""
    return sorted(_of(get_resolver(), "/", ""), key=lambda address: (address.name, address.form))


def _of(resolver: Any, prefix: str, namespace: str) -> Iterator[Address]:
    for name in resolver.reverse_dict:
        if isinstance(name, str):
            for forms, *_rest in resolver.reverse_dict.getlist(name):
                for form, parameters in forms:
                    yield Address(namespace + name, prefix + form, tuple(parameters))
    for name, (more, inner) in resolver.namespace_dict.items():
        yield from _of(inner, prefix + more, f"{namespace}{name}:")
