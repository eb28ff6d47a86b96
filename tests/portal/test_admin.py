"""The admin site as a whole: whom it lets in, that every page of it answers, and what that costs."""

from __future__ import annotations

from random import Random

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from followup.models import ChallengeReview, GoalAssessment, Notice
from municipalities.models import Invitation, Role
from portal.models import AccessibilityReport, AccessibilityStatement
from publishing.models import Publication
from tests.builders import (
    PASSWORD,
    make_accessibility_report,
    make_activity,
    make_administrator,
    make_area,
    make_assessment,
    make_assignment,
    make_challenge,
    make_chapter,
    make_decision,
    make_draft,
    make_ending,
    make_followup,
    make_goal,
    make_indicator,
    make_invitation,
    make_municipality,
    make_notice,
    make_organisation,
    make_outcome,
    make_plan,
    make_publication,
    make_report,
    make_responsibility,
    make_review,
    make_revision,
    make_series_break,
    make_target,
    make_term,
    make_user,
)
from tests.sent import sent

pytestmark = pytest.mark.django_db

MODELS = [pytest.param(model, id=model._meta.label) for model in admin.site._registry]
LISTED = [each for each in MODELS if each.values != (AccessibilityStatement,)]
"""Of the statement there is one and no list; tests/portal/test_accessibility.py tries it."""

OF_THE_SITE = ["index", "password_change_done", "autocomplete", "jsi18n"]


def address_of(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def addresses():
    """Every sort of page that the admin has, whether or not there is anything on it."""
    yield from (reverse(f"admin:{name}") for name in OF_THE_SITE)
    for model in admin.site._registry:
        yield from (address_of(model, page) for page in ("changelist", "add"))
        yield from (address_of(model, page, 1) for page in ("change", "delete", "history"))


def statements(client, address):
    client.get(address)  # what is fetched once and kept is fetched now
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_a_visitor_is_sent_to_the_portals_log_in_from_every_page(client):
    for address in [*addresses(), reverse("admin:login"), "/admin/finns/inte/"]:
        response = client.get(address)

        assert response.status_code == 302
        assert response.url.startswith(f"{reverse('account_login')}?next=/admin/")


def test_an_administrator_logs_in_on_the_portals_page_and_comes_to_the_admin(client):
    administrator = make_administrator()

    page = client.get(reverse("admin:login"), follow=True)
    response = client.post(
        page.request["PATH_INFO"],
        {"login": administrator.email, "password": PASSWORD, "next": page.context["redirect_field_value"]},
        follow=True,
    )

    assert page.context["form"]["login"].label == "E-post"
    assert response.request["PATH_INFO"] == reverse("admin:index")
    assert "Handlingsplaner – administration" in response.content.decode()


def test_the_admin_has_no_log_in_form_of_its_own():
    client = Client()

    response = client.post(
        reverse("admin:login"), {"username": make_administrator().email, "password": PASSWORD}
    )

    assert response["Location"].startswith("/konto/logga-in/")
    assert "_auth_user_id" not in client.session


def test_logging_out_of_the_admin_leads_to_the_start_page():
    client = signed_in(make_administrator())

    response = client.post(reverse("admin:logout"))

    assert response.url == reverse("start")
    assert "_auth_user_id" not in client.session


def test_groups_have_no_page_since_rights_are_given_by_memberships():
    assert not admin.site.is_registered(Group)


@pytest.mark.parametrize("model", MODELS)
def test_odd_addresses_and_parameters_never_break_a_page(model):
    client = signed_in(make_administrator())
    asked = ["q", "revision", "challenge", "state__exact", "revision__plan__id__exact", "year", "o", "p"]
    Random(str(model)).shuffle(asked)

    for turn, odd in enumerate(("%00", "abc", "9" * 30, "%C3%28")):
        for parameter in asked[turn::4]:
            assert client.get(f"{address_of(model, 'changelist')}?{parameter}={odd}").status_code < 500
        assert client.get(f"{address_of(model, 'add')}?{f'={odd}&'.join(asked)}").status_code < 500
        for page in ("change", "delete", "history"):
            address = address_of(model, page, 4711).replace("4711", odd)
            assert client.get(address).status_code < 500
            assert client.get(f"{address}{odd}/").status_code < 500


def make_some_of_everything():
    partner = make_municipality()
    plan = make_plan(partners=[partner])
    draft = make_draft(plan, year=2017)
    area = make_area(draft)
    make_chapter(draft, area=area)
    challenge = make_challenge(draft, area=area, followup_owner=partner)
    make_target(make_goal(challenge))
    make_term(draft)
    make_activity(challenge, responsible=[make_organisation(represented_by=[partner])])
    followup = make_followup(make_revision(plan))
    activity = make_activity(make_challenge(followup.revision))
    make_assignment(followup, activity)
    make_report(followup, activity, author=make_user(Role.EDITOR, plan.owner))
    make_outcome(municipality=partner)
    make_series_break()
    make_decision()
    make_ending()
    make_invitation(partner)
    make_notice(followup)
    make_review(followup)
    make_assessment(followup)
    make_publication(followup.document)
    make_accessibility_report()


@pytest.fixture(scope="module")
def some_of_everything_in_the_module(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        make_some_of_everything()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def some_of_everything(some_of_everything_in_the_module, db):
    """Made once for all tests; what one of them changes is undone after it."""


ONLY_READ = (Invitation, Notice, Publication, ChallengeReview, GoalAssessment, AccessibilityReport)


@pytest.mark.parametrize("model", LISTED)
def test_every_page_answers(some_of_everything, model):
    client = signed_in(make_administrator())
    first = model._default_manager.first()

    assert client.get(address_of(model, "changelist")).status_code == 200
    assert client.get(address_of(model, "changelist"), {"q": "e"}).status_code == 200
    if model is DBTaskResult:
        return
    assert client.get(address_of(model, "add")).status_code == (403 if model in ONLY_READ else 200)
    assert client.get(address_of(model, "change", first.pk)).status_code == 200
    assert client.get(address_of(model, "history", first.pk)).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_saving_a_page_as_it_came_changes_nothing(some_of_everything, model):
    client = signed_in(make_administrator())
    before = list(model._default_manager.order_by("pk").values())

    for thing in model._default_manager.all():
        page = client.get(address_of(model, "change", thing.pk))
        if page.context["has_change_permission"]:
            saved = client.post(address_of(model, "change", thing.pk), sent(page))
            assert saved.status_code == 302, saved.context["errors"]

    assert list(model._default_manager.order_by("pk").values()) == before


def test_a_list_takes_as_many_statements_for_ten_rows_as_for_two():
    client = signed_in(make_administrator())
    counts = []

    for times in (2, 8):
        for _each in range(times):
            make_some_of_everything()
        lists = {model.id: address_of(*model.values, "changelist") for model in LISTED}
        counts.append({name: statements(client, address) for name, address in lists.items()})

    assert counts[0] == counts[1]
    assert {name: count for name, count in counts[0].items() if count > 12} == {}


def plan_with_revisions(number):
    plan = make_plan()
    for year in range(2000, 2000 + number):
        make_revision(plan, year=year)
    return plan


def draft_with_rows(number):
    draft = make_draft()
    for _each in range(number):
        make_term(draft)
    return draft


def activity_with_responsible(number, make_its_revision):
    activity = make_activity(make_challenge(make_its_revision()))
    for _each in range(number):
        make_responsibility(activity)
    return activity


def followup_with_assignments(number):
    followup = make_followup()
    challenge = make_challenge(followup.revision)
    for _each in range(number):
        make_assignment(followup, make_activity(challenge))
    return followup


def indicator_with_breaks(number):
    indicator = make_indicator()
    for year in range(2000, 2000 + number):
        make_series_break(indicator, year=year)
    return indicator


def user_with_memberships(number):
    user = make_user()
    for _each in range(number):
        user.memberships.create(organisation=make_organisation(), role=Role.READER)
    return user


def report_with_numbers(number):
    report = make_report(author=make_user())
    for _each in range(number):
        make_report(report.followup, report.activity, author=make_user())
    return report


@pytest.mark.parametrize(
    "make",
    [
        plan_with_revisions,
        draft_with_rows,
        lambda number: activity_with_responsible(number, make_draft),
        lambda number: activity_with_responsible(number, make_revision),
        followup_with_assignments,
        indicator_with_breaks,
        user_with_memberships,
        report_with_numbers,
    ],
)
def test_a_page_takes_as_many_statements_for_thirty_lines_as_for_three(make):
    client = signed_in(make_administrator())

    few, many = (
        statements(client, address_of(type(thing), "change", thing.pk)) for thing in (make(3), make(30))
    )

    assert few == many <= 20
