"""The page on which a challenge is followed up, as those who write, answer and read it meet it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from followup.forms.reviews import ReviewForms
from followup.models import ChallengeReview, FollowUp, GoalAssessment, ReviewState, Stage
from followup.queries import standpoint
from followup.reports.year import FollowUpReport, followup_report
from followup.reviewing import SAID, SAID_OF_GOAL, Now
from municipalities.models import Role, User
from publishing.editions import frozen, thawed
from tests.builders import (
    PASSWORD,
    make_activity,
    make_administrator,
    make_assessment,
    make_assignment,
    make_challenge,
    make_coordinator,
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
    make_user,
)
from tests.pages import Element, faults, main_of, read

pytestmark = pytest.mark.django_db

ADDRESS = "/planer/gemensam/uppfoljning/2016/utmaningar/service/"
NOTHING_OF_THE_GOAL = {f"goal-nki-{name}": "" for name in SAID_OF_GOAL} | {"goal-nki-seen": "0"}
WRITTEN = {
    "purpose": "Det går åt rätt håll.",
    "deviations": "Två möten är försenade.",
    "proposals": "",
    "seen": "0",
    **NOTHING_OF_THE_GOAL,
}
ACTION = {"goal-nki-action": "Fler möten med företagen."}


@pytest.fixture
def enkoping():
    return make_municipality("Enköping")


@pytest.fixture
def revision(enkoping):
    return make_revision(make_plan(slug="gemensam", partners=[enkoping]), year=2016)


@pytest.fixture
def followup(revision):
    return make_followup(revision)


@pytest.fixture
def challenge(revision, enkoping):
    """Its goal isn't met: 69,94 against 70."""
    challenge = make_challenge(
        revision, key="service", title="Service", purpose="Nöjda företag.", followup_owner=enkoping
    )
    indicator = make_indicator(slug="nki", name="NKI")
    make_target(make_goal(challenge, key="nki", text="Bättre service"), indicator=indicator, value=70)
    make_outcome(indicator, enkoping, value="69.94")
    return challenge


def browser_of(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def eva(enkoping, followup, challenge) -> Client:
    """The browser of the follow-up owner's coordinator."""
    return browser_of(make_coordinator(enkoping, name="Eva Ek"))


@pytest.fixture
def bo(enkoping, followup, challenge) -> Client:
    return browser_of(make_coordinator(enkoping, name="Bo Berg"))


@pytest.fixture
def rut(followup, challenge) -> Client:
    """The editor's."""
    return browser_of(make_user(Role.EDITOR, followup.plan.owner, name="Rut Redaktör"))


def typed(main: Element) -> dict[str, str]:
    """What the form of the challenge holds."""
    form = next(form for form in main.all("form") if form.all("textarea", name="purpose"))
    texts = {area["name"]: area.text for area in form.all("textarea")}
    hidden = {each["name"]: each["value"] for each in form.all("input", type="hidden")}
    hidden.pop("csrfmiddlewaretoken")
    chosen = {
        each["name"]: each["value"]
        for each in form.all("input", type="radio")
        if "checked" in each.attributes
    }
    return {**hidden, **texts, **chosen}


def buttons(main: Element) -> list[str]:
    return [each["value"] for each in main.all("button")]


def error_at(main: Element, field: str) -> str:
    return " ".join(each.text for each in main.all("div", id=f"id_{field}_error"))


class TestWriting:
    def test_a_draft_is_saved_and_the_form_goes_on_from_it(self, eva):
        answer = eva.post(ADDRESS, {**WRITTEN, **ACTION, "deed": "save"}, follow=True)

        assert "Utkastet är sparat." in read(answer).one("div", class_="messages").text
        assert typed(main_of(answer)) == WRITTEN | ACTION | {"seen": "1", "goal-nki-seen": "1"}
        assert "Påbörjad av Eva Ek" in main_of(answer).text

    def test_the_draft_in_the_browser_is_confirmed_when_it_is_saved_and_not_before(self, eva):
        eva.post(ADDRESS, {**WRITTEN, "seen": "7", "deed": "save", "draft": "a1"})
        eva.post(ADDRESS, {**WRITTEN, "deed": "save", "draft": "a2"})

        assert eva.session["saved_drafts"] == ["a2"]

    def test_without_a_button_it_is_a_draft_that_is_saved(self, eva):
        eva.post(ADDRESS, WRITTEN)

        assert ChallengeReview.objects.get().state == ReviewState.DRAFT

    def test_what_is_sent_in_is_read_and_can_be_taken_back(self, eva):
        page = main_of(eva.post(ADDRESS, {**WRITTEN, **ACTION, "deed": "send-in"}, follow=True))

        assert buttons(page) == ["take-back"]
        assert "Fler möten med företagen." in page.text
        assert "Inskickad av Eva Ek" in page.text

        page = main_of(eva.post(ADDRESS, {"deed": "take-back", "seen": "1"}, follow=True))
        assert buttons(page) == ["save", "send-in"]

    def test_what_is_lacking_is_said_at_its_field_and_nothing_is_lost(self, eva):
        written = {**WRITTEN, "purpose": "", "goal-nki-verdict": "partly_met"}

        answer = eva.post(ADDRESS, {**written, "deed": "send-in"})

        page = main_of(answer)
        assert answer.status_code == 422
        assert error_at(page, "purpose") == "Skriv hur det går med syftet innan du skickar in."
        assert error_at(page, "goal-nki-reason") == "Skriv varför du bedömer målet så."
        assert error_at(page, "goal-nki-action").startswith("Skriv vad ni gör för att nå målet")
        assert len(page.one("div", class_="notice-bad").all("li")) == 3
        assert faults(read(answer)) == []
        assert typed(page) == written
        assert not ChallengeReview.objects.exists()

    def test_a_text_that_is_too_long_is_refused_and_kept(self, eva):
        answer = eva.post(ADDRESS, {**WRITTEN, "purpose": "o" * 10_001, "deed": "save"})

        assert answer.status_code == 422
        assert "10001 tecken lång" in error_at(main_of(answer), "purpose")
        assert typed(main_of(answer))["purpose"] == "o" * 10_001

    @pytest.mark.parametrize(("verdict", "status"), [("partly_met", 302), ("uppnått", 422), ("met\0", 422)])
    def test_a_verdict_is_one_that_there_is(self, eva, verdict, status):
        sent = {**WRITTEN, "goal-nki-verdict": verdict, "goal-nki-reason": "Därför.", "deed": "save"}

        assert eva.post(ADDRESS, sent).status_code == status

    def test_what_is_wrong_with_a_verdict_is_told_with_its_choices(self, eva):
        page = main_of(eva.post(ADDRESS, {**WRITTEN, "goal-nki-verdict": "uppnått", "deed": "save"}))

        [choices] = page.all("fieldset", id="id_goal-nki-verdict")
        assert choices["aria-describedby"] == "id_goal-nki-verdict_error"
        assert error_at(page, "goal-nki-verdict")

    def test_another_challenges_goal_in_hidden_fields_is_left_alone(self, eva, revision):
        theirs = make_goal(make_challenge(revision), key="deras")
        sent = {"goal-deras-action": "Inte mitt.", "goal-deras-seen": "0", "deed": "save"}

        eva.post(ADDRESS, {**WRITTEN, **sent})

        assert not GoalAssessment.objects.filter(goal=theirs).exists()
        assert ChallengeReview.objects.get().number == 1

    def test_lines_are_parted_alike_whatever_browser_sent_them(self, eva):
        eva.post(ADDRESS, {**WRITTEN, "purpose": "Ett.\r\n\r\nTvå.", "deed": "save"})

        assert ChallengeReview.objects.get().purpose == "Ett.\n\nTvå."

    def test_a_deed_that_there_is_not_is_refused(self, eva):
        assert eva.post(ADDRESS, {**WRITTEN, "deed": "publish"}).status_code == 400

    def test_what_was_sent_when_the_session_had_ended_is_in_the_form_after_log_in(self, eva):
        eva.get(ADDRESS)
        Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))

        assert eva.post(ADDRESS, {**WRITTEN, **ACTION, "deed": "save"}).status_code == 403

        person = User.objects.get(name="Eva Ek")
        eva.post("/konto/logga-in/", {"login": person.email, "password": PASSWORD})
        page = main_of(eva.get(ADDRESS))
        assert "Här är det du skrev innan du loggades ut." in page.text
        assert typed(page) == WRITTEN | ACTION
        assert not ChallengeReview.objects.exists()


class TestTheFactsBeside:
    def test_the_purpose_the_figures_and_the_deviations(self, eva, followup, challenge):
        late = make_activity(challenge, title="Möblera om")
        make_report(followup, late, status="delayed", reason="Möblerna är sena.", action="Vi lånar.")
        make_report(followup, make_activity(challenge, title="Hälsa på"), status="ongoing")

        facts = [each.text for each in main_of(eva.get(ADDRESS)).all("div", class_="known")]

        assert "Nöjda företag." in facts[0]
        assert "Ej uppnått" in facts[1]
        assert "69,9" in facts[1]
        assert "1 av 1 kommuner" in facts[1]
        assert "Möblera om Orsak: Möblerna är sena. Åtgärd: Vi lånar." in facts[2]
        assert "Hälsa på" not in facts[2]

    def test_what_was_said_the_year_before(self, eva, revision, challenge):
        earlier = make_followup(revision, year=2015, stage=Stage.PUBLISHED)
        make_review(earlier, challenge, state=ReviewState.APPROVED, purpose="Så gick det 2015.")

        assert "Så här stod det 2015 Så gick det 2015." in main_of(eva.get(ADDRESS)).text

    def test_what_is_being_corrected_in_the_year_before_is_not_for_those_who_only_report(
        self, client, followup, revision, challenge
    ):
        earlier = make_followup(revision, year=2015, stage=Stage.PUBLISHED)
        make_review(earlier, challenge, state=ReviewState.APPROVED, purpose="Som det var.")
        FollowUp.objects.filter(pk=earlier.pk).update(stage=Stage.CLOSED, published_at=timezone.now())
        make_review(earlier, challenge, state=ReviewState.APPROVED, purpose="Som det ska bli.")
        elsewhere = make_organisation()
        make_assignment(followup, make_activity(challenge), organisation=elsewhere)
        client.force_login(make_coordinator(elsewhere))

        page = main_of(client.get(ADDRESS)).text

        assert "Som det var." in page
        assert "Som det ska bli." not in page

    def test_a_draft_from_the_year_before_is_not_shown(self, eva, revision, challenge):
        earlier = make_followup(revision, year=2015, stage=Stage.PUBLISHED)
        make_review(earlier, challenge, purpose="Aldrig inskickat.")

        assert "Aldrig inskickat." not in main_of(eva.get(ADDRESS)).text

    def test_a_goal_without_a_number_is_shown_as_not_possible_to_judge(self, eva, challenge):
        make_goal(challenge, key="utan", text="Utan tal")

        assert "Det visas som Kan ej bedömas" in main_of(eva.get(ADDRESS)).text

    def test_texts_are_markdown_that_can_do_no_harm(self, rut, followup, challenge):
        make_review(
            followup, challenge, state=ReviewState.SUBMITTED, purpose="**Bra** <script>alert(1)</script>"
        )
        answer = rut.get(ADDRESS)

        assert "<strong>Bra</strong>" in answer.content.decode()
        assert "<script>alert" not in answer.content.decode()


def test_a_coordinator_writes_for_a_network_that_they_represent(followup, challenge, enkoping):
    challenge.followup_owner = make_organisation("Nätverket", represented_by=[enkoping])
    challenge.save()

    answer = browser_of(make_coordinator(enkoping)).post(ADDRESS, {**WRITTEN, "deed": "save"})

    assert answer.status_code == 302


def test_a_coordinator_does_not_write_for_another_than_they_represent(followup, challenge, enkoping):
    make_organisation("Nätverket", represented_by=[enkoping])
    challenge.followup_owner = make_organisation("Ett annat")
    challenge.save()

    answer = browser_of(make_coordinator(enkoping)).post(ADDRESS, {**WRITTEN, "deed": "save"})

    assert answer.status_code == 403


class TestAnswering:
    @pytest.fixture(autouse=True)
    def sent_in(self, eva):
        eva.post(ADDRESS, {**WRITTEN, **ACTION, "deed": "send-in"})

    def test_the_editor_may_approve_and_return(self, rut):
        assert buttons(main_of(rut.get(ADDRESS))) == ["approve", "return"]

    def test_what_is_returned_tells_the_writer_what_to_change(self, rut, eva):
        rut.post(ADDRESS, {"deed": "return", "note": "Skriv om möblerna.", "seen": "1"})

        page = main_of(eva.get(ADDRESS))
        assert page.one("div", class_="notice-late").text == "Det här behöver ändras: Skriv om möblerna."
        assert buttons(page) == ["save", "send-in"]

        eva.post(ADDRESS, {**WRITTEN, **ACTION, "seen": "2", "goal-nki-seen": "1", "deed": "save"})
        assert "Skriv om möblerna." in main_of(eva.get(ADDRESS)).one("div", class_="notice-late").text

    def test_a_return_without_a_note_is_refused(self, rut):
        answer = rut.post(ADDRESS, {"deed": "return", "note": " ", "seen": "1"})

        assert answer.status_code == 422
        assert error_at(main_of(answer), "note") == "Skriv vad som behöver ändras."
        assert "Skriv vad som behöver ändras." in main_of(answer).one("div", role="alert").text

    def test_what_is_approved_can_be_taken_up_again_by_its_writer(self, rut, eva):
        answer = rut.post(ADDRESS, {"deed": "approve", "seen": "1"}, follow=True)

        assert "Godkänd av Rut Redaktör" in main_of(answer).text
        assert buttons(main_of(answer)) == ["return"]
        assert buttons(main_of(eva.get(ADDRESS))) == ["take-back"]

    def test_the_editor_does_not_write(self, rut):
        answer = rut.post(ADDRESS, {**WRITTEN, "seen": "1", "deed": "save"})

        assert answer.status_code == 403
        assert "Bara den som följer upp utmaningen kan skriva om den." in answer.content.decode()

    def test_the_writer_is_not_told_of_other_editors(self, eva):
        assert "Någon annan redaktör" not in main_of(eva.get(ADDRESS)).text

    def test_the_writer_does_not_answer(self, eva):
        assert eva.post(ADDRESS, {"deed": "approve", "seen": "1"}).status_code == 403

    def test_another_coordinator_does_not_answer_either(self, bo):
        for deed in ("approve", "return"):
            assert bo.post(ADDRESS, {"deed": deed, "note": "-", "seen": "1"}).status_code == 403

    def test_an_editor_who_wrote_of_another_challenge_or_in_another_year_answers(self, followup, challenge):
        editor = make_user(Role.EDITOR, followup.plan.owner)
        make_review(followup, make_challenge(challenge.revision), author=editor)
        make_review(make_followup(challenge.revision, year=2017), challenge, author=editor)

        assert browser_of(editor).post(ADDRESS, {"deed": "approve", "seen": "1"}).status_code == 302

    def test_an_administrator_who_wrote_an_earlier_draft_neither_approves_nor_returns(
        self, followup, challenge
    ):
        administrator = make_administrator()
        make_review(followup, challenge, author=administrator)
        make_review(followup, challenge, state=ReviewState.SUBMITTED)
        client = browser_of(administrator)

        page = main_of(client.get(ADDRESS))
        assert "Du har själv skrivit i texten." in page.text
        assert buttons(page) == ["take-back"]
        for deed in ("approve", "return"):
            assert client.post(ADDRESS, {"deed": deed, "note": "-", "seen": "3"}).status_code == 403

    def test_a_goal_that_is_no_longer_met_stops_the_approval_and_says_which(self, rut, followup, challenge):
        make_assessment(followup, challenge.goals.get())

        answer = rut.post(ADDRESS, {"deed": "approve", "seen": "1"})

        assert answer.status_code == 422
        assert "Bättre service: Skriv vad ni gör" in main_of(answer).one("div", class_="notice-bad").text

    def test_what_the_writer_did_meanwhile_is_shown_and_the_note_kept(self, rut, eva):
        eva.post(ADDRESS, {"deed": "take-back", "seen": "1"})
        eva.post(ADDRESS, {**WRITTEN, **ACTION, "seen": "2", "goal-nki-seen": "1", "deed": "send-in"})

        answer = rut.post(ADDRESS, {"deed": "return", "note": "Min anteckning.", "seen": "1"})

        page = main_of(answer)
        assert answer.status_code == 409
        assert "Någon annan hann före." in page.text
        assert page.one("textarea", name="note").text == "Min anteckning."
        assert {each["value"] for each in page.all("input", name="seen")} == {"3"}

    @pytest.mark.parametrize("stage", [Stage.PLANNED, Stage.PUBLISHED])
    def test_a_stage_that_does_not_allow_it_shows_the_text_to_read_and_refuses_the_rest(
        self, stage, rut, eva, followup
    ):
        type(followup).objects.filter(pk=followup.pk).update(stage=stage)

        for client, deed in ((eva, "save"), (eva, "take-back"), (rut, "approve"), (rut, "return")):
            page = main_of(client.get(ADDRESS))
            assert buttons(page) == []
            assert "Det går åt rätt håll." in page.text
            sent = {**WRITTEN, "note": "-", "seen": "1", "deed": deed}
            assert client.post(ADDRESS, sent).status_code == 403


class TestTwoAtOnce:
    def test_mine_stands_beside_what_is_there_now_and_can_be_saved_again(self, eva, bo):
        eva.post(ADDRESS, {**WRITTEN, "purpose": "Evas.", "proposals": "Evas förslag.", "deed": "save"})
        mine = {**WRITTEN, "purpose": "Bos.", "deviations": "Bos avvikelser.", **ACTION}

        answer = bo.post(ADDRESS, {**mine, "deed": "save"})

        page = main_of(answer)
        conflict = page.all("div", class_="notice-late")[0]
        assert answer.status_code == 409
        assert "Eva Ek skrev den" in conflict.text
        assert "Sparat nu Evas. Det du skrev Bos." in conflict.text
        assert "Evas förslag." in conflict.text
        assert faults(read(answer)) == []
        again = typed(page)
        assert (again["purpose"], again["proposals"]) == ("Bos.", "Evas förslag.")
        assert (again["seen"], again["goal-nki-seen"]) == ("1", "0")

        assert bo.post(ADDRESS, {**again, "deed": "save"}).status_code == 302
        row = ChallengeReview.objects.get(number=2)
        assert (row.purpose, row.proposals, str(row.author)) == ("Bos.", "Evas förslag.", "Bo Berg")
        assert GoalAssessment.objects.get().action == ACTION["goal-nki-action"]

    def test_a_draft_that_comes_after_it_was_sent_in_takes_it_back_only_when_it_is_saved_again(self, eva, bo):
        eva.post(ADDRESS, {**WRITTEN, **ACTION, "deed": "send-in"})

        page = main_of(bo.post(ADDRESS, {**WRITTEN, "purpose": "Bos.", "deed": "send-in", **ACTION}))

        assert ChallengeReview.objects.get().state == ReviewState.SUBMITTED
        assert buttons(page)[0] == "save"
        assert "send-in" not in buttons(page)
        bo.post(ADDRESS, {**typed(page), "deed": "save"})
        assert ChallengeReview.objects.get(number=2).state == ReviewState.DRAFT

    def test_a_double_click_saves_once(self, eva):
        for _click in range(2):
            assert eva.post(ADDRESS, {**WRITTEN, **ACTION, "deed": "send-in"}).status_code == 302

        assert ChallengeReview.objects.count() == 1

    @pytest.mark.parametrize("seen", ["", "-1", "7", "ett", "1" * 40, "²"])
    def test_a_form_that_does_not_tell_what_it_saw_loses_nothing(self, eva, bo, seen):
        eva.post(ADDRESS, {**WRITTEN, "purpose": "Evas.", "deed": "save"})

        answer = bo.post(ADDRESS, {**WRITTEN, "purpose": "Bos.", "seen": seen, "deed": "save"})

        assert answer.status_code == 409
        assert typed(main_of(answer))["purpose"] == "Bos."
        assert ChallengeReview.objects.count() == 1


class TestWhoReads:
    def test_those_who_take_part_read_and_have_nothing_to_press(self, eva, enkoping, revision):
        vasteras = make_municipality("Västerås")
        revision.plan.partners.add(vasteras)
        eva.post(ADDRESS, {**WRITTEN, "deed": "save"})

        page = main_of(browser_of(make_coordinator(vasteras)).get(ADDRESS))

        assert "Det går åt rätt håll." in page.text
        assert buttons(page) == []

    def test_a_visitor_is_sent_to_log_in(self, followup, challenge):
        assert Client().get(ADDRESS).status_code == 302

    @pytest.mark.parametrize(("stage", "status"), [(Stage.OPEN, 404), (Stage.PUBLISHED, 403)])
    def test_someone_from_outside_reads_it_never(self, challenge, revision, stage, status):
        make_followup(revision, stage=stage)

        assert browser_of(make_coordinator()).get(ADDRESS).status_code == status

    def test_a_challenge_of_another_plan_is_not_there(self, eva):
        make_challenge(make_revision(make_plan(slug="deras")), key="deras")

        assert eva.get(ADDRESS.replace("service", "deras")).status_code == 404


def test_the_page_takes_as_many_statements_however_much_there_is(eva, followup, challenge):
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert eva.get(ADDRESS).status_code == 200
        return len(asked)

    def grow(number: int) -> None:
        for _each in range(number):
            make_report(followup, make_activity(challenge), status="delayed", reason="-")
            goal = make_goal(challenge)
            make_target(goal)
            make_assessment(followup, goal)
            make_review(followup, challenge)

    grow(1)
    few = statements()
    grow(9)
    assert statements() == few <= 24


words = st.sampled_from(["", "Ett.", "Två.", "Tre.", "Två.\n\nTre."])
three = st.fixed_dictionaries({name: st.tuples(words, words, words) for name in SAID})


@given(three)
def test_after_a_conflict_the_form_and_what_is_shown_beside_it_hold_all_that_both_wrote(said):
    """Each field as both saw it first, as the other one left it, and as I wrote it."""
    first, theirs, mine = ({name: texts[at] for name, texts in said.items()} for at in range(3))
    forms = ReviewForms([], Now(None), {**mine, "seen": "1"})
    assert forms.is_valid()

    after = forms.after(Now(ChallengeReview(number=1, **first)), Now(ChallengeReview(number=2, **theirs)))

    held = after.words
    shown = {(each.mine, each.theirs) for each in after.differences}
    assert held.seen == 2
    for name in SAID:
        assert held.said[name] == (theirs[name] if mine[name] == first[name] else mine[name])
        told = held.said[name] == theirs[name] or theirs[name] == first[name]
        assert told or (mine[name], theirs[name]) in shown


class TestInTheYearsFollowUp:
    """What is told of a review on the year's page, in its edition and on the challenge's page."""

    YEAR = "/planer/gemensam/uppfoljning/2016/"
    CHALLENGE = "/planer/gemensam/utmaningar/service/"

    @pytest.fixture
    def reader(self, followup, challenge) -> Client:
        return browser_of(make_user(Role.READER, followup.plan.owner))

    def review(self, followup, challenge, *states: str) -> None:
        for state in states:
            note = "Mer." if state == "returned" else ""
            make_review(followup, challenge, state=state, purpose="Det **går**.", note=note)

    @pytest.mark.parametrize(
        ("state", "label"), [("draft", "Påbörjad"), ("submitted", "Inskickad"), ("returned", "Returnerad")]
    )
    def test_how_far_it_has_come_is_told_while_the_year_is_under_way_and_no_words(
        self, reader, followup, challenge, state, label
    ):
        self.review(followup, challenge, state)

        for address in (self.YEAR, self.CHALLENGE):
            page = main_of(reader.get(address))
            assert label in page.text
            assert page.all("a", href=ADDRESS)
            assert "Det går." not in page.text
        assert not {"Ändra", "Ditt svar"} & {each.text for each in main_of(reader.get(ADDRESS)).all("h2")}

    def test_that_nobody_has_begun_is_told_too(self, reader):
        for address in (self.YEAR, self.CHALLENGE):
            assert "Inte påbörjad" in main_of(reader.get(address)).text

    def test_an_approved_text_is_read_with_what_is_made_of_the_goals(self, reader, followup, challenge):
        goal = challenge.goals.get()
        make_assessment(followup, goal, verdict="partly_met", reason="Nära.", action="Fler möten.")
        self.review(followup, challenge, "submitted", "approved")

        page = main_of(reader.get(self.YEAR))

        assert "Det går ." in page.text
        assert "Delvis uppnått" in page.text
        assert "Bedömt av Enköping. Uträknat: Ej uppnått." in page.text
        assert "Åtgärd: Fler möten." in page.text
        assert "Enköping har skrivit om hur det går." in page.text

    def test_a_verdict_that_nobody_has_approved_does_not_hold(self, reader, followup, challenge):
        make_assessment(followup, challenge.goals.get(), verdict="met", reason="Nära.")
        self.review(followup, challenge, "submitted")

        page = main_of(reader.get(self.YEAR))

        assert "Ej uppnått" in page.text
        assert "Nära." not in page.text

    @pytest.mark.parametrize("states", [[], ["draft"], ["submitted"], ["submitted", "returned"]])
    def test_in_an_edition_what_nobody_has_approved_is_a_gap_and_nothing_more(
        self, followup, challenge, states
    ):
        self.review(followup, challenge, *states)
        report = self.published(followup)

        assert report.challenges[0].review is None
        assert thawed(FollowUpReport, frozen(report)) == report
        page = render_to_string("followup/reviews/standing.html", self.shown(report))
        assert "Det finns ingen godkänd text om hur det går." in page
        assert "utmaningar/service" not in page

    def test_an_edition_has_the_approved_words_by_value_and_no_name(self, followup, challenge):
        self.review(followup, challenge, "submitted", "approved")
        report = self.published(followup)

        review = report.challenges[0].review
        assert review is not None
        assert (review.purpose, review.organisation) == ("Det **går**.", "Enköping")
        assert thawed(FollowUpReport, frozen(report)) == report
        assert "<strong>går</strong>" in render_to_string(
            "followup/reviews/standing.html", self.shown(report)
        )

    def published(self, followup) -> FollowUpReport:
        followup.stage = Stage.PUBLISHED
        return followup_report(standpoint(followup.plan, make_administrator()), followup)

    def shown(self, report: FollowUpReport) -> dict[str, Any]:
        context = {"challenge": report.challenges[0], "plan": report.plan, "year": report.year}
        return {**context, "is_published": report.is_published}

    def test_the_public_is_told_of_no_review_on_the_challenges_page(self, followup, challenge):
        self.review(followup, challenge, "submitted")

        page = main_of(Client().get(self.CHALLENGE))

        assert "Inskickad" not in page.text
        assert not page.all("a", href=ADDRESS)
