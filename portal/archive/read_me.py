"""What is in the archive, for whoever opens it: in Swedish, and in text that any program shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from textwrap import fill

from django.utils import timezone

from portal.archive.columns import Column
from portal.archive.contents import COLUMNS_LEFT_OUT, LEFT_OUT, NO_MODELS
from portal.archive.package import FORM, version
from portal.archive.tables import TableWritten

WIDTH = 100

BEGINNING = """
ALLT UR PORTALEN HANDLINGSPLANER

Uttaget visar databasen som den var {at}. Det är gjort av portalens version {version}, och arkivets form \
är {form}.

Här finns planerna med alla sina revideringar, det som har rapporterats, mätts och bedömts, det som har \
offentliggjorts och loggarna över vem som ändrat vad och när. Allt är text i UTF-8 eller PDF, och behöver \
inget av portalen för att läsas.


HUR DET ÄR ORDNAT

tabeller/         Allt som portalen vet, en tabell för varje slags uppgift.
loggar/           Alla ändringar av tabellerna: när, av vem, varför och hur raden såg ut efteråt.
planer/           Varje plan så som den lyder för varje år, ett blad för varje slags rad. Filen \
las-mig.csv förklarar bladen. Mapparna heter efter planen och året; arbetsmaterial och rättelser som pågår \
har det i namnet.
publiceringar/    Varje utgåva av det som har offentliggjorts, två filer tecken för tecken som de frystes: \
innehållet i JSON och dokumentet i PDF/A.
datapackage.json  Alla filer med storlek, kontrollsumma och antal rader, och alla kolumner, för program \
(Data Package).
SHA256SUMS        Kontrollsummorna igen, så som programmet sha256sum vill ha dem.


HUR DU KONTROLLERAR ATT INGET ÄR ÄNDRAT

Skriv i den här mappen: sha256sum --check SHA256SUMS

Utgåvornas filer är jämförda med databasens egna kontrollsummor när de skrevs. De står också i tabellen \
publishing_publication, och på portalens sidor.


HUR VÄRDEN ÄR SKRIVNA

Varje tabell finns i två filer med samma rader. Den som slutar på .jsonl har ett JSON-objekt på varje rad, \
och där är allt exakt. Den som slutar på .csv följer RFC 4180: kommatecken mellan kolumnerna, en rubrikrad \
och citattecken där det behövs.

Det som inte är känt är null i JSON och tomt i CSV. Tal med decimaler är text i JSON, så att inget \
avrundas. Tidpunkter är i UTC. I CSV börjar en text som annars skulle köras som en formel med en apostrof, \
som inte hör till.

En kolumn som slutar på _id har numret på en rad i en annan tabell. Numren gäller bara inom uttaget. Det \
som ska kännas igen mellan år och system har en nyckel (key, slug), som aldrig ändras.


VAD DU FÅR GÖRA MED DET

Det som är offentliggjort (tabeller, planer och utgåvor som är fastställda eller publicerade) får användas \
fritt (CC0 1.0). Värden som kommer från Kolada har källan Kolada, och den ska anges.

Resten är inte öppna data. Arbetsmaterial och pågående uppföljningar är inte offentliggjorda. Namn på dem \
som har rapporterat, godkänt och ändrat, och det som de skrivit i fri text, är personuppgifter: uttaget \
ska förvaras så att bara de som behöver det kommer åt det.
"""

NOT_HERE = """
VAD SOM INTE FINNS HÄR, OCH VARFÖR
"""


def read_me(tables: list[TableWritten], at: datetime) -> str:
    moment = f"{timezone.localtime(at):%Y-%m-%d kl. %H:%M:%S (UTC%z)}"
    begins = BEGINNING.format(at=moment, version=version(), form=FORM)
    parts = [*(wrapped(line) for line in begins.split("\n")), *all_tables(tables), *not_here()]
    return "\n".join(parts).strip() + "\n"


TWO_COLUMNS = re.compile(r"\s*\S+\s{2,}")


def wrapped(line: str) -> str:
    """The line on as many as it takes; what stands in two columns goes on in the second."""
    first = TWO_COLUMNS.match(line)
    indent = " " * len(first[0]) if first else ""
    return fill(line, WIDTH, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)


def all_tables(tables: list[TableWritten]) -> Iterator[str]:
    for heading, is_log in (("TABELLERNA", False), ("LOGGARNA", True)):
        yield f"\n\n{heading}"
        for table in tables:
            if table.kept.is_log == is_log:
                yield from about(table)


def about(table: TableWritten) -> Iterator[str]:
    rows = "1 rad" if table.rows == 1 else f"{table.rows} rader"
    yield ""
    yield wrapped(f"{table.path} ({table.kept.title}, {rows})")
    if table.kept.says:
        yield wrapped(table.kept.says)
    yield from in_two_columns((column.name, said_of(column)) for column in table.columns)


def said_of(column: Column) -> str:
    number = f"Nummer i {column.refers_to}." if column.refers_to else ""
    return " ".join(filter(None, (f"{column.title}.", column.says, number)))


def in_two_columns(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    listed = list(pairs)
    width = max(len(name) for name, _says in listed) + 2
    return (wrapped(f"  {name:<{width}}{says}") for name, says in listed)


def not_here() -> Iterator[str]:
    yield f"\n{NOT_HERE}"
    columns = {
        f"{label}.{name}": reason
        for label, names in COLUMNS_LEFT_OUT.items()
        for name, reason in names.items()
    }
    yield from in_two_columns((LEFT_OUT | NO_MODELS | columns).items())
