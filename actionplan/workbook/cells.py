"""Columns of a plan's workbook: what their cells take is what the fields of the pages' forms do."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db import models

from actionplan.forms.plans import PlanForm
from actionplan.forms.rows import FORMS, key_field
from actionplan.forms.shared import TOO_LONG
from actionplan.kinds import KINDS
from exchange.resources import Column, Known, Said
from publishing.markdown import with_lists

KEY, ORDER = "Nyckel", "Ordning"
KEY_SAYS = "Känner igen raden från år till år. Lämna tomt för en ny rad, så görs en nyckel av texten."
ORDER_SAYS = "Radens plats bland dem som står tillsammans. Lämna tomt, så hamnar den sist."
MARKDOWN_SAYS = "Markdown: tom rad ger nytt stycke, ## rubrik, - punkt, **fetstil**."


class Text(Said):
    """A text as it is kept: with plain ends of lines, and lists that Markdown knows as lists."""

    def __init__(self, field: forms.Field, *, is_markdown: bool = False) -> None:
        super().__init__(field)
        self.is_markdown = is_markdown

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = super().clean(value)
        return with_lists(text) if self.is_markdown else text

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value or ""


def field_of(form: Any, name: str) -> forms.Field:
    """A field of a page's form class, with the sentences that the form gives it."""
    field: forms.Field = deepcopy(form.base_fields[name])
    for validator in field.validators:
        if isinstance(validator, MaxLengthValidator):
            validator.message = TOO_LONG
    if sentence := getattr(form, "needed", {}).get(name):
        field.error_messages["required"] = sentence
    return field


def of_model(model: type[models.Model], name: str) -> forms.Field:
    """What the model's field takes, where no page has a form for it."""
    of: Any = model._meta.get_field(name)
    field: forms.Field = of.formfield()
    for validator in field.validators:
        if isinstance(validator, MaxLengthValidator):
            validator.message = TOO_LONG
    return field


def text_column(word: str, name: str, header: str, **looks: Any) -> Column:
    """A column of a text that the page of that kind of row has a field for."""
    kind = KINDS[word]
    is_markdown = name in kind.markdown
    if is_markdown:
        looks["says"] = f"{looks.get('says', '')} {MARKDOWN_SAYS}".strip()
    widget = Text(field_of(FORMS[word], name), is_markdown=is_markdown)
    return Column(name, header, widget, is_long=name in kind.texts, **looks)


def said_column(word: str, name: str, header: str, **looks: Any) -> Column:
    """A column of a number or the like, which that page has a field for."""
    return Column(name, header, Said(field_of(FORMS[word], name)), **looks)


def key_column(example: str) -> Column:
    return Column("key", KEY, Text(key_field()), says=KEY_SAYS, example=example, width=24)


def order_column() -> Column:
    field = forms.IntegerField(required=False, min_value=0, max_value=1_000_000)
    return Column("order", ORDER, Said(field), says=ORDER_SAYS, example="1", width=9)


def below(name: str, header: str, example: str, **looks: Any) -> Column:
    """A column that says which row this one stands below; what it may be is known when the work begins."""
    return Column(name, header, Known(missing=""), example=example, width=24, **looks)


def fact(name: str, header: str, example: str, *, says: str = "") -> Column:
    """A column of what the plan says of itself."""
    return Column(name, header, Text(field_of(PlanForm, name)), says=says, example=example, width=30)


class Word(Text):
    """A word of the plan's own; an empty cell means the usual one."""

    def __init__(self, field: forms.Field, usual: str) -> None:
        super().__init__(field)
        self.usual = usual

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return super().clean(value) or self.usual


def word(name: str, header: str, usual: str) -> Column:
    """A column of what the plan calls something."""
    return Column(name, header, Word(field_of(PlanForm, name), usual), example=usual)


class Many(Known):
    """Several of what is known, with semicolons between."""

    def __init__(self, known: Known) -> None:
        super().__init__(missing=known.missing)
        self.known = known

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        names = [each.strip() for each in value.replace("\n", ";").split(";") if each.strip()]
        return list(dict.fromkeys(self.known.find(name) for name in names))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "; ".join(sorted(self.known.render(each) for each in value or ()))
