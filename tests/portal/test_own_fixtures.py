"""The page about fixtures of one's own: what it shows can be loaded, and what it says is refused is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from actionplan.models import Plan, Revision
from tests.builders import make_administrator
from tests.pages import faults, main_of, read

pytestmark = pytest.mark.django_db

PAGE = (Path(settings.BASE_DIR) / "docs/fixtures.md").read_text()
PLAN = "ankeborgs-klimatplan"


@pytest.fixture
def example() -> list[dict[str, Any]]:
    [text] = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    return json.loads(text)


@pytest.fixture
def load(tmp_path):
    def load_objects(objects: list[dict[str, Any]]) -> None:
        fixture = tmp_path / "min-plan.json"
        fixture.write_text(json.dumps(objects))
        call_command("loaddata", str(fixture), verbosity=0)

    return load_objects


def rows() -> dict[str, list[Any]]:
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for app in ("municipalities", "actionplan")
        for model in apps.get_app_config(app).get_models()
    }


def in_another_plan(example: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The example's plan, revision, challenge and activity, of a plan called `annan`."""
    objects = [example[at] for at in (1, 2, 3, 7)]
    text = json.dumps(objects).replace(PLAN, "annan")
    return json.loads(text)


def test_the_example_is_loaded_into_an_empty_portal_and_can_be_read_and_adopted(load, example):
    load(example)

    client = Client()
    client.force_login(make_administrator())
    key = [PLAN, "resor"]
    for address in [
        reverse("draft", args=[PLAN]),
        reverse("draft-challenge", args=key),
        reverse("draft-row", args=[PLAN, "aktiviteter", "cykelgarage"]),
        reverse("draft-row", args=[PLAN, "indikatorer", "andel-cykelresor"]),
        reverse("revision", args=[PLAN, 2027]),
        reverse("draft-gaps", args=[PLAN]),
        reverse("adopt", args=[PLAN]),
    ]:
        answer = client.get(address)
        assert (address, answer.status_code) == (address, 200)
        assert faults(read(answer)) == []
    challenge = main_of(client.get(reverse("draft-challenge", args=key))).text
    assert "Bygga ett cykelgarage vid stationen" in challenge
    assert "Var tredje resa görs med cykel" in challenge
    assert Client().get(reverse("plan", args=[PLAN])).status_code == 404


def test_adopted_it_is_public(load, example, client):
    [revision] = [each for each in example if each["model"] == "actionplan.revision"]
    revision["fields"]["state"] = "adopted"

    load(example)

    for address in [
        reverse("plan", args=[PLAN]),
        reverse("challenge", args=[PLAN, "resor"]),
        reverse("activity", args=[PLAN, "cykelgarage"]),
        reverse("indicator", args=[PLAN, "andel-cykelresor"]),
        reverse("revision", args=[PLAN, 2027]),
    ]:
        answer = client.get(address)
        assert (address, answer.status_code) == (address, 200)
        assert faults(read(answer)) == []


def test_loaded_again_it_changes_nothing(load, example):
    load(example)
    before = rows()

    load(example)

    assert rows() == before


def test_what_is_wrong_is_told_as_the_page_shows(load, example):
    """The page's two faults: a joint figure that there isn't, and an activity of another plan."""
    [shown] = re.findall(r"^CommandError: (Inget laddades.*?)```", PAGE, re.DOTALL | re.MULTILINE)
    load([*example[:1], *in_another_plan(example)])
    example[6]["fields"]["over"] = "median"
    example[8]["fields"]["activity"] = ["annan", 2027, "cykelgarage"]

    with pytest.raises(CommandError) as refusal:
        load(example)

    assert str(refusal.value).splitlines() == shown.splitlines()
    assert not Plan.objects.filter(slug=PLAN).exists()


def test_what_a_fixture_loads_has_no_line_in_the_log_of_changes(load, example):
    load(example)

    assert not Revision.history.exists()


def test_readers_find_the_page():
    assert "(docs/fixtures.md)" in (Path(settings.BASE_DIR) / "README.md").read_text()
