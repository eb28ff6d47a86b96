"""A rule that is taken away is noticed, whichever way it is taken."""

from __future__ import annotations

from pathlib import Path

from tests.rights.finding import Removal, removals
from tests.rights.removal import (
    AT_THE_START,
    MATRIX,
    NOT_NOTICED,
    copy_of_the_tree,
    noticed_anew,
    noticed_in_place,
)

SEES_IT = f"{MATRIX}::test_everyone_reads_what_they_may_and_nothing_else[visitor]"
SEES_NOTHING = "tests/rights/test_addresses.py::test_every_address_has_a_name"


def find(*words: str) -> Removal:
    [found] = [each for each in removals() if all(word in str(each) for word in words)]
    return found


def test_in_a_running_process_it_is_noticed_by_the_test_that_sees_it_and_by_no_other():
    shown = find("actionplan/loaders.py", "unchecked: or_404", "read_revision")
    decorated = find("followup/views/reporting.py", "report_activity without require_http_methods")
    tests = {shown: [SEES_NOTHING, SEES_IT], decorated: [SEES_NOTHING]}

    assert list(noticed_in_place([shown, decorated], tests)) == [SEES_IT, AT_THE_START]
    assert list(noticed_in_place([shown], {shown: [SEES_NOTHING]})) == [NOT_NOTICED]


def test_in_a_copy_of_the_tree_it_is_noticed(tmp_path: Path):
    copy_of_the_tree(tmp_path / "tree")

    by = noticed_anew(find("actionplan/loaders.py", "unchecked: or_404", "read_revision"), tmp_path / "tree")

    assert by == SEES_IT
