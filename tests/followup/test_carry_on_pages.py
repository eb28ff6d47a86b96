"""The pages on which an editor goes through what was decided, sets targets and sees what is lacking."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from actionplan import carrying
from actionplan.drafting import discard, start_correction, start_next
from actionplan.models import Activity, Challenge, Ending, How, Revision, YearlyTarget
from followup.models import FollowUp, ReviewState, Stage, Status
from municipalities.models import Role, User
from tests.builders import (
    PASSWORD,
    make_activity,
    make_challenge,
    make_coordinator,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
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

LIST = "/planer/gemensam/utkast/genomgang/"
MOTE = "/planer/gemensam/utkast/genomgang/aktiviteter/mote/"
TARGETS = "/planer/gemensam/utkast/genomgang/malvarden/"
GAPS = "/planer/gemensam/utkast/kontroll/"
DRAFT = "/planer/gemensam/utkast/"
CARRIED = {"decision": "carried", "first_year": "2016", "last_year": "2018"}


@pytest.fixture(autouse=True)
def one_step_is_enough(settings):
    settings.REQUIRE_MFA = False


@pytest.fixture
def base() -> Revision:
    """The plan for 2016: a meeting that goes on, a fair that is done, and one that was cancelled."""
    enkoping = make_municipality("Enköping")
    plan = make_plan(slug="gemensam", partners=[enkoping], first_year=2015, last_year=2018)
    base = make_revision(plan, year=2016)
    service = make_challenge(base, key="service", title="Service", followup_owner=enkoping)
    about = {"responsible": [enkoping]}
    make_activity(service, key="mote", title="Möte", first_year=2016, last_year=2018, **about)
    make_activity(service, key="massa", title="Mässa", first_year=2016, last_year=2016, **about)
    make_activity(service, key="resa", title="Resa", first_year=2016, last_year=2016, **about)
    return base


@pytest.fixture
def followup(base) -> FollowUp:
    followup = make_followup(base, stage=Stage.CLOSED)
    said = {
        "mote": {"status": Status.DELAYED, "reason": "Ingen lokal.", "action": "Vi bokar en."},
        "massa": {"status": Status.COMPLETED, "result": "Hundra besökare."},
        "resa": {"status": Status.CANCELLED, "reason": "Bussen gick sönder."},
    }
    for key, words in said.items():
        make_report(followup, Activity.objects.get(revision=base, key=key), **words)
    return followup


@pytest.fixture
def editor(base) -> User:
    return make_user(Role.EDITOR, base.plan.owner, name="Eva Ek")


@pytest.fixture
def draft(base, followup, editor) -> Revision:
    return start_next(base, 2017, by=editor)


@pytest.fixture
def client(editor) -> Client:
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def rows(editor) -> Client:
    """A browser that asks for rows."""
    client = Client(headers={"HX-Request": "true"})
    client.force_login(editor)
    return client


def left(draft: Revision) -> set[str]:
    return {each.key for each in carrying.activities_left(draft)}


def row_of(answer: Any, key: str) -> Element:
    return next(each for each in read(answer).all("li") if each.attributes.get("id") == f"aktivitet-{key}")


class TestTheList:
    def test_each_activity_stands_with_its_status_and_what_can_be_done(self, client, draft):
        answer = client.get(LIST)

        page = read(answer)
        assert "0 av 3 aktiviteter är genomgångna. Tre är kvar." in page.text
        assert "Försenad" in row_of(answer, "mote").text
        assert "2016–2018 · Enköping" in row_of(answer, "mote").text
        assert "Klar, lämnas ut" in row_of(answer, "massa").text
        assert "Avbruten, lämnas ut" in row_of(answer, "resa").text
        assert "För vidare till 2017" in row_of(answer, "massa").text

    def test_bold_are_those_of_the_new_year(self, client, draft):
        answer = client.get(LIST)

        bold = [each["id"] for each in read(answer).all("li", class_="this-year")]
        assert bold == ["aktivitet-mote"]

    def test_the_latest_status_is_of_the_latest_year_that_has_one(self, client, draft, base):
        later = make_followup(base, year=2017)
        make_report(later, Activity.objects.get(revision=base, key="mote"), status=Status.ONGOING)

        row = row_of(client.get(LIST), "mote")

        assert "Pågår" in row.text
        assert "2017" in row.text

    def test_what_was_said_of_it_in_an_earlier_revision_stands_there_and_decides_nothing(
        self, client, draft, editor
    ):
        carrying.carry_on_all(draft, ["mote", "massa"], by=editor)
        Revision.objects.filter(pk=draft.pk).update(state="adopted")

        start_next(Revision.objects.get(pk=draft.pk), 2018, by=editor)

        answer = client.get(LIST)
        assert "Försenad 2016" in row_of(answer, "mote").text
        assert "Genomförd 2016 För vidare" in row_of(answer, "massa").text
        assert "lämnas ut ur" in read(answer).text
        assert not [each for each in read(answer).all("button") if each["value"] == "leave-out-all"]

    def test_nobody_has_reported(self, client, base, editor):
        start_next(base, 2017, by=editor)

        assert "Ej rapporterad" in row_of(client.get(LIST), "mote").text

    @pytest.mark.parametrize(
        ("key", "deed", "decision", "label"),
        [
            ("mote", "carry-on", "carried", "Förs vidare"),
            ("massa", "carry-on", "moved", "2016–2017"),
            ("mote", "done", "done", "Klar, lämnas ut"),
            ("massa", "leave-out", "done", "Klar, lämnas ut"),
            ("resa", "leave-out", "ended", "Bussen gick sönder."),
        ],
    )
    def test_a_button_decides_at_once_and_can_be_undone(self, client, draft, key, deed, decision, label):
        url = f"{LIST}aktiviteter/{key}/"

        answer = client.post(url, {"deed": deed}, follow=True)

        assert answer.redirect_chain == [(f"{LIST}#aktivitet-{key}", 302)]
        assert label in row_of(answer, key).text
        assert "1 av 3" in read(answer).text
        answer = client.post(url, {"deed": f"take-back {decision}"}, follow=True)
        assert "ska gås igenom igen" in read(answer).text
        assert left(draft) == {"mote", "massa", "resa"}

    def test_what_is_done_and_cancelled_is_left_out_by_default_at_once(self, client, draft):
        page = client.get(LIST)
        assert "Lämna ut de 2 som är genomförda eller avbrutna" in read(page).text

        answer = client.post(LIST, {"deed": "leave-out-all"}, follow=True)

        assert "2 aktiviteter lämnas ut." in read(answer).text
        endings = Ending.objects.filter(revision=draft).values_list("key", "how", "reason")
        assert set(endings) == {("massa", "done", ""), ("resa", "ended", "Bussen gick sönder.")}
        assert left(draft) == {"mote"}

    def test_the_rest_is_carried_on_at_once(self, client, draft, base):
        make_activity(Challenge.objects.get(revision=base), key="ny", title="Ny", last_year=2016)
        assert "En av dem skulle ha varit klar tidigare och får 2017" in read(client.get(LIST)).text

        answer = client.post(LIST, {"deed": "carry-on-all"}, follow=True)

        assert "2 aktiviteter förs vidare." in read(answer).text
        assert left(draft) == {"massa", "resa"}
        assert "2 aktiviteter i planen för 2016 är kvar" in read(client.get(DRAFT)).text

        done = client.post(LIST, {"deed": "leave-out-all"}, follow=True)
        assert read(done).one("div", id="alla-pa-en-gang").one("a").text == "Vidare till målvärdena"
        assert "Allt i planen för 2016 är genomgånget." in read(client.get(DRAFT)).text

    def test_it_can_be_left_and_gone_on_with_by_another(self, client, draft, base):
        client.post(MOTE, {"deed": "carry-on"})
        another = Client()
        another.force_login(make_user(Role.EDITOR, base.plan.owner))

        assert "1 av 3" in read(another.get(LIST)).text

    def test_the_second_who_decides_is_told_what_the_first_did(self, client, draft, editor):
        carrying.leave_out(draft, "mote", How.DONE, by=editor)

        answer = client.post(MOTE, {"deed": "carry-on"}, follow=True)

        assert "Någon annan hann före: ”Möte” lämnas ut som klar." in read(answer).text
        assert not Activity.objects.filter(revision=draft).exists()

    def test_a_button_that_is_none_is_refused(self, client, draft):
        assert client.post(LIST, {"deed": "annat"}).status_code == 422
        assert client.post(MOTE, {"deed": "take-back finns-inte"}).status_code == 422


class TestRows:
    def test_the_row_comes_back_with_what_was_done_and_how_far_it_has_come(self, rows, draft):
        answer = rows.post(MOTE, {"deed": "carry-on"})

        page = read(answer)
        assert answer.status_code == 200
        assert not page.all("html")
        assert "Ångra" in row_of(answer, "mote").text
        assert page.one("div", id="announced").text == "”Möte” förs vidare."
        assert "1 av 3" in page.one("div", id="hur-langt").text
        heading = row_of(answer, "mote").one("h3")
        assert "autofocus" in heading.attributes

    def test_the_second_gets_the_row_as_it_is(self, rows, draft, editor):
        carrying.leave_out(draft, "mote", How.DONE, by=editor)

        answer = rows.post(MOTE, {"deed": "carry-on"})

        assert answer.status_code == 409
        assert "Klar, lämnas ut" in row_of(answer, "mote").text
        assert "Någon annan hann före" in read(answer).one("div", id="announced").text

    def test_the_row_asks_before_anything_is_lost(self, rows, draft, editor):
        copy = carrying.carry_on(draft, "mote", by=editor)
        Activity.objects.filter(pk=copy.pk).update(title="Många möten")

        answer = rows.post(MOTE, {"deed": "take-back carried"})

        assert answer.status_code == 409
        row = row_of(answer, "mote")
        assert "Många möten" in row.text
        deed = row.one("button")["value"]
        rows.post(MOTE, {"deed": deed})
        assert "mote" in left(draft)


class TestAnActivity:
    def test_what_is_known_stands_beside(self, client, draft, followup, base):
        service = Challenge.objects.get(revision=base)
        make_review(
            followup,
            service,
            state=ReviewState.APPROVED,
            deviations="Lokaler saknas.",
            proposals="Slå ihop dem.",
        )

        text = read(client.get(MOTE)).text

        for words in (
            "Försenad",
            "Ingen lokal.",
            "Vi bokar en.",
            "Slå ihop dem.",
            "Lokaler saknas.",
            "Enköping",
        ):
            assert words in text

    def test_a_text_that_nobody_has_approved_is_not_shown(self, client, draft, followup, base):
        make_review(followup, Challenge.objects.get(revision=base), proposals="Slå ihop dem.")

        text = read(client.get(MOTE)).text

        assert "påbörjad och inte godkänd än" in text
        assert "Slå ihop dem." not in text

    def test_what_was_reported_is_the_default(self, client, draft):
        page = read(client.get(f"{LIST}aktiviteter/resa/"))

        [chosen] = [each["value"] for each in page.all("input") if "checked" in each.attributes]
        assert chosen == "ended"
        assert "Bussen gick sönder." in page.one("textarea", id="id_reason").text
        assert page.one("input", id="id_last_year")["value"] == "2017"

    def test_carried_on_with_other_years(self, client, draft):
        client.post(MOTE, CARRIED | {"first_year": "2017", "last_year": ""})

        copy = Activity.objects.get(revision=draft)
        assert (copy.key, copy.first_year, copy.last_year) == ("mote", 2017, None)

    def test_replaced(self, client, draft):
        said = {"decision": "replaced", "title": "Nytt\r\nmöte", "first_year": "2017", "last_year": "2018"}

        answer = client.post(MOTE, said, follow=True)

        successor = Activity.objects.get(revision=draft)
        assert (successor.title, successor.predecessor) == ("Nytt möte", "mote")
        assert "Ersatt av ”Nytt möte”" in row_of(answer, "mote").text

    def test_what_replaced_it_is_asked_about_before_it_goes(self, client, draft):
        client.post(MOTE, {"decision": "replaced", "title": "Nytt möte"})

        answer = client.post(MOTE, {"deed": "take-back replaced"})

        assert answer.status_code == 409
        page = read(answer)
        assert "Nytt möte" in main_of(answer).one("div", class_="notice-late").text
        [deed] = [each["value"] for each in page.all("button") if each["value"].startswith("take-back")]
        client.post(MOTE, {"deed": deed})
        assert "mote" in left(draft)

    def test_ended_with_a_reason(self, client, draft):
        client.post(MOTE, {"decision": "ended", "reason": "Ingen kommer."})

        assert Ending.objects.get(revision=draft).reason == "Ingen kommer."

    @pytest.mark.parametrize(
        ("said", "sentence"),
        [
            ({}, "Välj vad som händer."),
            ({"decision": "ended", "reason": " "}, "Skriv varför aktiviteten avslutas."),
            ({"decision": "replaced", "title": ""}, "Skriv vad den nya heter."),
            ({"decision": "replaced", "title": "å" * 301}, "högst 300 tecken"),
            ({"decision": "replaced", "title": " Möte", "description": ""}, "likadan som den gamla"),
            (CARRIED | {"first_year": "2018", "last_year": "2017"}, "kan inte sluta innan den börjar"),
            (CARRIED | {"last_year": "i år"}, "Skriv ett år"),
            ({"decision": "moved"}, "Välj vad som händer."),
        ],
    )
    def test_what_is_wrong_is_told_at_the_field_and_nothing_is_lost(self, client, draft, said, sentence):
        typed = dict.fromkeys(("description", "reason"), "Det här skrev jag.")
        answer = client.post(MOTE, typed | said)

        assert answer.status_code == 422
        assert sentence in read(answer).text
        assert "Det här skrev jag." in read(answer).text
        assert "mote" in left(draft)

    def test_the_second_gets_back_what_they_wrote(self, client, draft, editor):
        carrying.carry_on(draft, "mote", by=editor)

        answer = client.post(MOTE, {"decision": "ended", "reason": "Ingen kommer."})

        assert answer.status_code == 409
        assert "Någon annan hann före: ”Möte” förs vidare." in read(answer).text
        assert read(answer).one("blockquote").text == "Ingen kommer."

    def test_where_its_challenge_is_gone_a_place_is_chosen(self, client, draft):
        Challenge.objects.get(revision=draft).delete()
        make_challenge(draft, key="ny", title="En ny utmaning")

        assert "Välj plats" in row_of(client.get(LIST), "mote").text
        assert "Välj var den ska stå." in read(client.post(MOTE, CARRIED)).text
        client.post(f"{LIST}aktiviteter/resa/", {"decision": "ended", "reason": "Ingen kommer."})
        assert left(draft) == {"mote", "massa"}
        client.post(MOTE, CARRIED | {"challenge": "ny"})

        assert Activity.objects.get(revision=draft).challenge.key == "ny"

    def test_an_activity_that_is_not_in_the_plan_before(self, client, draft):
        assert client.get(f"{LIST}aktiviteter/finns-inte/").status_code == 404

    def test_what_was_written_when_the_session_ended_is_in_the_form_again(self, client, draft, editor):
        end_session(client, {MOTE: {"decision": "ended", "reason": "Ingen kommer."}}, editor)

        page = main_of(client.get(MOTE))

        assert "Här är det du skrev innan du loggades ut." in page.text
        assert page.one("textarea", name="reason").text == "Ingen kommer."
        [chosen] = [each["value"] for each in page.all("input") if "checked" in each.attributes]
        assert chosen == "ended"

    @pytest.mark.parametrize("way", ["after the session ended", "with an error"])
    def test_what_comes_when_another_has_decided_is_given_back(self, client, draft, editor, way):
        sent = {"decision": "replaced", "title": "En ny mässa", "last_year": "2017"}
        if way == "with an error":
            carrying.leave_out(draft, "mote", How.DONE, by=editor)
            answer = client.post(MOTE, sent | {"last_year": "snart"})
        else:
            end_session(client, {MOTE: sent}, editor)
            carrying.leave_out(draft, "mote", How.DONE, by=editor)
            answer = client.get(MOTE)

        assert "Någon annan hann före: ”Möte” lämnas ut som klar." in main_of(answer).text
        assert "En ny mässa" in main_of(answer).text


def end_session(client: Client, sent: dict[str, dict[str, str]], person: User) -> None:
    """Ends the session, sends forms from pages that were open, and logs in again."""
    client.get(LIST)
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    for address, said in sent.items():
        client.post(address, said)
    answer = client.post("/konto/logga-in/", {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 302


class TestTargets:
    @pytest.fixture
    def goals(self, base) -> Challenge:
        service = Challenge.objects.get(revision=base)
        nki = make_indicator(slug="nki", name="NKI", unit="index")
        nojda = make_goal(service, key="nojda", text="Nöjda företag", order=1)
        make_target(nojda, indicator=nki, key="nki-2015", year=2015, value=70)
        make_target(nojda, indicator=nki, key="nki-2016", year=2016, value=75)
        for year, value in ((2014, 70), (2016, 74)):
            make_outcome(nki, base.plan.partners.get(), year=year, value=value)
        jobb = make_goal(service, key="jobb", text="Fler jobb", order=2)
        make_target(jobb, indicator=make_indicator(slug="jobb"), key="jobb-2018", year=2018, value=100)
        make_target(jobb, indicator=make_indicator(slug="fler"), key="fler-2017", year=2017, value=9)
        make_goal(service, key="glada", text="Glada människor", order=3)
        return service

    @pytest.fixture
    def draft(self, goals, base, followup, editor) -> Revision:
        return start_next(base, 2017, by=editor)

    def test_what_is_decided_stands_and_what_is_not_is_proposed(self, client, draft):
        page = read(client.get(TARGETS))

        assert "2 målvärden saknas för 2017." in page.text
        assert page.one("input", id="id_nki-2016_value")["value"] == "75"
        assert "Utfall 2016: 74,0 Ej uppnått" in page.text
        assert page.one("input", id="id_jobb-2018_value").attributes.get("value", "") == ""
        assert "2017 minst 9, medeltal för kommunerna" in page.text
        assert "Målet har inget målvärde. Det bedöms av den som följer upp." in page.text

    def test_a_value_is_saved_and_can_be_taken_back(self, client, draft):
        answer = client.post(TARGETS, {"like": "nki-2016", "value": "76,5"}, follow=True)

        assert "Målvärdet 2017 är sparat: minst 76,5." in read(answer).text
        target = YearlyTarget.objects.get(revision=draft, year=2017, indicator__slug="nki")
        assert target.value == Decimal("76.5")
        page = read(answer)
        [seen] = [each["value"] for each in page.all("input") if each.attributes.get("name") == "seen"]
        answer = client.post(TARGETS, {"take_back": target.key, "seen": seen}, follow=True)
        assert "Målvärdet är borttaget." in read(answer).text
        assert not YearlyTarget.objects.filter(pk=target.pk).exists()

    @pytest.mark.parametrize(
        ("value", "sentence"),
        [("", "Skriv ett tal"), ("åtta", "Skriv bara ett tal"), ("1" * 13, "för stort")],
    )
    def test_what_is_no_number_is_told_at_the_field(self, client, draft, value, sentence):
        answer = client.post(TARGETS, {"like": "nki-2016", "value": value})

        assert answer.status_code == 422
        page = read(answer)
        assert sentence in page.one("div", id="id_nki-2016_value_error").text
        assert page.one("input", id="id_nki-2016_value").attributes.get("value", "") == value

    def test_the_second_is_told(self, client, draft, editor):
        carrying.aim(draft, "nki-2016", Decimal(76), by=editor)

        answer = client.post(TARGETS, {"like": "nki-2016", "value": "77"}, follow=True)

        assert "redan ett värde för 2017" in read(answer).text

    def test_what_was_written_when_the_session_ended_is_in_its_form_again(self, client, draft, editor):
        end_session(client, {TARGETS: {"like": "nki-2016", "value": "76,5"}}, editor)

        page = main_of(client.get(TARGETS))

        assert "Här är det du skrev innan du loggades ut." in page.text
        assert page.one("input", id="id_nki-2016_value")["value"] == "76,5"

    def test_a_decided_one_that_was_changed_tells_what_it_was_and_why(self, client, draft):
        YearlyTarget.objects.filter(revision=draft, key="fler-2017").update(
            value=8, reason="Det var för mycket."
        )

        text = read(client.get(TARGETS)).text

        assert "Ändrat i arbetsmaterialet, från 9. Det var för mycket." in text


class TestGaps:
    def test_what_is_lacking_leads_to_where_it_is_mended(self, client, draft):
        page = read(client.get(GAPS))

        assert "3 saker saknas eller behöver ses över." in page.text
        assert MOTE in [each["href"] for each in page.all("a")]

    def test_nothing(self, client, draft, editor):
        carrying.carry_on_all(draft, ["mote", "massa", "resa"], by=editor)

        assert "Inget saknas." in read(client.get(GAPS)).text

    def test_an_indicator_that_nobody_measured_before_its_first_target(self, client, draft):
        challenge = Challenge.objects.get(revision=draft)
        partner = draft.plan.partners.get()
        for name, year in (("Nytt", 2017), ("Gammalt", 2016)):
            indicator = make_indicator(name=name)
            make_target(make_goal(challenge), indicator=indicator, year=2017)
            make_outcome(indicator, partner, year=year)

        text = read(client.get(GAPS)).text

        assert "Indikatorer utan utgångsläge (1)" in text
        assert "Nytt" in text

    def test_of_a_correction_nothing_is_to_be_gone_through(self, client, base, editor):
        start_correction(base, "Ett namn.", by=editor)

        answer = client.get(GAPS)

        assert answer.status_code == 200
        assert "inte genomgångna" not in read(answer).text


def test_whoever_cannot_see_them_can_use_the_pages(client, draft, base, followup, editor):
    goal = make_goal(Challenge.objects.get(revision=draft))
    make_target(goal, year=2016, indicator=make_indicator())
    make_target(goal, year=2018, indicator=make_indicator())
    carrying.leave_out(draft, "resa", How.DONE, by=editor)

    for address in (LIST, MOTE, f"{LIST}aktiviteter/resa/", TARGETS, GAPS):
        assert faults(read(client.get(address))) == []


class TestWhoMay:
    @pytest.mark.parametrize("address", [LIST, MOTE, TARGETS, GAPS])
    def test_the_editor_and_nobody_else(self, client, draft, base, address):
        reader = Client()
        reader.force_login(make_coordinator(base.plan.partners.get()))

        assert client.get(address).status_code == 200
        assert reader.get(address).status_code == 403
        assert Client().get(address).status_code == 302

    @pytest.mark.parametrize("address", [LIST, MOTE, TARGETS])
    def test_a_correction_is_not_gone_through(self, client, base, editor, address):
        start_correction(base, "Ett namn.", by=editor)

        assert client.get(address).status_code == 404

    def test_without_a_draft_there_is_nothing(self, client, draft, editor):
        discard(draft, by=editor)

        assert client.get(LIST).status_code == 404
        assert client.get(MOTE).status_code == 404


class TestTheDraftIsGone:
    def sent_to(self, client: Client, address: str, **said: str) -> dict[str, str]:
        """What the page's form would send, with what is said."""
        [revision, *_] = read(client.get(address)).all("input", name="revision")
        return {"revision": revision["value"], **said}

    @pytest.fixture(params=["discarded", "followed by another"])
    def end(self, request, draft, base, editor) -> Any:
        def end() -> None:
            discard(draft, by=editor)
            if request.param == "followed by another":
                start_next(base, 2018, by=editor)

        return end

    def test_what_was_written_is_given_back(self, client, draft, end):
        make_goal(make_challenge(draft))
        written = self.sent_to(client, MOTE, decision="ended", reason="Ingen kommer längre.")
        aimed = self.sent_to(client, LIST, like="nki", value="1 763,5")
        end()

        for address, sent, words in (
            (MOTE, written, "Ingen kommer längre."),
            (TARGETS, aimed, "1 763,5"),
        ):
            answer = client.post(address, sent)
            assert answer.status_code == 409
            assert "har fastställts eller kastats" in main_of(answer).text
            assert words in main_of(answer).text
            assert faults(read(answer)) == []
        assert not Ending.objects.exists()

    def test_a_button_leads_to_where_one_can_go_on(self, client, draft, end):
        pressed = [(MOTE, "carry-on"), (LIST, "carry-on-all")]
        sent = [(address, self.sent_to(client, LIST, deed=deed)) for address, deed in pressed]
        end()

        for address, said in sent:
            answer = client.post(address, said, follow=True)
            assert answer.redirect_chain == [("/planer/gemensam/utkast/", 302)]
            assert "har fastställts eller kastats" in read(answer).one("body").text
        assert not Activity.objects.exclude(revision=draft.based_on).exists()
