"""Tables as open data: what spreadsheets and programs read of them."""

import csv
from decimal import Decimal
from io import StringIO

import pytest

from publishing.tables import csv_text, unprotected, written


def test_a_table_is_written_by_rfc_4180():
    text = csv_text(["namn", "text"], [["Enköping", 'Han sa "nej",\nsedan ja'], ["Å, ä", ""]])

    assert text == 'namn,text\r\nEnköping,"Han sa ""nej"",\nsedan ja"\r\n"Å, ä",\r\n'


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Decimal("57.89505229"), "57.89505229"),
        (Decimal("75.00000000"), "75"),
        (Decimal("-3.10"), "-3.1"),
        (Decimal("0E-8"), "0"),
        (Decimal("1E+3"), "1000"),
        (2016, "2016"),
        (100, "100"),
        (0, "0"),
        (None, ""),
        (True, "true"),
        (False, "false"),
        ("0381", "0381"),
        ("", ""),
    ],
)
def test_figures_are_written_as_computers_write_them_and_codes_keep_their_zeros(cell, text):
    assert written(cell) == text


@pytest.mark.parametrize(
    "trap",
    [
        '=HYPERLINK("http://evil.example")',
        "+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "＝1",
        "＋1",
        "'=1",
        "' =1",
    ],
)
def test_a_text_is_never_run_as_a_formula_and_can_be_told_from_what_is_written_instead(trap):
    _head, [cell] = csv.reader(StringIO(csv_text(["text"], [[trap]]), newline=""))

    assert cell == f"'{trap}"
    assert unprotected(cell) == trap


@pytest.mark.parametrize("plain", ["Kolada", "https://www.kolada.se", "NKI = bra", "3-5 år", "'citat'"])
def test_an_ordinary_text_is_left_as_it_is(plain):
    assert written(plain) == unprotected(plain) == plain
