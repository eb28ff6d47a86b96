"""Reading a page as its reader does: the elements and words of its HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
CONTROLS = frozenset({"input", "select", "textarea"})
UNLABELLED = frozenset({"hidden", "submit"})


@dataclass
class Element:
    """An element with its attributes, and its words and elements in order."""

    tag: str
    attributes: dict[str, str]
    content: list[str | Element] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    def __iter__(self) -> Iterator[Element]:
        """Every element inside, in the page's order."""
        for each in self.content:
            if isinstance(each, Element):
                yield each
                yield from each

    @property
    def text(self) -> str:
        """The words inside, with spaces as a reader sees them."""
        words = "".join(each if isinstance(each, str) else f" {each.text} " for each in self.content)
        return re.sub(r"\s+", " ", words).strip()

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """The elements inside of that tag whose attributes hold these words: `all("a", href="/planer/")`."""
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        return [
            each
            for each in self
            if each.tag == tag and all(value in each[name].split() for name, value in wanted.items())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        [found] = self.all(tag, **attributes)
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attrs]
        if len(names) != len(set(names)):
            self.wrong.append(f"<{tag}> has an attribute twice: {names}")
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].content.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1].tag == tag:
            self.open.pop()
        else:
            self.wrong.append(f"</{tag}> ends <{self.open[-1].tag}>")

    def handle_data(self, data: str) -> None:
        self.open[-1].content.append(data)


def read(answer: Any) -> Element:
    """The page whole, from an answer or its text; it must be well formed."""
    text = answer if isinstance(answer, str) else answer.content.decode()
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert not reader.wrong
    assert len(reader.open) == 1, f"<{reader.open[-1].tag}> has no end"
    return reader.open[0]


def main_of(answer: Any) -> Element:
    """What the page has to say, without its head and foot."""
    return read(answer).one("main")


def filled_in(answer: Any, **changes: str) -> dict[str, str]:
    """What a browser would send of the page's only form of its own, with `changes` to what it came with."""
    form = main_of(answer).one("form")
    values = {each["name"]: each["value"] for each in form.all("input") if each["name"]}
    values |= {each["name"]: each.text for each in form.all("textarea")}
    for select in form.all("select"):
        options = select.all("option")
        chosen = [each for each in options if "selected" in each.attributes] or options
        values[select["name"]] = chosen[0]["value"]
    return values | changes


def faults(page: Element) -> list[str]:
    """What would stop someone who can't see the page, or doesn't use a mouse, from using it."""
    return [
        *faults_of_frame(page),
        *faults_of_headings(page),
        *faults_of_ids(page),
        *faults_of_controls(page),
    ]


def faults_of_frame(page: Element) -> Iterator[str]:
    if page.one("html")["lang"] != "sv":
        yield "the page doesn't say that it is in Swedish"
    if not page.one("head").one("title").text.strip(" –"):
        yield "the page has no title"
    first_link = page.all("a")[0]
    targets = [element["id"] for element in page.all("main")]
    if first_link["href"].removeprefix("#") not in targets:
        yield "the first link doesn't skip to the content"
    for element in page:
        if element.tag == "img" and "alt" not in element.attributes:
            yield f"a picture has no description: {element['src']}"
        if element.tag in ("ul", "ol", "dl") and not [*element]:
            yield "a list has nothing in it"
        if element.tag in ("a", "button") and not (element.text or element["aria-label"]):
            yield f"a {element.tag} says nothing: {element['href']}"


def faults_of_headings(page: Element) -> Iterator[str]:
    levels = [int(each.tag[1]) for each in page if re.fullmatch("h[1-6]", each.tag)]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} h1"
    for before, level in pairwise(levels):
        if level > before + 1:
            yield f"h{level} follows on h{before}"


def faults_of_ids(page: Element) -> Iterator[str]:
    ids = [element["id"] for element in page if "id" in element.attributes]
    yield from (f"the id {each!r} is there {ids.count(each)} times" for each in {*ids} if ids.count(each) > 1)
    for element in page:
        references = [
            element["for"],
            *element["aria-describedby"].split(),
            *element["aria-labelledby"].split(),
        ]
        if element["href"].startswith("#"):
            references.append(element["href"][1:])
        yield from (f"nothing has the id {each!r}" for each in references if each and each not in ids)


def faults_of_controls(page: Element) -> Iterator[str]:
    labelled = {label["for"] for label in page.all("label") if label.text}
    for element in page:
        if element.tag in CONTROLS and element["type"] not in UNLABELLED and element["id"] not in labelled:
            yield f"the field {element['name']!r} has no label"
