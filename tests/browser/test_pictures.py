"""Pages as pictures: every component is seen whole, on a phone, a desktop and paper, and no page moves."""

from __future__ import annotations

import io
import time
from itertools import product
from typing import Any

import pytest
from django.test import Client
from PIL import Image
from playwright.sync_api import FloatRect, Page, Route

from tests.plans import load_plans, person

pytestmark = pytest.mark.browser

PHONE, DESKTOP, PAPER = 390, 1280, 718
"""Widths in CSS pixels; that of A4 between its margins."""

FAULTS = """() => {
  const shown = (it) => it.checkVisibility() && !it.closest(".sr, .stack thead")
  const name = (it) => `${it.closest("section")?.id} ${it.tagName} ${it.textContent.trim().slice(0, 40)}`
  const found = []
  for (const it of document.querySelectorAll("body *")) {
    if (!shown(it) || it.closest(".scroll, svg, .skip")) continue
    if (it.getBoundingClientRect().right > innerWidth + 1) found.push("wider than the window: " + name(it))
    const isCut = getComputedStyle(it).overflowX !== "visible" && it.scrollWidth > it.clientWidth + 1
    if (isCut) found.push("cut off: " + name(it))
  }
  const texts = []
  const all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (all.nextNode()) {
    const parent = all.currentNode.parentElement
    if (!all.currentNode.data.trim() || !shown(parent) || parent.closest(".skip, option")) continue
    const range = document.createRange()
    range.selectNodeContents(all.currentNode)
    for (const box of range.getClientRects()) texts.push([box, parent])
  }
  texts.forEach(([one, parent], place) => {
    for (const [other, its] of texts.slice(place + 1)) {
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left)
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top)
      const isCovered = across > 2 && down > 0.5 * Math.min(one.height, other.height)
      if (isCovered) found.push(`${name(parent)} on ${name(its)}`)
    }
  })
  return found
}"""

UNSEEN_FOCUS = """() => [...document.querySelectorAll("main :is(a, button, input, textarea, summary)")]
  .filter((it) => {
    it.focus({preventScroll: true})
    return it.checkVisibility() && ![it, it.closest("label") || it].some((each) => {
      const style = getComputedStyle(each)
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
    })
  }).map((it) => it.outerHTML)"""

WATCH_SHIFTS = """
window.shifts = []
new PerformanceObserver((list) => list.getEntries().forEach((each) => shifts.push(each.value)))
  .observe({type: "layout-shift", buffered: true})
"""


def late(route: Route) -> None:
    """The font comes when the page has long been shown, as on a slow line."""
    time.sleep(0.2)
    route.continue_()


MEDIA: tuple[dict[str, Any], ...] = (
    {"width": PHONE, "color_scheme": "dark"},
    {"width": DESKTOP, "color_scheme": "light"},
    {"width": PAPER, "media": "print", "color_scheme": "light"},
)


def test_every_component_is_seen_whole_and_in_focus(page: Page) -> None:
    page.goto("/om/komponenter/")

    found = {}
    for medium in MEDIA:
        page.set_viewport_size({"width": medium["width"], "height": 800})
        page.emulate_media(**{name: value for name, value in medium.items() if name != "width"})
        found[medium["width"]] = page.evaluate(FAULTS) + without_ink(page)
    page.emulate_media(media="screen")
    page.keyboard.press("Tab")
    found["focus"] = page.evaluate(UNSEEN_FOCUS)

    assert {where: what for where, what in found.items() if what} == {}


PAGES = {
    "": ("/", "/planer/4m/", "/planer/4m/aktiviteter/", "/planer/4m/indikatorer/nki/"),
    "redaktor@4m": ("/att-gora/", "/planer/4m/uppfoljning/2016/", "/planer/4m/uppfoljning/2016/arbetsyta/"),
}


def test_no_page_moves_when_the_font_comes_late(page: Page, live_server) -> None:
    load_plans()
    page.add_init_script(WATCH_SHIFTS)
    page.route("**/*.woff2", late)

    moved = {}
    for who, places in PAGES.items():
        if who:
            client = Client()
            client.force_login(person(who))
            page.context.add_cookies(
                [
                    {"name": name, "value": each.value, "url": live_server.url}
                    for name, each in client.cookies.items()
                ]
            )
        for width, place in product((PHONE, DESKTOP), places):
            page.set_viewport_size({"width": width, "height": 800})
            answer = page.goto(place)
            assert answer
            assert answer.status == 200
            page.evaluate("document.fonts.ready.then(() => null)")
            moved[place, width] = page.evaluate("shifts.reduce((sum, each) => sum + each, 0)")

    assert {where: how_far for where, how_far in moved.items() if how_far >= 0.01} == {}


def without_ink(page: Page) -> list[str]:
    """The components that are nearly of one colour in the page's picture."""
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("L")
    boxes = {each.get_attribute("id"): each.bounding_box() for each in page.locator("main section").all()}
    return [f"nothing to see in {name}" for name, box in boxes.items() if not box or is_empty(picture, box)]


def is_empty(picture: Image.Image, box: FloatRect) -> bool:
    left, top = box["x"], box["y"] + 2  # below the rule on top
    shades = picture.crop((left, top, left + box["width"], top + box["height"])).tobytes()
    return max(shades) - min(shades) < 100
