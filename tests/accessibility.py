"""What axe, which knows the rules of accessibility, finds on a page in each look that it may have."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDE = {"width": 1280, "height": 900}
LOOKS: dict[str, tuple[str, dict[str, int]]] = {
    "light": ("light", WIDE),
    "dark": ("dark", WIDE),
    "320 px": ("light", {"width": 320, "height": 640}),
    "200 %": (
        "dark",
        {"width": 640, "height": 450},
    ),  # as much as a window of 1280 px shows at twice the size
}
"""The colours and the size of the window, by what they are called."""

FIND = """async () => {
  for (const each of document.querySelectorAll("details")) each.open = true
  if (document.contentType !== "text/html") return []
  await Promise.allSettled(document.getAnimations().map((each) => each.finished))
  const { violations } = await axe.run({ preload: false, resultTypes: ["violations"] })
  const broken = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id} (${help}): ${target.join(" ")}`))
  const { clientWidth, scrollWidth } = document.documentElement
  const beside = (each) => scrollWidth > clientWidth && each.getBoundingClientRect().right > clientWidth + 1
  const wide = [...document.querySelectorAll("body *")].filter(beside)
  return [...broken, ...wide.map((each) => `beside the window: ${each.outerHTML.slice(0, 120)}`)]
}"""


def violations(page: Page, *looks: str) -> list[str]:
    """What is wrong with the page as it stands, with what can be unfolded open, in each of the looks."""
    found = []
    for look in looks:
        colours, size = LOOKS[look]
        page.emulate_media(color_scheme=colours, reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_viewport_size(size)  # type: ignore[arg-type]
        if page.evaluate("window.axe === undefined"):
            page.evaluate(AXE_SCRIPT)
        told: Any = page.evaluate(FIND)
        found += [f"{look}: {each}" for each in told]
    return found
