"""Publishes years in processes that may be killed: `python -m tests.faults.publishers FILE`.

For each line "ID NUMBER" on stdin it makes the year's PDF, which takes seconds, and then forks so many
processes that publish the year at once; stdout tells their ids. They have the PDF from this process's memory,
so that little but the transaction is left to be killed in. How those ended that did stands in FILE.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import django

django.setup()

from django.db import connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from followup.documents import followup_pdf  # noqa: E402
from followup.editions import content_of, publish_year  # noqa: E402
from followup.models import FollowUp  # noqa: E402
from followup.reports.year import FollowUpReport  # noqa: E402
from publishing.editions import Imprint, NotPublished, thawed  # noqa: E402
from publishing.models import Publication  # noqa: E402


def main(outcomes: Path) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that are killed
    for line in sys.stdin:
        pk, number = map(int, line.split())
        followup = FollowUp.objects.select_related("plan").get(pk=pk)
        corrects = make_pdf(followup)
        connections.close_all()  # forks can't share one
        print(*(fork(followup, corrects, outcomes) for _each in range(number)), flush=True)


def make_pdf(followup: FollowUp) -> str:
    """Lets publishing.pdf keep the next edition's; gives what that edition says that it corrects."""
    edition = Publication.objects.of(followup.document).count() + 1
    corrects = f"Rättelse {edition}." if edition > 1 else ""
    followup_pdf(
        thawed(FollowUpReport, content_of(followup)), Imprint(edition, timezone.localdate(), corrects)
    )
    return corrects


def fork(followup: FollowUp, corrects: str, outcomes: Path) -> int:
    child = os.fork()
    if child == 0:
        try:
            outcome = f"edition {publish_year(followup, by=None, corrects=corrects).edition}"
        except NotPublished:
            outcome = "not published"
        except Exception as error:  # the test shows it
            outcome = repr(error)
        with outcomes.open("a") as file:
            file.write(f"{outcome}\n")
        os._exit(0)
    return child


if __name__ == "__main__":
    main(Path(sys.argv[1]))
