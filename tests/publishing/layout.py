"""Where everything stands on a document's pages, and what a reader would find wrong with that.

`read` asks the program that readers use what the finished PDF's words are and where they stand. What the PDF
doesn't tell – which lines are a paragraph, which cells a row – comes from WeasyPrint's own boxes: this file,
run as a program in the renderer's place, is the renderer that writes them after the PDF.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch
from xml.etree import ElementTree

if __name__ == "__main__":  # a program that sees nothing of the project, as the renderer
    sys.path.append(str(Path(__file__).parents[2]))

from publishing import apart, renderer

THIS = Path(__file__)
AFTER_THE_PDF = b"\n%boxes "
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "caption")
A_POINT = 1.0
DOTS = 48
"""On each inch of a page's picture."""
WHITE = 245
"""From here on to 255 a dot is paper."""
IN_THE_FOOT = 26 / 25.4 * 72
XHTML = "{http://www.w3.org/1999/xhtml}"


@dataclass(frozen=True)
class Word:
    """What is written without a space, and where; as all lengths here in points from the page's corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Piece:
    """A paragraph, heading or cell, or as much of it as stands on a page; `element` is the same on all."""

    element: int
    tag: str
    lines: int
    first: str
    left: float
    top: float
    right: float
    bottom: float
    room_left: float
    room_right: float
    torn: str
    """Of a word that ends on another line than it begins on, without a hyphen: its two parts."""
    column: str
    """The table and its column, of one that has figures."""


@dataclass(frozen=True)
class Row:
    """A table's row, or as much of it as stands on a page."""

    element: int
    is_head: bool
    top: float
    bottom: float


@dataclass(frozen=True)
class Page:
    """A page; `left` to `bottom` are its margins, and `ink` from where to where something is printed."""

    words: tuple[Word, ...]
    ink: tuple[float, float]
    pieces: tuple[Piece, ...]
    rows: tuple[Row, ...]
    tables: tuple[tuple[float, float], ...]
    left: float
    top: float
    right: float
    bottom: float
    is_cover: bool

    @property
    def head(self) -> str:
        return " ".join(each.text for each in self.words if each.bottom < self.top)

    @property
    def foot(self) -> str:
        return " ".join(each.text for each in self.words if each.top > self.bottom)

    def tells(self, words: str) -> bool:
        return words in " ".join(each.text for each in self.words)


# Reading


@contextmanager
def boxes_told(pdf: Any) -> Iterator[None]:
    """Within it the documents that are made tell of their boxes, and are not kept for anyone else."""
    pdf.kept.cache_clear()
    with patch.object(pdf, "_RENDERER", THIS), patch.object(apart, "run", subprocess.run):
        yield
    pdf.kept.cache_clear()


def read(made: bytes) -> list[Page]:
    """The pages of what was made where the boxes are told."""
    document, boxes = made.rsplit(AFTER_THE_PDF, 1)
    return joined(document, json.loads(boxes))


def laid_out(html: str, files: dict[str, str]) -> list[Page]:
    """The pages of a small document, made here, which takes less than starting a program."""
    from weasyprint import HTML

    document = HTML(string=html, url_fetcher=renderer._make_fetcher(files)).render()
    return joined(document.write_pdf(), boxes_of(document))


def joined(document: bytes, boxes: list[dict[str, Any]]) -> list[Page]:
    return [
        Page(
            words=words,
            ink=ink,
            pieces=tuple(Piece(**each) for each in page.pop("pieces")),
            rows=tuple(Row(**each) for each in page.pop("rows")),
            tables=tuple(map(tuple, page.pop("tables"))),
            is_cover=number == 0,
            **page,
        )
        for number, (words, ink, page) in enumerate(
            zip(words_of_pages(document), ink_of_pages(document), boxes, strict=True)
        )
    ]


def ink_of_pages(document: bytes) -> Iterator[tuple[float, float]]:
    """How far to the left and to the right the pictures of the pages have anything on them."""
    from PIL import Image, ImageOps

    command = ["pdftoppm", "-gray", "-r", str(DOTS), "-"]
    pictures = subprocess.run(command, input=document, capture_output=True, check=True).stdout
    while pictures:
        head = re.match(rb"P5\s(\d+) (\d+)\s255\s", pictures)
        assert head, pictures[:20]
        size = int(head[1]), int(head[2])
        end = head.end() + size[0] * size[1]
        picture = Image.frombytes("L", size, pictures[head.end() : end])
        printed = ImageOps.invert(picture).point(lambda dot: dot > 255 - WHITE and 255).getbbox()
        left, _top, right, _bottom = printed or (size[0] / 2, 0, size[0] / 2, 0)
        yield left * 72 / DOTS, right * 72 / DOTS
        pictures = pictures[end:]


def words_of_pages(document: bytes) -> list[tuple[Word, ...]]:
    found = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=document, capture_output=True, check=True)
    tree = ElementTree.fromstring(re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b"", found.stdout))
    return [
        tuple(
            Word(each.text or "", *(float(each.attrib[side]) for side in ("xMin", "yMin", "xMax", "yMax")))
            for each in page.iter(f"{XHTML}word")
        )
        for page in tree.iter(f"{XHTML}page")
    ]


# What is wrong: each a question to the pages that answers with what it found


def rows_split_that_would_fit(pages: Sequence[Page]) -> list[str]:
    parts = defaultdict(list)
    for number, page in enumerate(pages, 1):
        for row in page.rows:
            if not row.is_head:
                parts[row.element].append((number, row.bottom - row.top, page.bottom - page.top))
    return [
        f"a row on pages {[number for number, _height, _room in row]}"
        for row in parts.values()
        if len(row) > 1 and sum(height for _number, height, _room in row) < row[0][2] * 0.9
    ]


def headings_left_at_the_foot(pages: Sequence[Page]) -> list[str]:
    """Headings with nothing below them on their page, and heads of tables without a row."""
    found = []
    for number, page in enumerate(pages, 1):
        if page.is_cover or not page.pieces:
            continue
        last = max(page.pieces, key=lambda piece: (piece.bottom, piece.top))
        if last.tag in HEADINGS and number < len(pages):
            found.append(f"{last.first!r} on page {number}")
        if page.rows and page.rows[-1].is_head:
            found.append(f"the head of a table on page {number}")
    return found


def lines_alone(pages: Sequence[Page]) -> list[str]:
    """Single lines of a paragraph at a page's top or foot; of a cell that is higher than a page, too."""
    parts = defaultdict(list)
    for number, page in enumerate(pages, 1):
        for piece in page.pieces:
            if piece.tag not in ("th", "td"):
                parts[piece.element].append((number, piece))
    return [
        f"{piece.first!r} on page {number}"
        for found in parts.values()
        if len({number for number, _piece in found}) > 1
        for number, piece in found
        if piece.lines == 1
    ]


def words_outside_the_margins(pages: Sequence[Page]) -> list[str]:
    return [
        f"{word.text!r} on page {number}"
        for number, page in enumerate(pages, 1)
        for word in page.words
        if word.left < page.left - A_POINT
        or word.right > page.right + A_POINT
        or (page.is_cover and (word.top < page.top - A_POINT or word.bottom > page.bottom + A_POINT))
        or (word.top < page.bottom - A_POINT and word.bottom > page.bottom + 4 * A_POINT)
        or (word.bottom > page.top + A_POINT and word.top < page.top - 4 * A_POINT)
        or word.top < 0
        or word.bottom > page.bottom + IN_THE_FOOT
    ]


def ink_in_the_margins(pages: Sequence[Page]) -> list[str]:
    """Lines, bars and charts too, which have no words; only a cover's run off it."""
    return [
        f"page {number}, from {page.ink[0]:.0f} to {page.ink[1]:.0f} points"
        for number, page in enumerate(pages, 1)
        if not page.is_cover
        and (page.ink[0] < page.left - 3 * A_POINT or page.ink[1] > page.right + 3 * A_POINT)
    ]


def words_outside_their_cells(pages: Sequence[Page]) -> list[str]:
    """Words that reach beyond the room of their paragraph or cell, where others may stand."""
    return [
        f"{piece.first!r} on page {number}"
        for number, page in enumerate(pages, 1)
        for piece in page.pieces
        if piece.left < piece.room_left - A_POINT or piece.right > piece.room_right + A_POINT
    ]


def words_that_overlap(pages: Sequence[Page]) -> list[str]:
    """Words whose letters cover each other: by more than the air that belongs to a line."""
    return [
        f"{one.text!r} and {other.text!r} on page {number}"
        for number, page in enumerate(pages, 1)
        for one, other in close_by(page.words)
        if min(one.right, other.right) - max(one.left, other.left) > A_POINT
        and min(one.bottom, other.bottom) - max(one.top, other.top)
        > 0.45 * min(one.bottom - one.top, other.bottom - other.top)
    ]


def close_by(words: Sequence[Word]) -> Iterator[tuple[Word, Word]]:
    """Pairs of words that share some height."""
    standing: list[Word] = []
    for word in sorted(words, key=lambda each: each.top):
        standing = [each for each in standing if each.bottom > word.top]
        yield from ((each, word) for each in standing)
        standing.append(word)


def words_torn_without_a_hyphen(pages: Sequence[Page]) -> list[str]:
    return [
        f"{piece.torn!r} on page {number}"
        for number, page in enumerate(pages, 1)
        for piece in page.pieces
        if piece.torn
    ]


def tables_wider_than_the_page(pages: Sequence[Page]) -> list[str]:
    return [
        f"a table on page {number}"
        for number, page in enumerate(pages, 1)
        for left, right in page.tables
        if left < page.left - A_POINT or right > page.right + A_POINT
    ]


def figures_out_of_line(pages: Sequence[Page]) -> list[str]:
    """Columns of figures that don't end at the same place."""
    ends = defaultdict(list)
    for number, page in enumerate(pages, 1):
        for piece in page.pieces:
            if piece.column:
                ends[number, piece.column].append(piece.right)
    return [
        f"column {column} on page {number}"
        for (number, column), found in ends.items()
        if max(found) - min(found) > 0.5
    ]


def heads_that_are_wrong(pages: Sequence[Page]) -> list[str]:
    """Running heads that aren't the title of the part that stands at the page's top."""
    found, title = [], ""
    for number, page in enumerate(pages, 1):
        if page.is_cover:
            expected = ""
        else:
            titles = [piece for piece in page.pieces if piece.tag == "h2"]
            highest = min((piece.top for piece in page.pieces), default=0)
            expected = titles[0].first if titles and titles[0].top <= highest + A_POINT else title
            title = titles[-1].first if titles else title
        if not same_letters(page.head, expected):
            found.append(f"{page.head!r} on page {number}, not {expected!r}")
    return found


def same_letters(one: str, other: str) -> bool:
    """Whether they say the same, wherever their lines end, and as far as the first goes if that is cut."""
    bare, whole = (re.sub("[\\s\N{HYPHEN}\N{SOFT HYPHEN}-]", "", text) for text in (one, other))
    return bare == whole or (bare.endswith("…") and len(bare) > 60 and whole.startswith(bare[:-1]))


def numbers_that_are_wrong(pages: Sequence[Page]) -> list[str]:
    return [
        f"{page.foot!r} on page {number}"
        for number, page in enumerate(pages, 1)
        if not page.is_cover and not page.foot.endswith(f" {number} ({len(pages)})")
    ]


QUESTIONS: tuple[Callable[[Sequence[Page]], list[str]], ...] = (
    rows_split_that_would_fit,
    headings_left_at_the_foot,
    lines_alone,
    words_outside_the_margins,
    ink_in_the_margins,
    words_outside_their_cells,
    words_that_overlap,
    words_torn_without_a_hyphen,
    tables_wider_than_the_page,
    figures_out_of_line,
    heads_that_are_wrong,
    numbers_that_are_wrong,
)


def faults_of(pages: Sequence[Page]) -> dict[str, list[str]]:
    """What each question found, of those that found something."""
    return {ask.__name__: found for ask in QUESTIONS if (found := ask(pages))}


# The renderer that tells of its boxes


def main() -> None:
    import weasyprint

    documents: list[Any] = []
    render = weasyprint.HTML.render

    def render_and_keep(self: Any, *arguments: Any, **options: Any) -> Any:
        documents.append(render(self, *arguments, **options))
        return documents[-1]

    weasyprint.HTML.render = render_and_keep
    renderer.main()
    sys.stdout.buffer.write(AFTER_THE_PDF + json.dumps(boxes_of(documents[0])).encode())


def boxes_of(document: Any) -> list[dict[str, Any]]:
    numbers: dict[Any, int] = {}
    return [told_of(page._page_box, numbers) for page in document.pages]


PX = 0.75
"""A CSS pixel in points."""


def told_of(page: Any, numbers: dict[Any, int]) -> dict[str, Any]:
    """What `Page` has of a page's boxes. `numbers` gives each element its own."""
    found: dict[str, Any] = {"pieces": [], "rows": [], "tables": []}
    root = next(child for child in page.children if child.element_tag == "html")
    look(root, found, numbers, None, None)
    left, top = page.content_box_x(), page.content_box_y()
    return found | {
        "left": left * PX,
        "top": top * PX,
        "right": (left + page.width) * PX,
        "bottom": (top + page.height) * PX,
    }


def look(box: Any, found: dict[str, Any], numbers: dict[Any, int], table: Any, head: Any) -> None:
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.TableBox):
        table = numbers.setdefault(("table", box.element), len(numbers))
        left = box.border_box_x()
        found["tables"].append((left * PX, (left + box.border_width()) * PX))
    if isinstance(box, boxes.TableRowGroupBox):
        head = box.is_header
    if isinstance(box, boxes.TableRowBox):
        found["rows"].append(
            {
                "element": numbers.setdefault(box.element, len(numbers)),
                "is_head": bool(head),
                "top": box.position_y * PX,
                "bottom": (box.position_y + box.height) * PX,
            }
        )
    children = getattr(box, "children", ())
    lines = [child for child in children if isinstance(child, boxes.LineBox)]
    texts = [each for line in lines for each in line.descendants() if isinstance(each, boxes.TextBox)]
    texts = [each for each in texts if each.text.strip()]
    if texts and not isinstance(box, boxes.MarginBox):
        found["pieces"].append(piece_of(box, texts, numbers, table))
    for child in children:
        if not isinstance(child, boxes.LineBox):
            look(child, found, numbers, table, head)


def piece_of(box: Any, texts: list[Any], numbers: dict[Any, int], table: int | None) -> dict[str, Any]:
    classes = (box.element.get("class") or "").split()
    room = box.content_box_x()
    return {
        "element": numbers.setdefault(("text", box.element, box.element_tag), len(numbers)),
        "tag": box.element_tag,
        "lines": len({round(each.position_y) for each in texts}),
        "first": "".join(each.text for each in texts)[:400],
        "left": min(each.position_x for each in texts) * PX,
        "top": min(each.position_y for each in texts) * PX,
        "right": max(each.position_x + each.width for each in texts) * PX,
        "bottom": max(each.position_y + each.height for each in texts) * PX,
        "room_left": room * PX,
        "room_right": (room + box.width) * PX,
        "torn": torn_in(texts, " ".join(box.element.itertext()).split()),
        "column": f"{box.grid_x} of table {table}" if "num" in classes and hasattr(box, "grid_x") else "",
    }


def torn_in(texts: list[Any], words: list[str]) -> str:
    lines: dict[int, str] = {}
    for each in texts:
        lines[round(each.position_y)] = lines.get(round(each.position_y), "") + each.text
    for one, other in pairwise(lines.values()):
        end, start = one.split()[-1], other.split()[0]
        if any(end + start in word for word in words) and not {end, start} <= {*words}:
            return f"{end} {start}"
    return ""


if __name__ == "__main__":
    main()
