"""Starting the portal again must keep what was entered, and bring only what is absent."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from actionplan.models import Plan
from municipalities.models import Organisation

pytestmark = pytest.mark.django_db


def load(*fixtures: str) -> str:
    said = StringIO()
    call_command("load_missing_fixtures", *fixtures, stdout=said)
    return said.getvalue()


def test_what_is_absent_is_loaded_in_the_order_given():
    assert load("organisations", "4m") == "Loaded organisations.\nLoaded 4m.\n"


def test_what_is_there_is_left_alone_and_what_is_new_still_comes():
    load("organisations", "4m")
    Plan.objects.filter(slug="4m").update(title="Ett annat namn")

    assert load("organisations", "4m", "botkyrka") == "Loaded botkyrka.\n"
    assert Plan.objects.get(slug="4m").title == "Ett annat namn"


def test_a_fixture_that_does_not_exist_is_named():
    with pytest.raises(CommandError, match="There is no fixture atlantis"):
        load("atlantis")


def test_no_made_up_reports_are_loaded_in_production(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="inget exempelinnehåll"):
        call_command("load_missing_fixtures", "organisations", "demo")

    assert not Organisation.objects.exists()
