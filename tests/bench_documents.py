"""What documents cost: to make, beside a browser that prints the same HTML; to publish; and to fetch."""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publishing.pdf import Manuscript

ACTIVITIES = (20, 320)
"""How many a year has whose follow-up takes about 14 and 50 pages."""
FETCHES = 500


def bench_documents() -> None:
    bench_making()
    bench_publishing()


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock and of a core; bytes of memory at the highest, of all its processes together."""

    seconds: float
    of_a_core: float
    memory: int

    def __str__(self) -> str:
        return f"{self.seconds:>9.1f}{self.of_a_core:>9.1f}{self.memory / 1e6:>8.0f}"


def bench_making() -> None:
    from actionplan.documents import revision_manuscript
    from actionplan.editions import whole_report
    from actionplan.models import Revision
    from followup.documents import followup_manuscript
    from followup.models import FollowUp
    from followup.queries import standpoint_of_publisher
    from followup.reports.year import followup_report
    from tests.big_plan import make_big_plan

    def year(followup: FollowUp) -> Manuscript:
        return followup_manuscript(followup_report(standpoint_of_publisher(followup), followup))

    def revision(slug: str, year: int) -> Manuscript:
        return revision_manuscript(whole_report(Revision.objects.get_by_natural_key(slug, year)))

    print(f"\n{'document':<36}{'pages':>7}{'bytes':>10}{'seconds':>9}{'of core':>9}{'MB':>8}")
    for name, made in (
        ("the plan of 4M, 2016", revision("4m", 2016)),
        ("the plan of Botkyrka, 2018", revision("botkyrka", 2018)),
        ("the follow-up of 4M, 2016", year(FollowUp.objects.get_by_natural_key("4m", 2016))),
        *((f"a year of {size} activities", year(make_big_plan(size).followup)) for size in ACTIVITIES),
    ):
        tell(name, made, with_the_renderer)
        if shutil.which("chromium"):
            tell("  the same, printed by Chromium", made, with_chromium)


def tell(name: str, made: Manuscript, make: Callable[[Manuscript], tuple[bytes, Cost]]) -> None:
    from pypdf import PdfReader

    pdf, cost = make(made)
    print(f"{name:<36}{len(PdfReader(BytesIO(pdf)).pages):>7}{len(pdf):>10}{cost}")


def with_the_renderer(made: Manuscript) -> tuple[bytes, Cost]:
    from publishing.pdf import render_pdf

    return measured(lambda: render_pdf(made.html, made.data))


def with_chromium(made: Manuscript) -> tuple[bytes, Cost]:
    """The same HTML, styles and typeface, without structure, running heads and attached data."""
    from publishing.pdf import own_files

    with TemporaryDirectory() as name:
        folder = Path(name)
        html = made.html
        for own, path in own_files().items():
            copy = folder / path.name
            shutil.copy(path, copy)
            html = html.replace(own, copy.as_uri())
        sheet = folder / "pdf.css"
        sheet.write_text(sheet.read_text().replace("project:", f"{folder.as_uri()}/"))
        page, printed = folder / "page.html", folder / "page.pdf"
        page.write_text(html)
        options = ["--headless", "--no-sandbox", "--no-pdf-header-footer", f"--user-data-dir={folder}/user"]
        command = ["chromium", *options, f"--print-to-pdf={printed}", page.as_uri()]
        _said, cost = measured(lambda: subprocess.run(command, check=True, capture_output=True).stdout)
        return printed.read_bytes(), cost


def measured(work: Callable[[], bytes]) -> tuple[bytes, Cost]:
    """What `work` gives and costs in the processes that it starts."""
    peak, is_done = [0], threading.Event()
    watcher = threading.Thread(target=watch, args=(peak, is_done))
    watcher.start()
    started, before = time.perf_counter(), seconds_of_children()
    try:
        given = work()
        return given, Cost(time.perf_counter() - started, seconds_of_children() - before, peak[0])
    finally:
        is_done.set()
        watcher.join()


def watch(peak: list[int], is_done: threading.Event) -> None:
    """Keeps the most memory that this process' children, and theirs, have had together."""
    while not is_done.wait(0.02):
        peak[0] = max(peak[0], sum(map(memory_of, below(os.getpid()))))


def below(process: int) -> Iterator[int]:
    with suppress(OSError):
        for path in Path(f"/proc/{process}/task").glob("*/children"):
            for child in map(int, path.read_text().split()):
                yield child
                yield from below(child)


def memory_of(process: int) -> int:
    """What is shared between processes is divided among them."""
    with suppress(OSError):
        told = Path(f"/proc/{process}/smaps_rollup").read_text()
        return int(re.findall(r"^Pss: +([0-9]+) kB", told, re.MULTILINE)[0]) * 1024
    return 0


def seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def bench_publishing() -> None:
    """Publishing a year, once; and what its readers cost after that."""
    from followup.editions import publish_year
    from followup.models import FollowUp
    from tests.servers import running

    before = time.process_time() + seconds_of_children()
    publication = publish_year(FollowUp.objects.get_by_natural_key("4m", 2016), by=None)
    seconds = time.process_time() + seconds_of_children() - before
    print(f"\npublishing the year of 4M: {seconds:.1f} s of a core")

    address = "/planer/4m/uppfoljning/2016/utgava/1.pdf"
    with TemporaryDirectory() as folder, running(Path(folder), 1) as [port]:
        print(f"\n{f'its PDF of {len(publication.pdf)} bytes':<36}{'a second':>10}{'ms of a core':>14}")
        for who, headers in (
            ("whoever has it not", {}),
            ("whoever has it", {"If-None-Match": f'"{publication.pdf_sha256}"'}),
        ):
            number, core = fetched(port, address, headers)
            print(f"{who:<36}{number:>10.0f}{core * 1000:>14.1f}")


def fetched(port: int, address: str, headers: dict[str, str]) -> tuple[float, float]:
    """Requests a second, one after the other, of one process; and seconds of a core that each takes of it."""
    asked = HTTPConnection("127.0.0.1", port, timeout=60)
    started, before = 0.0, 0.0
    for number in range(FETCHES + 20):
        if number == 20:
            started, before = time.perf_counter(), seconds_below()
        asked.request("GET", address, headers=headers)
        answer = asked.getresponse()
        answer.read()
        assert answer.status == (304 if headers else 200), answer.status
    seconds, of_a_core = time.perf_counter() - started, seconds_below() - before
    return FETCHES / seconds, of_a_core / FETCHES


def seconds_below() -> float:
    """Of a core, of the processes that this one has started and that still run."""
    ticks = 0
    for process in below(os.getpid()):
        with suppress(OSError):
            told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            ticks += int(told[11]) + int(told[12])
    return ticks / os.sysconf("SC_CLK_TCK")
