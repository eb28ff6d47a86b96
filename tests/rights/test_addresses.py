"""No address is forgotten: each has a name, a right, and lines for all that its parameters may be."""

from __future__ import annotations

import pytest

from portal.rights import RIGHTS
from tests.rights.addresses import Address, addresses, name_of, parameters_of
from tests.rights.tables import read_table
from tests.rights.world import World

pytestmark = pytest.mark.django_db

OURS_TO_STATE = [each for each in addresses() if each.namespace != "admin"]
"""The admin's are made by a library from the models, and tried in test_administration.py."""

VALUES: dict[tuple[str, str], tuple[str, ...]] = {
    ("*", "plan"): ("gemensam", "deras", "finns-inte"),
    ("plan-at", "day"): ("{today}", "1999-12-31", "2999-12-31"),
    ("revision", "year"): ("2016", "2011", "1999"),
    ("revision-pdf", "year"): ("2016", "2011", "1999"),
    ("revision-workbook", "year"): ("2016", "2011", "1999"),
    ("revision-tables", "year"): ("2016", "2011", "1999"),
    ("revision-edition", "year"): ("2016", "2011", "1999"),
    ("revision-edition-pdf", "year"): ("2016", "2011", "1999"),
    ("revision-edition-content", "year"): ("2016", "2011", "1999"),
    ("revision-edition", "edition"): ("1", "1", "2"),
    ("revision-edition-pdf", "edition"): ("1", "1", "2"),
    ("revision-edition-content", "edition"): ("1", "1", "2"),
    ("carry-on-activity", "key"): ("aktivitet", "deras-aktivitet", "finns-inte"),
    ("begin-correction", "year"): ("2016", "2011", "1999"),
    ("followup", "year"): ("2016", "2011", "1999"),
    ("followup-pdf", "year"): ("2016", "2011", "1999"),
    ("followup-edition", "year"): ("2016", "2011", "1999"),
    ("followup-edition-pdf", "year"): ("2016", "2011", "1999"),
    ("followup-edition-content", "year"): ("2016", "2011", "1999"),
    ("followup-edition-figures", "year"): ("2016", "2011", "1999"),
    ("followup-edition", "edition"): ("1", "1", "2"),
    ("followup-edition-pdf", "edition"): ("1", "1", "2"),
    ("followup-edition-content", "edition"): ("1", "1", "2"),
    ("followup-edition-figures", "edition"): ("1", "1", "2"),
    ("report-activity", "year"): ("2018", "2013", "1999"),
    ("review", "year"): ("2018", "2013", "1999"),
    ("review", "key"): ("utmaning", "deras-utmaning", "finns-inte"),
    ("enter-outcome", "year"): ("2017", "2012", "1999"),
    ("enter-outcome", "indicator"): ("matt", "deras-matt", "finns-inte"),
    ("desk", "year"): ("2018", "2013", "1999"),
    ("followup-dates", "year"): ("2018", "2013", "1999"),
    ("open-followup", "year"): ("2018", "2013", "1999"),
    ("close-followup", "year"): ("2018", "2013", "1999"),
    ("correct-followup", "year"): ("2018", "2013", "1999"),
    ("remind-followup", "year"): ("2018", "2013", "1999"),
    ("publish-followup", "year"): ("2018", "2013", "1999"),
    ("assign", "year"): ("2018", "2013", "1999"),
    ("challenge", "key"): ("utmaning", "deras-utmaning", "finns-inte"),
    ("activity", "key"): ("aktivitet", "deras-aktivitet", "finns-inte"),
    ("report-activity", "key"): ("aktivitet", "deras-aktivitet", "finns-inte"),
    ("indicator", "indicator"): ("matt", "deras-matt", "finns-inte"),
    ("indicator-csv", "indicator"): ("matt", "deras-matt", "finns-inte"),
    ("import-outcomes", "indicator"): ("matt", "deras-matt", "finns-inte"),
    ("outcomes-to-fill-in", "indicator"): ("matt", "deras-matt", "finns-inte"),
    ("imported-outcomes", "indicator"): ("matt", "deras-matt", "finns-inte"),
    ("imported-outcomes", "upload"): ("{own-outcomes-upload}", "{their-outcomes-upload}", "{no-upload}"),
    ("fetched-outcomes", "upload"): ("{own-kolada-upload}", "{their-kolada-upload}", "{no-upload}"),
    ("break-series", "indicator"): ("matt", "deras-matt", "finns-inte"),
    ("*", "kind"): ("aktiviteter", "mal", "ord"),
    ("move-draft-row", "kind"): ("aktiviteter", "mal", "aktiviteter"),
    ("draft-row", "kind"): ("aktiviteter", "mal", "indikatorer"),
    ("remove-draft-row", "kind"): ("aktiviteter", "mal", "aktiviteter"),
    ("put-back-draft-row", "kind"): ("aktiviteter", "mal", "aktiviteter"),
    ("draft-challenge", "key"): ("ny-utmaning", "deras-ny-utmaning", "finns-inte"),
    ("draft-row", "key"): ("ny-aktivitet", "deras-ny-aktivitet", "finns-inte"),
    ("move-draft-row", "key"): ("ny-aktivitet", "deras-ny-aktivitet", "finns-inte"),
    ("remove-draft-row", "key"): ("ny-aktivitet", "deras-ny-aktivitet", "finns-inte"),
    ("put-back-draft-row", "key"): ("ny-aktivitet", "deras-ny-aktivitet", "finns-inte"),
    ("*", "municipality"): ("enkoping", "botkyrka", "finns-inte"),
    ("*", "organisation"): ("vasteras", "botkyrka", "finns-inte"),
    ("*", "person"): ("{our-person}", "{their-person}", "{no}"),
    ("*", "membership"): ("{our-membership}", "{their-membership}", "{no}"),
    ("*", "invitation"): ("{our-invitation}", "{their-invitation}", "{no}"),
    ("*", "provider_id"): ("vara", "deras", "finns-inte"),
    ("*", "token"): ("{own-token}", "{their-token}", "finns-inte"),
    ("*", "uidb36"): ("{our-uid}", "{their-uid}", "zzzzzz"),
    ("account_reset_password_from_key", "key"): ("{our-key}", "{their-key}", "finns-inte"),
    ("account_confirm_email", "key"): ("{own-change}", "{their-change}", "finns-inte"),
    ("draft-imported", "upload"): ("{own-draft-upload}", "{their-draft-upload}", "{no-upload}"),
    ("table-imported", "upload"): ("{own-table-upload}", "{their-table-upload}", "{no-upload}"),
    ("table-columns", "upload"): ("{own-table-upload}", "{their-table-upload}", "{no-upload}"),
    ("table-names", "upload"): ("{own-table-upload}", "{their-table-upload}", "{no-upload}"),
    ("plan-imported", "upload"): ("{own-plan-upload}", "{their-plan-upload}", "{no-upload}"),
    ("people-imported", "upload"): ("{own-people-upload}", "{their-people-upload}", "{no-upload}"),
    ("open-data-schema", "version"): ("1", "1", "2"),
    ("*", "dataset"): ("utfall", "aktiviteter", "finns-inte"),
    ("open-data-schema", "dataset"): ("utfall", "utfall", "finns-inte"),
    ("*", "form"): ("json", "csv", "finns-inte"),
    ("*", "pk"): ("{own-passkey}", "{their-passkey}", "{no}"),
}
"""What stands for each parameter, by the address' name: our own, another plan's or person's, and nothing."""


def values_of(name: str, parameter: str) -> tuple[str, ...]:
    return VALUES.get((name, parameter), VALUES.get(("*", parameter), ()))


def test_every_address_has_a_name():
    assert [each.pattern for each in OURS_TO_STATE if not each.name] == []


def test_every_address_states_its_right_and_every_right_has_an_address():
    assert {each.right for each in addresses()} == set(RIGHTS)


@pytest.mark.parametrize("table", ["reading.txt", "writing.txt"])
def test_every_address_has_its_lines(world, table):
    stated = {name_of(world.address(line.address, "outsider")) for line in read_table(table)}

    assert stated == {each.full_name for each in OURS_TO_STATE}


def test_every_parameter_is_ours_theirs_and_nothing_somewhere_in_the_tables(world):
    tried = tried_values(world)
    parameters = [(each.full_name, parameter) for each in OURS_TO_STATE for parameter in each.parameters]

    assert [each for each in parameters if len(values_of(*each)) != 3] == []
    assert [
        (each, value) for each in parameters for value in values_of(*each) if value not in tried[each]
    ] == []


def tried_values(world: World) -> dict[tuple[str, str], set[str]]:
    """What the tables have for each parameter of each address, as VALUES says it."""
    tried: dict[tuple[str, str], set[str]] = {}
    for line in [*read_table("reading.txt"), *read_table("writing.txt")]:
        path = world.address(line.address, "partner")
        for parameter, value in parameters_of(path).items():
            found = tried.setdefault((name_of(path), parameter), set())
            found |= {
                value,
                *(
                    word
                    for word in values_of(name_of(path), parameter)
                    if world.address(word, "partner") == value
                ),
            }
    return tried


def test_an_address_that_someone_forgets_is_found():
    forgotten = Address("", "", "planer/<slug:plan>/glomd/", ("plan",))

    assert forgotten.right not in RIGHTS
