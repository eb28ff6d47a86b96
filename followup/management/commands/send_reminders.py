"""Tells people of what they have left two weeks before a follow-up is due, and when it is due."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from followup.models import FollowUp, Notice, WhyNot
from followup.notices import (
    compose,
    is_given_up,
    kind_tonight,
    left_behind,
    tell_tonight,
    to_tell_tonight,
    try_left_behind,
)


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is no date; write it as 2017-01-31") from error


class Command(BaseCommand):
    help = (
        "Mail those who have something left in a follow-up that is due in two weeks or now, each once, "
        "and try again what the mail server hasn't taken. The command nightly does this, too."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="only show what would be sent to whom, and change nothing"
        )
        parser.add_argument("--date", type=day, help="show another day than today; with --dry-run only")

    def handle(self, *args: Any, dry_run: bool, date: date | None, **options: Any) -> None:
        if date and not dry_run:
            raise CommandError("--date is for --dry-run: mails are sent today, and tell how it stands today.")
        followups = FollowUp.objects.open().select_related("plan", "revision").order_by("due", "pk")
        if dry_run:
            self.show(followups, date or timezone.localdate())
            return
        told = [each for followup in followups for each in tell_tonight(followup, timezone.localdate())]
        tried = try_left_behind()
        if options["verbosity"]:
            self.stdout.write(f"{len(told)} new mails, {len(tried)} tried again.")

    def show(self, followups: Any, today: date) -> None:
        """Writes what `handle` would send on the day, or why nothing."""
        count = 0
        for followup in followups:
            self.stdout.write(f"{followup}, due {followup.due or 'on no day'}")
            if followup.is_example:
                self.stdout.write("  nothing: example content sends no mail")
                continue
            kind = kind_tonight(followup, today)
            if kind is None:
                self.stdout.write("  nothing: not within two weeks of the day it is due")
                continue
            left = to_tell_tonight(followup, kind)
            if not left:
                self.stdout.write(
                    "  nothing: nobody with an account has anything left that they haven't been told of"
                )
            for each in left:
                count += self.show_one(Notice(followup=followup, kind=kind, person=each.person), today, each)
        for notice in left_behind():
            if is_given_up(notice):
                continue
            count += self.show_one(notice, today, again="  (tried before)")
        self.stdout.write(f"{count} mails on {today}. Nothing is sent.")

    def show_one(self, notice: Notice, today: date, left: Any = None, again: str = "") -> int:
        letter = compose(notice, today, left)
        if isinstance(letter, WhyNot):
            return 0
        self.stdout.write(f"  to {notice.person.name} <{letter.to}>: {letter.subject}{again}")
        return 1
