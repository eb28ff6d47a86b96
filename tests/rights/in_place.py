"""A plugin of pytest that takes rules away from a running process, quicker than starting one without each.

A process that has imported the portal, made its database and built the world of the tests is forked for each
rule; the child takes the rule away from itself and runs tests until one fails. What only takes effect when
the portal starts, such as a decorator, can't be taken away so; that is told, and a new process is started.
"""

from __future__ import annotations

import ast
import gc
import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from itertools import zip_longest
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, cast

import pytest
import rules
from django.conf import settings
from django.template import Engine
from django.template.loaders import filesystem
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver

from tests.rights.finding import APPS, ROOT, Removal, Rules, removals
from tests.rights.removal import AT_THE_START, DECORATED, MATRIX, NOT_NOTICED

# Taking it away


def take_away(removal: Removal) -> bool:
    """Takes the rule away from this process; False when only a process that starts without it will do."""
    if removal.file.suffix == ".html":
        return from_a_template(removal)
    name = ".".join(removal.file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    module = sys.modules.get(name)
    if module is None:
        return False
    if removal.file.name == "settings.py":
        return from_the_middleware(removal)
    if decorated := DECORATED.fullmatch(removal.what):
        return from_the_addresses(getattr(module, decorated[1]))
    statement = statement_of(removal)
    if is_in_a_function(statement, removal):
        forget_what_was_worked_out()
        return from_functions(removal)
    without = next(each for each in ast.parse(removal.text()).body if each.lineno == statement.lineno)
    return from_a_table(module, without)


def from_the_addresses(view: Any) -> bool:
    """Leads a view's addresses to what it is without its outermost decorator, if that is of methods."""
    if not view.__code__.co_qualname.startswith("require_http_methods."):
        return False
    for pattern in patterns_of(get_resolver().url_patterns):
        if pattern.callback is view:
            pattern.callback = view.__wrapped__  # type: ignore[attr-defined]
    return True


def patterns_of(found: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for each in found:
        if isinstance(each, URLPattern):
            yield each
        else:
            yield from patterns_of(each.url_patterns)


def from_the_middleware(removal: Removal) -> bool:
    """Puts the chain of every test client together anew, without the part that the settings name."""
    name = removal.what.removeprefix('without "').removesuffix('"')
    if name not in settings.MIDDLEWARE:
        return False
    left = [each for each in settings.MIDDLEWARE if each != name]
    settings.MIDDLEWARE = left
    layer = settings._wrapped  # type: ignore[misc]
    while layer := getattr(layer, "default_settings", None):  # what stands when a test's own settings end
        layer.MIDDLEWARE = left
    for each in gc.get_objects():
        if type(each) is ClientHandler:  # and nothing that only becomes one when it is looked at
            each._middleware_chain = None  # type: ignore[attr-defined]
    return True


def forget_what_was_worked_out() -> None:
    """Empties what the portal's own functions keep: it was worked out with the rule."""
    for each in gc.get_objects():
        if type(each) is _lru_cache_wrapper and str(each.__module__).partition(".")[0] in APPS:
            each.cache_clear()


def from_a_template(removal: Removal) -> bool:
    text, read = removal.text(), filesystem.Loader.get_contents

    def get_contents(loader: filesystem.Loader, origin: Any) -> str:
        return text if Path(origin.name) == removal.file else read(loader, origin)

    filesystem.Loader.get_contents = get_contents  # type: ignore[assignment, method-assign]
    for loader in Engine.get_default().template_loaders:
        loader.reset()
    return True


def statement_of(removal: Removal) -> ast.stmt:
    """The statement of the file itself in which the rule stands."""
    file = Rules(removal.file)
    return next(each for each in ast.parse(file.text).body if file.place(each)[1] >= removal.end)


def is_in_a_function(statement: ast.stmt, removal: Removal) -> bool:
    """Whether the rule stands in what a function does, and not in how it is declared."""
    file = Rules(removal.file)
    functions = (each for each in ast.walk(statement) if isinstance(each, ast.FunctionDef))
    return any(
        file.place(each.body[0])[0] <= removal.start and removal.end <= file.place(each)[1]
        for each in functions
    )


def from_functions(removal: Removal) -> bool:
    """Gives the file's functions, wherever they are held, the code that they have without the rule."""
    without = defaultdict(list)
    for code in codes_of(compile(removal.text(), str(removal.file), "exec")):
        without[code.co_qualname].append(code)
    held = defaultdict(list)
    for each in gc.get_objects():
        if type(each) is FunctionType and each.__code__.co_filename == str(removal.file):
            held[each.__code__.co_qualname, each.__code__.co_firstlineno].append(each)
    order = defaultdict(list)
    for name, line in sorted(held):
        order[name].append(held[name, line])
    for name, same_name in order.items():
        if len(same_name) != len(without[name]):
            return False
        for functions, code in zip(same_name, without[name], strict=True):
            for function in functions:
                if len(function.__code__.co_freevars) != len(code.co_freevars):
                    return False
                function.__code__ = code
    return True


def codes_of(code: CodeType) -> Iterator[CodeType]:
    """The code of every function in `code`, in the order of the text."""
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from codes_of(each)


def from_a_table(module: ModuleType, statement: ast.stmt) -> bool:
    """A permission, or the table of rights, as it is without the rule."""
    code = compile(ast.Module([statement], []), str(module.__file__), "exec")
    match statement:
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(attr="add_perm"), args=[ast.Constant(value=name), *_])
        ):
            rules.remove_perm(name)
            exec(code, vars(module))
            return True
        case ast.Assign(targets=[ast.Name(id="RIGHTS")]):
            names = dict(vars(module))
            exec(code, names)
            vars(module)["RIGHTS"].clear()
            vars(module)["RIGHTS"].update(names["RIGHTS"])
            return True
    return False


# Whether it is noticed


class Forks:
    """Instead of running the tests once, runs those of each rule, in a child, until one fails."""

    def __init__(self, plan: list[tuple[Removal, list[str], dict[str, list[str]]]], tell: int) -> None:
        self.plan = plan
        self.tell = tell

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Makes database, plans and the matrix's world once, for all children, by running tests of them."""
        gc.unfreeze()  # what has been loaded is looked through for what holds the rule
        items = cast(list[pytest.Function], session.items)
        first, second = [each for each in items if each.nodeid.startswith(MATRIX)][:2]
        for with_plans in [each for each in items if "plans" in each.fixturenames][:1]:
            session.config.hook.pytest_runtest_protocol(item=with_plans, nextitem=first)
        session.config.hook.pytest_runtest_protocol(item=first, nextitem=second)
        assert not session.testsfailed
        first._initrequest()  # so that a child can run it again
        for removal, tests, asked in self.plan:
            answer, question = os.pipe()
            if os.fork() == 0:
                try:
                    vars(sys.modules["tests.rights.test_matrix"])["ASKED"] = asked
                    os.write(question, in_child(session, removal, tests).encode())
                finally:
                    os._exit(0)
            os.close(question)
            with os.fdopen(answer) as told:
                by = told.read() or "the tests stop"
            os.wait()
            os.write(self.tell, f"{by}\n".encode())
        return True


def in_child(session: pytest.Session, removal: Removal, tests: list[str]) -> str:
    """The test that notices that the rule is gone; NOT_NOTICED; AT_THE_START when it can't be gone here."""
    if not take_away(removal):
        return AT_THE_START
    known = {item.nodeid: item for item in session.items}
    items = [known[test] for test in tests]
    session._setupstate.teardown_exact(items[0] if items else None)
    for item, following in zip_longest(items, items[1:]):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return item.nodeid
    return NOT_NOTICED


def pytest_configure(config: pytest.Config) -> None:
    """The environment names a file with the rules' numbers and tests, and where to tell who noticed."""
    numbered = removals()
    plan = json.loads(Path(os.environ["REMOVALS"]).read_text())
    tell = int(os.environ["TELL"])
    config.pluginmanager.register(Forks([(numbered[number], *tests) for number, *tests in plan], tell))
