"""The JSON Schema (2020-12) of a dataset's answer, made of its columns."""

from __future__ import annotations

from typing import Any

from portal.open_data.datasets import OUTCOMES_FROM_KOLADA, VERSION, Column, Dataset, Kind
from portal.open_data.writing import head_of
from publishing.languages import in_the_portals_language

DIALECT = "https://json-schema.org/draft/2020-12/schema"
KEY = "^[-a-zA-Z0-9_]+$"

TYPES: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.TEXTS: {"type": "array", "items": {"type": "string"}},
    Kind.NUMBER: {"type": "integer"},
    Kind.DECIMAL: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    Kind.TRUTH: {"type": "boolean"},
    Kind.ADDRESS: {"type": "string", "format": "uri"},
    Kind.MOMENT: {"type": "string", "format": "date-time"},
}


@in_the_portals_language
def schema_of(dataset: Dataset, origin: str) -> dict[str, Any]:
    """What holds of the dataset's answers as JSON; `origin`: where the portal is."""
    return {
        "$schema": DIALECT,
        "$id": origin + dataset.schema,
        **answer_of(dataset, origin, "#/$defs/row"),
        "$defs": {"row": row_of(dataset)},
        "examples": [example_of(dataset, origin)],
    }


def answer_of(dataset: Dataset, origin: str, row: str) -> dict[str, Any]:
    """`row`: where the schema of a row is.

    Names may be added, so other ones are allowed: whoever reads version 1 leaves out what they don't know.
    """
    return {
        "title": dataset.title.sv,
        "description": dataset.description.sv,
        "type": "object",
        "properties": {
            "$schema": {"const": origin + dataset.schema, "description": "Adressen till svarets schema"},
            "version": {"const": VERSION},
            "dataset": {"const": dataset.key},
            "title": {"type": "string"},
            "plan": {
                "type": ["string", "null"],
                "pattern": KEY,
                "description": "Planens nyckel; null när svaret är för alla planer",
            },
            "licence": {"type": "string", "format": "uri"},
            "credit": {"type": ["string", "null"]},
            "rows": {"type": "array", "items": {"$ref": row}},
        },
        "required": ["$schema", "version", "dataset", "title", "plan", "licence", "credit", "rows"],
    }


def row_of(dataset: Dataset) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {column.name: property_of(column) for column in dataset.columns},
        "required": [column.name for column in dataset.columns],
    }


def property_of(column: Column) -> dict[str, Any]:
    kind = dict(TYPES[column.kind])
    description = column.text.sv
    if column.codes:
        known = [str(each) for each in column.codes.values]
        kind["enum"] = [*known, None] if column.may_be_unknown else known
        labels = (f"{code} = {label}" for code, label in column.codes.choices)
        description += ": " + ", ".join(labels)
    if column.may_be_unknown:
        kind["type"] = [kind["type"], "null"]
    return {**kind, "description": description, "examples": [column.example]}


def example_of(dataset: Dataset, origin: str) -> dict[str, Any]:
    """An answer with one row; what may be either there or not isn't both."""
    row = {column.name: column.example for column in dataset.columns}
    row |= {"licence": dataset.licence.address, "credit": dataset.licence.credit or None}
    if "missing_reason" in row:
        row["missing_reason"] = None
    if dataset == OUTCOMES_FROM_KOLADA:
        row["source"] = "Kolada"
    elif "kolada_id" in row:
        row |= {"source_url": None, "kolada_id": None, "kolada_title": None}
    return {**head_of(dataset, origin, "4m"), "rows": [row]}
