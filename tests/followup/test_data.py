"""data.json: the plan in force, key by key as version 1 of the schema promises."""

import json
from datetime import date

import pytest

from actionplan.models import Activity, YearlyTarget
from followup.models import Stage
from tests.builders import (
    make_activity,
    make_area,
    make_challenge,
    make_chapter,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_organisation,
    make_outcome,
    make_plan,
    make_revision,
    make_target,
    make_term,
)


def data_of(client, plan: str) -> dict:
    answer = client.get(f"/planer/{plan}/data.json")
    assert answer["Content-Type"] == "application/json"
    return json.loads(answer.content)


@pytest.mark.django_db
def test_a_small_plan_whole(client):
    enkoping, vasteras = make_municipality("Enköping"), make_municipality("Västerås")
    plan = make_plan(
        slug="gemensam",
        title="Gemensam plan",
        owner=make_organisation("4 Mälarstäder", short_name="4M"),
        partners=[vasteras, enkoping],
        last_year=None,
    )
    revision = make_revision(
        plan, year=2016, decided_by="KF", decided_on=date(2016, 3, 22), registry_number="KS/2016:275"
    )
    area = make_area(revision, key="naringsliv", title="Näringsliv")
    make_chapter(revision, key="bakgrund", title="Bakgrund", text="Därför.")
    make_chapter(revision, key="om-naringsliv", title="Om", text="Så är det.", area=area)
    texts = {"purpose": "Syftet", "strategy": "Strategin", "text": "Texten"}
    full = make_challenge(
        revision, key="service", area=area, title="Service", followup_owner=enkoping, **texts
    )
    make_challenge(revision, key="tom", title="Tom")
    nki = make_indicator(slug="nki", name="Nöjd kund-index", unit="index 0–100")
    goal = make_goal(full, key="nki", text="NKI 75")
    make_target(goal, indicator=nki, year=2016, value="75.50", nearly=70)
    described = {"heading": "Först", "description": "- Bjud in", "expected_result": "Bättre service"}
    make_activity(
        full,
        key="mote",
        title="Möte",
        first_year=2016,
        last_year=2017,
        responsible=[vasteras, enkoping],
        responsible_text="V/E",
        **described,
    )
    make_activity(full, key="oklart", title="Oklart")
    make_term(revision, term="NKI", explanation="Ett index")
    make_outcome(nki, enkoping, year=2016, value="57.89505229", source="Kolada", preliminary=True)
    make_outcome(nki, vasteras, year=2015, missing_reason="not_measured")

    assert data_of(client, "gemensam") == {
        "schema": 1,
        "plan": {
            "slug": "gemensam",
            "title": "Gemensam plan",
            "document_type": "plan",
            "first_year": 2015,
            "last_year": None,
            "owner": "4 Mälarstäder",
            "partners": ["Enköping", "Västerås"],
        },
        "revision": {
            "year": 2016,
            "state": "adopted",
            "decided_by": "KF",
            "decided_on": "2016-03-22",
            "registry_number": "KS/2016:275",
        },
        "chapters": [
            {"key": "bakgrund", "area": None, "title": "Bakgrund", "text": "Därför."},
            {"key": "om-naringsliv", "area": "naringsliv", "title": "Om", "text": "Så är det."},
        ],
        "areas": [{"key": "naringsliv", "title": "Näringsliv"}],
        "challenges": [
            {
                "key": "tom",
                "area": None,
                "title": "Tom",
                "purpose": None,
                "strategy": None,
                "text": None,
                "followup_owner": None,
                "goals": [],
                "activities": [],
            },
            {
                "key": "service",
                "area": "naringsliv",
                "title": "Service",
                "purpose": "Syftet",
                "strategy": "Strategin",
                "text": "Texten",
                "followup_owner": "Enköping",
                "goals": [
                    {
                        "key": "nki",
                        "text": "NKI 75",
                        "targets": [
                            {
                                "indicator": "nki",
                                "year": 2016,
                                "over": "mean",
                                "operator": ">=",
                                "value": "75.5",
                            }
                        ],
                    }
                ],
                "activities": [
                    {
                        "key": "mote",
                        "title": "Möte",
                        "heading": "Först",
                        "description": "- Bjud in",
                        "expected_result": "Bättre service",
                        "first_year": 2016,
                        "last_year": 2017,
                        "responsible": ["Västerås", "Enköping"],
                        "responsible_text": "V/E",
                    },
                    {
                        "key": "oklart",
                        "title": "Oklart",
                        "heading": None,
                        "description": None,
                        "expected_result": None,
                        "first_year": None,
                        "last_year": None,
                        "responsible": [],
                        "responsible_text": None,
                    },
                ],
            },
        ],
        "terms": [{"term": "NKI", "explanation": "Ett index"}],
        "indicators": [
            {
                "slug": "nki",
                "name": "Nöjd kund-index",
                "unit": "index 0–100",
                "outcomes": [
                    {
                        "municipality": "Västerås",
                        "year": 2015,
                        "value": None,
                        "missing_reason": "not_measured",
                        "preliminary": False,
                        "source": None,
                    },
                    {
                        "municipality": "Enköping",
                        "year": 2016,
                        "value": "57.89505229",
                        "missing_reason": None,
                        "preliminary": True,
                        "source": "Kolada",
                    },
                ],
            }
        ],
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stored", "written"),
    [
        ("0", "0"),
        ("100", "100"),
        ("-3.10", "-3.1"),
        ("0.00000001", "0.00000001"),
        ("123456789012", "123456789012"),
    ],
)
def test_a_value_is_written_whole_and_never_with_an_exponent(client, stored, written):
    municipality = make_municipality()
    revision = make_revision(make_plan(slug="gemensam", partners=[municipality]))
    indicator = make_indicator()
    make_target(make_goal(make_challenge(revision)), indicator=indicator, value=stored)
    make_outcome(indicator, municipality, value=stored)

    data = data_of(client, "gemensam")

    assert data["indicators"][0]["outcomes"][0]["value"] == written
    assert data["challenges"][0]["goals"][0]["targets"][0]["value"] == written


@pytest.mark.django_db
def test_only_the_partners_outcomes_are_there(client):
    partner = make_municipality("Enköping")
    revision = make_revision(make_plan(slug="gemensam", partners=[partner]))
    indicator = make_indicator()
    make_target(make_goal(make_challenge(revision)), indicator=indicator)
    make_outcome(indicator, partner)
    make_outcome(indicator, make_municipality("Någon annan"))

    [found] = data_of(client, "gemensam")["indicators"]

    assert [outcome["municipality"] for outcome in found["outcomes"]] == ["Enköping"]


@pytest.mark.django_db
def test_an_outcome_that_was_corrected_is_there_once_with_its_latest_value(client):
    partner = make_municipality("Enköping")
    revision = make_revision(make_plan(slug="gemensam", partners=[partner]))
    indicator = make_indicator()
    make_target(make_goal(make_challenge(revision)), indicator=indicator)
    make_outcome(indicator, partner, value=70)
    make_outcome(indicator, partner, value=71)

    [found] = data_of(client, "gemensam")["indicators"]

    assert [outcome["value"] for outcome in found["outcomes"]] == ["71"]


@pytest.mark.django_db
def test_when_a_year_is_published_the_data_is_of_the_revision_that_it_followed_up(client):
    revision = make_revision(year=2016)
    make_followup(revision, stage=Stage.PUBLISHED)

    assert data_of(client, revision.plan.slug)["revision"]["year"] == 2016


@pytest.mark.usefixtures("plans")
class TestRealPlans:
    def test_4m_is_there_whole(self, client):
        data = data_of(client, "4m")
        activities = [each for challenge in data["challenges"] for each in challenge["activities"]]

        assert data["plan"]["partners"] == ["Enköping", "Eskilstuna", "Strängnäs", "Västerås"]
        assert data["revision"] == {
            "year": 2016,
            "state": "adopted",
            "decided_by": None,
            "decided_on": None,
            "registry_number": None,
        }
        assert len(data["chapters"]) == 6
        assert data["areas"] == []
        assert [len(challenge["activities"]) for challenge in data["challenges"]] == [13, 13, 5, 9]
        assert [challenge["followup_owner"] for challenge in data["challenges"]] == [
            "Enköping",
            "Västerås",
            "Eskilstuna",
            "Strängnäs",
        ]
        assert sum(not activity["responsible"] for activity in activities) == 16
        assert {each["key"] for each in activities} == set(
            Activity.objects.filter(revision__plan__slug="4m").values_list("key", flat=True)
        )
        assert len(data["terms"]) == 6

    def test_4ms_targets_and_outcomes_are_whole_numbers_and_full_precision(self, client):
        data = data_of(client, "4m")
        [goal] = data["challenges"][0]["goals"]
        [nki] = data["indicators"]

        assert goal["targets"] == [
            {"indicator": "nki", "year": year, "over": "mean", "operator": ">=", "value": "75"}
            for year in (2016, 2017, 2018)
        ]
        assert len(goal["targets"]) == YearlyTarget.objects.count()
        assert len(nki["outcomes"]) == 20
        assert nki["outcomes"][0]["year"] == 2014
        values = {(each["municipality"], each["year"]): each["value"] for each in nki["outcomes"]}
        assert values["Enköping", 2016] == "57.89505229"
        assert values["Eskilstuna", 2016] == "74.5474079"
        assert {each["source"] for each in nki["outcomes"]} == {"Kolada"}

    def test_botkyrkas_areas_hold_its_nine_development_areas(self, client):
        data = data_of(client, "botkyrka")

        assert [area["key"] for area in data["areas"]] == ["naringsliv", "arbetsmarknad", "ideburen-sektor"]
        assert [challenge["area"] for challenge in data["challenges"]] == (
            ["naringsliv"] * 3 + ["arbetsmarknad"] * 4 + ["ideburen-sektor"] * 2
        )
        assert data["revision"]["decided_on"] == "2018-03-22"
        assert data["indicators"] == []
        assert all(challenge["text"] and challenge["purpose"] is None for challenge in data["challenges"])

    def test_swedish_letters_are_written_as_letters(self, client):
        assert "Strängnäs" in client.get("/planer/4m/data.json").content.decode()
