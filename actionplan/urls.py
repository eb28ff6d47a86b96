"""Addresses of what was decided."""

from django.urls import path

from actionplan import (
    converters,  # noqa: F401  (makes <year:…> known)
    views,
)

urlpatterns = [
    path("planer/<slug:plan>/revideringar/<year:year>/", views.revision, name="revision"),
    path("planer/<slug:plan>/revideringar/<year:year>.pdf", views.revision_pdf, name="revision-pdf"),
]
