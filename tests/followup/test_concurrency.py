"""Many who write at once, each on their own connection: nobody overwrites anybody and nothing is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connections
from django.test import Client

from followup.editions import publish_year
from followup.models import Conflict, FollowUp, Outcome, Stage, StatusReport
from publishing.editions import NotPublished
from publishing.models import Publication
from publishing.pdf import PdfError
from tests.builders import (
    make_activity,
    make_administrator,
    make_challenge,
    make_coordinator,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_organisation,
    make_plan,
    make_revision,
    make_target,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_database")]

WRITERS = 6
Result = TypeVar("Result")


def at_once(deed: Callable[[int], Result]) -> list[Result]:
    """What `deed` comes to in each of many threads that begin together."""
    together = Barrier(WRITERS, timeout=20)

    def in_a_thread(number: int) -> Result:
        try:
            together.wait()
            return deed(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as threads:
        return list(threads.map(in_a_thread, range(WRITERS)))


def test_of_many_who_saw_the_same_number_one_writes_and_the_others_are_told():
    followup = make_followup()
    activity = make_activity(make_challenge(followup.revision))
    organisation = make_organisation()

    def write(number: int) -> str:
        about = {"followup": followup, "activity": activity, "organisation": organisation}
        try:
            StatusReport(**about, status="ongoing", comment=f"Skrivet av {number}").write_after(0)
        except Conflict:
            return "conflict"
        return f"Skrivet av {number}"

    outcomes = at_once(write)

    assert sorted(outcomes)[1:] == ["conflict"] * (WRITERS - 1)
    assert [row.comment for row in StatusReport.objects.all()] == sorted(outcomes)[:1]


def test_those_who_look_again_and_go_on_lose_nothing_and_leave_no_gap():
    followup = make_followup()
    activity = make_activity(make_challenge(followup.revision))
    organisation = make_organisation()

    def write(number: int) -> None:
        about = {"followup": followup, "activity": activity, "organisation": organisation}
        for comment in (f"{number} a", f"{number} b", f"{number} c"):
            while True:
                seen = StatusReport.objects.filter(activity=activity).count()
                try:
                    StatusReport(**about, status="ongoing", comment=comment).write_after(seen)
                    break
                except Conflict:
                    continue

    at_once(write)

    rows = StatusReport.objects.order_by("number")
    assert [row.number for row in rows] == list(range(1, 3 * WRITERS + 1))
    assert {row.comment for row in rows} == {f"{n} {part}" for n in range(WRITERS) for part in "abc"}


def test_of_many_who_save_the_same_page_one_is_saved_and_the_others_see_both_versions():
    followup = make_followup()
    organisation = make_organisation()
    activity = make_activity(make_challenge(followup.revision), responsible=[organisation])
    address = f"/planer/{followup.plan.slug}/uppfoljning/{followup.year}/rapportera/{activity.key}/"
    clients = [Client() for _each in range(WRITERS)]
    for client in clients:
        client.force_login(make_coordinator(organisation))

    def save(number: int) -> tuple[int, str]:
        said = {"seen": 0, "status": "ongoing", "comment": f"Skrivet av {number}."}
        answer = clients[number].post(address, said)
        return answer.status_code, answer.content.decode()

    answers = at_once(save)

    assert sorted(status for status, _page in answers) == [302] + [409] * (WRITERS - 1)
    [saved] = StatusReport.objects.all()
    for number, (status, page) in enumerate(answers):
        if status == 409:
            assert f"Skrivet av {number}." in page
            assert saved.comment in page
            assert 'name="after" value="1"' in page


def test_of_many_who_add_a_report_in_the_admin_one_does_and_the_others_are_shown_it():
    followup = make_followup()
    activity = make_activity(make_challenge(followup.revision))
    about = {"followup": followup.pk, "activity": activity.pk, "organisation": followup.plan.owner.pk}
    clients = [Client() for _each in range(WRITERS)]
    for client in clients:
        client.force_login(make_administrator())

    def save(number: int) -> tuple[int, str]:
        said = {"seen": 0, "status": "ongoing", "comment": f"Skrivet av {number}."}
        answer = clients[number].post("/admin/followup/statusreport/add/", about | said)
        return answer.status_code, answer.content.decode()

    answers = at_once(save)

    assert sorted(status for status, _page in answers) == [200] * (WRITERS - 1) + [302]
    [saved] = StatusReport.objects.all()
    for number, (status, page) in enumerate(answers):
        if status == 200:
            assert f"Det finns redan en rad: nr 1, Pågår ({saved.author}" in page
            assert f"Skrivet av {number}." in page


def test_one_who_clicks_many_times_saves_once():
    followup = make_followup()
    organisation = make_organisation()
    activity = make_activity(make_challenge(followup.revision), responsible=[organisation])
    address = f"/planer/{followup.plan.slug}/uppfoljning/{followup.year}/rapportera/{activity.key}/"
    coordinator = make_coordinator(organisation)
    clients = [Client() for _each in range(WRITERS)]
    for client in clients:
        client.force_login(coordinator)

    answers = at_once(
        lambda number: clients[number].post(address, {"seen": 0, "status": "ongoing"}).status_code
    )

    assert answers == [302] * WRITERS
    assert FollowUp.objects.get().reports.count() == 1


def test_of_many_who_publish_a_year_one_does_and_the_others_are_told_and_leave_nothing():
    followup = make_followup(stage=Stage.CLOSED)
    make_activity(make_challenge(followup.revision))

    def publish(number: int) -> str:
        try:
            return f"utgåva {publish_year(followup, by=None).edition}"
        except (NotPublished, PdfError) as refusal:
            return str(refusal)

    outcomes = at_once(publish)

    assert outcomes.count("utgåva 1") == Publication.objects.count() == 1
    assert all(outcomes)
    published = FollowUp.objects.get()
    assert (published.stage, published.published_at) == (
        Stage.PUBLISHED,
        Publication.objects.get().published_at,
    )
    assert published.history.filter(stage=Stage.PUBLISHED).count() == 1


def test_of_many_who_enter_the_same_outcome_one_is_saved_and_the_others_see_both_values():
    enkoping = make_municipality("Enköping", key="enkoping")
    revision = make_revision(make_plan(slug="gemensam", partners=[enkoping]))
    nki = make_indicator(slug="nki")
    make_target(make_goal(make_challenge(revision)), indicator=nki)
    make_followup(revision)
    clients = [Client() for _each in range(WRITERS)]
    for client in clients:
        client.force_login(make_coordinator(enkoping))

    def save(number: int) -> tuple[int, str]:
        said = {"seen": 0, "value": f"{71 + number}"}
        answer = clients[number].post("/planer/gemensam/uppfoljning/2016/utfall/nki/enkoping/", said)
        return answer.status_code, answer.content.decode()

    answers = at_once(save)

    assert sorted(status for status, _page in answers) == [302] + [409] * (WRITERS - 1)
    [saved] = Outcome.objects.filter(indicator=nki)
    assert saved.number == 1
    for number, (status, page) in enumerate(answers):
        if status == 409:
            assert f"<b>{saved.value:.0f}</b>" in page
            assert f"<b>{71 + number}</b>" in page
