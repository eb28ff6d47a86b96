"""What pages and PDFs cost: `./run bench` prints it, docs/benchmarks.md keeps it.

Measured in one process on a throw-away PostgreSQL, as a signed-in coordinator, whose pages take the most
statements. Milliseconds are the median of 15 requests through the whole of Django, without a network.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable

from tests.bench_archive import bench_archive
from tests.bench_documents import bench_documents
from tests.bench_files import bench_files
from tests.bench_tables import bench_tables
from tests.postgres import temporary_postgres

SIZES = (50, 500)
PAGES = (
    ("the plan's page", "/planer/{slug}/", 12),
    ("the activity list", "/planer/{slug}/aktiviteter/", 12),
    ("the year's follow-up", "/planer/{slug}/uppfoljning/2016/", 15),
    ("what I have to do", "/att-gora/", 15),
)
"""What is measured, where it is, and how many SQL statements it may take."""

LOG_SIZES = (2_000, 200_000)
LOG_PAGES = (
    ("the log of changes", ""),
    ("the same, row by row", "?rader=on"),
    ("the same, by one person in a month", "?vem={person}&fran=2010-03-01&till=2010-03-31"),
    ("the same, from the middle on", "?andring=activity-900"),
)

SEARCHED = 100_000
SEARCHES = (
    ("a word in one of them", "41777"),
    ("a word in the expected result of all", "förbättrad"),
    ("two words in the titles of all", "utbildningar bemötande"),
    ("the beginning of a word in all", "gemen"),
    ("nothing", "finnsinte"),
)
"""What is searched for among so many activities, half of which are reported."""

REPEATS = 15


def main() -> None:
    with temporary_postgres() as url:
        os.environ["DATABASE_URL"] = url
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        print(f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, {os.cpu_count()} cores\n")
        bench_pages()
        bench_log()
        bench_search()
        bench_archive()
        bench_tables()
        call_command("loaddata", "organisations", "4m", "botkyrka", "nki", "demo", verbosity=0)
        bench_documents()
        bench_files()
        bench_failed_log_ins()


def bench_pages() -> None:
    from django.test import Client

    from tests.big_plan import make_big_plan

    print(f"{'page':<24}{'activities':>12}{'SQL':>6}{'at most':>9}{'ms':>8}{'bytes':>10}")
    plans = {size: make_big_plan(size) for size in SIZES}
    for name, address, limit in PAGES:
        for size, big in plans.items():
            client = Client(headers={"host": "localhost"})
            client.force_login(big.coordinator)
            statements, seconds, length = cost_of(client, address.format(slug=big.plan.slug))
            print(f"{name:<24}{size:>12}{statements:>6}{limit:>9}{seconds * 1000:>8.1f}{length:>10}")


def bench_log() -> None:
    """The log of changes, of a plan that has had very many; another plan has had half as many again."""
    from django.test import Client

    from actionplan.models import Plan
    from municipalities.models import Role
    from tests.big_log import make_big_log
    from tests.builders import make_user

    print(f"\n{'page':<44}{'changes':>10}{'SQL':>6}{'at most':>9}{'ms':>8}")
    large, small = (Plan.objects.get(slug=f"stor-{size}") for size in reversed(SIZES))
    editor = make_user(Role.EDITOR, large.owner)
    client = Client(headers={"host": "localhost"})
    client.force_login(editor)
    for changes in LOG_SIZES:
        make_big_log(large, changes, by=editor)
        make_big_log(small, changes // 2, by=editor)
        for name, asked in LOG_PAGES:
            asked = asked.format(person=editor.pk)
            statements, seconds, _length = cost_of(client, f"/planer/{large.slug}/andringar/{asked}")
            print(f"{name:<44}{changes:>10}{statements:>6}{10:>9}{seconds * 1000:>8.1f}")


def bench_search() -> None:
    """A visitor's search, of a plan that has very many activities beside the two."""
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from followup.models import Stage
    from tests.big_plan import make_big_plan

    year = make_big_plan(SEARCHED).followup
    year.stage, year.published_at = Stage.PUBLISHED, timezone.now()
    year.save()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"\n{'search':<44}{'activities':>12}{'SQL':>6}{'ms':>8}")
    client = Client(headers={"host": "localhost"})
    for name, words in SEARCHES:
        statements, seconds, _length = cost_of(client, f"/sok/?q={words}")
        print(f"{name:<44}{SEARCHED:>12}{statements:>6}{seconds * 1000:>8.1f}")


def cost_of(client: object, address: str) -> tuple[int, float, int]:
    """Statements, median seconds and bytes of a page, once a first request has filled what is cached."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    get: Callable[[str], object] = client.get  # type: ignore[attr-defined]
    get(address)
    with CaptureQueriesContext(connection) as statements:
        response = get(address)
    count = len(statements)
    times = []
    for _each in range(REPEATS):
        started = time.perf_counter()
        get(address)
        times.append(time.perf_counter() - started)
    return count, statistics.median(times), len(response.content)  # type: ignore[attr-defined]


def bench_failed_log_ins() -> None:
    """How long it takes to refuse a log-in, which must not tell whether there is such an account.

    The real hash, in turn so that a busy moment falls on all alike; counters are cleared before each.
    """
    from django.core.cache import cache
    from django.test import Client

    from tests.builders import PASSWORD, make_user

    closed, by_service = make_user(is_active=False), make_user(password=None)
    tried = {
        "no such account": ("ingen@example.se", PASSWORD),
        "wrong password": (make_user().email, "fel fel fel fel"),
        "closed account, its right password": (closed.email, PASSWORD),
        "account without a password": (by_service.email, PASSWORD),
    }
    seconds: dict[str, list[float]] = {why: [] for why in tried}
    client = Client(headers={"host": "localhost"})
    for _each in range(REPEATS * 2):
        for why, (email, password) in tried.items():
            cache.clear()
            started = time.perf_counter()
            answer = client.post("/konto/logga-in/", {"login": email, "password": password})
            seconds[why].append(time.perf_counter() - started)
            assert answer.status_code == 422, answer.status_code
    print(f"\n{'log-in refused':<44}{'ms':>9}")
    for why, taken in seconds.items():
        print(f"{why:<44}{statistics.median(taken) * 1000:>9.1f}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    main()
