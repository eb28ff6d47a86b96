"""The mails of a year's round: who gets which, once, with what is true when it leaves."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from followup import notices
from followup.editions import publish_year
from followup.leading import move
from followup.left import people_with_something_left
from followup.models import FollowUp, Notice, NoticeKind, ReviewState, Stage, WhyNot
from followup.notices import remind, tell_opened, tell_published, tell_returned
from followup.reports.to_do import to_do
from followup.reviewing import give_back
from municipalities import mails
from municipalities.models import Membership, Municipality, Organisation, Role, User
from tests.builders import (
    make_activity,
    make_administrator,
    make_assignment,
    make_challenge,
    make_coordinator,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_notice,
    make_organisation,
    make_outcome,
    make_plan,
    make_publication,
    make_report,
    make_review,
    make_revision,
    make_target,
    make_user,
)
from tests.letters import Letterbox, work
from tests.pages import Element, main_of
from tests.sent import sent
from tests.servers import ROOT, free_port, shared_database

pytestmark = pytest.mark.django_db(transaction=True)

DUE = date(2017, 1, 31)


@pytest.fixture(autouse=True)
def portal(settings, queue) -> None:
    """Background work waits in the database, and the portal has a name, as in production."""
    settings.PORTAL_ORIGIN = "https://portal.example.se"
    settings.CONTACT_EMAIL = "portalen@example.se"


@pytest.fixture(autouse=True)
def on_day(monkeypatch) -> Callable[[date], None]:
    """Chooses what day it is; the tenth of January unless a test says something else."""

    def choose(day: date) -> None:
        monkeypatch.setattr(timezone, "localdate", lambda *_args: day)

    choose(date(2017, 1, 10))
    return choose


def make_round(*, due: date | None = DUE, **fields: Any) -> FollowUp:
    """An open follow-up of a plan of Västerås and Enköping, owned by a network; nothing in it yet."""
    partners = [make_municipality("Västerås"), make_municipality("Enköping")]
    plan = make_plan(title="Handlingsplan Företag", partners=partners)
    return make_followup(make_revision(plan), due=due, **fields)


def parties(followup: FollowUp) -> tuple[Municipality, Municipality]:
    vasteras, enkoping = followup.plan.partners.order_by("-name")
    return vasteras, enkoping


def to_report(followup: FollowUp, organisation: Organisation, count: int = 1) -> list[Any]:
    challenge = make_challenge(followup.revision)
    return [make_activity(challenge, responsible=[organisation]) for _each in range(count)]


def receivers(letterbox: Letterbox) -> list[str]:
    return sorted(letter["To"] for letter in letterbox.letters)


def night(day: date, on_day: Callable[[date], None]) -> None:
    """What a night does, and then the worker."""
    on_day(day)
    call_command("send_reminders", verbosity=0)
    work()


def work_inside() -> None:
    """The same as `work`, in the test's own transaction: nothing else undoes what is published."""
    for task in DBTaskResult.objects.filter(status="READY"):
        notices.deliver.call(*task.args_kwargs["args"])
    DBTaskResult.objects.all().delete()


def text_of(letter: EmailMessage) -> str:
    """The text with the line breaks that it was written with."""
    return str(letter.get_content()).replace("\r\n", "\n")


def subject(letter: EmailMessage) -> str:
    """Without the space that Python leaves where a long one is folded."""
    return str(letter["Subject"]).strip()


def waiting_is_over() -> None:
    """The pauses of what the worker tries again are past."""
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())


# Who has what left


def test_what_each_has_left_is_what_att_gora_shows_them():
    followup = make_round()
    vasteras, enkoping = parties(followup)
    network = make_organisation(represented_by=[enkoping])
    assigned = make_organisation("Bolaget")
    challenge = make_challenge(followup.revision, followup_owner=vasteras)
    sent_in = make_challenge(followup.revision, followup_owner=enkoping)
    for responsible in ([vasteras, network], [network], [enkoping], []):
        make_activity(challenge, responsible=responsible)
    make_assignment(followup, make_activity(sent_in), assigned)
    make_report(followup, make_activity(challenge, responsible=[vasteras]))
    make_target(make_goal(challenge))
    make_outcome(make_target(make_goal(sent_in)).indicator, vasteras)
    people = [make_coordinator(each) for each in (vasteras, enkoping, network, assigned)]
    editors = [make_user(Role.EDITOR, followup.plan.owner) for _each in range(2)]
    make_review(followup, sent_in, state=ReviewState.SUBMITTED, author=editors[0])
    Membership.objects.create(user=people[0], organisation=enkoping, role=Role.COORDINATOR)
    everyone = [*people, *editors, make_user(Role.READER, vasteras), make_coordinator()]

    left = {each.person: each.total for each in people_with_something_left(followup)}

    shown = {person: to_do(person).left_count for person in everyone}
    assert left == {person: count for person, count in shown.items() if count}
    assert sorted(left.values()) == [1, 1, 2, 5, 7]


def test_a_closed_account_has_nothing_left():
    followup = make_round()
    to_report(followup, parties(followup)[0])
    make_coordinator(parties(followup)[0], is_active=False)

    assert people_with_something_left(followup) == []


def test_outcomes_and_reviews_are_left_when_reporting_is_closed_and_nothing_when_it_is_published():
    followup = make_round()
    vasteras, _enkoping = parties(followup)
    challenge = make_challenge(followup.revision, followup_owner=vasteras)
    make_activity(challenge, responsible=[vasteras])
    make_target(make_goal(challenge), indicator=make_indicator(name="NKI"))
    make_coordinator(vasteras)

    def left() -> list[tuple[int, int, int]]:
        found = people_with_something_left(followup)
        return [(len(each.reports), len(each.outcomes), len(each.reviews)) for each in found]

    assert left() == [(1, 1, 1)]
    followup.stage = Stage.CLOSED
    assert left() == [(0, 1, 1)]
    followup.stage = Stage.PUBLISHED
    assert left() == []


def test_whoever_wrote_a_review_does_not_answer_it():
    followup = make_round()
    writer, other = (make_user(Role.EDITOR, followup.plan.owner) for _each in range(2))
    make_review(followup, state=ReviewState.SUBMITTED, author=writer)

    assert [each.person for each in people_with_something_left(followup)] == [other]


@pytest.mark.parametrize("deed", ["left", "opened", "reminded", "sent"])
def test_statements_do_not_grow_with_activities(deed):
    followup = make_round()
    vasteras, _enkoping = parties(followup)
    person = make_coordinator(vasteras)
    make_coordinator(vasteras)
    counts = []

    for more in (3, 60):
        to_report(followup, vasteras, more)
        Notice.objects.all().delete()
        notice = make_notice(followup, person)
        with CaptureQueriesContext(
            connection,
        ) as statements:
            if deed == "left":
                people_with_something_left(followup)
            elif deed == "opened":
                tell_opened(followup)
            elif deed == "reminded":
                remind(followup, [person], person)
            else:
                notices.compose(notice, DUE)
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 22


# One mail each


def test_opening_tells_each_once_with_their_own_list_and_links(letterbox):
    followup = make_round()
    vasteras, enkoping = parties(followup)
    network = make_organisation(represented_by=[vasteras, enkoping])
    [mine] = to_report(followup, vasteras)
    [ours] = to_report(followup, network)
    person = make_coordinator(vasteras, email="asa.ohman@example.se", name="Åsa Öhman")
    Membership.objects.create(user=person, organisation=network, role=Role.COORDINATOR)
    make_coordinator(enkoping, email="erik@example.se")
    make_user(Role.READER, vasteras)
    make_coordinator(email="utomstaende@example.se")

    tell_opened(followup)
    tell_opened(followup)
    work()

    assert receivers(letterbox) == ["asa.ohman@example.se", "erik@example.se"]
    letters = {letter["To"]: letter for letter in letterbox.letters}
    letter = letters["asa.ohman@example.se"]
    text = text_of(letter)
    assert subject(letter) == "Handlingsplan Företag: 2 att rapportera senast 31 januari"
    assert "Uppföljningen 2016 av Handlingsplan Företag är öppen." in text
    for activity in (mine, ours):
        link = f"/planer/{followup.plan.slug}/uppfoljning/2016/rapportera/{activity.key}/"
        assert f"- {activity.title}\n  https://portal.example.se{link}\n" in text
    assert "https://portal.example.se/att-gora/" in text
    assert mine.title not in text_of(letters["erik@example.se"])


@pytest.mark.django_db
def test_who_gets_it_and_why_and_whom_to_ask_stand_in_every_mail(letterbox):
    for number, (_kind, notice) in enumerate(one_of_each().items()):
        mails.leave(notices.deliver, notice.pk)
        work_inside()
        assert len(letterbox.letters) == number + 1, notice.kind
        text = text_of(letterbox.letters[-1])

        assert subject(letterbox.letters[-1]).startswith("Handlingsplan Företag: ")
        assert text.startswith("Hej!\n\n")
        assert "Du får mejlet för att " in text
        assert "Skriv till portalen@example.se." in text
        assert text.strip().endswith("Vänliga hälsningar\nHandlingsplaner\nhttps://portal.example.se/")
        assert len(text.split()) < 130
        assert not re.search(r"&amp;|&#|<|\{|\bNone\b|\S  |\n\n\n", text), text
        assert not re.search(r"\b(the|your|you|please|account)\b", text, re.IGNORECASE)
        assert letterbox.letters[-1]["Auto-Submitted"] == "auto-generated"


def one_of_each() -> dict[str, Notice]:
    """A mail of each kind, each of a round of its own, of which everything is true."""
    made = {}
    for kind in NoticeKind:
        followup = make_round(stage=Stage.PUBLISHED if kind == NoticeKind.PUBLISHED else Stage.OPEN)
        vasteras, _enkoping = parties(followup)
        challenge = make_challenge(followup.revision, title="Ett & annat", followup_owner=vasteras)
        make_activity(challenge, responsible=[vasteras])
        about = ""
        if kind == NoticeKind.RETURNED:
            make_review(followup, challenge, state=ReviewState.RETURNED, note="Skriv mer.\n\nOch kortare.")
            about = f"{challenge.key}:1"
        elif kind == NoticeKind.PUBLISHED:
            make_publication(followup.document)
            about = "1"
        made[kind.value] = make_notice(followup, make_coordinator(vasteras), kind=kind, about=about)
    return made


def test_every_link_leads_its_reader_to_what_the_mail_is_about(letterbox, client):
    followup = make_round()
    vasteras, enkoping = parties(followup)
    mine, theirs = (make_challenge(followup.revision, followup_owner=each) for each in (vasteras, enkoping))
    make_activity(mine, responsible=[vasteras])
    make_target(make_goal(mine))
    make_review(followup, theirs, state=ReviewState.SUBMITTED)
    people = [make_coordinator(vasteras), make_user(Role.EDITOR, followup.plan.owner)]

    tell_opened(followup)
    work()

    followed = 0
    for person in people:
        [letter] = [each for each in letterbox.letters if each["To"] == person.email]
        client.force_login(person)
        for link in re.findall(r"https://portal\.example\.se(\S*)", text_of(letter)):
            assert client.get(link).status_code == 200, link
            followed += 1
    assert followed == 7


def test_a_long_list_is_cut_and_says_how_much_more_there_is(letterbox):
    followup = make_round()
    vasteras, _enkoping = parties(followup)
    to_report(followup, vasteras, 200)
    make_coordinator(vasteras)

    tell_opened(followup)
    work()

    [letter] = letterbox.letters
    assert subject(letter) == "Handlingsplan Företag: 200 att rapportera senast 31 januari"
    assert text_of(letter).count("/rapportera/") == notices.LISTED
    assert "- och 190 till\n" in text_of(letter)


def test_many_people_get_one_each(letterbox):
    followup = make_round()
    vasteras, _enkoping = parties(followup)
    to_report(followup, vasteras, 3)
    people = [make_coordinator(vasteras) for _each in range(60)]

    assert len(tell_opened(followup)) == 60
    work()

    assert receivers(letterbox) == sorted(each.email for each in people)
    assert len({letter["Message-ID"] for letter in letterbox.letters}) == 60
    assert Notice.objects.exclude(sent_at=None).count() == 60


def test_the_desk_tells_how_far_a_mailing_has_come_and_whom_it_did_not_reach(letterbox, client, settings):
    settings.REQUIRE_MFA = False
    followup = make_round()
    vasteras, _enkoping = parties(followup)
    to_report(followup, vasteras)
    people = [make_coordinator(vasteras, name=name) for name in ("Åsa Ek", "Örjan Al", "Bo Lind", "Ada Alm")]
    client.force_login(make_user(Role.EDITOR, followup.plan.owner))
    desk = reverse("desk", args=[followup.plan.slug, followup.year])

    def told() -> Element:
        [section] = main_of(client.get(desk)).all("section", id="utskick")
        return section

    assert main_of(client.get(desk)).all("section", id="utskick") == []
    tell_opened(followup)
    Notice.objects.filter(person=people[0]).update(dropped=WhyNot.REFUSED)
    Notice.objects.filter(person=people[1]).update(dropped=WhyNot.GIVEN_UP)
    assert "2 av 4 mejl är klara" in told().text
    assert told().one("div", id="mejlen")["hx-get"] == desk
    Notice.objects.filter(person=people[2]).update(decided_at=timezone.now() - timedelta(minutes=5))
    assert "Mejlservern tar inte emot just nu" in told().text
    work()

    assert "2 mejl är skickade." in told().text
    assert "2 mejl kom inte fram." in told().text
    assert [each.text.partition(":")[0] for each in told().all("li")] == ["Åsa Ek", "Örjan Al"]
    assert not told().one("div", id="mejlen")["hx-get"]


def test_what_is_undone_tells_nobody(letterbox):
    followup = make_round()
    to_report(followup, parties(followup)[0])
    make_coordinator(parties(followup)[0])

    with transaction.atomic():
        tell_opened(followup)
        transaction.set_rollback(True)
    work()

    assert not Notice.objects.exists()
    assert not DBTaskResult.objects.exists()
    assert not letterbox.letters


def test_example_content_sends_no_mail():
    followup = make_round(is_example=True)
    to_report(followup, parties(followup)[0])
    make_coordinator(parties(followup)[0])

    tell_opened(followup)
    call_command("send_reminders", verbosity=0)

    assert not Notice.objects.exists()


def test_titles_that_hold_line_breaks_make_no_headers_and_no_lines(letterbox):
    followup = make_round()
    vasteras, _enkoping = parties(followup)
    nasty = "Plan\r\nBcc: alla@example.com\r\n\r\nHej\u2028på\x85dig"
    type(followup.plan).objects.update(title=nasty)
    followup = FollowUp.objects.get()
    [activity] = to_report(followup, vasteras)
    type(activity).objects.update(title="Gör\nFrån: chefen <chef@example.se>\n\nKlicka här")
    make_coordinator(vasteras)

    tell_opened(followup)
    work()

    [letter] = letterbox.letters
    assert letter["Bcc"] is None
    assert subject(letter).startswith("Plan Bcc: alla@example.com Hej på dig: 1 att rapportera")
    assert "- Gör Från: chefen <chef@example.se> Klicka här\n" in text_of(letter)


def test_a_visitors_name_for_the_portal_is_never_in_a_link(letterbox, rf, settings):
    from allauth.core import context

    followup = make_round()
    to_report(followup, parties(followup)[0])
    make_coordinator(parties(followup)[0])

    with context.request_context(rf.get("/", headers={"host": "testserver:6666"})):
        tell_opened(followup)
        work()

    assert "6666" not in text_of(letterbox.letters[0])


# The text is made when it is sent


def test_who_has_nothing_left_by_then_gets_no_mail(letterbox, caplog):
    caplog.set_level("INFO", logger="journal")
    followup = make_round()
    vasteras, _enkoping = parties(followup)
    first, second = to_report(followup, vasteras, 2)
    person = make_coordinator(vasteras)
    tell_opened(followup)

    make_report(followup, first)
    make_report(followup, second)
    work()

    notice = Notice.objects.get()
    assert not letterbox.letters
    assert (notice.sent_at, notice.get_dropped_display()) == (None, "Det fanns inget kvar att göra.")
    [line] = [each for each in caplog.records if each.name == "journal"]
    assert (line.getMessage(), line.why, line.person) == ("notice.dropped", "nothing_left", person.pk)


def test_the_list_is_of_what_is_left_when_it_is_sent(letterbox):
    followup = make_round()
    vasteras, _enkoping = parties(followup)
    done, left = to_report(followup, vasteras, 2)
    make_coordinator(vasteras)
    tell_opened(followup)

    make_report(followup, done)
    work()

    [letter] = letterbox.letters
    assert subject(letter) == "Handlingsplan Företag: 1 att rapportera senast 31 januari"
    assert left.title in text_of(letter)
    assert done.title not in text_of(letter)


@pytest.mark.parametrize(
    ("happened", "why"),
    [
        (lambda notice: User.objects.update(is_active=False), "Kontot är stängt."),
        (lambda notice: FollowUp.objects.update(stage=Stage.CLOSED), "Uppföljningen hade gått vidare."),
        (lambda notice: Membership.objects.all().delete(), "Det fanns inget kvar att göra."),
        (
            lambda notice: make_notice(notice.followup, notice.person, kind=NoticeKind.REMINDER),
            "Ett senare utskick säger hur det står.",
        ),
    ],
)
def test_what_is_no_longer_true_is_not_sent(letterbox, happened, why):
    followup = make_round()
    to_report(followup, parties(followup)[0])
    make_coordinator(parties(followup)[0])
    [notice] = tell_opened(followup)

    happened(notice)
    work()

    assert Notice.objects.get(pk=notice.pk).get_dropped_display() == why
    assert not letterbox.letters


# Returned and published


def test_a_returned_review_is_told_to_those_who_follow_the_challenge_up(letterbox):
    followup = make_round()
    vasteras, enkoping = parties(followup)
    challenge = make_challenge(followup.revision, title="Kompetens", followup_owner=vasteras)
    make_coordinator(vasteras, email="var@example.se")
    make_coordinator(enkoping)
    review = make_review(followup, challenge, state=ReviewState.RETURNED, note="Skriv om målet.\nKortare.")

    tell_returned(review)
    tell_returned(review)
    work()

    [letter] = letterbox.letters
    assert letter["To"] == "var@example.se"
    assert subject(letter) == "Handlingsplan Företag: en text att ändra i uppföljningen 2016"
    assert "”Kompetens”" in text_of(letter)
    assert "\n  Skriv om målet.\n  Kortare.\n" in text_of(letter)
    link = (
        f"https://portal.example.se/planer/{followup.plan.slug}/uppfoljning/2016/utmaningar/{challenge.key}/"
    )
    assert link in text_of(letter)


def test_a_review_that_is_returned_twice_is_told_of_twice(letterbox):
    followup = make_round()
    vasteras, _enkoping = parties(followup)
    challenge = make_challenge(followup.revision, followup_owner=vasteras)
    make_coordinator(vasteras)

    for note in ("Skriv mer.", "Skriv mindre."):
        tell_returned(make_review(followup, challenge, state=ReviewState.RETURNED, note=note))
        work()

    assert ["Skriv mer." in text_of(each) for each in letterbox.letters] == [True, False]


def test_a_returned_review_that_somebody_has_taken_up_again_needs_no_mail(letterbox):
    followup = make_round()
    vasteras, _enkoping = parties(followup)
    challenge = make_challenge(followup.revision, followup_owner=vasteras)
    make_coordinator(vasteras)
    tell_returned(make_review(followup, challenge, state=ReviewState.RETURNED, note="Skriv mer."))

    make_review(followup, challenge)
    work()

    assert not letterbox.letters
    assert Notice.objects.get().dropped


@pytest.mark.django_db
def test_a_published_year_and_its_correction_are_told_to_everyone_who_takes_part(letterbox):
    followup = make_round(stage=Stage.PUBLISHED)
    vasteras, enkoping = parties(followup)
    assigned = make_organisation()
    make_assignment(followup, make_activity(make_challenge(followup.revision)), assigned)
    members = [
        make_user(role, organisation)
        for role, organisation in [
            (Role.READER, followup.plan.owner),
            (Role.COORDINATOR, vasteras),
            (Role.EDITOR, enkoping),
            (Role.READER, assigned),
        ]
    ]
    Membership.objects.create(user=members[0], organisation=vasteras, role=Role.COORDINATOR)
    make_user(Role.READER, vasteras, is_active=False)
    make_coordinator()

    tell_published(followup, make_publication(followup.document))
    work_inside()
    first = letterbox.letters[:]
    tell_published(followup, make_publication(followup.document, corrects="Ett värde är rättat."))
    work_inside()
    second = letterbox.letters[len(first) :]

    for letters in (first, second):
        assert sorted(each["To"] for each in letters) == sorted(each.email for each in members)
    assert set(Notice.objects.values_list("person", flat=True)) == {each.pk for each in members}
    assert {subject(each) for each in first} == {"Handlingsplan Företag: uppföljningen 2016 är publicerad"}
    assert {subject(each) for each in second} == {"Handlingsplan Företag: uppföljningen 2016 är rättad"}
    assert "\n  Ett värde är rättat.\n" in text_of(second[0])
    assert f"/planer/{followup.plan.slug}/uppfoljning/2016.pdf\n" in text_of(first[0])


@pytest.mark.django_db
def test_an_edition_that_has_been_corrected_before_its_mail_left_is_told_by_the_correction(letterbox):
    followup = make_round(stage=Stage.PUBLISHED)
    make_coordinator(parties(followup)[0])

    tell_published(followup, make_publication(followup.document))
    tell_published(followup, make_publication(followup.document))
    work_inside()

    assert [subject(each) for each in letterbox.letters] == [
        "Handlingsplan Företag: uppföljningen 2016 är rättad"
    ]


# Reminding


def test_reminding_tells_those_chosen_who_have_something_left_once_a_day(letterbox, on_day):
    followup = make_round()
    vasteras, enkoping = parties(followup)
    to_report(followup, vasteras)
    to_report(followup, enkoping)
    done = to_report(followup, make_organisation())[0].responsibilities.get().organisation
    chosen, other, ready = (make_coordinator(each) for each in (vasteras, enkoping, done))
    make_report(followup, done.responsibilities.get().activity)
    editor = make_user(Role.EDITOR, followup.plan.owner)

    on_day(date(2017, 1, 20))
    assert [each.person for each in remind(followup, [chosen, ready], editor)] == [chosen]
    assert remind(followup, [chosen], editor) == []
    assert [each.person for each in remind(followup, [chosen, other], editor)] == [other]
    work()
    on_day(date(2017, 1, 21))
    assert [each.person for each in remind(followup, [chosen], editor)] == [chosen]
    work()

    assert receivers(letterbox) == sorted([chosen.email, chosen.email, other.email])
    assert subject(letterbox.letters[0]) == "Handlingsplan Företag: 1 kvar att rapportera senast 31 januari"
    assert "Det här är en påminnelse." in text_of(letterbox.letters[0])


@pytest.mark.parametrize("stage", [Stage.PLANNED, Stage.PUBLISHED])
def test_nobody_is_reminded_of_a_year_that_is_not_under_way(stage):
    followup = make_round(stage=stage)

    with pytest.raises(PermissionDenied):
        remind(followup, [], make_user())


# At night


def test_two_weeks_before_and_at_due_each_is_told_once(letterbox, on_day):
    followup = make_round()
    to_report(followup, parties(followup)[0])
    make_coordinator(parties(followup)[0])

    subjects = {}
    for day in range(40):
        tonight = date(2017, 1, 1) + timedelta(days=day)
        before = len(letterbox.letters)
        night(tonight, on_day)
        if new := letterbox.letters[before:]:
            subjects[tonight] = [subject(each) for each in new]

    assert subjects == {
        date(2017, 1, 17): ["Handlingsplan Företag: 1 kvar att rapportera senast 31 januari"],
        date(2017, 1, 31): ["Handlingsplan Företag: 1 kvar att rapportera senast 31 januari"],
    }
    assert "I dag är sista dagen" in text_of(letterbox.letters[1])


def test_a_day_that_is_moved_is_told_of_once_more(letterbox, on_day):
    followup = make_round()
    to_report(followup, parties(followup)[0])
    make_coordinator(parties(followup)[0])

    night(date(2017, 1, 20), on_day)
    followup.due = date(2017, 5, 31)
    followup.save()
    night(date(2017, 1, 21), on_day)
    night(date(2017, 5, 20), on_day)
    night(date(2017, 5, 21), on_day)

    assert [subject(each).partition(" senast ")[2] for each in letterbox.letters] == ["31 januari", "31 maj"]


def test_who_has_just_had_their_list_is_not_told_once_more_that_it_is_soon_due(letterbox, on_day):
    followup = make_round()
    to_report(followup, parties(followup)[0])
    make_coordinator(parties(followup)[0])
    on_day(date(2017, 1, 20))
    tell_opened(followup)
    work()

    night(date(2017, 1, 20), on_day)
    night(DUE, on_day)

    assert [subject(each).partition(": ")[2] for each in letterbox.letters] == [
        "1 att rapportera senast 31 januari",
        "1 kvar att rapportera senast 31 januari",
    ]


def test_whose_list_had_another_day_is_told_of_the_new_one(letterbox, on_day):
    followup = make_round(due=date(2017, 5, 31))
    to_report(followup, parties(followup)[0])
    make_coordinator(parties(followup)[0])
    on_day(date(2017, 1, 20))
    tell_opened(followup)
    followup.due = DUE
    followup.save()

    night(date(2017, 1, 20), on_day)

    assert [subject(each).partition(" senast ")[2] for each in letterbox.letters][-1:] == ["31 januari"]


def test_a_mail_that_came_too_late_is_sent_when_the_year_is_open_again(letterbox):
    followup = make_round()
    to_report(followup, parties(followup)[0])
    make_coordinator(parties(followup)[0])
    tell_opened(followup)
    FollowUp.objects.filter(pk=followup.pk).update(stage=Stage.CLOSED)
    work()
    assert not letterbox.letters
    FollowUp.objects.filter(pk=followup.pk).update(stage=Stage.OPEN)

    tell_opened(followup)
    tell_opened(followup)
    work()

    assert [subject(each).partition(": ")[2] for each in letterbox.letters] == [
        "1 att rapportera senast 31 januari"
    ]


def test_a_missed_night_is_made_up_for_but_not_by_two_mails_at_once(letterbox, on_day):
    followup = make_round()
    to_report(followup, parties(followup)[0])
    make_coordinator(parties(followup)[0])

    night(date(2017, 1, 30), on_day)
    assert len(letterbox.letters) == 1
    Notice.objects.all().delete()
    night(date(2017, 2, 3), on_day)

    assert len(letterbox.letters) == 2
    assert Notice.objects.get().kind == NoticeKind.DUE
    assert subject(letterbox.letters[1]) == (
        "Handlingsplan Företag: 1 kvar att rapportera, skulle vara klart 31 januari"
    )


@pytest.mark.parametrize("stage", [Stage.PLANNED, Stage.CLOSED, Stage.PUBLISHED])
def test_only_open_followups_are_told_of_at_night(stage, on_day):
    followup = make_round(stage=stage)
    to_report(followup, parties(followup)[0])
    make_coordinator(parties(followup)[0])

    night(DUE, on_day)

    assert not Notice.objects.exists()


def test_several_followups_make_one_mail_each(letterbox, on_day):
    person = make_coordinator()
    for _each in range(2):
        to_report(make_round(), person.memberships.get().organisation)

    night(DUE, on_day)

    assert receivers(letterbox) == [person.email] * 2


def test_the_nightly_command_sends_them(letterbox, on_day):
    followup = make_round()
    to_report(followup, parties(followup)[0])
    make_coordinator(parties(followup)[0])
    on_day(DUE)

    call_command("nightly")
    work()

    assert len(letterbox.letters) == 1


def test_a_dry_run_shows_exactly_what_is_sent_then_and_changes_nothing(letterbox, on_day, capsys):
    followup = make_round()
    vasteras, _enkoping = parties(followup)
    to_report(followup, vasteras, 2)
    make_coordinator(vasteras, email="asa@example.se", name="Åsa Öhman")
    make_user(Role.EDITOR, followup.plan.owner, email="red@example.se", name="Red Aktör")
    make_review(followup, make_challenge(followup.revision), state=ReviewState.SUBMITTED)
    example = make_round(is_example=True)
    to_report(example, vasteras)
    make_round(due=None)

    call_command("send_reminders", "--dry-run", "--date", "2017-01-20")
    shown = capsys.readouterr().out
    assert not Notice.objects.exists()
    assert not DBTaskResult.objects.exists()
    night(date(2017, 1, 20), on_day)

    assert "example content sends no mail" in shown
    assert re.findall(r"to (.+) <(.+)>: (.+)", shown) == [
        ("Red Aktör", "red@example.se", "Handlingsplan Företag: 1 text väntar på ditt svar"),
        ("Åsa Öhman", "asa@example.se", "Handlingsplan Företag: 2 kvar att rapportera senast 31 januari"),
    ]
    sent = {(each["To"], subject(each)) for each in letterbox.letters}
    assert sent == {(to, subject) for _name, to, subject in re.findall(r"to (.+) <(.+)>: (.+)", shown)}
    call_command("send_reminders", "--dry-run", "--date", "2017-01-21")
    assert "nothing: nobody" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--date", "2017-01-20"], ["--dry-run", "--date", "20/1"]])
def test_a_date_is_for_a_dry_run_and_is_a_date(arguments):
    with pytest.raises(CommandError):
        call_command("send_reminders", *arguments)


# A mail server that is away, and workers that get in each other's way


def test_a_dead_mail_server_delays_and_then_each_mail_arrives_once(letterbox, settings, caplog):
    caplog.set_level("INFO", logger="journal")
    works, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    followup = make_round()
    vasteras, _enkoping = parties(followup)
    to_report(followup, vasteras)
    people = [make_coordinator(vasteras) for _each in range(3)]
    tell_opened(followup)
    work()
    assert [each.run_after > timezone.now() for each in DBTaskResult.objects.filter(status="READY")] == [
        True
    ] * 3

    settings.EMAIL_PORT = works
    for _again in range(3):
        waiting_is_over()
        work()

    assert receivers(letterbox) == sorted(each.email for each in people)
    events = [each.getMessage() for each in caplog.records if each.name == "journal"]
    assert sorted(events) == ["mail.delayed"] * 3 + ["notice.sent"] * 3
    assert not any(each.email in caplog.text for each in people)


def test_a_mail_that_all_pauses_did_not_help_is_tried_the_next_night(letterbox, settings):
    works, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    followup = make_round(due=None)
    to_report(followup, parties(followup)[0])
    make_coordinator(parties(followup)[0])
    tell_opened(followup)
    for _pause in range(10):
        work()
        waiting_is_over()
    assert not DBTaskResult.objects.filter(status="READY").exists()

    settings.EMAIL_PORT = works
    call_command("send_reminders", verbosity=0)
    assert not DBTaskResult.objects.filter(status="READY").exists()
    Notice.objects.update(decided_at=timezone.now() - timedelta(days=1))
    for _again in range(2):
        call_command("send_reminders", verbosity=0)
        work()

    assert len(letterbox.letters) == 1


def test_a_mail_that_nobody_took_for_two_weeks_is_given_up_and_says_so():
    notice = make_notice(make_round(), decided_at=timezone.now() - timedelta(days=15))

    call_command("send_reminders", verbosity=0)

    notice.refresh_from_db()
    assert notice.get_dropped_display() == "Mejlservern svarade inte på två veckor."
    assert not DBTaskResult.objects.exists()


def test_an_address_that_does_not_exist_is_given_up_at_once_after_the_pauses(letterbox, caplog):
    letterbox.refuses.add("ingen@example.se")
    followup = make_round()
    to_report(followup, parties(followup)[0])
    make_coordinator(parties(followup)[0], email="ingen@example.se")
    tell_opened(followup)

    for _pause in range(10):
        work()
        waiting_is_over()

    assert Notice.objects.get().get_dropped_display() == "Mejlservern tar inte emot post till adressen."
    assert "ingen@example.se" not in str([each.__dict__ for each in DBTaskResult.objects.all()])


def test_neither_address_nor_text_lies_in_the_queue():
    followup = make_round()
    to_report(followup, parties(followup)[0])
    make_coordinator(parties(followup)[0])

    [notice] = tell_opened(followup)

    assert [each.args_kwargs["args"] for each in DBTaskResult.objects.all()] == [[notice.pk]]


@pytest.mark.usefixtures("shared_database")
def test_workers_that_send_the_same_mail_at_once_send_it_once(letterbox):
    followup = make_round()
    vasteras, _enkoping = parties(followup)
    to_report(followup, vasteras)
    people = [make_coordinator(vasteras) for _each in range(4)]
    numbers = [each.pk for each in tell_opened(followup)]
    start = threading.Barrier(4)

    def one_worker() -> None:
        with closing(connection):
            start.wait()
            for number in numbers:
                notices.deliver.call(number)
            work()

    workers = [threading.Thread(target=one_worker) for _each in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()

    assert receivers(letterbox) == sorted(each.email for each in people)
    assert not Notice.objects.waiting().exists()


@pytest.mark.usefixtures("shared_database")
def test_two_nights_at_once_decide_once(on_day):
    followup = make_round()
    vasteras, _enkoping = parties(followup)
    to_report(followup, vasteras)
    people = [make_coordinator(vasteras) for _each in range(5)]
    on_day(DUE)
    start = threading.Barrier(3)

    def one_night() -> None:
        with closing(connection):
            start.wait()
            call_command("send_reminders", verbosity=0)

    nights = [threading.Thread(target=one_night) for _each in range(3)]
    for each in nights:
        each.start()
    for each in nights:
        each.join()

    assert sorted(Notice.objects.values_list("person", flat=True)) == sorted(each.pk for each in people)
    assert DBTaskResult.objects.count() == 5


def test_a_worker_that_died_before_sending_leaves_the_mail_to_the_next_night(letterbox):
    followup = make_round(due=None)
    to_report(followup, parties(followup)[0])
    person = make_coordinator(parties(followup)[0])
    notice = make_notice(followup, person, taken_at=timezone.now())
    notices.deliver.call(notice.pk)
    assert not letterbox.letters

    a_day = timedelta(days=1)
    Notice.objects.update(decided_at=timezone.now() - a_day, taken_at=timezone.now() - a_day)
    call_command("send_reminders", verbosity=0)
    work()

    assert len(letterbox.letters) == 1


@pytest.mark.usefixtures("shared_database")
def test_a_worker_killed_when_the_server_had_the_mail_sends_once_more_and_it_is_known_as_the_same(
    letterbox, settings, tmp_path
):
    followup = make_round(due=None)
    to_report(followup, parties(followup)[0])
    make_coordinator(parties(followup)[0])
    [notice] = tell_opened(followup)
    worker = start_worker(settings.EMAIL_PORT, tmp_path)
    letterbox.when_it_comes = worker.kill

    assert worker.wait(60) == -signal.SIGKILL
    letterbox.when_it_comes = lambda: None
    assert (len(letterbox.letters), Notice.objects.waiting().count()) == (1, 1)
    work()
    assert len(letterbox.letters) == 1
    a_day = timedelta(days=1)
    Notice.objects.update(decided_at=timezone.now() - a_day, taken_at=timezone.now() - a_day)
    for _night in range(3):
        call_command("send_reminders", verbosity=0)
        work()

    assert [each["Message-ID"] for each in letterbox.letters] == [f"<utskick-{notice.pk}@example.se>"] * 2
    assert Notice.objects.get().sent_at


WORKER = """
import django
from django.conf import settings
django.setup()
settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
from tests.letters import work
work()
"""


def start_worker(mail_port: int, folder: Path) -> subprocess.Popen[bytes]:
    """A worker that is a process of its own, with the tests' database and mail server."""
    name = connection.settings_dict["NAME"]
    database = shared_database(folder) if connection.vendor == "postgresql" else f"sqlite:///{name}"
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "DEFAULT_FROM_EMAIL": "handlingsplaner@example.se",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
    }
    return subprocess.Popen([sys.executable, "-c", WORKER], cwd=ROOT, env=environment)


# From the deeds that cause them


def test_opening_a_year_tells_those_who_report_in_it_and_once_more_only_those_who_came_since(letterbox):
    followup = make_round(stage=Stage.PLANNED)
    vasteras, _enkoping = parties(followup)
    to_report(followup, vasteras)
    first = make_coordinator(vasteras)
    editor = make_user(Role.EDITOR, followup.plan.owner)

    move(followup, Stage.OPEN, seen=Stage.PLANNED, by=editor)
    work()
    assert receivers(letterbox) == [first.email]
    second = make_coordinator(vasteras)
    move(followup, Stage.CLOSED, seen=Stage.OPEN, by=editor)
    move(followup, Stage.OPEN, seen=Stage.CLOSED, by=editor)
    work()

    assert receivers(letterbox) == sorted([first.email, second.email])


def test_returning_a_review_tells_its_owner(letterbox):
    followup = make_round()
    vasteras, _enkoping = parties(followup)
    challenge = make_challenge(followup.revision, followup_owner=vasteras)
    owner = make_coordinator(vasteras)
    make_review(followup, challenge, state=ReviewState.SUBMITTED, author=owner)
    editor = make_user(Role.EDITOR, followup.plan.owner)

    give_back(followup, challenge, note="Skriv mer.", seen=1, by=editor)
    work()

    assert receivers(letterbox) == [owner.email]


@pytest.mark.django_db
def test_publishing_a_year_tells_those_who_take_part(letterbox):
    followup = make_round(stage=Stage.CLOSED)
    make_challenge(followup.revision)
    member = make_user(Role.READER, parties(followup)[0])

    publish_year(followup, by=make_user(Role.EDITOR, followup.plan.owner))
    work_inside()

    assert member.email in receivers(letterbox)
    assert len(letterbox.letters) == 2


@pytest.mark.parametrize("queued", [True, False])
def test_a_dead_mail_server_never_breaks_the_page_that_causes_the_mails(client, settings, queued):
    """With the queue of production, and with work done at once as in development."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.REQUIRE_MFA = False
    if not queued:
        settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    followup = make_round(stage=Stage.PLANNED)
    vasteras, _enkoping = parties(followup)
    to_report(followup, vasteras)
    make_coordinator(vasteras)
    client.force_login(make_user(Role.EDITOR, followup.plan.owner))
    page = reverse("open-followup", args=[followup.plan.slug, followup.year])

    answer = client.post(page, {"seen": "planned"})
    work()

    followup.refresh_from_db()
    assert (answer.status_code, followup.stage) == (302, Stage.OPEN)
    assert Notice.objects.waiting().filter(taken_at=None).count() == 1


def test_the_page_is_answered_before_the_mail_server_is_asked(client, letterbox, settings):
    settings.REQUIRE_MFA = False
    followup = make_round(stage=Stage.PLANNED)
    vasteras, _enkoping = parties(followup)
    to_report(followup, vasteras)
    person = make_coordinator(vasteras)
    client.force_login(make_user(Role.EDITOR, followup.plan.owner))

    client.post(reverse("open-followup", args=[followup.plan.slug, followup.year]), {"seen": "planned"})
    assert not letterbox.letters
    work()

    assert receivers(letterbox) == [person.email]


def test_opening_a_year_in_the_admin_tells_those_who_report_in_it(client, letterbox, settings):
    settings.REQUIRE_MFA = False
    followup = make_round(stage=Stage.PLANNED)
    vasteras, _enkoping = parties(followup)
    [activity] = to_report(followup, vasteras)
    make_assignment(followup, activity, make_organisation())
    people = [make_coordinator(each) for each in (vasteras, followup.assignments.get().organisation)]
    client.force_login(make_administrator())
    page = client.get(reverse("admin:followup_followup_change", args=[followup.pk]))

    client.post(page.request["PATH_INFO"], {**sent(page), "stage": Stage.OPEN})
    work()

    assert receivers(letterbox) == sorted(each.email for each in people)
