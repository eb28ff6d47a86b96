"""Plans, revisions and their rows in the admin site: drafts are written, what was adopted is read."""

from __future__ import annotations

import pytest
from django.urls import reverse

from actionplan.models import Activity, Plan, Responsibility, Revision, State, Term, YearlyTarget
from tests.builders import (
    make_activity,
    make_administrator,
    make_area,
    make_challenge,
    make_chapter,
    make_draft,
    make_goal,
    make_indicator,
    make_municipality,
    make_organisation,
    make_plan,
    make_responsibility,
    make_revision,
    make_target,
    make_term,
)
from tests.sent import sent

pytestmark = pytest.mark.django_db

ADOPTED = "Revideringen är fastställd och kan inte ändras."
NO_LINES = {"responsibilities-TOTAL_FORMS": 0, "responsibilities-INITIAL_FORMS": 0}


@pytest.fixture
def administrator(client):
    administrator = make_administrator()
    client.force_login(administrator)
    return administrator


def address_of(model_or_row, page, *args):
    options = model_or_row._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=args)


def change(row):
    return address_of(row, "change", row.pk)


def rows_of(revision):
    """One row of every kind in the revision."""
    area = make_area(revision)
    challenge = make_challenge(revision, area=area)
    goal = make_goal(challenge)
    activity = make_activity(challenge)
    held = make_responsibility(activity)
    return [
        area,
        challenge,
        goal,
        activity,
        held,
        make_chapter(revision),
        make_term(revision),
        make_target(goal),
    ]


def test_a_plan_is_added_with_its_partners(client, administrator):
    owner, partner = make_organisation(), make_municipality()
    page = client.get(address_of(Plan, "add"))
    said = {"slug": "ny", "title": "Ny plan", "document_type": "plan", "first_year": 2019}

    client.post(address_of(Plan, "add"), sent(page, **said, owner=owner.pk, partners=[partner.pk]))

    plan = Plan.objects.get(slug="ny")
    assert list(plan.partners.all()) == [partner]
    assert {each.history_user for each in plan.history.all()} == {administrator}


def test_a_plan_is_changed_whatever_has_been_adopted(client, administrator):
    plan = make_revision().plan

    client.post(change(plan), sent(client.get(change(plan)), title="Nytt namn"))

    plan.refresh_from_db()
    assert plan.title == "Nytt namn"


def test_a_plan_is_never_removed(client, administrator):
    plan = make_plan()

    refused = client.post(address_of(plan, "delete", plan.pk), {"post": "yes"})

    assert refused.status_code == 403
    assert "En plan tas aldrig bort." in refused.content.decode()
    assert Plan.objects.exists()


def test_a_draft_is_not_adopted_without_an_edition(client, administrator):
    draft = make_draft()
    page = client.get(change(draft))

    client.post(change(draft), sent(page, state=State.ADOPTED, decided_by="KS"))

    draft.refresh_from_db()
    assert (draft.state, draft.decided_by) == (State.DRAFT, "KS")


def test_a_second_draft_is_refused_with_what_to_do(client, administrator):
    draft = make_draft(year=2017)

    page = client.post(
        address_of(Revision, "add"), {"plan": draft.plan.pk, "year": 2018, "state": State.DRAFT}
    )

    assert "Planen har redan ett arbetsmaterial. Fastställ det först." in page.content.decode()


def test_an_adopted_revision_says_why_it_can_not_be_changed(client, administrator):
    revision = make_revision()

    page = client.get(change(revision)).content.decode()

    assert ADOPTED in page
    assert 'name="_save"' not in page


def test_rows_of_an_adopted_revision_are_neither_changed_nor_removed(client, administrator):
    rows = rows_of(make_revision())

    for row in rows:
        before = type(row).objects.values().get(pk=row.pk)
        refused = client.post(change(row), {"title": "Annat", "text": "Annat", "term": "Annat"})
        kept = client.post(address_of(row, "delete", row.pk), {"post": "yes"})

        assert (refused.status_code, kept.status_code) == (403, 403)
        assert ADOPTED in refused.content.decode()
        assert ADOPTED in kept.content.decode()
        assert type(row).objects.values().get(pk=row.pk) == before


def test_rows_of_an_adopted_revision_are_not_removed_in_bulk(client, administrator):
    for row in rows_of(make_revision()):
        action = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}

        assert client.post(address_of(row, "changelist"), action).status_code == 403
        assert type(row).objects.filter(pk=row.pk).exists()


def test_an_adopted_revision_is_not_removed_at_all(client, administrator):
    revision = make_revision()
    action = {"action": "delete_selected", "_selected_action": [revision.pk], "post": "yes"}

    assert client.post(address_of(revision, "delete", revision.pk), {"post": "yes"}).status_code == 403
    assert client.post(address_of(revision, "changelist"), action).status_code == 403
    assert Revision.objects.exists()


def test_no_row_is_added_to_an_adopted_revision(client, administrator):
    revision = make_revision()

    page = client.post(
        address_of(Term, "add"), {"revision": revision.pk, "order": 1, "term": "Ny", "explanation": "Ny"}
    )

    assert ADOPTED in page.content.decode()
    assert not Term.objects.exists()


def test_a_row_stays_in_its_revision_and_keeps_its_key(client, administrator):
    term = make_term(make_draft(), key="nyckeln")
    other = make_revision()

    client.post(change(term), sent(client.get(change(term)), revision=other.pk, key="annan", term="Nytt"))

    before = term.revision
    term.refresh_from_db()
    assert (term.revision, term.key, term.term) == (before, "nyckeln", "Nytt")


def test_an_activity_is_added_to_a_draft_with_who_is_responsible(client, administrator):
    challenge, organisation = make_challenge(make_draft()), make_organisation(key="nykraft")
    said = {"revision": challenge.revision.pk, "challenge": challenge.pk, "order": 1, "title": "Bättre möten"}
    line = {"responsibilities-0-organisation": organisation.pk, "responsibilities-0-part": "lead"}
    lines = {"responsibilities-TOTAL_FORMS": 1, "responsibilities-INITIAL_FORMS": 0}

    client.post(address_of(Activity, "add"), said | line | lines | {"responsibilities-0-order": 1})

    held = Responsibility.objects.get()
    assert (held.activity.key, held.key) == ("battre-moten", "battre-moten-nykraft")
    assert held.revision == held.activity.revision == challenge.revision
    assert [each.history_user for each in held.history.all()] == [administrator]


def test_a_line_that_is_half_filled_in_is_asked_about(client, administrator):
    activity = make_activity(make_challenge(make_draft()))
    page = client.get(change(activity))
    half = {"responsibilities-TOTAL_FORMS": 1, "responsibilities-0-part": "taking_part"}

    page = client.post(change(activity), sent(page, **half, **{"responsibilities-0-order": 2}))

    assert page.status_code == 200
    assert page.context["inline_admin_formsets"][0].formset.errors == [
        {"organisation": ["Detta fält måste fyllas i."]}
    ]


@pytest.mark.parametrize("model", [Activity, YearlyTarget, Responsibility])
def test_an_empty_form_is_asked_about(client, administrator, model):
    page = client.post(address_of(model, "add"), NO_LINES)

    assert page.status_code == 200
    assert page.context["adminform"].form.errors["revision"] == ["Detta fält måste fyllas i."]


def test_a_row_of_another_revision_is_refused(client, administrator):
    draft, elsewhere = make_draft(), make_challenge(make_draft())
    said = {"revision": draft.pk, "challenge": elsewhere.pk, "order": 1, "title": "Vilse"}

    page = client.post(address_of(Activity, "add"), said | NO_LINES)

    assert "Raden finns i en annan revidering." in page.content.decode()
    assert not Activity.objects.exists()


def test_only_what_stands_in_a_draft_is_offered_to_other_rows(client, administrator):
    make_challenge(make_revision(), title="Fastställd utmaning")
    make_challenge(make_draft(), title="Utmaning på gång")
    asked = {
        "app_label": "actionplan",
        "model_name": "activity",
        "field_name": "challenge",
        "term": "utmaning",
    }

    offered = client.get(reverse("admin:autocomplete"), asked).json()["results"]

    assert [each["text"] for each in offered] == ["Utmaning på gång"]


def test_a_figure_is_written_with_a_comma(client, administrator):
    goal, indicator = make_goal(make_challenge(make_draft())), make_indicator()
    said = {
        "revision": goal.revision.pk,
        "goal": goal.pk,
        "indicator": indicator.pk,
        "year": 2017,
        "order": 1,
    }

    client.post(
        address_of(YearlyTarget, "add"),
        said | {"over": "mean", "operator": ">=", "value": "74,5", "nearly": "70.25"},
    )

    target = YearlyTarget.objects.get()
    assert (str(target.value), str(target.nearly)) == ("74.50000000", "70.25000000")


def test_a_row_of_a_draft_is_removed_and_the_log_says_by_whom(client, administrator):
    challenge = make_challenge(make_draft())
    activity = make_activity(challenge)

    client.post(address_of(challenge, "delete", challenge.pk), {"post": "yes"})

    assert not Activity.objects.exists()
    last = Activity.history.filter(id=activity.pk).latest()
    assert (last.history_type, last.history_user) == ("-", administrator)


def test_activities_are_found_by_revision_challenge_and_gap(client, administrator):
    draft = make_draft()
    one, other = make_challenge(draft), make_challenge(draft)
    held = make_activity(one, responsible=[make_organisation()])
    gap = make_activity(one)
    elsewhere = make_activity(other)
    adopted = make_activity(make_challenge(make_revision()))

    def found(**asked):
        return set(client.get(address_of(Activity, "changelist"), asked).context["cl"].queryset)

    assert found() == {held, gap, elsewhere, adopted}
    assert found(revision=draft.pk) == {held, gap, elsewhere}
    assert found(revision=draft.pk, challenge=one.pk) == {held, gap}
    assert found(revision=draft.pk, challenge=one.pk, ansvarig="saknas") == {gap}
    assert found(q=held.title) == {held}


def test_a_revision_leads_to_its_rows(client, administrator):
    draft = make_draft()
    make_term(draft)

    page = client.get(change(draft)).content.decode()

    assert f'<a href="{address_of(Term, "changelist")}?revision={draft.pk}">Ordförklaringar: 1</a>' in page
    assert f"{address_of(Term, 'add')}?revision={draft.pk}" in page


def test_a_series_break_is_written_on_its_indicators_page(client, administrator):
    indicator = make_indicator()
    page = client.get(change(indicator))
    line = {
        "series_breaks-TOTAL_FORMS": 1,
        "series_breaks-0-year": 2024,
        "series_breaks-0-note": "Ny definition",
        "series_breaks-0-kolada_id": "U07453",
    }

    client.post(change(indicator), sent(page, **line))

    assert [(each.year, each.kolada_id) for each in indicator.series_breaks.all()] == [(2024, "U07453")]
