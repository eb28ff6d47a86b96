"""The pages on which a draft is written: by those who may, without losing anything."""

from __future__ import annotations

from typing import Any, cast

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import exchange.reading
from actionplan import kinds, removing, stands
from actionplan.drafting import discard, start_next
from actionplan.models import Activity, Challenge, Indicator, Part, Revision, State, Term, YearlyTarget
from actionplan.workbook.exporting import tables_of
from exchange.writing import xlsx
from municipalities.models import Role, User
from tests.big_plan import make_big_plan
from tests.builders import (
    make_activity,
    make_area,
    make_challenge,
    make_chapter,
    make_coordinator,
    make_draft,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_organisation,
    make_plan,
    make_report,
    make_revision,
    make_target,
    make_term,
    make_user,
)
from tests.pages import faults, main_of, read

pytestmark = pytest.mark.django_db


class World:
    """A plan with a draft that has a row of every kind, its editor, and those who ask."""

    def __init__(self) -> None:
        self.enkoping = make_municipality("Enköping", key="enkoping")
        self.plan = make_plan(slug="p", owner=make_organisation(key="natverket"), partners=[self.enkoping])
        self.base = make_revision(self.plan, year=2016)
        self.draft = make_draft(self.plan, year=2017, based_on=self.base)
        self.area = make_area(self.draft, key="omr", title="Näringsliv")
        self.chapter = make_chapter(self.draft, key="bakgrund", title="Bakgrund", text="Förr.")
        self.challenge = make_challenge(self.draft, key="jobb", title="Jobb")
        self.goal = make_goal(self.challenge, key="fler", text="Fler jobb")
        self.indicator = make_indicator(slug="nki", name="Nöjd kund")
        self.target = make_target(self.goal, indicator=self.indicator, key="nki-2017", year=2017, value=75)
        self.activity = make_activity(self.challenge, key="moten", title="Möten", responsible=[self.enkoping])
        self.term = make_term(self.draft, key="nki", term="NKI")
        self.rut = make_user(Role.EDITOR, self.plan.owner, name="Rut Hägg")
        self.bo = make_user(Role.EDITOR, self.plan.owner, name="Bo Alm")

    def client(self, user: User | None) -> Client:
        client = Client()
        if user:
            client.force_login(user)
        return client

    def rows(self) -> list[tuple[str, str]]:
        """The word and key of a thing of every kind."""
        return [
            ("avsnitt", "bakgrund"),
            ("omraden", "omr"),
            ("utmaningar", "jobb"),
            ("mal", "fler"),
            ("malvarden", "nki-2017"),
            ("aktiviteter", "moten"),
            ("ord", "nki"),
            ("indikatorer", "nki"),
        ]


ABOVE = {"mal": "jobb", "malvarden": "fler", "aktiviteter": "jobb", "avsnitt": "omr", "utmaningar": "omr"}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def rut(world) -> Client:
    return world.client(world.rut)


@pytest.fixture
def bo(world) -> Client:
    return world.client(world.bo)


def of(name: str, *arguments: Any) -> str:
    return reverse(name, args=["p", *arguments])


def typed_on(page: Any) -> dict[str, Any]:
    """What the page's form for a row would send as it stands."""
    [form] = [form for form in main_of(page).all("form") if "data-keeps-draft" in form.attributes]
    sent: dict[str, Any] = {}
    for each in form:
        if each.tag == "textarea":
            words = "".join(part for part in each.content if isinstance(part, str))
            sent[each["name"]] = words.removeprefix("\n")
        elif each.tag == "select":
            chosen = [option["value"] for option in each.all("option") if "selected" in option.attributes]
            sent[each["name"]] = chosen[0] if chosen else ""
        elif each.tag == "input" and each["type"] == "checkbox":
            sent.setdefault(each["name"], [])
            sent[each["name"]] += [each["value"]] if "checked" in each.attributes else []
        elif each.tag == "input" and each["type"] == "radio":
            if "checked" in each.attributes:
                sent[each["name"]] = each["value"]
        elif each.tag == "input" and each["name"] != "csrfmiddlewaretoken":
            sent[each["name"]] = each["value"]
    return sent


def told(answer: Any) -> str:
    return read(answer).one("body").text


class TestThePages:
    def test_every_page_of_a_draft_can_be_used_by_everyone(self, world, rut):
        addresses = [of("draft"), of("draft-challenge", "jobb")]
        for word, key in world.rows():
            addresses.append(of("draft-row", word, key))
            addresses.append(of("add-draft-row", word) + f"?under={ABOVE.get(word, '')}")
            if word in ABOVE and word != "malvarden":
                addresses.append(of("move-draft-row", word, key))
            if word != "indikatorer":
                addresses.append(of("remove-draft-row", word, key))
        for address in addresses:
            answer = rut.get(address)
            assert (address, answer.status_code) == (address, 200)
            assert (address, faults(read(answer))) == (address, [])

    def test_only_those_who_may_edit_it_see_them(self, world):
        for user, status in (
            (make_user(Role.READER, world.plan.owner), 403),
            (make_coordinator(world.enkoping), 403),
            (make_coordinator(make_municipality()), 403),
            (None, 302),
        ):
            client = world.client(user)
            for address in (of("draft"), of("draft-row", "mal", "fler"), of("draft-challenge", "jobb")):
                assert client.get(address).status_code == status

    def test_what_is_not_there_is_not_found(self, world, rut):
        for address in (
            of("draft-row", "mal", "finns-inte"),
            of("draft-challenge", "finns-inte"),
            of("add-draft-row", "mal"),
            of("add-draft-row", "mal") + "?under=finns-inte",
            of("add-draft-row", "mal") + "?under=%00",
            of("move-draft-row", "malvarden", "nki-2017"),
            of("move-draft-row", "omraden", "omr"),
            of("move-draft-row", "ord", "nki"),
            of("remove-draft-row", "indikatorer", "nki"),
        ):
            assert (address, rut.get(address).status_code) == (address, 404)

    def test_the_outline_has_all_of_it_in_the_order_it_is_read(self, world, rut):
        make_chapter(world.draft, title="Uppföljning", placement="after")
        page = main_of(rut.get(of("draft"))).text

        places = [page.index(each) for each in ("Bakgrund", "Näringsliv", "Fler jobb", "Uppföljning", "NKI")]
        assert places == sorted(places)

    def test_the_steps_lead_on_and_each_of_them_is_there(self, world, rut):
        steps = main_of(rut.get(of("draft"))).one("nav").all("a")

        assert [each.text for each in steps] == [
            "Gå igenom det som gällde",
            "Kontrollera",
            "Se vad som ändras",
            "Beslut",
            "Fastställ",
            "Läs som dokument",
        ]
        assert [rut.get(each["href"]).status_code for each in steps] == [200] * 6
        assert main_of(rut.get(of("draft"))).all("a", href=of("discard-draft"))
        assert "arbetsmaterial" in main_of(rut.get(steps[2]["href"])).text

    def test_without_a_draft_it_says_what_can_be_begun(self, world, rut):
        discard(world.draft, by=world.rut)

        page = main_of(rut.get(of("draft")))

        assert page.all("a", href=of("begin-draft"))
        assert page.all("a", href=of("begin-correction", 2016))
        assert rut.get(of("draft-row", "mal", "fler")).status_code == 404


class TestWriting:
    def test_each_kind_is_saved_as_it_is_shown_and_changed(self, world, rut):
        for word, key in world.rows():
            address = of("draft-row", word, key)
            sent = typed_on(rut.get(address))
            [name] = {"title", "text", "explanation", "name", "value"} & set(sent) - (
                {"text"} if word in ("avsnitt", "utmaningar") else set()
            )
            history = cast("Any", kinds.KINDS[word].model).history
            before = history.count()
            assert rut.post(address, sent).status_code == 302
            assert history.count() == before

            answer = rut.post(address, sent | {name: "80,5" if name == "value" else "Något nytt"})

            assert (word, answer.status_code) == (word, 302)
            changed = history.first()
            assert str(getattr(changed, name)) in ("Något nytt", "80.50000000")
            assert changed.history_user == world.rut

    def test_each_kind_is_added_below_what_the_address_says(self, world, rut):
        new: dict[str, dict[str, Any]] = {
            "avsnitt": {"title": "Nytt avsnitt", "text": "Ord."},
            "omraden": {"title": "Nytt område"},
            "utmaningar": {"title": "Ny utmaning"},
            "mal": {"text": "Nytt mål"},
            "malvarden": {"indicator": "nki", "value": "1 763,5", "year": "2018"},
            "aktiviteter": {"title": "Ny aktivitet", "lead": ["enkoping"], "taking_part": ["natverket"]},
            "ord": {"term": "BRG", "explanation": "Ett bolag."},
            "indikatorer": {"name": "Nya företag"},
        }
        for word, said in new.items():
            address = of("add-draft-row", word) + f"?under={ABOVE.get(word, '')}"
            answer = rut.post(of("add-draft-row", word), typed_on(rut.get(address)) | said)
            assert (word, answer.status_code) == (word, 302)
            assert rut.get(answer["Location"]).status_code == 200

        assert Challenge.objects.get(key="ny-utmaning").area == world.area
        assert rut.get(of("draft-challenge", "ny-utmaning")).status_code == 200
        assert YearlyTarget.objects.get(year=2018).value == 1763.5
        activity = Activity.objects.get(key="ny-aktivitet")
        assert stands.says(kinds.KINDS["aktiviteter"], activity)["taking_part"] == "natverket"

    def test_a_new_indicator_leads_back_to_the_target_that_asked_for_it(self, world, rut):
        address = of("add-draft-row", "indikatorer") + "?under=fler"
        sent = typed_on(rut.get(address)) | {"name": "Nya företag"}

        answer = rut.post(of("add-draft-row", "indikatorer"), sent)

        assert answer["Location"] == of("add-draft-row", "malvarden") + "?under=fler&indicator=nya-foretag"
        assert typed_on(rut.get(answer["Location"]))["indicator"] == "nya-foretag"

    def test_a_text_is_looked_at_before_it_is_saved(self, world, rut):
        address = of("draft-row", "avsnitt", "bakgrund")
        sent = typed_on(rut.get(address)) | {"text": "**Nu** & sen", "preview": "1"}

        answer = rut.post(address, sent)

        assert "<strong>Nu</strong> &amp; sen" in answer.content.decode()
        assert typed_on(answer)["text"].strip() == "**Nu** & sen"
        world.chapter.refresh_from_db()
        assert world.chapter.text == "Förr."

    def test_bullets_from_a_word_processor_become_a_list(self, world, rut):
        address = of("draft-row", "avsnitt", "bakgrund")
        sent = typed_on(rut.get(address)) | {"text": "Vi ska:\r\n•\tMötas\r\n \uf0b7 Äta • ihop"}

        assert "<li>Mötas</li>" in rut.post(address, sent | {"preview": "1"}).content.decode()
        rut.post(address, sent)

        world.chapter.refresh_from_db()
        assert world.chapter.text == "Vi ska:\n- Mötas\n- Äta • ihop"

    def test_what_nobody_sees_of_a_word_processors_text_is_left_behind(self, world, rut):
        address = of("draft-row", "avsnitt", "bakgrund")
        sent = typed_on(rut.get(address)) | {"title": "Bak\x0bgrund\x01", "text": "Ett\x0btvå\x0c\r\ntre\x1f"}

        rut.post(address, sent)

        world.chapter.refresh_from_db()
        assert (world.chapter.title, world.chapter.text) == ("Bak grund", "Ett\ntvå\n\ntre")
        workbook = xlsx(tables_of(world.chapter.revision))
        assert "Bak grund" in str(exchange.reading.read(workbook, "plan.xlsx"))

    def test_what_was_sent_after_the_session_ended_is_in_the_form_again(self, world, rut):
        address = of("draft-row", "aktiviteter", "moten")
        sent = typed_on(rut.get(address)) | {"title": "Nytt", "lead": ["enkoping", "natverket"]}
        end_session(rut)

        assert rut.post(address, sent).status_code == 403
        rut.force_login(world.rut)
        again = typed_on(rut.get(address))

        assert (again["title"], sorted(again["lead"])) == ("Nytt", ["enkoping", "natverket"])

    @pytest.mark.parametrize("is_gone", [False, True])
    def test_a_new_row_that_was_sent_then_is_there_again_too(self, world, rut, is_gone):
        address = of("add-draft-row", "mal")
        sent = typed_on(rut.get(f"{address}?under=jobb")) | {"text": "Ett långt mål."}
        end_session(rut)
        rut.post(address, sent)
        if is_gone:
            removing.remove(world.draft, world.challenge, by=world.bo)

        rut.force_login(world.rut)
        answer = rut.get(address)

        assert answer.status_code == (409 if is_gone else 200)
        assert typed_on(answer)["text"].strip() == "Ett långt mål."
        assert ("finns inte längre" if is_gone else "innan du loggades ut") in main_of(answer).text

    @pytest.mark.parametrize("key", ["ny", "Jobb-2"])
    def test_what_an_administrator_called_otherwise_can_be_written_in_and_below(self, world, rut, key):
        make_challenge(world.draft, key=key, title="Ny")
        assert rut.get(of("draft-challenge", key)).status_code == 200

        sent = typed_on(rut.get(of("add-draft-row", "mal") + f"?under={key}")) | {"text": "Nytt mål"}
        assert rut.post(of("add-draft-row", "mal"), sent)["Location"].startswith(of("draft-challenge", key))


def end_session(client: Client) -> None:
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    Session.objects.update(expire_date=timezone.now())


class TestBadInput:
    @pytest.mark.parametrize(
        ("word", "key", "said", "field", "sentence"),
        [
            ("malvarden", "nki-2017", {"value": ""}, "value", "Skriv ett målvärde"),
            ("malvarden", "nki-2017", {"value": "många"}, "value", "Skriv bara ett tal"),
            ("malvarden", "nki-2017", {"nearly": "80"}, "nearly", "lättare att nå"),
            ("malvarden", "nki-2017", {"indicator": "annan"}, "indicator", "Välj en indikator"),
            ("malvarden", "nki-2017", {"year": "17"}, "year", "Skriv ett år"),
            ("aktiviteter", "moten", {"title": ""}, "title", "Skriv vad som ska göras"),
            ("aktiviteter", "moten", {"title": "x" * 301}, "title", "högst 300 tecken"),
            (
                "aktiviteter",
                "moten",
                {"first_year": "2018", "last_year": "2017"},
                "last_year",
                "kan inte sluta innan den börjar",
            ),
            ("aktiviteter", "moten", {"taking_part": ["enkoping"]}, "taking_part", "både"),
            ("utmaningar", "jobb", {"followup_owner": "natverket"}, "followup_owner", "deltar inte i planen"),
            ("ord", "nki", {"explanation": " "}, "explanation", "Skriv vad ordet betyder"),
            ("indikatorer", "nki", {"decimals": "9"}, "decimals", "Skriv ett tal från 0 till 8"),
        ],
    )
    def test_the_field_says_what_is_wrong_and_nothing_is_lost(
        self, world, rut, word, key, said, field, sentence
    ):
        address = of("draft-row", word, key)
        sent = typed_on(rut.get(address)) | said

        answer = rut.post(address, sent)

        assert answer.status_code == 422
        assert sentence in error_at(answer, field)
        of_lists = {"followup_owner": "", "indicator": ""}  # where only what is in the list can be chosen
        assert typed_on(answer) | of_lists == sent | of_lists
        assert faults(read(answer)) == []

    def test_a_key_that_is_taken_is_told_at_the_key(self, world, rut):
        address = of("add-draft-row", "aktiviteter")
        sent = typed_on(rut.get(address + "?under=jobb")) | {"title": "Nytt", "key": "moten"}

        answer = rut.post(address, sent)

        assert answer.status_code == 422
        assert "Nyckeln används redan" in error_at(answer, "key")

    def test_a_decided_target_is_not_changed_in_silence(self, world, rut):
        make_target(
            make_goal(make_challenge(world.base)),
            indicator=world.indicator,
            key="nki-2017",
            year=2017,
            value=75,
        )
        address = of("draft-row", "malvarden", "nki-2017")
        page = rut.get(address)
        sent = typed_on(page) | {"value": "70"}
        assert "Beslutat i planen för 2016: minst 75" in main_of(page).text

        answer = rut.post(address, sent)
        assert answer.status_code == 422
        assert "Skriv varför målvärdet ändras" in error_at(answer, "reason")

        assert rut.post(address, sent | {"reason": "Ny mätning."}).status_code == 302

        removal = rut.get(of("remove-draft-row", "malvarden", "nki-2017"))
        assert "Beslutat i planen för 2016: minst 75" in main_of(removal).text

        new = of("add-draft-row", "malvarden")
        sent = typed_on(rut.get(f"{new}?under=fler&indicator=nki")) | {"value": "80"}
        answer = rut.post(new, sent)
        assert answer.status_code == 422
        assert "redan ett sådant målvärde för 2017: minst 70" in error_at(answer, "value")

        assert rut.post(new, sent | {"over": "lowest"}).status_code == 302

    def test_the_unit_of_what_is_decided_on_is_an_administrators(self, world, rut):
        make_target(make_goal(make_challenge(world.base)), indicator=world.indicator)
        address = of("draft-row", "indikatorer", "nki")

        answer = rut.post(address, typed_on(rut.get(address)) | {"name": "Nöjda"})
        assert answer["Location"] == of("draft-challenge", "jobb") + "#malvarden-nki-2017"

        answer = rut.post(address, typed_on(rut.get(address)) | {"unit": "procent"})

        assert answer.status_code == 422
        assert "Bara en administratör" in error_at(answer, "unit")

    @pytest.mark.parametrize("under", ["", "borta", "%"])
    def test_what_a_new_row_was_to_stand_below_may_have_gone(self, world, rut, under):
        address = of("add-draft-row", "mal")
        sent = typed_on(rut.get(address + "?under=jobb")) | {"text": "Ett långt mål.", "under": under}

        answer = rut.post(address, sent)

        assert answer.status_code in (409, 422)
        assert "Ett långt mål." in main_of(answer).text

    def test_what_nobody_typed_may_be_anything(self, world, rut):
        address = of("draft-row", "ord", "nki")
        sent = typed_on(rut.get(address)) | {"explanation": "Nytt."}
        for name in ("seen", "revision", "under", "merging", "after", "preview"):
            for value in ("-1", "9" * 30, "x", "%00", "\0"):
                assert rut.post(address, sent | {name: value}).status_code in (200, 302, 409, 422)


def error_at(answer: Any, field: str) -> str:
    return main_of(answer).one("div", id=f"id_{field}_error").text


class TestTheDraftIsGone:
    @pytest.mark.parametrize("end", ["adopted", "discarded", "followed by another"])
    def test_what_was_written_stands_there_with_a_sentence(self, world, rut, end):
        address = of("draft-row", "aktiviteter", "moten")
        sent = typed_on(rut.get(address)) | {"title": "Något jag skrev", "heading": "Under den här"}
        if end == "adopted":
            Revision.objects.filter(pk=world.draft.pk).update(state=State.ADOPTED)
        else:
            discard(world.draft, by=world.bo)
        if end == "followed by another":
            make_activity(make_challenge(start_next(world.base, 2018, by=world.bo)), key="moten")

        answer = rut.post(address, sent)

        assert answer.status_code == 409
        assert "har fastställts eller kastats" in main_of(answer).text
        again = typed_on(answer)
        assert (again["title"], again["heading"]) == ("Något jag skrev", "Under den här")
        assert not Activity.objects.filter(title="Något jag skrev").exists()
        assert faults(read(answer)) == []

    def test_a_new_row_is_kept_too(self, world, rut):
        address = of("add-draft-row", "avsnitt")
        sent = typed_on(rut.get(address)) | {"title": "Nytt", "text": "En lång text."}
        discard(world.draft, by=world.bo)

        answer = rut.post(address, sent)

        assert answer.status_code == 409
        assert typed_on(answer)["text"].strip() == "En lång text."

    def test_a_row_that_was_removed_is_told_of(self, world, rut):
        address = of("draft-row", "ord", "nki")
        sent = typed_on(rut.get(address)) | {"explanation": "En lång förklaring."}
        removing.remove(world.draft, world.term, by=world.bo)

        answer = rut.post(address, sent)

        assert answer.status_code == 409
        assert "tagit bort" in main_of(answer).text
        assert typed_on(answer)["explanation"].strip() == "En lång förklaring."

    @pytest.mark.parametrize("end", ["discarded", "followed by another"])
    def test_moving_removing_and_putting_back_lead_back(self, world, rut, end):
        make_term(world.base, key="nki")
        revision = {"revision": str(world.draft.pk)}
        discard(world.draft, by=world.bo)
        if end == "followed by another":
            start_next(world.base, 2018, by=world.bo)
        for name, sent in (
            ("move-draft-row", {"way": "up", **revision}),
            ("remove-draft-row", revision),
            ("put-back-draft-row", revision),
        ):
            answer = rut.post(of(name, "ord", "nki"), sent, follow=True)
            assert answer.redirect_chain == [(of("draft"), 302)]
            assert "har fastställts eller kastats" in told(answer)


class TestTwoAtOnce:
    @pytest.fixture
    def met(self, world, rut, bo) -> tuple[str, dict[str, Any]]:
        """What Rut sends after Bo has changed the title and who answers."""
        address = of("draft-row", "aktiviteter", "moten")
        ruts, bos = typed_on(rut.get(address)), typed_on(bo.get(address))
        bo.post(address, bos | {"title": "Bos möten", "lead": [], "taking_part": ["enkoping"]})
        return address, ruts | {"title": "Ruts möten", "description": "Ruts ord."}

    def test_both_versions_are_shown_and_nothing_is_saved(self, met, rut):
        answer = rut.post(*met)

        page = main_of(answer)
        assert answer.status_code == 409
        assert "Bo Alm sparade den" in page.text
        for words in ("Bos möten", "Ruts möten", "Ruts ord."):
            assert words in page.text
        assert Activity.objects.get(key="moten").title == "Bos möten"
        assert faults(read(answer)) == []

    def test_what_is_chosen_is_saved_with_what_one_alone_has_changed(self, met, rut):
        address, _sent = met
        merging = typed_on(rut.post(*met))

        assert rut.post(address, merging).status_code == 422
        assert rut.post(address, merging | {"choose_title": "mine"}).status_code == 302

        activity = Activity.objects.get(key="moten")
        assert (activity.title, activity.description) == ("Ruts möten", "Ruts ord.")
        assert activity.responsibilities.get().part == Part.TAKING_PART

    def test_who_changed_those_who_answer_is_told(self, world, rut, bo):
        address = of("draft-row", "aktiviteter", "moten")
        ruts, bos = typed_on(rut.get(address)), typed_on(bo.get(address))
        rut.post(address, ruts | {"heading": "Rubrik"})
        bo.post(address, typed_on(bo.get(address)) | {"lead": []})

        assert "Bo Alm sparade den" in main_of(rut.post(address, bos | {"lead": ["natverket"]})).text

    def test_a_third_who_comes_between_is_shown_too(self, world, met, rut):
        address, _sent = met
        merging = typed_on(rut.post(*met))
        activity = Activity.objects.get(key="moten")
        activity.title = "Allas möten"
        activity.save()

        answer = rut.post(address, merging | {"choose_title": "mine"})

        assert answer.status_code == 409
        assert "Allas möten" in main_of(answer).text

    def test_the_same_words_need_no_choice(self, world, rut, bo):
        address = of("draft-row", "ord", "nki")
        ruts = typed_on(rut.get(address)) | {"explanation": "Samma."}
        bo.post(address, ruts)

        assert rut.post(address, ruts).status_code == 302
        assert Term.history.count() == 2


class TestMoving:
    @pytest.fixture
    def three(self, world) -> list[str]:
        """Keys of three activities in order."""
        for number, key in enumerate(("b", "c"), 2):
            make_activity(world.challenge, key=key, title=key.upper(), order=number)
        Activity.objects.filter(key="moten").update(order=1)
        return ["moten", "b", "c"]

    def keys(self, world) -> list[str]:
        return [each.key for each in world.challenge.activities.all()]

    def test_up_and_down_lead_back_to_where_it_stands(self, world, rut, three):
        answer = rut.post(of("move-draft-row", "aktiviteter", "c"), {"way": "up"})

        assert answer["Location"] == of("draft-challenge", "jobb") + "#aktiviteter-c"
        assert self.keys(world) == ["moten", "c", "b"]
        assert "”C” står nu som nummer 2 av 3." in told(rut.get(of("draft-challenge", "jobb")))

    def test_within_the_page_the_page_is_answered_with_what_was_done(self, world, rut, three):
        answer = rut.post(of("move-draft-row", "aktiviteter", "c"), {"way": "up"}, HTTP_HX_REQUEST="true")

        assert answer.status_code == 200
        assert main_of(answer).one("p", id="besked").text == "”C” står nu som nummer 2 av 3."
        assert main_of(answer).all("button", id="upp-aktiviteter-c")

    def test_into_another(self, world, rut):
        make_challenge(world.draft, key="skola", title="Skola")
        address = of("move-draft-row", "aktiviteter", "moten")
        assert "Skola" in main_of(rut.get(address)).text

        answer = rut.post(address, {"above": "skola"})

        assert answer["Location"] == of("draft-challenge", "skola") + "#aktiviteter-moten"
        assert rut.post(of("move-draft-row", "utmaningar", "jobb"), {"above": "omr"}).status_code == 302
        assert rut.post(of("move-draft-row", "utmaningar", "jobb"), {"above": "-"}).status_code == 302

    @pytest.mark.parametrize("sent", [{}, {"way": "sideways"}, {"above": "borta"}])
    def test_elsewhere_is_refused(self, world, rut, sent):
        assert rut.post(of("move-draft-row", "aktiviteter", "moten"), sent).status_code == 422


class TestRemoving:
    def test_what_goes_with_it_is_told_and_it_can_be_undone(self, world, rut):
        address = of("remove-draft-row", "utmaningar", "jobb")
        page = main_of(rut.get(address)).text
        assert "1 mål" in page
        assert "1 aktivitet" in page

        answer = rut.post(address, follow=True)
        assert "”Jobb” är borttagen." in main_of(answer).text
        assert not Activity.objects.exists()

        rut.post(of("move-draft-row", "omraden", "omr"), {"way": "up"})
        assert "”Jobb” är borttagen." in told(rut.get(of("draft")))

        answer = rut.post(of("put-back-draft-row", "utmaningar", "jobb"), follow=True)
        assert "”Jobb” är tillbaka." in told(answer)
        assert Activity.objects.get().key == "moten"
        assert "är borttagen" not in told(rut.get(of("draft")))

    def test_an_indicator_is_neither_removed_nor_put_back(self, world, rut):
        for name in ("remove-draft-row", "put-back-draft-row"):
            assert rut.post(of(name, "indikatorer", "nki")).status_code == 404
        assert Indicator.objects.filter(slug="nki").exists()

    def test_what_has_been_reported_on_is_explained_in_a_correction(self, world, rut):
        activity = make_activity(make_challenge(world.base, key="jobb"), key="moten")
        make_report(make_followup(world.base), activity)
        Revision.objects.filter(pk=world.draft.pk).update(
            corrects=world.base, correction="Fel.", year=2016, based_on=None
        )
        address = of("remove-draft-row", "aktiviteter", "moten")

        page = main_of(rut.get(address))
        assert "har rapporter" in page.text
        assert not [each for each in page.all("button") if each.text == "Ta bort"]
        assert "har rapporter" in told(rut.post(address, follow=True))
        assert Activity.objects.filter(revision=world.draft).exists()


def test_the_pages_take_as_many_statements_at_500_activities_as_at_50():
    few, many = statements_of_pages(50), statements_of_pages(500)

    assert few == many
    assert many.pop("GET adopt ()") <= 20  # which reads all that is adopted
    assert {page: count for page, count in many.items() if count > MOST[page.split()[0]]} == {}


MOST = {"GET": 15, "POST": 50}


def statements_of_pages(activities: int) -> dict[str, int]:
    """How many statements it takes to look at each page, and to write on it."""
    big = make_big_plan(activities)
    Revision.objects.filter(plan=big.plan).update(state=State.DRAFT)
    client = Client()
    client.force_login(make_user(Role.EDITOR, big.plan.owner))
    activity = Activity.objects.filter(revision__plan=big.plan).earliest("pk")
    target = YearlyTarget.objects.filter(revision__plan=big.plan).earliest("pk")
    slug, taken = big.plan.slug, {}

    def ask(name: str, *of_what: str, **sent: Any) -> None:
        address = reverse(name, args=[slug, *of_what])
        with CaptureQueriesContext(connection) as captured:
            answer = client.post(address, sent) if sent else client.get(address)
        assert answer.status_code == (302 if sent else 200)
        taken[f"{'POST' if sent else 'GET'} {name} {of_what[:1]}"] = len(captured)

    ask("draft")
    ask("draft-challenge", "utmaning-0")
    ask("add-draft-row", "ord")
    ask("draft-row", "aktiviteter", activity.key)
    ask("draft-row", "malvarden", target.key)
    ask("move-draft-row", "aktiviteter", activity.key)
    ask("remove-draft-row", "utmaningar", "utmaning-0")
    ask("draft-decision")
    ask("adopt")
    ask("add-draft-row", "aktiviteter", under="utmaning-0", title="Ny aktivitet")
    ask("draft-row", "aktiviteter", activity.key, title="Nytt namn", seen=stands.version_of(activity))
    ask("move-draft-row", "aktiviteter", activity.key, way="down")
    ask("remove-draft-row", "aktiviteter", activity.key, revision="")
    ask("put-back-draft-row", "aktiviteter", activity.key, revision="")
    return taken
