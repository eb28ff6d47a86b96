"""Chromium, as the tests and the README's pictures start it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

PROGRAMS = ("chromium-headless-shell", "chromium")
"""The former is the same Chromium without windows, and shows a page in half of the time."""

OPTIONS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


@contextmanager
def started() -> Iterator[Browser]:
    """Debian's Chromium."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    assert program, f"A real browser is needed (Debian: apt-get install {PROGRAMS[0]})."
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=OPTIONS + sandbox)
        yield chromium
        chromium.close()
