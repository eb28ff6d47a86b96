"""The year on paper: what was said and shown, gaps as gaps, marked as long as it isn't published."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from actionplan.models import Activity, Indicator, Revision
from followup.documents import followup_context, followup_pdf
from followup.models import FollowUp, Stage
from followup.models.outcomes import MissingReason
from followup.queries import Standpoint
from followup.reports.said import Said
from followup.reports.year import FollowUpReport, followup_report
from municipalities.models import Municipality
from publishing.editions import Imprint
from tests.builders import make_followup, make_outcome, make_publication, make_report
from tests.documents import body_of, in_a_line, pages_of, words_of
from tests.plans import person

ADDRESS = "/planer/4m/uppfoljning/2016.pdf"


def report_of_2016() -> FollowUpReport:
    return report_of(FollowUp.objects.get_by_natural_key("4m", 2016))


def report_of(followup: FollowUp) -> FollowUpReport:
    standing = Standpoint(
        followup.plan, followup.year, followup.revision, followup, (followup,), sees_all_outcomes=True
    )
    return followup_report(standing, followup)


def html_of(report: FollowUpReport) -> str:
    return render_to_string("followup/followup_pdf.html", followup_context(report))


def withdraw_value_of(municipality: str) -> None:
    """The municipality's NKI of 2016 turns out not to exist."""
    make_outcome(
        Indicator.objects.get(slug="nki"),
        Municipality.objects.get(key=municipality),
        missing_reason=MissingReason.TOO_FEW_ANSWERS,
    )


def publish() -> None:
    FollowUp.objects.filter(year=2016).update(stage=Stage.PUBLISHED, published_at=timezone.now())


@pytest.fixture(scope="module")
def pages(plans_in_the_module) -> list[str]:
    """The text of every page of 4M's follow-up of 2016."""
    return pages_of(followup_pdf(report_of_2016()))


def test_the_year_is_summed_up_on_one_page(plans, pages):
    page = in_a_line(pages[1])

    assert "Inget av fem mål är uppnått. Fyra kan inte bedömas." in page
    assert "Två av 18 aktiviteter 2016 är genomförda" in page
    assert "Delvis uppnått NKI 75 (Medeltal för 4M gemensamt) NKI 70,3 mot 75, +2,1 sedan 2015" in page
    assert "1 pågår, 1 försenad, 2 ej rapporterade" in page
    assert "Åtgärd: Enkäten provas i två upphandlingar under våren 2017." in page
    assert "Årets 18 aktiviteter" in page
    assert "Genomförd 2 Pågår 3 Försenad 2 Ej påbörjad 1 Avbruten 1 Ej rapporterad 9" in page
    assert "NKI, kommun för kommun Streckad linje är målet, 75 (medeltal för kommunerna)." in page
    assert "Enköping 57,9 −0,9 sedan 2015 Eskilstuna 74,5 +0,7 sedan 2015" in page
    assert all(challenge.title in page for challenge in report_of_2016().challenges)


def test_what_is_drawn_leaves_room_for_what_must_be_told(plans):
    report = report_of_2016()
    twice = replace(report, challenges=report.challenges * 2)
    correction = Imprint(2, date(2017, 3, 30), "Ett värde var fel.")

    drawn = [followup_context(report)[name] for name in ("on_cover", "compared")]
    crowded = [followup_context(twice)[name] for name in ("on_cover", "compared")]

    assert [each.indicator for each in drawn] == ["nki", "nki"]
    assert crowded == [None, None]
    assert followup_context(report, correction)["on_cover"] is None


def what_was_said(said: Said | None) -> list[str]:
    if said is None:
        return []
    named = {"Resultat": said.result, "Orsak": said.reason, "Åtgärd": said.action}
    texts = [f"{name}: {text}" for name, text in named.items() if text]
    return [said.comment, *texts, f"Rapport från {said.organisation}"]


def test_every_activity_of_the_year_stands_with_its_status_and_what_was_said(plans, pages):
    text = body_of(pages)

    rows = [
        words_of(
            each.activity.title,
            each.activity.expected_result,
            each.activity.period,
            each.activity.responsible_words or "Ansvarig saknas",
            each.status_label,
            *what_was_said(each.said),
        )
        for challenge in report_of_2016().challenges
        for each in challenge.activities
    ]

    assert len(rows) == 18
    assert [row for row in rows if row not in text] == []


def test_every_municipalitys_value_stands_beside_the_joint_one(pages):
    text = body_of(pages)

    for row in [
        "Enköping 58,8 57,9 −0,9",
        "Eskilstuna 73,8 74,5 +0,7",
        "Strängnäs 70,3 78,3 +7,9",
        "Västerås 69,8 70,7 +0,8",
        "Medeltal för kommunerna 68,2 70,3 +2,1",
    ]:
        assert row in text


def test_the_reader_can_redo_the_figures_and_knows_where_they_come_from(pages):
    text = body_of(pages)

    assert "Uträkning: (57,895 + 74,547 + 78,279 + 70,657) / 4 = 70,34." in text
    assert "Täckning: 4 av 4 kommuner." in text
    assert "Gränsen för delvis uppnått är 70." in text
    assert "Källa: Kolada. Medeltal för kommunerna: egen beräkning." in text


def test_a_missing_value_shows_as_a_gap_and_leaves_the_goal_unjudged(plans):
    withdraw_value_of("enkoping")

    html = html_of(report_of_2016())

    assert "3 av 4 kommuner – Enköping saknas." in html
    assert '<td class="num">58,8</td><td class="num is-gap">För få svar</td>' in html
    assert "Preliminärt värde 2016." in html
    assert html.count("Kan ej bedömas") == 2 * 5
    assert "Delvis uppnått</" not in html


def test_a_year_without_any_value_says_that_it_is_missing(plans):
    for municipality in ("enkoping", "eskilstuna", "strangnas", "vasteras"):
        withdraw_value_of(municipality)

    html = html_of(report_of_2016())

    assert 'NKI <span class="is-gap">saknas</span> mot 75' in html
    assert "Uträkning:" not in html


def test_until_it_is_published_every_page_says_that_it_is_not_decided(pages):
    assert all("Arbetsmaterial" in page for page in pages)


def test_once_published_no_page_says_that_it_is_not_decided(plans):
    publish()

    pages = pages_of(followup_pdf(report_of_2016()))

    assert not any("Arbetsmaterial" in page for page in pages)
    assert all("Publicerad" in page for page in pages)


def test_example_content_is_marked_on_every_page(pages):
    assert all("Exempelinnehåll" in page for page in pages)


def test_real_content_is_not_marked_as_an_example(plans):
    FollowUp.objects.update(is_example=False)

    assert "Exempel" not in html_of(report_of_2016())


@pytest.mark.parametrize("published", [False, True])
def test_organisations_are_named_and_people_never(plans, published):
    author = person("samordnare@enkoping")
    make_report(
        FollowUp.objects.get(year=2016),
        Activity.objects.get(key="uppstartsmote"),
        organisation=author.memberships.get().organisation,
        author=author,
        comment="Mötet hölls i mars.",
    )
    if published:
        publish()

    html = html_of(report_of_2016())

    assert "Mötet hölls i mars." in html
    assert "Rapport från Enköping" in html
    assert author.name not in html
    assert author.email not in html


def test_what_people_write_is_text_and_never_markup(plans):
    make_report(
        FollowUp.objects.get(year=2016),
        Activity.objects.get(key="uppstartsmote"),
        comment="<img src='file:///etc/passwd'><b>fet</b>",
    )

    html = html_of(report_of_2016())

    assert "<img" not in html
    assert "&lt;b&gt;fet&lt;/b&gt;" in html


def test_pages_are_numbered_and_carry_their_challenges_name(pages):
    foot = "Arbetsmaterial · Uppföljning 2016 · Näringsliv & arbete 4M · Exempelinnehåll"

    for number, page in enumerate(pages[1:], 2):
        assert page.endswith(f"{foot} {number} ({len(pages)})")
    assert {page.split("\n")[-2] for page in pages[1:]} >= {
        "Året på en sida",
        "Kommunal service, bemötande, handläggningstider",
        "Yrkesutbildningar och yrkeshögskoleutbildningar",
        "Affärsutveckling i SME-företag",
        "Finansiering",
        "Så räknas det",
    }


def test_a_tables_head_is_repeated_on_its_next_page(pages):
    challenge = "Yrkesutbildningar och yrkeshögskoleutbildningar"
    with_rows = [page for page in pages if challenge in page.split("\n")[-2:]]

    assert len(with_rows) == 2
    assert all(
        "Aktivitet Resultat När Ansvarig Läge 2016 och kommentar" in in_a_line(page) for page in with_rows
    )


def test_the_bars_tell_their_message_in_words_and_draw_with_attributes_alone(plans):
    bars = re.findall(r"<svg class=\"bar\".*?</svg>", html_of(report_of_2016()))

    assert len(bars) == 5
    assert "<title>1\xa0pågår, 1\xa0försenad, 2\xa0ej rapporterade</title>" in bars[0]
    assert not any("style=" in bar for bar in bars)


def test_a_year_that_nobody_has_reported_is_all_gaps(plans):
    followup = make_followup(Revision.objects.get_by_natural_key("4m", 2016), year=2017)

    report = report_of(followup)
    html = html_of(report)

    assert f"<title>{report.counts.total}\xa0ej rapporterade</title>" in html
    assert html.count("Ingen avvikelse är rapporterad.") == 4


def test_while_under_way_it_is_for_those_who_take_part(client, plans):
    assert client.get(ADDRESS).status_code == 404
    client.force_login(person("lasare@4m"))
    response = client.get(ADDRESS)

    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="uppfoljning-4m-2016.pdf"'
    assert response.content.startswith(b"%PDF-")


def test_once_published_anyone_may_fetch_what_was_published(client, plans):
    publish()
    make_publication("4m/uppfoljning/2016", pdf=b"%PDF-1.7 som det var")

    response = client.get(ADDRESS)

    assert response.content == b"%PDF-1.7 som det var"
    assert response["Content-Disposition"] == 'inline; filename="uppfoljning-4m-2016-utgava-1.pdf"'


@pytest.mark.parametrize("address", ["/planer/4m/uppfoljning/1999.pdf", "/planer/okand/uppfoljning/2016.pdf"])
def test_what_does_not_exist_is_not_found(client, plans, address):
    client.force_login(person("lasare@4m"))

    assert client.get(address).status_code == 404
