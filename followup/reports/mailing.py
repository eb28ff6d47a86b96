"""The round's latest mailing: how far it has come, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from followup.models import FollowUp, Notice, NoticeKind, WhyNot
from publishing.formats import swedish_key

SLOW = timedelta(minutes=3)
"""How old a mail is that the mail server hasn't taken at the first attempts."""

FAILED = (WhyNot.REFUSED, WhyNot.GIVEN_UP)
"""Why a mail that was wanted didn't go."""


@dataclass(frozen=True)
class Failed:
    """Someone whom the mail didn't reach, and why."""

    name: str
    why: str


@dataclass(frozen=True)
class Mailing:
    """Mails of one kind to many: each ends as sent, no longer needed, or failed."""

    kind: str
    label: str
    day: date
    total: int
    sent: int
    not_needed: int
    failed: tuple[Failed, ...]
    is_slow: bool

    @property
    def settled(self) -> int:
        return self.sent + self.not_needed + len(self.failed)

    @property
    def is_under_way(self) -> bool:
        return self.settled < self.total


def latest_mailing(followup: FollowUp, now: datetime | None = None) -> Mailing | None:
    """The latest mailing to all, or to those who were chosen, in one statement; None before the first."""
    to_many = followup.notices.exclude(kind=NoticeKind.RETURNED)
    latest = to_many.order_by("-decided_at", "-pk")[:1]
    same = to_many.filter(kind=latest.values("kind"), about=latest.values("about"))
    notices = list(same.select_related("person").order_by("decided_at", "pk"))
    if not notices:
        return None
    last = notices[-1]
    waiting = [each for each in notices if not each.sent_at and not each.dropped]
    slow = (now or timezone.now()) - SLOW
    return Mailing(
        kind=last.kind,
        label=last.get_kind_display(),
        day=timezone.localdate(last.decided_at),
        total=len(notices),
        sent=sum(each.sent_at is not None for each in notices),
        not_needed=sum(bool(each.dropped) and each.dropped not in FAILED for each in notices),
        failed=failed_of(notices),
        is_slow=any(each.decided_at < slow for each in waiting),
    )


def failed_of(notices: list[Notice]) -> tuple[Failed, ...]:
    failed = [
        Failed(str(each.person), each.get_dropped_display()) for each in notices if each.dropped in FAILED
    ]
    return tuple(sorted(failed, key=lambda each: swedish_key(each.name)))
