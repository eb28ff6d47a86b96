"""Which KPI an indicator is in Kolada, from year to year."""

import pytest

from tests.builders import make_indicator, make_series_break

pytestmark = pytest.mark.django_db


def test_an_indicator_is_its_own_kpi_until_a_series_that_names_another():
    nki = make_indicator(kolada_id="U07451")
    make_series_break(nki, year=2024, kolada_id="U07453")
    make_series_break(nki, year=2018)

    assert [nki.kolada_id_of(year) for year in (2014, 2018, 2023, 2024, 2025)] == [
        "U07451", "U07451", "U07451", "U07453", "U07453"
    ]  # fmt: skip


def test_an_indicator_may_be_in_kolada_only_from_a_break_on_or_never():
    other = make_indicator()
    make_series_break(other, year=2024, kolada_id="U07453")

    assert [other.kolada_id_of(year) for year in (2023, 2024)] == ["", "U07453"]
    assert make_indicator().kolada_id_of(2024) == ""
