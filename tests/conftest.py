"""What all tests share: settings that suit tests, and a browser."""

import fcntl
import gc
import os
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as configured
from django.db import connection, connections, transaction
from django.template import Context, Template
from django.test.utils import instrumented_test_render  # type: ignore[attr-defined]
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from publishing import apart
from tests import chromium
from tests.kolada.server import NOWHERE, KoladaServer
from tests.letters import Letterbox
from tests.plans import load_plans
from tests.servers import free_port
from tests.warm import Warm

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
    "true"  # Playwright's loop runs in the thread that uses the database
)

expect.set_options(timeout=20_000)  # milliseconds; a page waits for what else the machine does

REFUSED_FORM = re.compile(r"status of (409|422)\b")
"""How Chromium complains of a form that comes back to be mended, as it should."""


LONG = ("whole_round", "page_of_the_admin", "no_injection_runs", "plan_is_revised", "editor]")
"""Of the tests in a browser, those that take longest: begun last, one process would end long after others."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if all(each.get_closest_marker("browser") for each in items):
        items.sort(key=lambda item: not any(part in item.name for part in LONG))


def pytest_collection_finish() -> None:
    """What has been loaded lives as long as the tests: it is no longer looked through for rubbish.

    Looking through it over and over takes a tenth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.fixture(autouse=True)
def settings_for_tests(settings):
    """Static files straight from their sources, passwords that are quick to check, and Kolada nowhere."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.WHITENOISE_AUTOREFRESH = True
    settings.WHITENOISE_USE_FINDERS = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.KOLADA_URL, settings.KOLADA_PAUSE = NOWHERE, 0


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A process's database is copied from one that has all tables.

    On PostgreSQL `tests/postgres.py` has made that; on SQLite the process that comes first makes it.
    """
    if migrated := os.environ.get("MIGRATED"):
        connection.settings_dict["TEST"] |= {"TEMPLATE": migrated, "NAME": f"test_{os.getpid()}"}
    elif connection.vendor == "sqlite" and "PYTEST_XDIST_WORKER" in os.environ:
        creation: Any = connection.creation
        make_empty = creation._create_test_db

        def make_full(*arguments: Any, **options: Any) -> str:
            name: str = make_empty(*arguments, **options)
            copy_tables(tmp_path_factory.getbasetemp().parent / "migrated.sqlite3")
            return name

        creation._create_test_db = make_full


def copy_tables(file: Path) -> None:
    """Into the test database in memory, from the file, which is made where it isn't there yet."""
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            made = file.with_suffix(".made")
            migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
            environment = {**os.environ, "DATABASE_URL": f"sqlite:///{made}"}
            subprocess.run(migrate, cwd=configured.BASE_DIR, env=environment, check=True)
            made.rename(file)
        connection.ensure_connection()
        with sqlite3.connect(file) as copy:
            copy.backup(connection.connection)


@pytest.fixture(scope="session", autouse=True)
def warm_programs() -> Iterator[None]:
    """What is run apart is the program of production, but for the time that it takes to start."""
    warm = Warm()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apart, "run", warm.run)
        yield
    warm.stop()


@pytest.fixture
def started_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is run apart is a process of its own from the start, as in production."""
    monkeypatch.setattr(apart, "run", subprocess.run)


UNWATCHED = Template._render  # type: ignore[attr-defined]


def render_watched(template: Template, context: Context) -> Any:
    """Tells the test client the context of a page's template, and not of all that it includes.

    Django tells of those, too, and copies each context: half of the time of a page with many parts.
    """
    watched = instrumented_test_render if context.template is template else UNWATCHED
    return watched(template, context)


@pytest.fixture(scope="session", autouse=True)
def pages_are_watched(django_test_environment: None) -> None:
    setattr(Template, "_render", render_watched)  # noqa: B010 – which a type checker refuses


LEFT_STANDING = {"django_content_type", "auth_permission"}
"""Tables that the migrations fill, and that they would fill again."""


@pytest.fixture(scope="session", autouse=True)
def emptied_unguarded(django_db_modify_db_settings) -> None:
    """After a test that several connections see, what guards rows from being deleted isn't heeded."""
    emptying = row_by_row if connection.vendor == "postgresql" else without_triggers(connection.ops.sql_flush)
    setattr(connection.ops, "sql_flush", emptying)  # noqa: B010 – which a type checker refuses


def row_by_row(style: Any, tables: list[str], **options: bool) -> list[str]:
    """Django truncates all tables, which takes a second; deleting nearly nothing is nothing."""
    emptied = [connection.ops.quote_name(each) for each in tables if each not in LEFT_STANDING]
    deletions = "; ".join(f"DELETE FROM {each}" for each in emptied)
    return [f"SET LOCAL session_replication_role = replica; {deletions}"]


def without_triggers(emptying: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """The same with SQLite's triggers taken down before, and put up again after."""

    def sql_flush(style: Any, tables: list[str], **options: bool) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        down = [f"DROP TRIGGER {connection.ops.quote_name(name)}" for name, _sql in triggers]
        return [*down, *emptying(style, tables, **options), *(sql for _name, sql in triggers)]

    return sql_flush


@pytest.fixture(scope="module")
def plans_in_the_module(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The real plans, loaded once for a module's tests; none of those may use `transaction=True`."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_plans()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def plans(plans_in_the_module, db) -> None:
    """Both plans, the real NKI values, the example follow-up and the demo accounts."""


@pytest.fixture
def shared_database(transactional_db, tmp_path: Path) -> Iterator[None]:
    """A database that many connections may open; on SQLite, where tests run in memory, a file."""
    if connection.vendor != "sqlite":
        yield
        return
    in_memory, file = connections["default"], str(tmp_path / "db.sqlite3")
    in_memory.ensure_connection()
    with sqlite3.connect(file) as copy:
        in_memory.connection.backup(copy)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connections.settings["default"], "NAME", file)
        del connections["default"]
        yield
        connections["default"].close()
    connections["default"] = in_memory


@pytest.fixture
def letterbox(settings) -> Iterator[Letterbox]:
    """A mail server on this machine, which the portal sends to."""
    port = free_port()
    box = Letterbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DEFAULT_FROM_EMAIL = "Handlingsplaner <handlingsplaner@example.se>"
    yield box
    server.stop()


@pytest.fixture
def kolada(settings) -> Iterator[KoladaServer]:
    """Kolada on this machine, with the real values, which the portal asks without waiting for its turn."""
    with KoladaServer() as server:
        settings.KOLADA_URL, settings.KOLADA_PAUSE = server.url, 0
        yield server


@pytest.fixture
def visits() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine, and the paths that have been asked for there."""
    seen: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_error(404)

        def log_message(self, *_arguments: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/x.svg", seen
        server.shutdown()


@pytest.fixture
def queue(settings) -> None:
    """Background work waits in the database, as in production."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium.started() as one:
        yield one


@pytest.fixture
def open_page(browser: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """Opens a Swede's browser, with the options given; any complaint in its console fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not REFUSED_FORM.search(message.text):
            complaints.append(f"{message.text} ({message.location['url']})")

    def open_one(**options: Any) -> Page:
        swede = {"base_url": live_server.url, "locale": "sv-SE", "timezone_id": "Europe/Stockholm"}
        context = browser.new_context(**swede | options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """An ordinary browser, as `open_page` has it."""
    return open_page()
