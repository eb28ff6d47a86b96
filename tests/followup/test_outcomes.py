"""Entering outcomes: what is asked for, what is kept, what two at once come to, and who may."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from actionplan.forms.numbers import parse_number
from followup.measuring import enter_outcome
from followup.models import Conflict, Outcome, Stage
from municipalities.models import Role
from publishing.formats import written_whole
from tests.builders import (
    make_challenge,
    make_coordinator,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_outcome,
    make_plan,
    make_revision,
    make_target,
    make_user,
)
from tests.pages import Element, main_of

ADDRESS = "/planer/gemensam/uppfoljning/2016/utfall/nki/enkoping/"
SAID = {"value": "57,89505229", "missing_reason": "", "source": "Kolada", "source_url": "", "seen": 0}


class TestNumbers:
    @pytest.mark.parametrize(
        ("typed", "value"),
        [
            ("74,5", "74.5"),
            ("74.5", "74.5"),
            (" 74,5 ", "74.5"),
            ("1 763", "1763"),
            ("1\N{NO-BREAK SPACE}763,25", "1763.25"),
            ("12\N{NARROW NO-BREAK SPACE}345\N{THIN SPACE}678", "12345678"),
            ("\N{MINUS SIGN}3,1", "-3.1"),
            ("-3,1", "-3.1"),
            ("\N{EN DASH}3,1", "-3.1"),
            ("0", "0"),
            ("-0,0", "0"),
            ("007", "7"),
            ("57,89505229", "57.89505229"),
            ("123456789012,12345678", "123456789012.12345678"),
        ],
    )
    def test_comma_or_point_spaces_and_every_minus_are_understood(self, typed, value):
        assert parse_number(typed) == Decimal(value)
        assert not parse_number(typed).is_signed() or parse_number(typed) < 0

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("sjuttiofem", "Skriv bara ett tal, till exempel 74,5."),
            ("74,5 %", "Skriv bara ett tal, till exempel 74,5."),
            ("74,", "Skriv bara ett tal, till exempel 74,5."),
            (",5", "Skriv bara ett tal, till exempel 74,5."),
            ("1 76", "Skriv bara ett tal, till exempel 74,5."),
            ("7 4,5", "Skriv bara ett tal, till exempel 74,5."),
            ("1e5", "Skriv bara ett tal, till exempel 74,5."),
            ("NaN", "Skriv bara ett tal, till exempel 74,5."),
            ("٣", "Skriv bara ett tal, till exempel 74,5."),
            ("--3", "Skriv bara ett tal, till exempel 74,5."),
            ("74,5,1", "Skriv bara ett tal, till exempel 74,5."),
            ("1.763,5", "Skriv talet med ett enda decimaltecken, till exempel 1 763,5."),
            ("1,123456789", "Skriv högst 8 decimaler."),
            ("1234567890123", "Talet är för stort. Högst 12 siffror före decimaltecknet får plats."),
        ],
    )
    def test_what_is_no_number_is_answered_with_what_to_do(self, typed, sentence):
        with pytest.raises(ValidationError) as refused:
            parse_number(typed)

        assert refused.value.messages == [sentence]

    @given(st.decimals(-999_999_999_999, 999_999_999_999, places=8))
    def test_what_the_portal_writes_it_also_reads(self, value):
        assert parse_number(written_whole(value)) == value


@pytest.fixture
def partners(db):
    return [make_municipality("Enköping", key="enkoping"), make_municipality("Västerås", key="vasteras")]


@pytest.fixture
def followup(partners):
    """A year in which NKI is to reach 75 in mean; last year it was 60 in Enköping and 70 in Västerås."""
    revision = make_revision(make_plan(slug="gemensam", partners=partners), year=2016)
    nki = make_indicator(slug="nki", name="Nöjd kund-index", short_name="NKI", unit="index 0–100")
    make_target(make_goal(make_challenge(revision), text="Nöjda företag"), indicator=nki, year=2016)
    for partner, value in zip(partners, (60, 70), strict=True):
        make_outcome(nki, partner, year=2015, value=value)
    return make_followup(revision)


@pytest.fixture
def eva(partners):
    return make_coordinator(partners[0], name="Eva Ek")


@pytest.fixture
def client(followup, eva) -> Client:
    """Eva's browser."""
    return signed_in(eva)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def error_at(main: Element, field: str) -> str:
    return " ".join(each.text for each in main.all("div", id=f"id_{field}_error"))


def held(main: Element) -> dict[str, str]:
    """What the form holds."""
    form = main.one("form")
    inputs = {each["name"]: each["value"] for each in form.all("input") if "value" in each.attributes}
    inputs.pop("csrfmiddlewaretoken", None)
    chosen = [each["value"] for each in form.all("option") if "selected" in each.attributes]
    return {**inputs, "missing_reason": "".join(chosen)}


class TestSaving:
    def test_a_value_is_kept_with_all_its_decimals_and_with_who_and_when(self, client, eva, partners):
        answer = client.post(ADDRESS, {**SAID, "preliminary": "on", "source_url": "https://www.kolada.se"})

        outcome = Outcome.objects.get(year=2016)
        assert answer["Location"] == ADDRESS
        assert (outcome.number, outcome.value, outcome.missing_reason) == (1, Decimal("57.89505229"), "")
        assert (outcome.preliminary, outcome.source, outcome.source_url) == (
            True,
            "Kolada",
            "https://www.kolada.se",
        )
        assert (outcome.author, outcome.municipality, outcome.indicator.slug) == (eva, partners[0], "nki")

    def test_it_is_confirmed_and_the_page_tells_how_the_goal_stands(self, client, followup):
        make_outcome(Outcome.objects.first().indicator, followup.plan.partners.get(key="vasteras"), value=100)

        main = client.post(ADDRESS, {**SAID, "value": "60"}, follow=True).content.decode()

        assert "Utfallet är sparat: NKI i Enköping 2016 är 60." in main
        text = main_of(client.get(ADDRESS)).text
        assert "Så står målet nu Uppnått Nöjda företag" in text

    def test_the_draft_in_the_browser_is_confirmed_when_it_is_saved_and_not_before(self, client):
        client.post(ADDRESS, {**SAID, "value": "sju", "draft": "a1"})
        client.post(ADDRESS, {**SAID, "draft": "a2"})

        assert client.session["saved_drafts"] == ["a2"]

    def test_until_everyone_has_a_value_the_goal_cannot_be_judged_and_the_page_says_who_is_missing(
        self, client
    ):
        client.post(ADDRESS, SAID)

        text = main_of(client.get(ADDRESS)).text
        assert "Kan ej bedömas" in text
        assert "1 av 2 kommuner – Västerås saknas." in text

    @pytest.mark.parametrize(
        ("reason", "words"),
        [
            ("not_measured", "inte mätt"),
            ("too_few_answers", "för få svar"),
            ("not_reported", "inte lämnat"),
            ("not_applicable", "inte tillämpligt"),
            ("not_yet_published", "inte publicerat än"),
        ],
    )
    def test_instead_of_a_value_one_says_why_there_is_none(self, client, reason, words):
        page = client.post(
            ADDRESS, {**SAID, "value": "", "missing_reason": reason, "preliminary": "on"}, follow=True
        )

        outcome = Outcome.objects.get(year=2016)
        assert (outcome.value, outcome.missing_reason, outcome.preliminary) == (None, reason, False)
        assert f"NKI i Enköping 2016 saknas ({words})." in page.content.decode()

    def test_zero_is_a_value(self, client):
        client.post(ADDRESS, {**SAID, "value": "0"})

        assert Outcome.objects.get(year=2016).value == 0
        assert held(main_of(client.get(ADDRESS)))["value"] == "0"

    def test_a_correction_is_a_row_of_its_own_and_the_earlier_ones_stay_on_the_page(self, client):
        for seen, value in enumerate(["57", "58", "59"]):
            assert client.post(ADDRESS, {**SAID, "value": value, "seen": seen}).status_code == 302

        rows = Outcome.objects.filter(year=2016).order_by("number")
        assert [(row.number, row.value) for row in rows] == [(1, 57), (2, 58), (3, 59)]
        earlier = main_of(client.get(ADDRESS)).one("ul", class_="earlier").all("li")
        assert [row.all("b")[0].text for row in earlier] == ["58", "57"]
        assert "Eva Ek sparade uppgift 2" in earlier[0].text

    def test_public_statistics_are_corrected_in_the_same_way(self, client, partners):
        make_outcome(Outcome.objects.first().indicator, partners[0], year=2016, value=55, source="Kolada")

        client.post(ADDRESS, {**SAID, "value": "56", "seen": 1})

        earlier = main_of(client.get(ADDRESS)).one("ul", class_="earlier")
        assert "55" in earlier.text
        assert "hämtad ur offentlig statistik" in earlier.text

    def test_sending_it_twice_or_unchanged_leaves_one_row(self, client):
        client.post(ADDRESS, SAID)
        twice = client.post(ADDRESS, SAID)
        unchanged = client.post(ADDRESS, {**SAID, "seen": 1})

        assert [twice.status_code, unchanged.status_code] == [302, 302]
        assert Outcome.objects.filter(year=2016).count() == 1

    @pytest.mark.parametrize("stage", Stage)
    def test_outcomes_belong_to_no_followup_and_are_entered_in_every_stage(self, client, followup, stage):
        type(followup).objects.filter(pk=followup.pk).update(stage=stage)

        assert client.post(ADDRESS, SAID).status_code == 302
        assert Outcome.objects.get(year=2016).value == Decimal("57.89505229")

    def test_the_form_holds_what_is_said_now(self, client):
        client.post(ADDRESS, {**SAID, "value": "1 763,5", "source": "Egen mätning"})

        assert held(main_of(client.get(ADDRESS))) == {
            "seen": "1",
            "value": "1\N{NO-BREAK SPACE}763,5",
            "missing_reason": "",
            "source": "Egen mätning",
        }

    def test_the_page_shows_last_years_value_and_the_target(self, client):
        text = main_of(client.get(ADDRESS)).text

        assert "Året före, 2015: 60,0 . Målet är minst 75, medeltal för kommunerna." in text


class TestWrong:
    @pytest.mark.parametrize(
        ("sent", "field", "sentence"),
        [
            ({"value": ""}, "value", "Ange ett värde, eller varför det saknas."),
            ({"value": "x"}, "value", "Skriv bara ett tal, till exempel 74,5."),
            ({"value": "0" * 9 + ",1" * 9}, "value", "Skriv bara ett tal, till exempel 74,5."),
            ({"value": "\x00"}, "value", "Skriv bara ett tal, till exempel 74,5."),
            (
                {"missing_reason": "not_measured"},
                "missing_reason",
                "Du har skrivit ett värde. Ta bort det, eller skälet till att det saknas.",
            ),
            ({"source": "x" * 201}, "source", "Skriv kortare: högst 200 tecken får plats."),
            (
                {"source_url": "javascript:alert(1)"},
                "source_url",
                "Skriv hela adressen, till exempel https://www.kolada.se",
            ),
            (
                {"source_url": f"https://a.se/{'x' * 500}"},
                "source_url",
                "Skriv kortare: högst 500 tecken får plats.",
            ),
        ],
    )
    def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(self, client, sent, field, sentence):
        answer = client.post(ADDRESS, {**SAID, **sent})

        main = main_of(answer)
        assert answer.status_code == 422
        assert sentence in error_at(main, field)
        assert Outcome.objects.filter(year=2016).count() == 0
        if "\x00" not in str(sent):
            expected = {**SAID, **sent}[field]
            assert held(main).get(field, "") == expected

    @pytest.mark.parametrize("seen", ["", "-1", "x", "99"])
    def test_a_page_that_does_not_fit_what_is_saved_saves_nothing(self, client, seen):
        answer = client.post(ADDRESS, {**SAID, "seen": seen})

        assert answer.status_code == 422
        assert "Sidan stämde inte med det som är sparat." in main_of(answer).text
        assert held(main_of(answer))["seen"] == "0"
        assert not Outcome.objects.filter(year=2016).exists()


class TestConflict:
    def test_the_second_one_sees_what_is_there_now_by_whom_beside_their_own_and_can_save_again(
        self, client, partners
    ):
        adam = make_coordinator(partners[0], name="Adam Al")
        signed_in(adam).post(ADDRESS, {**SAID, "value": "61", "source": "SCB"})

        answer = client.post(ADDRESS, {**SAID, "value": "62"})

        main = main_of(answer)
        assert answer.status_code == 409
        now, mine = main.one("div", class_="versions").all("div")
        assert now.text.startswith("Sparat nu 61 Källa: SCB Adam Al sparade uppgift 1")
        assert mine.text.startswith("Det du skrev 62")
        assert (held(main)["value"], held(main)["seen"]) == ("62", "1")
        assert Outcome.objects.get(year=2016).value == 61

        again = client.post(ADDRESS, held(main))

        assert again.status_code == 302
        assert [(row.number, row.value) for row in Outcome.objects.filter(year=2016)] == [(1, 61), (2, 62)]

    def test_two_who_say_the_same_agree(self, client, partners):
        signed_in(make_coordinator(partners[0])).post(ADDRESS, SAID)

        assert client.post(ADDRESS, SAID).status_code == 302
        assert Outcome.objects.filter(year=2016).count() == 1

    def test_a_row_that_came_between_is_never_overwritten(self, eva, followup, partners):
        nki = Outcome.objects.first().indicator
        said = {"missing_reason": "", "preliminary": False, "source": "", "source_url": ""}
        enter_outcome(nki, partners[0], 2016, {**said, "value": Decimal(61)}, seen=0, by=eva)

        with pytest.raises(Conflict):
            enter_outcome(nki, partners[0], 2016, {**said, "value": Decimal(62)}, seen=0, by=eva)

        assert Outcome.objects.get(year=2016).value == 61


class TestFarOutside:
    @pytest.mark.parametrize("value", ["6,0", "600", "0", "-60"])
    def test_a_value_that_may_be_mistyped_is_saved_and_gently_noted(self, client, value):
        client.post(ADDRESS, {**SAID, "value": value})

        text = main_of(client.get(ADDRESS)).text
        assert "ligger långt från de tidigare (60,0). Stämmer det behöver du inte göra något." in text
        assert Outcome.objects.filter(year=2016).count() == 1

    @pytest.mark.parametrize("value", ["60", "63,4", "70", "50"])
    def test_an_ordinary_value_is_not(self, client, value):
        client.post(ADDRESS, {**SAID, "value": value})

        assert "ligger långt från" not in main_of(client.get(ADDRESS)).text


class TestWho:
    def test_another_partners_coordinator_may_not_and_is_told_why(self, followup, partners):
        answer = signed_in(make_coordinator(partners[1])).post(ADDRESS, SAID)

        assert answer.status_code == 403
        assert "Bara kommunens egen samordnare och planens redaktör" in answer.content.decode()
        assert not Outcome.objects.filter(year=2016).exists()

    def test_a_reader_of_the_municipality_may_not(self, followup, partners):
        assert signed_in(make_user(Role.READER, partners[0])).get(ADDRESS).status_code == 403

    def test_the_editor_may_for_anyone_and_is_shown_as_who_did(self, followup):
        editor = make_user(Role.EDITOR, followup.plan.owner, name="Rut Ros")

        assert signed_in(editor).post(ADDRESS, SAID).status_code == 302
        assert "Rut Ros sparade uppgift 1" in main_of(signed_in(editor).get(ADDRESS)).text

    @pytest.mark.parametrize(
        "address",
        [
            "/planer/gemensam/uppfoljning/2016/utfall/nki/botkyrka/",
            "/planer/gemensam/uppfoljning/2016/utfall/annat/enkoping/",
            "/planer/gemensam/uppfoljning/2015/utfall/nki/enkoping/",
        ],
    )
    def test_only_indicators_with_a_target_only_partners_only_years_that_are_followed_up(
        self, client, address
    ):
        make_municipality("Botkyrka", key="botkyrka")
        make_target(indicator=make_indicator(slug="annat"))

        assert client.get(address).status_code == 404
