"""Which log-in services there are: read from the environment, never from the database.

The settings read this before Django is ready, so it knows nothing of models and its sentences aren't marked
for translation.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

TEXTS = ("id", "name", "organisation", "server", "client_id", "client_secret")
"""What must be said of every service."""

RESERVED = frozenset({"avbruten", "fel", "nytt"})
"""Addresses beside the services' own, which no service may take the place of."""

THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Service:
    """An organisation's own log-in service: an OpenID provider.

    `id` stands in the service's address here and in the rows of those who log in by it, so it never changes.
    `organisation` is the key of the one organisation whose roles count when it has let someone in.
    `server` is its issuer, without the path to its configuration and without a last slash.
    `second_factor` tells that it asks everyone for one itself.
    `origins` are the sites that it may show on the way; its own unless told otherwise.
    """

    id: str
    name: str
    organisation: str
    server: str
    client_id: str
    client_secret: str = field(repr=False)
    second_factor: bool = False
    origins: tuple[str, ...] = ()


def read_services(text: str) -> tuple[Service, ...]:
    """The services of `OIDC_PROVIDERS`, a list in JSON; none for an empty text.

    Raises ValueError with what is wrong, as the rest of a Swedish sentence that begins with the variable.
    """
    if not text.strip():
        return ()
    try:
        listed = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"är inte JSON (rad {error.lineno}, tecken {error.colno}).") from None
    if not isinstance(listed, list):
        raise ValueError("ska vara en lista: [{…}, {…}].")
    services = tuple(read_service(each, number) for number, each in enumerate(listed, start=1))
    for value in (ids := [service.id for service in services]):
        if ids.count(value) > 1:
            raise ValueError(f"har två tjänster med id {value}. Varje tjänst ska ha ett eget.")
    return services


def read_service(listed: Any, number: int) -> Service:
    """One service of the list; `number` tells its place in it, from 1."""
    where = f"är fel i tjänst {number}:"
    if not isinstance(listed, dict):
        raise ValueError(f"{where} den ska stå inom klamrar: {{…}}.")
    for name in TEXTS:
        if not isinstance(listed.get(name), str) or not listed[name].strip():
            raise ValueError(f"{where} {name} saknas, eller är inte en text.")
    if unknown := sorted(set(listed) - set(Service.__dataclass_fields__)):
        raise ValueError(f"{where} det finns inget som heter {unknown[0]}.")
    if not re.fullmatch(r"[a-z0-9-]{1,60}", listed["id"]) or listed["id"] in RESERVED:
        raise ValueError(
            f"{where} id ska vara små bokstäver a–z, siffror och bindestreck, till exempel vasteras."
        )
    if not isinstance(listed.get("second_factor", False), bool):
        raise ValueError(f"{where} second_factor ska vara true eller false.")

    server = listed["server"].rstrip("/")
    if not is_secure(server) or "/.well-known/" in server:
        raise ValueError(
            f"{where} server ska vara utfärdarens adress, till exempel https://inloggning.example.se/adfs"
        )
    origins = listed.get("origins", [origin_of(server)])
    if not isinstance(origins, list) or not origins:
        raise ValueError(
            f'{where} origins ska vara en lista, till exempel ["https://inloggning.example.se"].'
        )
    for each in origins:
        if not isinstance(each, str) or not is_secure(each) or each != origin_of(each):
            raise ValueError(
                f"{where} {each} i origins ska vara en webbplats utan sökväg, "
                "till exempel https://inloggning.example.se"
            )
    return Service(**listed | {"server": server, "origins": tuple(origins)})


def is_secure(address: str) -> bool:
    """Whether it is an https address and nothing else; on this machine http will do."""
    try:
        parts = urlsplit(address)
        plain = not (
            parts.query or parts.fragment or "@" in parts.netloc or re.search(r"[\s;,'\"*\\]", address)
        )
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    return (
        plain
        and bool(host)
        and (parts.scheme == "https" or (parts.scheme == "http" and host in THIS_MACHINE))
    )


def origin_of(address: str) -> str:
    """The site of an address: scheme, host and port, in lower case."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()
