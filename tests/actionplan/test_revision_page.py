"""The page of a revision: the whole document, word for word, with its table as the document has it."""

import pytest

from followup.models import FollowUp
from tests.builders import make_activity, make_challenge, make_draft, make_organisation, make_revision
from tests.pages import Element, main_of
from tests.sources import plain, sentences_of

PAGES = {"4m": "/planer/4m/revideringar/2016/", "botkyrka": "/planer/botkyrka/revideringar/2018/"}


def tables(main: Element) -> list[Element]:
    return main.all("table", class_="decided")


def cells(row: Element) -> list[str]:
    return [cell.text for cell in row if cell.tag in ("th", "td")]


@pytest.mark.usefixtures("plans")
class TestRealPlans:
    @pytest.mark.parametrize("name", PAGES)
    def test_every_sentence_of_the_document_is_on_the_page(self, client, name):
        page = plain(client.get(PAGES[name]).content.decode().replace("<br>", " "))

        assert [sentence for sentence in sentences_of(name) if sentence not in page] == []

    def test_the_table_of_activities_has_the_documents_columns(self, client):
        heads = [cells(table.one("thead")) for table in tables(main_of(client.get(PAGES["4m"])))]

        assert heads == [["Aktivitet", "Resultat", "När", "Ansvarig"]] * 4

    def test_the_40_activities_stand_in_four_tables_and_the_18_of_the_year_in_bold(self, client):
        found = tables(main_of(client.get(PAGES["4m"])))
        rows = [[row for row in table.one("tbody").all("tr") if row["class"] != "group"] for table in found]

        assert [len(each) for each in rows] == [13, 13, 5, 9]
        assert sum(row["class"] == "this-year" for each in rows for row in each) == 18
        assert [caption.text for table in found for caption in table.all("caption")] == [
            "Fet stil gäller 2016."
        ] * 4

    def test_a_row_says_what_the_document_says(self, client):
        rows = [
            row for table in tables(main_of(client.get(PAGES["4m"]))) for row in table.one("tbody").all("tr")
        ]
        found = {cells(row)[0]: cells(row)[1:] for row in rows if row["class"] != "group"}

        assert found["Vidga DUsys till hela 4M"] == ["Minska duplicering av ansökningar", "2016", "Dusys"]
        assert found["Gemensam utbildning, i service och bemötande"] == [
            "Förbättrad service",
            "2016",
            "Västerås",
        ]
        assert found["NKI-uppföljning"] == ["Förbättrad service", "2017–2018", "Ansvarig saknas"]

    def test_the_16_gaps_are_shown_as_gaps(self, client):
        page = main_of(client.get(PAGES["4m"]))

        gaps = [cell for table in tables(page) for cell in table.all("td") if cell.text == "Ansvarig saknas"]

        assert len(gaps) == 16

    def test_facts_that_the_document_states_are_shown_and_others_are_left_out(self, client):
        botkyrka = main_of(client.get(PAGES["botkyrka"])).all("dl")[0]
        facts = dict(
            zip([dt.text for dt in botkyrka.all("dt")], [dd.text for dd in botkyrka.all("dd")], strict=True)
        )
        four = [dt.text for dt in main_of(client.get(PAGES["4m"])).all("dl")[0].all("dt")]

        assert facts["Dokumenttyp"] == "Strategi"
        assert facts["Diarienummer"] == "KS/2016:275"
        assert (facts["Beslutat av"], facts["Beslutsdatum"]) == ("Kommunfullmäktige", "2018-03-22")
        assert facts["Gäller till"] == "2023-12-31"
        assert facts["Relaterade dokument"] == "Jämlikt Botkyrka Botkyrkas översiktsplan Kreativa Botkyrka"
        assert four == ["Dokumenttyp", "Ägare", "Deltar"]

    def test_botkyrkas_nine_development_areas_stand_under_its_three_areas(self, client):
        page = main_of(client.get(PAGES["botkyrka"]))
        areas = page.all("div", class_="area")

        assert [area.all("h2")[0].text for area in areas] == [
            "Botkyrka kommuns näringslivsstrategi",
            "Botkyrka kommuns arbetsmarknadsstrategi",
            "Botkyrka kommuns strategi för samverkan med idéburen sektor",
        ]
        assert "Stimulera en mer jämlik arbetsmarknad" in [h3.text for h3 in areas[1].all("h3")]

    def test_a_footnote_leads_to_its_note_and_back(self, client):
        page = main_of(client.get(PAGES["botkyrka"]))
        references = page.all("a", role="doc-noteref")
        ids = {element["id"] for element in page}

        assert references
        assert all(reference["href"].removeprefix("#") in ids for reference in references)
        assert len(page.all("a", role="doc-backlink")) == len(references)

    def test_the_six_terms_are_explained(self, client):
        terms = main_of(client.get(PAGES["4m"])).one("section", id="ordforklaringar")

        assert len(terms.all("dt")) == 6

    def test_the_plan_as_decided_says_nothing_of_how_it_goes(self, client):
        assert FollowUp.objects.exists()

        page = main_of(client.get(PAGES["4m"])).text

        assert "Exempelinnehåll" not in page
        assert "Försenad" not in page


@pytest.mark.django_db
def test_a_draft_says_so_and_a_decided_revision_says_for_which_year(admin_client, client):
    draft = make_draft(year=2017)
    make_revision(draft.plan, year=2016)
    address = f"/planer/{draft.plan.slug}/revideringar/"

    assert "Arbetsmaterial till planen för 2017." in main_of(admin_client.get(f"{address}2017/")).text
    assert "Planen som den är fastställd för 2016 ." in main_of(client.get(f"{address}2016/")).text


@pytest.mark.django_db
def test_the_documents_words_for_who_is_responsible_are_shown_though_nobody_has_an_account(client):
    activity = make_activity(responsible_text="VD SP, BP")

    page = main_of(client.get(f"/planer/{activity.revision.plan.slug}/revideringar/2016/")).text

    assert "VD SP, BP" in page
    assert "Ansvarig saknas" not in page


@pytest.mark.django_db
def test_what_an_editor_writes_is_shown_and_never_run(client):
    trap = '<script>alert("x")</script><img src=x onerror=alert(1)>'
    challenge = make_challenge(title=trap, purpose=trap, strategy=trap, text=trap)
    said = dict.fromkeys(("title", "heading", "description", "expected_result", "responsible_text"), trap)
    make_activity(challenge, responsible=[make_organisation()], **said)

    page = main_of(client.get(f"/planer/{challenge.revision.plan.slug}/revideringar/2016/"))

    assert not page.all("script")
    assert not page.all("img")
    assert page.text.count('alert("x")') == 9
