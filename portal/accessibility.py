"""What happens with a report of something on the portal that can't be used."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from municipalities import mails
from municipalities.journal import note
from municipalities.models import User
from municipalities.people import absolute
from portal.models import AccessibilityReport


def too_many(request: HttpRequest) -> bool:
    """Whether as much has been sent from the request's network address as is taken; else it counts."""
    limits = {"report": settings.ACCESSIBILITY_REPORTS}
    return ratelimit.consume(request, app="portal.accessibility", action="report", config=limits) is None


def receive(report: AccessibilityReport) -> None:
    """Saves a report, and tells whoever runs the portal: at the address for it, else every administrator."""
    report.save()
    note("accessibility.reported", report=report.pk)
    link = absolute(reverse("admin:portal_accessibilityreport_change", args=[report.pk]))
    for address in [settings.CONTACT_EMAIL] if settings.CONTACT_EMAIL else administrators():
        mails.send("portal/email/accessibility_reported", address, {"report": report, "link": link})


def administrators() -> list[str]:
    active = User.objects.filter(is_administrator=True, is_active=True)
    return list(active.order_by("pk").values_list("email", flat=True))
