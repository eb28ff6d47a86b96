"""The admin, address by address: an administrator's, and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models, transaction
from django.urls import NoReverseMatch, reverse

from actionplan.models import State
from tests.rights.addresses import addresses
from tests.rights.answers import METHODS, word_for
from tests.rights.checksum import checksums
from tests.rights.sent import TYPED
from tests.rights.tables import groups
from tests.rights.world import PEOPLE, World, heard
from tests.safe import unsafe

pytestmark = pytest.mark.django_db

READ = ("changelist", "add", "change", "delete", "history", "simple_history")
SENT = ("add", "change", "delete")
NOWHERE = 987_654_321

SITE = {
    "index": "200 200",
    "login": "→/admin/ 200",
    "logout": "405 →/",
    "password_change": "→/konto/losenord/ →/konto/losenord/",
    "password_change_done": "200 405",
    "autocomplete": "403 405",
    "jsi18n": "200 405",
    "view_on_site": "404 404",
    "app_list": "200 200",
    "auth_user_password_change": "200 200",
}
"""What an administrator is answered at the addresses that belong to no model, reading and sending a form."""

UNNAMED = {"<path:object_id>/", "(?P<url>.*)$"}
"""How the admin's two addresses without a name end: the one before `change` was in it, and all the rest."""


def read_administration() -> dict[str, list[str]]:
    """The answers for each `app.Model`, with `/draft` or `/no` for another thing than the first."""
    _head, *answers = groups("administration.txt")
    return {what: words for words, names in answers for what in names}


TABLE = read_administration()


def thing_of(model: type[models.Model], which: str) -> models.Model | None:
    things = model._default_manager.order_by("pk")
    if which == "draft":
        things = things.filter(revision__state=State.DRAFT)
    return None if which == "no" else things.first()


def address_of(model: type[models.Model], page: str, thing: models.Model | None) -> str:
    """The page's address, of something that isn't there when there is no `thing`; empty if it has none."""
    number = thing.pk if thing else NOWHERE
    arguments: list[Any] = [] if page in ("changelist", "add") else [number]
    if page == "simple_history":
        versions = getattr(model, "history", None)
        arguments.append(versions.filter(id=number).latest().pk if thing and versions else NOWHERE)
    try:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)
    except NoReverseMatch:
        return ""


def pages_of(what: str) -> list[tuple[str, str]]:
    """Method and address of everything that the table has a column for."""
    label, _slash, which = what.partition("/")
    model = apps.get_model(label)
    thing = thing_of(model, which)
    return [
        *(("GET", address_of(model, page, thing)) for page in READ),
        *(("POST", address_of(model, page, thing)) for page in SENT),
    ]


def site_addresses(world: World) -> dict[str, str]:
    arguments = {
        "view_on_site": [world.numbers["plan-type"], NOWHERE],
        "app_list": ["actionplan"],
        "auth_user_password_change": [world.numbers["our-person"]],
    }
    return {name: reverse(f"admin:{name}", args=arguments.get(name)) for name in SITE}


def test_every_address_of_the_admin_is_tried():
    names = {each.name for each in addresses() if each.namespace == "admin" and each.name}
    of_models = {
        f"{model._meta.app_label}_{model._meta.model_name}_{page}"
        for model in admin.site._registry
        for page in READ
    }
    unnamed = [each.pattern for each in addresses() if each.namespace == "admin" and not each.name]

    assert names - of_models == set(SITE)
    assert {apps.get_model(what.partition("/")[0]) for what in TABLE} == set(admin.site._registry)
    assert all(any(pattern.endswith(end) for end in UNNAMED) for pattern in unnamed)


def test_an_administrator_is_answered_as_the_table_says(world):
    wrong = []
    for what, expected in TABLE.items():
        got = [ask(world, "administrator", method, address) for method, address in pages_of(what)]
        if got != expected:
            wrong.append(f"{what}: {' '.join(got)}")

    assert wrong == []


def ask(world: World, who: str, method: str, address: str) -> str:
    """The answer in a word; what it changed is undone."""
    if not address:
        return "-"
    sent = {"post": "yes"} if address.endswith("/delete/") else TYPED
    with transaction.atomic():
        answer = world.ask(who, method, address, sent)
        transaction.set_rollback(True)
    assert heard(who, answer) == []
    assert unsafe(who, method, answer) == [], f"{method} {address} by {who}"
    word = word_for(answer, address)
    model_list = "/".join(address.split("/")[:4]) + "/"
    return "→list" if word == f"→{model_list}" else word


def test_an_administrator_is_answered_so_at_the_rest_of_the_admin(world):
    answers = {
        name: f"{ask(world, 'administrator', 'GET', address)} {ask(world, 'administrator', 'POST', address)}"
        for name, address in site_addresses(world).items()
    }

    assert answers == SITE


ASKED_EVERYWHERE = ("visitor", "confined", "editor")


@pytest.mark.parametrize("who", [who for who in PEOPLE if who != "administrator"])
def test_nobody_else_reads_or_changes_anything_there(world, who):
    """Some are tried everywhere, the others once for each model: one rule stands before all of the admin."""
    pages = [pages_of(what) if who in ASKED_EVERYWHERE else pages_of(what)[:1] for what in TABLE]
    everywhere = {address for page in pages for _method, address in page if address}
    everywhere |= {*site_addresses(world).values(), "/admin/finns-inte/", "/admin/actionplan/plan/1/"}
    outside = who in ("visitor", "closed")
    methods = METHODS if who == "editor" else ("GET", "POST")
    refused = {"GET": "log-in", "POST": "typed"} if outside else dict.fromkeys(methods, "403")
    before = checksums()

    answers = {
        (method, address, word_for(world.ask(who, method, address, TYPED), address))
        for address in everywhere
        for method in refused
    }

    assert {(method, address, word) for method, address, word in answers if word != refused[method]} == set()
    assert checksums() == before
