"""The README's pictures: `./run pictures` makes them anew, in docs/pictures/.

A throw-away portal has the plans and the made-up reports. Its clock stands still, first where each document
was published and then in the round for 2017, so that the same pages make the same pictures.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser

from tests import chromium

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
WIDTH, SCALE = 1120, 1.5
"""So many CSS pixels, and so many of the picture's for each: a page shows it at less than its size."""
COORDINATOR = "samordnare@strangnas.example"


@dataclass(frozen=True)
class View:
    """A page from its top to the end of an element, when a button has been pressed."""

    name: str
    address: str
    to: str
    who: str = ""
    press: str = ""


VIEWS = (
    View("start", "/", to=".plans > li:first-child"),
    View("to-do", "/att-gora/", to="main section > .sheet", who=COORDINATOR, press="Rapportera"),
    View("plan", "/planer/4m/", to=".overview > tbody > tr:nth-child(2)"),
    View("year", "/planer/4m/uppfoljning/2016/", to="#aktiviteter"),
)
DOCUMENT, PAGES = "/planer/4m/uppfoljning/2016.pdf", (1, 3)
"""A PDF, and the pages of it that stand side by side."""


class Clock:
    """What the portal takes for the time."""

    def set(self, year: int, month: int, day: int) -> None:
        self.moment = datetime(year, month, day, 9, 0, tzinfo=ZoneInfo("Europe/Stockholm"))

    def now(self) -> datetime:
        return self.moment


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATABASE_URL": f"sqlite:///{folder}/db.sqlite3", "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
        clock = Clock()
        prepare(clock)
        clock.set(2018, 1, 16)
        with served() as origin, chromium.started() as browser:
            for view in VIEWS:
                keep(view.name, photographed(browser, origin, view))
        keep("pdf", side_by_side(Path(folder)))


def prepare(clock: Clock) -> None:
    """Set up Django, and load and publish as `./run` does, each document on a day when it may have been."""
    clock.set(2016, 5, 30)
    from django.utils import timezone

    setattr(timezone, "now", clock.now)  # noqa: B010 – before any module has taken the true one
    import django

    django.setup()
    from django.core.management import call_command

    from actionplan.editions import publish_missing_revisions
    from followup.editions import publish_missing_examples

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command(
        "load_missing_fixtures", "organisations", "4m", "botkyrka", "nki", "demo", stdout=io.StringIO()
    )
    call_command("demo_accounts", stdout=io.StringIO())
    publish_missing_revisions()
    clock.set(2017, 3, 30)
    publish_missing_examples()


@contextmanager
def served() -> Iterator[str]:
    """The portal in a thread of this process, whose clock it has."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
    server.set_app(get_wsgi_application())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def photographed(browser: Browser, origin: str, view: View) -> Image.Image:
    context = browser.new_context(
        base_url=origin,
        locale="sv-SE",
        viewport={"width": WIDTH, "height": 800},
        device_scale_factor=SCALE,
        reduced_motion="reduce",
    )
    if view.who:
        from django.test import Client

        from municipalities.models import User

        client = Client(headers={"host": "localhost"})
        client.force_login(User.objects.get(email=view.who))
        context.add_cookies(
            [{"name": name, "value": each.value, "url": origin} for name, each in client.cookies.items()]
        )
    page = context.new_page()
    page.goto(view.address)
    page.reload()  # with the font at hand: it may come too late for a first page
    page.evaluate("document.fonts.ready.then(() => null)")
    if view.press:
        page.locator("main :is(a, button)").filter(has_text=re.compile(f"^{view.press}")).first.click()
        page.wait_for_load_state("networkidle")
        page.mouse.move(0, 0)
    bottom = page.locator(view.to).first.evaluate("(it) => it.getBoundingClientRect().bottom")
    taken = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": WIDTH, "height": round(bottom)})
    context.close()
    return Image.open(io.BytesIO(taken))


def side_by_side(folder: Path) -> Image.Image:
    """Pages of the PDF on a ground that their edges are seen against, as wide as the other pictures."""
    from django.test import Client

    file, gap = folder / "document.pdf", 36
    answer = Client(headers={"host": "localhost"}).get(DOCUMENT)
    file.write_bytes(b"".join(answer) if answer.streaming else answer.content)
    width = (int(WIDTH * SCALE) - (len(PAGES) + 1) * gap) // len(PAGES)
    pages = [page_of(file, number, width) for number in PAGES]
    both = Image.new("RGB", (int(WIDTH * SCALE), pages[0].height + 2 * gap), "#d8d3c8")
    for place, page in enumerate(pages):
        both.paste(page, (gap + place * (width + gap), gap))
    return both


def page_of(file: Path, number: int, width: int) -> Image.Image:
    size = ["-scale-to-x", str(width), "-scale-to-y", "-1"]
    drawn = subprocess.run(
        ["pdftoppm", "-f", str(number), "-l", str(number), *size, str(file)], check=True, capture_output=True
    )
    return Image.open(io.BytesIO(drawn.stdout))


def keep(name: str, picture: Image.Image) -> None:
    """With 256 colours, of which pages have few, the file is less than half as large."""
    few = picture.convert("RGB").quantize(kmeans=2, dither=Image.Dither.NONE)
    file = FOLDER / f"{name}.png"
    few.save(file, optimize=True)
    print(f"docs/pictures/{file.name}: {few.width} × {few.height}, {file.stat().st_size} bytes")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    main()
