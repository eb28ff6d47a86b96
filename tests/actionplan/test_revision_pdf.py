"""The plan on paper: the same content as its page, whole, marked as long as it isn't decided."""

import re

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from actionplan.documents import revision_context, revision_pdf
from actionplan.models import Revision
from actionplan.reports import RevisionReport, revision_report
from publishing.pdf import own_files
from tests.builders import make_activity, make_challenge, make_chapter, make_draft, make_term
from tests.documents import body_of, in_a_line, pages_of, words_of
from tests.plans import person
from tests.sources import plain, sentences_of

REVISIONS = {"4m": 2016, "botkyrka": 2018}


def report_of(plan: str) -> RevisionReport:
    return revision_report(Revision.objects.get_by_natural_key(plan, REVISIONS[plan]))


def html_of(report: RevisionReport) -> str:
    return render_to_string("actionplan/revision_pdf.html", revision_context(report))


@pytest.fixture(scope="module")
def pages(plans_in_the_module) -> dict[str, list[str]]:
    """The text of every page of both plans."""
    return {plan: pages_of(revision_pdf(report_of(plan))) for plan in REVISIONS}


def test_every_activity_stands_with_its_result_its_years_and_who_is_responsible(plans, pages):
    text = body_of(pages["4m"])

    rows = [
        words_of(each.title, each.description, each.expected_result, each.period)
        + " "
        + (each.responsible_words or "Ansvarig saknas")
        for each in report_of("4m").activities
    ]

    assert len(rows) == 40
    assert [row for row in rows if row not in text] == []


def test_what_nobody_is_responsible_for_shows_as_a_gap(pages):
    assert body_of(pages["4m"]).count("Ansvarig saknas") == 16


def test_the_years_own_activities_are_bold(plans):
    report = report_of("4m")

    heading = '(?:<p class="heading">.*?</p>)?'
    bold = re.findall(f'<tr class="this-year"><th scope="row">{heading}<p class="title">', html_of(report))

    assert (
        ".this-year .title, .this-year .when { font-weight: 700 }"
        in own_files()["project:pdf.css"].read_text()
    )
    assert len(bold) == sum(activity.is_this_year for activity in report.activities) == 18


def test_a_heading_stands_between_activities_or_in_the_one_that_it_is_about(plans):
    html = html_of(report_of("4m"))

    between = re.findall(r'<tr class="group"><th colspan="4" scope="colgroup">(.*?)</th>', html)
    alone = re.findall(r'<p class="heading">(.*?)</p>', html)

    assert alone == ["Integration och affärsutveckling"]
    assert between == [
        "Extern finansiering till företagen i regionen",
        "Intern finansiering för att genomföra våra samarbetsprojekt",
    ]


@pytest.mark.parametrize("plan", REVISIONS)
def test_every_sentence_of_the_source_is_in_the_document(pages, plan):
    text = plain(re.sub(r"(?<=[a-zåäö.])\d(?= )", "", body_of(pages[plan])))  # without footnotes' numbers

    assert [sentence for sentence in sentences_of(plan) if sentence not in text] == []


def test_the_cover_has_every_fact_of_the_governing_document(plans, pages):
    cover = in_a_line(pages["botkyrka"][0])

    for fact in [
        "Strategi 2018 Näringsliv, arbetsmarknad & idéburen sektor",
        "Styrdokument 2018–2023",
        "Status Fastställd",
        "Diarienummer KS/2016:275",
        "Beslutat av Kommunfullmäktige",
        "Beslutsdatum 2018-03-22",
        "Gäller till 2023-12-31",
        "Ägare Botkyrka kommun",
        "Gäller för samtliga nämnder, bolag och stiftelser",
        "Ersätter Näringslivsstrategi för Botkyrka Kommun (KF 2007-12-18)",
        "Placering och inriktning av Arbetsmarknadsprogrammen (UN 2006-04-20)",
        "Arbetsmarknadspolitiken i Botkyrka kommun (KF 2013-01-24)",
        "Dokumentansvarig Kommunstyrelsen, kommunledningsförvaltningen, avd. samhällsutveckling",
        "Relaterade dokument Jämlikt Botkyrka Botkyrkas översiktsplan Kreativa Botkyrka",
        "Ansvarar för revidering Kommunledningsförvaltningen",
        "Ansvarar för uppföljning Kommunledningsförvaltningen",
    ]:
        assert fact in cover


def test_the_cover_marks_which_type_of_document_it_is(plans, pages):
    types = re.search(r'<ul class="types">(.*?)</ul>', html_of(report_of("botkyrka")))

    assert types is not None
    assert types[1].count("<li>") == 6
    assert re.findall("<b>(.*?)</b>", types[1]) == ["Strategi"]
    assert "Strategi Program Plan Policy Riktlinjer Regler" in in_a_line(pages["botkyrka"][0])


def test_facts_that_the_document_does_not_state_are_left_out(pages):
    cover = in_a_line(pages["4m"][0])

    assert "Enköping, Eskilstuna, Strängnäs och Västerås" in cover
    assert not re.search("Diarienummer|Beslutat av|Gäller|Ersätter|Dokumentansvarig", cover)


def test_challenges_tell_why_what_for_until_when_and_who_follows_them_up(plans, pages):
    text = body_of(pages["4m"])
    reached = "NKI (medeltal för kommunerna) 2016: minst 75, 2017: minst 75, 2018: minst 75"

    assert reached in text
    text = text.replace(f" {reached}", "")
    for challenge in report_of("4m").challenges:
        goals = " ".join(goal.text for goal in challenge.goals)
        assert (
            f"{challenge.title} Syfte {challenge.purpose} Mål {goals} Följs upp av {challenge.followup_owner}"
            in text
        )


def test_terms_are_explained(plans, pages):
    text = body_of(pages["4m"])

    assert all(words_of(term.term, term.explanation) in text for term in report_of("4m").terms)


def test_pages_are_numbered_and_say_what_the_document_is(pages):
    for number, page in enumerate(pages["4m"][1:], 2):
        assert page.endswith(
            f"Handlingsplan 2016 · Näringsliv & arbete 4M · Fastställd {number} ({len(pages['4m'])})"
        )


def test_a_tables_head_is_repeated_on_its_next_page(pages):
    challenge = "Yrkesutbildningar och yrkeshögskoleutbildningar"
    with_rows = [page for page in pages["4m"] if page.split("\n")[-2] == challenge]

    assert len(with_rows) == 2
    assert all("Aktivitet Resultat När Ansvarig" in in_a_line(page) for page in with_rows)


def test_an_adopted_plan_is_not_marked_as_a_draft(pages):
    assert not any("Arbetsmaterial" in page for page in pages["4m"] + pages["botkyrka"])


@pytest.fixture
def draft(plans) -> Revision:
    """A draft of 4M's plan that takes several pages."""
    revision = make_draft(Revision.objects.get_by_natural_key("4m", 2016).plan, year=2017)
    make_chapter(revision, text="Bakgrund.\n\n" * 60)
    challenge = make_challenge(revision)
    for _each in range(30):
        make_activity(challenge)
    make_term(revision)
    return revision


def test_a_draft_says_so_on_every_page(draft):
    pages = pages_of(revision_pdf(revision_report(draft)))

    assert len(pages) >= 5
    assert all("Arbetsmaterial" in page for page in pages)
    assert not any("Fastställd" in page for page in pages)


def test_a_cover_with_more_facts_than_it_has_room_for_runs_on_and_loses_nothing(plans):
    revision = Revision.objects.get_by_natural_key("botkyrka", 2018)
    revision.plan.replaces = "\n".join(f"Dokument {number}." for number in range(1, 101))

    text = " ".join(pages_of(revision_pdf(revision_report(revision))))

    assert re.findall(r"Dokument (\d+)\.", text) == [str(number) for number in range(1, 101)]
    assert "Ansvarar för uppföljning" in text


@pytest.mark.parametrize(("plan", "year"), REVISIONS.items())
def test_anyone_may_fetch_an_adopted_plan(client, plans, plan, year):
    response = client.get(f"/planer/{plan}/revideringar/{year}.pdf")

    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'inline; filename="plan-{plan}-{year}.pdf"'
    assert response.content.startswith(b"%PDF-")


def test_a_draft_is_for_those_who_take_part(client, draft):
    address = reverse("revision-pdf", args=["4m", 2017])

    assert client.get(address).status_code == 404
    client.force_login(person("lasare@4m"))
    assert client.get(address).status_code == 200
