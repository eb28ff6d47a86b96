"""A table from elsewhere made into our own sheets, as it has been chosen what its columns are.

What can't be made anything of is told at its row and its column in the table as it was sent. Rows of our own
sheets carry the number of the row in the table that they come from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _

from actionplan.elsewhere.choices import LEVELS, ORGANISATIONS, Choices, Role
from actionplan.elsewhere.names import Register, names_in_all
from actionplan.elsewhere.years import NotYears, Years, year_in, years_in
from actionplan.forms.shared import TOO_LONG
from actionplan.keys import free_key
from actionplan.models import Activity, Area, Challenge, Part, Revision
from actionplan.workbook.rows import ActivitySheet, AreaSheet, ChallengeSheet, ResponsibleSheet, RowSheet
from exchange.books import Book, Line, Sheet
from exchange.resources import folded
from exchange.telling import Fault
from municipalities.models import Organisation

LONGEST_WORDING = 300
"""Of an area or a challenge."""

PARTS = {Role.LEAD: Part.LEAD, Role.TAKING_PART: Part.TAKING_PART}
YEARS = (Role.YEARS, Role.FIRST_YEAR, Role.LAST_YEAR)
TEXTS = (Role.HEADING, Role.DESCRIPTION, Role.EXPECTED_RESULT)


@dataclass(frozen=True)
class Place:
    """Where a row stands: the wordings of its levels."""

    area: str = ""
    challenge: str = ""
    heading: str = ""


@dataclass
class Source:
    """A row of the table, with what has been made of it so far.

    `is_level`: it says nothing but where the rows below stand. `remarks` are for whoever answers yes or no.
    """

    number: int
    cells: dict[str, str]
    place: Place = field(default_factory=Place)
    is_level: bool = False
    title: str = ""
    years: Years = field(default_factory=Years)
    answering: dict[Organisation, Part] = field(default_factory=dict)
    responsible_text: str = ""
    challenge: str = ""
    key: str = ""
    standing: Activity | None = None
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Turned:
    """The table as our own sheets. `refused` rows aren't in them: `faults` tell why."""

    book: Book
    sources: list[Source]
    faults: list[Fault]
    headers: dict[Role, str]
    """The column at which something wrong is told, by what it is."""

    @property
    def refused(self) -> set[int]:
        return {fault.row for fault in self.faults}


class Names:
    """Who the names in a table are, as the portal knows them or as it has been said."""

    def __init__(self, sheet: Sheet, choices: Choices, register: Register) -> None:
        self.choices, self.register = choices, register
        columns = [sheet.headers.index(header) for header in choices.of(*ORGANISATIONS)]
        cells = {line.cells[column] for line in sheet.lines for column in columns}
        self._found: dict[str, Organisation | None] = {}
        self.taken_apart = names_in_all(sorted(cells), self.is_known)

    def is_known(self, name: str) -> bool:
        return self.exactly(name) is not None or self.choices.who(name) is not None

    def exactly(self, name: str) -> Organisation | None:
        if name not in self._found:
            self._found[name] = self.register.exactly(name)
        return self._found[name]

    def organisation(self, name: str) -> Organisation | None:
        """The organisation that the name means; None for words alone. LookupError when that is unsaid."""
        found = self.exactly(name)
        if found is None:
            who = self.choices.who(name)
            if who is None:
                raise LookupError(name)
            if who.key or who.kind:
                found = self.register.by_key.get(who.key) or self.register.exactly(who.name)
                if found is None:
                    raise LookupError(name)
        return found


def turn(sheet: Sheet, choices: Choices, draft: Revision, register: Register) -> Turned:
    """The table as it would be imported into the draft."""
    return Turning(sheet, choices, draft, register).turned()


class Turning:
    """The making of it."""

    def __init__(self, sheet: Sheet, choices: Choices, draft: Revision, register: Register) -> None:
        self.sheet, self.choices, self.draft = sheet, choices, draft
        self.names = Names(sheet, choices, register)
        self.faults: list[Fault] = []
        self.headers = {role: choices.of(role)[0] for role in Role if choices.of(role)}
        self.levels = Levels(draft, choices)

    def turned(self) -> Turned:
        sources = [
            Source(line.number, dict(zip(self.sheet.headers, line.cells, strict=True)))
            for line in self.sheet.lines
        ]
        self.place(sources)
        for source in sources:
            if source.is_level:
                self.levels.challenge_of(source)
            else:
                self.read(source)
        refused = {fault.row for fault in self.faults}
        activities = [each for each in sources if not each.is_level and each.number not in refused]
        self.give_keys(activities)
        self.remark_on_doubles(activities)
        faulty = {fault.row for fault in self.faults}
        activities = [each for each in activities if each.number not in faulty]
        return Turned(Book(tuple(self.sheets(activities))), sources, self.faults, self.headers)

    def wrong(self, source: Source, role: Role, says: str) -> None:
        self.faults.append(Fault(self.sheet.name, source.number, self.headers.get(role, ""), says))

    def said(self, source: Source, role: Role) -> str:
        """What the row says in the column that is the role, on one line."""
        header = self.headers.get(role)
        return " ".join(source.cells[header].split()) if header else ""

    # Where rows stand

    def place(self, sources: Iterable[Source]) -> None:
        """Lets each row know its levels: an empty cell says what the row above does, where that is chosen.

        A cell with something in it leaves nothing of the narrower levels above.
        """
        chosen = [role for role in LEVELS if role in self.headers]
        stands: dict[Role, str] = {}
        for source in sources:
            said = {role: self.said(source, role) for role in chosen}
            stands = self.below(stands, said) if self.choices.fills_down else said
            source.place = Place(**{role.value: wording for role, wording in stands.items()})
            says_more = any(source.cells[header].strip() for header in self.beside_levels)
            source.is_level = self.choices.fills_down and any(said.values()) and not says_more

    @cached_property
    def beside_levels(self) -> list[str]:
        """The columns in which an activity says something."""
        return [header for header, role in self.choices.columns.items() if role not in (*LEVELS, Role.SKIP)]

    def below(self, stands: dict[Role, str], said: dict[Role, str]) -> dict[Role, str]:
        is_new = False
        now = {}
        for role, wording in said.items():
            is_new = is_new or bool(wording and folded(wording) != folded(stands.get(role, "")))
            now[role] = wording or ("" if is_new else stands.get(role, ""))
        return now

    # What rows say

    def read(self, source: Source) -> None:
        source.title = self.said(source, Role.TITLE)
        if not source.title:
            self.wrong(source, Role.TITLE, _("Skriv vad som ska göras, eller ta bort raden."))
        self.read_years(source)
        self.read_responsible(source)
        for role in (Role.AREA, Role.CHALLENGE):
            if len(getattr(source.place, role.value)) > LONGEST_WORDING:
                self.wrong(source, role, TOO_LONG % {"limit_value": LONGEST_WORDING})
        try:
            source.challenge = self.levels.challenge_of(source)
        except NoChallenge as problem:
            self.wrong(source, Role.CHALLENGE, str(problem))

    def read_years(self, source: Source) -> None:
        first = last = None
        words = ""
        for role in YEARS:
            said = self.said(source, role)
            try:
                if role == Role.YEARS and said:
                    first, last, words = years_in(said)
                elif role == Role.FIRST_YEAR and said:
                    first, words = year_in(said)
                elif said:
                    last, more = year_in(said)
                    words = words or more
            except NotYears:
                self.wrong(source, role, cannot_tell_years(said, is_one=role != Role.YEARS))
        source.years = Years(first, last)
        if words and any(sign.isalnum() for sign in words):
            source.remarks.append(_("Åren står som ”%(words)s”, och läses in som okända.") % {"words": words})

    def read_responsible(self, source: Source) -> None:
        """Who answers for the activity, and the table's own words where they aren't the names."""
        is_otherwise = False
        both = []
        for role, part in PARTS.items():
            for header in self.choices.of(role):
                for name in self.names.taken_apart(source.cells[header]):
                    try:
                        found = self.names.organisation(name)
                    except LookupError:
                        sentence = _(
                            "Det är inte sagt vem ”%(name)s” är. Välj Ändra valen, och säg vem det är."
                        )
                        self.faults.append(
                            Fault(self.sheet.name, source.number, header, sentence % {"name": name})
                        )
                        continue
                    is_otherwise = is_otherwise or found is None or not is_called(found, name)
                    if found and source.answering.setdefault(found, part) != part:
                        both.append(found.name)
        if both:
            sentence = _(
                "%(who)s står både som huvudansvarig och medverkande, och läses in som huvudansvarig."
            )
            source.remarks.append(sentence % {"who": ", ".join(both)})
        if is_otherwise:
            source.responsible_text = self.wording(source)

    def wording(self, source: Source) -> str:
        """Who answers for it, as the table has it. Is kept, and so in the portal's own language."""
        lead, taking_part = (
            "; ".join(" ".join(part.split()) for part in cells if part.strip())
            for cells in (
                [line for header in self.choices.of(role) for line in source.cells[header].split("\n")]
                for role in PARTS
            )
        )
        if lead and taking_part:
            return f"{lead} (medverkar: {taking_part})"
        return lead or (f"Medverkar: {taking_part}" if taking_part else "")

    def text(self, source: Source, role: Role) -> str:
        """What goes to a longer text; each column under its header where they are several."""
        headers = self.choices.of(role)
        if len(headers) < 2:
            return source.cells[headers[0]].strip() if headers else ""
        label = "**{}**\n\n{}" if role == Role.DESCRIPTION else "{}: {}"
        parts = ((header, source.cells[header].strip()) for header in headers)
        return "\n\n".join(label.format(header.strip(" *:"), text) for header, text in parts if text)

    # Which activities they are

    def give_keys(self, sources: list[Source]) -> None:
        """Lets each row be an activity of the draft, or a new one with a key that no other has had."""
        standing = list(
            Activity.objects.filter(revision=self.draft).select_related("challenge").order_by("order", "pk")
        )
        by_key = {each.key: each for each in standing}
        taken: set[str] = Activity.objects.keys_of_any_year(self.draft.plan_id)
        keyed: dict[str, int] = {}
        for source in sources:
            key = key_in(self.said(source, Role.KEY), by_key)
            if not key:
                continue
            if key in keyed:
                sentence = _("Nyckeln står redan på rad %(number)d. Ge raden en egen.")
                self.wrong(source, Role.KEY, sentence % {"number": keyed[key]})
            keyed.setdefault(key, source.number)
            source.key, source.standing = key, by_key.get(key)
        rest = [each for each in sources if not each.key]
        pair(rest, [each for each in standing if each.key not in keyed])
        taken |= keyed.keys()
        for source in rest:
            source.key = source.standing.key if source.standing else free_key(source.title, taken)
            taken.add(source.key)

    def remark_on_doubles(self, sources: Iterable[Source]) -> None:
        seen: dict[tuple[str, str], int] = {}
        for source in sources:
            same = (source.challenge, folded(source.title))
            if same in seen:
                sentence = _(
                    "Heter som aktiviteten på rad %(number)d och står på samma ställe. Båda läses in."
                )
                source.remarks.append(sentence % {"number": seen[same]})
            seen.setdefault(same, source.number)

    # As our own sheets

    def sheets(self, sources: list[Source]) -> Iterator[Sheet]:
        if self.levels.new_areas:
            yield sheet_of(AreaSheet, ("key", "title"), self.levels.new_areas)
        if self.levels.new_challenges:
            yield sheet_of(ChallengeSheet, ("key", "area", "title"), self.levels.new_challenges)
        fields = self.fields
        lines = [(each.number, tuple(self.cell(each, name) for name in fields)) for each in sources]
        if lines:
            yield sheet_of(ActivitySheet, fields, lines)
        answering = [
            (each.number, (each.key, organisation.key, str(part.value)))
            for each in sources
            for organisation, part in each.answering.items()
        ]
        if answering:
            yield sheet_of(ResponsibleSheet, ("activity", "organisation", "part"), answering)

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The columns of our own sheet of activities that the table says something of."""
        fields = ["key", "challenge", "title", *(role.value for role in TEXTS if role in self.headers)]
        if self.headers.keys() & {Role.YEARS, Role.FIRST_YEAR}:
            fields.append("first_year")
        if self.headers.keys() & {Role.YEARS, Role.LAST_YEAR}:
            fields.append("last_year")
        if self.headers.keys() & {*ORGANISATIONS}:
            fields.append("responsible_text")
        return tuple(fields)

    def cell(self, source: Source, name: str) -> str:
        match name:
            case "heading":
                return source.place.heading
            case "description" | "expected_result":
                return self.text(source, Role(name))
            case "first_year" | "last_year":
                return str(getattr(source.years, name.removesuffix("_year")) or "")
        return str(getattr(source, name))


class NoChallenge(Exception):
    """A row doesn't tell which challenge it belongs to; the message is a sentence for whoever sent it."""


class Levels:
    """The areas and challenges of the draft, and those that the table makes new."""

    def __init__(self, draft: Revision, choices: Choices) -> None:
        self.choices = choices
        self.has_areas = Role.AREA in choices.columns.values()
        self.has_challenges = Role.CHALLENGE in choices.columns.values()
        areas = Area.objects.filter(revision=draft)
        challenges = Challenge.objects.filter(revision=draft).select_related("area").in_reading_order()
        self.areas = {folded(each.title): each.key for each in reversed(areas)}
        self.challenges: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.by_key = {each.key: each for each in challenges}
        for each in challenges:
            self.challenges[self.place_of(each.area.title if each.area else "", each.title)].append(each.key)
        self.area_keys: set[str] = Area.objects.keys_of_any_year(draft.plan_id)
        self.challenge_keys: set[str] = Challenge.objects.keys_of_any_year(draft.plan_id)
        self.new_areas: list[tuple[int, tuple[str, ...]]] = []
        self.new_challenges: list[tuple[int, tuple[str, ...]]] = []

    def place_of(self, area: str, challenge: str) -> tuple[str, str]:
        """What tells challenges apart: of two areas they may be called the same, if the table has areas."""
        return (folded(area) if self.has_areas else "", folded(challenge))

    def challenge_of(self, source: Source) -> str:
        """The key of the challenge that the row stands under, new ones made. Raises NoChallenge."""
        if not self.has_challenges and self.choices.challenge:
            if self.choices.challenge not in self.by_key:
                raise NoChallenge(_("Det som allt skulle stå under finns inte längre. Välj något annat."))
            return self.choices.challenge
        title = source.place.challenge if self.has_challenges else self.choices.new_challenge
        area = self.area_of(source)
        if not title:
            if source.is_level:
                return ""
            raise NoChallenge(_("Raden säger inte vad den hör till. Fyll i det."))
        found = self.challenges[self.place_of(source.place.area, title)]
        if len(found) > 1:
            raise NoChallenge(
                _("Flera i arbetsmaterialet heter ”%(name)s”. Döp om någon av dem.") % {"name": title}
            )
        if not found:
            found.append(key := free_key(title, self.challenge_keys))
            self.challenge_keys.add(key)
            self.new_challenges.append((source.number, (key, area, title)))
        return found[0]

    def area_of(self, source: Source) -> str:
        """The key of the row's area, a new one made; empty where it has none."""
        title = source.place.area
        if title and folded(title) not in self.areas:
            self.areas[folded(title)] = key = free_key(title, self.area_keys)
            self.area_keys.add(key)
            self.new_areas.append((source.number, (key, title)))
        return self.areas[folded(title)] if title else ""


def pair(sources: list[Source], standing: Iterable[Activity]) -> None:
    """Lets rows be the activities that are called the same under the same challenge.

    Of several that are called alike those under the same heading come first, and then the others in order.
    """
    free: dict[tuple[str, str], list[Activity]] = defaultdict(list)
    for each in standing:
        free[each.challenge.key, folded(each.title)].append(each)
    for asks_heading in (True, False):
        for source in sources:
            same = free.get((source.challenge, folded(source.title)), [])
            heading = folded(source.place.heading)
            fitting = [each for each in same if not asks_heading or folded(each.heading) == heading]
            if source.standing is None and fitting:
                source.standing = fitting[0]
                same.remove(fitting[0])


def key_in(said: str, standing: Iterable[str]) -> str:
    """The key that a cell tells: as it stands, or made of it where keys don't have such signs, as "1.2 a"."""
    if not said or said in standing:
        return said
    return slugify(said.replace(".", "-"))[:100] or said


def is_called(organisation: Organisation, name: str) -> bool:
    return folded(name) in (folded(organisation.name), folded(organisation.short_name))


def cannot_tell_years(said: str, *, is_one: bool) -> str:
    if is_one:
        return _("”%(said)s” går inte att läsa som ett år. Skriv till exempel 2026.") % {"said": said}
    return _("”%(said)s” går inte att läsa som år. Skriv till exempel 2026 eller 2025–2027.") % {"said": said}


def sheet_of(
    kind: type[RowSheet], fields: Iterable[str], lines: Iterable[tuple[int, tuple[str, ...]]]
) -> Sheet:
    """Lines of one of our own sheets, with the headers that it has for the fields."""
    headers = tuple(kind.fields[name].column_name for name in fields)
    return Sheet(kind.sheet, headers, tuple(Line(number, cells) for number, cells in lines))
