"""Inviting many people by a table: what a row becomes, and that nobody gets a mail until it is confirmed."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from openpyxl import load_workbook

from actionplan.inviting import EXAMPLE, carry_out_people
from exchange.models import Stage, Upload
from exchange.telling import Deed
from municipalities import people as deeds
from municipalities.models import Invitation, Membership, Organisation, Role, User
from municipalities.signing_in.configuration import Service
from tests.builders import (
    make_administrator,
    make_coordinator,
    make_invitation,
    make_municipality,
    make_organisation,
    make_user,
)
from tests.pages import faults, main_of, read

pytestmark = pytest.mark.django_db

HEADER = "E-post;Organisation;Roll"


@pytest.fixture
def enkoping() -> Organisation:
    return make_municipality("Enköpings kommun", key="enkoping", short_name="Enköping")


@pytest.fixture
def asta() -> User:
    return make_administrator(name="Asta Lönn")


@pytest.fixture
def browser_of_asta(asta) -> Client:
    client = Client()
    client.force_login(asta)
    return client


@pytest.fixture
def send(browser_of_asta, enkoping, django_capture_on_commit_callbacks):
    """The file on its way in that a table becomes, read through."""

    def send_table(*rows: str, name: str = "personer.csv", header: str = HEADER) -> Upload:
        content = "\n".join([header, *rows]).encode()
        with django_capture_on_commit_callbacks(execute=True):
            answer = browser_of_asta.post(
                reverse("import-people"), {"file": SimpleUploadedFile(name, content)}
            )
        assert answer.status_code == 302, main_of(answer).text
        return Upload.objects.get(pk=answer["Location"].split("/")[-2])

    return send_table


@pytest.fixture
def confirm(browser_of_asta, django_capture_on_commit_callbacks):
    """What the page says once a file has been answered yes to."""

    def confirm_file(upload: Upload) -> str:
        address = page_of(upload)
        [mark] = [each["value"] for each in main_of(browser_of_asta.get(address)).all("input", name="mark")]
        with django_capture_on_commit_callbacks(execute=True):
            answer = browser_of_asta.post(address, {"answer": "yes", "mark": mark}, follow=True)
        return main_of(answer).text

    return confirm_file


def page_of(upload: Upload) -> str:
    return reverse("people-imported", args=[upload.pk])


def told(upload: Upload) -> Any:
    upload.refresh_from_db()
    would = Upload.objects.get(pk=upload.pk).would
    assert would is not None, upload.problem
    return would


def deeds_of(upload: Upload) -> list[str]:
    return [row.what for sheet in told(upload).sheets for row in sheet.rows]


def everything() -> list:
    kept: tuple[Any, ...] = (User, Membership, Invitation, Invitation.history.model, DBTaskResult)
    return [list(table.objects.order_by("pk").values()) for table in kept]


class TestTheTwoSteps:
    def test_nothing_is_made_or_sent_until_it_is_confirmed(self, send, confirm, browser_of_asta, asta):
        before = everything()

        upload = send("Eva.Ek@Example.se;Enköping;Samordnare", "nils@example.se;enkoping;läsare")
        page = main_of(browser_of_asta.get(page_of(upload)))

        assert (everything(), mail.outbox) == (before, [])
        assert "Svarar du ja skickas 2 mejl" in page.text
        assert "eva.ek@example.se Samordnare för Enköpings kommun." in page.text
        assert "nils@example.se Läsare för Enköpings kommun." in page.text

        assert "Filen är inläst" in confirm(upload)

        assert {(each.email, each.role) for each in Invitation.objects.waiting()} == {
            ("eva.ek@example.se", Role.COORDINATOR),
            ("nils@example.se", Role.READER),
        }
        assert sorted(letter.to[0] for letter in mail.outbox) == ["eva.ek@example.se", "nils@example.se"]
        assert all("Asta Lönn har bjudit in dig" in letter.body for letter in mail.outbox)
        log = Invitation.history.all()
        assert {(each.history_user, each.history_change_reason) for each in log} == {
            (asta, "Inläst från personer.csv")
        }

    def test_a_no_leaves_nothing(self, send, browser_of_asta):
        before = everything()
        upload = send("eva@example.se;enkoping;läsare")

        browser_of_asta.post(page_of(upload), {"answer": "no"})

        assert (everything(), mail.outbox) == (before, [])
        assert not Upload.objects.exists()

    def test_the_same_table_again_sends_nothing(self, send, confirm):
        rows = ["eva@example.se;enkoping;läsare", "nils@example.se;enkoping;läsare"]
        confirm(send(*rows))
        before = everything()

        again = send(*rows, "ny@example.se;enkoping;läsare")

        assert deeds_of(again) == [Deed.UNCHANGED, Deed.UNCHANGED, Deed.NEW]
        assert "2 rader lämnas som de är" in " ".join(told(again).remarks)
        assert everything() == before

    def test_what_somebody_else_has_done_since_is_told_before_anything_is_sent(self, send, confirm, enkoping):
        upload = send("eva@example.se;enkoping;läsare", "nils@example.se;enkoping;läsare")
        make_invitation(enkoping, Role.READER, email="eva@example.se")

        page = confirm(upload)

        assert "Något har ändrats sedan du såg vad som skulle hända" in page
        assert deeds_of(upload) == [Deed.UNCHANGED, Deed.NEW]
        assert mail.outbox == []

    def test_one_who_is_no_longer_administrator_imports_nothing(self, send, asta):
        upload = send("eva@example.se;enkoping;läsare")
        Upload.objects.update(stage=Stage.SAVING)
        User.objects.filter(pk=asta.pk).update(is_administrator=False)

        carry_out_people.enqueue(str(upload.pk))

        upload.refresh_from_db()
        assert upload.stage == Stage.FAILED
        assert "Bara administratörer" in upload.problem
        assert not Invitation.objects.exists()

    def test_with_a_queue_the_mails_lie_in_it_when_the_rows_are_there(
        self, send, queue, settings, browser_of_asta
    ):
        settings.PORTAL_ORIGIN = "https://portal.example.se"
        upload = send("eva@example.se;enkoping;läsare")
        [waiting] = DBTaskResult.objects.all()
        waiting.task.func(*waiting.args_kwargs["args"])
        assert DBTaskResult.objects.count() == 1

        browser_of_asta.post(page_of(upload), {"answer": "yes", "mark": told(upload).mark})
        carry_out = DBTaskResult.objects.get(task_path__endswith="carry_out_people")
        carry_out.task.func(*carry_out.args_kwargs["args"])

        [mailing] = DBTaskResult.objects.filter(task_path__endswith="mails.deliver")
        mailing.task.func(*mailing.args_kwargs["args"])
        assert "https://portal.example.se/konto/inbjudan/" in mail.outbox[0].body

    def test_the_journal_tells_who_invited_and_nothing_of_what_was_undone(self, send, confirm, asta, caplog):
        with caplog.at_level("INFO", logger="journal"):
            upload = send("eva@example.se;enkoping;läsare")
            assert [each.message for each in caplog.records if each.name == "journal"] == []
            confirm(upload)

        lines = [vars(each) for each in caplog.records if each.name == "journal"]
        assert [(each["event"], each["by"]) for each in lines] == [
            ("invitation.sent", asta.pk),
            ("file.imported", asta.pk),
        ]
        assert "example.se" not in json.dumps([each["msg"] for each in lines])


class TestWhatARowBecomes:
    @pytest.mark.parametrize(
        ("row", "column", "sentence"),
        [
            ("ingen adress;enkoping;läsare", "E-post", "e-postadress"),
            (";enkoping;läsare", "E-post", "Skriv adressen"),
            (f"{'a' * 250}@example.se;enkoping;läsare", "E-post", "254"),
            ("eva@example.se;Lund;läsare", "Organisation", "Organisationen ”Lund” finns inte."),
            ("eva@example.se;;läsare", "Organisation", "Skriv en organisation."),
            ("eva@example.se;Dubbel;läsare", "Organisation", "Flera heter ”Dubbel”."),
            ("eva@example.se;enkoping;kung", "Roll", "Skriv något av: Läsare, Samordnare, Redaktör."),
            ("eva@example.se;enkoping;", "Roll", "Skriv något av: Läsare, Samordnare, Redaktör."),
            (f"{EXAMPLE};enkoping;läsare", "E-post", "Det är exemplet. Ta bort raden."),
        ],
    )
    def test_what_is_wrong_is_told_where_it_is_and_nobody_is_invited(self, send, row, column, sentence):
        make_organisation("Dubbel")
        make_organisation("Dubbel")
        before = everything()

        upload = send("nils@example.se;enkoping;läsare", row)

        [fault] = told(upload).faults
        assert (fault.row, fault.column) == (3, column)
        assert sentence in fault.says
        assert deeds_of(upload) == [Deed.NEW, Deed.REFUSED]
        assert (everything(), mail.outbox) == (before, [])

    def test_everything_that_is_wrong_is_told_at_once(self, send):
        upload = send("x;Lund;kung", "eva@example.se;enkoping;läsare", "y;enkoping;läsare")

        assert [(each.row, each.column) for each in told(upload).faults] == [
            (2, "E-post"),
            (2, "Organisation"),
            (2, "Roll"),
            (4, "E-post"),
        ]

    def test_the_same_row_twice_is_refused_however_it_is_written(self, send):
        upload = send("eva@example.se;enkoping;läsare", " EVA@example.se;Enköpings  kommun;Läsare")

        [fault] = told(upload).faults
        assert (fault.row, fault.says) == (3, "Samma sak står på rad 2. Ta bort den ena raden.")

    def test_one_who_has_the_role_is_left_as_they_are_and_gets_another_offered(self, send, enkoping):
        eva = make_coordinator(enkoping, name="Eva Ek", email="eva@example.se")

        upload = send("eva@example.se;enkoping;samordnare", "eva@example.se;enkoping;redaktör")

        assert deeds_of(upload) == [Deed.UNCHANGED, Deed.NEW]
        assert told(upload).sheets[0].rows[1].remark == "Redaktör för Enköpings kommun. Kontot finns: Eva Ek."
        assert eva.memberships.count() == 1

    def test_an_offer_that_has_lapsed_is_made_again(self, send, confirm, enkoping):
        lapsed = make_invitation(enkoping, email="eva@example.se")
        day = timezone.now() - timedelta(days=20)
        Invitation.objects.update(sent=day, expires=day + timedelta(days=14))

        upload = send("eva@example.se;enkoping;läsare")
        confirm(upload)

        assert Invitation.objects.waiting().get().pk == lapsed.pk
        assert [letter.to for letter in mail.outbox] == [["eva@example.se"]]

    def test_a_closed_account_is_refused(self, send):
        make_user(email="eva@example.se", is_active=False)

        [fault] = told(send("eva@example.se;enkoping;läsare")).faults

        assert (fault.column, fault.says) == ("E-post", "Kontot är stängt.")

    def test_so_is_one_whose_way_in_does_not_lead_there(self, send, settings):
        settings.OIDC_PROVIDERS = (
            Service("adfs", "Botkyrkas inloggning", "botkyrka", "https://adfs.example", "id", "secret"),
        )
        nils = make_user(email="nils@example.se", password=None)
        SocialAccount.objects.create(user=nils, provider="adfs", uid="nils")

        [fault] = told(send("nils@example.se;enkoping;läsare")).faults

        assert "den gäller bara där" in fault.says

    @pytest.mark.parametrize(
        ("header", "says"),
        [
            ("E-post;Organisation", "Kolumnen saknas i filen. Lägg till den."),
            ("E-post;Organisation;Roll;Namn", "Kolumnen finns inte i bladet."),
        ],
    )
    def test_other_columns_are_refused(self, send, header, says):
        row = ";".join(["eva@example.se", "enkoping", "läsare", "Eva"][: len(header.split(";"))])

        upload = send(row, header=header)

        assert says in told(upload).faults[0].says
        assert deeds_of(upload) == [Deed.REFUSED]

    def test_a_table_without_people_says_so(self, send):
        assert "Skriv en person på varje rad" in told(send()).faults[0].says


class TestHowMany:
    def test_more_than_in_a_day_are_refused_and_counted_over_files(self, send, confirm, monkeypatch):
        monkeypatch.setattr(deeds, "MOST_IN_A_DAY", 3)
        confirm(send("a@example.se;enkoping;läsare", "b@example.se;enkoping;läsare"))

        upload = send("c@example.se;enkoping;läsare", "d@example.se;enkoping;läsare")

        [fault] = told(upload).faults
        assert "Filen ger 2 inbjudningar. Med filer kan du skicka 3 om dygnet och har 1 kvar." in fault.says
        assert told(send("c@example.se;enkoping;läsare")).faults == ()

    def test_those_sent_one_by_one_have_a_limit_of_their_own(
        self, send, confirm, browser_of_asta, enkoping, monkeypatch
    ):
        monkeypatch.setattr(deeds, "MOST_IN_AN_HOUR", 1)
        confirm(send("a@example.se;enkoping;läsare", "b@example.se;enkoping;läsare"))
        people = {each.email: each for each in Invitation.objects.all()}
        deeds.withdraw(people["a@example.se"], by=people["a@example.se"].invited_by)

        address = reverse("invite", args=[enkoping.key])
        first = browser_of_asta.post(address, {"email": "c@example.se", "role": "reader"})
        second = browser_of_asta.post(address, {"email": "d@example.se", "role": "reader"})

        assert (first.status_code, second.status_code) == (302, 422)


class TestThePages:
    def test_the_empty_table_has_an_example_and_what_may_stand_in_it(self, browser_of_asta, enkoping):
        answer = browser_of_asta.get(reverse("people-template"))

        book = load_workbook(BytesIO(answer.content))
        assert [each.title for each in book][:3] == ["Personer", "Organisationer", "Roller"]
        assert [cell.value for cell in book["Personer"][1]] == HEADER.split(";")
        assert [cell.value for cell in book["Organisationer"][2]] == [
            "Enköpings kommun",
            "Enköping",
            "enkoping",
        ]

    def test_filled_in_it_is_read(self, browser_of_asta, enkoping, django_capture_on_commit_callbacks):
        template = browser_of_asta.get(reverse("people-template")).content
        book = load_workbook(BytesIO(template))
        sheet = book["Personer"]
        sheet["A2"], sheet["B2"], sheet["C2"] = "eva@example.se", "Enköpings kommun", "Läsare"
        filled = BytesIO()
        book.save(filled)

        for content, expected in ((template, Deed.REFUSED), (filled.getvalue(), Deed.NEW)):
            with django_capture_on_commit_callbacks(execute=True):
                file = SimpleUploadedFile("Personer i år.xlsx", content)
                browser_of_asta.post(reverse("import-people"), {"file": file})
            assert deeds_of(Upload.objects.latest("since")) == [expected]

    def test_other_sheets_than_those_of_the_template_are_refused(self, browser_of_asta, enkoping):
        book = load_workbook(BytesIO(browser_of_asta.get(reverse("people-template")).content))
        book["Roller"].title = "Övrigt"
        out = BytesIO()
        book.save(out)

        browser_of_asta.post(
            reverse("import-people"), {"file": SimpleUploadedFile("personer.xlsx", out.getvalue())}
        )

        faults_told = told(Upload.objects.get()).faults
        assert ("Övrigt", "Bladet läses inte in. Ta bort det.") in {
            (each.sheet, each.says) for each in faults_told
        }

    def test_without_a_file_the_page_says_so(self, browser_of_asta, enkoping):
        answer = browser_of_asta.post(reverse("import-people"), {})

        assert answer.status_code == 422
        assert "Välj en fil." in main_of(answer).text
        assert faults(read(answer)) == []

    def test_without_organisations_it_leads_to_where_they_are_made(self, browser_of_asta):
        page = main_of(browser_of_asta.get(reverse("import-people")))

        assert "Det finns inga organisationer än" in page.text
        assert not page.all("input", type="file")
        assert page.one("a", class_="btn-main")["href"] == "/admin/municipalities/organisation/add/"

    def test_the_peoples_page_leads_administrators_there_and_nobody_else(self, browser_of_asta, enkoping):
        rut = Client()
        rut.force_login(make_user(Role.EDITOR, enkoping))

        assert read(browser_of_asta.get(reverse("people"))).one("a", href=reverse("import-people"))
        assert not read(rut.get(reverse("people"))).all("a", href=reverse("import-people"))
        for name in ("import-people", "people-template"):
            assert rut.get(reverse(name)).status_code == 403

    def test_a_file_is_its_senders_alone(self, send):
        upload = send("eva@example.se;enkoping;läsare")
        other = Client()
        other.force_login(make_administrator())

        for answer in (other.get(page_of(upload)), other.post(page_of(upload), {"answer": "no"})):
            assert answer.status_code == 404
        assert Upload.objects.filter(pk=upload.pk).exists()

    def test_every_page_is_well_made(self, send, browser_of_asta, enkoping):
        uploads = [send("eva@example.se;enkoping;läsare"), send("x;enkoping;läsare")]

        for address in [reverse("import-people"), *map(page_of, uploads)]:
            answer = browser_of_asta.get(address)
            assert (address, answer.status_code) == (address, 200)
            assert faults(read(answer)) == []
