"""Addresses of how it goes."""

from django.urls import include, path

from actionplan import converters  # noqa: F401  (makes <year:…> known)
from followup.views import outcomes, plans, reporting, years

plan_patterns = [
    path("", plans.plan, name="plan"),
    path("data.json", plans.plan_data, name="plan-data"),
    path("utmaningar/<slug:key>/", plans.challenge, name="challenge"),
    path("aktiviteter/", plans.activities, name="activities"),
    path("aktiviteter/<slug:key>/", plans.activity, name="activity"),
    path("indikatorer/<slug:indicator>/", plans.indicator, name="indicator"),
    path("uppfoljning/<year:year>/", years.followup, name="followup"),
    path("uppfoljning/<year:year>.pdf", years.followup_pdf, name="followup-pdf"),
    path("uppfoljning/<year:year>/rapportera/<slug:key>/", reporting.report_activity, name="report-activity"),
    path(
        "uppfoljning/<year:year>/utfall/<slug:indicator>/<slug:municipality>/",
        outcomes.enter_outcome,
        name="enter-outcome",
    ),
]

urlpatterns = [
    path("planer/<slug:plan>/", include(plan_patterns)),
    path("att-gora/", reporting.to_do, name="to-do"),
]
