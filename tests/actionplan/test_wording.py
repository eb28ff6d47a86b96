"""How two texts differ, told so that both can be read in it, and never slow to find."""

from __future__ import annotations

import random
from collections import Counter
from difflib import SequenceMatcher
from functools import cache
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionplan import wording
from actionplan.changes import ADDED, AROUND, KEPT, REMOVED, FieldChange, Span
from actionplan.wording import by_item, by_markdown, by_word, longest_rising, whole
from tests.sources import DATA

MARKS = {KEPT: "{}", ADDED: "+{}+", REMOVED: "-{}-"}


def marked(spans: tuple[Span, ...]) -> str:
    """The spans in a line: "till -hela- +halva+ 4M"."""
    return "".join(MARKS[each.what].format(each.text) for each in spans)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("Vidga DUsys till 4M", "Vidga DUsys till hela 4M", "Vidga DUsys till +hela +4M"),
        ("Vidga DUsys till hela 4M", "Vidga DUsys till 4M", "Vidga DUsys till -hela -4M"),
        ("nå 75,5 i NKI", "nå 76,5 i NKI", "nå -75,5-+76,5+ i NKI"),
        ("tre gamla ord här", "två nya ord här", "-tre gamla-+två nya+ ord här"),
        ("e-post", "e-tjänst", "-e-post-+e-tjänst+"),
        ("Så blir det.", "Så blir det. Punkt.", "Så blir det.+ Punkt.+"),
        ("", "Nytt", "+Nytt+"),
        ("Borta", "", "-Borta-"),
        ("ett\ntvå", "ett\ntvå\ntre", "ett\ntvå+\ntre+"),
    ],
)
def test_a_difference_is_told_word_by_word(before, after, told):
    assert marked(by_word(before, after)) == told


@pytest.mark.parametrize("after", ["ett två", "ett  två ", "ett\ntvå", "ett\r\ntvå\r\n"])
def test_space_alone_is_no_difference(after):
    assert by_word("ett två", after) == ()


def test_lines_that_a_browser_ends_in_its_own_way_are_the_same_lines():
    assert marked(by_word("ett\ntvå\ntre", "ett\r\ntvå\r\nfyra")) == "ett\ntvå\n-tre-+fyra+"


WORDS = st.lists(
    st.sampled_from(["ett", "två", "tre", "4M", "75,5", "e-post", ".", ",", "(", "å"]), max_size=40
)


@given(WORDS.map(" ".join), WORDS.map(" ".join))
def test_both_texts_can_be_read_in_their_difference(before, after):
    change = FieldChange("", by_word(before, after))

    assert not change.spans or (change.before, change.after) == (before, after)
    assert bool(change.spans) == (before != after)


@given(st.text(), st.text())
def test_any_two_texts_keep_all_their_words(before, after):
    change = FieldChange("", by_word(before, after))

    if change.spans:
        assert change.before.split() == before.split()
        assert change.after.split() == after.split()


@given(st.text(alphabet="ab \n.", max_size=60), st.text(alphabet="ab \n.", max_size=60))
def test_no_two_spans_of_the_same_kind_follow_each_other(before, after):
    spans = by_word(before, after)

    assert all(one.what != other.what for one, other in pairwise(spans))
    assert all(each.text for each in spans)


def test_markdown_is_compared_as_it_reads():
    before = "## Bakgrund\n\nVi *arbetar* tillsammans."
    after = "## Bakgrund\n\nVi **arbetar** tillsammans nu."

    assert marked(by_markdown(before, after)) == "Bakgrund\nVi arbetar tillsammans+ nu+."


def test_a_link_that_leads_elsewhere_is_a_difference():
    before, after = "[Rapport](https://example.se/1)", "[Rapport](https://example.se/2)"

    assert "-" in marked(by_markdown(before, after))


def test_organisations_come_and_go_and_their_order_is_nothing():
    assert by_item(("A", "B"), ("B", "A")) == ()
    assert marked(by_item(("A", "B"), ("B", "C"))) == "B+C+-A-"
    assert FieldChange("", by_item(("A",), ("A", "B")), is_list=True).after == "A, B"


def test_a_value_is_replaced_whole():
    assert marked(whole("2016", "2017–2018")) == "-2016-+2017–2018+"
    assert marked(whole("", "2017")) == "+2017+"
    assert whole("2016", "2016") == ()


class TestWhatIsShown:
    def test_of_what_is_alike_only_the_nearest_words_are_shown(self):
        words = [f"ord{number}" for number in range(100)]
        field = FieldChange("", by_word(" ".join(words), " ".join([*words[:50], "nytt", *words[50:]])))

        shown = marked(field.passages)

        assert shown.startswith("… ord38 ")
        assert " ord49 +nytt+ ord50 " in shown
        assert shown.endswith(" ord61 …")
        assert len(shown.split()) == 2 * AROUND + 3

    @given(st.text(alphabet="ab c\n", max_size=200), st.text(alphabet="ab c\n", max_size=200))
    def test_no_difference_is_left_out(self, before, after):
        field = FieldChange("", by_word(before, after))

        for what in (ADDED, REMOVED):
            told = [each.text.split() for each in field.spans if each.what == what]
            assert [each.text.split() for each in field.passages if each.what == what] == told

    def test_the_space_around_what_is_new_is_not_marked(self):
        field = FieldChange("", by_word("Så blir det.", "Så blir det. Punkt."))

        assert marked(field.passages) == "Så blir det. +Punkt.+"

    def test_what_is_new_stands_apart_from_what_it_replaces(self):
        field = FieldChange("", by_word("nå 75,5 i NKI", "nå 76,5 i NKI"))

        assert marked(field.passages) == "nå -75,5- +76,5+ i NKI"


@given(st.permutations(range(7)))
def test_as_many_as_possible_are_read_in_rising_order(numbers):
    found = [numbers[place] for place in longest_rising(numbers)]

    rising = [
        each for length in range(8) for each in combinations(numbers, length) if each == tuple(sorted(each))
    ]
    assert found == sorted(found)
    assert len(found) == max(map(len, rising))


@cache
def long_texts() -> dict[str, tuple[list[str], list[str]]]:
    """Pairs of texts of 20 000 words that are hard to compare, each in its own way."""
    dice = random.Random(2016)
    real = (DATA / "4m.txt").read_text().split() + (DATA / "botkyrka.txt").read_text().split()
    drawn = dice.choices(real, k=20_000)
    numbers = [str(number) for number in range(20_000)]
    return {
        "a word here and there": (drawn, [dice.choice([word] * 20 + ["nytt"]) for word in drawn]),
        "nothing in common but the words": (drawn, dice.choices(real, k=20_000)),
        "the halves in the other order": (drawn, drawn[10_000:] + drawn[:10_000]),
        "two words over and over": (dice.choices("ab", k=20_000), dice.choices("ab", k=20_000)),
        "few words over and over": (dice.choices(real[:100], k=20_000), dice.choices(real[:100], k=20_000)),
        "the same words in any order": (numbers, dice.sample(numbers, k=20_000)),
        "the same words backwards": (numbers, numbers[::-1]),
        "other words at both ends": (["a", *drawn, "b"], ["c", *drawn, "d"]),
    }


@pytest.mark.parametrize("name", long_texts())
def test_of_texts_of_20_000_words_only_small_parts_are_looked_through(monkeypatch, name):
    """What takes time is to look through the pairs of equal words; a hundred thousand take some 50 ms."""
    taken: list[int] = []

    class Counting(SequenceMatcher):
        def __init__(self, isjunk, old, new, autojunk):
            counted = Counter(word for word in new if not word.isspace())
            taken.append(sum(counted[word] for word in old))
            super().__init__(isjunk, old, new, autojunk)

    monkeypatch.setattr(wording, "SequenceMatcher", Counting)
    before, after = (" ".join(words) for words in long_texts()[name])

    change = FieldChange("", by_word(before, after))

    assert max(taken, default=0) <= wording.MOST_PAIRS
    assert sum(taken) <= 10 * wording.MOST_PAIRS
    assert (change.before, change.after) == (before, after)


def test_a_long_text_that_is_changed_here_and_there_is_told_so():
    before, after = long_texts()["a word here and there"]

    kept = [each for each in by_word(" ".join(before), " ".join(after)) if each.what == KEPT]

    assert sum(len(each.text.split()) for each in kept) > 0.9 * len(before)
