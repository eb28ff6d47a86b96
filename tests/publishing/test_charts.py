"""A bar shares its width by the counts, leaves nothing out and never runs over."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from publishing.charts import GAP, segments


def test_a_bar_is_shared_by_the_counts_with_a_gap_between():
    done, late = segments([("completed", 3), ("delayed", 1)], width=103)

    assert (done.x, done.width) == (0, 75)
    assert (late.x, late.width) == (78, 25)
    assert done.middle == 37


def test_a_status_that_nothing_has_takes_no_room():
    assert [each.code for each in segments([("completed", 0), ("delayed", 2)], width=100)] == ["delayed"]


def test_no_activities_give_no_bar():
    assert segments([("completed", 0)], width=100) == ()


def test_a_segment_too_narrow_for_its_number_leaves_it_to_the_key():
    few, many = segments([("delayed", 3), ("completed", 97)], width=600)

    assert not few.shows_count
    assert many.shows_count


def test_a_number_that_is_wider_than_its_segment_is_left_to_the_key():
    shown = [each.shows_count for each in segments([("completed", 480), ("delayed", 20)], width=130)]

    assert shown == [True, False]


@given(st.lists(st.integers(min_value=0, max_value=500), min_size=6, max_size=6))
def test_segments_stand_side_by_side_within_the_bar(counts):
    parts = segments([(str(place), count) for place, count in enumerate(counts)], width=640)

    assert [part.count for part in parts] == [count for count in counts if count]
    for left, right in pairwise(parts):
        assert right.x - (left.x + left.width) in (GAP, GAP - 1)
    assert not parts or parts[-1].x + parts[-1].width <= 641
