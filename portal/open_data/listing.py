"""What the page of open data shows."""

from __future__ import annotations

import json
from dataclasses import dataclass

from actionplan.models import Plan
from portal.open_data.datasets import DATASETS, FORMATS, OUTCOMES_FROM_KOLADA, Dataset, Text
from portal.open_data.schemas import example_of
from publishing.formats import swedish_key


@dataclass(frozen=True)
class File:
    """A dataset in a format, of a plan or of all."""

    address: str
    format: str


@dataclass(frozen=True)
class Offer:
    """A dataset, with its files."""

    dataset: Dataset
    title: Text
    files: tuple[File, ...]


@dataclass(frozen=True)
class OfPlan:
    """What there is of one plan."""

    plan: Plan
    offers: tuple[Offer, ...]


def offers(plan: str = "") -> tuple[Offer, ...]:
    """Every dataset; `plan`: the slug of the plan whose files they are, none for all."""
    return tuple(
        Offer(each, each.title, tuple(File(each.address(form, plan), form.name) for form in FORMATS.values()))
        for each in DATASETS.values()
    )


def offers_by_plan() -> list[OfPlan]:
    """The plans that there are data of, in Swedish order."""
    plans = sorted(Plan.objects.decided(), key=lambda each: swedish_key(each.title))
    return [OfPlan(each, offers(each.slug)) for each in plans]


def example(origin: str) -> str:
    """An answer with one row, as JSON: the one that its schema has."""
    return json.dumps(example_of(OUTCOMES_FROM_KOLADA, origin), ensure_ascii=False, indent=1)
