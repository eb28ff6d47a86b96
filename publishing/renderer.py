"""A program of its own that makes one PDF: a request as JSON comes in, the PDF's bytes go out.

The PDF is both PDF/A-3a, which archives accept, and PDF/UA-1, which screen readers can speak. The program
knows neither Django nor the settings, reaches no network, and reads only the files that the request names.
Whoever starts it (`publishing/pdf.py`) says how many seconds and bytes of memory it may use:

    python -I renderer.py SECONDS MEMORY < request > document.pdf
"""

import hashlib
import json
import os
import re
import resource
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

_VARIANT = "pdf/a-3a"
_LONG = 80
_OWN = "project:"
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml)[;,]")
_CONTENT_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
_FORBIDDEN_EVENTS = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system")


def main() -> None:
    seconds, memory = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    request = json.load(sys.stdin.buffer)
    sys.stdout.buffer.write(_render(request["html"], request["files"], request["data"]))


def _render(html: str, files: dict[str, str], data: list[dict[str, str]]) -> bytes:
    """The same HTML and data always give the same bytes.

    `data`: files to attach, each with name, content, what it is, and the day it is of (ISO 8601).
    """
    os.environ["SOURCE_DATE_EPOCH"] = "0"  # else the fonts carry the moment they were cut down
    from weasyprint import HTML, Attachment

    sys.addaudithook(_refuse_network_and_programs)
    identifier = hashlib.sha256(json.dumps([html, data]).encode()).digest()[:16]
    read = HTML(string=html, url_fetcher=_make_fetcher(files))
    _break_long_words_anywhere(read.etree_element)
    document = read.render(pdf_variant=_VARIANT)
    document.metadata.attachments = [
        Attachment(
            string=each["content"],
            name=each["name"],
            description=each["says"],
            relationship="Data",
            created=datetime.fromisoformat(each["day"]),
            modified=datetime.fromisoformat(each["day"]),
        )
        for each in data
    ]
    return document.write_pdf(pdf_variant=_VARIANT, pdf_identifier=identifier, finisher=_finish)


def _break_long_words_anywhere(root: Any) -> None:
    """Where a word is longer than any Swedish one, its element's words are not hyphenated.

    A thousand letters would take seconds in a narrow cell, and ten thousand hours.
    """
    for element in root.iter():
        texts = (element.text, *(child.tail for child in element))
        if any(len(word) > _LONG for text in texts for word in (text or "").split()):
            element.set("style", "hyphens: manual")


def _make_fetcher(files: dict[str, str]) -> Any:
    """What fetches the files that the request names and pictures within the HTML, and nothing else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if _PICTURE.match(url):
                return super().fetch(url, headers)
            if not url.startswith(_OWN):
                raise ValueError("Only the project's own files may be in a document.")
            try:
                path = Path(files[url])
                return URLFetcherResponse(
                    url, path.read_bytes(), {"Content-Type": _CONTENT_TYPES[path.suffix]}
                )
            except (KeyError, OSError) as error:
                raise FatalURLFetchingError(
                    f"{url} is missing, so the document would not be whole."
                ) from error

    return OwnFiles()


def _refuse_network_and_programs(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN_EVENTS):
        raise PermissionError(f"A document may not cause {event}.")


# What WeasyPrint's PDF/A-3a lacks to be PDF/UA-1 as well

_SCHEMA = b"""
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
    xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
    xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
    xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
  <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>part</pdfaProperty:name>
      <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
      <pdfaProperty:category>internal</pdfaProperty:category>
      <pdfaProperty:description>The part of ISO 14289 that the document follows</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
  </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
"""That the document is PDF/UA-1 (ISO 14289-1, 5), and what those words mean (ISO 19005-3, 6.6.2.3.2)."""


def _finish(_document: object, pdf: Any) -> None:
    """Says that the PDF is PDF/UA-1, and makes it so."""
    import pydyf

    metadata = _object(pdf, pdf.catalog["Metadata"])
    metadata.compress = False
    metadata.stream = [metadata.stream[0].replace(b"</rdf:RDF>", _SCHEMA + b"</rdf:RDF>")]
    if "AF" in pdf.catalog:  # where WeasyPrint names each file twice
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    tree = _object(pdf, pdf.catalog["StructTreeRoot"])
    spoken = set()
    for number, element, part_of_table in _elements(pdf, tree):
        spoken.add(number)
        if element["S"] == "/TH" and "A" in element:
            element["A"]["Scope"] = "/Column" if part_of_table == "/THead" else "/Row"
    _mark_what_is_not_spoken(pdf, tree, spoken)


def _object(pdf: Any, reference: Any) -> Any:
    return pdf.objects[_number(reference)]


def _number(reference: str | bytes) -> int:
    """Of the object that is referred to as "12 0 R"."""
    return int(reference.split()[0])


def _elements(pdf: Any, tree: Any) -> Iterator[tuple[int, Any, str]]:
    """Every element that screen readers find: its number as object, itself, the part of a table it is in."""
    waiting = [(reference, "") for reference in tree["K"]]
    while waiting:
        reference, part = waiting.pop()
        if not isinstance(reference, str | bytes):
            continue  # the number of a marked piece of a page
        element = _object(pdf, reference)
        if not isinstance(element, dict) or "S" not in element:
            continue
        yield _number(reference), element, part
        inside = element["S"] if element["S"] in ("/THead", "/TBody") else part
        waiting += [(child, inside) for child in element.get("K", ())]


def _mark_what_is_not_spoken(pdf: Any, tree: Any, spoken: set[int]) -> None:
    """Running heads and feet are artifacts, and no content that hangs loose (ISO 14289-1, 7.1)."""
    import pydyf

    numbered = _object(pdf, tree["ParentTree"])["Nums"]
    for page, parents in zip(numbered[::2], numbered[1::2], strict=True):
        if not isinstance(parents, list):
            continue
        loose = {mark for mark, parent in enumerate(parents) if _number(parent) not in spoken}
        operators = _object(pdf, _object(pdf, pdf.page_references[page])["Contents"]).stream
        for place, operator in enumerate(operators):
            if isinstance(operator, dict) and operator.get("MCID") in loose:
                operators[place - 1 : place + 1] = ["/Artifact", pydyf.Dictionary({"Type": "/Pagination"})]
        for mark in loose:
            parents[mark] = "null"


if __name__ == "__main__":
    main()
