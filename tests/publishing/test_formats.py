"""Figures, years, dates, counts and names are written the Swedish way."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from publishing import formats


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        ("74.46", 1, "74,5"),
        ("74.45", 1, "74,5"),
        ("74.44", 1, "74,4"),
        ("69.94", 1, "69,9"),
        ("71.40", 2, "71,40"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "−3"),
        ("-0.9", 1, "−0,9"),
        ("-0.04", 1, "0,0"),
        ("0", 0, "0"),
        ("1763", 0, "1\u00a0763"),
        ("1234567.891", 2, "1\u00a0234\u00a0567,89"),
        ("-1763", 0, "−1\u00a0763"),
        ("1E+3", 0, "1\u00a0000"),
    ],
)
def test_a_number_is_rounded_half_up_and_has_comma_no_break_space_and_true_minus(value, decimals, written):
    assert formats.number(Decimal(value), decimals) == written


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**60), max_value=10**60))
def test_every_number_can_be_written_and_read_back(value):
    written = formats.number(value, 2)

    read = Decimal(written.replace("\u00a0", "").replace(",", ".").replace("−", "-"))
    assert abs(read - value) <= Decimal("0.005")


@pytest.mark.parametrize(
    ("value", "written"),
    [("2.1", "+2,1"), ("-0.9", "−0,9"), ("0", "0,0"), ("0.04", "0,0"), ("-0.04", "0,0"), ("0.05", "+0,1")],
)
def test_a_change_shows_its_sign(value, written):
    assert formats.change(Decimal(value), 1) == written


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        (2016, 2016, "2016"),
        (2017, 2018, "2017–2018"),
        (2016, None, "från 2016"),
        (None, 2018, "till 2018"),
        (None, None, ""),
    ],
)
def test_a_period_tells_what_is_known_of_its_years(first, last, written):
    assert formats.period(first, last) == written


def test_a_date_in_running_text_has_its_month_in_letters():
    assert formats.long_date(date(2016, 5, 30)) == "30 maj 2016"
    assert formats.long_date(date(2017, 3, 1)) == "1 mars 2017"


@pytest.mark.parametrize(
    ("words", "written"),
    [([], ""), (["a"], "a"), (["a", "b"], "a och b"), (["a", "b", "c"], "a, b och c")],
)
def test_words_are_listed_as_in_a_sentence(words, written):
    assert formats.joined(words) == written


@pytest.mark.parametrize(("count", "written"), [(0, "0 mål"), (1, "1 mål"), (1763, "1\u00a0763 mål")])
def test_a_noun_without_a_plural_of_its_own_is_counted(count, written):
    assert formats.counted(count, "mål", "mål") == written


def test_a_noun_follows_its_count():
    assert formats.counted(1, "aktivitet", "aktiviteter") == "1 aktivitet"
    assert formats.counted(18, "aktivitet", "aktiviteter") == "18 aktiviteter"


def test_counts_up_to_twelve_are_written_in_letters():
    written = [formats.in_words(count) for count in range(14)]

    assert written == [
        *("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv"),
        "13",
    ]
    assert formats.in_words(1, neuter=True) == "ett"


def test_names_are_sorted_with_å_ä_and_ö_last_and_é_with_e():
    in_order = [
        "Edda",
        "Édith",
        "eva",
        "Übel",
        "Ystad",
        "Zinkgruvan",
        "Åmål",
        "Ängelholm",
        "Örebro",
        "Östhammar",
    ]

    mixed = in_order[5:] + in_order[:5]

    assert sorted(mixed, key=formats.swedish_key) == in_order


def test_numbers_in_names_are_sorted_as_numbers():
    in_order = ["Mål 9", "Mål 10", "Mål 10 b", "Mål 100", "Åtgärd 2"]

    mixed = in_order[3:] + in_order[:3]

    assert sorted(mixed, key=formats.swedish_key) == in_order


def test_a_letter_is_sorted_alike_however_it_is_composed():
    assert sorted(["A\u030amål", "Åby", "Åre"], key=formats.swedish_key) == ["Åby", "A\u030amål", "Åre"]


@pytest.mark.parametrize(
    ("template", "written"),
    [
        ("{{ value|number:1 }}", "74,5"),
        ("{{ value|change:1 }}", "+74,5"),
        ("{{ missing|number:1 }}{{ missing|change:1 }}{{ missing|long_date }}", ""),
        ("{{ day|long_date }}", "30 maj 2016"),
        ("{{ names|joined }}", "Ö, A &amp; O och Ä"),
        ('{{ 1|in_words:"neuter"|capfirst }} mål', "Ett mål"),
        ("{{ text|markdown:4 }}", "<h4>Syfte</h4>"),
        ('{% markdown noted name="b" %}', "b-not-1"),
    ],
)
def test_templates_write_the_same(template, written):
    values = {
        "value": Decimal("74.46"),
        "missing": None,
        "day": date(2016, 5, 30),
        "names": ["Ö", "A & O", "Ä"],
        "text": "# Syfte",
        "noted": "a[^4]\n\n[^4]: not",
    }

    html = Template("{% load texts %}" + template).render(Context(values))

    assert written in html if "markdown" in template else html == written


def test_pages_and_mails_write_times_and_days_in_one_way():
    """As "30 maj 2016, 10.30" in running text and "2016-05-30 10:30" in tables."""
    templates = [path.read_text() for path in (settings.BASE_DIR / "templates").rglob("*.*")]

    used = {each for text in templates for each in re.findall(r'\|(?:date|time):"([^"]+)"', text)}

    assert used <= {"j F Y", "j F Y, H.i", "j F, H.i", "j F", "H.i", "Y-m-d", "Y-m-d H:i", "c"}
