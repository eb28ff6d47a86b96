"""The world that the tests of rights ask, built once for a module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests.rights.world import SERVICES, World, asked, make_world


@pytest.fixture(autouse=True)
def as_in_production(settings, monkeypatch) -> None:
    """Those who write need a second step. A PDF is its HTML: who may have it is told before it is made."""
    settings.REQUIRE_MFA = True
    settings.OIDC_PROVIDERS = SERVICES
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 24 * 60 * 60  # however long a run of the tests takes
    monkeypatch.setattr("publishing.pdf.kept", lambda html, data: "".join([html, *map(str, data)]).encode())


@pytest.fixture(scope="module")
def world_in_the_module(django_db_setup, django_db_blocker) -> Iterator[World]:
    quick = override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"], OIDC_PROVIDERS=SERVICES
    )
    with quick, django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(world_in_the_module, db) -> World:
    """Everyone and everything; what a test changes is undone after it."""
    return world_in_the_module


# What it costs, told after `pytest tests/rights` with one process or several


def pytest_sessionfinish(session: Any) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["asked"] = dict(asked)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    for name, number in getattr(node, "workeroutput", {}).get("asked", {}).items():
        asked[name] += number


def pytest_terminal_summary(terminalreporter: Any) -> None:
    terminalreporter.write_line(f"rights: {asked['requests']:.0f} requests in {asked['seconds']:.0f} s")
