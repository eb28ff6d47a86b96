"""Passwords: long ones of any sort pass, those that come to mind first don't, however they are decorated."""

from __future__ import annotations

import random
import string

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from municipalities.models import User
from municipalities.passwords import AT_MOST, DATA, easy_words, is_easy_to_guess, read
from tests.builders import PASSWORD

EVA = User(name="Eva Andersson-Björk", email="eva.bjork@friskola.se")


def municipalities() -> list[str]:
    """The names in the list, without their counties'."""
    lines = (DATA / "municipalities.txt").read_text().splitlines()
    counties = [line.partition(": ")[2] for line in lines if line and not line.startswith("#")]
    return [name for county in counties for name in county.split(", ")]


def sentences(password: str, user: User | None = None) -> list[str]:
    """What the person is told of a password; nothing when it will do."""
    try:
        validate_password(password, user)
    except ValidationError as refusal:
        return refusal.messages
    return []


SUBSTITUTIONS = str.maketrans({"o": "0", "i": "1", "l": "1", "e": "3", "a": "4", "s": "5"})

spellings = st.sampled_from(
    [
        str,
        str.lower,
        str.upper,
        str.title,
        lambda name: name.translate(str.maketrans("åäöÅÄÖ", "aaoAAO")),
        lambda name: name.lower().translate(SUBSTITUTIONS),
        lambda name: name.lower().replace("a", "@").replace("s", "$"),
        lambda name: f"{name}s kommun",
        lambda name: f"{name}{name}",
        lambda name: f"{name}-sommar",
        lambda name: ".".join(name),
    ]
)
decoration = st.text("0123456789!?.,-_ #*", max_size=12)


def test_the_list_holds_every_municipality_once():
    assert len(municipalities()) == len(set(municipalities())) == 290


@given(st.sampled_from(municipalities()), spellings, decoration, st.integers(1900, 2100), decoration)
def test_a_municipality_is_refused_in_any_spelling_and_with_any_decoration(name, spell, before, year, after):
    assert is_easy_to_guess(f"{before}{spell(name)}{year}{after}")


def test_every_municipality_with_a_year_is_refused():
    assert [name for name in municipalities() if not is_easy_to_guess(f"{name} 2026!!!!!")] == []


@given(
    st.lists(st.sampled_from(sorted(easy_words())), min_size=1, max_size=3),
    st.sampled_from(["", " ", "-", "2026", "!"]),
    decoration,
)
def test_words_that_come_to_mind_first_are_refused_also_together(words, between, after):
    assert is_easy_to_guess(f" {between.join(words)} {after}")


@pytest.mark.parametrize(
    "password",
    [
        "handlingsplan2026",
        "Sommar2026!!",
        "Enköping123456",
        "H4ndlingsplan!!",
        "H4ndl1ngsp1@n",
        "vasteras-2026",
        "lösenord123456",
        "Qwertyuiop12",
        "sommarsommar",
        "S.o.m.m.a.r.2026",
        "ÅtgärdsPlanen#1",
        "uppföljning-kommunen",
        "vårsommarhöstvinter",
        "Näringslivsstrategi1",
        "samordnare i Ale",
        "MajJuni2026!!",
        "Hjo 2026-2027",
        "HjoHjo1901!!",
        "hjoale-sommar",
        "AleHjoDals12",
        "Upplands Väsby 1",
        "lördag 12 december",
        "1qaz2wsx3edc",
        "zyxwvutsrqpo",
    ],
)
def test_what_someone_in_the_field_would_choose_first_is_refused(password):
    [sentence] = sentences(password)

    assert sentence.startswith("Lösenordet är för lätt att gissa.")


@pytest.mark.parametrize("password", ["password1234", "1q2w3e4r5t6y", "dragonmonkey1", "sunshine!princess"])
def test_the_worlds_commonest_are_refused(password):
    assert is_easy_to_guess(password)


@pytest.mark.parametrize(
    "password", ["198507121234", "19850712-1234", "123456789abc", "aaaaaaaaaaaab", "blommablomma1"]
)
def test_dates_rows_and_repetitions_are_refused(password):
    assert is_easy_to_guess(password)


@pytest.mark.parametrize("password", ["Andersson-2026", "evabjork12345", "Friskola 12345"])
def test_the_persons_own_name_and_address_are_refused_to_them_alone(password):
    assert is_easy_to_guess(password, EVA)
    assert not is_easy_to_guess(password, User(name="Ulf Ek", email="u@x.se"))


@pytest.mark.parametrize(
    "password",
    [
        "korrekt häst batteri",
        "korrekt häst sommar",
        "sommarkatthund",
        "Malmö luktar tvättsvamp",
        "correct horse battery",
        "tre små grisar dansar",
        "majestätisk gädda",
        "x7#kQ9!vB2$m",
        "🐎🔋🧷🌲🚲🪁🧊🌋🥁🪤🧲🦔",
        "правильный конь",
        PASSWORD,
    ],
)
def test_a_sentence_of_words_that_have_nothing_to_do_with_each_other_passes(password):
    assert sentences(password, EVA) == []


def test_nothing_made_by_a_password_manager_needs_to_be_made_more_than_a_few_times():
    """One or two in a hundred may be refused by chance, when some of its signs happen to look like a word."""
    signs, chance = string.ascii_letters + string.digits + string.punctuation, random.Random(290)
    made = ["".join(chance.choices(signs, k=12)) for _each in range(1000)]

    assert sum(map(is_easy_to_guess, made)) <= 15


@given(st.text(min_size=12, max_size=40))
def test_any_text_can_be_judged(password):
    assert is_easy_to_guess(password) in (True, False)
    assert read(read(password)) == read(password)


@given(st.text("abcdefghijklmnopqrstuvwxyzåäöABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ0123456789!@$", min_size=1))
def test_nothing_becomes_better_by_decoration(text):
    if any(map(str.isalpha, text)) and is_easy_to_guess(f"kommun{text}"):
        assert is_easy_to_guess(f"Kommun{text}2026!!")


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("grön mango!", "Det här lösenordet är för kort. Det måste innehålla minst 12 tecken."),
        ("grön mango " * 91, f"Lösenordet är för långt. Det får ha högst {AT_MOST} tecken."),
        (
            "grön mango\0svävar",
            "Lösenordet innehåller ett tecken som inte går att använda. Skriv det igen.",
        ),
    ],
)
def test_the_person_is_told_what_is_wrong(password, sentence):
    assert sentences(password) == [sentence]


def test_the_longest_password_passes():
    assert sentences(("grön mango svävar över " * 50)[:AT_MOST]) == []


def test_the_forms_can_say_what_is_asked_for_and_give_no_example_to_copy():
    assert password_validators_help_texts() == [
        "Ditt lösenord måste innehålla minst 12 tecken.",
        "Det får ha högst 1000 tecken.",
        "Välj gärna några ord som inte hör ihop. Siffror och tecken behövs inte.",
    ]
