"""Thirty hostile texts in every field: a document or a sentence, never a file, a request, or an error."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from actionplan.models import Plan
from municipalities.models import Role
from tests.builders import make_draft, make_followup, make_indicator, make_plan, make_revision, make_user
from tests.documents import everything_in
from tests.made_up.injected import make_rows, make_rows_of

pytestmark = pytest.mark.django_db

YEAR = 2016
SECRET = "HEMLIGTINNEHALL"

LEADING = {
    "picture": "![bild]({address})",
    "picture of a file": "![bild](<{file}>)",
    "link to a file": "[läs här]({file})",
    "HTML picture": '<img src="{file}">',
    "stylesheet": '<link rel="stylesheet" href="{address}">',
    "import": '<style>@import "{file}";</style>',
    "background": "<p style=\"background: url('{address}')\">x</p>",
    "object": '<object data="{file}"></object>',
    "attachment": '<a rel="attachment" href="{file}">bilaga</a>',
    "attached to the document": '<link rel="attachment" href="{file}">',
    "base": '<base href="{address}"><img src="x.svg">',
    "drawing": '<svg><image href="{file}" width="9" height="9"/></svg>',
    "drawing within": "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='{file}'/></svg>\">",  # noqa: E501
    "frame": '<iframe src="{address}"></iframe>',
    "entity": '<!DOCTYPE x [<!ENTITY f SYSTEM "{file}">]>&f;',
    "the project's own": '<img src="project:../../portal/settings.py">',
    "reference": "[x][1]\n\n[1]: {file} 'titel'",
}
"""Texts that lead to a file of the machine or to an address."""

PART = 1 if "MADE_UP_REQUESTS" in os.environ else 10
"""Long texts are so long in `./run faults`, and elsewhere a tenth of it."""

ODD = {
    "templates": "{{{{ 7|add:7 }}}} {{% include 'base.html' %}} {{{{ settings.SECRET_KEY }}}}",
    "directions": "\N{RIGHT-TO-LEFT OVERRIDE}fdp.exe\N{POP DIRECTIONAL FORMATTING}",
    "marks upon marks": "z" + "\N{COMBINING ACUTE ACCENT}" * 500,
    "joined": "\N{ZERO WIDTH JOINER}".join("\N{MAN}" * 50),
    "no characters": "\ufffe\uffff\x0b\x0c\x1f",
    "ends everything": "</section></main></body></html><h1>x</h1>",
    "a title of its own": "<title>annan</title><meta name='dcterms.created' content='1999-01-01'>",
    "soft": "\N{SOFT HYPHEN}" * (2000 // PART),
}
"""Texts of what a typesetter seldom meets."""

MANY = 20_000 // PART

HEAVY = {
    "nested quotes": "> " * (3000 // PART) + "innerst",
    "nested lists": "\n".join("  " * depth + "- x" for depth in range(min(300, 1000 // PART))),
    "emphasis": "*" * MANY,
    "brackets": "[" * MANY,
    "a word": "å" * MANY,
    "lines": "\n\n".join(["rad"] * (MANY // 10)),
    "footnotes": "".join(f"ord[^{number}] " for number in range(MANY // 50))
    + "".join(f"\n\n[^{number}]: not" for number in range(MANY // 50)),
}
"""Texts that take long, or deep."""


WHY_NOT = ("Dokumentet är för stort", "Dokumentet kunde inte göras", "Det tog för lång tid")


def test_there_are_thirty_of_them():
    assert len(LEADING) + len(ODD) + len(HEAVY) >= 30


@pytest.fixture
def editor() -> Client:
    client = Client()
    client.force_login(make_user(Role.EDITOR, make_plan(slug="farlig").owner))
    return client


def write_in_every_field(texts: list[str]) -> None:
    """A draft and a year under way, with each text in every field of a challenge of its own."""

    plan = Plan.objects.get(slug="farlig")
    person = plan.owner.memberships.get().user
    revision = make_revision(plan, year=YEAR)
    draft = make_draft(plan, year=YEAR + 1, based_on=revision)
    followup, indicator = make_followup(revision), make_indicator()
    for number, text in enumerate(texts):
        make_rows_of(draft, f"rad-{number}", text, indicator=indicator, owner=plan.owner)
        make_rows(followup, f"rad-{number}", text, indicator=indicator, owner=plan.owner, person=person)


ADDRESSES = [("revision-pdf", YEAR + 1), ("followup-pdf", YEAR)]


def test_nothing_leads_out_of_a_document_and_nothing_odd_stops_it(
    editor: Client, visits: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, seen = visits
    secret = tmp_path / "hemligt.svg"
    secret.write_text(f'<svg xmlns="http://www.w3.org/2000/svg"><text>{SECRET}</text></svg>')
    led = [text.format(address=address, file=secret.as_uri()) for text in LEADING.values()]
    write_in_every_field([*led, *(text.format() if "{{" in text else text for text in ODD.values())])

    for name, year in ADDRESSES:
        answer = editor.get(reverse(name, args=["farlig", year]))
        reader, everything = PdfReader(io.BytesIO(answer.content)), everything_in(answer.content)

        assert answer.status_code == 200
        assert SECRET.encode() not in everything
        assert b"SECRET_KEY = " not in everything
        assert all(each.startswith(("plan-farlig", "uppfoljning-farlig")) for each in reader.attachments)
        assert "farlig" not in (reader.metadata.creation_date_raw or "" if reader.metadata else "")
    assert seen == []


@pytest.mark.parametrize("text", HEAVY.values(), ids=HEAVY)
def test_what_is_heavy_gives_a_document_or_a_sentence(editor: Client, text: str) -> None:
    write_in_every_field([text])

    for name, year in ADDRESSES[: None if "MADE_UP_REQUESTS" in os.environ else 1]:
        answer = editor.get(reverse(name, args=["farlig", year]))

        assert answer.status_code in (200, 503)
        if answer.status_code == 503:
            assert any(why in answer.content.decode() for why in WHY_NOT)
    assert editor.get("/planer/farlig/").status_code == 200
