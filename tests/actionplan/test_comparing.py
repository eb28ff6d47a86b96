"""What has changed between two revisions: by key, in the document's order, each thing once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionplan.changes import Change, Comparison
from actionplan.comparing import compare
from actionplan.reports import AnsweringRow, Between, DecisionRow, RevisionReport
from publishing.editions import frozen, thawed
from tests.actionplan.made_reports import (
    a_challenge,
    a_chapter,
    a_draft,
    a_goal,
    a_report,
    a_target,
    a_term,
    an_activity,
    an_area,
    an_ending,
    answered_by,
)


def told(comparison: Comparison) -> list[str]:
    """Each change in a line: "activity moten changed"."""
    return [f"{each.kind} {each.key} {each.what}".replace("  ", " ") for each in comparison.changes]


def the_change(before: RevisionReport, after: RevisionReport) -> Change:
    [change] = compare(before, after).changes
    return change


def fields(change: Change) -> dict[str, tuple[str, str]]:
    return {each.label: (each.before, each.after) for each in change.fields}


def with_activities(*activities: Any, **about: Any) -> RevisionReport:
    return a_report(a_challenge("service", *activities), **about)


def in_order(keys: str) -> RevisionReport:
    return with_activities(*(an_activity(key) for key in keys))


class TestByKey:
    def test_a_renamed_challenge_is_the_same_challenge(self):
        change = the_change(
            a_report(a_challenge("service", an_activity("moten"), title="Kommunal service")),
            a_report(a_challenge("service", an_activity("moten"), title="Kommunal service och bemötande")),
        )

        assert (change.kind, change.what, change.title) == (
            "challenge",
            "changed",
            "Kommunal service och bemötande",
        )
        assert [(each.what, each.text) for each in change.renamed] == [
            ("kept", "Kommunal service"),
            ("added", " och bemötande"),
        ]

    def test_an_activity_of_another_key_is_another_though_it_is_called_the_same(self):
        comparison = compare(
            with_activities(an_activity("moten", title="Möten")),
            with_activities(an_activity("moten-2", title="Möten")),
        )

        assert told(comparison) == ["activity moten removed", "activity moten-2 added"]

    def test_keys_are_of_their_kind(self):
        before = a_report(a_challenge("service", a_goal("service"), an_activity("service")))
        after = a_report(a_challenge("service", a_goal("service"), an_activity("service", title="Ny")))

        assert told(compare(before, after)) == ["activity service changed"]

    def test_terms_from_before_they_had_keys_are_known_by_their_word(self):
        before = a_report(terms=(a_term("NLE", "Näringslivsenhet"), a_term("SP", "Science park")))
        after = a_report(terms=(a_term("NLE", "Näringslivsenheten", "nle"), a_term("DUA", "Unga", "dua")))

        assert told(compare(before, after)) == ["term NLE changed", "term SP removed", "term DUA added"]

    def test_a_term_with_a_key_can_be_written_otherwise(self):
        change = the_change(
            a_report(terms=(a_term("NLE", "En enhet", "nle"),)),
            a_report(terms=(a_term("Nle", "En enhet", "nle"),)),
        )

        assert (change.what, change.title) == ("changed", "Nle")


class TestNothing:
    def test_that_another_year_sets_other_activities_in_bold_is_no_change(self):
        moten = an_activity("moten", first_year=2016, last_year=2016, is_this_year=True)

        assert compare(
            with_activities(moten, year=2016), with_activities(replace(moten, is_this_year=False), year=2017)
        ).is_empty

    def test_that_each_year_has_its_own_decision_is_no_change(self):
        before = a_report(decided_on=date(2015, 12, 1), registry_number="KS 2015/1")

        assert compare(
            before, a_report(year=2017, decided_on=date(2016, 12, 1), registry_number="KS 2016/9")
        ).is_empty

    def test_no_decision_is_missed_in_a_draft(self):
        assert compare(a_report(decided_by="Kommunfullmäktige"), a_draft()).is_empty

    def test_another_order_of_organisations_or_other_space_is_no_change(self):
        before = an_activity("moten", responsible=("A", "B"), description="Ett\nTvå")

        assert compare(
            with_activities(before),
            with_activities(replace(before, responsible=("B", "A"), description="Ett Två ")),
        ).is_empty

    def test_it_says_so(self):
        assert compare(a_report(), a_report(year=2017)).says == "Inget skiljer sig."


class TestOrder:
    @pytest.mark.parametrize(
        ("before", "after", "changed"),
        [
            ("abcde", "xabcde", ["x added"]),
            ("abcde", "bcdea", ["a moved"]),
            ("abcde", "eabcd", ["e moved"]),
            ("abcde", "abde", ["c removed"]),
            ("abcde", "badce", ["b moved", "d moved"]),
            ("abcde", "axce", ["x added", "b removed", "d removed"]),
        ],
    )
    def test_only_rows_that_really_moved_are_told(self, before, after, changed):
        lines = told(compare(in_order(before), in_order(after)))

        assert sorted(lines) == sorted(f"activity {each}" for each in changed)

    def test_a_moved_row_says_after_which_it_stands(self):
        [first] = compare(in_order("abc"), in_order("cab")).changes
        [later] = compare(in_order("abc"), in_order("bca")).changes

        assert first.remarks == ("Står nu först.",)
        assert later.remarks == ("Står nu efter ”c”.",)

    def test_what_is_gone_stands_where_it_stood(self):
        lines = told(compare(in_order("abcd"), in_order("axd")))

        assert lines == ["activity b removed", "activity c removed", "activity x added"]

    def test_targets_stand_by_year_and_are_not_moved_when_the_year_is(self):
        before = a_report(
            a_challenge("service", a_goal("nki", a_target("a", year=2016), a_target("b", year=2017)))
        )
        after = a_report(
            a_challenge("service", a_goal("nki", a_target("b", year=2017), a_target("a", year=2018)))
        )

        assert told(compare(before, after)) == ["target a changed"]
        assert the_change(before, after).title == "NKI 2018"

    def test_the_changes_stand_in_the_documents_order(self):
        before = a_report()
        after = a_report(
            a_challenge("utanfor"),
            a_challenge(
                "service", an_activity("moten"), a_goal("nki", a_target("nki-2018")), area="naringsliv"
            ),
            area_rows=(an_area("naringsliv"),),
            chapters=(
                a_chapter("slut", placement="after"),
                a_chapter("bakgrund"),
                a_chapter("om", area="naringsliv"),
            ),
            terms=(a_term("NLE"),),
            decided_by="Kommunfullmäktige",
        )

        assert [line.rpartition(" ")[0] for line in told(compare(before, after))] == [
            "document",
            "chapter bakgrund",
            "area naringsliv",
            "chapter om",
            "challenge service",
            "goal nki",
            "target nki-2018",
            "activity moten",
            "challenge utanfor",
            "chapter slut",
            "term NLE",
        ]


class TestMovedElsewhere:
    def test_an_activity_in_another_challenge_is_moved_and_told_once(self):
        moten = an_activity("moten")
        before = a_report(a_challenge("service", moten, title="Service"), a_challenge("naring"))
        comparison = compare(
            before, a_report(a_challenge("service", title="Service"), a_challenge("naring", moten))
        )

        [group] = comparison.groups
        assert (group.key, told(comparison)) == ("naring", ["activity moten moved"])
        assert group.changes[0].remarks == ("Stod förut under ”Service”.",)

    def test_one_that_is_reworded_too_is_changed_and_says_where_it_stood(self):
        before = a_report(a_challenge("service", an_activity("moten")), a_challenge("naring"))
        after = a_report(
            a_challenge("service"), a_challenge("naring", an_activity("moten", title="Fler moten"))
        )

        change = the_change(before, after)

        assert (change.what, change.remarks) == ("changed", ("Stod förut under ”service”.",))

    def test_what_stood_under_a_challenge_that_is_gone_is_told_as_gone_or_moved(self):
        before = a_report(a_challenge("service", an_activity("a"), an_activity("b")), a_challenge("naring"))
        after = a_report(a_challenge("naring", an_activity("b")))

        assert told(compare(before, after)) == [
            "challenge service removed",
            "activity a removed",
            "activity b moved",
        ]

    @pytest.mark.parametrize(
        ("area", "where"), [("naringsliv", "under området ”naringsliv”"), (None, "utanför områdena")]
    )
    def test_a_challenge_in_another_area_says_where_it_stood(self, area, where):
        areas = (an_area("naringsliv"), an_area("arbete"))

        change = the_change(
            a_report(a_challenge("service", area=area), area_rows=areas),
            a_report(a_challenge("service", area="arbete"), area_rows=areas),
        )

        assert (change.what, change.remarks) == ("moved", (f"Stod förut {where}.",))

    def test_a_chapter_placed_elsewhere_says_where_it_stood(self):
        change = the_change(
            a_report(chapters=(a_chapter("bakgrund"),)),
            a_report(chapters=(a_chapter("bakgrund", placement="after"),)),
        )

        assert (change.what, change.remarks) == ("moved", ("Stod förut före utmaningarna.",))

    def test_so_do_a_goal_and_its_target(self):
        target = a_target("t")
        before = a_report(a_challenge("service", a_goal("a", target), a_goal("b")), a_challenge("naring"))
        after = a_report(a_challenge("service", a_goal("a")), a_challenge("naring", a_goal("b", target)))

        assert told(compare(before, after)) == ["goal b moved", "target t moved"]


class TestActivities:
    def test_all_that_an_activity_says_is_compared(self):
        change = the_change(
            with_activities(
                an_activity(
                    "moten",
                    heading="Start",
                    description="Vi *träffas*.",
                    expected_result="Fler möten",
                    first_year=2016,
                    last_year=2016,
                    responsible=("Enköping", "DUsys"),
                    responsible_text="VD SP",
                )
            ),
            with_activities(
                an_activity(
                    "moten",
                    heading="",
                    description="Vi *träffas* ofta.",
                    expected_result="Fler och bättre möten",
                    first_year=2017,
                    last_year=2018,
                    responsible=("Enköping", "Västerås"),
                    responsible_text="VD",
                )
            ),
        )

        assert fields(change) == {
            "Står under rubriken": ("Start", ""),
            "När": ("2016", "2017–2018"),
            "Ansvarig": ("Enköping, DUsys", "Enköping, Västerås"),
            "Ansvarig i dokumentet": ("VD SP", "VD"),
            "Förväntat resultat": ("Fler möten", "Fler och bättre möten"),
            "Beskrivning": ("Vi träffas.", "Vi träffas ofta."),
        }

    def test_one_who_led_it_and_only_takes_part_now_is_told(self):
        before = an_activity("moten", **answered_by("Enköping", "Västerås"))
        after = replace(before, **answered_by("Enköping", taking_part="Västerås"))

        change = the_change(with_activities(before), with_activities(after))

        assert fields(change) == {"Ansvarig": ("Enköping, Västerås", "Enköping, Västerås (medverkar)")}

    def test_an_edition_that_says_nothing_of_parts_is_compared_by_name(self):
        before = an_activity("moten", responsible=("Enköping", "Västerås"))
        after = replace(before, **answered_by("Enköping", taking_part="Västerås"))

        assert compare(with_activities(before), with_activities(after)).is_empty

    def test_an_organisation_that_is_called_otherwise_since_is_the_same(self):
        before, after = (
            an_activity("moten", responsible=(name,), answering=(AnsweringRow("enkoping", name, "lead"),))
            for name in ("Enköping", "Enköpings kommun")
        )

        assert compare(with_activities(before), with_activities(after)).is_empty

    def test_a_new_one_tells_what_it_is_and_that_nobody_is_responsible(self):
        change = the_change(
            with_activities(), with_activities(an_activity("moten", first_year=2017, expected_result="Möten"))
        )

        assert (change.what, change.what_label, change.kind_label) == ("added", "Tillagt", "aktivitet")
        assert fields(change) == {"När": ("", "från 2017"), "Förväntat resultat": ("", "Möten")}
        assert change.remarks == ("Ansvarig saknas.",)

    def test_one_that_has_ended_is_told_with_how_and_why(self):
        after = with_activities(
            year=2017, endings=(an_ending("moten", "ended", "Avslutad", reason="Pengarna tog slut."),)
        )

        change = the_change(with_activities(an_activity("moten", title="Möten")), after)

        assert (change.what, change.what_label, change.title) == ("ended", "Avslutad", "Möten")
        assert change.reason == "Pengarna tog slut."

    def test_one_that_takes_anothers_place_and_the_one_it_replaces_name_each_other(self):
        before = with_activities(an_activity("moten", title="Möten"))
        new = an_activity("samtal", title="Samtal", predecessor="moten", responsible_text="VD")
        after = with_activities(new, year=2017, endings=(an_ending("moten", "replaced", "Ersatt"),))

        old_one, new_one = sorted(compare(before, after).changes, key=lambda each: each.key)

        assert (old_one.what, old_one.remarks) == ("replaced", ("Ersatt av ”Samtal”.",))
        assert (new_one.what, new_one.remarks) == ("added", ("Ersätter ”Möten”.",))

    def test_how_one_ended_in_a_year_between_is_known(self):
        before, after = with_activities(an_activity("moten")), with_activities(year=2018)

        [change] = compare(before, after, between=Between({"moten": an_ending("moten")})).changes

        assert (change.what, change.what_label) == ("done", "Genomförd")

    def test_one_whose_heir_has_been_replaced_too_in_a_year_between_leads_to_what_stands_now(self):
        before = with_activities(an_activity("moten", title="Möten"))
        after = with_activities(
            an_activity("forum", title="Forum", predecessor="samtal", responsible_text="VD"),
            an_activity("natverk", title="Nätverk", responsible_text="VD"),
            year=2018,
            endings=(an_ending("samtal", "replaced", "Ersatt"),),
        )

        comparison = compare(
            before,
            after,
            between=Between(
                endings={"moten": an_ending("moten", "replaced", "Ersatt")},
                predecessors={"samtal": "moten", "natverk": "moten"},
            ),
        )

        assert {each.key: each.remarks for each in comparison.changes} == {
            "moten": ("Ersatt av ”Forum” och ”Nätverk”.",),
            "forum": ("Ersätter ”Möten”.",),
            "natverk": ("Ersätter ”Möten”.",),
        }

    def test_one_that_a_draft_has_nothing_of_yet_is_not_said_to_be_removed(self):
        change = the_change(with_activities(an_activity("moten")), a_draft(a_challenge("service")))

        assert (change.what, change.what_label) == ("left-out", "Inte med")

    def test_the_plans_own_words_are_used(self):
        before = with_activities(plan_activity_word="insats", plan_activity_word_plural="insatser")
        after = with_activities(
            an_activity("a"),
            an_activity("b"),
            plan_activity_word="insats",
            plan_activity_word_plural="insatser",
        )

        comparison = compare(before, after)

        assert comparison.says == "2 insatser har kommit till."
        assert {each.kind_label for each in comparison.changes} == {"insats"}


class TestTargets:
    def change(self, before: Any, after: Any) -> Change:
        return the_change(
            a_report(a_challenge("service", a_goal("nki", before))),
            a_report(a_challenge("service", a_goal("nki", after))),
        )

    def test_a_changed_value_is_told_with_its_decimals_its_unit_and_why(self):
        change = self.change(a_target("t", nearly=Decimal(70)), a_target("t", "76.5", reason="NKI steg."))

        assert change.reason == "NKI steg."
        assert fields(change) == {
            "Värde att nå": ("minst 75,0 (index 0–100)", "minst 76,5 (index 0–100)"),
            "Gräns för delvis": ("70,0 (index 0–100)", ""),
        }

    def test_values_that_are_shown_alike_are_told_so_that_they_differ(self):
        change = self.change(a_target("t", "1234.5"), a_target("t", "1234.56000000", unit=""))

        assert fields(change) == {
            "Värde att nå": (
                "minst 1\N{NO-BREAK SPACE}234,5 (index 0–100)",
                "minst 1\N{NO-BREAK SPACE}234,56",
            )
        }

    def test_so_are_its_operator_over_whom_and_another_indicator(self):
        change = self.change(
            a_target("t"),
            a_target(
                "t",
                operator="<=",
                over="each",
                indicator="sokande",
                indicator_name="Sökande",
            ),
        )

        assert change.title == "Sökande 2018"
        assert "".join(each.text for each in change.renamed if each.what == "removed") == "NKI"
        assert fields(change) == {
            "Värde att nå": ("minst 75,0 (index 0–100)", "högst 75,0 (index 0–100)"),
            "Över vem": ("Medeltal för kommunerna", "Var och en av kommunerna"),
        }

    def test_a_label_that_is_written_otherwise_is_no_change(self):
        assert compare(
            a_report(
                a_challenge("service", a_goal("nki", a_target("t", over_label="Medel", operator_label="≥")))
            ),
            a_report(a_challenge("service", a_goal("nki", a_target("t"))), year=2017),
        ).is_empty

    def test_a_code_that_is_no_more_keeps_the_label_it_had(self):
        change = self.change(a_target("t", over="median", over_label="Medianen"), a_target("t"))

        assert fields(change) == {"Över vem": ("Medianen", "Medeltal för kommunerna")}

    def test_an_old_reason_is_not_told_again(self):
        target = a_target("t", reason="NKI steg.")

        assert compare(
            a_report(a_challenge("service", a_goal("nki", target))),
            a_report(a_challenge("service", a_goal("nki", target)), year=2017),
        ).is_empty


class TestTheDocument:
    def test_what_it_says_of_itself_is_compared(self):
        change = the_change(
            a_report(plan_owner="4M"),
            a_report(
                plan_owner="Eskilstuna", plan_partners=("Enköping", "Strängnäs"), decided_by="Direktionen"
            ),
        )

        assert fields(change) == {
            "Ägare": ("4M", "Eskilstuna"),
            "Deltar": ("Enköping, Västerås", "Enköping, Strängnäs"),
            "Beslutat av": ("", "Direktionen"),
        }

    def test_a_corrected_decision_of_the_same_year_is_told(self):
        decision = DecisionRow("Enköping", "Kommunfullmäktige", date(2016, 5, 30), "KS 2016/1")

        change = the_change(
            a_report(decided_on=date(2016, 5, 3)),
            a_report(decided_on=date(2016, 5, 30), decisions=(decision,)),
        )

        assert fields(change) == {
            "Beslutsdatum": ("2016-05-03", "2016-05-30"),
            "Kommunernas beslut": ("", "Enköping: Kommunfullmäktige 2016-05-30, KS 2016/1"),
        }

    def test_a_challenge_tells_each_of_its_texts(self):
        before = a_challenge("s", purpose="Ett", strategy="Två", text="Tre", followup_owner="Enköping")
        after = a_challenge("s", purpose="1", strategy="2", text="3", followup_owner="Västerås")

        assert [*fields(the_change(a_report(before), a_report(after)))] == [
            "Syfte",
            "Strategi",
            "Text",
            "Följs upp av",
        ]


class TestTheSentence:
    def test_it_counts_what_has_happened_to_activities_and_then_the_rest(self):
        before = a_report(
            a_challenge("service", *(an_activity(key) for key in "abcdef"), a_goal("mal")),
            chapters=(a_chapter("bakgrund"),),
        )
        after = a_report(
            a_challenge(
                "service",
                an_activity("b"),
                an_activity("a"),
                an_activity("c", title="Ny"),
                *(an_activity(key) for key in "xyz"),
                a_goal("mal", text="Nytt mål"),
                a_goal("mal-2"),
            ),
            chapters=(a_chapter("bakgrund", text="Mer."),),
            endings=(an_ending("d"), an_ending("e", "ended", "Avslutad")),
            plan_title="Ny titel",
        )

        assert compare(before, after).says == (
            "3 aktiviteter har kommit till, 1 har ändrats, 1 har flyttats, 1 har genomförts, 1 har avslutats "
            "och 1 har tagits bort. 2 mål, 1 avsnitt och uppgifter om dokumentet skiljer sig också."
        )

    def test_it_does_without_activities(self):
        assert compare(a_report(), a_report(a_challenge("a"))).says == "1 utmaning skiljer sig."
        assert compare(a_report(), a_report(plan_title="Ny")).says == "Uppgifter om dokumentet skiljer sig."

    def test_what_is_compared_is_named(self):
        comparison = compare(a_report(), a_draft(note="Integration är med."))

        assert (comparison.before_label, comparison.after_label) == (
            "planen för 2016",
            "arbetsmaterialet till planen för 2017",
        )
        assert comparison.note == "Integration är med."


# Any two revisions


KEYS = st.lists(st.sampled_from("abcd"), unique=True, max_size=4)
WORDS = st.sampled_from(["", "Ett", "Ett två", "*Ett* tre\n\nfyra"])


@st.composite
def activities(draw: Any) -> Any:
    return an_activity(
        draw(st.sampled_from("abcd")),
        title=draw(WORDS),
        description=draw(WORDS),
        first_year=draw(st.sampled_from([None, 2016, 2017])),
        responsible=draw(st.sampled_from([(), ("A",), ("A", "B")])),
        predecessor=draw(st.sampled_from(["", "a", "b", "q"])),
        is_this_year=draw(st.booleans()),
    )


@st.composite
def revisions(draw: Any) -> RevisionReport:
    """A revision of a few rows, whose keys stand anywhere in it but once."""
    rows = {each.key: each for each in draw(st.lists(activities(), max_size=4))}
    challenges = draw(KEYS)
    under: dict[str, list[Any]] = {key: [] for key in challenges}
    for key in draw(st.permutations([*rows])) if challenges else []:
        under[draw(st.sampled_from(challenges))].append(rows[key])
    for key in draw(KEYS) if challenges else []:
        target = a_target(key, draw(st.sampled_from(["75", "75.00000000", "75.04"])))
        under[draw(st.sampled_from(challenges))].append(a_goal(key, target, text=draw(WORDS)))
    areas = draw(KEYS)
    area = st.sampled_from([None, *areas])
    return a_report(
        *(a_challenge(key, *under[key], area=draw(area), purpose=draw(WORDS)) for key in challenges),
        year=draw(st.sampled_from([2016, 2017])),
        state=draw(st.sampled_from(["adopted", "draft"])),
        area_rows=tuple(an_area(key, draw(WORDS)) for key in areas),
        chapters=tuple(
            a_chapter(
                key, area=draw(area), text=draw(WORDS), placement=draw(st.sampled_from(["before", "after"]))
            )
            for key in draw(KEYS)
        ),
        terms=tuple(a_term(key, draw(WORDS), key) for key in draw(KEYS)),
        endings=tuple(an_ending(key) for key in draw(KEYS)),
    )


@given(revisions())
def test_nothing_differs_from_itself(report):
    assert compare(report, report).is_empty


def keys_of(report: RevisionReport) -> dict[str, set[str]]:
    goals = [goal for challenge in report.challenges for goal in challenge.goals]
    return {
        "area": {each.key for each in report.area_rows},
        "chapter": {each.key for each in report.chapters},
        "challenge": {each.key for each in report.challenges},
        "goal": {each.key for each in goals},
        "target": {target.key for goal in goals for target in goal.targets},
        "activity": {each.key for each in report.activities},
        "term": {each.key for each in report.terms},
    }


@given(revisions(), revisions())
def test_each_row_that_has_come_or_gone_is_told_once_and_no_other_as_that(before, after):
    comparison = compare(before, after)
    was, is_now = keys_of(before), keys_of(after)
    changes = [each for each in comparison.changes if each.kind != "document"]

    assert len({(each.kind, each.key) for each in changes}) == len(changes)
    for kind in was:
        of_kind = {each.key: each for each in changes if each.kind == kind}
        assert {key for key, each in of_kind.items() if each.what == "added"} == is_now[kind] - was[kind]
        whole = {key for key, each in of_kind.items() if each.is_whole and each.what != "added"}
        assert whole == was[kind] - is_now[kind]


@given(revisions(), revisions())
def test_back_again_there_is_as_much_to_tell(before, after):
    def rows(comparison: Comparison) -> set[tuple[str, str]]:
        return {(each.kind, each.key) for each in comparison.changes if each.what not in ("moved", "changed")}

    assert rows(compare(before, after)) == rows(compare(after, before))


@given(revisions(), revisions())
def test_it_can_be_frozen(before, after):
    comparison = compare(before, after)

    assert thawed(Comparison, frozen(comparison)) == comparison
