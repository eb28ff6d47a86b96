"""Loading a fixture: all of it, held to the rules, or nothing and a sentence for everything that is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from actionplan.models import Activity, Challenge, Plan, Revision, State
from followup.models import Outcome, StatusReport
from municipalities.models import Organisation
from tests.builders import (
    make_activity,
    make_challenge,
    make_draft,
    make_followup,
    make_indicator,
    make_municipality,
    make_organisation,
    make_outcome,
    make_plan,
    make_report,
    make_revision,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def load(tmp_path):
    """Loads objects, given as (model, fields), after one that has nothing wrong with it."""

    def load_objects(*objects: tuple[str, dict[str, Any]]) -> None:
        rows = [{"model": model, "fields": fields} for model, fields in (network("helt-ratt"), *objects)]
        load_text(tmp_path, json.dumps(rows))

    return load_objects


@pytest.fixture
def complaint(load):
    """What loading objects is refused with; nothing of them is left, nor of what was right."""

    def complaint_of(*objects: tuple[str, dict[str, Any]]) -> str:
        with pytest.raises(CommandError) as refusal:
            load(*objects)
        assert not Organisation.objects.filter(key="helt-ratt").exists()
        return str(refusal.value)

    return complaint_of


def load_text(folder: Path, text: str | bytes) -> None:
    fixture = folder / "prov.json"
    fixture.write_bytes(text if isinstance(text, bytes) else text.encode())
    call_command("loaddata", str(fixture), verbosity=0)


def network(key: str, **fields: Any) -> tuple[str, dict[str, Any]]:
    return "municipalities.organisation", {
        "key": key,
        "name": key,
        "short_name": key,
        "kind": "network",
    } | fields


def activity(of: Challenge, **fields: Any) -> tuple[str, dict[str, Any]]:
    row = {
        "revision": of.revision.natural_key(),
        "challenge": of.natural_key(),
        "key": "ny",
        "title": "Ny aktivitet",
    }
    return "actionplan.activity", row | fields


def outcome(number: int, value: str, of: Outcome) -> tuple[str, dict[str, Any]]:
    return "followup.outcome", {
        "indicator": [of.indicator.slug],
        "municipality": [of.municipality.key],
        "year": of.year,
        "number": number,
        "written_at": of.written_at.isoformat(),
        "value": value,
    }


def test_what_is_right_is_loaded_and_told(tmp_path, capsys):
    fixture = tmp_path / "prov.json"
    model, fields = network("helt-ratt")
    fixture.write_text(json.dumps([{"model": model, "fields": fields}]))

    call_command("loaddata", str(fixture))

    assert Organisation.objects.filter(key="helt-ratt").exists()
    assert capsys.readouterr().out == "Laddade 1 objekt ur 1 fixturer.\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[{"model": ', "prov.json: Filen är inte riktig JSON"),
        (b'["\xff"]', "prov.json: Filen är inte riktig JSON"),
        ("[" * 100_000, "prov.json: Filen är inte riktig JSON"),
        ('{"model": "actionplan.plan"}', "prov.json: Filen ska innehålla en lista av objekt."),
        ("[]", "prov.json: Det finns inga objekt i filen."),
        ("[17]", "prov.json, objekt 1: Objektet ska ha ”model” och ”fields”."),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path, text, sentence):
    with pytest.raises(CommandError, match=sentence.replace(".", r"\.")):
        load_text(tmp_path, text)


def test_a_file_that_is_not_json_is_refused(tmp_path):
    (tmp_path / "prov.xml").write_text("<django-objects/>")

    with pytest.raises(CommandError, match=r"prov\.xml: En fixtur ska vara en fil i JSON\."):
        call_command("loaddata", str(tmp_path / "prov.xml"))


@pytest.mark.parametrize(
    ("model", "fields", "sentence"),
    [
        ("actionplan.idea", {}, "Det finns ingen modell ”actionplan.idea”."),
        ("idea", {}, "Det finns ingen modell ”idea”."),
        (*network("fel", colour="blue"), "colour: municipalities.organisation har inget sådant fält."),
        (*network("fel", represented_by="enkoping"), "represented_by: Värdet ska vara en lista."),
        (*network("fel", name=["Namn"]), "name: Värdet ska vara ett enda."),
        (*network("fel", name="N\0l"), "name: Null-tecken är inte tillåtna."),
        ("actionplan.plan", {"slug": "ny"}, "title: Fältet saknas."),
        (
            "actionplan.revision",
            {"plan": ["ny"], "year": 2016, "decided_on": 2016},
            "decided_on: Värdet är av fel slag.",
        ),
        ("actionplan.revision", {"plan": ["ny"], "year": float("inf")}, "year: Värdet är av fel slag."),
        (
            "actionplan.revision",
            {"plan": ["ny"], "year": "tjugosexton"},
            'year: Värdet "tjugosexton" måste vara ett heltal.',
        ),
    ],
)
def test_what_the_model_has_no_place_for_is_refused(complaint, model, fields, sentence):
    assert f"prov.json, objekt 2: {sentence}" in complaint((model, fields))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "club"}, "kind: Värdet 'club' är inget giltigt alternativ."),
        ({"kind": "municipality"}, "En kommun har en kommunkod, och ingen annan har det."),
        (
            {"kind": "municipality", "municipal_code": "12"},
            "municipal_code: Kommunkoden har fyra siffror, till exempel 0486.",
        ),
        (
            {"kind": "municipality", "municipal_code": "0381"},
            "En annan kommun har redan den kommunkoden.",
        ),
    ],
)
def test_what_a_form_would_refuse_is_refused_with_the_same_sentence(complaint, fields, sentence):
    make_municipality(municipal_code="0381")

    found = complaint(network("fel", **fields))

    assert f'prov.json, objekt 2: municipalities.organisation ["fel"]: {sentence}' in found


def test_a_reference_to_nobody_is_refused(complaint):
    challenge = make_challenge(make_draft())
    plan = {"slug": "ny", "title": "Ny", "document_type": "plan", "first_year": 2016, "owner": ["ingen"]}

    assert 'owner: Det finns inget som heter ["ingen"].' in complaint(("actionplan.plan", plan))
    assert 'revision: Det finns inget som heter ["ingen", 1].' in complaint(
        activity(challenge, revision=["ingen", 1])
    )
    assert 'challenge: Det finns inget som heter ["för", "kort"].' in complaint(
        activity(challenge, challenge=["för", "kort"])
    )
    assert "Databasen tog inte emot innehållet" in complaint(network("fel", represented_by=[["ingen"]]))


def test_a_reference_further_down_the_file_is_found(load):
    load(
        network("enhet", represented_by=[["ny-kommun"]]),
        network("ny-kommun", kind="municipality", municipal_code="0999"),
    )

    assert Organisation.objects.get(key="enhet").represented_by.get().key == "ny-kommun"


def test_an_object_that_stands_twice_is_refused(complaint):
    found = complaint(network("samma", name="Ett namn"), network("samma", name="Ett annat"))

    assert 'objekt 3: municipalities.organisation ["samma"]: Samma objekt finns två gånger.' in found


def test_rows_that_do_not_belong_together_are_refused(complaint):
    draft = make_draft()
    elsewhere = make_challenge(make_draft())
    outsider = make_municipality()
    lost = activity(elsewhere, revision=draft.natural_key())
    led_by_outsider = {
        "revision": draft.natural_key(),
        "key": "u",
        "title": "U",
        "followup_owner": [outsider.key],
    }

    found = complaint(lost, ("actionplan.challenge", led_by_outsider))

    assert "challenge: Raden finns i en annan revidering." in found
    assert "followup_owner: Kommunen deltar inte i planen." in found


def test_a_report_on_what_the_year_does_not_follow_up_is_refused(complaint):
    followup = make_followup(make_revision(year=2016))
    later = make_activity(make_challenge(followup.revision), first_year=2018, last_year=2018)
    report = {
        "followup": followup.natural_key(),
        "activity": later.natural_key(),
        "organisation": [followup.plan.owner.key],
        "number": 1,
        "status": "ongoing",
    }

    found = complaint(("followup.statusreport", report))

    assert "activity: Aktiviteten ingår inte i årets uppföljning." in found


def test_what_has_been_reported_is_not_rewritten(complaint):
    report = make_report(comment="Som det blev.")
    fields = {
        "followup": report.followup.natural_key(),
        "activity": report.activity.natural_key(),
        "organisation": [report.organisation.key],
        "number": 1,
        "written_at": report.written_at.isoformat(),
        "status": report.status,
        "comment": "Som det borde ha blivit.",
    }

    found = complaint(("followup.statusreport", fields))

    assert "det som är skrivet ändras aldrig" in found
    assert StatusReport.objects.get().comment == "Som det blev."


def test_numbers_follow_each_other(complaint, load):
    first = make_outcome(value=70)

    assert "number: Numren ska följa på varandra från 1." in complaint(outcome(3, "71", of=first))

    load(outcome(1, "70", of=first), outcome(2, "71", of=first))

    assert [each.value for each in Outcome.objects.order_by("number")] == [70, 71]


def test_an_adopted_revision_is_neither_changed_nor_added_to(complaint):
    challenge = make_challenge(make_revision(state=State.ADOPTED))
    revision = {
        "plan": [challenge.revision.plan.slug],
        "year": challenge.revision.year,
        "state": "draft",
        "note": "Öppnas bakvägen",
    }

    found = complaint(("actionplan.revision", revision), activity(challenge))

    assert found.count("Revideringen är fastställd och kan inte ändras.") == 2
    assert Revision.objects.get().is_adopted
    assert not Activity.objects.exists()


def test_an_adopted_revision_is_loaded_whole_and_once_more_without_a_change(load):
    owner = make_organisation()
    plan = {"slug": "ny", "title": "Ny", "document_type": "plan", "first_year": 2016, "owner": [owner.key]}
    revision = {"plan": ["ny"], "year": 2016, "state": "adopted"}
    challenge = {"revision": ["ny", 2016], "key": "u", "title": "Utmaningen"}
    objects = (
        ("actionplan.plan", plan),
        ("actionplan.revision", revision),
        ("actionplan.challenge", challenge),
    )

    load(*objects)
    load(*objects)

    assert [str(each) for each in Challenge.objects.all()] == ["Utmaningen"]


def test_a_draft_in_the_database_may_be_adopted_by_a_fixture(load):
    draft = make_draft(make_plan(slug="ny"), year=2017)
    revision = {"plan": ["ny"], "year": 2017, "state": "adopted", "decided_by": "KF"}
    challenge = {"revision": ["ny", 2017], "key": "u", "title": "Utmaningen"}

    load(("actionplan.revision", revision), ("actionplan.challenge", challenge))

    draft.refresh_from_db()
    assert draft.is_adopted
    assert Challenge.objects.get().title == "Utmaningen"


def test_everything_that_is_wrong_is_told_at_once(complaint):
    indicator = make_indicator()
    found = complaint(
        network("ett", kind="club"),
        network("två"),
        ("actionplan.seriesbreak", {"indicator": [indicator.slug], "year": -1, "note": ""}),
    )

    assert found.splitlines()[0] == "Inget laddades. 4 fel:"
    assert 'objekt 2: municipalities.organisation ["ett"]: kind:' in found
    assert 'objekt 3: municipalities.organisation ["två"]: key:' in found
    assert f'objekt 4: actionplan.seriesbreak ["{indicator.slug}", -1]: year:' in found
    assert f'objekt 4: actionplan.seriesbreak ["{indicator.slug}", -1]: note:' in found
    assert not Plan.objects.exists()
