"""The site's own pages."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from actionplan.models import Plan
from followup.reports.rounds import the_year
from municipalities.mails import our_name
from portal import accessibility, following
from portal.forms import AccessibilityReportForm
from portal.helping import PAGES
from portal.models import AccessibilityStatement
from portal.overview import own_to_do, plan_cards
from portal.published import latest_documents
from portal.search.finding import find
from portal.search.forms import SearchForm
from portal.search.readable import readable_by
from portal.showcase import shown
from portal.wordlist import WORDS
from publishing.editions import digest
from publishing.responses import if_changed

ICON = settings.BASE_DIR / "portal" / "static" / "portal" / "icon.svg"


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What the portal is, what the reader has to do first, the plans they may read, and what is published."""
    cards = plan_cards(request.user)
    context = {
        "plans": cards,
        "documents": latest_documents(card.plan for card in cards),
        "to_do": own_to_do(request.user),
        "the_year": the_year(),
    }
    return render(request, "portal/start.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What answers the words in the address, among all that the reader may see."""
    readable = readable_by(request.user)
    form = SearchForm(request.GET, readable=readable)
    asked = form.asked
    result = find(readable.only(asked["plan"]), asked["q"], kind=asked["slag"], number=asked["sida"] or 1)
    context = {
        "form": form,
        "asked": asked,
        "result": result,
        "pages": [(each, form.query(sida=each)) for each in result.page.paginator.page_range]
        if result
        else [],
    }
    return render(request, "portal/search.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about.html", {"contact": settings.CONTACT_EMAIL})


@require_safe
def help_index(request: HttpRequest) -> HttpResponse:
    """Where each finds the help that is theirs, and what the portal's words mean."""
    context = {"pages": PAGES, "words": WORDS, "contact": settings.CONTACT_EMAIL}
    return render(request, "portal/help/index.html", context)


@require_safe
def help_page(request: HttpRequest, path: str) -> HttpResponse:
    """What those who have a role need to know, on one page."""
    [found] = (each for each in PAGES if each.path == path)
    return render(request, found.template, {"help": found, "pages": PAGES})


@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/cookies.html")


@require_safe
def accessibility_statement(request: HttpRequest) -> HttpResponse:
    context = {"statement": AccessibilityStatement.objects.current()}
    return render(request, "portal/accessibility.html", context)


def report_accessibility(request: HttpRequest) -> HttpResponse:
    """Where anyone tells of something that they can't use; what is too much at once stays in the form."""
    form = AccessibilityReportForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        if not accessibility.too_many(request):
            accessibility.receive(form.save(commit=False))
            return redirect("accessibility-reported")
        form.add_error(None, _("Det har kommit många rapporter härifrån. Vänta en timme och skicka igen."))
        status = 429
    return render(request, "portal/accessibility_report.html", {"form": form}, status=status)


@require_safe
def accessibility_reported(request: HttpRequest) -> HttpResponse:
    """The way on after a report: no session is begun just to say thank you."""
    return render(request, "portal/accessibility_reported.html")


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every piece that pages are made of, side by side."""
    return render(request, "portal/components.html", shown())


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """The icon for those who look for it where icons used to be."""
    return HttpResponse(ICON.read_bytes(), content_type="image/svg+xml")


@require_safe
def plan_feed(request: HttpRequest, plan: str) -> HttpResponse:
    """What has been adopted, published and corrected of a plan; 404 where nothing has."""
    found = get_object_or_404(Plan.objects.select_related("owner"), slug=plan)
    return feed_response(request, following.plan_feed(found, our_name()))


@require_safe
def portal_feed(request: HttpRequest) -> HttpResponse:
    """The same of all plans."""
    return feed_response(request, following.portal_feed(our_name()))


def feed_response(request: HttpRequest, feed: following.Feed | None) -> HttpResponse:
    if feed is None:
        raise Http404
    response = HttpResponse(feed.content, content_type="application/atom+xml; charset=utf-8")
    return if_changed(request, response, digest(feed.content), feed.modified)
