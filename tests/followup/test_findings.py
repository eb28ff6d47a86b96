"""What charts say, and that plans' pages have them: figures against the target, activities year by year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from followup.judging import Trend, Verdict
from followup.models import Stage
from followup.reports.findings import target_finding
from tests.builders import (
    make_activity,
    make_challenge,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_outcome,
    make_plan,
    make_report,
    make_revision,
    make_target,
)
from tests.pages import main_of


@pytest.mark.parametrize(
    ("verdict", "change", "trend", "finding"),
    [
        (Verdict.NOT_MET, "2.1", Trend.BETTER, "NKI har stigit sedan 2015, men når inte målet 75."),
        (Verdict.PARTLY_MET, "-0.9", Trend.WORSE, "NKI har sjunkit sedan 2015 och når inte målet 75."),
        (Verdict.MET, "2.1", Trend.BETTER, "NKI har stigit sedan 2015 och når målet 75."),
        (Verdict.MET, "2.1", Trend.WORSE, "NKI har stigit sedan 2015, men når målet 75."),
        (Verdict.NOT_MET, "0", Trend.UNCHANGED, "NKI ligger kvar sedan 2015 och når inte målet 75."),
        (Verdict.MET, None, Trend.CANNOT_BE_COMPARED, "NKI når målet 75."),
        (Verdict.CANNOT_BE_JUDGED, None, Trend.WORSE, "NKI 2016 går inte att hålla mot målet 75."),
    ],
)
def test_a_chart_says_which_way_it_goes_and_whether_the_target_is_met(verdict, change, trend, finding):
    moved = Decimal(change) if change else None
    target = SimpleNamespace(
        indicator_name="NKI",
        year=2016,
        aim="75",
        value=Decimal("70.3"),
        verdict=verdict,
        change=moved,
        since_last_year=SimpleNamespace(year=2015, trend=trend, change=moved),
    )

    assert target_finding(target) == finding  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_plans_page_has_its_charts_its_years_where_in_the_year_it_is_and_its_latest_pdf(client):
    places = [make_municipality("Enköping"), make_municipality("Västerås")]
    revision = make_revision(make_plan(slug="plan", partners=places), year=2016, decided_on=date(2016, 1, 15))
    challenge = make_challenge(revision)
    indicator = make_indicator(slug="nki", short_name="NKI")
    make_target(make_goal(challenge), indicator=indicator, year=2016, value=75)
    for place in places:
        for year, value in ((2015, 60), (2016, 70)):
            make_outcome(indicator, place, year=year, value=value, source="Kolada")
    activity = make_activity(challenge, first_year=2015, last_year=2016)
    make_activity(challenge, first_year=2016, last_year=2016)
    first = make_followup(make_revision(revision.plan, year=2015), stage=Stage.PUBLISHED)
    second = make_followup(revision, stage=Stage.PUBLISHED, due=date(2017, 1, 31))
    make_report(second, activity, status="ongoing")
    make_report(second, activity, status="completed", result="Klart.")
    make_activity(make_challenge(first.revision), first_year=2015, last_year=2015)

    main = main_of(client.get("/planer/plan/"))

    chart, years = main.all("figure")[1], main.all("figure")[0]
    assert chart.one("figcaption").one("b").text == "NKI har stigit sedan 2015, men når inte målet 75."
    assert len(chart.all("svg")) == 2
    assert [row.text for row in chart.one("tbody").all("tr")][-1] == "Medel 60,0 70,0"
    assert years.one("figcaption").text == "Genomförda: 2015 noll av 1 och 2016 en av 2."
    assert [row.text for row in years.one("tbody").all("tr")] == ["2015 0 0 0 0 0 1 1", "2016 1 0 0 0 0 1 2"]
    steps = main.one("ol", class_="cycle").all("li")
    assert [step["aria-current"] for step in steps] == ["", "", "", "", "step"]
    assert steps[0].text == "Planen fastställs (klart) 15 januari 2016"
    assert steps[2].text == "Läget rapporteras (klart) Lämnas senast 31 januari 2017"
    assert main.one("p", class_="btns").all("a")[0]["href"] == "/planer/plan/uppfoljning/2016.pdf"

    whole = main_of(client.get(f"/planer/plan/utmaningar/{challenge.key}/"))

    assert whole.one("div", class_="figure").text == "70,0 2016, mot målet 75 Ej uppnått"
    side_by_side = whole.one("ul", class_="multiples").all("li")
    assert [each.all("p")[0].text for each in side_by_side] == ["Enköping 70,0", "Västerås 70,0"]
