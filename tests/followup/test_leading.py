"""The year's round: who may lead it, from which stage to which, and what the second of two is told."""

from __future__ import annotations

import json
from datetime import date
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from followup import leading
from followup.models import Assignment, FollowUp, Stage
from followup.models.stages import MOVES
from municipalities.models import Role
from tests.builders import (
    make_activity,
    make_administrator,
    make_assignment,
    make_challenge,
    make_coordinator,
    make_draft,
    make_followup,
    make_municipality,
    make_organisation,
    make_plan,
    make_report,
    make_revision,
    make_user,
)
from tests.pages import main_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_step_is_enough(settings):
    settings.REQUIRE_MFA = False


@pytest.fixture
def plan():
    return make_plan(
        slug="plan", owner=make_organisation("Nätverket"), partners=[make_municipality("Enköping")]
    )


@pytest.fixture
def revision(plan):
    return make_revision(plan, year=2016)


@pytest.fixture
def editor(client, plan):
    editor = make_user(Role.EDITOR, plan.owner, name="Eva Ek")
    client.force_login(editor)
    return editor


def desk(followup, page="desk"):
    return reverse(page, args=[followup.plan.slug, followup.year])


def refused(deed, *arguments, **more) -> str:
    """The sentence that the deed is refused with."""
    try:
        deed(*arguments, **more)
    except (ValidationError, PermissionDenied) as refusal:
        return leading.why_not(refusal)
    pytest.fail("It was done.")


# Finding the way


def ways(client, address):
    """The words on the page's links to what only those who lead have."""
    leading_there = (reverse("begin-followup", args=["plan"]), *map(desk, FollowUp.objects.all()))
    return [link.text for link in main_of(client.get(address)).all("a") if link["href"] in leading_there]


def test_the_editor_gets_to_a_year_and_to_the_next_one_from_the_plans_page(client, editor, revision):
    make_followup(revision, year=2015, stage=Stage.PUBLISHED)
    make_followup(revision, stage=Stage.PLANNED)
    make_draft(make_plan(slug="utkastet", title="Utkastet", owner=revision.plan.owner))

    assert ways(client, "/planer/plan/") == ["Arbetsyta 2016", "Börja en uppföljning"]
    assert ways(client, "/planer/plan/uppfoljning/2016/") == ["Till arbetsytan"]
    undecided = main_of(client.get("/planer/utkastet/"))
    assert undecided.one("h1").text == "Utkastet"
    assert "Börja en uppföljning" not in undecided.text


def test_others_are_shown_no_way_to_what_they_may_not_do(client, revision):
    followup = make_followup(revision)
    client.force_login(make_coordinator(revision.plan.partners.get()))

    assert ways(client, "/planer/plan/") == ways(client, f"/planer/plan/uppfoljning/{followup.year}/") == []


# Beginning


def test_a_year_is_begun_of_the_revision_in_force_then(client, editor, plan):
    make_revision(plan, year=2015)
    in_force = make_revision(plan, year=2016)
    make_revision(plan, year=2018)
    make_draft(plan, year=2019)

    answer = client.post(
        reverse("begin-followup", args=["plan"]), {"year": "2017", "opens": "2017-12-01", "due": "2018-01-31"}
    )

    followup = FollowUp.objects.get()
    assert answer.url == desk(followup)
    assert (followup.year, followup.revision, followup.stage) == (2017, in_force, Stage.PLANNED)
    assert (followup.opens, followup.due) == (date(2017, 12, 1), date(2018, 1, 31))
    assert followup.history.get().history_user == editor


def test_an_older_revision_may_be_chosen_but_not_a_later_one(client, editor, plan, revision):
    make_revision(plan, year=2018)
    address = reverse("begin-followup", args=["plan"])

    later = client.post(address, {"year": "2017", "revision": "2018"})
    client.post(address, {"year": "2018", "revision": "2016"})

    assert later.status_code == 422
    assert "Revideringen gäller först senare." in later.content.decode()
    assert FollowUp.objects.get().revision == revision


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"year": "2016"}, "Planen har redan en uppföljning för det året."),
        ({"year": "2014"}, "Ingen fastställd revidering gäller 2014."),
        ({"year": ""}, "Skriv ett år, till exempel 2017."),
        ({"year": "20167"}, "Skriv ett år, till exempel 2017."),
        ({"year": "2017", "revision": "2017"}, "Välj en av planens fastställda revideringar."),
        ({"year": "2017", "opens": "1/31/2018"}, "Skriv datumet så här: 2017-01-31."),
        (
            {"year": "2017", "opens": "2018-01-31", "due": "2017-12-01"},
            "Uppföljningen kan inte lämnas innan den öppnar.",
        ),
    ],
)
def test_a_year_that_cant_be_begun_is_told_why_at_the_field(client, editor, plan, revision, said, sentence):
    make_followup(revision)
    make_draft(plan, year=2017)

    answer = client.post(reverse("begin-followup", args=["plan"]), said)

    assert answer.status_code == 422
    assert sentence in " ".join(each.text for each in main_of(answer).all("div", class_="error"))
    assert FollowUp.objects.count() == 1


def test_the_year_after_the_latest_is_proposed(client, editor, revision):
    make_followup(revision, year=2018)

    page = main_of(client.get(reverse("begin-followup", args=["plan"])))

    assert page.one("input", name="year")["value"] == "2019"
    assert "För 2019 gäller revidering 2016." in page.text


def test_a_plan_of_which_nothing_is_decided_has_nothing_to_follow_up(client, editor, plan):
    make_draft(plan)

    page = main_of(client.get(reverse("begin-followup", args=["plan"])))

    assert "Ingen revidering är fastställd" in page.text
    assert not page.all("form")


def test_of_two_who_begin_the_same_year_the_second_is_told(plan, revision, editor):
    leading.begin_year(plan, 2017, revision=None, opens=None, due=None, by=editor)

    sentence = refused(leading.begin_year, plan, 2017, revision=None, opens=None, due=None, by=editor)

    assert sentence == "Planen har redan en uppföljning för det året."


# Moving


@pytest.mark.parametrize(("before", "after"), [*product(Stage, Stage)])
def test_a_year_moves_as_the_table_says_and_in_no_other_way(revision, editor, before, after):
    followup = make_followup(revision, stage=before)
    can_be_done = after in MOVES[before] and after != Stage.PUBLISHED

    if can_be_done:
        leading.move(followup, after, seen=before, reason="Fel siffra.", by=editor)
    else:
        assert refused(leading.move, followup, after, seen=before, reason="Fel siffra.", by=editor)

    followup.refresh_from_db()
    assert followup.stage == (after if can_be_done else before)
    assert followup.history.count() == (2 if can_be_done else 1)


BUTTONS = {
    "open-followup": ({Stage.PLANNED, Stage.CLOSED}, Stage.OPEN),
    "close-followup": ({Stage.OPEN}, Stage.CLOSED),
    "correct-followup": ({Stage.PUBLISHED}, Stage.CLOSED),
}


@pytest.mark.parametrize(("button", "stage"), [*product(BUTTONS, Stage)])
def test_a_button_moves_the_year_from_its_own_stages_only(client, editor, revision, button, stage):
    followup = make_followup(revision, stage=stage)
    allowed, after = BUTTONS[button]

    page = main_of(client.get(desk(followup, button)))
    answer = client.post(desk(followup, button), {"seen": stage, "reason": "Fel siffra."})

    followup.refresh_from_db()
    assert followup.stage == (after if stage in allowed else stage)
    assert bool(page.all("form")) == (stage in allowed)
    assert answer.status_code == (302 if stage in allowed else 422)


@pytest.mark.parametrize(
    ("who", "status"),
    [("editor", 302), ("administrator", 302), ("coordinator", 403), ("reader", 403), ("stranger", 404)],
)
def test_a_year_is_opened_by_the_plans_editor_and_administrators_alone(client, revision, who, status):
    followup = make_followup(revision, stage=Stage.PLANNED)
    owner, partner = revision.plan.owner, revision.plan.partners.get()
    people = {
        "editor": lambda: make_user(Role.EDITOR, owner),
        "administrator": make_administrator,
        "coordinator": lambda: make_coordinator(partner),
        "reader": lambda: make_user(Role.READER, owner),
        "stranger": lambda: make_user(Role.EDITOR, make_organisation()),
    }
    client.force_login(people[who]())

    answer = client.post(desk(followup, "open-followup"), {"seen": "planned"})

    followup.refresh_from_db()
    assert answer.status_code == status
    assert followup.is_open == (status == 302)


def test_an_editor_of_a_partner_doesnt_lead_the_plans_year(client, revision):
    client.force_login(make_user(Role.EDITOR, revision.plan.partners.get()))

    assert client.get(desk(make_followup(revision))).status_code == 403


def test_a_button_pressed_after_someone_else_moved_the_year_changes_nothing_and_says_so(
    client, editor, revision
):
    followup = make_followup(revision, stage=Stage.OPEN)
    leading.move(followup, Stage.CLOSED, seen="open", by=make_administrator())

    answer = client.post(desk(followup, "close-followup"), {"seen": "open"}, follow=True)

    followup.refresh_from_db()
    assert "Uppföljningen är redan stängd för rapportering." in answer.content.decode()
    assert (followup.stage, followup.history.count()) == (Stage.CLOSED, 2)


def test_a_page_from_before_two_moves_doesnt_undo_the_second(client, editor, revision):
    followup = make_followup(revision, stage=Stage.PLANNED)
    leading.move(followup, Stage.OPEN, seen="planned", by=editor)
    leading.move(followup, Stage.CLOSED, seen="open", by=editor)

    answer = client.post(desk(followup, "open-followup"), {"seen": "planned"}, follow=True)

    followup.refresh_from_db()
    assert followup.stage == Stage.CLOSED
    assert "Någon annan hann före: uppföljningen är nu stängd för rapportering." in answer.content.decode()


def test_what_is_saved_counts_and_not_what_was_read_before(revision, editor):
    followup = make_followup(revision, stage=Stage.OPEN)
    read_before = FollowUp.objects.get()
    leading.move(followup, Stage.CLOSED, seen="open", by=make_administrator())

    sentence = refused(leading.move, read_before, Stage.CLOSED, seen="open", by=editor)

    assert sentence == "Uppföljningen är redan stängd för rapportering."
    assert FollowUp.objects.get().history.count() == 2


def test_a_published_year_is_opened_for_correction_with_a_reason_that_the_log_keeps(client, editor, revision):
    followup = make_followup(revision, stage=Stage.PUBLISHED)

    silent = client.post(desk(followup, "correct-followup"), {"seen": "published", "reason": " "})
    followup.refresh_from_db()
    assert (silent.status_code, followup.stage) == (422, Stage.PUBLISHED)
    client.post(
        desk(followup, "correct-followup"), {"seen": "published", "reason": "Fel siffra för Enköping."}
    )

    followup.refresh_from_db()
    assert followup.stage == Stage.CLOSED
    assert followup.history.first().history_change_reason == "Fel siffra för Enköping."
    assert leading.why_reopened(followup) == "Fel siffra för Enköping."


def test_the_reason_is_shown_when_someone_else_opened_it_first(client, editor, revision):
    followup = make_followup(revision, stage=Stage.PUBLISHED)
    form = main_of(client.get(desk(followup, "correct-followup"))).one("form")
    leading.move(followup, Stage.CLOSED, seen="published", reason="Deras.", by=make_administrator())

    answer = client.post(desk(followup, "correct-followup"), {"seen": "published", "reason": "Fel siffra."})

    assert "data-keeps-draft" in form.attributes
    assert answer.status_code == 422
    assert "Uppföljningen är stängd för rapportering." in main_of(answer).text
    assert main_of(answer).one("blockquote").text == "Fel siffra."
    assert leading.why_reopened(FollowUp.objects.get()) == "Deras."


def test_a_refused_reason_is_kept_as_a_draft(client, editor, revision):
    followup = make_followup(revision, stage=Stage.PUBLISHED)

    refused = client.post(desk(followup, "correct-followup"), {"seen": "published", "reason": "x" * 101})

    form = main_of(refused).one("form")
    assert {"data-keeps-draft", "data-unsaved"} <= set(form.attributes)
    assert not main_of(refused).all("blockquote")


# Dates


def test_dates_are_changed(client, editor, revision):
    followup = make_followup(revision, due=date(2017, 1, 31))
    said = {"opens": "2016-12-01", "due": "2017-02-28", "seen_opens": "", "seen_due": "2017-01-31"}

    client.post(desk(followup, "followup-dates"), said)

    followup.refresh_from_db()
    assert (followup.opens, followup.due) == (date(2016, 12, 1), date(2017, 2, 28))


def test_of_two_who_change_dates_the_second_sees_the_firsts_and_may_still_save(client, editor, revision):
    followup = make_followup(revision, due=date(2017, 1, 31))
    theirs = (None, date(2017, 3, 31))
    leading.set_dates(followup, theirs, seen=(None, date(2017, 1, 31)), by=make_administrator())
    said = {"opens": "", "due": "2017-02-28", "seen_opens": "", "seen_due": "2017-01-31"}

    page = client.post(desk(followup, "followup-dates"), said)
    followup.refresh_from_db()
    kept = followup.due
    again = {each["name"]: each["value"] for each in main_of(page).all("input") if each["name"]}
    client.post(desk(followup, "followup-dates"), again)

    followup.refresh_from_db()
    assert page.status_code == 422
    assert "öppnar inget datum, lämnas senast 31 mars 2017" in page.content.decode()
    assert (kept, followup.due) == (date(2017, 3, 31), date(2017, 2, 28))


def test_saving_the_same_dates_twice_writes_once(revision, editor):
    followup = make_followup(revision)
    for _each in range(2):
        leading.set_dates(followup, (None, date(2017, 1, 31)), seen=(None, None), by=editor)

    assert followup.history.count() == 2


def test_a_published_years_dates_stand(client, editor, revision):
    followup = make_followup(revision, stage=Stage.PUBLISHED)
    said = {"due": "2017-02-28", "seen_opens": "", "seen_due": ""}

    page = main_of(client.get(desk(followup, "followup-dates")))
    answer = client.post(desk(followup, "followup-dates"), said, follow=True)

    followup.refresh_from_db()
    assert followup.due is None
    assert not page.all("form")
    assert "Året är publicerat och stängt. Öppna det för rättelse först." in answer.content.decode()


# Assignments


@pytest.fixture
def followup(revision):
    return make_followup(revision)


@pytest.fixture
def activity(followup):
    return make_activity(make_challenge(followup.revision), key="aktivitet", title="Ordna möten")


def test_someone_is_given_what_nobody_can_report_and_then_finds_it_among_what_to_do(
    client, editor, followup, activity
):
    enkoping = followup.plan.partners.get()
    coordinator = make_coordinator(enkoping)

    client.post(desk(followup, "assign"), {"activities": ["aktivitet"], "organisation": enkoping.key})

    client.force_login(coordinator)
    assert "Ordna möten" in client.get(reverse("to-do")).content.decode()
    assert Assignment.history.get().history_user == editor


def test_several_are_given_at_once_or_none(client, editor, followup, activity):
    more = [make_activity(activity.challenge, key=f"mer-{number}") for number in range(2)]
    enkoping = followup.plan.partners.get()
    others = make_activity(make_challenge(), key="annans")

    client.post(
        desk(followup, "assign"), {"activities": ["aktivitet", "annans"], "organisation": enkoping.key}
    )
    assert not Assignment.objects.exists()
    sentence = refused(leading.assign, followup, [activity, others], enkoping, by=editor)
    client.post(desk(followup, "assign"), {"activities": ["mer-0", "mer-1"], "organisation": enkoping.key})

    assert sentence == f"”{others.title}” ingår inte i årets uppföljning."
    assert {each.activity for each in Assignment.objects.all()} == set(more)


def test_many_are_given_in_as_many_statements_as_few(followup, activity, editor):
    enkoping = followup.plan.partners.get()
    counts = []
    for number in (2, 20):
        more = [make_activity(activity.challenge) for _each in range(number)]
        with CaptureQueriesContext(connection) as asked:
            leading.assign(followup, more, enkoping, by=editor)
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert {each.history_user for each in Assignment.history.all()} == {editor}
    assert Assignment.history.count() == Assignment.objects.count() == 22


def test_what_runs_in_another_year_isnt_given(followup, activity, editor):
    later = make_activity(activity.challenge, title="Först senare", first_year=followup.year + 1)

    sentence = refused(leading.assign, followup, [later], followup.plan.partners.get(), by=editor)

    assert sentence == "”Först senare” ingår inte i årets uppföljning."


def test_an_organisation_with_neither_part_nor_account_isnt_given_anything(followup, activity, editor):
    stranger, with_account = make_organisation("Främlingen"), make_organisation()
    make_coordinator(with_account)

    sentence = refused(leading.assign, followup, [activity], stranger, by=editor)
    leading.assign(followup, [activity], with_account, by=editor)

    assert sentence.startswith("Främlingen har varken del i planen eller någon samordnare.")
    assert Assignment.objects.get().organisation == with_account


def test_of_two_editors_the_second_is_told_who_reports_it_already(followup, activity, editor):
    enkoping = followup.plan.partners.get()
    leading.assign(followup, [activity], followup.plan.owner, by=make_administrator())

    sentence = refused(leading.assign, followup, [activity], enkoping, by=editor)

    assert (
        sentence
        == "Nätverket rapporterar redan ”Ordna möten”. Ta bort det först om någon annan ska göra det."
    )
    assert Assignment.objects.get().organisation == followup.plan.owner


def test_giving_the_same_twice_gives_it_once(followup, activity, editor):
    enkoping = followup.plan.partners.get()

    given = [leading.assign(followup, [activity], enkoping, by=editor) for _each in range(2)]

    assert [len(each) for each in given] == [1, 0]


def test_what_was_given_is_taken_back_and_what_was_reported_stays(client, editor, followup, activity):
    enkoping = followup.plan.partners.get()
    make_assignment(followup, activity, enkoping)
    make_report(followup, activity, organisation=enkoping)

    client.post(desk(followup, "assign"), {"take_back": f"aktivitet {enkoping.key}"})

    assert not Assignment.objects.exists()
    assert followup.reports.get().organisation == enkoping


def test_taking_back_what_someone_else_has_given_to_another_changes_nothing(
    client, editor, followup, activity
):
    assignment = make_assignment(followup, activity, followup.plan.owner)
    old = followup.plan.partners.get()

    answer = client.post(desk(followup, "assign"), {"take_back": f"aktivitet {old.key}"}, follow=True)

    assert Assignment.objects.get() == assignment
    assert "Någon annan har redan ändrat det." in answer.content.decode()
    assert "Enköping rapporterar inte längre" in refused(
        leading.take_back, followup, activity, old, by=editor
    )


@pytest.mark.parametrize("stage", Stage)
def test_who_reports_is_settled_until_the_year_is_published(client, editor, revision, stage):
    followup = make_followup(revision, stage=stage)
    activity = make_activity(make_challenge(revision), key="aktivitet")
    enkoping = revision.plan.partners.get()

    client.post(desk(followup, "assign"), {"activities": [activity.key], "organisation": enkoping.key})

    assert Assignment.objects.exists() == (stage != Stage.PUBLISHED)


def test_another_plans_activity_and_organisation_are_no_choice(client, editor, followup, activity):
    other = make_followup()
    hidden = make_activity(make_challenge(other.revision), key="deras", title="Hemlig")
    make_assignment(other, hidden, other.plan.owner)
    sent = [
        {"activities": ["deras"], "organisation": followup.plan.owner.key},
        {"activities": ["aktivitet"], "organisation": other.plan.owner.key},
    ]

    answers = [client.post(desk(followup, "assign"), each) for each in sent]
    client.post(desk(followup, "assign"), {"take_back": f"deras {other.plan.owner.key}"})

    assert [each.status_code for each in answers] == [422, 422]
    assert all("Hemlig" not in each.content.decode() for each in answers)
    assert Assignment.objects.get().followup == other


# The journal


def test_what_the_editor_does_is_told_in_the_journal(client, editor, revision, caplog):
    caplog.set_level("INFO", "journal")
    activity = make_activity(make_challenge(revision), key="aktivitet")
    enkoping = revision.plan.partners.get()

    client.post(reverse("begin-followup", args=["plan"]), {"year": "2016"})
    followup = FollowUp.objects.get()
    client.post(desk(followup, "followup-dates"), {"due": "2017-01-31", "seen_opens": "", "seen_due": ""})
    client.post(desk(followup, "open-followup"), {"seen": "planned"})
    client.post(desk(followup, "assign"), {"activities": [activity.key], "organisation": enkoping.key})
    client.post(desk(followup, "assign"), {"take_back": f"{activity.key} {enkoping.key}"})
    FollowUp.objects.update(stage=Stage.PUBLISHED, published_at=timezone.now())
    client.post(desk(followup, "correct-followup"), {"seen": "published", "reason": "Fel siffra."})

    told = [record.__dict__ for record in caplog.records if record.name == "journal"]
    assert [(each["event"], each.get("stage")) for each in told] == [
        ("followup.stage_changed", "planned"),
        ("followup.dates_changed", None),
        ("followup.stage_changed", "open"),
        ("assignment.given", None),
        ("assignment.ended", None),
        ("followup.reopened", "closed"),
    ]
    assert {(each["by"], each["plan"], each["year"]) for each in told} == {(editor.pk, "plan", 2016)}
    assert "Fel siffra" not in json.dumps([{**each} for each in told], default=str)
