"""The desk's last step: publishing, once what must be mended is; and reminders of what is left."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from followup import editions, leading
from followup.models import FollowUp, Notice, ReviewState, Stage
from municipalities.models import Role
from publishing.models import Publication
from publishing.pdf import PdfError
from tests.builders import (
    make_activity,
    make_challenge,
    make_coordinator,
    make_followup,
    make_goal,
    make_municipality,
    make_outcome,
    make_plan,
    make_review,
    make_revision,
    make_target,
    make_user,
)
from tests.pages import main_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_step_is_enough(settings):
    settings.REQUIRE_MFA = False


@pytest.fixture
def enkoping():
    return make_municipality("Enköping")


@pytest.fixture
def followup(enkoping):
    plan = make_plan(slug="plan", partners=[enkoping])
    return make_followup(make_revision(plan, year=2016), stage=Stage.CLOSED)


@pytest.fixture
def challenge(followup, enkoping):
    return make_challenge(followup.revision, title="Kompetens", followup_owner=enkoping)


@pytest.fixture
def editor(client, followup):
    editor = make_user(Role.EDITOR, followup.plan.owner, name="Eva Ek")
    client.force_login(editor)
    return editor


@pytest.fixture
def quick_pdf(monkeypatch):
    """A PDF that nobody has to wait for; notes whether a transaction was open while it was made."""
    made: list[bool] = []

    def make(*_content: Any) -> bytes:
        made.append(connection.in_atomic_block and len(connection.savepoint_ids) > savepoints)
        return b"%PDF-1.7"

    savepoints = len(connection.savepoint_ids)
    monkeypatch.setattr(editions, "followup_pdf", make)
    return made


def address(name):
    return reverse(name, args=["plan", 2016])


def stage():
    return FollowUp.objects.get().stage


def confirm(client: Client, *, follow: bool = False, **said: str) -> Any:
    """Publishes what the page that asks about it shows."""
    seen = client.get(address("publish-followup")).context["fingerprint"]
    return client.post(address("publish-followup"), {"seen": seen, **said}, follow=follow)


def test_nothing_is_published_that_changed_since_its_publisher_looked(client, editor, challenge, quick_pdf):
    seen = client.get(address("publish-followup")).context["fingerprint"]
    challenge.title = "Ett annat namn"
    challenge.save()

    answer = client.post(address("publish-followup"), {"seen": seen})
    again = confirm(client, follow=True)

    assert answer.status_code == 422
    assert "Något har ändrats sedan du öppnade sidan." in main_of(answer).text
    assert "är publicerad, utgåva 1" in again.content.decode()


def test_a_year_is_published_from_the_desk_with_its_gaps_told_first(client, editor, challenge, quick_pdf):
    page = main_of(client.get(address("publish-followup")))
    answer = confirm(client, follow=True)

    assert "Kompetens: Enköping har inte skrivit sin text" in page.text
    assert {each["href"] for each in page.all("a", class_="btn")} >= {
        "/planer/plan/uppfoljning/2016/",
        "/planer/plan/uppfoljning/2016.pdf",
    }
    assert "Uppföljningen 2016 är publicerad, utgåva 1." in answer.content.decode()
    assert (stage(), Publication.objects.get().published_by) == (Stage.PUBLISHED, "Eva Ek")


def test_what_must_be_mended_is_refused_by_name_and_on_the_server_too(
    client, editor, followup, challenge, quick_pdf
):
    make_review(followup, challenge, state=ReviewState.SUBMITTED)

    page = main_of(client.get(address("publish-followup")))
    answer = confirm(client)

    sentence = "Kompetens: texten är inskickad och väntar på en redaktörs svar."
    assert not page.all("form")
    assert sentence in page.text
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert (stage(), Publication.objects.count(), quick_pdf) == (Stage.CLOSED, 0, [])


def test_what_comes_in_while_the_pdf_is_made_stops_the_publishing(
    client, editor, followup, challenge, monkeypatch
):
    def slowly(*_content: Any) -> bytes:
        make_review(followup, challenge, state=ReviewState.SUBMITTED)
        return b"%PDF-1.7"

    monkeypatch.setattr(editions, "followup_pdf", slowly)

    answer = confirm(client)

    assert "texten är inskickad och väntar på en redaktörs svar" in answer.content.decode()
    assert (stage(), Publication.objects.count()) == (Stage.CLOSED, 0)


def test_what_came_in_while_the_pdf_was_made_is_shown_before_it_can_be_published(
    client, editor, followup, challenge, monkeypatch
):
    def slowly(*_content: Any) -> bytes:
        make_activity(challenge)
        return b"%PDF-1.7"

    monkeypatch.setattr(editions, "followup_pdf", slowly)

    answer = confirm(client)

    assert answer.status_code == 422
    assert "1 aktivitet ej rapporterad" in main_of(answer).text
    assert answer.context["fingerprint"] == editions.fingerprint(followup)


def test_the_preview_is_what_will_be_published(client, editor, followup, challenge, enkoping, quick_pdf):
    """Though its editor sees more than visitors will, such as what was typed of a year that isn't public."""
    target = make_target(make_goal(challenge), year=2016)
    make_outcome(target.indicator, enkoping, year=2015, value=1, author=make_user())
    make_outcome(target.indicator, enkoping, year=2016, value=80, author=make_user())

    preview = client.get("/planer/plan/uppfoljning/2016/").context["report"]
    confirm(client)

    edition = editions.report_of(Publication.objects.get())
    assert [goal for _challenge, goal in preview.goals] == [goal for _challenge, goal in edition.goals]


def test_a_pdf_that_cant_be_made_publishes_nothing_and_says_so(client, editor, followup, monkeypatch):
    def fail(*_content: Any) -> bytes:
        raise PdfError("PDF:en kunde inte göras.")

    monkeypatch.setattr(editions, "followup_pdf", fail)

    answer = confirm(client)

    assert (answer.status_code, stage()) == (422, Stage.CLOSED)
    assert "PDF:en kunde inte göras." in answer.content.decode()


def test_a_correction_says_what_was_corrected_and_starts_from_why_it_was_opened(
    client, editor, followup, quick_pdf
):
    confirm(client, registry_number="KS 2017/118")
    published = client.get(address("followup"))
    client.post(address("correct-followup"), {"seen": "published", "reason": "Fel siffra."})

    page = main_of(client.get(address("publish-followup")))
    silent = confirm(client, corrects=" ")
    confirm(client, corrects="Västerås värde är rättat.")

    assert "Diarienummer KS 2017/118." in main_of(published).text
    assert page.one("input", name="registry_number")["value"] == "KS 2017/118"
    assert page.one("textarea").text == "Fel siffra."
    assert silent.status_code == 422
    assert "Skriv vad som rättats." in silent.content.decode()
    assert [(each.edition, each.corrects) for each in Publication.objects.order_by("edition")] == [
        (1, ""),
        (2, "Västerås värde är rättat."),
    ]


def test_the_drafts_in_the_browser_are_confirmed_when_they_are_saved_and_not_before(
    client, editor, followup, quick_pdf
):
    confirm(client, draft="a1")
    client.post(address("correct-followup"), {"seen": "published", "reason": "", "draft": "a2"})
    client.post(address("correct-followup"), {"seen": "published", "reason": "Fel.", "draft": "a3"})
    of_the_reopened = client.session["saved_drafts"]
    confirm(client, corrects="", draft="a4")
    confirm(client, corrects="Rättat.", draft="a5")

    assert of_the_reopened == ["a3"]  # the first was told with the refusal of the second
    assert client.session["saved_drafts"] == ["a5"]


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        (Stage.OPEN, "Stäng rapporteringen innan du publicerar."),
        (Stage.PUBLISHED, "Året är redan publicerat. Öppna det för rättelse först."),
    ],
)
def test_a_button_pressed_after_someone_else_moved_the_year_publishes_nothing(
    client, editor, followup, quick_pdf, now, sentence
):
    FollowUp.objects.update(stage=now)

    page = main_of(client.get(address("publish-followup")))
    answer = confirm(client, follow=True)

    assert not page.all("form")
    assert sentence in answer.content.decode()
    assert (stage(), Publication.objects.count()) == (now, 0)


@pytest.mark.parametrize("now", [Stage.OPEN, Stage.PUBLISHED])
def test_what_was_typed_is_shown_when_someone_else_moved_the_year(client, editor, followup, quick_pdf, now):
    confirm(client)
    FollowUp.objects.update(stage=Stage.CLOSED)
    form = main_of(client.get(address("publish-followup"))).one("form")
    seen = form.one("input", name="seen")["value"]
    FollowUp.objects.update(stage=now)

    answer = client.post(
        address("publish-followup"), {"seen": seen, "corrects": "Västerås är rättat.", "draft": "a1"}
    )

    assert "data-keeps-draft" in form.attributes
    assert answer.status_code == 422
    assert "Det går inte nu" in main_of(answer).text
    assert main_of(answer).one("blockquote").text == "Västerås är rättat."
    assert "saved_drafts" not in client.session


def test_what_was_typed_is_shown_when_something_must_be_mended_first(
    client, editor, followup, challenge, quick_pdf
):
    confirm(client)
    FollowUp.objects.update(stage=Stage.CLOSED)
    make_review(followup, challenge, state=ReviewState.SUBMITTED)

    answer = confirm(client, corrects="Västerås är rättat.")

    assert answer.status_code == 422
    assert main_of(answer).one("blockquote").text == "Västerås är rättat."


def test_what_was_typed_is_shown_when_the_session_has_ended(followup):
    answer = Client().post(address("publish-followup"), {"seen": "x", "corrects": "Västerås är rättat."})

    assert answer.status_code == 403
    assert main_of(answer).one("blockquote").text == "Västerås är rättat."


def test_the_pdf_is_made_outside_of_any_transaction(client, editor, followup, quick_pdf):
    confirm(client)

    assert quick_pdf == [False]


def test_another_deed_of_the_desk_is_one_transaction(client, editor, followup, monkeypatch):
    depth = []
    outside = len(connection.savepoint_ids)
    monkeypatch.setattr(
        leading, "note", lambda *_event, **_facts: depth.append(len(connection.savepoint_ids))
    )

    client.post(address("open-followup"), {"seen": "closed"})

    assert depth[0] > outside + 1  # the request's, and the deed's own


# Reminders


@pytest.fixture
def two_with_something_left(followup, challenge, enkoping):
    FollowUp.objects.update(stage=Stage.OPEN)
    make_activity(challenge, responsible=[enkoping])
    return [make_coordinator(enkoping, name=name) for name in ("Ada", "Bo")]


def test_everyone_who_has_something_left_is_marked_with_how_much(client, editor, two_with_something_left):
    page = main_of(client.get(address("remind-followup")))

    assert [each.text for each in page.all("label")] == [
        "Ada Enköping · 1 aktivitet och 1 text att skriva",
        "Bo Enköping · 1 aktivitet och 1 text att skriva",
    ]
    assert all("checked" in each.attributes for each in page.all("input", type="checkbox"))


def test_those_who_are_marked_are_reminded_once_a_day(client, editor, two_with_something_left):
    ada, _bo = two_with_something_left
    send = partial(client.post, address("remind-followup"), {"people": [ada.pk]}, follow=True)

    first, second = send().content.decode(), send().content.decode()

    assert "1 får en påminnelse." in first
    assert "0 får en påminnelse. Den som redan har fått en i dag" in second
    assert [each.person for each in Notice.objects.all()] == [ada]


def test_what_is_wrong_is_told_with_the_people_to_choose_among(client, editor, two_with_something_left):
    page = main_of(client.post(address("remind-followup"), {}))

    assert page.one("fieldset")["aria-describedby"] == "id_people_error"
    assert page.one("div", id="id_people_error").text == "Markera minst en."


def test_one_who_has_nothing_left_is_no_choice(client, editor, two_with_something_left):
    stranger = make_user()

    answer = client.post(address("remind-followup"), {"people": [stranger.pk]})
    nobody = client.post(address("remind-followup"), {})

    assert (answer.status_code, nobody.status_code) == (422, 422)
    assert str(stranger) not in answer.content.decode()
    assert not Notice.objects.exists()


@pytest.mark.parametrize("now", [Stage.PLANNED, Stage.PUBLISHED])
def test_there_is_nothing_to_remind_of_before_and_after(client, editor, two_with_something_left, now):
    FollowUp.objects.update(stage=now)

    page = main_of(client.get(address("remind-followup")))

    assert not page.all("form")
    assert "Det finns inget att påminna om: uppföljningen pågår inte." in page.text


def test_where_nobody_has_anything_left_the_page_says_so(client, editor, followup):
    page = main_of(client.get(address("remind-followup")))

    assert "Ingen har något kvar att göra." in page.text
