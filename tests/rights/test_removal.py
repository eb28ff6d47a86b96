"""A rule that is taken away is noticed, whichever way it is taken."""

from __future__ import annotations

from tests.rights.finding import Removal, removals
from tests.rights.removal import (
    AT_THE_START,
    MATRIX,
    NOT_NOTICED,
    noticed_in_place,
)

SEES_IT = f"{MATRIX}::test_everyone_reads_what_they_may_and_nothing_else[visitor]"
WRITES = "writes_what_they_may_and_whoever_is_refused_changes_nothing"
SEES_NOTHING = "tests/rights/test_addresses.py::test_every_address_has_a_name"


def find(*words: str) -> Removal:
    [found] = [each for each in removals() if all(word in str(each) for word in words)]
    return found


def test_in_a_running_process_it_is_noticed_by_the_test_that_sees_it_and_by_no_other():
    shown = find("actionplan/loaders.py", "unchecked: or_404", "read_revision")
    read = find("followup/views/years.py", "edition_pdf without require_safe")
    middleware = find("portal/settings.py", "portal.rights.Rights")
    flag = find("portal/rights.py", "not same_for_all: Right(same_for_all=True)")
    writing = SEES_IT.replace("reads_what_they_may_and_nothing_else", WRITES)
    unseen = find("actionplan/loaders.py", "unchecked: or_404", "read_plan")
    elsewhere = find("actionplan/loaders.py", "unchecked: or_404", "manage_people")
    tests = {
        unseen: [SEES_NOTHING],
        elsewhere: [SEES_IT],
        shown: [SEES_NOTHING, SEES_IT],
        read: [SEES_NOTHING, writing],
        middleware: [SEES_NOTHING, SEES_IT],
        flag: [SEES_NOTHING],
    }

    asked = {
        elsewhere: {SEES_IT: ["/om/"]},
        shown: {SEES_IT: ["/om/", "/planer/gemensam/revideringar/2017/"]},
        middleware: {SEES_IT: ["/konto/"]},
    }

    noticed = dict(zip(tests, noticed_in_place(list(tests), tests, asked), strict=True))

    assert noticed == {
        unseen: NOT_NOTICED,
        elsewhere: NOT_NOTICED,
        shown: SEES_IT,
        read: writing,
        middleware: SEES_IT,
        flag: AT_THE_START,
    }
