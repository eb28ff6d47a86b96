"""Addresses of how it goes."""

from django.urls import URLPattern, URLResolver, include, path

from actionplan import converters  # noqa: F401  (makes <year:…> and others known)
from followup.views import (
    carrying,
    compared,
    days,
    desk,
    fetching,
    importing,
    log,
    outcomes,
    plans,
    reporting,
    reviews,
    years,
)

desk_patterns = [
    path("", desk.desk, name="desk"),
    path("datum/", desk.dates, name="followup-dates"),
    path("oppna/", desk.open_for_reports, name="open-followup"),
    path("stang/", desk.close_for_reports, name="close-followup"),
    path("ratta/", desk.open_for_correction, name="correct-followup"),
    path("rapporterar/", desk.assign, name="assign"),
    path("paminn/", desk.remind, name="remind-followup"),
    path("publicera/", desk.publish, name="publish-followup"),
]

carrying_patterns = [
    path("", carrying.overview, name="carry-on"),
    path("malvarden/", carrying.targets, name="carry-on-targets"),
    path("aktiviteter/<slug:key>/", carrying.activity, name="carry-on-activity"),
]

plan_patterns: list[URLPattern | URLResolver] = [
    path("", plans.plan, name="plan"),
    path("data.json", plans.plan_data, name="plan-data"),
    path("utmaningar/<slug:key>/", plans.challenge, name="challenge"),
    path("aktiviteter/", plans.activities, name="activities"),
    path("aktiviteter.csv", plans.activities_csv, name="activities-csv"),
    path("aktiviteter.xlsx", plans.activities_xlsx, name="activities-xlsx"),
    path("aktiviteter/<slug:key>/", plans.activity, name="activity"),
    path("jamforelse/", compared.comparison, name="comparison"),
    path("indikatorer/<slug:indicator>/", plans.indicator, name="indicator"),
    path("indikatorer/<slug:indicator>.csv", plans.indicator_csv, name="indicator-csv"),
    path("indikatorer/<slug:indicator>/las-in/", importing.import_outcomes, name="import-outcomes"),
    path(
        "indikatorer/<slug:indicator>/las-in/utfall.xlsx",
        importing.outcomes_to_fill_in,
        name="outcomes-to-fill-in",
    ),
    path(
        "indikatorer/<slug:indicator>/las-in/<uuid:upload>/",
        importing.imported_outcomes,
        name="imported-outcomes",
    ),
    path("indikatorer/<slug:indicator>/tidsseriebrott/", fetching.break_series, name="break-series"),
    path("kolada/", fetching.fetch_outcomes, name="fetch-outcomes"),
    path("kolada/<uuid:upload>/", fetching.fetched_outcomes, name="fetched-outcomes"),
    path("andringar/", log.changes, name="changes"),
    path("vid/", days.choose_day, name="choose-day"),
    path("vid/<day:day>/", days.plan_at, name="plan-at"),
    path("uppfoljning/ny/", desk.begin, name="begin-followup"),
    path("uppfoljning/<year:year>/", years.followup, name="followup"),
    path("uppfoljning/<year:year>.pdf", years.followup_pdf, name="followup-pdf"),
    path(
        "uppfoljning/<year:year>/utgava/<edition:edition>/", years.followup_edition, name="followup-edition"
    ),
    path(
        "uppfoljning/<year:year>/utgava/<edition:edition>.pdf",
        years.edition_pdf,
        name="followup-edition-pdf",
    ),
    path(
        "uppfoljning/<year:year>/utgava/<edition:edition>.json",
        years.edition_content,
        name="followup-edition-content",
    ),
    path(
        "uppfoljning/<year:year>/utgava/<edition:edition>.csv",
        years.edition_figures,
        name="followup-edition-figures",
    ),
    path("uppfoljning/<year:year>/rapportera/<slug:key>/", reporting.report_activity, name="report-activity"),
    path("uppfoljning/<year:year>/utmaningar/<slug:key>/", reviews.review, name="review"),
    path("uppfoljning/<year:year>/arbetsyta/", include(desk_patterns)),
    path(
        "uppfoljning/<year:year>/utfall/<slug:indicator>/<slug:municipality>/",
        outcomes.enter_outcome,
        name="enter-outcome",
    ),
    path("utkast/genomgang/", include(carrying_patterns)),
    path("utkast/kontroll/", carrying.gaps, name="draft-gaps"),
]

urlpatterns = [
    path("planer/<slug:plan>/", include(plan_patterns)),
    path("att-gora/", reporting.to_do, name="to-do"),
]
