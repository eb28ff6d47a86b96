"""Kolada, version 3, on this machine: the real values of tests/data/kolada, and faults when it is told to.

It answers `kpi/{ids}`, `kpi?title=`, `municipality`, `municipality_groups` and
`data/kpi/{ids}/municipality/{ids}/year/{years}` under `/v3/`, in pages. A group's value is the mean of its
members', as Kolada works it out. Numbers keep the digits that they have in the files.
"""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import msgspec

DATA = Path(__file__).parents[1] / "data/kolada"
MOST_IDS = 25
NOWHERE = "http://127.0.0.1:9/v3/"
"""Where nobody answers: what tests ask that have no Kolada of their own, so that none asks the real one."""

ELSEWHERE = f"{NOWHERE}kpi"

encode = msgspec.json.Encoder(decimal_format="number").encode


def values_of(name: str) -> list[dict[str, Any]]:
    """What stands in a file of Kolada's own form."""
    found = json.loads((DATA / name).read_text(), parse_float=Decimal)
    values: list[dict[str, Any]] = found["values"]
    return values


@dataclass
class Fault:
    """What goes wrong, for so many requests (None: for all), to begin after so many good ones."""

    how: str
    times: int | None
    after: int
    details: dict[str, Any]


class KoladaServer:
    """Kolada as a context; `url` is what KOLADA_URL is to be, `asked` the paths that have been asked for."""

    def __init__(self) -> None:
        self.measures = {each["id"]: each for each in values_of("v3_kpi_selected.json")}
        self.areas = values_of("v3_municipality_all.json")
        self.groups = values_of("v3_municipality_groups_selected.json")
        self.values = {
            (each["kpi"], each["municipality"], each["period"]): each["values"]
            for file in sorted(DATA.glob("v3_data_*.json"))
            for each in values_of(file.name)
        }
        self.per_page = 5000
        self.unknown_is_404 = False
        self.asked: list[str] = []
        self.times: list[float] = []
        self.faults: list[Fault] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/v3/"

    def __enter__(self) -> KoladaServer:
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    # What it has

    def value(self, measure: str, area: str, year: int) -> Decimal | None:
        """The value of women and men together, as it stands now."""
        for each in self.values.get((measure, area, year), []):
            if each["gender"] == "T":
                value: Decimal | None = each["value"]
                return value
        return None

    def change(self, measure: str, area: str, year: int, value: Decimal | str | None) -> None:
        """Gives a value, in place of the one there was; None: it is missing."""
        number = None if value is None else Decimal(value)
        status = "Missing" if value is None else ""
        self.values[measure, area, year] = [
            {"gender": "T", "count": 1, "status": status, "value": number, "isdeleted": False}
        ]

    def take_away(self, measure: str, area: str, year: int) -> None:
        """The value is no longer told at all."""
        del self.values[measure, area, year]

    def delete(self, measure: str, area: str, year: int) -> None:
        """The value is told as deleted."""
        for each in self.values[measure, area, year]:
            each["isdeleted"] = True

    def rename(self, measure: str, title: str) -> None:
        self.measures[measure] = self.measures[measure] | {"title": title}

    def stop_publishing(self, measure: str) -> None:
        """The KPI is no longer updated; its values stay."""
        self.measures[measure] = self.measures[measure] | {"publication_date": None, "publ_period": None}

    def forget(self, measure: str) -> None:
        """The KPI is no longer known; nor are its values."""
        del self.measures[measure]

    # What it does wrong

    def fail(self, how: str, *, times: int | None = None, after: int = 0, **details: Any) -> None:
        """Does wrong from the next request on, in one of the ways that FAULTS names, or with that status."""
        self.faults = [Fault(how, times, after, details)]

    def behave(self) -> None:
        self.faults = []

    def next_fault(self) -> Fault | None:
        for fault in self.faults:
            if fault.after:
                fault.after -= 1
            elif fault.times is None:
                return fault
            elif fault.times:
                fault.times -= 1
                return fault
        return None

    # What it answers

    def answer(self, address: str) -> tuple[int, dict[str, Any]]:
        """Status and JSON of an answer without faults."""
        path, query = unquote(urlsplit(address).path), parse_qs(urlsplit(address).query)
        match path.removeprefix("/v3/").split("/"):
            case ["kpi"]:
                title = query.get("title", [""])[0].casefold()
                found = [each for each in self.measures.values() if title in each["title"].casefold()]
            case ["kpi", ids]:
                found = self.known_measures(ids.split(","))
            case ["municipality"]:
                found = self.areas
            case ["municipality_groups"]:
                found = self.groups
            case ["data", "kpi", ids, "municipality", areas, "year", years]:
                found = self.known_values(ids.split(","), areas.split(","), years.split(","))
            case _:
                return 404, {"detail": "Not Found"}
        if any(part.count(",") >= MOST_IDS for part in path.split("/")):
            return 400, {"detail": "Too many ids"}
        if not found and self.unknown_is_404:
            return 404, {"detail": "Not Found"}
        return 200, self.page(found, address)

    def known_measures(self, ids: list[str]) -> list[dict[str, Any]]:
        if self.unknown_is_404 and any(each not in self.measures for each in ids):
            return []
        return [self.measures[each] for each in ids if each in self.measures]

    def known_values(self, ids: list[str], areas: list[str], years: list[str]) -> list[dict[str, Any]]:
        known = {each["id"] for each in [*self.areas, *self.groups]}
        if self.unknown_is_404 and not (set(ids) <= set(self.measures) and set(areas) <= known):
            return []
        return [
            {"values": values, "kpi": measure, "period": int(year), "municipality": area}
            for measure in ids
            if measure in self.measures
            for year in years
            for area in areas
            if (values := self.values_in(measure, area, int(year)))
        ]

    def values_in(self, measure: str, area: str, year: int) -> list[dict[str, Any]]:
        members: list[dict[str, str]] = next(
            (each["members"] for each in self.groups if each["id"] == area), []
        )
        known = [self.value(measure, each["member_id"], year) for each in members]
        numbers = [each for each in known if each is not None]
        if (measure, area, year) in self.values or not numbers:
            return self.values.get((measure, area, year), [])
        mean = (sum(numbers, Decimal()) / len(numbers)).quantize(Decimal("1.000000"))
        return [{"gender": "T", "count": len(numbers), "status": "", "value": mean, "isdeleted": False}]

    def page(self, found: list[dict[str, Any]], address: str) -> dict[str, Any]:
        query = {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}
        size = min(int(query.get("per_page", self.per_page)), self.per_page)
        number = int(query.get("page", 1))
        here = found[(number - 1) * size : number * size]
        more = number * size < len(found)
        return {
            "values": here,
            "count": len(here),
            "next_url": self.at(address, page=number + 1) if more else None,
            "previous_url": self.at(address, page=number - 1) if number > 1 else None,
        }

    def at(self, address: str, **changes: Any) -> str:
        """The address with other parameters, in full."""
        query = {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}
        origin = self.url.removesuffix("/v3/")
        return f"{origin}{urlsplit(address).path}?{urlencode(query | changes)}"


class Handler(BaseHTTPRequestHandler):
    kolada: KoladaServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.kolada.asked.append(self.path)
        self.kolada.times.append(time.monotonic())
        status, answer = self.kolada.answer(self.path)
        fault = self.kolada.next_fault()
        with suppress(ConnectionError):
            if fault is None:
                self.send(status, encode(answer))
            elif fault.how.isdigit():
                self.send(int(fault.how), b'{"detail": "told by a test"}', **fault.details)
            else:
                FAULTS[fault.how](self, answer, **fault.details)

    def send(self, status: int, body: bytes, **headers: str) -> None:
        self.begin(status, Content_Length=str(len(body)), **headers)
        self.wfile.write(body)

    def begin(self, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def drip(self, parts: Iterator[bytes], pause: float) -> None:
        self.close_connection = True
        for part in parts:
            self.wfile.write(part)
            self.wfile.flush()
            time.sleep(pause)

    def log_message(self, *_arguments: Any) -> None:
        pass


def handler_of(server: KoladaServer) -> type[Handler]:
    return type("HandlerOfOne", (Handler,), {"kolada": server})


# Ways to do wrong: what was asked of, and what would have been the answer


def slow(handler: Handler, answer: dict[str, Any], pause: float = 0.02) -> None:
    """The right answer, one byte at a time."""
    body = encode(answer)
    handler.begin(Content_Length=str(len(body)))
    handler.drip((bytes([each]) for each in body), pause)


def slow_headers(handler: Handler, _answer: dict[str, Any], pause: float = 0.02) -> None:
    """Headers that go on and on."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    handler.drip((f"X-{each}: 1\r\n".encode() for each in range(90)), pause)


def silent(handler: Handler, _answer: dict[str, Any], seconds: float = 5) -> None:
    """Nothing at all."""
    time.sleep(seconds)
    handler.close_connection = True


def hang_up(handler: Handler, _answer: dict[str, Any]) -> None:
    handler.close_connection = True


def cut(handler: Handler, answer: dict[str, Any]) -> None:
    """Half of what was announced."""
    body = encode(answer)
    handler.begin(Content_Length=str(len(body)))
    handler.wfile.write(body[: len(body) // 2])
    handler.close_connection = True


def cut_json(handler: Handler, answer: dict[str, Any]) -> None:
    body = encode(answer)
    handler.send(200, body[: len(body) // 2])


def incomplete(handler: Handler, answer: dict[str, Any]) -> None:
    """A page that lacks one of the values that it counts."""
    handler.send(200, encode(answer | {"values": answer["values"][1:]}))


def bytes_(handler: Handler, _answer: dict[str, Any], body: bytes = b"", **headers: str) -> None:
    """Whatever the test likes."""
    handler.send(200, body, **headers)


def raw(handler: Handler, _answer: dict[str, Any], answer: bytes = b"") -> None:
    """Whatever the test likes, headers and all."""
    handler.wfile.write(answer)
    handler.close_connection = True


def replaced(handler: Handler, answer: dict[str, Any], old: str = "", new: str = "") -> None:
    """The right answer with another text in place of one in it."""
    handler.send(200, encode(answer).decode().replace(old, new).encode())


def empty(handler: Handler, answer: dict[str, Any]) -> None:
    handler.send(200, encode(answer | {"values": [], "count": 0, "next_url": None}))


def next_url(handler: Handler, answer: dict[str, Any], address: Any = ELSEWHERE) -> None:
    """A next page at an address of the test's."""
    handler.send(200, encode(answer | {"next_url": address}))


def circle(handler: Handler, answer: dict[str, Any]) -> None:
    """A next page that is this one."""
    handler.send(200, encode(answer | {"next_url": handler.kolada.at(handler.path)}))


def endless_pages(handler: Handler, answer: dict[str, Any]) -> None:
    """Always one page more."""
    further = handler.kolada.at(handler.path, page=len(handler.kolada.asked) + 1)
    handler.send(200, encode({"values": [], "count": 0, "next_url": further}))


def endless(handler: Handler, _answer: dict[str, Any]) -> None:
    """A body that never ends."""
    handler.begin()
    handler.wfile.write(b'{"values": [')
    handler.drip(iter(lambda: b" " * 2**16, None), 0)


def bomb(handler: Handler, _answer: dict[str, Any]) -> None:
    """A little that becomes much once it is unpacked."""
    handler.send(200, gzip.compress(b" " * 50_000_000, 1), Content_Encoding="gzip")


def redirect(handler: Handler, _answer: dict[str, Any], address: str = ELSEWHERE) -> None:
    handler.send(302, b"", Location=address)


def many_questions(handler: Handler, _answer: dict[str, Any], seconds: float = 0, date: bool = False) -> None:
    """429, and when to come back: in seconds, or as a date."""
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
    handler.send(429, b"{}", Retry_After=moment if date else str(int(seconds)))


FAULTS: dict[str, Callable[..., None]] = {
    "bomb": bomb,
    "bytes": bytes_,
    "circle": circle,
    "cut": cut,
    "cut json": cut_json,
    "empty": empty,
    "endless": endless,
    "endless pages": endless_pages,
    "hang up": hang_up,
    "incomplete": incomplete,
    "many questions": many_questions,
    "next url": next_url,
    "raw": raw,
    "redirect": redirect,
    "replaced": replaced,
    "silent": silent,
    "slow": slow,
    "slow headers": slow_headers,
}
