"""The addresses of open data do what their description says, asked for what it allows and what it doesn't.

What is made up is the same every time, and asked of the application that the web server runs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup

from portal.open_data.datasets import DATASETS, FORMATS
from portal.open_data.description import description
from portal.wsgi import application
from tests.portal.open_data.conftest import Published

TRIES = int(os.environ.get("OPEN_DATA_REQUESTS", "8"))
"""So many requests are made up of each sort for each address; `./run faults` makes more."""

ORIGIN = "http://localhost"
SCHEMA = schemathesis.openapi.from_wsgi("/oppna-data/openapi.json", application)
DESCRIBED: list[Any] = list(SCHEMA.get_all_operations())
OPERATIONS = {each.ok().label: each.ok() for each in DESCRIBED}


@pytest.fixture(autouse=True)
def connection_kept_open() -> Iterator[None]:
    """No answer closes the connection that the test is in the transaction of, as with Django's own client."""
    for each in (request_started, request_finished):
        each.disconnect(close_old_connections)
    yield
    for each in (request_started, request_finished):
        each.connect(close_old_connections)


@pytest.fixture
def of_the_example(published: Published) -> Published:
    """The plan that the description has as its example."""
    published.plan.slug = "4m"
    published.plan.save()
    return published


def try_all(operation: Any, mode: GenerationMode, **more: Any) -> set[int]:
    """The statuses of the answers, each of which is held against what the description says of it."""
    statuses = set()

    @seed(20170330)
    @settings(
        max_examples=TRIES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def tried(case: Any) -> None:
        for name, value in more.items():
            getattr(case, name).update(value)
        statuses.add(case.call_and_validate().status_code)

    tried()
    return statuses


@pytest.mark.parametrize("label", OPERATIONS)
def test_what_the_description_allows_is_answered_as_it_says(of_the_example, label):
    assert try_all(OPERATIONS[label], GenerationMode.POSITIVE) <= {200, 304, 404}


@pytest.mark.parametrize("label", [label for label in OPERATIONS if "{plan}" in label])
def test_the_data_of_a_plan_are_as_described(of_the_example, label):
    statuses = try_all(OPERATIONS[label], GenerationMode.POSITIVE, path_parameters={"plan": "4m"})

    assert 200 in statuses


@pytest.mark.parametrize("label", [label for label in OPERATIONS if "{plan}" in label])
def test_what_the_description_does_not_allow_is_refused_as_it_says(of_the_example, label):
    assert try_all(OPERATIONS[label], GenerationMode.NEGATIVE) <= {200, 304, 404}


def test_an_answer_that_is_not_as_described_would_be_noticed(of_the_example):
    wrong = description(ORIGIN)
    wrong["components"]["schemas"]["aktiviteter-rad"]["properties"]["revision_year"]["type"] = "string"
    told = schemathesis.openapi.from_dict(wrong)
    told.app = application

    with pytest.raises(FailureGroup):
        told["/oppna-data/aktiviteter.json"]["GET"].Case().call_and_validate()


def test_every_address_is_described():
    paths = description(ORIGIN)["paths"]

    assert {each.address(form) for each in DATASETS.values() for form in FORMATS.values()} <= set(paths)
    assert {each.schema for each in DATASETS.values()} <= set(paths)
    assert {f"/oppna-data/planer/{{plan}}/{key}.{form}" for key in DATASETS for form in FORMATS} <= set(paths)
    assert "/oppna-data/openapi.json" in paths


@pytest.mark.parametrize("key", DATASETS)
def test_the_description_says_the_same_of_an_answer_as_its_schema(client, of_the_example, key):
    whole = description("http://testserver")
    validator = jsonschema_rs.Draft202012Validator(
        {"$ref": f"#/components/schemas/{key}", "components": whole["components"]}
    )

    content = client.get(DATASETS[key].address(FORMATS["json"])).json()

    assert content["rows"]
    validator.validate(content)
