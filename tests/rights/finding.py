"""Finds every rule of the portal in its code and templates, and says what stands there when it is taken away.

They are found where they are written, so a new one is covered by itself: predicates and how they are put
together, the table of rights, every check that a loader or a page makes, conditions on who someone is,
filters and guards, the middleware, what the admin may not, what templates show only to some.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("portal", "followup", "actionplan", "exchange", "municipalities", "publishing")

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
METHODS_TAKEN = {"require_GET", "require_POST", "require_safe"}
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

    @property
    def lines(self) -> tuple[int, int]:
        """First and last line of the statement that holds the rule, without what it is a condition for."""
        file = Rules(self.file)
        around = [
            each
            for each in ast.walk(file.tree)
            if isinstance(each, ast.stmt)
            and file.place(each)[0] <= self.start
            and self.end <= file.place(each)[1]
        ]
        if not around:  # a decorator, that stands before what it decorates
            return self.line, self.line
        statement = min(around, key=lambda each: file.place(each)[1] - file.place(each)[0])
        inside = getattr(statement, "body", [])
        assert statement.end_lineno is not None
        return statement.lineno, inside[0].lineno - 1 if inside else statement.end_lineno


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
        self.tree = ast.parse(self.text)
        self.visit(self.tree)

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


def name_of(call: ast.Call) -> str:
    """The last name of what is called: `has_perm` of `rules.has_perm(…)`."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def called(node: ast.expr) -> str:
    return name_of(node) if isinstance(node, ast.Call) else getattr(node, "id", "")


def is_type_checking(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "TYPE_CHECKING"
