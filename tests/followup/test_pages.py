"""The pages that say how it goes, on the real plans."""

from datetime import UTC, datetime

import pytest

from followup.models import FollowUp, Stage, StatusReport
from tests.builders import (
    make_activity,
    make_challenge,
    make_followup,
    make_goal,
    make_indicator,
    make_municipality,
    make_outcome,
    make_plan,
    make_publication,
    make_report,
    make_revision,
    make_series_break,
    make_target,
)
from tests.pages import Element, main_of
from tests.plans import person

EXAMPLE = "Exempelinnehåll"


@pytest.fixture
def visitor(client):
    return client


@pytest.fixture
def coordinator(client):
    client.force_login(person("samordnare@enkoping"))
    return client


def row_of(table: Element, name: str) -> list[str]:
    """The cells of the row that begins with `name`."""
    rows = ([cell.text for cell in row if cell.tag in ("th", "td")] for row in table.all("tr"))
    return next(row for row in rows if row[0] == name)


@pytest.mark.usefixtures("plans")
class TestStart:
    def test_both_plans_are_there_in_swedish_order_with_who_shares_them(self, visitor):
        plans = main_of(visitor.get("/")).one("ul", class_="plans").all("h3")

        assert [plan.text for plan in plans] == [
            "Näringsliv & arbete 4M",
            "Näringsliv, arbetsmarknad & idéburen sektor",
        ]
        text = main_of(visitor.get("/")).text
        assert "Enköping, Eskilstuna, Strängnäs och Västerås" in text
        assert "Två planer följs här" in text

    def test_a_visitor_is_told_what_the_plans_hold_but_not_how_the_years_activities_are_going(self, visitor):
        text = main_of(visitor.get("/")).text

        assert (
            "Fyra utmaningar . Fem mål och 40 aktiviteter . 16 av planens 40 aktiviteter saknar ansvarig."
            in text
        )
        assert "Tre områden med nio strategiska utvecklingsområden." in text
        assert EXAMPLE not in text

    def test_one_who_takes_part_sees_how_it_goes_marked_as_an_example(self, coordinator):
        text = main_of(coordinator.get("/")).text

        assert "Två av 18 aktiviteter 2016 är genomförda och två är försenade." in text
        assert EXAMPLE in text


@pytest.mark.usefixtures("plans")
class TestPlan:
    def test_the_four_challenges_with_their_goals_and_who_follows_them_up(self, visitor):
        table = main_of(visitor.get("/planer/4m/")).one("table", class_="overview")

        assert [h3.text for h3 in table.all("h3")] == [
            "Kommunal service, bemötande, handläggningstider",
            "Yrkesutbildningar och yrkeshögskoleutbildningar",
            "Affärsutveckling i SME-företag",
            "Finansiering",
        ]
        assert "Följs upp av Enköping" in table.text
        assert len(table.all("div", class_="goal")) == 5

    def test_the_goal_of_nki_is_held_against_the_mean_of_the_four(self, visitor):
        goal = main_of(visitor.get("/planer/4m/")).all("div", class_="goal")[0].text

        assert goal.startswith("Delvis uppnått")
        assert "NKI 70,3 år 2016, +2,1 på ett år (bättre)." in goal
        assert "Målet är minst 75, medeltal för kommunerna." in goal

    def test_goals_without_numbers_are_not_judged_by_themselves(self, visitor):
        goals = main_of(visitor.get("/planer/4m/")).all("div", class_="goal")[1:]

        assert all(goal.text.startswith("Kan ej bedömas") for goal in goals)
        assert all("Målet saknar mått och är inte bedömt." in goal.text for goal in goals)

    def test_a_visitor_learns_how_many_activities_there_are_and_when_statuses_come(self, visitor):
        text = main_of(visitor.get("/planer/4m/")).text

        assert "18 av 40 aktiviteter gäller 2016. Hur det går med dem syns här när årets uppföljning" in text
        assert "16 utan ansvarig" in text
        assert EXAMPLE not in text

    def test_one_who_takes_part_sees_the_years_counts_marked_as_an_example(self, coordinator):
        text = main_of(coordinator.get("/planer/4m/")).text

        assert "18 aktiviteter följs upp 2016." in text
        assert EXAMPLE in text

    def test_the_documents_lead_to_pages_and_pdfs(self, coordinator):
        links = [
            link["href"] for link in main_of(coordinator.get("/planer/4m/")).one("ul", class_="docs").all("a")
        ]

        assert links == [
            "/planer/4m/uppfoljning/2016/",
            "/planer/4m/uppfoljning/2016.pdf",
            "/planer/4m/revideringar/2016/",
            "/planer/4m/revideringar/2016.pdf",
        ]

    def test_each_document_that_is_published_tells_its_edition_and_its_day(self, coordinator):
        for month in (3, 4):
            moment = datetime(2017, month, 30, 23, tzinfo=UTC)
            make_publication("4m/revidering/2016", published_at=moment)

        main = main_of(coordinator.get("/planer/4m/"))

        assert [each.all("p")[0].text for each in main.one("section", id="dokument").all("li")[:2]] == [
            "Öppen för rapportering",
            "Fastställd · utgåva 2 · 1 maj 2017",
        ]
        assert main.one("a", href="#dokument").text == "Alla dokument"

    def test_a_plan_without_goals_or_dated_activities_says_what_it_has(self, visitor):
        main = main_of(visitor.get("/planer/botkyrka/"))

        assert "Inga mål med tal och inga daterade aktiviteter" in main.text
        assert [h2.text for h2 in main.all("h2")][:1] == ["Strategiska utvecklingsområden"]
        assert len(main.all("h3")) > 9


@pytest.mark.usefixtures("plans")
class TestChallenge:
    def test_it_has_purpose_strategy_goals_and_activities(self, visitor):
        main = main_of(visitor.get("/planer/4m/utmaningar/yrkesutbildning/"))

        assert main.one("h1").text == "Yrkesutbildningar och yrkeshögskoleutbildningar"
        assert [h2.text for h2 in main.all("h2")] == ["Mål", "Strategi", "Aktiviteter"]
        assert "Öka kompetensförsörjningen i regionen" in main.text
        assert "Följs upp av Västerås" in main.text
        assert len(main.one("table", class_="activities").one("tbody").all("tr")) == 13

    def test_one_who_takes_part_sees_statuses_marked_as_examples(self, coordinator):
        main = main_of(coordinator.get("/planer/4m/utmaningar/yrkesutbildning/"))

        assert row_of(main.one("table"), "Vidga DUsys till hela 4M")[3] == "Pågår"
        assert (
            row_of(
                main.one("table"),
                "Utveckla Rekryteringsmässan - inkludera 4M",
            )[3]
            == "Ej rapporterad"
        )
        assert row_of(main.one("table"), "Skapa yrkesmessa")[3] == "Inte 2016"
        assert EXAMPLE in main.text

    def test_a_visitor_sees_no_statuses(self, visitor):
        main = main_of(visitor.get("/planer/4m/utmaningar/yrkesutbildning/"))

        assert "Läge 2016" not in main.one("table").text
        assert EXAMPLE not in main.text

    def test_a_development_area_of_botkyrka_has_its_text_under_its_area(self, visitor):
        main = main_of(visitor.get("/planer/botkyrka/utmaningar/samverkan/"))

        assert "Strategiskt utvecklingsområde · Botkyrka kommuns arbetsmarknadsstrategi" in main.text
        assert not main.all("table", class_="activities")


@pytest.mark.usefixtures("plans")
class TestActivity:
    def test_what_was_decided(self, visitor):
        text = main_of(visitor.get("/planer/4m/aktiviteter/vidga-dusys/")).text

        assert "Utmaning Yrkesutbildningar och yrkeshögskoleutbildningar" in text
        assert "Förväntat resultat Minska duplicering av ansökningar" in text
        assert "När 2016" in text
        assert "Ansvarig DUsys (i planen: ”Dusys”)" in text

    def test_a_gap_is_shown_as_a_gap(self, visitor):
        assert "Ansvarig saknas" in main_of(visitor.get("/planer/4m/aktiviteter/e-tjanster/")).text

    def test_a_visitor_learns_that_nothing_is_published_yet(self, visitor):
        main = main_of(visitor.get("/planer/4m/aktiviteter/vidga-dusys/"))

        assert "Ingenting är publicerat än" in main.text
        assert "Pågår" not in main.text

    def test_one_who_takes_part_sees_the_status_when_and_for_whom_marked_as_an_example(self, coordinator):
        main = main_of(coordinator.get("/planer/4m/aktiviteter/vidga-dusys/"))

        assert "Läget 2016" in [h2.text for h2 in main.all("h2")]
        said = main.one("div", class_="said").text
        assert said.startswith("Pågår")
        assert "DUsys · 7 december 2016, 09.30 · rapport 1" in said
        assert EXAMPLE in main.text

    def test_what_nobody_has_reported_is_not_called_not_started(self, coordinator):
        text = main_of(coordinator.get("/planer/4m/aktiviteter/uppstartsmote/")).text

        assert "Ej rapporterad" in text
        assert "Ej påbörjad" not in text

    def test_only_one_who_may_report_it_gets_the_button(self, coordinator):
        mine = main_of(coordinator.get("/planer/4m/aktiviteter/uppstartsmote/"))
        others = main_of(coordinator.get("/planer/4m/aktiviteter/vidga-dusys/"))
        address = "/planer/4m/uppfoljning/2016/rapportera/uppstartsmote/"

        assert mine.one("a", href=address).text == "Rapportera läget"
        assert "rapportera" not in " ".join(link["href"] for link in others.all("a"))

    def test_reports_through_the_years_and_within_a_year_are_all_there_the_latest_first(self, client):
        revision = make_revision(year=2016)
        activity = make_activity(make_challenge(revision), key="mote", first_year=2016, last_year=2017)
        later = make_revision(revision.plan, year=2017)
        same = make_activity(make_challenge(later), key="mote", first_year=2016, last_year=2017)
        first_year = make_followup(revision, stage=Stage.PUBLISHED)
        make_report(first_year, activity, comment="Först.")
        make_report(first_year, activity, comment="Sedan.")
        make_report(make_followup(later, stage=Stage.PUBLISHED), same, comment="Året därpå.")

        main = main_of(client.get(f"/planer/{revision.plan.slug}/aktiviteter/mote/"))

        years = ["Läget 2017", "Planen för 2017", "Läget 2016", "Planen för 2016"]
        assert [h2.text for h2 in main.all("h2")] == ["Beslutat", *years]
        said = [each.text for each in main.all("div", class_="said")]
        assert [words in text for words, text in zip(["Året därpå.", "Sedan.", "Först."], said, strict=True)]
        assert "Tidigare lägen 2016 (1)" in main.text

    def test_an_activity_that_a_later_revision_dropped_keeps_its_page(self, client):
        activity = make_activity(make_challenge(make_revision(year=2016)), key="mote")
        make_revision(activity.revision.plan, year=2017)

        assert client.get(f"/planer/{activity.revision.plan.slug}/aktiviteter/mote/").status_code == 200

    def test_what_was_reported_is_shown_and_never_run(self, client):
        trap = "<script>alert(1)</script>"
        followup = make_followup(stage=Stage.PUBLISHED)
        report = make_report(followup, status="delayed", comment=trap, reason=trap, result=trap, action=trap)

        main = main_of(client.get(f"/planer/{followup.plan.slug}/aktiviteter/{report.activity.key}/"))

        assert not main.all("script")
        assert main.text.count(trap) == 4


@pytest.mark.usefixtures("plans")
class TestIndicator:
    def values(self, visitor) -> Element:
        return main_of(visitor.get("/planer/4m/indikatorer/nki/")).all("table")[0]

    def test_the_values_of_each_municipality_and_year_with_the_joint_mean(self, visitor):
        table = self.values(visitor)

        assert row_of(table, "Kommun") == ["Kommun", "2014", "2015", "2016", "2017", "2018"]
        assert row_of(table, "Enköping") == ["Enköping", "63,4", "58,8", "57,9", "61,1", "62,9"]
        assert row_of(table, "Västerås") == ["Västerås", "69,4", "69,8", "70,7", "71,0", "74,6"]
        joint = row_of(table, "Medeltal för kommunerna")
        assert joint[1:] == ["67,7", "68,2", "70,3", "70,8", "71,4"]

    def test_every_year_is_covered_and_the_three_targets_stand_at_their_years(self, visitor):
        table = self.values(visitor)

        assert row_of(table, "Täckning")[1:] == ["4 av 4"] * 5
        assert row_of(table, "Mål")[1:] == ["", "", "75", "75", "75"]

    def test_the_page_opens_with_the_years_figure_its_target_and_the_verdict(self, visitor):
        main = main_of(visitor.get("/planer/4m/indikatorer/nki/"))

        assert main.one("h1").text == "NKI"
        assert "70,3 år 2016. Målet är minst 75, medeltal för kommunerna." in main.text
        assert "Delvis uppnått 4 av 4 kommuner" in main.text

    def test_how_each_years_figure_is_worked_out_and_where_the_values_come_from(self, visitor):
        main = main_of(visitor.get("/planer/4m/indikatorer/nki/"))

        assert row_of(main.all("table")[1], "2016") == [
            "2016",
            "(57,895 + 74,547 + 78,279 + 70,657) / 4 = 70,34",
            "4 av 4 kommuner",
        ]
        assert "Källa för kommunernas värden Kolada (U07451)" in main.text
        assert "Gemensamt värde Egen beräkning" in main.text

    def test_a_municipality_that_is_missing_leaves_a_gap_and_no_verdict(self, client):
        names = ["Enköping", "Eskilstuna", "Strängnäs", "Västerås"]
        partners = [make_municipality(name) for name in names]
        revision = make_revision(make_plan(partners=partners), year=2019)
        nki = make_indicator(slug="nki-2019", short_name="NKI")
        make_target(make_goal(make_challenge(revision)), indicator=nki, nearly=70)
        for partner, value in zip(partners[1:], ("76.74723675", "73.59945875", "75.11334029"), strict=True):
            make_outcome(nki, partner, year=2019, value=value)
        make_series_break(nki, year=2019)

        main = main_of(client.get(f"/planer/{revision.plan.slug}/indikatorer/nki-2019/"))

        assert "Kan ej bedömas 3 av 4 kommuner – Enköping saknas" in main.text
        assert row_of(main.all("table")[0], "Enköping")[1] == "saknas"
        assert row_of(main.all("table")[0], "Medeltal för kommunerna")[1] == "75,2 p"
        assert row_of(main.all("table")[0], "Kommun")[1] == "2019 *"
        assert "Tidsseriebrott 2019: Ny definition." in main.text

    def test_a_reason_for_no_value_is_told_and_a_preliminary_value_is_marked(self, client):
        silent, early = make_municipality("Enköping"), make_municipality("Västerås")
        revision = make_revision(make_plan(partners=[silent, early]))
        measure = make_indicator(slug="matt")
        make_target(make_goal(make_challenge(revision)), indicator=measure)
        make_outcome(measure, silent, missing_reason="too_few_answers")
        make_outcome(measure, early, value=0, preliminary=True)

        table = main_of(client.get(f"/planer/{revision.plan.slug}/indikatorer/matt/")).all("table")[0]

        assert row_of(table, "Enköping")[1] == "För få svar"
        assert row_of(table, "Västerås")[1] == "0,0 p"

    def test_an_indicator_that_the_plan_has_no_target_for_has_no_page_in_it(self, visitor):
        assert visitor.get("/planer/botkyrka/indikatorer/nki/").status_code == 404


@pytest.mark.usefixtures("plans")
class TestFollowUp:
    def test_the_year_at_a_glance_with_what_is_unreported_on_its_own(self, coordinator):
        main = main_of(coordinator.get("/planer/4m/uppfoljning/2016/"))

        assert main.one("h1").text == "Uppföljning 2016"
        assert (
            "Två av 18 aktiviteter 2016 är genomförda och två är försenade. Nio har ingen rapporterat."
            in main.text
        )
        counts = main.one("section", id="aktiviteter").one("table")
        assert row_of(counts, "Utmaning")[1:] == [
            "Genomförd",
            "Pågår",
            "Försenad",
            "Ej påbörjad",
            "Avbruten",
            "Ej rapporterad",
            "Alla",
        ]
        assert row_of(counts, "Alla")[1:] == ["2", "3", "2", "1", "1", "9", "18"]

    def test_it_is_marked_as_work_under_way_and_as_an_example(self, coordinator):
        text = main_of(coordinator.get("/planer/4m/uppfoljning/2016/")).text

        assert "Arbetsmaterial" in text
        assert "Öppen för rapportering" in text
        assert EXAMPLE in text
        assert "Lämnas senast 31 januari 2017." in text

    def test_the_goals_come_first_and_show_value_target_and_verdict(self, coordinator):
        main = main_of(coordinator.get("/planer/4m/uppfoljning/2016/"))
        goals = main.all("table")[0]

        assert [h2.text for h2 in main.all("h2")][:2] == ["Målen", "Aktiviteter"]
        assert "70,3" in goals.text
        assert "75" in goals.text
        assert "Delvis uppnått" in goals.text

    def test_every_report_is_there_with_its_reason_and_what_is_done_about_it(self, coordinator):
        text = main_of(coordinator.get("/planer/4m/uppfoljning/2016/")).text

        for report in StatusReport.objects.all():
            for said in (report.comment, report.result, report.reason, report.action):
                assert said in text
        assert "Orsak: Upphandlarna har inte haft tid" in text
        assert "Åtgärd: Enkäten provas i två upphandlingar" in text

    def test_only_the_years_activities_are_there(self, coordinator):
        text = main_of(coordinator.get("/planer/4m/uppfoljning/2016/")).text

        assert "Uppstartsmöte med nyckelpersoner" in text
        assert "Ta fram gemensamma e-tjänster" not in text

    def test_how_the_figures_are_worked_out_ends_the_page(self, coordinator):
        text = main_of(coordinator.get("/planer/4m/uppfoljning/2016/")).text

        assert "(57,895 + 74,547 + 78,279 + 70,657) / 4 = 70,34. 4 av 4 kommuner." in text
        assert "egen beräkning" in text


@pytest.mark.usefixtures("plans")
@pytest.mark.parametrize(
    "address",
    [
        "/planer/4m/",
        "/planer/4m/utmaningar/finansiering/",
        "/planer/4m/aktiviteter/",
        "/planer/4m/aktiviteter/uppstartsmote/",
        "/planer/4m/uppfoljning/2016/",
        "/planer/4m/uppfoljning/2016/rapportera/uppstartsmote/",
        "/att-gora/",
        "/",
    ],
)
def test_example_content_is_marked_wherever_it_is_shown_and_real_content_never_is(coordinator, address):
    assert EXAMPLE in main_of(coordinator.get(address)).text

    FollowUp.objects.update(is_example=False)
    assert EXAMPLE not in main_of(coordinator.get(address)).text


@pytest.mark.usefixtures("plans")
@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/planer/4m/", {"NKI", "ej rapporterad"}),
        ("/planer/4m/utmaningar/yrkesutbildning/", {"DUA", "Kan ej bedömas"}),
        ("/planer/4m/aktiviteter/erfarenhetsutbyte-dua/", set()),
        ("/planer/4m/revideringar/2016/", {"DUA", "NKI", "SP"}),
        ("/planer/4m/uppfoljning/2016/", {"DUsys", "NKI", "Ej rapporterad"}),
    ],
)
def test_words_are_explained_once_where_they_stand(coordinator, address, words):
    page = main_of(coordinator.get(address))

    terms = page.all("button", class_="term")
    meanings = [each["id"] for each in page.all("span", class_="notice")]
    assert words <= {each.text for each in terms}
    assert sorted(each["popovertarget"] for each in terms) == sorted(set(meanings)) == sorted(meanings)
