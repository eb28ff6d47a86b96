"""Which column of a table is likely which: by the words of its header, else by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from actionplan.elsewhere.choices import LEVELS, SEVERAL, Role
from actionplan.elsewhere.years import YEAR, NotYears, years_in
from exchange.books import Sheet
from exchange.resources import folded
from publishing.languages import in_the_portals_language

# Words of headers in Swedish, English, Norwegian, Danish, Finnish and German

STATUS = re.compile(r"\bstatus|\bläget?\b|\bprogress|fr[ae]mdrift|\btilanne|umsetzungsstand|genomförandegrad")
GOALS = re.compile(r"\w*mål\b|målsättning|målsetting|objective|\bgoals?\b|tavoite|\bziele?\b|\btarget")
WIDE = re.compile(
    r"område|\bareas?\b|\bte?ema\b|\btheme|\bpillar|\bpelare|\balue|bereich|handlungsfeld|\bsector|\bsektor"
    r"|kategori|\bcategory|perspektiv|\bprogramm?e?\b|\bstrateg|utmaning|challenge|ut?dfordring|haaste"
    r"|herausforderung|\bfocus|\bfokus|\brubrik|\bheading|\bsubheading|\bchapter|\bkapit|\bavsnitt"
)
WORDS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (Role.KEY, re.compile(r"^(?:nyckel|key|id|tunnus|schlüssel|nøkkel)$")),
    (
        Role.TAKING_PART,
        re.compile(
            r"^(?!.*(?:ansvar|respons))(?:.*(?:medverk|deltag|deltar|deltak|partner|samarb|samverk|stakeholder"
            r"|involved|particip|aktör|aktør|actors|osallist|yhteistyö|beteilig|kumppan))"
        ),
    ),
    (
        Role.LEAD,
        re.compile(
            r"ansvar|respons|\bowner|\bleads?\b|huvudman|vastuu|verantwort|zuständig|\bägare|\beier\b|utförare"
        ),
    ),
    (
        Role.FIRST_YEAR,
        re.compile(r"\bstart|\bfrån\b|\bfrom\b|\bbegin|\bfra\b|\bab\b|\balku|\balka|aloitus|\bpåbörj"),
    ),
    (
        Role.LAST_YEAR,
        re.compile(
            r"\bslut|\btill\b|\bend(?:s|e|date| ?year)?\b|\bfinish|\bklar\b|deadline|\btil\b|\bbis\b|\bloppu"
            r"|päätty|\bfrist\b|completion"
        ),
    ),
    (
        Role.YEARS,
        re.compile(
            r"\bår\b|\byears?\b|period|tids?plan|\bnär\b|\bwhen\b|\btim(?:e|ing)|\bschedule|\bjahr|zeitraum"
            r"|aikataulu|vuo[sd]|tidsramm?e|\btid\b|genomförs|gjennomføres"
        ),
    ),
    (
        Role.EXPECTED_RESULT,
        re.compile(
            r"förvänta|result|effekt|expected|outcome|output|forvent|tulos|tulokset|vaikutu|ergebnis|wirkung"
            r"|leverans|deliver"
        ),
    ),
    (
        Role.DESCRIPTION,
        re.compile(r"beskriv|descript|kuvaus|beschreib|detalj|\bdetails?\b|innehåll|innhold|förklar"),
    ),
)
TITLES = re.compile(
    r"åtgärd|\binsats|aktivit|\bactions?\b|\bmeasures?\b|tiltak|indsats|toimenpi|\btoimi|ma(?:ß|ss)nahme"
    r"|activit|\buppdrag|\bproject|\bpros?jekt|\binitiativ|\btitle|\btitel|\bnamn\b|\bname\b|\btask|ska göras"
)

MOST = 0.8
"""As much of a column's cells must look like something for the column to be taken for it."""
REPEATED = 0.6
"""A level has at most so many different wordings for each row."""


@dataclass(frozen=True)
class Contents:
    """A column and what stands in it."""

    header: str
    cells: tuple[str, ...]

    @property
    def words(self) -> str:
        return " ".join(re.sub(r"[\W_]+", " ", folded(self.header)).split())

    @property
    def filled(self) -> list[str]:
        return [cell for cell in self.cells if cell.strip()]

    @property
    def is_repeated(self) -> bool:
        """Whether the same stands in many rows, or is left to be understood."""
        return len({folded(cell) for cell in self.filled}) <= REPEATED * len(self.cells)

    def mostly(self, looks: Callable[[str], bool]) -> bool:
        return bool(self.filled) and sum(map(looks, self.filled)) >= MOST * len(self.filled)

    @property
    def has_years(self) -> bool:
        return self.mostly(tells_years) and any(map(YEAR.search, self.filled))

    def samples(self, number: int = 3) -> list[str]:
        """The first different things that stand there."""
        return list({folded(cell): " ".join(cell.split()) for cell in self.filled}.values())[:number]


def tells_years(cell: str) -> bool:
    try:
        years_in(cell)
    except NotYears:
        return False
    return True


def contents_of(sheet: Sheet) -> list[Contents]:
    return [
        Contents(header, tuple(line.cells[number] for line in sheet.lines))
        for number, header in enumerate(sheet.headers)
    ]


def tells_status(header: str) -> bool:
    """Whether a column with that header is likely to tell how it goes, which a plan doesn't."""
    return bool(STATUS.search(folded(header)))


def guess(sheet: Sheet, is_organisation: Callable[[str], bool]) -> dict[str, Role]:
    """What each column is likely to be, by header; a person is asked before it is so."""
    columns = contents_of(sheet)
    found = by_words(columns)
    by_content(columns, found, is_organisation)
    levels = [each for each in columns if found.get(each.header) in LEVELS]
    if not levels:
        levels = repeated_before_the_title(columns, found)
    found |= placed(levels, found)
    return {each.header: found.get(each.header, Role.SKIP) for each in columns}


def by_words(columns: Iterable[Contents]) -> dict[str, Role]:
    """What the headers say."""
    found: dict[str, Role] = {}
    for column in columns:
        role = own_headers().get(folded(column.header)) or said_by(column)
        if role and (role in SEVERAL or role in LEVELS or role not in found.values()):
            found[column.header] = role
    return found


@cache
@in_the_portals_language
def own_headers() -> dict[str, Role]:
    """What the columns of our own workbook are called."""
    return {folded(str(role.label)): role for role in Role if role != Role.SKIP}


def said_by(column: Contents) -> Role | None:
    """What the words of a column's header say, where what stands in it doesn't speak against it."""
    words = column.words
    if STATUS.search(words):
        return Role.SKIP
    for role, pattern in WORDS:
        if pattern.search(words) and is_possible(role, column):
            return role
    if GOALS.search(words) and not WIDE.search(words):
        return Role.CHALLENGE if column.is_repeated else Role.EXPECTED_RESULT
    if WIDE.search(words):
        return Role.CHALLENGE
    return Role.TITLE if TITLES.search(words) else None


def is_possible(role: Role, column: Contents) -> bool:
    if role in (Role.YEARS, Role.FIRST_YEAR, Role.LAST_YEAR):
        return column.has_years
    if role == Role.KEY:
        return len({*column.filled}) == len(column.cells)
    return True


def by_content(
    columns: Iterable[Contents], found: dict[str, Role], is_organisation: Callable[[str], bool]
) -> None:
    """Adds what the cells tell, of columns whose header doesn't."""
    rest = [each for each in columns if each.header not in found and each.filled]
    for column in rest:
        if not {Role.YEARS, Role.FIRST_YEAR, Role.LAST_YEAR} & {*found.values()} and column.has_years:
            found[column.header] = Role.YEARS
        elif Role.LEAD not in found.values() and column.mostly(is_organisation):
            found[column.header] = Role.LEAD
    if Role.TITLE not in found.values():
        texts = [each for each in rest if each.header not in found and each.mostly(is_wordy)]
        if texts:
            found[max(texts, key=lambda each: len({*each.filled})).header] = Role.TITLE


def is_wordy(cell: str) -> bool:
    return sum(sign.isalpha() for sign in cell) > 5


def repeated_before_the_title(columns: list[Contents], found: Mapping[str, Role]) -> list[Contents]:
    """Columns to the left of the title that nothing else is known of, and where the same is often said."""
    titles = [number for number, each in enumerate(columns) if found.get(each.header) == Role.TITLE]
    before = columns[: titles[0]] if titles else []
    return [each for each in before if each.header not in found and each.is_repeated and each.filled]


def placed(levels: list[Contents], found: Mapping[str, Role]) -> dict[str, Role]:
    """The levels as the portal has them: from the widest, as tables stand, unless the headers are our own."""
    own = {each.header: own_headers().get(folded(each.header)) for each in levels}
    if Role.CHALLENGE in own.values() and None not in own.values():
        return {header: role for header, role in own.items() if role}
    roles = LEVELS if len(levels) > 1 else (Role.CHALLENGE,)
    placed = dict(zip((each.header for each in levels), roles, strict=False))
    return {each.header: placed.get(each.header, Role.SKIP) for each in levels}
