"""Takes away one rule at a time and sees whether a test notices; `./run faults` does it for all of them.

The rules are found in the code, so a new one is covered by itself: predicates and how they are put together,
the table of rights, every check that a loader or a page makes, conditions on who someone is, filters and
guards, the middleware, what the admin may not, what templates show only to some. Each is removed, or the
opposite of it said, in a copy of the tree; then the tests are run until one fails. What no test notices is
printed, and the exit code is 1.

    python -m tests.rights.removal [--list] [WORD …]     only those whose description holds every WORD
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
APPS = ("portal", "followup", "actionplan", "municipalities", "publishing")
WORKERS = 2

CHECKS = {"may", "has_perm", "reads", "perm_exists"}
"""Functions that answer whether someone may; without the rule everybody may."""
LOADING_CHECKS = {"or_404", "or_403"}
"""Functions that let their last argument through, or raise."""
REFUSALS = {"Http404", "PermissionDenied", "ImproperlyConfigured", "Refused", "SuspiciousOperation"}
OF_PEOPLE = {
    "administers", "confined_to", "is_active", "is_administrator", "is_anonymous", "is_authenticated",
    "is_staff", "may_write", "sees_all_outcomes",
}  # fmt: skip
"""Attributes and filters that tell who someone is or what they may; whatever asks for them is a rule."""
NAMES = {"__str__", "get_by_natural_key"}
"""Functions that say what something is called, and decide nothing."""
METHODS_TAKEN = {"require_safe", "require_POST", "require_http_methods"}
OF_ADMIN = re.compile(r"has_\w+_permission|why_not_\w+|refuse")
ALL_RULES = re.compile(r"permissions\.py|access\.py|rights\.py|second_step\.py|models/users\.py")
"""Files in which every condition is a rule."""
SHOWN_TO_SOME = re.compile(
    r"(?<=[ =(])(?:request\.)?(?:user\.(?:is_\w+|administers|may_\w+)|may_\w+)(?=[ %|)])"
)
"""In a template's tag: a condition on who reads."""


@dataclass(frozen=True)
class Removal:
    """One rule taken away: the file, where in its text, and what stands there instead."""

    file: Path
    start: int
    end: int
    instead: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line} {self.what}"

    def text(self) -> str:
        whole = self.file.read_text()
        return whole[: self.start] + self.instead + whole[self.end :]


def removals() -> list[Removal]:
    """Every rule of the portal, in the order of files and lines."""
    found: list[Removal] = []
    for app in APPS:
        for file in sorted((ROOT / app).rglob("*.py")):
            if not {"migrations", "management"} & set(file.parts):
                found += Rules(file).found
    for file in sorted((ROOT / "templates").rglob("*.html")):
        found += shown_to_some(file)
    unique = {(each.file, each.start, each.end, each.instead): each for each in found}
    return sorted(unique.values(), key=lambda each: (each.file, each.line, each.start))


def shown_to_some(file: Path) -> Iterator[Removal]:
    text = file.read_text()
    for tag in re.finditer(r"{%.*?%}", text):
        for condition in SHOWN_TO_SOME.finditer(tag[0]):
            start = tag.start() + condition.start()
            line = text.count("\n", 0, start) + 1
            yield Removal(
                file, start, start + len(condition[0]), "True", line, f"shown to all: {condition[0]}"
            )


class Rules(ast.NodeVisitor):
    """Finds the rules of a Python file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.text = file.read_text()
        self.starts = [0]
        for line in self.text.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line.encode()))
        self.bytes = self.text.encode()
        self.all_rules = ALL_RULES.search(file.as_posix()) is not None
        self.found: list[Removal] = []
        self.visit(ast.parse(self.text))

    # Where a node stands

    def place(self, node: ast.AST) -> tuple[int, int]:
        """Start and end of the node in the text; its parser counts bytes."""
        start = self.starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
        end = self.starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
        return len(self.bytes[:start].decode()), len(self.bytes[:end].decode())

    def source(self, node: ast.AST) -> str:
        start, end = self.place(node)
        return self.text[start:end]

    def remove(self, node: ast.AST, instead: str, what: str) -> None:
        if self.source(node) == instead:
            return
        start, end = self.place(node)
        shown = " ".join(what.split())
        self.found.append(
            Removal(self.file, start, end, instead, node.lineno, shown[:150])  # type: ignore[attr-defined]
        )

    # Functions

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if node.name in NAMES:
            return
        decorators = {self.source(each).partition("(")[0] for each in node.decorator_list}
        body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        if decorators & {"rules.predicate", "predicate"}:
            self.remove(body[0], "return True", f"{node.name} holds for everyone")
        if OF_ADMIN.fullmatch(node.name):
            nothing = 'return ""' if node.name.startswith("why") else "return True"
            self.remove(body[0], nothing, f"{node.name} lets everything pass")
        for each in node.decorator_list:
            name = self.source(each).partition("(")[0]
            if name in METHODS_TAKEN:
                self.remove(each, "(lambda view: view)", f"{node.name} without {name}")
        self.generic_visit(node)

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]

    # Conditions

    def is_rule(self, node: ast.AST) -> bool:
        """Whether a condition asks who someone is, or stands where all conditions are rules."""
        if self.all_rules:
            return True
        for each in ast.walk(node):
            if isinstance(each, ast.Attribute) and each.attr in OF_PEOPLE:
                return True
            if isinstance(each, ast.Call) and name_of(each) in CHECKS:
                return True
        return False

    def visit_If(self, node: ast.If) -> None:
        last = node.body[-1]
        refuses = isinstance(last, ast.Raise) and last.exc is not None and called(last.exc) in REFUSALS
        if refuses or (self.is_rule(node.test) and not is_type_checking(node.test)):
            self.remove(node.test, "False", f"never: if {self.source(node.test)}")
            if not refuses:
                self.remove(node.test, "True", f"always: if {self.source(node.test)}")
            self.operands(node.test)
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        if self.is_rule(node.test):
            for instead in ("True", "False"):
                self.remove(node.test, instead, f"{instead}: {self.source(node)}")
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None and (self.all_rules or self.is_rule(node.value)):
            self.operands(node.value)
        self.generic_visit(node)

    def operands(self, node: ast.expr) -> None:
        """Each operand of `and` and `or` taken away, also inside."""
        for each in ast.walk(node):
            if isinstance(each, ast.BoolOp):
                word = " and " if isinstance(each.op, ast.And) else " or "
                for gone in each.values:
                    rest = [f"({self.source(value)})" for value in each.values if value is not gone]
                    self.remove(each, word.join(rest), f"without {self.source(gone)}: {self.source(each)}")

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for condition in node.ifs:
            if self.is_rule(condition):
                self.remove(condition, "True", f"whether or not {self.source(condition)}")
                self.operands(condition)
        self.generic_visit(node)

    # Calls

    def visit_Call(self, node: ast.Call) -> None:
        name = name_of(node)
        if name == "add_perm":
            self.remove(node.args[1], "rules.always_true", f"{self.source(node.args[0])} is for everyone")
            self.put_together(node.args[1])
        elif name in LOADING_CHECKS and self.file.name != "access.py":
            self.remove(node, self.source(node.args[2]), f"unchecked: {self.source(node)}")
        elif name in CHECKS:
            self.remove(node, "True", f"unchecked: {self.source(node)}")
        elif name == "Right":
            for each in node.keywords:
                self.remove(each.value, "False", f"not {each.arg}: {self.source(node)}")
        elif name in ("filter", "exclude", "get_object_or_404", "get"):
            self.narrowing(node, name)
        self.generic_visit(node)

    def narrowing(self, node: ast.Call, name: str) -> None:
        """A filter without each condition that tells of people; any, where everything is a rule."""
        named = [each for each in node.keywords if each.arg]
        for each in named:
            word = str(each.arg)
            of_people = any(part in OF_PEOPLE for part in word.split("__"))
            fetched = name == "get_object_or_404" and len(named) > 1
            if not (of_people or fetched or (self.all_rules and name != "get")):
                continue
            start, end = self.place(each)
            end += re.match(r"\s*,?\s*", self.text[end:]).end()  # type: ignore[union-attr]
            what = f"without {self.source(each)}: {self.source(node)}"
            self.found.append(Removal(self.file, start, end, "", each.lineno, " ".join(what.split())[:150]))

    def put_together(self, node: ast.expr) -> None:
        """Each side alone of predicates that are put together."""
        for each in ast.walk(node):
            if isinstance(each, ast.BinOp):
                self.remove(
                    each, self.source(each.left), f"without {self.source(each.right)}: {self.source(each)}"
                )
                self.remove(
                    each, self.source(each.right), f"without {self.source(each.left)}: {self.source(each)}"
                )

    # Tables

    def visit_Assign(self, node: ast.Assign) -> None:
        self.table([self.source(each) for each in node.targets], node.value)
        self.generic_visit(node)

    def table(self, names: list[str], value: ast.expr) -> None:
        if names == ["RIGHTS"] and isinstance(value, ast.Dict):
            for key, right in zip(value.keys, value.values, strict=True):
                assert key is not None
                self.remove(right, "PUBLIC", f"{self.source(key)} is public")
        if names == ["MIDDLEWARE"] and isinstance(value, ast.List):
            for each in value.elts:
                self.remove(each, '"tests.rights.removal.nothing"', f"without {self.source(each)}")


def nothing(get_response: object) -> object:
    """The middleware that stands where another one was."""
    return get_response


def name_of(call: ast.Call) -> str:
    """The last name of what is called: `has_perm` of `rules.has_perm(…)`."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def called(node: ast.expr) -> str:
    return name_of(node) if isinstance(node, ast.Call) else getattr(node, "id", "")


def is_type_checking(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "TYPE_CHECKING"


# Whether it is noticed

NOT_ASKED = ("repository", "fixtures", "made_up", "rights/test_removal.py", "rights/test_safe_answers.py")
"""Tests that have nothing to say of who may what, or take long to say it."""

MATRIX = ("tests/rights/test_matrix.py", "--nomigrations", "-k")
SOME = "visitor or outsider or coordinator or editor"
QUICKLY = (*MATRIX, f"(reads_what or writes_what) and ({SOME})")
THE_OTHERS = (*MATRIX, f"(reads_what or writes_what) and not ({SOME})")
ALL_RIGHTS = ("tests/rights", "--nomigrations")
EVERYTHING = ("tests",)


def rounds_for(removal: Removal) -> list[tuple[str, ...]]:
    """What is run until something fails: what fails most often first, and in the end every test."""
    app = removal.file.relative_to(ROOT).parts[0]
    near = (f"tests/{app}" if app in APPS else "tests/portal",)
    if removal.file.name == "settings.py" or app == "templates":
        return [near, QUICKLY, EVERYTHING]
    return [QUICKLY, THE_OTHERS, near, ALL_RIGHTS, EVERYTHING]


def copy_of_the_tree(folder: Path) -> None:
    kept = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", ".tools", ".env")
    shutil.copytree(ROOT, folder, ignore=kept)
    (folder / "var" / "static").mkdir(parents=True)
    (folder / "var" / "fonts").symlink_to(ROOT / "var" / "fonts")


def noticed(removal: Removal, folder: Path) -> str:
    """The test that fails without the rule; empty when none does."""
    file = folder / removal.file.relative_to(ROOT)
    whole = file.read_text()
    file.write_text(removal.text())
    try:
        for chosen in rounds_for(removal):
            if failed := first_failure(chosen, folder):
                return failed
        return ""
    finally:
        file.write_text(whole)


def first_failure(chosen: tuple[str, ...], folder: Path) -> str:
    """What fails first among the chosen tests, or why they can't be run; empty when nothing does."""
    command = [
        sys.executable, "-m", "pytest", "-x", "-q", "-m", "not browser", "-p", "no:cacheprovider",
        "--no-header", "--tb=no", *(f"--ignore=tests/{each}" for each in NOT_ASKED), *chosen,
    ]  # fmt: skip
    environment = {**os.environ, "DATABASE_URL": "sqlite:///var/db.sqlite3"}
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if ran.returncode == 0:
        return ""
    lines = [line for line in ran.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return lines[0].split(" - ")[0] if lines else "the portal doesn't start"


def try_all(wanted: list[Removal]) -> list[Removal]:
    """Removes each rule in turn, in as many copies of the tree as there are workers; what nobody noticed."""
    waiting: Queue[Removal] = Queue()
    for each in wanted:
        waiting.put(each)
    survivors: list[Removal] = []
    with TemporaryDirectory() as temporary:
        folders = [Path(temporary) / str(number) for number in range(WORKERS)]
        for folder in folders:
            copy_of_the_tree(folder)
        if failed := first_failure(EVERYTHING, folders[0]):
            raise SystemExit(f"{failed} fails though no rule has been taken away: mend that first.")

        def work(folder: Path) -> None:
            while True:
                try:
                    removal = waiting.get_nowait()
                except Empty:
                    return
                started = time.monotonic()
                by = noticed(removal, folder)
                if not by:
                    survivors.append(removal)
                seconds = time.monotonic() - started
                print(f"{by or 'NOT NOTICED'}: {removal} ({seconds:.0f} s)", flush=True)

        threads = [threading.Thread(target=work, args=(folder,)) for folder in folders]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return survivors


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
