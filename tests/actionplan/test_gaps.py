"""What a draft lacks is told, sort by sort, and stands in nobody's way."""

from __future__ import annotations

import pytest

from actionplan.gaps import Gap, abbreviations_in, gaps
from actionplan.models import Plan, Revision
from actionplan.reports import revision_report
from tests.builders import (
    make_activity,
    make_challenge,
    make_chapter,
    make_draft,
    make_goal,
    make_indicator,
    make_municipality,
    make_plan,
    make_target,
    make_term,
)


def found(revision: Revision) -> dict[str, list[str]]:
    """The sentences of each group, by its code."""
    revision.plan = Plan.objects.with_parties().get(pk=revision.plan_id)
    report = revision_report(revision)
    return {group.code: [each.sentence for each in group.gaps] for group in gaps(report).groups}


@pytest.mark.django_db
class TestWhatIsLacking:
    @pytest.fixture
    def draft(self) -> Revision:
        return make_draft(make_plan(first_year=2015, last_year=2018), year=2017)

    @pytest.fixture
    def challenge(self, draft):
        return make_challenge(draft, title="Service", followup_owner=make_municipality())

    def test_nothing_of_a_draft_that_has_everything(self, draft, challenge):
        goal = make_goal(challenge, text="Nöjda företag")
        for year in (2017, 2018):
            make_target(goal, year=year, indicator=make_indicator())
        make_activity(challenge, responsible=[make_municipality()], first_year=2017, last_year=2018)

        assert found(draft) == {}

    def test_an_empty_draft_lacks_what_it_is_to_begin_with(self, draft):
        assert found(draft) == {"empty": ["Lägg till utmaning"]}

    def test_nobody_is_responsible(self, draft, challenge):
        make_activity(challenge, title="Möte")

        assert found(draft) == {"responsible": ["Möte"]}

    def test_a_goal_without_target(self, draft, challenge):
        make_goal(challenge, text="Nöjda\nföretag")

        assert found(draft) == {"targets": ["Nöjda företag"]}

    def test_years_ahead_without_targets_where_others_have_them(self, draft, challenge):
        make_target(make_goal(challenge), year=2016, indicator=make_indicator())

        assert found(draft) == {"years": ["2017", "2018"]}

    def test_nobody_follows_up(self, draft):
        make_challenge(draft, title="Service")

        assert found(draft) == {"owner": ["Service"]}

    def test_years_that_are_over(self, draft, challenge):
        for last in (2016, 2017, None):
            make_activity(challenge, title=f"Till {last}", last_year=last, responsible=[make_municipality()])

        assert found(draft) == {"over": ["Till 2016 (till 2016)"]}

    def test_abbreviations_that_no_term_explains_and_how_often_they_are_used(self, draft, challenge):
        make_chapter(draft, title="Om NKI", text="NKI mäts av SKL. VA-frågor.\nSBP:s lokaler.")
        make_activity(challenge, title="Höj NKI", responsible=[make_municipality()])
        make_term(draft, term="SBP", explanation="Stockholm Business Park")

        assert found(draft) == {"abbreviations": ["NKI (3 gånger)", "SKL (1 gång)", "VA (1 gång)"]}

    def test_what_somebody_else_has_found_stands_beside(self, draft, challenge):
        draft.plan = Plan.objects.with_parties().get(pk=draft.plan_id)

        told = gaps(revision_report(draft), remaining=[Gap("Möte", "/dit/")], baseline=[Gap("NKI", "/dit/")])

        assert [(group.code, group.title) for group in told.groups] == [
            ("remaining", "Aktiviteter: inte genomgångna"),
            ("baseline", "Indikatorer utan utgångsläge"),
        ]
        assert told.total == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Höj NKI och NKI:s delar", ["NKI", "NKI"]),
        ("ÅVC, YH-utbildning, IKT2 och SKLs stöd", ["ÅVC", "YH", "IKT2", "SKL"]),
        ("kapitel II, XIV och IX", []),
        ("4M har A4 och B", []),
        ("INLEDNING", []),
        ("SYFTE OCH MÅL\nText om NKI", ["NKI"]),
        ("NKI", ["NKI"]),
        ("se https://example.se/NKI/PDF och NKI@example.se", []),
        ("IT inom EU", []),
        ("DUsys och McDonalds", []),
    ],
)
def test_what_an_abbreviation_is(text, words):
    assert list(abbreviations_in(text)) == words


class TestTheRealPlans:
    @pytest.mark.parametrize(
        ("slug", "year", "words"),
        [
            (
                "4m", 2016,
                ["CREATE", "DUA", "KS", "MDH", "MSP", "NKI", "SBP", "SME", "SP", "VSP", "WS", "YH", "YHM"],
            ),
            ("botkyrka", 2011, ["IOP"]),
        ],
    )  # fmt: skip
    def test_nobody_is_drowned_in_abbreviations(self, plans, slug, year, words):
        revision = Revision.objects.filter(plan__slug=slug).latest("year")
        told = [each.partition(" ")[0] for each in found(revision)["abbreviations"]]

        explained = {"CREATE", "DUA", "SBP", "SP"}
        assert told == [word for word in words if word not in explained]
