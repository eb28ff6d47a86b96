"""Addresses of open data. Each is public, and the same to everyone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from actionplan.models import Plan
from portal.archive.snapshot import snapshot
from portal.open_data.answers import dataset_response
from portal.open_data.catalogue import MEDIA_TYPE, material, written
from portal.open_data.datasets import (
    CC0,
    DATASETS,
    FORMATS,
    KOLADA,
    OUTCOMES_FROM_KOLADA,
    VERSION,
    Dataset,
    Format,
)
from portal.open_data.description import description
from portal.open_data.listing import example, offers, offers_by_plan
from portal.open_data.schemas import schema_of
from publishing.responses import if_changed


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What open data there is, for whom to use, and how."""
    context = {
        "offers": offers(),
        "plans": offers_by_plan(),
        "has_catalogue": settings.PUBLISHER is not None,
        "licences": (CC0, KOLADA),
        "example": example(origin_of(request)),
        "example_of": OUTCOMES_FROM_KOLADA,
    }
    return render(request, "portal/open_data.html", context)


@require_safe
def of_all(request: HttpRequest, dataset: str, form: str) -> HttpResponseBase:
    """A dataset of all plans of which something has been decided."""
    kind, how = load_dataset(dataset, form)
    return dataset_response(request, kind, how, Plan.objects.decided(), origin=origin_of(request))


@require_safe
def of_plan(request: HttpRequest, plan: str, dataset: str, form: str) -> HttpResponseBase:
    """A dataset of one plan; 404 for one of which nothing has been decided, whoever asks."""
    kind, how = load_dataset(dataset, form)
    found = get_object_or_404(Plan.objects.decided(), slug=plan)
    plans = Plan.objects.filter(pk=found.pk)
    return dataset_response(request, kind, how, plans, origin=origin_of(request), plan=found.slug)


@require_safe
def schema(request: HttpRequest, version: int, dataset: str) -> HttpResponse:
    """What holds of a dataset's answers as JSON."""
    if version != VERSION or dataset not in DATASETS:
        raise Http404
    return document(request, schema_of(DATASETS[dataset], origin_of(request)), "application/schema+json")


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """All of it as DCAT-AP-SE, for Sweden's data portal; 404 where nobody answers for the data."""
    if settings.PUBLISHER is None:
        raise Http404
    with snapshot():
        found = material(origin_of(request), settings.PUBLISHER)
    if found is None:
        raise Http404
    etag = quote_etag(found.stamp)
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    return HttpResponse(written(found), content_type=MEDIA_TYPE, headers={"ETag": etag})


@require_safe
def harvest(request: HttpRequest) -> HttpResponse:
    """Where Sweden's data portal looks for the catalogue of an organisation that hasn't said where it is."""
    return HttpResponsePermanentRedirect(reverse("open-data-catalogue"))


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """All of these addresses, described for programs."""
    return document(request, description(origin_of(request)), "application/json")


def load_dataset(dataset: str, form: str) -> tuple[Dataset, Format]:
    if dataset not in DATASETS or form not in FORMATS:
        raise Http404
    return DATASETS[dataset], FORMATS[form]


def origin_of(request: HttpRequest) -> str:
    """Where the portal is, as in "https://portal.example.se": by its own name if it has one."""
    return settings.PORTAL_ORIGIN or request.build_absolute_uri("/").rstrip("/")


def document(request: HttpRequest, content: Mapping[str, Any], media_type: str) -> HttpResponse:
    written = json.dumps(content, ensure_ascii=False, indent=1).encode()
    response = HttpResponse(written, content_type=media_type)
    return if_changed(request, response, sha256(written).hexdigest())
