"""The provider from a test's side: started, told how to behave, and logged in at as a browser does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from tests.openid.known import PASSWORD


@dataclass(frozen=True)
class Provider:
    """A running provider, by its address."""

    url: str

    def is_to(self, **behaviour: Any) -> None:
        """Tells it how to behave from now on; `tests/openid/misbehaviour.py` says what can be asked."""
        requests.post(f"{self.url}/told-by-a-test/", json=behaviour, timeout=10).raise_for_status()


@contextmanager
def running_provider(folder: Path) -> Iterator[Provider]:
    """Starts a provider with its database in `folder`; it ends with the block, or with the tests."""
    command = [sys.executable, "-m", "tests.openid", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield Provider(process.stdout.readline().strip())
        finally:
            process.terminate()


class Browser:
    """Someone's browser at the providers; it stops where it is sent back to the portal."""

    def __init__(self) -> None:
        self.session = requests.Session()

    def log_in(self, address: str, username: str) -> str:
        """Goes to `address`, logs in there when asked to, and gives the address that it is sent on to."""
        answer = self.session.get(address, timeout=10, allow_redirects=False)
        while answer.is_redirect:
            onward = urljoin(answer.url, answer.headers["Location"])
            if urlsplit(onward).netloc != urlsplit(address).netloc:
                return onward
            if "/accounts/login/" in onward:
                answer = self.fill_in(onward, username)
            else:
                answer = self.session.get(onward, timeout=10, allow_redirects=False)
        raise AssertionError(f"The provider sent nobody back: {answer.status_code} {answer.text[:500]}")

    def fill_in(self, address: str, username: str) -> requests.Response:
        self.session.get(address, timeout=10)
        form = {
            "login": username,
            "password": PASSWORD,
            "csrfmiddlewaretoken": self.session.cookies["provider-csrftoken"],
        }
        return self.session.post(address, form, timeout=10, allow_redirects=False)
