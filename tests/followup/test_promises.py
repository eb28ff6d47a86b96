"""What always holds of follow-ups, assignments, reports and outcomes."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from followup.models import (
    Assignment,
    ChallengeReview,
    ComparedArea,
    ComparedValue,
    FollowUp,
    GoalAssessment,
    Notice,
    Outcome,
    ReviewState,
    Status,
    StatusReport,
)
from tests.builders import (
    make_activity,
    make_assessment,
    make_assignment,
    make_challenge,
    make_compared_area,
    make_compared_value,
    make_draft,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_notice,
    make_organisation,
    make_outcome,
    make_plan,
    make_report,
    make_review,
    make_revision,
    make_user,
)
from tests.promises import (
    Promise,
    assert_a_form_says_it,
    assert_an_empty_form_names_its_fields,
    assert_the_database_refuses,
    promises_of,
    tables_of,
)

pytestmark = pytest.mark.django_db

NO_FORM_MEETS_IT = ""
FETCHED = "what_was_fetched_names_its_kpi_and_nobody"


def a_followup(**fields: Any) -> FollowUp:
    revision = make_revision(year=2016)
    return FollowUp(plan=revision.plan, revision=revision, year=2016, **fields)


def a_second_followup_of_the_year() -> FollowUp:
    first = make_followup()
    return FollowUp(plan=first.plan, revision=first.revision, year=first.year)


def a_second_reporter() -> Assignment:
    followup = make_followup()
    activity = make_activity(make_challenge(followup.revision))
    make_assignment(followup, activity)
    return Assignment(followup=followup, activity=activity, organisation=make_organisation())


def a_report(**fields: Any) -> StatusReport:
    followup = make_followup()
    activity = make_activity(make_challenge(followup.revision))
    values = {"number": 1, "status": Status.ONGOING, "organisation": followup.plan.owner}
    return StatusReport(**{"followup": followup, "activity": activity} | values | fields)


def a_report_with_a_number_that_is_taken() -> StatusReport:
    first = make_report()
    return a_report(followup=first.followup, activity=first.activity)


def an_outcome(**fields: Any) -> Outcome:
    values = {"number": 1, "year": 2016, "value": 70}
    return Outcome(indicator=make_indicator(), municipality=make_municipality(), **values | fields)


def an_outcome_with_a_number_that_is_taken() -> Outcome:
    first = make_outcome()
    return Outcome(indicator=first.indicator, municipality=first.municipality, year=2016, number=1, value=71)


def a_review(**fields: Any) -> ChallengeReview:
    followup = make_followup()
    values = {"number": 1, "state": ReviewState.SUBMITTED, "purpose": "Det går framåt."}
    challenge = make_challenge(followup.revision)
    return ChallengeReview(**{"followup": followup, "challenge": challenge} | values | fields)


def a_review_with_a_number_that_is_taken() -> ChallengeReview:
    first = make_review()
    return a_review(followup=first.followup, challenge=first.challenge)


def an_area_that_is_chosen_already() -> ComparedArea:
    first = make_compared_area(make_plan())
    return ComparedArea(plan=first.plan, code=first.code, title="Riket", kind="L")


def a_compared_value(**fields: Any) -> ComparedValue:
    values = {
        "area": "0000",
        "year": 2016,
        "number": 1,
        "value": 70,
        "source_url": "https://api.kolada.se/v3/",
    }
    return ComparedValue(indicator=make_indicator(), kolada_id="U1", kolada_title="NKI", **values | fields)


def a_compared_value_with_a_number_that_is_taken() -> ComparedValue:
    first = make_compared_value()
    return ComparedValue(
        indicator=first.indicator, area="0000", year=2016, number=1, value=71, source_url=first.source_url
    )


def an_assessment(**fields: Any) -> GoalAssessment:
    followup = make_followup()
    goal = make_goal(make_challenge(followup.revision))
    return GoalAssessment(**{"followup": followup, "goal": goal, "number": 1} | fields)


def an_assessment_with_a_number_that_is_taken() -> GoalAssessment:
    first = make_assessment()
    return an_assessment(followup=first.followup, goal=first.goal)


def a_second_mail_of_the_same() -> Notice:
    first = make_notice()
    return Notice(followup=first.followup, person=first.person, kind=first.kind)


def a_mail_both_sent_and_dropped() -> Notice:
    sent = {"sent_at": "2017-01-15T09:00Z", "dropped": "Allt är rapporterat."}
    return Notice(followup=make_followup(), person=make_user(), kind="due", **sent)


TELL_WHY = "Skriv varför. Det behövs när läget är Försenad eller Avbruten."
VALUE_OR_REASON = "Ange ett värde, eller varför det saknas."

SAID_IN_FORMS = [
    Promise(
        "a_plan_is_followed_up_once_a_year",
        "Planen har redan en uppföljning för det året.",
        a_second_followup_of_the_year,
    ),
    Promise(
        "a_followup_is_due_after_it_opens",
        "Uppföljningen kan inte lämnas innan den öppnar.",
        lambda: a_followup(opens="2017-01-31", due="2016-12-01"),
    ),
    Promise(
        "an_activity_has_one_assigned_reporter_a_year",
        "Aktiviteten har redan någon som rapporterar den.",
        a_second_reporter,
    ),
    Promise(
        "an_area_is_compared_with_once",
        "Området är redan med i jämförelsen.",
        an_area_that_is_chosen_already,
    ),
    Promise(
        "completed_tells_its_result",
        "Skriv vad det gav. Det behövs när läget är Genomförd.",
        lambda: a_report(status=Status.COMPLETED),
    ),
    Promise("delayed_and_cancelled_tell_why", TELL_WHY, lambda: a_report(status=Status.DELAYED)),
    Promise("delayed_and_cancelled_tell_why", TELL_WHY, lambda: a_report(status=Status.CANCELLED)),
    Promise("an_outcome_has_a_value_or_a_reason_for_none", VALUE_OR_REASON, lambda: an_outcome(value=None)),
    Promise(
        "an_outcome_has_a_value_or_a_reason_for_none",
        VALUE_OR_REASON,
        lambda: an_outcome(value=0, missing_reason="not_measured"),
    ),
    Promise(
        "a_review_sent_in_tells_of_the_purpose",
        "Skriv hur det går med syftet innan du skickar in.",
        lambda: a_review(purpose=""),
    ),
    Promise(
        "a_returned_review_tells_what_to_change",
        "Skriv vad som behöver ändras.",
        lambda: a_review(state=ReviewState.RETURNED),
    ),
]
SAID_BY_NO_FORM = [
    Promise(
        "a_compared_value_is_never_overwritten",
        NO_FORM_MEETS_IT,
        a_compared_value_with_a_number_that_is_taken,
    ),
    Promise("compared_values_are_numbered_from_one", NO_FORM_MEETS_IT, lambda: a_compared_value(number=0)),
    Promise(
        "a_compared_value_is_nobodys_but_the_sources",
        NO_FORM_MEETS_IT,
        lambda: a_compared_value(author=make_user()),
    ),
    Promise("a_review_is_never_overwritten", NO_FORM_MEETS_IT, a_review_with_a_number_that_is_taken),
    Promise("reviews_are_numbered_from_one", NO_FORM_MEETS_IT, lambda: a_review(number=0)),
    Promise(
        "a_goal_assessment_is_never_overwritten", NO_FORM_MEETS_IT, an_assessment_with_a_number_that_is_taken
    ),
    Promise("goal_assessments_are_numbered_from_one", NO_FORM_MEETS_IT, lambda: an_assessment(number=0)),
    Promise("nobody_gets_the_same_mail_twice", NO_FORM_MEETS_IT, a_second_mail_of_the_same),
    Promise("a_mail_is_sent_or_dropped", NO_FORM_MEETS_IT, a_mail_both_sent_and_dropped),
    Promise("a_status_report_is_never_overwritten", NO_FORM_MEETS_IT, a_report_with_a_number_that_is_taken),
    Promise("status_reports_are_numbered_from_one", NO_FORM_MEETS_IT, lambda: a_report(number=0)),
    Promise("an_outcome_is_never_overwritten", NO_FORM_MEETS_IT, an_outcome_with_a_number_that_is_taken),
    Promise(FETCHED, NO_FORM_MEETS_IT, lambda: an_outcome(kolada_id="U07451")),
    Promise(FETCHED, NO_FORM_MEETS_IT, lambda: an_outcome(kolada_title="NKI")),
    Promise(
        FETCHED,
        NO_FORM_MEETS_IT,
        lambda: an_outcome(kolada_id="U07451", kolada_title="NKI", author=make_user()),
    ),
    Promise("outcomes_are_numbered_from_one", NO_FORM_MEETS_IT, lambda: an_outcome(number=0)),
]


def test_every_promise_is_tried():
    assert {promise.name for promise in SAID_IN_FORMS + SAID_BY_NO_FORM} == promises_of("followup")


@pytest.mark.parametrize("promise", SAID_IN_FORMS + SAID_BY_NO_FORM, ids=str)
def test_the_database_refuses_what_breaks_a_promise(promise):
    assert_the_database_refuses(promise)


@pytest.mark.parametrize("promise", SAID_IN_FORMS, ids=str)
def test_a_form_says_what_is_wrong_in_swedish(promise):
    assert_a_form_says_it(promise)


@pytest.mark.parametrize(
    ("revision", "sentence"),
    [
        (lambda: make_revision(), "Revideringen hör till en annan plan."),
        (lambda: make_draft(), "Revideringen hör till en annan plan."),
    ],
)
def test_a_followup_follows_up_a_revision_of_its_own_plan(revision, sentence):
    followup = a_followup()
    followup.revision = revision()

    with pytest.raises(ValidationError) as refusal:
        followup.full_clean()

    assert refusal.value.message_dict == {"revision": [sentence]}


def test_a_draft_is_not_followed_up():
    draft = make_draft()

    with pytest.raises(ValidationError) as refusal:
        FollowUp(plan=draft.plan, revision=draft, year=draft.year).full_clean()

    assert refusal.value.message_dict == {"revision": ["Bara en fastställd revidering kan följas upp."]}


def test_a_year_is_not_followed_up_by_a_later_revision():
    revision = make_revision(year=2017)

    with pytest.raises(ValidationError) as refusal:
        FollowUp(plan=revision.plan, revision=revision, year=2016).full_clean()

    assert refusal.value.message_dict == {"revision": ["Revideringen gäller först senare."]}


def test_a_year_follows_up_the_activities_that_run_in_it_and_those_of_unknown_years():
    followup = make_followup(make_revision(year=2016), year=2017)
    challenge = make_challenge(followup.revision)
    this_year = make_activity(challenge, first_year=2017, last_year=2018)
    unknown = make_activity(challenge)
    make_activity(challenge, first_year=2016, last_year=2016)
    make_activity(first_year=2017, last_year=2017)

    assert set(followup.activities()) == {this_year, unknown}


@pytest.mark.parametrize("make", [make_assignment, make_report])
def test_nothing_is_said_of_an_activity_that_the_year_does_not_follow_up(make):
    followup = make_followup()
    elsewhere = make_activity()

    with pytest.raises(ValidationError) as refusal:
        make(followup, elsewhere).full_clean()

    assert refusal.value.message_dict == {"activity": ["Aktiviteten ingår inte i årets uppföljning."]}


def test_zero_is_a_value():
    an_outcome(value=0).full_clean()
    assert make_outcome(value=0).value == 0


@pytest.mark.parametrize("table", tables_of("followup"), ids=lambda table: table.__name__)
def test_an_empty_form_is_told_what_it_needs(table):
    assert_an_empty_form_names_its_fields(table)
