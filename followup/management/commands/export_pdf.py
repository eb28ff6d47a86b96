"""Writes a plan's revision or follow-up as PDF to a file.

What is published is written as its latest edition has it; what is under way, or open for correction, as it is
now.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from actionplan.documents import revision_pdf
from actionplan.models import Plan, Revision
from actionplan.reports import revision_report
from followup.documents import followup_pdf
from followup.models import FollowUp, Stage
from followup.queries import Standpoint
from followup.reports.year import followup_report
from publishing.files import NotWritten, write_whole
from publishing.models import Publication
from publishing.pdf import PdfError


class Command(BaseCommand):
    help = "Write a plan's revision or follow-up to a PDF file: its latest edition, or as it is while open."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("plan", help="the plan's address, such as 4m")
        parser.add_argument("year", type=int)
        parser.add_argument("--kind", choices=["revision", "followup"], default="revision")
        parser.add_argument("--output", type=Path, required=True, metavar="FILE")

    def handle(self, *args: Any, plan: str, year: int, kind: str, output: Path, **options: Any) -> None:
        found = Plan.objects.with_parties().filter(slug=plan).first()
        if found is None:
            raise CommandError(_("Det finns ingen plan med adressen %(slug)s.") % {"slug": plan})
        try:
            content = revision_of(found, year) if kind == "revision" else followup_of(found, year)
        except PdfError as error:
            raise CommandError(str(error)) from error
        try:
            write_whole(output, content)
        except NotWritten as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("%(file)s är skriven.") % {"file": output})


def revision_of(plan: Plan, year: int) -> bytes:
    revision = Revision.objects.filter(plan=plan, year=year).first()
    if revision is None:
        raise CommandError(
            _("%(plan)s har ingen revidering för %(year)d.") % {"plan": plan.title, "year": year}
        )
    revision.plan = plan
    if revision.is_adopted and (edition := Publication.objects.of(revision.document).first()):
        return bytes(edition.pdf)
    return revision_pdf(revision_report(revision))


def followup_of(plan: Plan, year: int) -> bytes:
    followup = FollowUp.objects.filter(plan=plan, year=year).select_related("revision").first()
    if followup is None:
        raise CommandError(
            _("%(plan)s har ingen uppföljning för %(year)d.") % {"plan": plan.title, "year": year}
        )
    followup.plan = plan
    if followup.stage == Stage.PUBLISHED and (edition := Publication.objects.of(followup.document).first()):
        return bytes(edition.pdf)
    standing = Standpoint(plan, year, followup.revision, followup, (followup,), sees_all_outcomes=True)
    return followup_pdf(followup_report(standing, followup))
