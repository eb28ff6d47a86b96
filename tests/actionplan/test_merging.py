"""Two who wrote from the same beginning: whose words hold where, and that nobody's are lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionplan.merging import (
    Change,
    Choice,
    MergedField,
    adds_nothing,
    alike,
    merge,
    merged,
    together,
    words,
)


@pytest.mark.parametrize(
    ("started", "theirs", "mine", "change", "value"),
    [
        ("", "", "", Change.NOBODY, ""),
        ("a", "a", "a", Change.NOBODY, "a"),
        ("a", "b", "a", Change.THEY, "b"),
        ("a", "", "a", Change.THEY, ""),
        ("a", "a", "b", Change.I, "b"),
        ("a", "a", "", Change.I, ""),
        ("", "b", "b", Change.ALIKE, "b"),
        ("a", "", "", Change.ALIKE, ""),
        ("a\r\nb", "a\nb", "c", Change.I, "c"),
        ("a", "a \n", "b", Change.I, "b"),
        ("a", "b\n c", "b\r\n c ", Change.ALIKE, "b\n c"),
    ],
)
def test_what_one_alone_has_changed_is_taken_without_asking(started, theirs, mine, change, value):
    field = MergedField("comment", started, theirs, mine)

    assert (field.change, field.value()) == (change, value)
    assert not field.needs_choice


@pytest.mark.parametrize(
    ("choice", "value"),
    [(Choice.THEIRS, "Deras."), (Choice.MINE, "Mitt."), (Choice.BOTH, "Deras.\n\nMitt.")],
)
@pytest.mark.parametrize("started", ["", "Början."])
def test_what_both_have_changed_is_chosen(started, choice, value):
    field = MergedField("comment", started, "Deras.", "Mitt.")

    assert field.needs_choice
    assert field.value(choice) == value


@pytest.mark.parametrize("choice", ["", "none", "Mine", "theirs "])
def test_a_choice_that_is_none_is_refused(choice):
    with pytest.raises(ValueError, match="is not a valid Choice"):
        MergedField("comment", "", "Deras.", "Mitt.").value(choice)


@pytest.mark.parametrize(
    ("theirs", "mine", "value"),
    [
        ("Ett möte.", "Ett möte. Två.", "Ett möte. Två."),
        ("Ett möte. Två.", "Två.", "Ett möte. Två."),
        ("", "Mitt.", "Mitt."),
        ("Deras.", "", "Deras."),
    ],
)
def test_a_text_that_holds_the_other_stands_for_both(theirs, mine, value):
    assert together(theirs, mine) == value


def test_a_merge_is_made_field_by_field():
    started = {"status": "ongoing", "comment": "Början.", "link": ""}
    theirs = {"status": "completed", "comment": "Deras.", "link": ""}
    mine = {"status": "ongoing", "comment": "Mitt.", "link": "https://example.se"}

    fields = merge(["status", "comment", "link"], started, theirs, mine)

    assert [each.name for each in fields if each.needs_choice] == ["comment"]
    assert merged(fields, {"comment": "both"}) == {
        "status": "completed",
        "comment": "Deras.\n\nMitt.",
        "link": "https://example.se",
    }


texts = st.text(alphabet="ab \r\n", max_size=6) | st.text(max_size=20)
NAMES = ("status", "comment", "result")
sides = st.fixed_dictionaries(dict.fromkeys(NAMES, texts))
choices = st.sampled_from(Choice)


@given(sides, sides)
def test_one_who_changed_nothing_takes_nothing_away(started, theirs):
    fields = merge(NAMES, started, theirs, started)

    assert adds_nothing(fields)
    assert all(alike(merged(fields, {})[name], theirs[name]) for name in NAMES)


@given(sides, sides)
def test_one_who_was_first_loses_nothing(started, mine):
    fields = merge(NAMES, started, started, mine)

    assert all(alike(merged(fields, {})[name], mine[name]) for name in NAMES)


@given(sides, sides)
def test_two_who_wrote_the_same_get_that(started, written):
    fields = merge(NAMES, started, written, written)

    assert adds_nothing(fields)
    assert merged(fields, {}) == written


@given(sides, sides, sides, choices)
def test_every_change_is_in_the_merge_unless_the_other_was_chosen(started, theirs, mine, choice):
    fields = merge(NAMES, started, theirs, mine)

    whole = merged(fields, dict.fromkeys(NAMES, choice))

    for name in NAMES:
        if not alike(started[name], mine[name]) and choice != Choice.THEIRS:
            assert words(mine[name]) in words(whole[name])
        if not alike(started[name], theirs[name]) and choice != Choice.MINE:
            assert words(theirs[name]) in words(whole[name])


@given(sides, sides, sides)
def test_it_is_the_same_merge_from_the_others_side(started, theirs, mine):
    mirrored = {Choice.THEIRS: Choice.MINE, Choice.MINE: Choice.THEIRS}
    from_mine, from_theirs = merge(NAMES, started, theirs, mine), merge(NAMES, started, mine, theirs)

    for choice, other in mirrored.items():
        one = merged(from_mine, dict.fromkeys(NAMES, choice))
        two = merged(from_theirs, dict.fromkeys(NAMES, other))
        assert all(alike(one[name], two[name]) for name in NAMES)


@given(sides, sides, sides, choices)
def test_merging_once_more_after_the_merge_changes_nothing(started, theirs, mine, choice):
    once = merged(merge(NAMES, started, theirs, mine), dict.fromkeys(NAMES, choice))

    again = merge(NAMES, theirs, theirs, once)

    assert not any(each.needs_choice for each in again)
    assert all(alike(merged(again, {})[name], once[name]) for name in NAMES)
