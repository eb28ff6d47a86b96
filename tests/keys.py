"""The portal by its keys alone: one goes from field to field by Tab, and sees at each where one is."""

from __future__ import annotations

from playwright.sync_api import ElementHandle, Locator, Page

WAY = """(there) => {
  const all = "a[href], button, input, select, textarea, summary, [tabindex]"
  const isStop = (each) =>
    each.tabIndex >= 0 && !each.disabled && each.checkVisibility({ visibilityProperty: true }) &&
    (each.type !== "radio" || each === there || (each.checked && each.name !== there.name))
  const stops = [...document.querySelectorAll(all)].filter(isStop)
  const here = document.activeElement
  const isAfter = (one, other) => one === document.body || one.compareDocumentPosition(other) & 4
  const between = (one, other) =>
    stops.filter((each) => isAfter(one, each) && (each === other || isAfter(each, other))).length
  if (here === there) return 0
  return isAfter(here, there) ? between(here, there) : -between(there, here) - (isStop(here) ? 0 : 1)
}"""
"""How many times Tab is pressed from where one is to an element; less than 0 with Shift."""

STANDS = """(there) => {
  const isSeen = (each) => {
    const { boxShadow, outlineStyle, outlineWidth } = getComputedStyle(each)
    return boxShadow !== "none" || (outlineStyle !== "none" && parseFloat(outlineWidth) > 0)
  }
  if (there !== document.activeElement) return ""
  const shows = [there, there.closest("label"), ...(there.labels ?? [])].filter(Boolean)
  return there.matches(":focus-visible") && shows.some(isSeen) ? "seen" : "not seen"
}"""
"""Whether one is there, and sees it."""

GROUP = """(radio) => {
  const all = [...radio.form.elements].filter((each) => each.name === radio.name && each.type === "radio")
  const from = Math.max(0, all.findIndex((each) => each.checked))
  window.stop = all[from]
  return [all.indexOf(radio) - from, all.some((each) => each.checked)]
}"""
OPTION = (
    "(select, label) => [...select.options].findIndex((each) => each.label === label) - select.selectedIndex"
)

SOME_MORE = 12
"""Stops that no element tells of: the parts of a date, and what scrolls."""


def go_to(there: Locator | ElementHandle, page: Page) -> None:
    """By Tab, past the menu by its own link where that is shorter."""
    steps = there.evaluate(WAY)
    skip = page.get_by_role("link", name="Till innehållet")
    if steps > SOME_MORE and page.evaluate("document.activeElement === document.body") and skip.count():
        for key in ("Tab", "Enter"):
            page.keyboard.press(key)
        steps = there.evaluate(WAY)
    key = "Tab" if steps > 0 else "Shift+Tab"
    for _each in range(abs(steps)):
        page.keyboard.press(key)
    for _each in range(SOME_MORE):
        if stands := there.evaluate(STANDS):
            assert stands == "seen", f"one doesn't see that one is at {there}"
            return
        page.keyboard.press(key)
    raise AssertionError(f"{there} can't be reached from {page.url}")


def press(there: Locator, key: str = "Enter") -> None:
    """A link or a button."""
    go_to(there, there.page)
    there.page.keyboard.press(key)


def write(there: Locator, text: str) -> None:
    """Instead of what the field holds."""
    go_to(there, there.page)
    there.page.keyboard.press("Control+A")
    there.page.keyboard.insert_text(text)


def write_date(there: Locator, day: str) -> None:
    """A day such as 2016-12-31, part by part: Chromium has them in the order of its own language."""
    go_to(there, there.page)
    year, month, of_month = day.split("-")
    there.page.keyboard.type(month + of_month + year)
    if there.input_value() != day:
        for key in ("ArrowLeft", "ArrowLeft", *year, "ArrowRight", *month, *of_month):
            there.page.keyboard.press(key)


def choose(there: Locator) -> None:
    """One of several, or a box to tick."""
    page = there.page
    if there.get_attribute("type") != "radio":
        return press(there, "Space")
    steps, is_chosen = there.evaluate(GROUP)
    stop = page.evaluate_handle("window.stop").as_element()
    assert stop
    go_to(stop, page)
    for _each in range(abs(steps)):
        page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
    if not (steps or is_chosen):
        page.keyboard.press("Space")
    return None


def choose_option(there: Locator, label: str) -> None:
    """One of a list that is unfolded."""
    steps = there.evaluate(OPTION, label)
    go_to(there, there.page)
    for _each in range(abs(steps)):
        there.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
