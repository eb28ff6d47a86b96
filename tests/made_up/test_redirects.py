"""No address leads off the site, whatever it is asked to go on to."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import cycle, islice
from urllib.parse import quote, urlencode

import pytest

from tests.builders import PASSWORD
from tests.made_up.addresses import every_address
from tests.made_up.requests import TOKEN, URLENCODED, MadeUp
from tests.made_up.sending import Answer, Portal, is_here
from tests.made_up.world import World

TARGETS = [
    "https://example.org/",
    "http://example.org",
    "HTTPS://EXAMPLE.ORG",
    "https:example.org",
    "https:/example.org",
    "https:///example.org",
    "//example.org/",
    "///example.org",
    "////example.org",
    "/\\example.org",
    "\\\\example.org",
    "\\/example.org",
    "/%5cexample.org",
    "/\t/example.org",
    "/\n/example.org",
    "\t//example.org",
    " //example.org",
    "\0//example.org",
    "\x01https://example.org",
    "\u2028//example.org",
    "\u00a0//example.org",
    "/\u00ad/example.org",
    "／／example.org",
    "//example。org",
    "https://localhost@example.org",
    "https://localhost:80@example.org/",
    "https://example.org#localhost",
    "https://localhost.example.org",
    "//[::1]example.org",
    "http://[example.org",
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "ftp://example.org/",
    "/om/\r\nLocation: https://example.org/",
    ".//example.org",
    "/..//example.org",
    "?next=//example.org",
]

NAMES = (
    "next",
    "process",
    "redirect",
    "redirect_to",
    "redirect_uri",
    "redirect_url",
    "return",
    "return_to",
    "returnUrl",
    "url",
    "to",
    "back",
    "continue",
    "goto",
    "destination",
    "callback",
    "success_url",
    "cancel_url",
    "ref",
    "u",
)
"""What parameters that say where to go on to are called, here or elsewhere."""

BORING = 1
"""How many targets a page gets that doesn't heed where it is asked to go."""


class Links(HTMLParser):
    """Where a page's links and forms lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("href", "action", "formaction")]


def asked(world: World, path: str, actor: str, target: str, **fields: str) -> list[MadeUp]:
    """The page read and its form sent, with the target in every place that may be heeded."""
    places = urlencode(dict.fromkeys(NAMES, target))
    session = world.sessions[actor]
    read = MadeUp(
        0,
        actor,
        path,
        target,
        "GET",
        quote(path).encode(),
        places.encode(),
        cookies=f"csrftoken={TOKEN}; sessionid={session}".encode(),
    )
    body = urlencode({**dict.fromkeys(NAMES, target), **fields, "csrfmiddlewaretoken": TOKEN})
    sent = MadeUp(
        **{**vars(read), "method": "POST", "body": body.encode(), "headers": (("Content-Type", URLENCODED),)}
    )
    return [read, sent]


def ways_off(answer: Answer) -> list[str]:
    """Where the answer leads that isn't here, by itself or by a link."""
    links = Links()
    if "text/html" in "".join(answer.all("Content-Type")):
        links.feed(answer.body.decode(errors="replace"))
    return [
        to
        for to in (*answer.all("Location"), *answer.all("Refresh"), *links.found)
        if not is_here(to) and "example" in to.lower() + "example" * to.startswith(("java", "data"))
    ]


@pytest.fixture
def portal() -> Portal:
    return Portal()


def heeds(portal: Portal, world: World, path: str, actor: str) -> bool:
    """Whether the page does something with where it is asked to go on to."""
    answers = [portal.ask(made) for made in asked(world, path, actor, "/om/?hit")]
    return any(
        "/om/?hit" in "".join(answer.all("Location")) or b"/om/?hit" in answer.body.replace(b"&amp;", b"&")
        for answer in answers
    )


def paths(world: World) -> Iterator[str]:
    """Every address of the portal once, with something that exists in it."""
    for address in every_address():
        if not address.name.startswith("admin:") or address.name in ("admin:login", "admin:logout"):
            fitting = {each: world.fitting(address.name, each)[0] for each in address.parameters}
            if not address.form.endswith(".pdf"):
                yield address.filled(fitting)


@pytest.mark.parametrize("actor", ["visitor", "editor", "halfway"])
def test_no_page_leads_off_the_site(portal: Portal, world: World, actor: str) -> None:
    turns = cycle(TARGETS)
    heeding, off = [], []

    for path in paths(world):
        heeded = heeds(portal, world, path, actor)
        heeding += [path] * heeded
        for target in TARGETS if heeded else islice(turns, BORING):
            for made in asked(world, path, actor, target):
                off += [(made.method, path, target, to) for to in ways_off(portal.ask(made))]

    assert off == []
    assert len(heeding) >= (1 if actor == "halfway" else 2)


@pytest.mark.parametrize("target", TARGETS)
def test_logging_in_and_out_never_leads_off_the_site(portal: Portal, world: World, target: str) -> None:
    [_read, log_in] = asked(
        world, "/konto/logga-in/", "visitor", target, login="lasare@4m.example", password=PASSWORD
    )
    [_read, log_out] = asked(world, "/konto/logga-ut/", "reader", target)
    [_read, confirm] = asked(world, "/konto/bekrafta/", "reader", target, password=PASSWORD)

    answers = [portal.ask(made) for made in (log_in, log_out, confirm)]

    assert [answer.status for answer in answers] == [302, 302, 302]
    assert [way for answer in answers for way in ways_off(answer)] == []


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("/om/", True),
        ("?q=//example.org", True),
        ("http://localhost/", True),
        ("//", True),
        ("//example.org", False),
        ("///example.org", False),
        ("/\\example.org", False),
        ("\t//example.org", False),
        ("javascript:alert(1)", False),
        ("http:///example.org", False),
    ],
)
def test_ways_off_the_site_are_noticed(address: str, here: bool) -> None:
    assert is_here(address) is here
