"""What visitors send goes through a form: nowhere in the portal's code is it taken as it came."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import pytest
from django import forms
from django.forms import BaseForm

ROOT = Path(__file__).parents[2]
APPS = ("portal", "followup", "actionplan", "exchange", "kolada", "municipalities", "publishing")
SENT = {"GET", "POST", "FILES", "body"}
"""Attributes of a request that hold what was sent."""

EXCEPTIONS = {
    "portal/rights.py: typed_in": "gives back what was typed, as text on a page",
    "portal/drafts.py: __call__": "a draft's number, that has to look like one",
    "municipalities/unsent.py: keep_unsent": "kept for whoever sent it, and goes through the form afterwards",
    "followup/views/desk.py: move": "goes whole through one of two forms",
    "followup/views/reviews.py: written": "goes whole through the review's forms",
    "followup/views/desk.py: assign": "which of two forms it is",
    "followup/views/reporting.py: report_activity": "which of two forms it is, or whether to close the row",
    "followup/views/reporting.py: begin": "which of two texts the form begins with",
    "followup/views/reviews.py: review": "one of the names in a table, or refused",
    "actionplan/loaders.py: load_draft_if_any": "compared with the draft's number, and not used",
    "actionplan/views/rows.py: add_row": "goes whole through the forms of a kind of row",
    "actionplan/views/rows.py: change_row": "goes whole through the forms of a kind of row",
    "actionplan/views/measures.py: find_measure": "goes whole through the search's form and the indicator's",
    "actionplan/admin.py: lookups": "reads an address of the admin site; what isn't a key is passed over",
    "portal/uploads.py: __call__": "read before the transaction begins, and not used",
    "publishing/parts.py: number": "used as a number where it is a small one, and not at all otherwise",
    "publishing/parts.py: parts_on_page": "compared with keys, and the paginator takes any page's number",
    "actionplan/views/plans.py: page": "compared with one word, and not used",
    "actionplan/views/tables.py: names": "the paginator takes any page's number",
    "followup/views/plans.py: challenge": "the paginator takes any page's number",
    "portal/languages.py: choose_language": "one of two languages, and a way back that stays here",
    "municipalities/signing_in/service_pages.py: to_service": "compared with one word, and not used",
}
"""Functions that take what was sent as it came, and why that does no harm."""


class Reader(ast.NodeVisitor):
    """Finds what a module does with what was sent, but for handing it whole to a form.

    `sent = request.POST if … else None` is as good as the thing itself.
    """

    def __init__(self, module: object) -> None:
        self.module = module
        self.function = "the module"
        self.whole: set[str] = set()
        self.found: list[tuple[str, int]] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        outer, self.function, self.whole = self.function, node.name, set()
        self.generic_visit(node)
        self.function = outer

    def visit_Assign(self, node: ast.Assign) -> None:
        match node.targets:
            case [ast.Name(id=name)] if self.is_sent(node.value):
                self.whole.add(name)
            case _:
                self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """A form gets it whole: `ReportForm(request.POST)`."""
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        whole = [each for each in given if self.is_sent(each)] if self.makes_a_form(node.func) else []
        for child in (node.func, *given):
            if child not in whole:
                self.visit(child)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if self.is_sent(node):
            self.found.append((self.function, node.lineno))
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if self.is_sent(node):
            self.found.append((self.function, node.lineno))

    def is_sent(self, node: ast.AST) -> bool:
        """Whether it is all that was sent, or that and otherwise nothing."""
        match node:
            case ast.BoolOp(values=[one, ast.Constant()]) | ast.IfExp(body=one, orelse=ast.Constant()):
                return self.is_sent(one)
            case ast.Name(id=name, ctx=ast.Load()):
                return name in self.whole
            case ast.Attribute(value=ast.Name(id=owner), attr=attribute):
                return attribute in SENT and "request" in owner
            case ast.Attribute(value=ast.Attribute(attr="request"), attr=attribute):
                return attribute in SENT
        return False

    def makes_a_form(self, called: ast.expr) -> bool:
        return issubclass_of_forms(self.named(called))

    def named(self, node: ast.expr) -> object:
        """What a name in the module stands for: `ReportForm`, `forms.ReportForm`."""
        match node:
            case ast.Name(id=name):
                return getattr(self.module, name, None)
            case ast.Attribute(value=owner, attr=name):
                return getattr(self.named(owner), name, None)
        return None


def issubclass_of_forms(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, BaseForm)


def taken_in(source: str, module: object) -> list[tuple[str, int]]:
    """Functions and lines that take what was sent."""
    reader = Reader(module)
    reader.visit(ast.parse(source))
    return reader.found


@pytest.fixture(scope="module")
def taken() -> dict[str, list[int]]:
    """Lines that take what was sent, by module and function."""
    found: dict[str, list[int]] = {}
    for app in APPS:
        for file in sorted((ROOT / app).rglob("*.py")):
            source, name = file.read_text(), ".".join(file.relative_to(ROOT).with_suffix("").parts)
            if "request" not in source:
                continue
            for function, line in taken_in(source, import_module(name.removesuffix(".__init__"))):
                found.setdefault(f"{file.relative_to(ROOT)}: {function}", []).append(line)
    return found


def test_what_is_sent_goes_through_a_form(taken):
    assert {where: lines for where, lines in taken.items() if where not in EXCEPTIONS} == {}


def test_no_exception_is_left_that_nothing_needs(taken):
    assert set(EXCEPTIONS) <= set(taken)


@pytest.mark.parametrize(
    "source",
    [
        "request.GET['q']",
        "request.GET.get('q')",
        "self.request.POST.getlist('q')",
        "dict(request.GET)",
        "Plan.objects.get(pk=request.POST['pk'])",
        "Form(request.GET['q'])",
        "sent = request.GET or None; print(sent)",
        "Plan(request.GET)",
        "said = request.POST; said['q']",
        "json.loads(request.body)",
    ],
)
def test_taking_it_as_it_came_is_noticed(source):
    assert taken_in(source, forms)


@pytest.mark.parametrize(
    "source",
    [
        "Form(request.POST)",
        "Form(request.GET, years=years)",
        "models.ModelForm(data=request.POST, files=request.FILES)",
        "Form(request.POST or None)",
        "sent = request.POST if posted else None\nForm(sent)",
    ],
)
def test_handing_it_whole_to_a_form_is_right(source):
    assert taken_in(source, forms) == []
