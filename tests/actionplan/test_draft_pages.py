"""The pages on which a draft is begun, decided on, adopted and thrown away."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from actionplan import editions
from actionplan.deciding import facts_of
from actionplan.drafting import discard, draft_of, start_correction, start_next
from actionplan.editions import publish_revision
from actionplan.models import Challenge, Decision, Plan, Revision
from municipalities.models import Role, User
from publishing.models import Publication
from tests.builders import (
    make_activity,
    make_administrator,
    make_challenge,
    make_draft,
    make_followup,
    make_municipality,
    make_organisation,
    make_plan,
    make_revision,
    make_user,
)
from tests.pages import faults, filled_in, main_of, read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(monkeypatch) -> None:
    """A PDF that takes no time."""
    monkeypatch.setattr(editions, "revision_pdf", lambda report, imprint: b"%PDF-1.7")


@pytest.fixture
def revision() -> Revision:
    partners = [make_municipality("Enköping", key="enkoping"), make_municipality("Västerås", key="vasteras")]
    revision = make_revision(make_plan(slug="4m", partners=partners, last_year=2018), year=2016)
    make_challenge(revision, key="service", title="Service")
    publish_revision(revision, by="Eva Ek")
    return revision


@pytest.fixture
def editor(revision) -> User:
    return make_user(Role.EDITOR, revision.plan.owner, name="Eva Ek")


@pytest.fixture
def client(editor) -> Client:
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def draft(revision, editor) -> Revision:
    return start_next(revision, 2017, by=editor)


def page_of(client: Client, rest: str = "") -> Any:
    return main_of(client.get(f"/planer/4m/utkast/{rest}"))


def told(answer: Any) -> str:
    return main_of(answer).text


class TestBeginning:
    def test_a_plan_without_a_draft_leads_to_next_year_and_to_a_correction(self, client, revision):
        found = {link.text: link["href"] for link in page_of(client).all("a")}

        assert found["Börja på planen för 2017"] == "/planer/4m/utkast/borja/"
        assert found["Rätta planen för 2016"] == "/planer/4m/utkast/ratta/2016/"

    def test_next_year_is_begun_and_its_page_says_so(self, client, revision):
        form = client.get("/planer/4m/utkast/borja/")

        answer = client.post("/planer/4m/utkast/borja/", filled_in(form), follow=True)

        draft = draft_of(revision.plan)
        assert draft is not None
        assert (draft.year, draft.based_on) == (2017, revision)
        assert "Arbetsmaterialet för 2017 är påbörjat." in answer.content.decode()

    def test_the_years_to_choose_are_those_that_are_left_of_the_plan(self, client, revision):
        options = page_of(client, "borja/").one("select").all("option")

        assert [each.text for each in options] == ["2017", "2018"]

    def test_a_plan_that_has_come_to_its_last_year_says_so(self, client, revision):
        Revision.objects.update(year=2018)

        page = page_of(client, "borja/")

        assert "2018, som är dess sista år" in page.text
        assert not page.all("form")

    def test_a_year_that_is_not_among_them_is_refused_with_a_sentence(self, client, revision):
        answer = client.post("/planer/4m/utkast/borja/", {"year": "2031"})

        assert answer.status_code == 422
        assert "Välj ett av åren." in told(answer)

    def test_while_there_is_a_draft_no_other_is_begun(self, client, draft):
        for rest in ("borja/", "ratta/2016/"):
            page = page_of(client, rest)
            assert "Arbetet med planen för 2017 pågår." in page.text
            assert not page.all("form")

    def test_what_was_written_of_a_correction_is_given_back_when_someone_began_another_draft(
        self, client, draft
    ):
        answer = client.post("/planer/4m/utkast/ratta/2016/", {"correction": "Ett långt skäl."})

        assert answer.status_code == 422
        assert "Ett långt skäl." in told(answer)

    def test_a_correction_is_begun_with_what_is_wrong(self, client, revision):
        answer = client.post("/planer/4m/utkast/ratta/2016/", {"correction": "Ett namn."}, follow=True)

        draft = draft_of(revision.plan)
        assert draft is not None
        assert (draft.corrects, draft.correction) == (revision, "Ett namn.")
        assert "Rättelse av planen för 2016" in told(answer)

    def test_a_correction_without_a_word_of_what_is_wrong_is_refused(self, client, revision):
        answer = client.post("/planer/4m/utkast/ratta/2016/", {"correction": " "})

        assert answer.status_code == 422
        assert "Skriv vad som ska rättas." in told(answer)

    def test_a_plan_of_which_nothing_is_decided_begins_with_an_empty_draft(self, client, editor):
        owner = editor.memberships.get().organisation
        plan = make_plan(slug="ny", owner=owner, first_year=2020, last_year=None)

        client.post("/planer/ny/utkast/borja/", {"year": "2020"})

        assert [(each.year, each.based_on) for each in plan.revisions.all()] == [(2020, None)]


class TestDeciding:
    def test_joint_and_own_decisions_are_saved(self, client, draft):
        form = client.get("/planer/4m/utkast/beslut/")
        said = {
            "decided_by": "Ordförandegruppen",
            "decided_on": "2016-12-01",
            "note": "Integration är ny.",
            "enkoping-decided_by": "Kommunfullmäktige",
            "enkoping-decided_on": "2016-12-12",
            "enkoping-registry_number": "KS2016/1",
        }

        answer = client.post("/planer/4m/utkast/beslut/", filled_in(form, **said), follow=True)

        draft.refresh_from_db()
        assert "Beslutet är sparat." in answer.content.decode()
        assert (draft.decided_by, draft.decided_on) == ("Ordförandegruppen", date(2016, 12, 1))
        [own] = Decision.objects.filter(revision=draft)
        assert (own.municipality.key, own.decided_by, own.registry_number) == (
            "enkoping", "Kommunfullmäktige", "KS2016/1",
        )  # fmt: skip

    def test_what_was_written_is_given_back_when_the_draft_is_gone(self, client, draft, editor):
        address = "/planer/4m/utkast/beslut/"
        said = {"note": "Ett långt skäl.", "enkoping-decided_by": "Kommunfullmäktige"}
        sent = filled_in(client.get(address), **said)
        discard(draft, by=editor)

        answer = client.post(address, sent)

        assert answer.status_code == 409
        assert all(words in told(answer) for words in said.values())
        assert client.post("/planer/4m/utkast/faststall/", sent).status_code == 409

    def test_one_that_is_emptied_is_taken_away(self, client, draft):
        address = "/planer/4m/utkast/beslut/"
        client.post(address, filled_in(client.get(address), **{"enkoping-decided_by": "KF"}))

        client.post(address, filled_in(client.get(address), **{"enkoping-decided_by": ""}))

        assert not Decision.objects.exists()

    @pytest.mark.parametrize(
        ("field", "day", "sentence"),
        [
            ("vasteras-decided_on", "2016-12-12", "Skriv vem som beslutade."),
            ("decided_on", "0017-01-12", "Skriv datumet så här: 2017-01-31."),
        ],
    )
    def test_a_day_without_anyone_who_decided_or_in_another_age_is_told_at_the_field(
        self, client, draft, field, day, sentence
    ):
        form = client.get("/planer/4m/utkast/beslut/")

        answer = client.post("/planer/4m/utkast/beslut/", filled_in(form, **{field: day}))

        assert answer.status_code == 422
        assert sentence in told(answer)
        assert faults(read(answer)) == []

    def test_what_somebody_else_saved_meanwhile_is_shown_and_not_written_over(self, client, draft):
        address = "/planer/4m/utkast/beslut/"
        form = client.get(address)
        client.post(address, filled_in(form, decided_by="Deras"))

        answer = client.post(address, filled_in(form, decided_by="Mitt"))

        draft.refresh_from_db()
        assert (answer.status_code, draft.decided_by) == (422, "Deras")
        page = main_of(answer)
        assert "Någon annan har ändrat beslutet" in page.text
        assert "Deras" in page.one("div", class_="notice-late").text

        client.post(address, filled_in(answer))
        draft.refresh_from_db()
        assert draft.decided_by == "Mitt"

    def test_saving_nothing_new_writes_no_line_in_the_log(self, client, draft):
        address = "/planer/4m/utkast/beslut/"
        before = draft.history.count()

        client.post(address, filled_in(client.get(address)))

        assert draft.history.count() == before

    def test_the_plan_of_one_municipality_asks_for_one_decision(self, client, editor):
        plan = make_plan(
            slug="ensam", owner=editor.memberships.get().organisation, partners=[make_municipality()]
        )
        make_draft(plan)

        page = main_of(client.get("/planer/ensam/utkast/beslut/"))

        assert "Kommunernas egna beslut" not in page.text
        assert facts_of(plan.revisions.get()).own == {}


class TestAdopting:
    def test_once_confirmed_the_plan_is_adopted_and_public(self, client, draft):
        form = client.get("/planer/4m/utkast/faststall/")

        answer = client.post("/planer/4m/utkast/faststall/", filled_in(form), follow=True)

        draft.refresh_from_db()
        assert draft.is_adopted
        assert "Planen för 2017 är fastställd och publicerad, utgåva 1." in answer.content.decode()
        assert Client().get("/planer/4m/revideringar/2017/").status_code == 200

    def test_what_was_changed_since_is_to_be_read_first(self, client, draft):
        form = client.get("/planer/4m/utkast/faststall/")
        Challenge.objects.filter(revision=draft).update(title="Annat")

        answer = client.post("/planer/4m/utkast/faststall/", filled_in(form))

        assert answer.status_code == 422
        assert "Något har ändrats sedan du öppnade sidan." in told(answer)
        assert not Publication.objects.of(draft.document).exists()
        again = client.post("/planer/4m/utkast/faststall/", filled_in(answer))
        assert again.status_code == 302

    def test_a_correction_becomes_the_next_edition_with_its_words(self, client, revision, editor):
        start_correction(revision, "Ett namn.", by=editor)
        form = client.get("/planer/4m/utkast/faststall/")

        answer = client.post("/planer/4m/utkast/faststall/", filled_in(form), follow=True)

        assert "Rättas: Ett namn." in told(form)
        assert "utgåva 2" in answer.content.decode()
        assert draft_of(revision.plan) is None

    def test_the_page_tells_what_is_not_gone_through_and_what_is_lacking(self, client, revision, draft):
        make_activity(Challenge.objects.get(revision=revision), title="Mässa")

        page = page_of(client, "faststall/")

        assert "Aktiviteter: inte genomgångna (1)" in page.text
        assert any(each.text == "Mässa" for each in page.all("a"))
        assert "Uppföljningsansvarig saknas" in page.text
        assert "Inget av det hindrar" in page.text

    def test_the_page_can_be_read_by_ear_and_used_from_a_keyboard(self, client, draft):
        for rest in ("", "beslut/", "faststall/", "kasta/"):
            assert faults(read(client.get(f"/planer/4m/utkast/{rest}"))) == []


def test_once_confirmed_a_draft_is_thrown_away(client, draft, revision):
    answer = client.post("/planer/4m/utkast/kasta/", follow=True)

    assert draft_of(revision.plan) is None
    assert "Arbetsmaterialet är kastat." in answer.content.decode()


def test_the_document_tells_who_decided_and_why(client, draft, editor):
    address = "/planer/4m/utkast/beslut/"
    said = {"note": "Integration är ny.", "enkoping-decided_by": "Kommunfullmäktige"}
    client.post(address, filled_in(client.get(address), **said))

    page = main_of(client.get("/planer/4m/revideringar/2017/"))

    facts = page.one("dl", class_="facts").text
    assert "Beslut i Enköping Kommunfullmäktige" in facts
    assert "Integration är ny." in facts


def test_the_plans_page_leads_its_editor_to_the_draft(client, revision, editor):
    def link() -> dict[str, str]:
        found = main_of(client.get("/planer/4m/")).all("a")
        return {each.text: each["href"] for each in found if each["href"].endswith("/utkast/")}

    none = link()
    draft = start_next(revision, 2017, by=editor)
    next_year = link()
    Revision.objects.filter(pk=draft.pk).delete()
    start_correction(revision, "Ett namn.", by=editor)

    assert none == {"Revidera eller rätta planen": "/planer/4m/utkast/"}
    assert list(next_year) == ["Arbetsmaterialet för 2017"]
    assert list(link()) == ["Rättelsen av planen för 2016"]
    assert "/utkast/" not in Client().get("/planer/4m/").content.decode()


def test_the_plans_page_leads_those_who_take_part_to_what_they_may_read(client, revision, draft, editor):
    reader = Client()
    reader.force_login(make_user(Role.READER, revision.plan.owner))

    def links(client: Client) -> dict[str, str]:
        return {each.text: each["href"] for each in main_of(client.get("/planer/4m/")).all("a")}

    assert links(reader)["Läs arbetsmaterialet för 2017"] == "/planer/4m/revideringar/2017/"
    assert not any("arbetsmaterial" in text.lower() for text in links(Client()))

    make_followup(revision)
    Revision.objects.filter(pk=draft.pk).update(state="adopted")
    assert "Här visas läget 2016 enligt planen för 2016" in main_of(reader.get("/planer/4m/")).text

    start_correction(Revision.objects.get(pk=draft.pk), "Ett namn.", by=editor)
    assert links(reader)["Läs rättelsen av planen för 2017"] == "/planer/4m/jamfor/?till=utkast"


class TestANewPlan:
    @pytest.fixture
    def administrator(self) -> Client:
        client = Client()
        client.force_login(make_administrator())
        return client

    def said(self, **changes: Any) -> dict[str, Any]:
        owner, partner = make_organisation(), make_municipality()
        values = {"title": "Vår nya plan", "document_type": "plan", "owner": owner.pk, "first_year": "2019"}
        return {**values, "partners": [partner.pk]} | changes

    def test_it_begins_with_an_empty_draft_that_its_owners_editor_can_write_in(self, administrator):
        form = administrator.get("/ny-plan/")
        assert faults(read(form)) == []
        own = {"challenge_word": "område", "challenge_word_plural": "områden", "activity_word": ""}
        said = self.said(last_year="2022", applies_to="Alla nämnder", valid_until="2022-12-31", **own)

        answer = administrator.post("/ny-plan/", filled_in(form, **said), follow=True)

        plan = Plan.objects.get(slug="var-nya-plan")
        draft = plan.revisions.get()
        assert (draft.year, draft.state, plan.partners.count()) == (2019, "draft", 1)
        assert (plan.challenge_word, plan.challenge_word_plural) == ("område", "områden")
        assert (plan.activity_word, plan.activity_word_plural) == ("aktivitet", "aktiviteter")
        assert (plan.applies_to, plan.valid_until) == ("Alla nämnder", date(2022, 12, 31))
        assert "Vår nya plan är upplagd." in answer.content.decode()
        editor = Client()
        editor.force_login(make_user(Role.EDITOR, plan.owner))
        assert editor.get("/planer/var-nya-plan/utkast/").status_code == 200
        assert "Inga områden än" in told(editor.get("/planer/var-nya-plan/"))
        assert Client().get("/planer/var-nya-plan/").status_code == 404
        assert {each.history_user.is_administrator for each in plan.history.all()} == {True}

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"title": ""}, "Skriv vad planen heter."),
            ({"slug": "upptagen"}, "En annan plan har redan den adressen."),
            ({"title": "Upptagen"}, "Skriv en adress: den som titeln ger går inte."),
            ({"title": "!!!"}, "Skriv en adress: den som titeln ger går inte."),
            ({"owner": ""}, "Välj vem som äger planen."),
            ({"document_type": ""}, "Välj vilken typ av dokument det är."),
            ({"first_year": "tjugo"}, "Skriv ett år, till exempel 2017."),
            (
                {"last_year": "2018"},
                "Tomt om planen gäller tills vidare. Planen kan inte sluta innan den börjar.",
            ),
        ],
    )
    def test_what_is_wrong_is_told_and_nothing_is_made(self, administrator, changes, sentence):
        make_plan(slug="upptagen")

        answer = administrator.post("/ny-plan/", self.said(**changes))

        assert answer.status_code == 422
        assert sentence in told(answer)
        assert Plan.objects.count() == 1

    def test_only_administrators_are_led_there(self, administrator, client):
        assert "/ny-plan/" in administrator.get("/").content.decode()
        assert "/ny-plan/" not in client.get("/").content.decode()
        assert client.get("/ny-plan/").status_code == 403
