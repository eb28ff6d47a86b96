"""The documents that the plans come from, and how to hold what the portal shows against them.

`sentences_of` says what a document's running text says; `plain` makes any text comparable with it. What the
two leave out on purpose, or read differently from how the document has it, is listed here and nowhere else.
"""

import html
import re
from pathlib import Path

DATA = Path(__file__).parent / "data"

BEGINS = {"4m": "## BAKGRUND", "botkyrka": "Inledning och syfte\n\nKommunen har ett ansvar"}
"""Where the running text begins: after the cover, the document's facts and the list of contents."""

SAID_BY_THE_PAGE = {
    "AKTIVITET",
    "AKTIVITETER",
    "RESULTAT",
    "Syfte",
    "Strategi",
    "Mål",
    "Ordförklaringar",
    "Strategiska utvecklingsområden",
}
"""Labels and headings that the portal has words of its own for: names of columns, fields and levels."""

MENDED = {
    "4m": {
        # Headings in capitals, written as the document itself writes them in its contents and lists
        "## BAKGRUND": "## Bakgrund",
        "## ARBETSMETODIK/PROCESS": "## Arbetsmetodik/process",
        "## 4M ANALYSEN- EN KORT SAMMANFATTNING": "## 4M analysen- En kort sammanfattning",
        "## SLUTSATSER UTIFRÅN ANALYSEN OCH DISKUSSIONEN MED KS PRESIDIERNA INOM 4M": (
            "## Slutsatser utifrån analysen och diskussionen med KS presidierna inom 4M"
        ),
        "## GEMENSAM HANDLINGSPLAN": "## Gemensam handlingsplan",
        "## KOMMUNAL SERVICE, BEMÖTANDE, HANDLÄGGNINGSTIDER": (
            "## Kommunal service, bemötande, handläggningstider"
        ),
        "## YRKESUTBILDNINGAR OCH YRKESHÖGSKOLEUTBILDNINGAR": (
            "## Yrkesutbildningar och yrkeshögskoleutbildningar"
        ),
        "## AFFÄRSUTVECKLING I SME-FÖRETAG": "## Affärsutveckling i SME-företag",
        "## FINANSIERING": "## Finansiering",
        "## UPPFÖLJNING AV HANDLINGSPLANEN": "## Uppföljning av handlingsplanen",
        "<b>EXTERN FINANSIERING TILL FÖRETAGEN I REGIONEN</b>": (
            "<b>Extern finansiering till företagen i regionen</b>"
        ),
        "<b>INTERN FINANSIERING FÖR ATT GENOMFÖRA VÅRA SAMARBETSPROJEKT</b>": (
            "<b>Intern finansiering för att genomföra våra samarbetsprojekt</b>"
        ),
        # One activity that the scan broke in two
        "inom olika</li> <li>- Myndighetsområden</li>": "inom olika myndighetsområden</li>",
        # The follow-up owners' table, which has no heads, as a list
        "handläggningstider\tEnköping": "handläggningstider: Enköping",
        "SME Företag\tEskilstuna": "SME Företag: Eskilstuna",
        "Yrkeshögskoleutbildning\tVästerås": "Yrkeshögskoleutbildning: Västerås",
        "Finansiering\tSträngnäs": "Finansiering: Strängnäs",
    },
    "botkyrka": {
        # A word divided by the end of a page, with the page's footnote between its halves
        (
            "omfattar fler Botkyr-\n\n¹ Begreppet idéburen sektor definieras på sidan 10.\n\nkabor – att"
        ): "omfattar fler Botkyrkabor – att",
        "arbetsmarknad, näringsliv och idéburen sektor.¹\n": (
            "arbetsmarknad, näringsliv och idéburen sektor.¹\n\n"
            "¹ Begreppet idéburen sektor definieras på sidan 10.\n"
        ),
    },
}
"""What the loaded plan reads differently from its document: the document's words, and the plan's."""

_END_OF_BLOCK = re.compile(r"</(?:b|li|p)>|  +|(?<=\w):\*\* ")
_END_OF_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ0-9(])")


def source(name: str) -> str:
    """The document as it was found."""
    return (DATA / f"{name}.txt").read_text(encoding="utf-8")


def running_text(name: str) -> str:
    """The document from its first chapter on, mended."""
    _, begins, rest = source(name).partition(BEGINS[name])
    text = begins + rest
    for found, mended in MENDED[name].items():
        assert text.count(found) == 1, f"{found!r} stands {text.count(found)} times in {name}"
        text = text.replace(found, mended)
    return text


def sentences_of(name: str) -> list[str]:
    """Every heading, sentence and list item of the running text, and what its tables say, in order.

    Of a table come the activity and its result; years and responsible are figures and names, not sentences.
    """
    cells = [cell for line in running_text(name).splitlines() for cell in line.split("\t")[:2]]
    blocks = [block for cell in cells for block in _END_OF_BLOCK.split(cell)]
    sentences = [plain(part) for block in blocks for part in _END_OF_SENTENCE.split(block)]
    return [sentence for sentence in sentences if sentence and sentence not in SAID_BY_THE_PAGE]


def plain(text: str) -> str:
    """The words alone of a text or an HTML page: no markup, list signs or footnote numbers."""
    text = re.sub(r"<sup>.*?</sup>|<[^>]+>", "", text, flags=re.DOTALL)
    text = re.sub(r"[¹²³⁴⁵⁶]|\*\*", "", html.unescape(text))
    text = re.sub(r"(?<!\S)(?:-|\d\.|#+)(?!\S)", "", text)
    return " ".join(text.split())
