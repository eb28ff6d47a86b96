"""What somebody who sends a table is asked: which column is what, and who the names in it are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actionplan.elsewhere.choices import SEVERAL, Choices, Role, Who
from actionplan.elsewhere.guessing import Contents, contents_of, tells_status
from actionplan.elsewhere.names import Register
from actionplan.elsewhere.turning import LONGEST_WORDING
from actionplan.forms.shared import TOO_LONG
from actionplan.models import Challenge, Revision
from exchange.books import Sheet
from exchange.resources import folded
from municipalities.models import Kind

SAMPLE_LENGTH = 80
"""As much of a cell is shown of what stands in a column."""


class SheetForm(forms.Form):
    """Which sheet of the file the page is about."""

    sheet = forms.CharField(required=False, max_length=200)


@dataclass(frozen=True)
class Asked:
    """A column with what helps whoever says what it is."""

    field: Any
    header: str
    samples: list[str]
    tells_status: bool


class ColumnsForm(forms.Form):
    """What each column of a table is, and what that leaves unsaid."""

    sheet = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    fills_down = forms.BooleanField(
        label=_("Tom cell betyder samma som raden ovanför"),
        required=False,
        help_text=_("Gäller kolumnerna för område, utmaning och rubrik, som när celler är sammanslagna."),
    )
    challenge = forms.ChoiceField(
        label=_("Allt hör till"),
        required=False,
        error_messages={"invalid_choice": _("Det finns inte längre. Välj något annat.")},
    )
    new_challenge = forms.CharField(
        label=_("Eller till en ny"),
        required=False,
        max_length=LONGEST_WORDING,
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(self, data: Any = None, *, table: Sheet, draft: Revision, choices: Choices) -> None:
        begun = {
            "sheet": table.name,
            "fills_down": choices.fills_down,
            "challenge": choices.challenge,
            "new_challenge": choices.new_challenge,
        }
        super().__init__(data, initial=begun)
        self.table, self.choices = table, choices
        words = draft.plan.words
        labels = {
            **dict(Role.choices),
            Role.CHALLENGE: words.challenge.capitalize(),
            Role.TITLE: words.activity.capitalize(),
        }
        for number, header in enumerate(table.headers):
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=header,
                choices=[(role.value, labels[role]) for role in Role],
                initial=choices.columns.get(header, Role.SKIP),
                error_messages=dict.fromkeys(
                    ("required", "invalid_choice"), gettext("Välj vad kolumnen är, eller Läs inte in.")
                ),
            )
        self.labels = labels
        self.fields["new_challenge"].widget.attrs.pop("maxlength", None)
        standing = Challenge.objects.filter(revision=draft).in_reading_order()
        self.standing = [(each.key, each.title) for each in standing]
        self.fields["challenge"].choices = [("", gettext("Välj")), *self.standing]  # type: ignore[attr-defined]
        self.fields["challenge"].label = gettext("Allt hör till")

    @cached_property
    def contents(self) -> list[Contents]:
        return contents_of(self.table)

    @property
    def asked(self) -> list[Asked]:
        """The columns in the table's order."""
        return [
            Asked(
                self[f"column-{number}"],
                column.header,
                [shortened(each) for each in column.samples()],
                tells_status(column.header),
            )
            for number, column in enumerate(self.contents)
        ]

    @property
    def has_empty_cells(self) -> bool:
        """Whether any cell stands empty below one that doesn't: only then does it matter what that means."""
        return any(len(column.filled) < len(column.cells) for column in self.contents if column.filled)

    @property
    def has_status(self) -> bool:
        return any(map(tells_status, self.table.headers))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first: dict[str, str] = {}
        for number, header in enumerate(self.table.headers):
            role = said.get(f"column-{number}")
            if not role:
                continue
            if role in first and role not in SEVERAL:
                sentence = gettext("”%(header)s” är redan valt som ”%(role)s”. Välj en av dem.")
                words = {"header": first[role], "role": self.labels[Role(role)]}
                self.add_error(f"column-{number}", sentence % words)
            first.setdefault(role, header)
        for sentence in self.lacking({Role(role) for role in first}):
            self.add_error(None, sentence)
        return said

    def lacking(self, chosen: set[Role]) -> Iterator[str]:
        """What the choices together leave unsaid, or say twice."""
        words = {role: self.labels[role] for role in Role}
        if Role.TITLE not in chosen:
            yield gettext("Välj vilken kolumn som är ”%(title)s”.") % {"title": words[Role.TITLE]}
        if Role.AREA in chosen and Role.CHALLENGE not in chosen:
            sentence = gettext(
                "Välj också vilken kolumn som är ”%(challenge)s”. Har tabellen bara en nivå är det den."
            )
            yield sentence % {"challenge": words[Role.CHALLENGE]}
        elif Role.CHALLENGE not in chosen and not any(self.one_for_all):
            sentence = gettext("Välj vilken kolumn som är ”%(challenge)s”, eller vad allt hör till.")
            yield sentence % {"challenge": words[Role.CHALLENGE]}
        if Role.YEARS in chosen and chosen & {Role.FIRST_YEAR, Role.LAST_YEAR}:
            yield gettext("Välj antingen en kolumn med första och sista året i, eller en för vart och ett.")

    @property
    def one_for_all(self) -> tuple[str, str]:
        """The key of the challenge that takes all, or the wording of a new one; empty for neither."""
        key, wording = self.cleaned_data.get("challenge", ""), self.cleaned_data.get("new_challenge", "")
        if wording:
            same = [key for key, title in self.standing if folded(title) == folded(wording)]
            return (same[0], "") if len(same) == 1 else ("", " ".join(wording.split()))
        return (key, "")

    def chosen(self) -> Choices:
        """The choices as they are now; those of names stay."""
        said = self.cleaned_data
        columns = {header: Role(said[f"column-{number}"]) for number, header in enumerate(self.table.headers)}
        key, wording = self.one_for_all
        return replace(
            self.choices,
            sheet=self.table.name,
            columns=columns,
            fills_down=said["fills_down"] or not self.has_empty_cells,
            challenge=key,
            new_challenge=wording,
        )


def shortened(text: str) -> str:
    return text if len(text) <= SAMPLE_LENGTH else f"{text[: SAMPLE_LENGTH - 1]}…"


KNOWN, NEW, WORDS = "known", "new", "words"


@dataclass(frozen=True)
class AskedName:
    """A name with the fields for who it is, and the organisation that it is like."""

    name: str
    rows: int
    who: Any
    known: Any
    new: Any
    kind: Any
    suggestion: str


class NamesForm(forms.Form):
    """Who the names in a table are that no organisation has.

    Only an administrator may have new organisations made.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        names: Mapping[str, int],
        register: Register,
        choices: Choices,
        may_make: bool,
    ) -> None:
        super().__init__(data)
        self.names, self.register, self.choices, self.may_make = names, register, choices, may_make
        ways = [(KNOWN, gettext("En som finns"))]
        if may_make:
            ways.append((NEW, gettext("En ny organisation")))
        ways.append((WORDS, gettext("Bara som text")))
        self.suggestions: dict[str, str] = {}
        for number, name in enumerate(names):
            before = self.begun(name)
            self.fields[f"who-{number}"] = forms.ChoiceField(
                label=name,
                choices=ways,
                required=False,
                initial=before[0],
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": gettext("Välj vem det är.")},
            )
            self.fields[f"known-{number}"] = forms.CharField(
                label=gettext("Organisation som finns"),
                required=False,
                max_length=200,
                initial=before[1],
                widget=forms.TextInput(attrs={"list": "organisationer", "autocomplete": "off"}),
            )
            if may_make:
                self.fields[f"new-{number}"] = forms.CharField(
                    label=gettext("Den nya organisationens namn"),
                    required=False,
                    max_length=200,
                    initial=before[2].name or name[:200],
                )
                self.fields[f"kind-{number}"] = forms.ChoiceField(
                    label=gettext("Slag"),
                    required=False,
                    choices=[each for each in Kind.choices if each[0] != Kind.MUNICIPALITY],
                    initial=before[2].kind or Kind.UNIT,
                    error_messages={"invalid_choice": gettext("Välj ett av slagen.")},
                )

    def begun(self, name: str) -> tuple[str, str, Who]:
        """What is filled in: what was said before, else the organisation whose name is like this one."""
        who = self.choices.who(name)
        if who and who.key and (standing := self.register.by_key.get(who.key)):
            return KNOWN, standing.name, who
        if who and who.kind and self.may_make:
            return NEW, "", who
        if who and not who.key and not who.kind:
            return WORDS, "", who
        near = self.register.nearly(name)
        if near:
            self.suggestions[name] = near.name
            return KNOWN, near.name, Who()
        return "", "", Who()

    @property
    def asked(self) -> list[AskedName]:
        return [
            AskedName(
                name,
                rows,
                self[f"who-{number}"],
                self[f"known-{number}"],
                self[f"new-{number}"] if self.may_make else None,
                self[f"kind-{number}"] if self.may_make else None,
                self.suggestions.get(name, ""),
            )
            for number, (name, rows) in enumerate(self.names.items())
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        self.answers: dict[str, Who] = {}
        for number, name in enumerate(self.names):
            if f"who-{number}" in self.errors:
                continue
            answer = said.get(f"who-{number}") or (KNOWN if said.get(f"known-{number}") else "")
            who = self.answered(answer, number, said)
            if who is not None:
                self.answers[folded(name)] = who
        return said

    def answered(self, answer: str, number: int, said: Mapping[str, Any]) -> Who | None:
        """Who a name is said to be; None when that is wrong, which is told at its field."""
        if answer == WORDS:
            return Who()
        if answer == NEW:
            wanted = " ".join(said.get(f"new-{number}", "").split())
            if wanted and f"new-{number}" not in self.errors:
                return Who(kind=said.get(f"kind-{number}") or Kind.UNIT, name=wanted)
            if not wanted:
                self.add_error(f"new-{number}", gettext("Skriv vad den nya organisationen heter."))
            return None
        if answer == KNOWN:
            found = self.register.exactly(said.get(f"known-{number}", ""))
            if found:
                return Who(key=found.key)
            self.add_error(f"known-{number}", gettext("Välj en organisation i listan, med hela namnet."))
            return None
        self.add_error(f"who-{number}", gettext("Välj vem det är."))
        return None

    def chosen(self) -> Choices:
        return replace(self.choices, names={**self.choices.names, **self.answers})
