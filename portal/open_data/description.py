"""The addresses of open data as OpenAPI 3.1 describes them, made of the same datasets."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from portal.open_data.answers import content_type
from portal.open_data.datasets import CC0, CSV, DATASETS, FORMATS, VERSION, Dataset, Format
from portal.open_data.problems import PROBLEM
from portal.open_data.schemas import KEY, answer_of, row_of
from publishing.languages import in_the_portals_language

OPENAPI = "3.1.0"
PLAN = "{plan}"


@in_the_portals_language
def description(origin: str) -> dict[str, Any]:
    """What there is to ask for, and what is answered; `origin`: where the portal is."""
    return {
        "openapi": OPENAPI,
        "info": {
            "title": "Handlingsplaner: öppna data",
            "version": f"{VERSION}.0",
            "description": (
                "Aktiviteter, lägen, utfall och målvärden i kommunernas handlingsplaner. Adresserna ändras "
                "aldrig. Namn kan tillkomma i svaren, men inget försvinner eller får en annan innebörd."
            ),
            "license": {"name": CC0.name.sv, "url": CC0.address},
        },
        "servers": [{"url": origin}],
        "paths": {
            **{
                each.address(form): files(each, form)
                for each in DATASETS.values()
                for form in FORMATS.values()
            },
            **{
                each.address(form, "PLAN").replace("PLAN", PLAN): files(each, form, of_plan=True)
                for each in DATASETS.values()
                for form in FORMATS.values()
            },
            **{each.schema: schema(each) for each in DATASETS.values()},
            reverse("open-data-catalogue"): {"get": catalogue()},
            reverse("open-data-openapi"): {"get": itself()},
        },
        "components": {
            "parameters": {"plan": PLAN_PARAMETER, "seen": SEEN_PARAMETER},
            "headers": HEADERS,
            "responses": RESPONSES,
            "schemas": {
                "problem": PROBLEM_SCHEMA,
                **{
                    each.key: answer_of(each, origin, component(each.key, "rad"))
                    for each in DATASETS.values()
                },
                **{f"{each.key}-rad": row_of(each) for each in DATASETS.values()},
            },
        },
    }


def component(*names: str) -> str:
    return f"#/components/schemas/{'-'.join(names)}"


def files(dataset: Dataset, form: Format, *, of_plan: bool = False) -> dict[str, Any]:
    """A dataset in a format, of one plan or of all."""
    whose = "en plan" if of_plan else "alla planer"
    is_table = form == CSV
    asked: dict[str, Any] = {
        "operationId": "-".join([dataset.key, form.ending, "plan" if of_plan else "alla"]),
        "summary": f"{dataset.title.sv}, {whose}, {form.name}",
        "description": dataset.description.sv,
        "parameters": [{"$ref": "#/components/parameters/seen"}],
        "responses": {
            "200": {
                "description": dataset.title.sv,
                "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS},
                "content": {
                    content_type(form): {
                        "schema": {"type": "string"} if is_table else {"$ref": component(dataset.key)}
                    }
                },
            },
            "304": {"$ref": "#/components/responses/unchanged"},
            "503": {"$ref": "#/components/responses/busy"},
        },
    }
    if of_plan:
        asked["parameters"] += [{"$ref": "#/components/parameters/plan"}]
        asked["responses"]["404"] = {"$ref": "#/components/responses/not-found"}
    return {"get": asked}


def schema(dataset: Dataset) -> dict[str, Any]:
    return {
        "get": {
            "operationId": f"{dataset.key}-schema",
            "summary": f"{dataset.title.sv}: JSON Schema för version {VERSION}",
            "responses": {
                "200": {
                    "description": "Schemat",
                    "content": {"application/schema+json": {"schema": {"type": "object"}}},
                },
            },
        }
    }


def catalogue() -> dict[str, Any]:
    return {
        "operationId": "catalogue",
        "summary": "Katalogen över portalens öppna data",
        "description": "DCAT-AP-SE 3.0.1 som RDF/XML, för dataportaler.",
        "parameters": [{"$ref": "#/components/parameters/seen"}],
        "responses": {
            "200": {
                "description": "Katalogen",
                "headers": {"ETag": {"$ref": "#/components/headers/ETag"}},
                "content": {"application/rdf+xml": {"schema": {"type": "string"}}},
            },
            "304": {"$ref": "#/components/responses/unchanged"},
            "404": {"$ref": "#/components/responses/no-publisher"},
        },
    }


def itself() -> dict[str, Any]:
    return {
        "operationId": "openapi",
        "summary": "Den här beskrivningen",
        "responses": {
            "200": {
                "description": "OpenAPI 3.1",
                "content": {
                    "application/json": {"schema": {"type": "object", "required": ["openapi", "paths"]}}
                },
            },
        },
    }


PLAN_PARAMETER = {
    "name": "plan",
    "in": "path",
    "required": True,
    "description": "Planens nyckel, som den står i portalens adresser",
    "schema": {"type": "string", "pattern": KEY, "minLength": 1, "maxLength": 50},
    "example": "4m",
}
SEEN_PARAMETER = {
    "name": "If-None-Match",
    "in": "header",
    "description": "ETag för det svar du redan har: är det oförändrat svaras 304, utan innehåll",
    "schema": {"type": "string"},
}
HEADERS = {
    "ETag": {
        "description": "Ändras när innehållet ändras",
        "required": True,
        "schema": {"type": "string"},
    },
    "Link": {
        "description": "Innehållets JSON Schema, som rel=describedby",
        "required": True,
        "schema": {"type": "string"},
    },
}
PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["title", "status"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}


def refusal(why: str) -> dict[str, Any]:
    return {"description": why, "content": {PROBLEM: {"schema": {"$ref": component("problem")}}}}


RESPONSES = {
    "unchanged": {"description": "Oförändrat sedan det svar vars ETag angavs"},
    "not-found": refusal("Det finns ingen fastställd plan med den nyckeln"),
    "no-publisher": refusal("Det är inte sagt vem som svarar för portalens data, så katalogen finns inte"),
    "busy": refusal("Portalen kan inte svara just nu; Retry-After säger när det är dags att försöka igen"),
}
