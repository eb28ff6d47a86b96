"""The portal's mails: what they say, and that each is sent once, by the worker, to a real mail server."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from municipalities import mails
from municipalities.addresses import Change
from municipalities.sealing import seal
from tests.builders import make_accessibility_report, make_invitation, make_organisation, make_user
from tests.letters import work
from tests.servers import free_port

TEMPLATES = [
    "account/email/address_taken",
    "account/email/email_changed",
    "account/email/email_confirmation",
    "account/email/no_password",
    "account/email/password_changed",
    "account/email/password_removed",
    "account/email/password_reset",
    "account/email/password_reset_key",
    "account/email/password_set",
    "account/email/unknown_account",
    "mfa/email/recovery_codes_generated",
    "mfa/email/totp_activated",
    "mfa/email/totp_deactivated",
    "mfa/email/webauthn_added",
    "mfa/email/webauthn_removed",
    "municipalities/email/account_made",
    "municipalities/email/invitation",
    "municipalities/email/second_step_removed",
    "portal/email/accessibility_reported",
    "socialaccount/email/account_connected",
    "socialaccount/email/account_disconnected",
]


# On their way


@pytest.mark.django_db(transaction=True)
def test_a_mail_goes_from_the_page_by_way_of_the_worker_to_the_mail_server(client, queue, letterbox):
    user = make_user(email="eva.ek@example.se")

    client.post("/konto/glomt-losenord/", {"email": user.email})
    assert not letterbox.letters
    work()

    [letter] = letterbox.letters
    assert letter["To"] == "eva.ek@example.se"
    assert letter["From"] == "Handlingsplaner <handlingsplaner@example.se>"
    assert letter["Subject"] == "Välj ett nytt lösenord"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content_type() == "text/plain"
    [link] = re.findall(r"http://testserver(/konto/glomt-losenord/\S+)", letter.get_content())
    page = client.get(link, follow=True)
    assert page.context["form"].fields["password1"]


@pytest.mark.django_db(transaction=True)
def test_neither_address_nor_link_can_be_read_in_the_queue(client, queue):
    user = make_user()

    client.post("/konto/glomt-losenord/", {"email": user.email})

    task = DBTaskResult.objects.get()
    assert user.email not in str(task.args_kwargs)
    assert "glomt-losenord" not in str(task.args_kwargs)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("queued", [True, False])
def test_what_is_never_saved_sends_no_mail(request, queued, mailoutbox):
    if queued:
        request.getfixturevalue("queue")

    with transaction.atomic():
        mails.send("account/email/address_taken", "eva@example.se", {})
        transaction.set_rollback(True)

    assert not DBTaskResult.objects.exists()
    assert not mailoutbox


@pytest.mark.django_db(transaction=True)
def test_a_mail_is_sent_at_once_where_there_is_no_queue(mailoutbox):
    mails.send("account/email/address_taken", "eva@example.se", {})

    assert [letter.to for letter in mailoutbox] == [["eva@example.se"]]


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_does_not_answer_is_tried_again_until_it_does(queue, letterbox, settings):
    works, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    mails.send("account/email/address_taken", "eva@example.se", {})
    before = timezone.now()
    work()
    [waiting] = DBTaskResult.objects.filter(status="READY")
    assert before + timedelta(seconds=59) < waiting.run_after < timezone.now() + timedelta(seconds=61)

    settings.EMAIL_PORT = works
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
    work()

    assert [letter["To"] for letter in letterbox.letters] == ["eva@example.se"]
    assert not DBTaskResult.objects.filter(status="READY").exists()


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_is_never_taken_is_given_up_and_its_address_stands_nowhere(queue, letterbox, caplog):
    letterbox.refuses.add("ingen@example.se")
    caplog.set_level("INFO", logger="journal")
    mails.send("account/email/unknown_account", "ingen@example.se", {"signup_url": "http://x/"})

    for _attempt in range(10):
        DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
        work()

    events = [record.getMessage() for record in caplog.records if record.name == "journal"]
    assert events == ["mail.delayed"] * len(mails.PAUSES) + ["mail.given_up"]
    assert not DBTaskResult.objects.exclude(status="SUCCESSFUL").exists()
    assert "ingen@example.se" not in str([task.__dict__ for task in DBTaskResult.objects.all()])
    assert "ingen@example.se" not in caplog.text


def test_what_is_sealed_for_something_else_is_no_mail():
    with pytest.raises(InvalidToken):
        mails.deliver.call(seal('{"template": "x"}', "something else"))


# What they say


def written(template: str) -> tuple[str, str]:
    """The subject and the text of a mail, about someone whose name would be changed in HTML."""
    facts = {
        "by": make_user(name="Asta & Lönn"),
        "browser": "Firefox på Windows",
        "change": Change(1, "gammal@example.se", "ny@example.se"),
        "email": "eva@example.se",
        "invitation": make_invitation(make_organisation("Västerås & Enköping")),
        "ip": "192.0.2.17",
        "link": "https://portal.example.se/konto/e-post/x:y:z/?a=1&b=2",
        "new_password_link": "https://portal.example.se/konto/glomt-losenord/",
        "password_reset_url": "https://portal.example.se/konto/glomt-losenord/1-x/",
        "person": make_user(email="o'hara&son@example.se"),
        "portal": "https://portal.example.se/",
        "report": make_accessibility_report(problem="Diagrammet & tabellen går inte att läsa."),
        "service": "Västerås & Co",
        "signup_url": "https://portal.example.se/konto/registrera/",
        "timestamp": datetime(2026, 11, 22, 13, 5, tzinfo=UTC),
    }
    return render_to_string(f"{template}_subject.txt", facts), render_to_string(
        f"{template}_message.txt", facts
    )


@pytest.mark.django_db
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_mail_is_short_and_swedish_and_says_who_writes_and_whom_to_ask(template):
    subject, text = written(template)

    assert 10 < len(subject.strip()) < 70
    assert "\n" not in subject.strip()
    assert text.startswith("Hej!\n\n")
    assert "Fråga din kommuns samordnare eller portalens administratör." in text
    assert text.strip().endswith("Vänliga hälsningar\nHandlingsplaner\nhttps://portal.example.se/")
    assert len(text.split()) < 130
    assert not re.search(r"\bbrev", text)
    assert not re.search(r"&amp;|&#|<|\{|\bNone\b|  |\n\n\n", text)
    assert not re.search(r"\b(the|your|you|please|account)\b", text, re.IGNORECASE)


def test_no_mail_has_an_address_of_the_portal_written_by_hand():
    texts = list((settings.BASE_DIR / "templates").glob("*/email/*.txt"))

    assert len(texts) > 2 * len(TEMPLATES)
    assert [path.name for path in texts if "konto/" in path.read_text()] == []


@pytest.mark.django_db
def test_a_mail_about_a_change_says_when_from_what_and_from_where():
    _subject, text = written("account/email/password_changed")

    assert "den 22 november 2026 kl. 14.05, med Firefox på Windows, från nätadressen 192.0.2.17." in text


@pytest.mark.django_db
def test_addresses_and_links_come_as_they_are():
    _subject, text = written("account/email/email_confirmation")

    assert "o'hara&son@example.se" in text
    assert "https://portal.example.se/konto/e-post/x:y:z/?a=1&b=2" in text
