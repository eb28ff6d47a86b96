"""Asks Kolada, RKA's open statistics on municipalities: politely, and with bounds on all that it may answer.

A question has one of two ends: its whole answer, or NotFetched. Nothing is written here, so that what the
portal has stays as it is. Ask outside any transaction: an answer may take seconds. Docs: docs/decisions/0033.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec
import requests
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kolada.answers import (
    AREA_CODE,
    MEASURE_ID,
    Area,
    Measure,
    NotAsAgreed,
    Value,
    read_area,
    read_measure,
    read_page,
    read_value,
)
from municipalities.lines import ShortLine, TooLarge

MOST_IDS = 25
"""How many ids, or years, Kolada takes in a list."""

PER_PAGE = 5000
MOST_PAGES = 20

LARGEST = 20_000_000
"""Bytes of a page."""

UNTOLD = 5
"""Seconds to wait when Kolada asks for it without saying how long."""

TRIES = 3
"""How often the same is asked for, when Kolada can't answer it at the moment."""

TURNS_KEPT = 60
"""Seconds for which it is remembered that a turn was taken, after it."""

Read = TypeVar("Read")
Id = TypeVar("Id")


class NotFetched(Exception):
    """Kolada's answer isn't to be had, or not to be believed.

    `sentence` says what happened, that nothing was changed, and what to do, in the language of whoever asked;
    `detail` is for whoever runs the portal; `again_in`: seconds after which it may be worth to ask again.
    """

    def __init__(self, sentence: str, *, detail: str = "", again_in: float | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.detail, self.again_in = sentence, detail, again_in


class NotThere(Exception):
    """Kolada knows nothing by that address."""


class Kolada:
    """What the portal asks of Kolada. Every question raises NotFetched when it has no whole answer."""

    def measures(self, ids: Collection[str]) -> dict[str, Measure]:
        """The KPIs by their ids; those that Kolada doesn't know are left out."""
        with asking() as question:
            sent = question.by_ids("kpi/{}", sorted({each for each in ids if MEASURE_ID.fullmatch(each)}))
            return {each.id: each for each in question.read(read_measure, sent) if each.id in ids}

    def search(self, words: str) -> list[Measure]:
        """The KPIs whose titles have all the words in them, in any case and order, or whose id it is."""
        wanted = words.casefold().split()
        if not wanted:
            return []
        if MEASURE_ID.fullmatch(words.strip().upper()):
            return list(self.measures([words.strip().upper()]).values())
        with asking() as question:
            sent = question.all_pages(f"kpi?{urlencode({'title': max(wanted, key=len)})}")
            found = question.read(read_measure, sent)
            return [each for each in found if all(word in each.title.casefold() for word in wanted)]

    def areas(self) -> list[Area]:
        """The country, regions, municipalities and groups of municipalities."""
        with asking() as question:
            sent = [*question.all_pages("municipality"), *question.all_pages("municipality_groups")]
            return list(question.read(read_area, sent))

    def values(
        self, measures: Collection[str], areas: Collection[str], years: Collection[int]
    ) -> list[Value]:
        """What Kolada has of those measures, areas and years; of what it doesn't know there is nothing.

        So ask `measures` first: those that aren't known haven't lost their values.
        """
        asked = (
            sorted({each for each in measures if MEASURE_ID.fullmatch(each)}),
            sorted({each for each in areas if AREA_CODE.fullmatch(each)}),
        )
        with asking() as question:
            found: dict[tuple[str, str, int], Value] = {}
            for some in parts(sorted(set(years))):
                form = f"data/kpi/{{}}/municipality/{{}}/year/{','.join(map(str, some))}"
                for each in question.read(read_value, question.by_ids(form, *asked)):
                    subject = (each.measure, each.area, each.year)
                    if each.measure not in asked[0] or each.area not in asked[1] or each.year not in some:
                        raise NotAsAgreed(f"{subject}, which wasn't asked about")
                    if found.setdefault(subject, each) != each:
                        raise NotAsAgreed(f"two values of {subject}")
            return list(found.values())

    def address(self, measure: str, area: str, year: int) -> str:
        """Where anyone finds that very value."""
        return f"{root()}data/kpi/{measure}/municipality/{area}/year/{year}"


def root() -> str:
    return settings.KOLADA_URL.rstrip("/") + "/"


@contextmanager
def asking() -> Iterator[Question]:
    """A question, and NotFetched for an answer that isn't as Kolada says that it answers."""
    try:
        yield Question()
    except NotAsAgreed as error:
        raise NotFetched(
            _(
                "Kolada svarade något som inte går att läsa, eller som inte kan stämma. Inget har ändrats. "
                "Försök igen om en stund, och säg till den som driver portalen om det händer igen."
            ),
            detail=str(error),
        ) from error


class Question:
    """One question to Kolada, with all the requests that it takes; over in KOLADA_LONGEST seconds."""

    def __init__(self) -> None:
        self.ends = time.monotonic() + settings.KOLADA_LONGEST

    def read(
        self, reader: Callable[[msgspec.Raw], Read | None], sent: Iterable[msgspec.Raw]
    ) -> Iterator[Read]:
        return (found for each in sent if (found := reader(each)) is not None)

    def by_ids(self, form: str, *lists: Sequence[str]) -> list[msgspec.Raw]:
        """All that is listed where the form leads with those ids in it, so many at a time as Kolada takes."""
        batches: list[tuple[Sequence[str], ...]] = [()]
        for each in lists:
            batches = [(*batch, part) for batch in batches for part in parts(each)]
        return [each for batch in batches for each in self.of_those_known(form, *batch)]

    def of_those_known(self, form: str, *lists: Sequence[str]) -> list[msgspec.Raw]:
        """The same for a few ids; when Kolada doesn't know one of them, the others are asked for alone."""
        try:
            return list(self.all_pages(form.format(*(",".join(each) for each in lists))))
        except NotThere:
            for place, each in enumerate(lists):
                if len(each) > 1:
                    half = len(each) // 2
                    first, last = (
                        self.of_those_known(form, *lists[:place], some, *lists[place + 1 :])
                        for some in (each[:half], each[half:])
                    )
                    return first + last
            return []

    def all_pages(self, path: str) -> Iterator[msgspec.Raw]:
        """All that is listed at an address, on however many pages."""
        address: str | None = f"{root()}{path}{'&' if '?' in path else '?'}per_page={PER_PAGE}"
        seen: set[str] = set()
        while address:
            if address in seen or len(seen) == MOST_PAGES:
                raise NotAsAgreed("pages that don't end")
            seen.add(address)
            page = read_page(self.answer(address))
            yield from page.values
            address = page.next_url and next_address(address, page.next_url)

    def answer(self, address: str) -> bytes:
        """What is answered there, asked for again a few times when Kolada can't just now. Raises NotThere."""
        for tries_left in reversed(range(TRIES)):
            wait_for_turn(self.ends)
            try:
                response = self.ask(address)
            except requests.RequestException as error:
                trouble = trouble_on_the_way(error)
            else:
                if response.status_code == 200:
                    return response.content
                if response.status_code == 404:
                    raise NotThere
                trouble = trouble_there(response)
            if not tries_left or trouble.again_in is None or self.left() < trouble.again_in:
                raise trouble
            time.sleep(trouble.again_in)
        raise AssertionError("the last try ends it")

    def ask(self, address: str) -> requests.Response:
        pause = min(settings.KOLADA_SILENCE, self.left())
        with ShortLine(pause=pause, longest=self.left(), largest=LARGEST) as line:
            return line.get(address, headers={"User-Agent": "Handlingsplaner"})

    def left(self) -> float:
        """Seconds, a moment at least."""
        return max(self.ends - time.monotonic(), 0.01)


def parts(ids: Sequence[Id]) -> Iterator[Sequence[Id]]:
    """So many at a time as Kolada takes."""
    return (ids[start : start + MOST_IDS] for start in range(0, len(ids), MOST_IDS))


def next_address(address: str, next_url: str) -> str:
    """Where the next page is, which is nowhere else than at Kolada."""
    try:
        found, home = urlsplit(urljoin(address, next_url)), urlsplit(root())
    except ValueError as error:
        raise NotAsAgreed("a next page that is no address") from error
    at_home = (found.scheme, found.netloc) == (home.scheme, home.netloc) and found.path.startswith(home.path)
    if not at_home or ".." in found.path:
        raise NotAsAgreed("a next page somewhere else")
    return found.geturl()


def wait_for_turn(ends: float) -> None:
    """Until the first moment that nobody in the portal has taken yet: one comes every KOLADA_PAUSE seconds.

    They are taken in the cache in the database, which all processes share. Each has a key of its own, since
    of a key that has expired the cache would let two take the same.
    """
    pause = settings.KOLADA_PAUSE
    if not pause:
        return
    turn = math.floor(time.time() / pause)
    while True:
        turn += 1
        wait = turn * pause - time.time()
        if time.monotonic() + wait > ends:
            raise NotFetched(
                _("Portalen frågar redan Kolada om mycket. Inget har ändrats. Försök igen om en stund.")
            )
        if cache.add(f"kolada.turn.{turn}", True, math.ceil(wait) + TURNS_KEPT):
            time.sleep(max(wait, 0))
            return


def trouble_on_the_way(error: requests.RequestException) -> NotFetched:
    detail, again_in = str(error)[:200], settings.KOLADA_PAUSE
    if isinstance(error, TooLarge):
        sentence = _(
            "Kolada svarade med mer än portalen tar emot. Inget har ändrats. "
            "Säg till den som driver portalen om det händer igen."
        )
        return NotFetched(sentence, detail=detail)
    if isinstance(error, requests.Timeout):
        sentence = _("Kolada svarar för långsamt. Inget har ändrats. Försök igen om en stund.")
    else:
        sentence = _("Kolada går inte att nå just nu. Inget har ändrats. Försök igen om en stund.")
    return NotFetched(sentence, detail=detail, again_in=again_in)


def trouble_there(response: requests.Response) -> NotFetched:
    status = response.status_code
    if status == 429:
        again_in = retry_after(response.headers.get("Retry-After", ""))
        return NotFetched(too_many_questions(again_in), detail="429", again_in=again_in)
    if status >= 500:
        sentence = _("Något är fel hos Kolada (svar %(status)s). Inget har ändrats. Försök igen senare.")
        return NotFetched(sentence % {"status": status}, detail=str(status), again_in=settings.KOLADA_PAUSE)
    sentence = _(
        "Kolada svarade inte så som portalen väntar sig (svar %(status)s). Inget har ändrats. "
        "Säg till den som driver portalen om det händer igen."
    )
    return NotFetched(sentence % {"status": status}, detail=str(status))


def too_many_questions(again_in: float) -> str:
    minutes = math.ceil(again_in / 60)
    return ngettext(
        "Kolada tar inte emot fler frågor just nu. Inget har ändrats. Försök igen om %(minutes)s minut.",
        "Kolada tar inte emot fler frågor just nu. Inget har ändrats. Försök igen om %(minutes)s minuter.",
        minutes,
    ) % {"minutes": max(minutes, 1)}


def retry_after(header: str) -> float:
    """Seconds to wait, which may be told as such or as a moment; a few when it isn't told."""
    if re.fullmatch("[0-9]{1,6}", header.strip()):
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return UNTOLD
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0)
