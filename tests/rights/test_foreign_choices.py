"""What a form carries besides words, hidden numbers and choices, is exchanged for another plan's.

The forms are found on the pages themselves: each page of the tables is read by each person, and each form on
it is sent as it came, with one value at a time exchanged for those of things that aren't theirs: for a
quarter of those in turn, or for all of them in `./run faults`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import reverse

from municipalities.models import Membership, Organisation, User
from tests.pages import Element, read
from tests.rights.addresses import name_of
from tests.rights.tables import is_page, read_table
from tests.rights.world import World, heard

pytestmark = pytest.mark.django_db

CARRIED = {"hidden", "radio", "checkbox"}
"""The kinds of input whose value nobody typed."""
OF_THE_FORM = {"csrfmiddlewaretoken", "next"}
EVERY = 1 if "EVERYONE_ASKS" in os.environ else 4


@dataclass(frozen=True)
class Form:
    """A form on a page: where it is sent, what it holds, and the names of what it carries."""

    address: str
    values: dict[str, str]
    carried: tuple[str, ...]


def forms_on(page: Element, address: str) -> Iterator[Form]:
    for form in page.all("form"):
        if form["method"].lower() != "post":
            continue
        values: dict[str, str] = {}
        carried: list[str] = []
        for each in form:
            name = each["name"]
            if not name or name in OF_THE_FORM:
                continue
            if each.tag == "select" or (each.tag == "input" and each["type"] in CARRIED):
                carried.append(name)
            if each.tag == "button" and each["value"]:
                carried.append(name)
            values.setdefault(name, value_of(each))
        yield Form(form["action"] or address, values, tuple(dict.fromkeys(carried)))


def value_of(control: Element) -> str:
    """What the control would send if its user had typed something sensible."""
    if control.tag == "select":
        options = [each["value"] for each in control.all("option") if each["value"]]
        return options[0] if options else ""
    if control.tag == "textarea":
        return control.text or "Något skrivet."
    if control["type"] == "email":
        return control["value"] or "nagon@example.se"
    return control["value"] or ("" if control["type"] in CARRIED else "Något skrivet.")


@dataclass(frozen=True)
class Theirs:
    """Everything that belongs to the other plan's organisation and people, by model."""

    keys: dict[Any, set[Any]]

    def choices(self) -> list[str]:
        """A number of each sort of thing of theirs, their names in addresses, and what isn't there."""
        numbers = {str(min(keys)) for keys in self.keys.values()}
        return [*sorted(numbers), "987654321", "botkyrka", "deras", "deras-aktivitet", "finns-inte"]

    def choices_instead_of(self, value: str) -> list[str]:
        """Numbers instead of a number, names instead of a name; all of them where nothing is chosen."""
        return [each for each in self.choices() if not value or each.isdigit() == value.isdigit()]

    def rows(self) -> dict[str, list[Any]]:
        """All of it as it is now."""
        found = {}
        for model, keys in self.keys.items():
            rows = model._default_manager.filter(pk__in=keys).values_list()
            found[model._meta.label] = sorted(rows, key=repr)
        return found


def theirs() -> Theirs:
    """Found from their organisation and its coordinator by every way that rows point to each other."""
    keys: dict[Any, set[Any]] = {
        Organisation: set(Organisation.objects.filter(key="botkyrka").values_list("pk", flat=True)),
        User: set(User.objects.filter(email__startswith="outsider@").values_list("pk", flat=True)),
    }
    before = 0
    while before != (before := sum(map(len, keys.values()))):
        for model, field in POINTING:
            if known := keys.get(field.related_model._meta.concrete_model):
                found = model._default_manager.filter(**{f"{field.name}__in": known})
                keys.setdefault(model, set()).update(found.values_list("pk", flat=True))
    return Theirs({model: found for model, found in keys.items() if found})


WRITTEN_BY = {"author", "invited_by", "history_user"}
"""What someone wrote belongs to what it is about, and not to them."""

POINTING: list[tuple[Any, Any]] = [
    (model, field)
    for model in apps.get_models(include_auto_created=True)
    for field in model._meta.concrete_fields
    if field.is_relation and field.name not in WRITTEN_BY and not hasattr(model, "history_object")
]
"""Every foreign key, with its model."""


def test_their_things_are_found(world):
    found = {model._meta.label for model in theirs().keys}

    assert {"actionplan.Activity", "followup.StatusReport", "municipalities.Membership"} <= found
    assert {"mfa.Authenticator", "municipalities.Invitation", "actionplan.Plan_partners"} <= found


@pytest.mark.parametrize("who", ["coordinator", "follower", "editor"])  # who have the forms of all the others
def test_nothing_of_theirs_is_changed_by_a_form_of_ours(world, who):
    things = theirs()
    before = things.rows()
    turns = count()
    changed, sent = [], 0

    for form in forms_of(world, who):
        with transaction.atomic():
            for name in form.carried:
                choices = things.choices_instead_of(form.values[name])
                for choice in choices[next(turns) % EVERY :: EVERY]:
                    answer = world.ask(who, "POST", form.address, form.values | {name: choice})
                    assert answer.status_code < 500, (form, name, choice)
                    assert heard(who, answer) == []
                    sent += 1
            if theirs().rows() != before:
                changed.append(form)
            transaction.set_rollback(True)

    assert changed == []
    assert sent


def forms_of(world: World, who: str) -> list[Form]:
    """Every form that someone comes across: the same one of several things once."""
    found = {}
    for line in read_table("reading.txt"):
        if line.answers[who] != "200" or not is_page(line.address):
            continue
        address = world.address(line.address, who)
        answer = world.ask(who, "GET", address)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            for form in forms_on(read(answer), address):
                found[name_of(form.address), form.carried] = form
    return list(found.values())


def test_an_administrator_does_not_move_what_belongs_to_one_thing_by_the_form_of_another(world):
    """The lines on a page of the admin carry their numbers; another page's can't be changed from there."""
    before = {each.pk: vars(each) for each in Membership.objects.exclude(user=world.users["partner"])}
    page = world.ask("administrator", "GET", change_page(world.users["partner"]))
    [form] = [
        each
        for each in forms_on(read(page), change_page(world.users["partner"]))
        if "memberships-0-id" in each.carried
    ]

    for other in [*before, 987_654_321]:
        world.ask("administrator", "POST", form.address, form.values | {"memberships-0-id": other})

    after = {each.pk: vars(each) for each in Membership.objects.exclude(user=world.users["partner"])}
    assert {pk: stripped(row) for pk, row in after.items()} == {
        pk: stripped(row) for pk, row in before.items()
    }


def change_page(user: User) -> str:
    return reverse("admin:municipalities_user_change", args=[user.pk])


def stripped(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if not name.startswith("_")}
