"""Simulated coordinators: they open a report's page, fill in its form, and read it again when refused."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from itertools import count
from random import Random
from threading import Event

from tests.faults.attempts import Answer, Attempt, Record, Said, tag_of
from tests.pages import Element, read
from tests.servers import Browser

FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
LIKE_MORE = "Vi har träffat företagen tillsammans, och å, ä och ö ska komma fram som de skrevs. " * 3
ANSWERS = {302: Answer.SAVED, 409: Answer.REFUSED}

OUT_OF_REACH = (OSError, HTTPException)
"""What a broken connection raises."""


class Coordinator:
    """Someone signed in, with one browser. Asks one of the servers at random, as a proxy would for them."""

    def __init__(
        self,
        number: int,
        by: str,
        cookies: Mapping[str, str],
        ports: list[int],
        record: Record,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.number = number
        self.by = by
        self.ports = ports
        self.record = record
        self.chance = Random(number)
        self.serials = count(1)
        self.browser = Browser(ports[0], **(headers or {}))
        self.browser.cookies.load(dict(cookies))

    def report(self, address: str) -> Answer:
        """Reads and writes until the report is saved, or until nobody answers what was sent."""
        while True:
            answer = self.send(address, self.open(address))
            if answer is not Answer.REFUSED:
                return answer

    def open(self, address: str) -> Said:
        """What the report's form holds: the latest report, its number, and what else the page has put there.

        While no server answers it asks again: nothing has been sent that could be lost.
        """
        until = time.monotonic() + 30
        while True:
            try:
                status, page = self.ask("GET", address)
                break
            except OUT_OF_REACH:
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)
        assert status == 200, f"{address} was answered {status} for {self.by}"
        [form] = [each for each in FORM.findall(page) if 'name="seen"' in each]
        return dict(values_of(read(form)))

    def send(self, address: str, seen: Said) -> Answer:
        """Says something of one's own after what was `seen`."""
        attempt = Attempt(address, self.by, self.say(seen), int(seen["seen"]), tag_of(seen["comment"]))
        self.record.attempts.append(attempt)
        try:
            status, _page = self.ask("POST", address, seen | attempt.said)
        except OUT_OF_REACH:
            answer = Answer.NONE
        else:
            assert status in ANSWERS, f"{attempt} was answered {status}"
            answer = ANSWERS[status]
        self.record.answers[attempt.tag] = answer
        return answer

    def ask(self, method: str, address: str, form: Said | None = None) -> tuple[int, str]:
        self.browser.port = self.chance.choice(self.ports)
        return self.browser.ask(method, address, form)

    def say(self, seen: Said) -> Said:
        """A report of its own, which tells what it follows, in fields that go with its status."""
        tag = f"{self.number}-{next(self.serials)}"
        said = dict.fromkeys(("result", "reason", "action"), "")
        said |= {
            "status": self.chance.choice(("ongoing", "completed", "delayed")),
            "comment": f"Rapport {tag} efter {seen['seen']} ({tag_of(seen['comment'])}). {LIKE_MORE}".strip(),
            "link": f"https://www.example.se/{tag}",
        }
        if said["status"] == "completed":
            said["result"] = f"Vad {tag} gav. {LIKE_MORE}".strip()
        if said["status"] == "delayed":
            said["reason"] = f"Varför {tag} är försenad."
            said["action"] = f"Vad vi gör åt {tag}."
        return said


def values_of(form: Element) -> Iterator[tuple[str, str]]:
    """What a browser would send if nobody touched the form."""
    for control in form:
        if control.tag not in ("input", "textarea") or not control["name"]:
            continue
        if control["type"] in ("radio", "checkbox") and "checked" not in control.attributes:
            continue
        yield control["name"], control.text if control.tag == "textarea" else control["value"]


def write_together(
    coordinators: Iterable[Coordinator], hot: list[str], others: list[str], each: int
) -> float:
    """Everyone saves `each` reports, all at once; every fifth of an activity that everyone writes about.

    Gives the seconds that it took; raises what any of them met.
    """

    def write(coordinator: Coordinator) -> None:
        saved = 0
        while saved < each:
            addresses = hot if saved % 5 == 0 else others
            saved += coordinator.report(coordinator.chance.choice(addresses)) is Answer.SAVED

    coordinators = list(coordinators)
    began = time.monotonic()
    with ThreadPoolExecutor(len(coordinators)) as threads:
        list(threads.map(write, coordinators))
    return time.monotonic() - began


def write_until(over: Event, coordinator: Coordinator, addresses: list[str]) -> None:
    while not over.is_set():
        coordinator.report(coordinator.chance.choice(addresses))
