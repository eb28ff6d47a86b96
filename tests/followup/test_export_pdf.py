"""`./run manage export_pdf` writes a document whole, or says in a sentence why not."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from followup.management.commands import export_pdf
from followup.models import Stage
from publishing.pdf import PdfError
from tests.builders import make_draft, make_followup, make_publication
from tests.documents import pages_of


def export(plan: str, year: int, file: Path, kind: str = "revision") -> None:
    call_command("export_pdf", plan, str(year), "--kind", kind, "--output", str(file), verbosity=0)


@pytest.mark.parametrize(
    ("kind", "words"), [("revision", "Handlingsplan 2016"), ("followup", "Uppföljning 2016")]
)
def test_a_document_is_written_to_the_file(plans, tmp_path, kind, words):
    export("4m", 2016, tmp_path / "it.pdf", kind)

    assert words in pages_of((tmp_path / "it.pdf").read_bytes())[0]
    assert [file.name for file in tmp_path.iterdir()] == ["it.pdf"]


@pytest.mark.parametrize("kind", ["revision", "followup"])
def test_what_is_published_is_written_as_it_was_published_last(db, tmp_path, kind):
    followup = make_followup(stage=Stage.PUBLISHED)
    document = followup.document if kind == "followup" else followup.revision.document
    make_publication(document)
    make_publication(document, pdf=b"%PDF-2")

    export(followup.plan.slug, followup.year, tmp_path / "it.pdf", kind)

    assert (tmp_path / "it.pdf").read_bytes() == b"%PDF-2"


@pytest.mark.parametrize("kind", ["revision", "followup"])
def test_what_is_open_for_correction_is_written_as_it_is_now(db, tmp_path, kind):
    followup = make_followup(make_draft(), stage=Stage.OPEN)
    make_publication(followup.document if kind == "followup" else followup.revision.document)

    export(followup.plan.slug, followup.year, tmp_path / "it.pdf", kind)

    assert all("Arbetsmaterial" in page for page in pages_of((tmp_path / "it.pdf").read_bytes()))


@pytest.mark.parametrize(
    ("plan", "year", "kind", "sentence"),
    [
        ("5m", 2016, "revision", "Det finns ingen plan med adressen 5m."),
        ("4m", 1999, "revision", "Näringsliv & arbete 4M har ingen revidering för 1999."),
        ("4m", 1999, "followup", "Näringsliv & arbete 4M har ingen uppföljning för 1999."),
        ("4m", 10**30, "revision", f"Näringsliv & arbete 4M har ingen revidering för {10**30}."),
    ],
)
def test_what_does_not_exist_is_said_in_a_sentence(plans, tmp_path, plan, year, kind, sentence):
    with pytest.raises(CommandError) as refusal:
        export(plan, year, tmp_path / "it.pdf", kind)

    assert str(refusal.value) == sentence
    assert list(tmp_path.iterdir()) == []


def test_a_document_that_cannot_be_made_leaves_the_earlier_file(plans, tmp_path, monkeypatch):
    file = tmp_path / "it.pdf"
    file.write_text("den förra")

    def refuse(report: object) -> bytes:
        raise PdfError("Det gick inte.")

    monkeypatch.setattr(export_pdf, "revision_pdf", refuse)

    with pytest.raises(CommandError, match=r"Det gick inte\."):
        export("4m", 2016, file)

    assert file.read_text() == "den förra"


def test_a_folder_that_is_not_there_is_said_in_a_sentence(plans, tmp_path):
    with pytest.raises(CommandError, match="kunde inte skrivas"):
        export("4m", 2016, tmp_path / "ingen" / "it.pdf")
