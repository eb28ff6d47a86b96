"""Every address that the portal has, as its URL patterns tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, resolve


@dataclass(frozen=True)
class Address:
    """A URL pattern: by which name the table of rights knows it, and what stands in it."""

    name: str
    namespace: str
    pattern: str
    parameters: tuple[str, ...]

    @property
    def full_name(self) -> str:
        return f"{self.namespace}:{self.name}" if self.namespace else self.name

    @property
    def right(self) -> str:
        """What it is called in portal.rights.RIGHTS: an app with a name of its own goes by that."""
        return self.namespace or self.name


def addresses(resolver: URLResolver | None = None) -> Iterator[Address]:
    yield from _inside(resolver or get_resolver(), "", "", ())


def _inside(
    resolver: URLResolver, namespace: str, before: str, parameters: tuple[str, ...]
) -> Iterator[Address]:
    for each in resolver.url_patterns:
        pattern = before + str(each.pattern)
        inside = (*parameters, *each.pattern.regex.groupindex)
        if isinstance(each, URLPattern):
            unnamed = each.pattern.regex.groups - len(each.pattern.regex.groupindex)
            numbered = tuple(str(number) for number in range(unnamed))
            yield Address(each.name or "", namespace, pattern, (*inside, *numbered))
        else:
            yield from _inside(each, each.namespace or namespace, pattern, inside)


def name_of(path: str) -> str:
    """The name by which the tables know the address `/planer/4m/`."""
    return resolve(path).view_name


def parameters_of(path: str) -> dict[str, str]:
    """What stands in `path` for each parameter of its address."""
    match = resolve(path)
    numbered = {str(number): value for number, value in enumerate(match.args)}
    return {name: str(value) for name, value in {**numbered, **match.kwargs}.items()}
