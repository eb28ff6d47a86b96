"""Takes away one rule at a time and sees whether a test notices; `./run faults` does it for all of them.

Which tests run which line is measured first. Each rule is then removed, or the opposite of it said, and the
tests that run it are run until one fails: in a forked process that takes the rule away from itself where that
can be done, in a copy of the tree where the rule takes effect when the portal starts. What no test notices is
printed, and the exit code is 1.

    python -m tests.rights.removal [--list] [WORD …]     only those whose description holds every WORD
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory

from coverage import CoverageData

from tests.rights.finding import APPS, ROOT, Removal, removals

WORKERS = 2
AT_THE_START = "takes effect when the portal starts"
NOT_NOTICED = "NOT NOTICED"

NOT_ASKED = (
    "repository", "faults", "fixtures", "made_up", "rights/test_finding.py", "rights/test_removal.py",
    "rights/test_safe_answers.py",
)  # fmt: skip
"""Tests that have nothing to say of who may what, or take long to say it."""

NOT_AT_ONCE = (
    "tests/municipalities/test_limits.py::test_forty_guesses_at_once_in_two_processes_get_five_answers"
)
"""A test that needs both cores for itself; the servers that it starts have every rule in any case."""

AT_IMPORT = ""
"""Instead of a test's name: the line is run when its module is imported."""

BY_NAME = ""
"""Instead of a test's name: the names of addresses that all of the matrix's tests are to ask for."""

MATRIX = "tests/rights/test_matrix.py"
NEAR_THE_START = "tests/portal/"
"""Tests of what every request passes."""

TELLING = ("reads_what", "writes_what")
"""The matrix's tests that most often notice."""

BEFORE_THE_MATRIX = 40
"""How many tests of the rule itself are tried before all actors are."""

PYTEST = [
    sys.executable, "-m", "pytest", "-q", "-m", "not browser", "-p", "no:cacheprovider",
    "--no-header", "--tb=no", *(f"--ignore=tests/{each}" for each in NOT_ASKED),
    "--deselect", NOT_AT_ONCE,
]  # fmt: skip
ENVIRONMENT = {**os.environ, "DATABASE_URL": "sqlite:///var/db.sqlite3", "EVERYONE_ASKS": "1"}
"""The tests' own database is in memory then, so each forked process has one to itself."""

IMPATIENT = {**ENVIRONMENT, "REMOVALS": ""}
"""A test of the matrix fails at the first wrong answer."""


def nothing(get_response: object) -> object:
    """The middleware that stands where another one was."""
    return get_response


# Which tests run a rule

NAMED = re.compile(r'\s+"([\w:-]+)": ')
"""An entry of the table of rights."""

DECORATED = re.compile(r"(\w+) without require_\w+")
"""What a rule is called that says by which methods a view may be asked."""

PERMISSION = re.compile(r'add_perm\(\s*"([\w.]+)"')


def words_of(template: Path) -> set[str]:
    """What the template and its folder are called: tests of the page often are, too."""
    found = {template.stem, template.parent.name} - {*APPS, "templates", "components", "base"}
    return {word.removesuffix("s") for word in found}


def is_middleware(removal: Removal) -> bool:
    return removal.file == ROOT / "portal" / "settings.py"


def source(removal: Removal) -> str:
    """The line on which the rule stands."""
    return removal.file.read_text().splitlines()[removal.line - 1]


class Coverage:
    """Which tests run which lines with nothing taken away; measured again when code or tests change."""

    def __init__(self) -> None:
        data = ROOT / "var" / "coverage"
        written = max(file.stat().st_mtime for app in (*APPS, "tests") for file in (ROOT / app).rglob("*.py"))
        if not data.exists() or data.stat().st_mtime < written:
            self.measure(data)
        self.tests: dict[Path, dict[int, set[str]]] = {}
        self.asked: dict[Path, dict[int, set[str]]] = {}
        self.lines: Counter[str] = Counter()
        measured = CoverageData(str(data))
        measured.read()
        for file in measured.measured_files():
            lines = measured.contexts_by_lineno(file)
            here = {line: {each.rpartition("|")[0] for each in lines[line]} for line in lines}
            self.tests[Path(file)] = here
            self.asked[Path(file)] = {line: set(lines[line]) for line in lines}
            for tests in here.values():
                self.lines.update(tests - {AT_IMPORT})

    def measure(self, data: Path) -> None:
        """Raises SystemExit when a test fails already: nothing could be told from its failing later."""
        packages = [f"--cov={app}" for app in APPS]
        ran = subprocess.run(
            [*PYTEST, f"-n{WORKERS}", "--dist", "worksteal", *packages,
             "--cov-context=test", "--cov-report=", "tests"],
            cwd=ROOT, env={**ENVIRONMENT, "COVERAGE_FILE": f"{data}.new"}, capture_output=True, text=True,
        )  # fmt: skip
        if ran.returncode:
            raise SystemExit(f"{ran.stdout}\nTests fail though no rule has been taken away: mend that first.")
        Path(f"{data}.new").replace(data)

    def of(self, removal: Removal) -> list[str]:
        """The tests that run the rule, those first that run little else; the matrix after the first of them.

        No line tells who shows a template, or who asks for what is put together when the portal starts: all
        tests come then, the matrix first. Of the middleware only those near it: see `noticed_anew`.
        """
        found, before = self.that_run(removal), BEFORE_THE_MATRIX
        if found is None:
            found, before = set(self.lines), 0
        ordered = sorted(found, key=lambda test: (self.lines[test], test))
        if removal.file.suffix == ".html":
            near = [test for test in ordered if any(word in test for word in words_of(removal.file))]
            ordered = [*near, *(test for test in ordered if test not in set(near))]
            before = len(near)
        if is_middleware(removal):
            ordered = [test for test in ordered if test.startswith((NEAR_THE_START, MATRIX))]
            before = len(ordered)
        matrix = [test for test in ordered if test.startswith(MATRIX)]
        matrix.sort(key=lambda test: not any(what in test for what in TELLING))
        others = [test for test in ordered if not test.startswith(MATRIX)]
        return others[:before] + matrix + others[before:]

    def asked_of(self, removal: Removal) -> dict[str, list[str]]:
        """The addresses at which a test of the matrix runs the rule; no test that runs it otherwise, too.

        Of the table of rights, the name of the address instead (`BY_NAME`). Of a permission, what runs the
        lines that ask for it.
        """
        if removal.file.suffix == ".html":
            return {}
        if removal.file == ROOT / "portal" / "rights.py" and (named := NAMED.match(source(removal))):
            return {BY_NAME: [named[1]]}
        if DECORATED.fullmatch(removal.what):
            return self.asked_of_view(removal)
        first, last = removal.lines
        places = [(removal.file, line) for line in range(first, last + 1)]
        if permission := PERMISSION.search(source(removal)):
            places = list(self.asking_for(permission[1]))
        found: dict[str, list[str]] = defaultdict(list)
        for file, line in places:
            for context in self.asked.get(file, {}).get(line, ()):
                test, _bar, address = context.rpartition("|")
                found[test].append(address)
        known = {
            test: addresses
            for test, addresses in found.items()
            if test.startswith(MATRIX) and all(each.startswith("/") for each in addresses)
        }
        nothing_there: dict[str, list[str]] = {
            test: [] for test in self.lines if known and test.startswith(MATRIX) and test not in found
        }
        return known | nothing_there

    def asked_of_view(self, removal: Removal) -> dict[str, list[str]]:
        """The addresses of a decorated view, for all of the matrix: those that run what is inside of it."""
        view = re.compile(rf"def {removal.what.split()[0]}\b")
        texts = removal.file.read_text().splitlines()
        first = next(line for line, text in enumerate(texts, 1) if view.match(text))
        after = (line for line, text in enumerate(texts, 1) if line > first + 1 and text[:1].strip())
        last = next(after, len(texts))
        lines = self.asked.get(removal.file, {})
        contexts = set[str]().union(*(lines.get(line, ()) for line in range(first + 1, last)))
        found = sorted({each.rpartition("|")[2] for each in contexts if "|/" in each})
        return {test: found for test in self.lines if test.startswith(MATRIX)} if found else {}

    def asking_for(self, permission: str) -> Iterator[tuple[Path, int]]:
        for file in self.asked:
            for line, text in enumerate(file.read_text().splitlines(), 1):
                if f'"{permission}"' in text:
                    yield file, line

    def that_run(self, removal: Removal) -> set[str] | None:
        """The tests that run the rule; None when that can't be known."""
        if removal.file.suffix == ".html":
            return None
        first, last = removal.lines
        lines = self.tests.get(removal.file, {})
        found = set[str]().union(*(lines.get(line, ()) for line in range(first, last + 1)))
        return None if AT_IMPORT in found else found


# Whether it is noticed, by tests that are run in a process that has taken the rule away from itself


def noticed_in_place(
    wanted: list[Removal],
    tests: dict[Removal, list[str]],
    asked: dict[Removal, dict[str, list[str]]] | None = None,
) -> Iterator[str]:
    """What notices each rule's removal, as `tests/rights/in_place.py` tells it.

    `asked`: the addresses that run the rule, by test of the matrix; all where a test isn't there.
    """
    numbers = {removal: number for number, removal in enumerate(removals())}
    told, tell = os.pipe()
    with TemporaryDirectory() as folder:
        plan = Path(folder) / "plan.json"
        asked = asked or {}
        plan.write_text(json.dumps([[numbers[each], tests[each], asked.get(each, {})] for each in wanted]))
        files = {MATRIX, *(test.partition("::")[0] for each in wanted for test in tests[each])}
        environment = {**ENVIRONMENT, "REMOVALS": str(plan), "TELL": str(tell)}
        with subprocess.Popen(
            [*PYTEST, "-p", "tests.rights.in_place", *sorted(files)],
            cwd=ROOT, env=environment, pass_fds=[tell], stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            os.close(tell)
            with os.fdopen(told) as lines:
                yield from (line.strip() for line in lines)
            assert process.stdout is not None
            said = process.stdout.read()
        if process.returncode not in (0, 5):
            raise SystemExit(said)


# Whether it is noticed, by tests that are started in a copy of the tree without the rule


def rounds_for(removal: Removal) -> list[tuple[str, ...]]:
    """What is run until something fails: what fails most often first, and in the end every test."""
    if is_middleware(removal):
        return [
            ("tests/portal/test_headers.py", "tests/portal/test_checks.py"),
            (NEAR_THE_START,),
            ("tests",),
        ]
    app = removal.file.relative_to(ROOT).parts[0]
    near = (f"tests/{app}",) if app in APPS else (NEAR_THE_START,)
    return [
        ("--nomigrations", "-k", "writes_what and (visitor or administrator)", MATRIX),
        ("--nomigrations", "-k", "reads_what and (visitor or stepless)", MATRIX),
        near,
        ("tests/rights",),
        ("tests",),
    ]


def copy_of_the_tree(folder: Path) -> None:
    kept = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", ".tools", ".env")
    shutil.copytree(ROOT, folder, ignore=kept)
    (folder / "var").mkdir()
    for made in ("static", "fonts"):
        (folder / "var" / made).symlink_to(ROOT / "var" / made)


def noticed_anew(removal: Removal, folder: Path) -> str:
    """The test that fails without the rule, or that the portal doesn't start."""
    file = folder / removal.file.relative_to(ROOT)
    whole = file.read_text()
    file.write_text(removal.text())
    try:
        failures = (first_failure(chosen, folder) for chosen in rounds_for(removal))
        return next(filter(None, failures), NOT_NOTICED)
    finally:
        file.write_text(whole)


def first_failure(chosen: tuple[str, ...], folder: Path) -> str:
    """What fails first among the chosen tests, or why they can't be run; empty when nothing does."""
    command = [*PYTEST, "-x", *chosen]
    ran = subprocess.run(command, cwd=folder, env=IMPATIENT, capture_output=True, text=True)
    if ran.returncode == 0:
        return ""
    lines = [line for line in ran.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return lines[0].split(" - ")[0].partition(" ")[2] if lines else "the portal doesn't start"


# All of them


def try_all(wanted: list[Removal]) -> list[Removal]:
    """Takes each rule away in turn; what nobody noticed."""
    told: dict[str, list[Removal]] = defaultdict(list)

    def tell(removal: Removal, by: str) -> None:
        told[by].append(removal)
        print(f"{by}: {removal}", flush=True)

    with TemporaryDirectory() as temporary, ThreadPoolExecutor(WORKERS) as workers:
        coverage = Coverage()
        tests = {each: coverage.of(each) for each in wanted}
        asked = {each: coverage.asked_of(each) for each in wanted}

        def in_place(part: list[Removal]) -> None:
            for removal, by in zip(part, noticed_in_place(part, tests, asked), strict=True):
                elsewhere = by == NOT_NOTICED and is_middleware(removal)  # by tests that start the portal
                tell(removal, AT_THE_START if elsewhere else by)

        list(workers.map(in_place, (wanted[number::WORKERS] for number in range(WORKERS))))

        folders: Queue[Path] = Queue()
        for number in range(WORKERS):
            copy_of_the_tree(folder := Path(temporary) / str(number))
            folders.put(folder)

        def anew(removal: Removal) -> None:
            folder = folders.get()
            tell(removal, noticed_anew(removal, folder))
            folders.put(folder)

        list(workers.map(anew, told.pop(AT_THE_START, [])))
    return told[NOT_NOTICED]


def main(arguments: list[str]) -> int:
    words = [each for each in arguments if not each.startswith("--")]
    wanted = [each for each in removals() if all(word in str(each) for word in words)]
    if "--list" in arguments:
        print(*wanted, sep="\n")
        return 0
    started = time.monotonic()
    survivors = try_all(wanted)
    print(f"\n{len(wanted)} rules removed in {(time.monotonic() - started) / 60:.0f} minutes;", end=" ")
    print(f"{len(survivors)} removals were noticed by no test" + (":" if survivors else "."))
    for each in survivors:
        print(f"  {each}")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
