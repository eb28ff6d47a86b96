"""What a portal does every night: it forgets what it has no more use for, and reminds people."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, call_command
from django.db import transaction
from django_tasks import task_backends
from django_tasks_db import DatabaseBackend

from exchange.models import Upload
from municipalities.people import forget_long_lapsed
from portal.models import AccessibilityReport
from publishing.models import Rendering


class Command(BaseCommand):
    help = (
        "Forget what is no longer needed: ended sessions, counters of failed log-ins, addresses of "
        "invitations that lapsed long ago, PDFs of drafts, files that were on their way in, reports of bad "
        "accessibility after a year, and background work that is done. Then mail those who have something "
        "left in a follow-up that is soon due, as the command send_reminders does."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("clearsessions")
        with transaction.atomic():
            forget_long_lapsed()
        Rendering.objects.old().delete()
        Upload.objects.old().delete()
        AccessibilityReport.objects.old().delete()
        if isinstance(
            task_backends["default"], DatabaseBackend
        ):  # where there is no queue, nothing is left in it
            call_command("prune_db_task_results", verbosity=0)
        call_command("send_reminders", verbosity=0)
