"""What isn't decided or published yet is nowhere among what everyone may read."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actionplan.drafting import start_correction
from actionplan.models import Plan
from followup.models import FollowUp, ReviewState, Stage, Status, Verdict
from municipalities.models import Municipality, Role
from portal.open_data.datasets import DATASETS, FORMATS
from tests.builders import (
    make_activity,
    make_administrator,
    make_area,
    make_assessment,
    make_assignment,
    make_challenge,
    make_chapter,
    make_coordinator,
    make_decision,
    make_draft,
    make_edition,
    make_ending,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_organisation,
    make_outcome,
    make_plan,
    make_report,
    make_review,
    make_revision,
    make_target,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db

SECRET = "Hemligt"
"""A word that stands in everything that isn't public."""


@pytest.fixture(autouse=True)
def one_step_is_enough(settings) -> None:
    settings.REQUIRE_MFA = False


@pytest.fixture
def enkoping() -> Municipality:
    return make_municipality("Enköping")


@pytest.fixture
def plan(enkoping) -> Plan:
    """A plan with a decided revision, and a draft and a follow-up under way that are full of secrets."""
    plan = make_plan(slug="gemensam", partners=[enkoping])
    revision = make_revision(plan, year=2016)
    indicator = make_indicator(slug="nki", name="NKI")
    challenge = make_challenge(revision, key="service", title="Service")
    make_target(make_goal(challenge), indicator=indicator, year=2016)
    activity = make_activity(challenge, key="mote", title="Möte", responsible=[enkoping])

    followup = make_followup(revision, stage=Stage.OPEN)
    said = dict.fromkeys(("comment", "result", "reason", "action"), SECRET)
    reporter = make_user(name=f"{SECRET} Person")
    link = f"https://example.se/{SECRET}"
    make_report(followup, activity, status=Status.DELAYED, author=reporter, link=link, **said)
    make_assignment(followup, make_activity(challenge), make_organisation(f"{SECRET} organisation"))
    make_outcome(indicator, enkoping, value="12.34567891", author=reporter, source=SECRET)

    words = dict.fromkeys(("decided_by", "note", "registry_number"), SECRET)
    draft = make_draft(plan, year=2019, based_on=revision, **words)
    fill_with_secrets(draft)
    return plan


def publish(plan: Plan) -> None:
    """The year 2016 has got its edition."""
    plan.followups.filter(year=2016).update(stage=Stage.PUBLISHED, published_at=timezone.now())


def fill_with_secrets(draft) -> None:
    area = make_area(draft, title=SECRET)
    make_chapter(draft, area=area, title=SECRET, text=SECRET)
    texts = dict.fromkeys(("purpose", "strategy", "text"), SECRET)
    challenge = make_challenge(draft, area=area, title=SECRET, key="hemligt", **texts)
    make_goal(challenge, text=SECRET)
    indicator = make_indicator(slug="hemligt-matt", name=SECRET)
    make_target(make_goal(challenge), indicator=indicator, year=2019, reason=SECRET)
    words = ("heading", "description", "expected_result", "responsible_text")
    said: dict[str, Any] = dict.fromkeys(words, SECRET)
    make_activity(challenge, title=SECRET, key="mote", **said)
    make_activity(challenge, title=SECRET, key="nytt", responsible=[make_organisation(SECRET)])
    make_term(draft, term=SECRET, explanation=SECRET)
    make_decision(draft, decided_by=SECRET, registry_number=SECRET)
    make_ending(draft, key="slut", title=SECRET, reason=SECRET)


OPEN_DATA = [
    *(
        dataset.address(form, plan)
        for dataset in DATASETS.values()
        for form in FORMATS.values()
        for plan in ("", "gemensam")
    ),
    "/oppna-data/",
    "/oppna-data/openapi.json",
]

PAGES = [
    "/",
    *OPEN_DATA,
    "/sok/?q=hemligt",
    "/sok/?q=hemligt&plan=gemensam&slag=uppfoljning",
    "/planer/gemensam/",
    "/planer/gemensam/data.json",
    "/planer/gemensam/utmaningar/service/",
    "/planer/gemensam/utmaningar/hemligt/",
    "/planer/gemensam/aktiviteter/",
    "/planer/gemensam/aktiviteter/?q=hemligt",
    "/planer/gemensam/aktiviteter/?lage=delayed",
    "/planer/gemensam/aktiviteter.csv?ordning=lage",
    "/planer/gemensam/aktiviteter/mote/",
    "/planer/gemensam/aktiviteter/nytt/",
    "/planer/gemensam/indikatorer/nki/",
    "/planer/gemensam/indikatorer/hemligt-matt/",
    "/planer/gemensam/jamfor/",
    "/planer/gemensam/jamfor/?till=utkast",
    f"/planer/gemensam/vid/{timezone.localdate()}/",
    "/planer/gemensam/revideringar/2016/",
    "/planer/gemensam/revideringar/2019/",
    "/planer/gemensam/uppfoljning/2016/",
]
HIDDEN = [address for address in PAGES if "/hemligt" in address or "/nytt/" in address] + PAGES[-2:]


@pytest.mark.parametrize("address", PAGES)
def test_a_visitor_reads_nothing_of_a_draft_or_of_a_follow_up_under_way(client, plan, address):
    answer = client.get(address)
    page = answer.content.decode()

    assert answer.status_code == (404 if address in HIDDEN else 200)
    assert SECRET not in page
    assert "12,3" not in page
    assert "12.34567891" not in page
    assert "Försenad" not in page or "Försenad, " in page  # as one of the codes that OpenAPI explains
    assert "2019" not in page.replace("/2019/", "")


@pytest.mark.parametrize("address", PAGES)
def test_someone_from_another_plan_reads_nothing_of_it_either(client, plan, address):
    client.force_login(make_coordinator(make_municipality(), name="Bo"))

    page = client.get(address).content.decode()

    assert SECRET not in page
    assert "12,3" not in page
    assert "12.34567891" not in page


@pytest.mark.parametrize("who", ["coordinator", "administrator"])
def test_those_who_take_part_see_both_and_so_do_administrators(client, plan, enkoping, who):
    client.force_login(make_coordinator(enkoping) if who == "coordinator" else make_administrator())

    assert SECRET in client.get("/planer/gemensam/revideringar/2019/").content.decode()
    assert SECRET in client.get("/planer/gemensam/uppfoljning/2016/").content.decode()
    assert SECRET in client.get("/planer/gemensam/aktiviteter/mote/").content.decode()
    assert "12,3" in client.get("/planer/gemensam/indikatorer/nki/").content.decode()


@pytest.mark.parametrize("what", ["a draft", "a correction"])
@pytest.mark.parametrize("who", ["visitor", "outsider", "reader", "coordinator", "editor", "administrator"])
def test_whoever_may_open_a_draft_may_compare_it_and_so_it_is_with_a_correction(client, enkoping, what, who):
    revision = make_revision(make_plan(slug="gemensam", partners=[enkoping]), year=2016)
    editor = make_user(Role.EDITOR, revision.plan.owner)
    if what == "a correction":
        draft = start_correction(revision, "Ett namn.", by=editor)
        answers = ["/planer/gemensam/jamfor/?till=utkast"]
    else:
        draft = make_draft(revision.plan, year=2019)
        answers = ["/planer/gemensam/jamfor/?till=utkast", "/planer/gemensam/revideringar/2019/"]
    make_challenge(draft, title=SECRET)
    people = {
        "outsider": make_coordinator,
        "reader": lambda: make_user(Role.READER, revision.plan.owner),
        "coordinator": lambda: make_coordinator(enkoping),
        "editor": lambda: editor,
        "administrator": make_administrator,
    }
    if who in people:
        client.force_login(people[who]())

    read = [SECRET in client.get(address).content.decode() for address in answers]

    assert set(read) == {who not in ("visitor", "outsider")}


def test_search_counts_only_what_its_reader_may_see(client, plan, enkoping):
    to_the_public = client.get("/sok/?q=hemligt").content.decode()
    client.force_login(make_coordinator(enkoping))
    inside = client.get("/sok/?q=hemligt").content.decode()

    assert "Inget hittades" in to_the_public
    assert "1 träff" in inside


def test_one_who_is_let_to_report_in_a_year_reads_it_and_another_does_not(client, plan):
    assigned = plan.followups.get().assignments.get().organisation
    address = "/planer/gemensam/uppfoljning/2016/"
    client.force_login(make_coordinator(assigned))
    another = Client()
    another.force_login(make_coordinator())

    assert client.get(address).status_code == 200
    assert another.get(address).status_code == 404


def test_a_plan_of_which_nothing_is_decided_is_not_on_the_start_page(client, enkoping):
    undecided = make_draft(make_plan(title=SECRET, partners=[enkoping])).plan
    address = reverse("plan", args=[undecided.slug])

    assert SECRET not in client.get("/").content.decode()
    assert client.get(address).status_code == 404

    client.force_login(make_coordinator(enkoping))
    assert SECRET in client.get("/").content.decode()
    assert client.get(address).status_code == 200


def test_a_plan_that_nobody_has_begun_to_write_is_on_nobodys_start_page(client, enkoping):
    make_plan(title=SECRET, partners=[enkoping])
    client.force_login(make_coordinator(enkoping))

    answer = client.get("/")

    assert answer.status_code == 200
    assert SECRET not in answer.content.decode()


def test_data_is_the_same_to_everyone(client, plan, enkoping):
    to_the_public = client.get("/planer/gemensam/data.json").content
    inside = Client()
    inside.force_login(make_coordinator(enkoping))

    assert inside.get("/planer/gemensam/data.json").content == to_the_public


def test_a_year_that_is_published_becomes_readable_with_its_typed_outcomes(client, plan, enkoping):
    publish(plan)

    page = client.get("/planer/gemensam/aktiviteter/mote/").content.decode()

    assert "Försenad" in page
    assert "12,3" in client.get("/planer/gemensam/indikatorer/nki/").content.decode()
    assert "12.34567891" in client.get("/planer/gemensam/data.json").content.decode()


def test_how_far_a_review_has_come_is_for_those_who_take_part(client, plan, enkoping):
    publish(plan)
    address = "/planer/gemensam/utmaningar/service/"

    public = client.get(address).content.decode()
    client.force_login(make_coordinator(enkoping))
    inside = client.get(address).content.decode()

    assert "Utmaningens uppföljning 2016" not in public
    assert "Utmaningens uppföljning 2016" in inside


def test_an_outcome_typed_later_does_not_hide_the_public_one(client, plan, enkoping):
    statistics = make_indicator(slug="oppen", name="Öppen")
    [revision] = plan.revisions.adopted()
    make_target(make_goal(make_challenge(revision)), indicator=statistics)
    make_outcome(statistics, enkoping, value=70, source="Kolada")
    make_outcome(statistics, enkoping, value=12, author=make_user())

    page = client.get("/planer/gemensam/indikatorer/oppen/").content.decode()

    assert "70,0" in page
    assert "12,0" not in page


def test_the_public_sees_for_whom_a_report_was_made_and_signed_in_people_by_whom(client, plan, enkoping):
    publish(plan)
    address = "/planer/gemensam/aktiviteter/mote/"
    owner, reporter = plan.owner.short_name, f"{SECRET} Person"

    public = client.get(address).content.decode()
    client.force_login(make_coordinator(make_municipality()))
    signed_in = client.get(address).content.decode()

    assert owner in public
    assert reporter not in public
    assert f"{reporter}, för {owner}" in " ".join(signed_in.split())


@pytest.fixture
def reopened(enkoping) -> Plan:
    """A plan whose year was published and is open again: since then everything says something else."""
    revision = make_revision(make_plan(slug="gemensam", partners=[enkoping]), year=2016)
    challenge = make_challenge(revision, key="service")
    goal = make_goal(challenge)
    activity = make_activity(challenge, key="mote", title="Möte", first_year=2016, last_year=2016)
    year = make_followup(revision, stage=Stage.PUBLISHED)
    make_report(year, activity, comment="Som det var.")
    make_edition(year)
    FollowUp.objects.update(stage=Stage.OPEN)
    said = dict.fromkeys(("comment", "reason"), SECRET)
    make_report(year, activity, status=Status.DELAYED, **said)
    make_report(year, make_activity(challenge, key="nytt"), status=Status.CANCELLED, **said)
    make_review(year, challenge, state=ReviewState.SUBMITTED, purpose=SECRET)
    make_review(year, challenge, state=ReviewState.APPROVED, purpose=SECRET, deviations=SECRET)
    make_assessment(year, goal, verdict=Verdict.NOT_MET, reason=SECRET, action=SECRET)
    return revision.plan


LIVE_PAGES = [
    "/",
    *OPEN_DATA,
    "/sok/?q=hemligt",
    "/planer/gemensam/",
    "/planer/gemensam/data.json",
    "/planer/gemensam/utmaningar/service/",
    "/planer/gemensam/aktiviteter/",
    "/planer/gemensam/aktiviteter/mote/",
    "/planer/gemensam/aktiviteter/nytt/",
    "/planer/gemensam/uppfoljning/2016/",
    "/planer/gemensam/uppfoljning/2016/utgava/1/",
    "/planer/gemensam/uppfoljning/2016/utgava/1.json",
]


@pytest.mark.parametrize("address", LIVE_PAGES)
def test_what_is_said_while_a_year_is_corrected_is_not_public_before_its_next_edition(
    client, reopened, address
):
    before_the_next = client.get(address).content.decode()
    make_edition(reopened.followups.get())
    after = client.get(address).content.decode()

    assert SECRET not in before_the_next
    assert "Ej uppnått" not in before_the_next
    assert (SECRET in after) == (address in TELL_MORE)


TELL_MORE = {
    "/sok/?q=hemligt",
    "/planer/gemensam/utmaningar/service/",
    "/planer/gemensam/aktiviteter/mote/",
    "/planer/gemensam/aktiviteter/nytt/",
    "/planer/gemensam/uppfoljning/2016/",
    *(address for address in OPEN_DATA if "/lagen." in address),
}
"""What shows the words themselves once the next edition is out; the edition before stays as it was."""


def test_the_public_counts_only_what_the_edition_told(client, reopened):
    page = client.get("/planer/gemensam/").content.decode()

    assert "2\xa0ej rapporterade" not in page
    assert "1\xa0pågår, 1\xa0ej rapporterad" in page


def test_a_year_that_is_corrected_tells_the_public_what_its_edition_told(client, reopened):
    assert "Som det var." in client.get("/planer/gemensam/aktiviteter/mote/").content.decode()
    assert "Pågår" in client.get("/planer/gemensam/utmaningar/service/").content.decode()
    assert client.get("/planer/gemensam/aktiviteter/?lage=ongoing").content.decode().count("Möte") == 1


def test_those_who_take_part_see_what_is_being_corrected(client, reopened, enkoping):
    client.force_login(make_coordinator(enkoping))

    assert SECRET in client.get("/planer/gemensam/aktiviteter/mote/").content.decode()
    assert "Försenad" in client.get("/planer/gemensam/utmaningar/service/").content.decode()


def test_a_year_that_is_corrected_moves_no_page_from_a_later_one(client, reopened, enkoping):
    make_followup(reopened.revisions.get(), year=2017, stage=Stage.PUBLISHED)

    to_the_public = client.get("/planer/gemensam/").content.decode()
    client.force_login(make_coordinator(enkoping))

    for page in (to_the_public, client.get("/planer/gemensam/").content.decode()):
        assert "1 aktivitet 2017" in page
