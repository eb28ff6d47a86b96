"""Who answers for the open data, as the environment says it."""

from __future__ import annotations

import pytest

from portal.open_data.publisher import EXAMPLE, TYPES, Publisher, read_publisher
from tests.repository.test_start import COMPLETE, setting, start

TOLD = {
    "NAME": "Kommunen",
    "URI": "http://dataportal.se/organisation/SE0000000000",
    "TYPE": "LocalAuthority",
    "EMAIL": "data@kommunen.example.se",
    "PAGE": "",
}


def test_a_publisher_is_read():
    assert read_publisher(TOLD) == Publisher(
        "Kommunen", "http://dataportal.se/organisation/SE0000000000", "data@kommunen.example.se"
    )


def test_a_portal_that_is_told_of_none_has_none():
    assert read_publisher({**TOLD, "NAME": "", "URI": ""}) is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"NAME": ""}, "PUBLISHER_NAME saknas"),
        ({"URI": ""}, "PUBLISHER_URI saknas"),
        ({"EMAIL": ""}, "PUBLISHER_EMAIL saknas"),
        ({"URI": "kommunen.se"}, "PUBLISHER_URI ska vara en hel adress"),
        ({"URI": "https://kommunen.se/a b"}, "PUBLISHER_URI ska vara en hel adress"),
        ({"PAGE": "javascript:alert(1)"}, "PUBLISHER_PAGE ska vara en hel adress"),
        ({"EMAIL": "data at kommunen"}, "PUBLISHER_EMAIL ska vara en e-postadress"),
        ({"EMAIL": "data@kommunen.se?cc=x@y.se"}, "PUBLISHER_EMAIL ska vara en e-postadress"),
        ({"TYPE": "Kommun"}, "PUBLISHER_TYPE ska vara något av"),
    ],
)
def test_what_is_wrong_is_told(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        read_publisher(TOLD | wrong)


@pytest.mark.parametrize("kind", TYPES)
def test_each_type_that_the_profile_knows_may_be_told(kind):
    assert read_publisher(TOLD | {"TYPE": kind}) is not None


@pytest.mark.parametrize(
    ("uri", "number"),
    [
        ("http://dataportal.se/organisation/SE2021001234", "2021001234"),
        ("http://dataportal.se/organisation/SE2021001234-miljo", "2021001234"),
        ("https://kommunen.example.se/", ""),
    ],
)
def test_the_organisation_number_is_in_the_uri_that_swedens_portal_has(uri, number):
    assert Publisher("Kommunen", uri, "data@kommunen.example.se").organisation_number == number


def test_a_portal_doesnt_start_with_a_publisher_told_by_halves():
    run = start("from django.conf import settings; settings.PUBLISHER", **COMPLETE, PUBLISHER_NAME="Kommunen")

    assert run.returncode == 1
    assert "Portalen kan inte starta: PUBLISHER_URI saknas" in run.stderr


def test_a_portal_to_try_out_has_an_example_and_one_in_production_has_none():
    assert setting("PUBLISHER.name") == EXAMPLE.name
    assert setting("PUBLISHER", **COMPLETE) == "None"


def test_people_write_to_whoever_runs_the_portal_where_nothing_else_is_told():
    told = {f"PUBLISHER_{name}": TOLD[name] for name in ("NAME", "URI")}

    assert setting("PUBLISHER.email", **COMPLETE, **told, CONTACT_EMAIL="portalen@example.se") == (
        "portalen@example.se"
    )
