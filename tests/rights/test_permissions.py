"""What no address can show: what is asked of the person alone is had by nobody without an open account."""

from __future__ import annotations

import pytest
import rules
from django.contrib.auth.models import AnonymousUser

from followup.models import ReviewState
from municipalities.models import Role, User
from portal.rights import RIGHTS
from tests.builders import (
    make_activity,
    make_administrator,
    make_assignment,
    make_challenge,
    make_coordinator,
    make_followup,
    make_municipality,
    make_organisation,
    make_plan,
    make_review,
    make_revision,
    make_user,
)

pytestmark = pytest.mark.django_db

OF_THE_PERSON = sorted({right.permission for right in RIGHTS.values() if right.of_the_person})
ASKED_WITHOUT_A_THING = [*OF_THE_PERSON, "followup.have_to_do"]


@pytest.mark.parametrize("permission", ASKED_WITHOUT_A_THING)
def test_a_visitor_and_a_closed_account_have_none_of_it(permission):
    closed = make_user(Role.EDITOR, is_administrator=True, is_active=False)

    assert not rules.has_perm(permission, AnonymousUser(), None)
    assert not rules.has_perm(permission, closed, None)


@pytest.mark.parametrize("permission", ASKED_WITHOUT_A_THING)
def test_an_administrator_has_all_of_it(permission):
    assert rules.has_perm(permission, make_administrator(), None)


@pytest.mark.parametrize("permission", ["municipalities.have_account", "followup.have_to_do"])
def test_whoever_has_an_account_has_what_everyone_has(permission):
    assert rules.has_perm(permission, make_user(), None)


@pytest.mark.parametrize("permission", ["followup.read_all_outcomes", "followup.read_changes"])
def test_what_those_who_take_part_may_is_had_by_them_and_by_administrators(permission):
    plan, elsewhere = make_plan(), make_organisation()

    assert rules.has_perm(permission, make_user(Role.READER, plan.owner), plan)
    assert rules.has_perm(permission, make_administrator(), plan)
    assert not rules.has_perm(permission, make_user(Role.EDITOR, elsewhere), plan)
    assert not rules.has_perm(permission, AnonymousUser(), plan)


class TestAYearUnderWay:
    """Who may read it, write a challenge's review, and answer one; `followup/permissions.py`."""

    @pytest.fixture
    def year(self):
        """An open year, in which someone who has nothing to do with the plan is let to report."""
        partner = make_municipality()
        followup = make_followup(make_revision(make_plan(partners=[partner])))
        self.challenge = make_challenge(followup.revision, followup_owner=partner)
        assigned = make_organisation()
        make_assignment(followup, make_activity(self.challenge), assigned)
        self.people = {
            "visitor": AnonymousUser(),
            "outsider": make_user(Role.EDITOR, make_organisation()),
            "assigned": make_coordinator(assigned),
            "reader": make_user(Role.READER, partner),
            "owner": make_coordinator(partner),
            "editor": make_user(Role.EDITOR, followup.plan.owner),
            "administrator": make_administrator(),
        }
        return followup

    def who_may(self, permission, thing):
        return {who for who, user in self.people.items() if rules.has_perm(permission, user, thing)}

    @pytest.mark.parametrize("permission", ["followup.read_followup", "followup.read_under_way"])
    def test_it_is_read_by_those_who_take_part_or_are_let_to_report(self, year, permission):
        inside = set(self.people) - {"visitor", "outsider"}

        assert self.who_may(permission, year) == inside

    def test_a_published_one_is_read_by_everyone(self, year):
        published = make_followup(make_revision(year.plan, year=2015), stage="published")

        assert self.who_may("followup.read_followup", published) == set(self.people)

    @pytest.mark.parametrize(("stage", "who"), [("open", {"owner", "administrator"}), ("planned", set())])
    def test_a_review_is_written_by_whoever_follows_the_challenge_up(self, year, stage, who):
        year.stage = stage

        assert self.who_may("followup.write_review", (year, self.challenge)) == who

    @pytest.mark.parametrize(("stage", "who"), [("open", {"editor", "administrator"}), ("planned", set())])
    def test_a_review_is_answered_by_whoever_leads_the_year(self, year, stage, who):
        year.stage = stage

        assert self.who_may("followup.answer_review", (year, self.challenge)) == who

    @pytest.mark.parametrize("who", ["editor", "administrator"])
    def test_nobody_answers_their_own(self, year, who):
        author = self.people[who]
        assert isinstance(author, User)
        make_review(year, self.challenge, state=ReviewState.SUBMITTED, author=author)

        others = {"editor", "administrator"} - {who}
        assert self.who_may("followup.answer_review", (year, self.challenge)) == others
