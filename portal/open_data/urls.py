"""Addresses of open data, below /oppna-data/. They can never change: others' programs know them.

A dataset of one plan has the plan's slug behind `planer/`, so that no plan can take a dataset's name, or
that of something that comes to stand beside the datasets.
"""

from django.urls import path

from portal.open_data import views

urlpatterns = [
    path("", views.page, name="open-data"),
    path("katalog.rdf", views.catalogue, name="open-data-catalogue"),
    path("openapi.json", views.openapi, name="open-data-openapi"),
    path("scheman/<int:version>/<slug:dataset>.json", views.schema, name="open-data-schema"),
    path("planer/<slug:plan>/<slug:dataset>.<slug:form>", views.of_plan, name="open-data-of-plan"),
    path("<slug:dataset>.<slug:form>", views.of_all, name="open-data-of-all"),
]
