"""Addresses of how it goes."""

from django.urls import include, path

from actionplan import converters  # noqa: F401  (makes <year:…> known)
from followup import views

plan_patterns = [
    path("", views.plan, name="plan"),
    path("data.json", views.plan_data, name="plan-data"),
    path("utmaningar/<slug:key>/", views.challenge, name="challenge"),
    path("aktiviteter/", views.activities, name="activities"),
    path("aktiviteter/<slug:key>/", views.activity, name="activity"),
    path("indikatorer/<slug:indicator>/", views.indicator, name="indicator"),
    path("uppfoljning/<year:year>/", views.followup, name="followup"),
    path("uppfoljning/<year:year>.pdf", views.followup_pdf, name="followup-pdf"),
    path("uppfoljning/<year:year>/rapportera/<slug:key>/", views.report_activity, name="report-activity"),
]

urlpatterns = [
    path("planer/<slug:plan>/", include(plan_patterns)),
    path("att-gora/", views.to_do, name="to-do"),
]
