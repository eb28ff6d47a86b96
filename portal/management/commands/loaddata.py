"""Django's loaddata, which also holds what it loads to the rules that forms hold people to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializationError, DeserializedObject, deserialize_fk_value
from django.core.validators import ProhibitNullCharactersValidator
from django.db import DEFAULT_DB_ALIAS, DatabaseError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionplan.models import Revision, Row
from actionplan.models.plans import ADOPTED_IS_READ_ONLY
from followup.models import NumberedRow
from municipalities.journal import note

prohibit_null_characters = ProhibitNullCharactersValidator()
UNSAVABLE = (DatabaseError, OverflowError, ValueError)

Flaws = Iterable[tuple[str, Any]]
"""Pairs of a field's name, empty for the whole, and a sentence that says what is wrong."""


class Command(loaddata.Command):
    help = "Load JSON fixtures whole; or load nothing, and say everything that is wrong with them."

    def loaddata(self, fixture_labels: Any) -> None:
        """Runs in the transaction that Django's command has opened: an error undoes all of it."""
        verbosity, self.verbosity = self.verbosity, 0  # Django tells of success before all has been checked
        self.problems: list[str] = []
        self.places: dict[models.Model, str] = {}
        self.adopted_before = set(Revision.objects.adopted().values_list("pk", flat=True))
        try:
            super().loaddata(fixture_labels)
        except (DeserializationError, *UNSAVABLE) as error:
            self.has_flaws(
                "", [("", _("Databasen tog inte emot innehållet (%(error)s).") % {"error": error})]
            )
        else:
            for thing, place in self.places.items():
                self.has_flaws(place, flaws_in_the_whole(thing))
        self.refuse_if_problems()
        names, count = [Path(label).name for label in fixture_labels], self.loaded_object_count
        transaction.on_commit(lambda: note("fixtures.loaded", fixtures=names, objects=count))
        if verbosity:
            counts = {"objects": self.loaded_object_count, "fixtures": self.fixture_count}
            self.stdout.write(_("Laddade %(objects)d objekt ur %(fixtures)d fixturer.") % counts)

    def load_label(self, fixture_label: str) -> None:
        """Reads the fixture by itself first: what is wrong with its form is told all at once."""
        rows = [
            (_("%(file)s, objekt %(number)d") % {"file": Path(file).name, "number": number}, row)
            for file, _folder, _name in self.find_fixtures(fixture_label)
            for number, row in enumerate(rows_of(Path(file)), start=1)
        ]
        misshapen = [place for place, row in rows if self.has_flaws(place, flaws_of_form(row))]
        if misshapen:
            self.refuse_if_problems()
        self.rows_left = iter(rows)
        try:
            super().load_label(fixture_label)
        except DeserializationError as error:  # with a right form, what is left to be wrong is a reference
            place, row = next(self.rows_left)
            unreadable = _("Objektet går inte att läsa (%(error)s).") % {"error": error}
            self.has_flaws(place, list(flaws_of_reference(row)) or [("", unreadable)])
            self.refuse_if_problems()

    def save_obj(self, obj: DeserializedObject) -> bool:
        """Notes what is wrong with the object; saves it all the same where that can be done, to go on."""
        thing = obj.object
        place = f"{next(self.rows_left)[0]}: {thing._meta.label_lower} {natural_key_of(thing)}"
        before = type(thing)._base_manager.filter(pk=thing.pk).first()
        thing._state.adding = before is None
        if self.has_flaws(place, [*flaws_of_object(obj), *self.flaws_of_rewriting(before, thing)]):
            with suppress(*UNSAVABLE), transaction.atomic(using=self.using):
                super().save_obj(obj)
            return False
        saved = super().save_obj(obj)
        if thing in self.places:
            self.has_flaws(place, [("", _("Samma objekt finns två gånger."))])
        self.places[thing] = place
        return saved

    def flaws_of_rewriting(self, before: Any, thing: Any) -> Flaws:
        """What may not be written anew: an adopted revision with its rows, and what has been reported."""
        if before and same_content(before, thing):
            return
        if before and isinstance(thing, NumberedRow):
            yield "", _("Raden är redan skriven med annat innehåll, och det som är skrivet ändras aldrig.")
        if any(revision_of(each) in self.adopted_before for each in (before, thing)):
            yield "", ADOPTED_IS_READ_ONLY

    def has_flaws(self, place: str, flaws: Flaws) -> bool:
        """Whether there were any; they are told in the end."""
        lines = [": ".join(str(part) for part in (place, *flaw) if part) for flaw in flaws]
        self.problems += lines
        return bool(lines)

    def refuse_if_problems(self) -> None:
        if self.problems:
            count = len(self.problems)
            heading = ngettext("Inget laddades. Ett fel:", "Inget laddades. %(count)d fel:", count)
            raise CommandError("\n".join([heading % {"count": count}, *self.problems]))


def rows_of(file: Path) -> list[Any]:
    """The objects of a fixture, not yet looked at."""
    if file.suffix != ".json":
        raise CommandError(_("%(file)s: En fixtur ska vara en fil i JSON.") % {"file": file.name})
    try:
        rows = json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        sentence = _("%(file)s: Filen är inte riktig JSON (%(error)s).") % {"file": file.name, "error": error}
        raise CommandError(sentence) from error
    if not isinstance(rows, list):
        raise CommandError(_("%(file)s: Filen ska innehålla en lista av objekt.") % {"file": file.name})
    if not rows:
        raise CommandError(_("%(file)s: Det finns inga objekt i filen.") % {"file": file.name})
    return rows


def flaws_of_form(row: Any) -> Flaws:
    """What can be seen without a database: a model, its fields, and values of the right sort."""
    if not isinstance(row, dict) or not isinstance(row.get("fields"), dict):
        yield "", _("Objektet ska ha ”model” och ”fields”.")
        return
    try:
        options = apps.get_model(row.get("model", ""))._meta
    except (LookupError, ValueError, AttributeError):
        yield "", _("Det finns ingen modell ”%(model)s”.") % {"model": row.get("model", "")}
        return
    fields = {field.name: field for field in (*options.concrete_fields, *options.many_to_many)}
    for field in options.concrete_fields:
        if field.name not in row["fields"] and not (field.null or field.blank or field.has_default()):
            yield field.name, _("Fältet saknas.")
    for name, value in row["fields"].items():
        if name not in fields:
            yield name, _("%(model)s har inget sådant fält.") % {"model": options.label_lower}
        elif fields[name].many_to_many and not isinstance(value, list):
            yield name, _("Värdet ska vara en lista.")
        elif not fields[name].is_relation:
            yield from ((name, sentence) for sentence in flaws_of_value(fields[name], value))


def flaws_of_value(field: Any, value: Any) -> Iterator[str]:
    if isinstance(value, list | dict):
        yield _("Värdet ska vara ett enda.")
        return
    try:
        prohibit_null_characters(value)
        field.to_python(value)
    except ValidationError as error:
        yield from error.messages
    except (OverflowError, TypeError, ValueError):  # a number for a day, or one that is no number
        yield _("Värdet är av fel slag.")


def flaws_of_reference(row: Any) -> Flaws:
    """References of the row to what doesn't exist."""
    options = apps.get_model(row["model"])._meta
    for name, value in row["fields"].items():
        field: Any = options.get_field(name)
        for each in (value or () if field.many_to_many else [value]) if field.is_relation else ():
            try:
                deserialize_fk_value(field, each, DEFAULT_DB_ALIAS, handle_forward_references=False)
            except Exception:  # whatever a natural key is made of, it was not one of something that exists
                yield name, no_such_thing(each)


def no_such_thing(reference: Any) -> str:
    return _("Det finns inget som heter %(reference)s.") % {
        "reference": json.dumps(reference, ensure_ascii=False)
    }


def flaws_of_object(obj: DeserializedObject) -> Flaws:
    """What the model's fields and constraints say; references that are yet to come are left aside."""
    thing, awaited = obj.object, obj.deferred_fields
    for field, reference in awaited.items():
        if not field.many_to_many and not field.null:
            yield field.name, no_such_thing(reference)
    names = {field.name for field in awaited}
    for check in (thing.clean_fields, thing.validate_unique, thing.validate_constraints):
        yield from complaints(check, exclude=names)


def flaws_in_the_whole(thing: Any) -> Flaws:
    """What can only be seen once everything is there."""
    if hasattr(thing, "check_whole"):
        yield from complaints(thing.check_whole)
    if isinstance(thing, NumberedRow):
        same = {name: getattr(thing, name) for name in thing.subject}
        if type(thing).objects.filter(**same, number__lt=thing.number).count() != thing.number - 1:
            yield "number", _("Numren ska följa på varandra från 1.")


def complaints(check: Any, **options: Any) -> Flaws:
    """What `check` raises ValidationError for, by field."""
    try:
        check(**options)
    except ValidationError as error:
        by_field = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for field, sentences in by_field.items():
            yield "" if field == NON_FIELD_ERRORS else field, " ".join(sentences)


def natural_key_of(thing: Any) -> str:
    """What the object is called, where it has what that is made of."""
    try:
        return json.dumps(thing.natural_key(), ensure_ascii=False)
    except (AttributeError, ObjectDoesNotExist):
        return ""


def revision_of(thing: Any) -> int | None:
    """The id of the revision that `thing` is or stands in."""
    if isinstance(thing, Revision):
        return thing.pk
    return thing.revision_id if isinstance(thing, Row) else None


def same_content(one: models.Model, other: models.Model) -> bool:
    return all(
        getattr(one, field.attname) == getattr(other, field.attname) for field in one._meta.concrete_fields
    )
