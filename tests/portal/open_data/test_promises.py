"""What those who use open data are promised: version 1 goes on meaning what it means."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from portal.open_data.datasets import DATASETS, FORMATS
from portal.open_data.schemas import schema_of
from tests.rights.addresses import addresses

ORIGIN = "https://portal.example.se"
PROMISED = Path(__file__).parents[2] / "data" / "open_data_version_1"
"""The schemas as they were when version 1 was published. They are never made anew."""

MEANING = ("type", "enum", "const", "pattern", "format", "items", "$ref")
"""What of a schema tells a reader what may come; descriptions and examples may become better."""


def promised(key: str) -> dict[str, Any]:
    return json.loads((PROMISED / f"{key}.json").read_text())


def meaning(properties: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {name: {word: each[word] for word in MEANING if word in each} for name, each in properties.items()}


def test_no_dataset_has_gone():
    assert {path.stem for path in PROMISED.iterdir()} <= set(DATASETS)


@pytest.mark.parametrize("key", sorted(path.stem for path in PROMISED.iterdir()))
def test_a_reader_of_version_1_goes_on_working(key):
    """All names that there were mean what they meant, and are always there. New columns come after them."""
    before, now = promised(key), schema_of(DATASETS[key], ORIGIN)
    rows_before, rows_now = before["$defs"]["row"], now["$defs"]["row"]

    assert now["$id"] == before["$id"]
    assert meaning(now["properties"]) == meaning(now["properties"]) | meaning(before["properties"])
    assert set(before["required"]) <= set(now["required"])
    assert meaning(rows_now["properties"]) == meaning(rows_now["properties"]) | meaning(
        rows_before["properties"]
    )
    assert rows_now["required"][: len(rows_before["required"])] == rows_before["required"]
    assert "additionalProperties" not in before["$defs"]["row"]


@pytest.mark.parametrize("key", DATASETS)
def test_a_schema_is_one_and_its_example_is_valid(key):
    schema = schema_of(DATASETS[key], ORIGIN)

    jsonschema_rs.meta.validate(schema)
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    assert [list(validator.iter_errors(each)) for each in schema["examples"]] == [[]]


@pytest.mark.parametrize("key", DATASETS)
def test_a_schema_refuses_what_is_not_as_it_says(key):
    schema = schema_of(DATASETS[key], ORIGIN)
    validator = jsonschema_rs.Draft202012Validator(schema)
    [example] = schema["examples"]
    [row] = example["rows"]

    for name in row:
        without = {column: value for column, value in row.items() if column != name}
        assert not validator.is_valid(example | {"rows": [without]}), name
        assert not validator.is_valid(example | {"rows": [row | {name: 1.5}]}), name


def test_addresses_stay():
    assert {each.pattern for each in addresses() if each.name.startswith("open-data")} >= {
        "oppna-data/",
        "oppna-data/openapi.json",
        "oppna-data/scheman/<int:version>/<slug:dataset>.json",
        "oppna-data/planer/<slug:plan>/<slug:dataset>.<slug:form>",
        "oppna-data/<slug:dataset>.<slug:form>",
    }
    assert set(DATASETS) >= {"aktiviteter", "lagen", "utfall", "utfall-kolada", "malvarden"}
    assert set(FORMATS) >= {"csv", "json"}


def test_no_column_stands_twice():
    for dataset in DATASETS.values():
        names = [column.name for column in dataset.columns]
        assert len(names) == len(set(names))
