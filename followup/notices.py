"""The mails of a year's round: who gets which, when; each once, and with what is true when it is sent.

A mail begins as a row (`Notice`), written in the same transaction as what causes it, together with the work
of sending it. The worker takes the row, writes the text from how things stand by then, gives it to the mail
server, and notes that on the row. So a page never waits for a mail server and never fails because of one;
what is undone sends nothing; and one who has nothing left when the mail is to leave gets none.

What holds of "once": a row is unique by follow-up, kind, what it is about and person, and one worker at a
time holds it. A mail that the server didn't take is tried again after each of `mails.PAUSES`, then every
night for `KEPT_TRYING`. A worker that dies before the server has said yes leaves the row as it was, and the
next night sends it. One that dies between the server's yes and the note, some milliseconds, has sent a mail
that nobody knows of: it is sent once more the next night. The same goes for a server that takes a mail and
breaks the connection instead of saying yes. This can't be avoided without losing mails instead; both copies
have the same Message-ID, by which many mail servers keep only one.

Example content sends no mail.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from actionplan.models import Plan
from followup.left import Left, Thing, people_with_something_left, review_path
from followup.models import ChallengeReview, Deed, FollowUp, Notice, NoticeKind, Stage, WhyNot
from municipalities import mails
from municipalities.journal import note
from municipalities.models import Membership, Organisation, Role, User
from publishing.formats import joined, long_date, number
from publishing.models import Publication

SOON = timedelta(days=14)
"""How long before a follow-up is due people are told of what they have left."""

HELD_AT_MOST = timedelta(minutes=10)
"""How long a worker may hold a mail before another one takes it; far longer than a server keeps it."""

AFTER_THE_PAUSES = sum(mails.PAUSES, HELD_AT_MOST)
"""How old a mail is that the worker has stopped trying to send."""

KEPT_TRYING = timedelta(days=14)
"""For how long a mail is tried anew every night."""

LISTED = 10
"""How many things of a sort a mail lists; further ones are counted."""

WITH_LIST = (NoticeKind.OPENED, NoticeKind.SOON_DUE, NoticeKind.DUE, NoticeKind.REMINDER)
"""The mails that list what their reader has left."""

# Deciding


@transaction.atomic
def tell_opened(followup: FollowUp) -> list[Notice]:
    """Tells everyone who has something to do in the follow-up that it is open."""
    return decide(followup, NoticeKind.OPENED, people(people_with_something_left(followup)))


@transaction.atomic
def tell_returned(review: ChallengeReview) -> list[Notice]:
    """Tells those who follow the challenge up that its review has been returned, and why."""
    about = f"{review.challenge.key}:{review.number}"
    return decide(review.followup, NoticeKind.RETURNED, followers_up(review), about)


@transaction.atomic
def tell_published(followup: FollowUp, edition: Publication) -> list[Notice]:
    """Tells everyone who takes part in the plan that the year's follow-up, or a correction, is published."""
    about = str(edition.edition)
    return decide(followup, NoticeKind.PUBLISHED, everyone_taking_part(followup), about)


@transaction.atomic
def remind(followup: FollowUp, whom: Iterable[User], by: User) -> list[Notice]:
    """Reminds those of `whom` who have something left; each at most once a day.

    Raises PermissionDenied when the follow-up isn't in a stage in which there is something to remind of.
    """
    followup.hold(Deed.REMIND)
    waiting = people(people_with_something_left(followup, whom))
    about = timezone.localdate().isoformat()
    reminded = decide(followup, NoticeKind.REMINDER, waiting, about)
    facts = {"plan": followup.plan.slug, "year": followup.year, "people": len(reminded)}
    note("followup.reminded", **facts)
    return reminded


@transaction.atomic
def tell_tonight(followup: FollowUp, today: date) -> list[Notice]:
    """Tells those who have something left that the follow-up is soon due, or due; each once."""
    kind = kind_tonight(followup, today)
    if kind is None:
        return []
    return decide(followup, kind, people(to_tell_tonight(followup, kind)), about_due(followup))


def kind_tonight(followup: FollowUp, today: date) -> NoticeKind | None:
    """What there is to tell of an open follow-up on a day; a night that was missed is made up for."""
    if not followup.is_open or followup.is_example or followup.due is None:
        return None
    if followup.due <= today:
        return NoticeKind.DUE
    return NoticeKind.SOON_DUE if followup.due - SOON <= today else None


def about_due(followup: FollowUp) -> str:
    """Which of several days a mail is about: a postponed day is told of once more."""
    return followup.due.isoformat() if followup.due else ""


def to_tell_tonight(followup: FollowUp, kind: NoticeKind) -> list[Left]:
    """Those who have something left and haven't been told this of the day that it is due.

    Who has had a list with that day in the last two weeks before it isn't told once more.
    """
    told = Q(kind=kind, about=about_due(followup))
    if kind == NoticeKind.SOON_DUE and followup.due:
        two_weeks_left = timezone.make_aware(datetime.combine(followup.due - SOON, time()))
        since = max(two_weeks_left, day_is_set_since(followup))
        told |= Q(kind__in=(NoticeKind.OPENED, NoticeKind.REMINDER), decided_at__gte=since)
    people = set(followup.notices.standing().filter(told).values_list("person", flat=True))
    return [left for left in people_with_something_left(followup) if left.person.pk not in people]


def day_is_set_since(followup: FollowUp) -> datetime:
    """When the day that the follow-up is due was last changed, by its log; now, where the log doesn't say."""
    since = timezone.now()
    for row in followup.history.order_by("-history_date", "-history_id"):
        if row.due != followup.due:
            break
        since = row.history_date
    return since


def decide(followup: FollowUp, kind: NoticeKind, whom: Iterable[User], about: str = "") -> list[Notice]:
    """Leaves a mail to each of `whom` to the worker, but not to those who have had it decided already.

    One that was dropped since the year had gone on, and has come back to where it was, is decided on again.
    """
    if followup.is_example:
        return []
    FollowUp.objects.select_for_update(no_key=True).get(
        pk=followup.pk
    )  # two who decide the same do so in turn
    same = Notice.objects.filter(followup=followup, kind=kind, about=about)
    before = {each.person_id: each for each in same}
    people = {person.pk: person for person in whom}
    new = [
        Notice(followup=followup, kind=kind, about=about, person=person)
        for number, person in people.items()
        if number not in before
    ]
    again = [each for number, each in before.items() if number in people and not each.stands]
    same.filter(pk__in=[each.pk for each in again]).update(dropped="", decided_at=timezone.now())
    notices = [*Notice.objects.bulk_create(new), *again]
    for each in notices:
        mails.leave(deliver, each.pk)
    return notices


# To whom


def people(waiting: Iterable[Left]) -> list[User]:
    return [each.person for each in waiting]


def followers_up(review: ChallengeReview) -> list[User]:
    """Coordinators of the organisation that follows the challenge up, and of those that represent it."""
    owner = Organisation.objects.filter(followed_up_challenges=review.challenge)
    organisations = Q(organisation__in=owner.values("pk")) | Q(
        organisation__in=owner.values("represented_by")
    )
    return holders(Membership.objects.filter(organisations, role=Role.COORDINATOR))


def everyone_taking_part(followup: FollowUp) -> list[User]:
    """Members of the plan's parties, and of those who were assigned to report something in the year."""
    parties = Plan.objects.filter(pk=followup.plan_id).parties().values("pk")
    organisations = Q(organisation__in=parties) | Q(organisation__assignments__followup=followup)
    return holders(Membership.objects.filter(organisations))


def holders(memberships: Any) -> list[User]:
    return list(User.objects.filter(is_active=True, pk__in=memberships.values("user")).order_by("pk"))


# Sending


@task()
def deliver(number: int, earlier_attempts: int = 0) -> None:
    """Writes and sends the mail with this number, drops it if it isn't needed any longer, or tries later."""
    notice = take(number)
    if notice is None:
        return
    letter = compose(notice, timezone.localdate())
    if isinstance(letter, WhyNot):
        drop(notice, letter)
        return
    try:
        mails.post(letter)
    except OSError as error:
        put_off(notice, earlier_attempts, error, letter.template)
    else:
        Notice.objects.filter(pk=notice.pk).update(sent_at=timezone.now(), taken_at=None)
        note("notice.sent", **about_notice(notice))


def take(number: int) -> Notice | None:
    """The mail, held for this worker alone; None if it is sent, dropped, or held by another one."""
    now = timezone.now()
    free = Q(taken_at=None) | Q(taken_at__lt=now - HELD_AT_MOST)
    if not Notice.objects.waiting().filter(free, pk=number).update(taken_at=now):
        return None
    return Notice.objects.select_related("followup__plan", "person").get(pk=number)


@transaction.atomic
def put_off(notice: Notice, earlier_attempts: int, error: OSError, template: str) -> None:
    """Lets go of a mail that the server didn't take, until later or until night.

    Drops it after the last try if the server says that nobody is there.
    """
    Notice.objects.filter(pk=notice.pk).update(taken_at=None)
    facts = {"template": template, "notice": notice.pk}
    tried_later = mails.try_later(deliver, notice.pk, earlier_attempts, error, **facts)
    if not tried_later and is_for_good(error):
        drop(notice, WhyNot.REFUSED)


def is_for_good(error: OSError) -> bool:
    """Whether the server says that it will never take mail to the address."""
    if not isinstance(error, SMTPRecipientsRefused):
        return False
    return all(code >= 500 for code, _text in error.recipients.values())


def drop(notice: Notice, why: WhyNot) -> None:
    Notice.objects.filter(pk=notice.pk).update(dropped=why, taken_at=None)
    note("notice.dropped", why=str(why), **about_notice(notice))


def about_notice(notice: Notice) -> dict[str, Any]:
    """Which mail, for the journal."""
    plan = notice.followup.plan.slug
    facts = {"notice": notice.pk, "kind": str(notice.kind), "person": notice.person_id}
    return {**facts, "plan": plan, "year": notice.followup.year}


def left_behind() -> models.QuerySet[Notice]:
    """Mails that no worker tries to send any longer, though they are neither sent nor dropped."""
    late = Notice.objects.waiting().filter(decided_at__lt=timezone.now() - AFTER_THE_PAUSES)
    return late.select_related("followup__plan", "person")


def is_given_up(notice: Notice) -> bool:
    """Whether the mail has been tried long enough."""
    return notice.decided_at < timezone.now() - KEPT_TRYING


def try_left_behind() -> list[Notice]:
    """Tries them again, and drops those that have been tried long enough; tells which are tried."""
    tried = []
    for each in left_behind():
        if is_given_up(each):
            drop(each, WhyNot.GIVEN_UP)
        else:
            mails.leave(deliver, each.pk)
            tried.append(each)
    return tried


# Writing


def compose(notice: Notice, today: date, left: Left | None = None) -> mails.Letter | WhyNot:
    """The mail as things stand, or why it isn't needed. `left`: what its reader has left, if known."""
    with translation.override(settings.LANGUAGE_CODE):
        if not notice.person.is_active:
            return WhyNot.CLOSED_ACCOUNT
        if notice.followup.is_example:
            return WhyNot.EXAMPLE
        if notice.kind == NoticeKind.RETURNED:
            return compose_returned(notice)
        if notice.kind == NoticeKind.PUBLISHED:
            return compose_published(notice)
        return compose_list(notice, today, left)


def compose_list(notice: Notice, today: date, left: Left | None) -> mails.Letter | WhyNot:
    followup = notice.followup
    if not (followup.is_open or (notice.kind == NoticeKind.REMINDER and followup.allows(Deed.REMIND))):
        return WhyNot.OTHER_STAGE
    later = Notice.objects.filter(followup=followup, person=notice.person, kind__in=WITH_LIST)
    if later.filter(decided_at__gt=notice.decided_at).exists():
        return WhyNot.LATER_ONE
    left = left or next(iter(people_with_something_left(followup, [notice.person])), None)
    if left is None:
        return WhyNot.NOTHING_LEFT
    facts = {
        "what": what_is_left(notice, left) + by_when(followup, left, today),
        "opening": opening(notice, today),
        "sorts": sorts(left, followup.plan),
        "has_to_do": left.total > len(left.answers),
        "organisations": joined([one_line(name) for name in left.organisations]),
    }
    return letter("followup/email/left", notice, facts)


def what_is_left(notice: Notice, left: Left) -> str:
    """ "5 kvar att rapportera": what the subject tells of the list."""
    if left.total == len(left.answers):
        sentence = ngettext("%(n)s text väntar på ditt svar", "%(n)s texter väntar på ditt svar", left.total)
    elif notice.kind == NoticeKind.OPENED:
        sentence = _("%(n)s att rapportera") if left.total == len(left.reports) else _("%(n)s att göra")
    elif left.total == len(left.reports):
        sentence = _("%(n)s kvar att rapportera")
    else:
        sentence = _("%(n)s kvar att göra")
    return sentence % {"n": number(left.total)}


def by_when(followup: FollowUp, left: Left, today: date) -> str:
    """ " senast 31 januari": the end of the subject; nothing where only answers wait, or no day is set."""
    if followup.due is None or left.total == len(left.answers):
        return ""
    day = {"day": date_in_subject(followup.due)}
    return (_(" senast %(day)s") if today <= followup.due else _(", skulle vara klart %(day)s")) % day


def date_in_subject(day: date) -> str:
    return long_date(day).rpartition(" ")[0]


def opening(notice: Notice, today: date) -> str:
    """The mail's first sentences: what it is about, and when it is due."""
    followup = notice.followup
    about = {"plan": one_line(followup.plan.title), "year": followup.year}
    due = followup.due
    about["day"] = long_date(due) if due else ""
    if notice.kind == NoticeKind.OPENED:
        first = _("Uppföljningen %(year)d av %(plan)s är öppen.")
        until = _("Det här ska du göra senast den %(day)s:") if due else _("Det här ska du göra:")
        return f"{first} {until}" % about
    if due is None:
        first = _("Uppföljningen %(year)d av %(plan)s pågår.")
    elif today < due:
        first = _("Uppföljningen %(year)d av %(plan)s ska vara klar senast den %(day)s.")
    elif today == due:
        first = _("I dag är sista dagen för uppföljningen %(year)d av %(plan)s.")
    else:
        first = _("Uppföljningen %(year)d av %(plan)s skulle ha varit klar den %(day)s.")
    reminder = _("Det här är en påminnelse.") + " " if notice.kind == NoticeKind.REMINDER else ""
    return reminder + first % about + " " + _("Du har det här kvar:")


def sorts(left: Left, plan: Plan) -> list[dict[str, Any]]:
    """What is left, by sort: its heading, the first of its things with their links, and how many follow."""
    headings = [
        (_("%(things)s att rapportera") % {"things": capfirst(plan.words.activities)}, left.reports),
        (_("Utfall att ange"), left.outcomes),
        (_("Texter att skriva"), left.reviews),
        (_("Texter som väntar på ditt svar"), left.answers),
    ]
    return [
        {
            "heading": one_line(heading),
            "count": len(things),
            "things": [listed(each) for each in things[:LISTED]],
            "further": len(things[LISTED:]),
        }
        for heading, things in headings
        if things
    ]


def listed(thing: Thing) -> dict[str, str]:
    return {"title": one_line(thing.title), "link": absolute(thing.path)}


def compose_returned(notice: Notice) -> mails.Letter | WhyNot:
    if not notice.followup.allows(Deed.REVIEW):
        return WhyNot.OTHER_STAGE
    key, _colon, numbered = notice.about.rpartition(":")
    reviews = ChallengeReview.objects.filter(followup=notice.followup, challenge__key=key)
    latest = reviews.select_related("challenge").order_by("-number").first()
    if latest is None or latest.number != int(numbered):
        return WhyNot.LATER_ONE if latest and latest.note else WhyNot.NOTHING_LEFT
    return letter(
        "followup/email/returned",
        notice,
        {
            "challenge": one_line(latest.challenge.title),
            "note": [one_line(each) for each in latest.note.splitlines() if each.strip()],
            "link": absolute(review_path(notice.followup, key)),
        },
    )


def compose_published(notice: Notice) -> mails.Letter | WhyNot:
    followup = notice.followup
    if followup.stage != Stage.PUBLISHED:
        return WhyNot.OTHER_STAGE
    edition = Publication.objects.of(followup.document).order_by("-edition").first()
    if edition is None or str(edition.edition) != notice.about:
        return WhyNot.LATER_ONE
    where = [followup.plan.slug, followup.year]
    return letter(
        "followup/email/published",
        notice,
        {
            "corrects": one_line(edition.corrects),
            "link": absolute(reverse("followup", args=where)),
            "pdf": absolute(reverse("followup-pdf", args=where)),
        },
    )


def letter(template: str, notice: Notice, facts: dict[str, Any]) -> mails.Letter:
    """The mail to the notice's person; what every mail of the round tells is added to `facts`."""
    plan = one_line(notice.followup.plan.title)
    known = {
        "plan": plan,
        "short_plan": Truncator(plan).chars(60),
        "year": notice.followup.year,
        "to_do": absolute(reverse("to-do")),
        "contact": settings.CONTACT_EMAIL,
        **facts,
    }
    return mails.write(template, notice.person.email, known, number=f"utskick-{notice.pk}", origin=origin())


def one_line(text: str) -> str:
    """A text that was written by someone, so that it can't look like the mail's own lines."""
    return " ".join(text.split())


def absolute(path: str) -> str:
    return origin() + path


def origin() -> str:
    return mails.our_name() or settings.LOCAL_ORIGIN
