"""Requests that nobody would make: valid ones from the portal's own pages, with something nasty put in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from random import Random
from typing import Any
from urllib.parse import parse_qsl, quote_from_bytes, unquote_to_bytes, urlsplit

from tests.made_up import values
from tests.made_up.addresses import Address, every_address
from tests.made_up.world import ACTORS, World

TOKEN = "x" * 32
"""What the cookie and the form say alike, as a browser's would."""

URLENCODED = b"application/x-www-form-urlencoded"

Pairs = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class MadeUp:
    """A request as it stands on the wire; `path` and `query` are percent-encoded."""

    number: int
    actor: str
    name: str
    """Of the address in the URL table."""
    kind: str
    method: str
    path: bytes
    query: bytes = b""
    headers: tuple[tuple[str, bytes], ...] = ()
    body: bytes = b""
    length: int | None = None
    """What Content-Length says, where it isn't the truth."""
    cookies: bytes = b""

    @property
    def target(self) -> bytes:
        return self.path + (b"?" + self.query if self.query else b"")

    def __str__(self) -> str:
        body = self.body if len(self.body) < 600 else self.body[:500] + b"... (%d bytes)" % len(self.body)
        lines = [
            f"request {self.number} ({self.kind}) to {self.name} by the {self.actor}:",
            f"{self.method} {self.target.decode('latin-1')[:1500]}",
            *(f"{name}: {value[:300]!r}" for name, value in self.headers),
            f"Cookie: {self.cookies[:300]!r}",
            f"Content-Length: {len(self.body) if self.length is None else self.length}",
            f"{body!r}",
        ]
        return "\n    ".join(lines)

    def environ(self) -> dict[str, Any]:
        """As a WSGI server would hand it to the portal."""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(self.path).decode("latin-1"),
            "QUERY_STRING": self.query.decode("latin-1"),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self.cookies.decode("latin-1"),
            "CONTENT_LENGTH": str(len(self.body) if self.length is None else self.length),
            "wsgi.input": BytesIO(self.body),
            "wsgi.errors": BytesIO(),
            "wsgi.url_scheme": "http",
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        for name, value in self.headers:
            variable = name.upper().replace("-", "_")
            key = variable if variable.startswith("CONTENT_TYPE") else f"HTTP_{variable}"
            environ[key] = value.decode("latin-1")
        return environ

    def wire(self) -> bytes:
        """As a browser would write it to a server."""
        headers = {"host": (b"Host", b"localhost")}
        if self.cookies:
            headers["cookie"] = (b"Cookie", self.cookies)
        if self.body or self.method not in ("GET", "HEAD"):
            length = len(self.body) if self.length is None else self.length
            headers["content-length"] = (b"Content-Length", b"%d" % length)
        headers |= {name.lower(): (name.encode(), value) for name, value in self.headers}
        lines = [b"%s %s HTTP/1.1" % (self.method.encode(), self.target)]
        lines += [b"%s: %s" % header for header in headers.values()]
        return b"\r\n".join([*lines, b"Connection: close", b"", self.body])


@dataclass
class Form:
    """A form as a browser would send it: where to, and what it holds."""

    method: str = "get"
    action: str = ""
    fields: Pairs = field(default_factory=list)


class PageReader(HTMLParser):
    """The forms of a page, and the parameters in its links."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.parameters: set[str] = set()
        self.text: bytes | None = None
        self.select = b""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        name = said.get("name", "").encode(errors="replace")
        if tag == "form":
            self.forms.append(Form(said.get("method", "get").lower(), said.get("action", "")))
        elif tag == "a":
            self.parameters |= {key for key, _value in parse_qsl(urlsplit(said.get("href", "")).query)}
        elif tag == "select":
            self.select = name
        elif not self.forms:
            return
        elif tag in ("input", "button") and name:
            self.forms[-1].fields.append((name, said.get("value", "").encode(errors="replace")))
        elif tag == "textarea":
            self.forms[-1].fields.append((name, b""))
        elif tag == "option" and self.select:
            self.forms[-1].fields.append((self.select, said.get("value", "").encode(errors="replace")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = b""


def read_page(text: str) -> PageReader:
    reader = PageReader()
    with suppress(AssertionError, ValueError):  # a file that is no page
        reader.feed(text)
    return reader


class Maker:
    """Makes request number so-and-so: the same for the same seed and world."""

    def __init__(self, seed: str, world: World, fetch: Callable[[MadeUp], str]) -> None:
        self.seed, self.world, self.fetch = seed, world, fetch
        self.addresses = every_address()
        self.portals = [each for each in self.addresses if not each.name.startswith("admin:")]
        self.admins = [each for each in self.addresses if each.name.startswith("admin:")]
        self.pages: dict[tuple[str, bytes], PageReader] = {}
        self.formless: Counter[tuple[str, str]] = Counter()

    def make(self, number: int) -> MadeUp:
        random = Random(f"{self.seed}:{number}")
        kind, make = random.choices(KINDS, weights=[weight for _kind, _make, weight in KINDS])[0][:2]
        made = make(self, random, self.begin(random, number, kind))
        for spoil in (odd_header, odd_cookie, odd_method):
            if random.random() < 0.07:
                made = spoil(random, made)
        return made

    def begin(self, random: Random, number: int, kind: str) -> MadeUp:
        """A request for an existing page by someone, with nothing wrong in it."""
        actor = random.choices(list(ACTORS), weights=list(ACTORS.values()))[0]
        of_the_admin = random.random() < (0.5 if actor == "administrator" else 0.03)
        for _try in range(TRIES if kind in WITH_FORMS else 1):
            address = random.choice(self.admins if of_the_admin else self.portals)
            path = self.path_to(random, address)
            made = MadeUp(number, actor, address.name, kind, "GET", path, cookies=self.cookies_of(actor))
            if kind not in WITH_FORMS or self.has_a_form(made):
                break
        return made

    def path_to(self, random: Random, address: Address, odd: bool = False) -> bytes:
        filled = {}
        together = self.world.together.get(frozenset(address.parameters), [])
        known = random.choice(together) if together and random.random() < 0.8 else {}
        for parameter in address.parameters:
            fitting = [known[parameter]] if known else self.world.fitting(address.name, parameter)
            value = random.choice(fitting).encode()
            if odd and random.random() < 0.7:
                value = random.choice((nasty(random), spoilt(random, value)))
            filled[parameter] = encoded(random, value).decode("latin-1")
        return address.filled(filled).encode("latin-1")

    def cookies_of(self, actor: str) -> bytes:
        session = self.world.sessions[actor]
        return b"; ".join(
            [b"csrftoken=" + TOKEN.encode(), *([b"sessionid=" + session.encode()] if session else [])]
        )

    def page(self, made: MadeUp) -> PageReader:
        """What the page has, for the one who asks."""
        key = (made.actor, made.path)
        if key not in self.pages:
            self.pages[key] = read_page(self.fetch(made))
        return self.pages[key]

    def has_a_form(self, made: MadeUp) -> bool:
        """Whether the page has one; taken not to have when two of its name had none for the actor."""
        name = made.actor, made.name
        if self.formless[name] >= 2:
            return False
        found = bool(self.forms_on(made))
        self.formless[name] += not found
        return found

    def forms_on(self, made: MadeUp) -> list[Form]:
        """The page's own forms, apart from the one for logging out that is on every page."""
        return [
            form for form in self.page(made).forms if form.fields and not form.action.endswith("/logga-ut/")
        ]

    # --- Kinds of requests

    def odd_address(self, random: Random, made: MadeUp) -> MadeUp:
        address = next(each for each in self.addresses if each.name == made.name)
        if not address.parameters or random.random() < 0.2:
            path = random.choice(
                (
                    made.path + encoded(random, nasty(random)),
                    b"/" + encoded(random, nasty(random)) + made.path,
                    made.path.replace(b"/", b"//"),
                    made.path.rstrip(b"/"),
                    made.path.upper(),
                    made.path[: random.randrange(len(made.path)) + 1],
                    b"/static/" + encoded(random, nasty(random)),
                    b"/admin/" + encoded(random, nasty(random)) + b"/",
                )
            )
            return replace(made, path=path)
        return replace(made, path=self.path_to(random, address, odd=True))

    def odd_query(self, random: Random, made: MadeUp) -> MadeUp:
        page = self.page(made)
        known = page.parameters | {
            name.decode(errors="replace")
            for form in page.forms
            if form.method == "get"
            for name, _ in form.fields
        }
        pairs: Pairs = []
        for _each in range(random.choice((1, 1, 2, 3, 8))):
            names = sorted(known) if known and random.random() < 0.6 else values.QUERY_NAMES
            name = random.choice(names).encode(errors="replace")
            pairs.append((name, random.choice((nasty(random), nasty(random), self.something(random)))))
        if random.random() < 0.2:
            pairs += random.sample(pairs, 1) * random.choice((1, 2, 30))
        return replace(made, query=urlencoded(random, pairs))

    def odd_form(self, random: Random, made: MadeUp) -> MadeUp:
        made, fields = self.some_form(random, made)
        pairs = self.spoilt_fields(random, fields)
        return replace(
            made,
            method="POST",
            headers=(("Content-Type", URLENCODED),),
            body=urlencoded(random, pairs),
        )

    def odd_files(self, random: Random, made: MadeUp) -> MadeUp:
        made, fields = self.some_form(random, made)
        fields = self.spoilt_fields(random, fields)
        boundary = b"grans"
        parts = [
            b'Content-Disposition: form-data; name="%s"\r\n\r\n%s' % (name, value) for name, value in fields
        ]
        for _each in range(random.choice((0, 1, 1, 3))):
            name = random.choice([name for name, _value in fields] + [b"file", b"a\0b", b""])
            head = b'Content-Disposition: form-data; name="%s"; filename="%s"' % (
                name,
                random.choice(values.FILE_NAMES),
            )
            if random.random() < 0.7:
                head += b"\r\nContent-Type: " + random.choice(values.CONTENT_TYPES)
            parts.append(head + b"\r\n\r\n" + random.choice(values.FILES))
        body = b"".join(b"--%s\r\n%s\r\n" % (boundary, part) for part in parts) + b"--%s--\r\n" % boundary
        if random.random() < 0.3:
            body = body[: random.randrange(len(body))]
        content_type = b"multipart/form-data; boundary=" + random.choice((boundary, boundary, boundary, b"x"))
        return replace(made, method="POST", headers=(("Content-Type", content_type),), body=body)

    def odd_body(self, random: Random, made: MadeUp) -> MadeUp:
        body = random.choice(values.BODIES)
        if random.random() < 0.3:
            body = b"csrfmiddlewaretoken=" + TOKEN.encode() + b"&" + body
        headers = [("Content-Type", random.choice(values.CONTENT_TYPES))]
        if random.random() < 0.7:
            headers.append(("X-CSRFToken", TOKEN.encode()))
        return replace(
            made,
            method=random.choice(("POST", "POST", "POST", "GET", "PUT", "PATCH", "DELETE")),
            headers=tuple(headers),
            body=body,
            length=random.choice((None, None, None, 0, 1, len(body) + 10, max(0, len(body) - 1))),
        )

    def odd_headers(self, random: Random, made: MadeUp) -> MadeUp:
        for _each in range(random.choice((1, 2, 4))):
            made = odd_header(random, made)
        return made

    def odd_cookies(self, random: Random, made: MadeUp) -> MadeUp:
        made = odd_cookie(random, made)
        return self.odd_form(random, made) if random.random() < 0.4 else made

    def odd_methods(self, random: Random, made: MadeUp) -> MadeUp:
        made = random.choice((self.odd_form, self.odd_body))(random, made)
        return odd_method(random, made)

    # --- What they hold

    def something(self, random: Random) -> bytes:
        """What means something somewhere in the portal."""
        pool = random.choice([*self.world.samples.values(), *self.world.rows.values()])
        return random.choice(pool).encode()

    def some_form(self, random: Random, made: MadeUp) -> tuple[MadeUp, Pairs]:
        """Where one of the page's forms leads to, and its fields; a form of nobody's where there is none."""
        forms = self.forms_on(made)
        if not forms:
            return made, [(b"next", b"/"), (b"login", b"a@example.se")]
        form = random.choice(forms)
        if form.action.startswith("/"):
            made = replace(made, path=form.action.partition("?")[0].encode("ascii", "ignore"))
        return made, [(name, value) for name, value in form.fields if name != b"csrfmiddlewaretoken"]

    def spoilt_fields(self, random: Random, fields: Pairs) -> Pairs:
        """The fields filled in as someone would, but for one or a few of them."""
        names = list(dict.fromkeys(name for name, _value in fields))
        said = [
            (
                name,
                random.choice([value for each, value in fields if each == name]) or self.filled(random, name),
            )
            for name in names
        ]
        for _each in range(random.choice((1, 1, 1, 2, 3))):
            place = random.randrange(len(said)) if said else 0
            name, value = said[place] if said else (b"x", b"")
            spoil = random.random()
            if spoil < 0.65:
                said[place : place + 1] = [(name, nasty(random))]
            elif spoil < 0.75:
                said[place : place + 1] = [(name, spoilt(random, value))]
            elif spoil < 0.85:
                said[place : place + 1] = []
            elif spoil < 0.93:
                said.append((name, self.something(random)))
            else:
                said.append((random.choice((name + b"[]", nasty(random)[:60])), nasty(random)))
        if random.random() < 0.93:
            said.append((b"csrfmiddlewaretoken", TOKEN.encode()))
        return said

    def filled(self, random: Random, name: bytes) -> bytes:
        """Something to fill an empty field with."""
        if known := self.world.samples.get(name.decode(errors="replace")):
            value = random.choice(known).encode()
            return value if random.random() < 0.5 else spoilt(random, value)
        choices = (b"", b"Ett ord", b"2016", b"1", b"person@example.se", b"2016-05-30", b"123456")
        return random.choice((*choices, self.something(random)))


WITH_FORMS = ("form", "files")
TRIES = 8
"""How many pages are looked at for a form."""

KINDS: list[tuple[str, Callable[[Maker, Random, MadeUp], MadeUp], int]] = [
    ("address", Maker.odd_address, 20),
    ("query", Maker.odd_query, 22),
    ("form", Maker.odd_form, 26),
    ("files", Maker.odd_files, 8),
    ("body", Maker.odd_body, 8),
    ("headers", Maker.odd_headers, 8),
    ("cookies", Maker.odd_cookies, 4),
    ("method", Maker.odd_methods, 4),
]
"""What is made up in a request, how, and how often."""


def odd_header(random: Random, made: MadeUp) -> MadeUp:
    name = random.choice(sorted(values.HEADERS))
    value = random.choice((random.choice(values.HEADERS[name]), random.choice(values.HEADER_TEXTS)))
    return replace(made, headers=(*(each for each in made.headers if each[0] != name), (name, value)))


def odd_cookie(random: Random, made: MadeUp) -> MadeUp:
    odd = random.choice((*values.COOKIES, b"x=" + random.choice(values.HEADER_TEXTS)))
    return replace(made, cookies=random.choice((odd, made.cookies + b"; " + odd, odd + b"; " + made.cookies)))


def odd_method(random: Random, made: MadeUp) -> MadeUp:
    return replace(made, method=random.choice(values.METHODS))


def nasty(random: Random) -> bytes:
    """One of the nasty values, mostly a short one."""
    value = random.choice(random.choice((values.TEXTS, values.TEXTS, values.NUMBERS, values.DATES)))
    return value if len(value) < 10_000 or random.random() < 0.2 else value[:500]


def spoilt(random: Random, value: bytes) -> bytes:
    """A value that means something, with something put in or taken out."""
    place = random.randrange(len(value) + 1)
    return random.choice(
        (
            value[:place] + random.choice((b"\0", b"'", b"%", b"\xff", b" ", b"\r\n", b"/")) + value[place:],
            value[:place],
            value + value,
            value.upper(),
            b" " + value + b" ",
            b"-" + value,
        )
    )


def encoded(random: Random, value: bytes) -> bytes:
    """Percent-encoded as it should be, mostly."""
    how = random.random()
    right = quote_from_bytes(value, safe="").encode()
    if how < 0.85 or not value:
        return right
    if how < 0.93:
        return right.replace(b"%", b"%25")  # twice
    return bytes(byte for byte in value if byte not in b" \r\n\0?#")  # not at all


def urlencoded(random: Random, pairs: Pairs) -> bytes:
    return b"&".join(encoded(random, name) + b"=" + encoded(random, value) for name, value in pairs)


@cache
def addresses_with(suffix: str) -> list[Address]:
    """The addresses that end so, such as those of files."""
    return [each for each in every_address() if each.form.endswith(suffix)]


def numbers_of(part: int, parts: int, many: int) -> Iterator[int]:
    """Every so-manieth number."""
    yield from range(part, many, parts)
