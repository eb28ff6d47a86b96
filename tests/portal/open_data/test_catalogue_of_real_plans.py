"""The catalogue of the plans that the portal is tried out with."""

import pytest

from tests.portal.open_data.profile import claimed, faults_of, graph_at, that_have_rows

pytestmark = pytest.mark.usefixtures("plans")


def test_it_has_all_that_the_profile_demands(client):
    assert faults_of(graph_at(client)) == []


def test_it_tells_of_what_has_rows_and_of_nothing_else(client):
    assert claimed(graph_at(client)) == that_have_rows() != set()
