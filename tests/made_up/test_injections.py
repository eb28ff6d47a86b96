"""Injections in every text that can be written: wherever it is shown again, it is text.

Sixty of them, of which some of each sort stand in every text unless all do, as in `./run faults`.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from django.apps import apps
from django.contrib import admin
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.test import Client, TestCase, override_settings
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    TextStringObject,
)

from exchange.responses import XLSX
from followup.models import NumberedRow
from municipalities import people
from municipalities.models import Invitation, Role
from publishing.xml import in_xml
from tests.builders import make_administrator, make_publication
from tests.documents import pages_of
from tests.made_up.addresses import Address, every_address
from tests.made_up.injected import YEAR, Injected, make_injected_world
from tests.made_up.injections import INJECTIONS, WRITTEN, free_fields, harm_in, read, squeezed
from tests.made_up.requests import read_page

APPS = ("municipalities", "exchange", "actionplan", "followup", "publishing", "portal")
PARTS = 4
EVERY = 1 if "MADE_UP_REQUESTS" in os.environ else 5
"""Of the addresses that show a text, one in so many is asked: each with a fifth of the texts, or with all."""
TABLES = (".csv", ".xlsx")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
FILE_NAME = re.compile(r'(inline|attachment); filename="[\w.-]+"')


@pytest.fixture(scope="module")
def injected_in_the_module(django_db_setup, django_db_blocker) -> Iterator[list[Injected]]:
    quick = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with django_db_blocker.unblock(), transaction.atomic():
        with quick:
            world = make_injected_world()
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def injected(injected_in_the_module: list[Injected], db: None) -> list[Injected]:
    return injected_in_the_module


@pytest.fixture
def administrator(db: None) -> Client:
    client = Client()
    client.force_login(make_administrator())
    return client


def tables() -> list[type[models.Model]]:
    """Everything that people write in, and not the log of it."""
    return [
        model
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if not model._meta.proxy and not model.__name__.startswith("Historical")
    ]


def addresses_of(parameters: Iterable[str], *, suffixes: tuple[str, ...] = ("/", ".json")) -> list[Address]:
    """The portal's own addresses that need these parameters at most, and at least one."""
    return [
        address
        for address in every_address()
        if address.parameters
        and set(address.parameters) <= set(parameters)
        and address.form.endswith(suffixes)
        and not address.name.startswith(("admin:", "account_"))
    ]


def faults_of(answer: Any) -> list[str]:
    """What is wrong with an answer that holds injections."""
    faults = [f"answered {answer.status_code}"] if answer.status_code >= 500 else []
    if any(set(value) & set("\r\n") for _name, value in answer.items()):
        faults.append("a line break in a header")
    if "Content-Disposition" in answer and not FILE_NAME.fullmatch(answer["Content-Disposition"]):
        faults.append(answer["Content-Disposition"])
    if answer["X-Content-Type-Options"] != "nosniff":
        faults.append("the browser may guess what it is")
    kind = answer["Content-Type"].partition(";")[0] if "Content-Type" in answer else ""
    if kind == "text/html":
        faults += harm_in(answer.content.decode())
    elif kind == "application/json":
        json.loads(answer.content)
    elif answer.content and kind not in ("application/pdf", "text/csv", "text/plain", XLSX):
        faults.append(f"is of the kind {kind}")
    return faults


# --- In the database


def test_every_text_that_can_be_written_holds_every_injection(injected):
    missing = {
        (model.__name__, field.name)
        for model in tables()
        for field in free_fields(model)
        if not {text[: field.max_length] for text in WRITTEN}
        <= set(model._default_manager.values_list(field.name, flat=True))
    }

    assert missing == NOT_WRITTEN


NOT_WRITTEN = {
    ("AccessibilityStatement", "text"),  # but all in one
    ("User", "password"),
    ("Notice", "about"),
    *(("Publication", name) for name in ("document", "content", "content_sha256", "pdf_sha256")),
    *(("Rendering", name) for name in ("digest", "document", "manuscript", "problem")),
    ("KnownTable", "fingerprint"),
    *(("Upload", name) for name in ("purpose", "about", "confined_to", "told", "problem", "language")),
}
"""Texts that nobody writes: what stands there is made by the portal."""


def form_field_of(field: Any) -> Any:
    """As a form has it."""
    return field.formfield()


def refusing(field: Any) -> bool:
    """Whether a field has a form of its own: an address, a key, a code."""
    return isinstance(field, models.CharField) and not field.choices


@pytest.mark.parametrize("text", INJECTIONS)
def test_what_has_a_form_of_its_own_refuses_them(text):
    """An address on the web, an address for mail, a key in an address, a municipality's code."""
    accepted = []
    for model in tables():
        fields = {*model._meta.concrete_fields} - {*free_fields(model)}
        for field in filter(refusing, fields):
            with suppress(ValidationError):
                accepted.append((model.__name__, field.name, form_field_of(field).clean(text)))

    assert accepted == []


# --- On pages


@pytest.mark.parametrize("part", range(PARTS))
def test_on_pages_they_are_text(injected, administrator, part):
    harm: dict[str, list[str]] = {}
    shown: dict[str, list[str]] = {}
    for number, each in enumerate(injected[part::PARTS]):
        person = Client()
        person.force_login(each.person)
        for address in addresses_of(each.parameters)[number % EVERY :: EVERY]:
            path = address.filled(each.parameters)
            answer = person.get(path)
            if answer.status_code in (403, 404):
                answer = administrator.get(path)
            if faults := faults_of(answer):
                harm[path] = faults
            words = squeezed(answer.content.decode())
            if answer["Content-Type"].startswith("text/html"):
                words = squeezed("".join(read(answer.content.decode()).words))
            shown.setdefault(each.text, []).extend([path] * (squeezed(each.text) in words))

    assert harm == {}
    assert {text for text, paths in shown.items() if len(paths) < 3} == set()


@pytest.mark.parametrize(
    "path", ["/", "/att-gora/", "/personer/", "/konton/", "/planer/alla/", "/konto/", "/tillganglighet/"]
)
def test_on_pages_with_all_of_them_they_are_text(injected, administrator, path):
    assert faults_of(administrator.get(path)) == []


def test_on_the_pages_of_everything_they_are_text(injected, administrator):
    parameters = {"plan": "alla", "key": "rad-7", "year": str(YEAR), "indicator": "matt-7"}

    for address in addresses_of(parameters):
        answer = administrator.get(address.filled(parameters))
        assert faults_of(answer) == [], address.name
        assert answer.status_code == 200


EVERYWHERE = ("/konto/logga-ut/", "/sok/", "/sprak/")
"""Where the forms lead that stand on every page."""


def test_in_what_is_searched_for_and_found_they_are_text(injected, administrator):
    for text in ["script", WRITTEN[0], WRITTEN[10]]:
        answer = administrator.get("/sok/", {"q": text})
        assert faults_of(answer) == []
        assert squeezed(text) in squeezed("".join(read(answer.content.decode()).words))


def test_in_what_the_portal_gives_back_of_a_form_they_are_text(injected, administrator):
    plan = injected[0].parameters
    report = reverse("report-activity", args=[plan["plan"], YEAR, plan["key"]])
    invite = reverse("invite", args=[plan["organisation"]])
    own = ("account_change_password", "account_email", "account", "accounts", "mfa_activate_totp")
    inside = [report, invite, reverse("activities", args=["alla"]), *map(reverse, own)]
    outside = [reverse("account_login"), reverse("account_reset_password"), report]
    harm, tried = {}, 0

    for client, paths in ((administrator, inside), (Client(), outside)):
        for number, path in enumerate(paths):
            page = client.get(path)
            forms = [each for each in read_page(page.content.decode()).forms if each.action not in EVERYWHERE]
            for text in INJECTIONS[number % EVERY :: EVERY]:
                for form in forms:
                    names = {name.decode() for name, _value in form.fields}
                    ask = client.post if form.method == "post" else client.get
                    answer = ask(
                        form.action or path, dict.fromkeys(names, text), REMOTE_ADDR=f"10.0.0.{tried % 250}"
                    )
                    tried += 1
                    if faults := faults_of(answer):
                        harm[path, text] = faults

    assert harm == {}
    assert tried > 8 * len(INJECTIONS) / EVERY


def test_someone_whose_session_ended_gets_them_back_as_text(injected):
    plan = injected[0].parameters
    report = reverse("report-activity", args=[plan["plan"], YEAR, plan["key"]])

    for text in INJECTIONS:
        answer = Client().post(report, {"comment": text})
        assert faults_of(answer) == []
        assert squeezed(text) in squeezed("".join(read(answer.content.decode()).words))


# --- In data and documents


def test_in_data_they_are_strings(injected, client):
    for each in injected:
        answer = client.get(reverse("plan-data", args=[each.plan.slug]))

        assert answer["Content-Type"] == "application/json"
        assert json.loads(answer.content)["plan"]["title"] == each.text


def test_in_feeds_they_are_text(injected, client):
    for each in injected:
        make_publication(f"{each.plan.slug}/revidering/{YEAR}")
        feed = fromstring(client.get(reverse("plan-feed", args=[each.plan.slug])).content)
        title = feed.findtext("{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}title", "")

        assert squeezed(title).endswith(squeezed(in_xml(each.text)))


def parts_of(thing: Any, seen: set[int]) -> Iterator[DictionaryObject]:
    """Every dictionary in a PDF."""
    if isinstance(thing, IndirectObject):
        if thing.idnum in seen:
            return
        seen.add(thing.idnum)
        thing = thing.get_object()
    if isinstance(thing, DictionaryObject):
        yield thing
        thing = list(thing.values())
    if isinstance(thing, list | ArrayObject):
        for each in thing:
            yield from parts_of(each, seen)


def harm_in_document(document: bytes) -> list[str]:
    """Actions that a PDF could take, and links that don't lead to a page or an address."""
    harm = []
    for part in parts_of(PdfReader(io.BytesIO(document)).trailer, set()):
        harm += [
            name for name in ("/JavaScript", "/JS", "/Launch", "/AA", "/OpenAction", "/XFA") if name in part
        ]
        if part.get("/S") in ("/JavaScript", "/Launch", "/SubmitForm", "/GoToR", "/ImportData"):
            harm.append(f"{part}")
        if "/URI" in part and not re.match("(https?|mailto):", str(part["/URI"])):
            harm.append(f"{part['/URI']}")
    return harm


@pytest.mark.parametrize("name", ["revision-pdf", "followup-pdf"])
def test_in_documents_they_are_text(injected, administrator, name):
    answer = administrator.get(reverse(name, args=["alla", YEAR]))
    words = squeezed(" ".join(pages_of(answer.content)))

    assert faults_of(answer) == []
    assert harm_in_document(answer.content) == []
    gone = [text for text in WRITTEN if squeezed(text) not in words]
    assert len(gone) <= len(MADE_MARKDOWN), gone


MADE_MARKDOWN = {*INJECTIONS[45:54]} & {*WRITTEN}


def cells_of(answer: Any) -> Iterator[str]:
    """What a spreadsheet would show of a table, and of a workbook what it would run."""
    if answer["Content-Type"] == XLSX:
        for sheet in load_workbook(io.BytesIO(answer.content)):
            yield from (each.value for row in sheet for each in row if each.data_type == "f")
        return
    assert answer["Content-Type"].startswith("text/csv"), "read this kind of table here"
    for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"):
        yield from row


def test_in_tables_to_download_they_are_no_formulas(injected, administrator):
    parameters = {"plan": "alla", "key": "rad-7", "year": str(YEAR), "indicator": "matt-7"}

    for address in addresses_of(parameters, suffixes=TABLES):
        answer = administrator.get(address.filled(parameters))
        assert faults_of(answer) == []
        assert [cell for cell in cells_of(answer) if cell.startswith(FORMULA)] == []


# --- In the admin site and its history


@pytest.mark.parametrize("model", [*admin.site._registry], ids=lambda model: model._meta.label)
def test_in_the_admin_and_its_history_they_are_text(injected, administrator, model):
    label = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    pages = [f"{reverse(f'{label}_changelist')}?{query}" for query in ("", "p=2", "q=script")]
    rows = list(model._default_manager.order_by("pk"))
    for row in rows[7:60:17] or rows[:1]:
        pages += [reverse(f"{label}_{page}", args=[row.pk]) for page in ("change", "history", "delete")]
        if hasattr(model, "history"):
            version = row.history.first()
            pages += [reverse(f"{label}_simple_history", args=[row.pk, version.pk])] if version else []

    answers = {page: administrator.get(page) for page in pages}

    harm = {page: harm_in_admin(answer) for page, answer in answers.items()}
    assert {page: found for page, found in harm.items() if found} == {}
    if issubclass(model, NumberedRow) or hasattr(model, "history"):
        assert any("hit(" in answer.content.decode() for answer in answers.values())


def harm_in_admin(answer: Any) -> list[str]:
    """As on the portal's pages, but for what Django's own templates are made of."""
    return [
        found
        for found in faults_of(answer)
        if not found.startswith(("<template", "<noscript"))
        and not ("a comment" in found and "hit" not in found)
    ]


def test_what_was_done_lately_in_the_admin_is_text(injected, administrator):
    assert harm_in_admin(administrator.get(reverse("admin:index"))) == []


def test_what_the_admin_offers_to_choose_is_data(injected, administrator):
    asked = {"app_label": "actionplan", "model_name": "goal", "field_name": "challenge", "term": ""}

    answer = administrator.get(reverse("admin:autocomplete"), asked)

    assert answer["Content-Type"] == "application/json"
    assert faults_of(answer) == []


# --- In mails


def faults_of_mail(message: Any, to: str) -> list[str]:
    """What is wrong with a mail that holds an injection."""
    sent = message.message()
    faults = [f"{name}: {value!r}" for name, value in sent.items() if "hit58" in value and name != "Subject"]
    if message.recipients() != [to]:
        faults.append(f"goes to {message.recipients()}")
    if set(message.subject) & set("\r\n"):
        faults.append("a subject of several lines")
    if sent.get_content_type() != "text/plain" or message.attachments or getattr(message, "alternatives", []):
        faults.append(f"is not plain text but {sent.get_content_type()}")
    return faults


def test_in_invitations_they_are_plain_text(injected):
    for number, each in enumerate(injected):
        mail.outbox.clear()
        with TestCase.captureOnCommitCallbacks(execute=True):
            people.invite(f"inbjuden-{number}@example.se", each.plan.owner, Role.READER, by=each.person)

        [message] = mail.outbox
        assert faults_of_mail(message, f"inbjuden-{number}@example.se") == []
        assert squeezed(each.text) in squeezed(str(message.body))


def test_in_mails_about_accounts_they_are_plain_text(injected):
    for number, each in enumerate(injected):
        mail.outbox.clear()
        with TestCase.captureOnCommitCallbacks(execute=True):
            Client().post(
                reverse("account_reset_password"),
                {"email": each.person.email},
                REMOTE_ADDR=f"10.0.1.{number}",
            )

        [message] = mail.outbox
        assert faults_of_mail(message, each.person.email) == []


def test_an_address_for_mail_cannot_name_another_receiver(injected, administrator):
    organisation = injected[0].parameters["organisation"]
    before = Invitation.objects.count()

    for odd in (
        "a@example.se\nBcc: b@example.se",
        "a@example.se,b@example.se",
        "a@example.se%0abcc:b@example.se",
    ):
        administrator.post(reverse("invite", args=[organisation]), {"email": odd, "role": Role.READER})

    assert Invitation.objects.count() == before


# --- That it is noticed


@pytest.mark.parametrize("text", [*INJECTIONS[:27], *INJECTIONS[27:29], INJECTIONS[31]])
def test_one_that_got_through_would_be_noticed(text):
    assert harm_in(f"<!doctype html><main title='{text}'>{text}</main>")


def test_an_action_in_a_document_would_be_noticed():
    document, out = PdfWriter(), io.BytesIO()
    document.add_blank_page(100, 100)
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/URI"), NameObject("/URI"): TextStringObject("x:y")}
    )
    document.root_object[NameObject("/OpenAction")] = action
    document.write(out)

    assert set(harm_in_document(out.getvalue())) == {"/OpenAction", "x:y"}
