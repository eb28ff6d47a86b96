"""Every address of the site; what each asks of its visitor stands in portal/rights.py."""

from django.contrib import admin
from django.urls import include, path

from portal import views
from portal.health import health
from portal.helping import PAGES
from portal.languages import choose_language
from portal.open_data.views import harvest

urlpatterns = [
    path("", views.start, name="start"),
    path("sok/", views.search, name="search"),
    path("om/", views.about, name="about"),
    path("om/hjalp/", views.help_index, name="help"),
    *(path(f"om/hjalp/{each.path}/", views.help_page, {"path": each.path}, name=each.name) for each in PAGES),
    path("kakor/", views.cookies, name="cookies"),
    path("tillganglighet/", views.accessibility_statement, name="accessibility"),
    path("tillganglighet/rapportera/", views.report_accessibility, name="report-accessibility"),
    path("tillganglighet/rapportera/tack/", views.accessibility_reported, name="accessibility-reported"),
    path("sprak/", choose_language, name="choose-language"),
    path("om/komponenter/", views.components, name="components"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("halsa/", health, name="health"),
    path("handelser.atom", views.portal_feed, name="portal-feed"),
    path("planer/<slug:plan>/handelser.atom", views.plan_feed, name="plan-feed"),
    path("oppna-data/", include("portal.open_data.urls")),
    path("datasets/dcat", harvest, name="open-data-harvest"),
    path("", include("municipalities.urls")),
    path("", include("actionplan.urls")),
    path("", include("followup.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.forbidden"
handler404 = "portal.errors.not_found"
handler500 = "portal.errors.failed"
