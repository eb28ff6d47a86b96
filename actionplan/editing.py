"""Writing in a draft: each row is added, changed, moved, removed and put back by itself.

Every deed holds the draft first, is one transaction, goes through `full_clean`, and has its lines in the log
of changes. Those lines are what a form's `seen` tells: what stood there when its user opened it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from actionplan.correcting import why_not_removed
from actionplan.drafting import ROWS, NotDrafted, create_all, locked, remember, remove_all
from actionplan.keys import free_key
from actionplan.merging import alike
from actionplan.models import (
    Activity,
    Area,
    Challenge,
    Chapter,
    Ending,
    Goal,
    Indicator,
    Part,
    Plan,
    Responsibility,
    Revision,
    Row,
    State,
    Term,
    YearlyTarget,
)
from municipalities.models import Kind as OrganisationKind
from municipalities.models import Organisation, User
from publishing.formats import written_whole


class NoLongerThere(NotDrafted):
    """What was written in, or was to be moved, has been removed since its page was shown."""


class Overtaken(NotDrafted):
    """Somebody else has saved since the form was opened."""


@dataclass(frozen=True)
class Kind:
    """A kind of thing that is written in drafts.

    `word` stands in addresses; `fields` are written, `texts` of them may be long and `markdown` of those are
    Markdown. Rows that are alike in all of `beside` stand in one order, in which each can be moved.
    """

    word: str
    model: type[models.Model]
    fields: tuple[str, ...]
    texts: tuple[str, ...] = ()
    markdown: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    can_be_moved: bool = True
    can_be_removed: bool = True

    @cached_property
    def above(self) -> str:
        """Name of the foreign key to what rows of the kind stand below; empty where that is the revision."""
        within = getattr(self.model, "within", ())
        return within[0] if within else ""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of all that is written: of an activity also who answers for it."""
        return (*self.fields, *Part.values) if self.model is Activity else self.fields

    @cached_property
    def key(self) -> str:
        """Name of the field that addresses know a thing by."""
        return "slug" if self.model is Indicator else "key"

    @cached_property
    def model_above(self) -> type[Row]:
        model: Any = self.model._meta.get_field(self.above).related_model
        return model

    @cached_property
    def needs_above(self) -> bool:
        field: Any = self.model._meta.get_field(self.above) if self.above else None
        return field is not None and not field.null


KINDS: dict[str, Kind] = {
    each.word: each
    for each in (
        Kind(
            "avsnitt",
            Chapter,
            ("title", "placement", "text"),
            texts=("text",),
            markdown=("text",),
            beside=("area_id", "placement"),
        ),
        Kind("omraden", Area, ("title",)),
        Kind(
            "utmaningar",
            Challenge,
            ("title", "purpose", "strategy", "text", "followup_owner"),
            texts=("purpose", "strategy", "text"),
            markdown=("strategy", "text"),
            beside=("area_id",),
        ),
        Kind("mal", Goal, ("text",), texts=("text",), beside=("challenge_id",)),
        Kind(
            "malvarden",
            YearlyTarget,
            ("indicator", "year", "over", "operator", "value", "nearly", "reason"),
            texts=("reason",),
            beside=("goal_id", "year"),
            can_be_moved=False,
        ),
        Kind(
            "aktiviteter",
            Activity,
            (
                "title",
                "heading",
                "description",
                "expected_result",
                "first_year",
                "last_year",
                "responsible_text",
            ),
            texts=("description", "expected_result"),
            markdown=("description",),
            beside=("challenge_id",),
        ),
        Kind("ord", Term, ("term", "explanation"), texts=("explanation",)),
        Kind(
            "indikatorer",
            Indicator,
            (
                "name",
                "short_name",
                "description",
                "unit",
                "decimals",
                "direction",
                "source",
                "source_url",
                "kolada_id",
            ),
            texts=("description",),
            can_be_moved=False,
            can_be_removed=False,
        ),
    )
}
"""By their words in addresses."""


def kind_of(thing: models.Model) -> Kind:
    [found] = [kind for kind in KINDS.values() if kind.model is type(thing)]
    return found


# What can be found


def things_of(kind: Kind, draft: Revision) -> models.QuerySet[Any]:
    """What of the kind may be written in the draft."""
    if kind.model is Indicator:
        return indicators_of(draft.plan)
    model: Any = kind.model
    return model.objects.filter(revision=draft.pk).select_related("revision", *model.within)


def indicators_of(plan: Plan) -> models.QuerySet[Indicator]:
    """Indicators that the plan uses, and those that nobody does."""
    own = YearlyTarget.objects.filter(revision__plan=plan)
    used = YearlyTarget.objects.values("indicator")
    return Indicator.objects.filter(Q(pk__in=own.values("indicator")) | ~Q(pk__in=used))


def indicators_to_choose(plan: Plan) -> models.QuerySet[Indicator]:
    """Those that a target of the plan may have: the plan's, nobody's, and all that have been decided on."""
    decided = YearlyTarget.objects.filter(revision__state=State.ADOPTED)
    own = indicators_of(plan)
    return Indicator.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=decided.values("indicator")))


def organisations_to_choose(plan: Plan) -> models.QuerySet[Organisation]:
    """Those that may answer for an activity: municipalities, those near the plan, and all that publicly do.

    Others may be known to nobody but those who work with another plan.
    """
    publicly = Responsibility.objects.filter(revision__state=State.ADOPTED)
    plans = Plan.objects.filter(pk=plan.pk)
    near = Q(pk__in=plans.parties().values("pk")) | Q(represented_by__in=plans.values("partners"))
    known = Q(kind=OrganisationKind.MUNICIPALITY) | Q(pk__in=publicly.values("organisation"))
    return Organisation.objects.filter(near | known).distinct()


def is_decided_on(indicator: Indicator) -> bool:
    """Whether an adopted revision uses the indicator."""
    return YearlyTarget.objects.filter(indicator=indicator, revision__state=State.ADOPTED).exists()


def found(kind: Kind, draft: Revision, key: str) -> Any:
    """What of the kind has the key; raises NoLongerThere when nothing does."""
    thing = things_of(kind, draft).filter(**{kind.key: key}).first()
    if thing is None:
        raise NoLongerThere(no_longer_there())
    if isinstance(thing, Row):
        thing.revision = draft
    return thing


def is_there(kind: Kind, draft: Revision, key: str) -> bool:
    return things_of(kind, draft).filter(**{kind.key: key}).exists()


def no_longer_there() -> str:
    return _("Någon har tagit bort det här sedan du öppnade sidan, så inget sparades.")


def no_place() -> str:
    return _("Det som raden skulle stå under finns inte längre, så inget sparades.")


# What stands there, and what stood there


def says(kind: Kind, thing: Any) -> dict[str, str]:
    """What a thing of the kind says, by field, as a form has it."""
    words = {name: written(getattr(thing, name)) for name in kind.fields}
    if isinstance(thing, Activity):
        words |= answering((each.part, each.organisation.key) for each in responsibilities(thing))
    return words


def written(value: Any) -> str:
    """A field's value as a form has it: a thing by its key, a figure with its decimal comma."""
    match value:
        case None:
            return ""
        case Decimal():
            return written_whole(value)
        case Indicator():
            return value.slug
        case Row() | Organisation():
            return value.key
        case list():
            return " ".join(sorted(each.key for each in value))
    return str(value)


def answering(parts: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Who answers for an activity, by part: their keys in order, with a space between."""
    pairs = sorted(parts)
    return {part: " ".join(key for of, key in pairs if of == part) for part in Part.values}


def responsibilities(activity: Activity) -> models.QuerySet[Responsibility]:
    return Responsibility.objects.filter(activity=activity.pk).select_related("organisation")


def version_of(thing: Any) -> str:
    """The number of its last line in the log of changes; of an activity also of who answers for it."""
    last = str(last_line(type(thing).history.filter(pk_of(thing))))
    if isinstance(thing, Activity):
        return f"{last}.{last_line(Responsibility.history.filter(activity=thing.pk))}"
    return last


def pk_of(thing: Any) -> Q:
    return Q(**{thing._meta.pk.attname: thing.pk})


def last_line(lines: models.QuerySet[Any]) -> int:
    return lines.aggregate(last=models.Max("history_id"))["last"] or 0


def said_at(kind: Kind, thing: Any, version: str) -> dict[str, str]:
    """What the thing said at that version; nothing in any field when the log has no such line of it."""
    number, _point, of_parts = version.partition(".")
    line = type(thing).history.filter(pk_of(thing), history_id=int(number or 0)).first()
    if line is None:
        if version == version_of(thing):
            return says(kind, thing)
        return dict.fromkeys(kind.names, "")
    words = {name: written(told(line, name)) for name in kind.fields}
    return words | (answered_at(thing, int(of_parts or 0)) if isinstance(thing, Activity) else {})


def told(line: Any, name: str) -> Any:
    """What a line of the log says in a field; nothing where it points to what isn't there."""
    try:
        return getattr(line, name)
    except ObjectDoesNotExist:
        return None


def answered_at(activity: Activity, number: int) -> dict[str, str]:
    """Who answered for the activity at that line of the log; those of whom it says nothing always have."""
    lines = Responsibility.history.filter(activity=activity.pk).order_by("history_id")
    now = {each.pk: (each.part, each.organisation.key) for each in responsibilities(activity)}
    standing = {pk: pair for pk, pair in now.items() if pk not in {line.id for line in lines}}
    for line in lines.select_related("organisation"):
        if line.history_id <= number:
            standing.pop(line.id, None)
            if line.history_type != "-":
                standing[line.id] = (line.part, line.organisation.key)
    return answering(standing.values())


def who_saved(thing: Any) -> Any:
    """The last line in the log of changes of the thing, or of who answers for it: by whom, and when."""
    lines = [type(thing).history.filter(pk_of(thing))]
    if isinstance(thing, Activity):
        lines.append(Responsibility.history.filter(activity=thing.pk))
    last = [line for each in lines if (line := each.select_related("history_user").first())]
    return max(last, key=lambda line: line.history_date, default=None)


# Deeds


@transaction.atomic
def add(
    draft: Revision, kind: Kind, said: Mapping[str, Any], *, by: User, above: str = "", key: str = ""
) -> Any:
    """Adds what is said below the row with key `above`, last of those that stand there.

    A key that isn't given is made of the wording, and is one that the plan has never had. Raises
    NoLongerDraft, NoLongerThere when there is nothing to stand below, or ValidationError.
    """
    draft = locked(draft)
    thing: Any = kind.model(**{name: said[name] for name in kind.fields})
    if isinstance(thing, Indicator):
        thing.slug = free_key(thing.name, set(Indicator.objects.values_list("slug", flat=True)))
        thing.full_clean()
        remember(thing, by).save()
        return thing
    thing.revision = draft
    if kind.above:
        setattr(thing, kind.above, row_above(kind, draft, above))
    thing.key = key
    refuse_ended(thing)
    thing.order = next_order(kind, thing)
    thing.full_clean()
    remember(thing, by).save()
    answer_for(thing, said, by)
    return thing


def row_above(kind: Kind, draft: Revision, key: str) -> Row | None:
    """What a row of the kind is to stand below; None where that is the revision itself."""
    if not key and not kind.needs_above:
        return None
    row = kind.model_above.objects.filter(revision=draft.pk, key=key).first()
    if row is None:
        raise NoLongerThere(no_place())
    return row


def refuse_ended(row: Row) -> None:
    """Raises ValidationError when the draft says of an activity with the key that it isn't carried on."""
    if isinstance(row, Activity) and Ending.objects.filter(revision=row.revision_id, key=row.key).exists():
        raise ValidationError({"key": not_carried_on()})


def not_carried_on() -> str:
    return _("Aktiviteten med den nyckeln förs inte vidare i den här planen.")


@transaction.atomic
def change(draft: Revision, thing: Any, said: Mapping[str, Any], *, seen: str, by: User) -> Any:
    """Lets the thing say what is said, by someone who saw its version `seen`; gives it as it is then.

    Saying what stands there writes nothing. Raises NoLongerDraft, NoLongerThere, Overtaken when what stood
    there at `seen` doesn't any more, or ValidationError.
    """
    draft, kind = locked(draft), kind_of(thing)
    now = found(kind, draft, getattr(thing, kind.key))
    words = says(kind, now)
    if all(alike(written(said[name]), words[name]) for name in kind.names):
        return now
    if seen != version_of(now) and said_at(kind, now, seen) != words:
        raise Overtaken(_("Någon annan har sparat under tiden."))
    stood = tuple(getattr(now, name) for name in kind.beside)
    for name in kind.fields:
        setattr(now, name, said[name])
    if stood != tuple(getattr(now, name) for name in kind.beside):
        now.order = next_order(kind, now)
    if isinstance(now, Indicator):
        refuse_another_measure(now, words, by)
    now.full_clean()
    if any(written(said[name]) != words[name] for name in kind.fields):
        remember(now, by).save()
    answer_for(now, said, by)
    return now


FIXED = ("unit", "direction")
"""What makes an indicator another one if it is changed."""


def refuse_another_measure(indicator: Indicator, before: Mapping[str, str], by: User) -> None:
    """Raises ValidationError when what is decided on would be measured otherwise, unless by those who may."""
    changed = [name for name in FIXED if written(getattr(indicator, name)) != before[name]]
    if changed and not by.is_administrator and is_decided_on(indicator):
        sentence = _("Indikatorn används i en fastställd plan. Bara en administratör kan ändra det här.")
        raise ValidationError(dict.fromkeys(changed, sentence))


def answer_for(row: Any, said: Mapping[str, Any], by: User) -> None:
    """Lets those who are said to answer for the activity, and nobody else; others' rows stay as they are.

    A row's organisation never changes: one goes and another comes.
    """
    if not isinstance(row, Activity):
        return
    wanted = {each.pk: (each, part) for part in Part.values for each in said[part]}
    standing = list(responsibilities(row).order_by("order", "pk"))
    for each in standing:
        if each.organisation_id not in wanted:
            remember(each, by).delete()
        elif each.part != (part := wanted.pop(each.organisation_id)[1]):
            each.part = part
            remember(each, by).save()
    order = max((each.order for each in standing), default=0)
    for number, (organisation, part) in enumerate(wanted.values(), order + 1):
        new = Responsibility(
            revision=row.revision, activity=row, organisation=organisation, part=part, order=number
        )
        new.full_clean()
        remember(new, by).save()


# Places


class Way(models.TextChoices):
    """Where a row is moved among those beside it."""

    UP = "up"
    DOWN = "down"


def beside(kind: Kind, row: Any) -> models.QuerySet[Any]:
    """The rows that stand in one order with this one, itself included."""
    same = {name: getattr(row, name) for name in kind.beside}
    return kind.model._default_manager.filter(revision=row.revision_id, **same).order_by("order", "pk")


def next_order(kind: Kind, row: Any) -> int:
    last: int | None = beside(kind, row).exclude(pk=row.pk).aggregate(last=models.Max("order"))["last"]
    return (last or 0) + 1


@transaction.atomic
def move(draft: Revision, row: Any, way: str, *, by: User) -> str:
    """Moves the row past the one before or after it; gives a sentence of where it stands.

    An activity that comes to another heading stands under that first, at the end nearest. Raises
    NoLongerDraft or NoLongerThere.
    """
    draft, kind = locked(draft), kind_of(row)
    now = found(kind, draft, row.key)
    rows = list(beside(kind, now))
    place = [each.pk for each in rows].index(now.pk)
    other = place + (-1 if way == Way.UP else 1)
    if not 0 <= other < len(rows):
        first, last = _("”%(row)s” står redan först."), _("”%(row)s” står redan sist.")
        return (first if way == Way.UP else last) % {"row": now}
    if isinstance(now, Activity) and now.heading != rows[other].heading:
        now.heading = rows[other].heading
        remember(now, by, _("Flyttad")).save()
        return (
            _("”%(row)s” står nu under rubriken ”%(heading)s”.") % {"row": now, "heading": now.heading}
            if now.heading
            else _("”%(row)s” står nu utan rubrik.") % {"row": now}
        )
    rows[place], rows[other] = rows[other], rows[place]
    put_in_order(kind, rows, by)
    words = {"row": now, "number": other + 1, "of": len(rows)}
    return _("”%(row)s” står nu som nummer %(number)d av %(of)d.") % words


def put_in_order(kind: Kind, rows: list[Any], by: User) -> None:
    """Gives the rows their places, in that order, with a line in the log for each that gets another one."""
    orders = sorted(row.order for row in rows)
    if len(set(orders)) < len(orders):
        orders = list(range(1, len(rows) + 1))
    moved = []
    for row, order in zip(rows, orders, strict=True):
        if row.order != order:
            row.order = order
            moved.append(row)
    bulk_update_with_history(
        moved, kind.model, ["order"], default_user=by, default_change_reason=_("Flyttad"), batch_size=500
    )


@transaction.atomic
def move_to(draft: Revision, row: Any, above: str, *, by: User) -> str:
    """Moves the row, and what stands below it, last below another; gives a sentence of where it stands.

    Raises NoLongerDraft or NoLongerThere.
    """
    draft, kind = locked(draft), kind_of(row)
    now = found(kind, draft, row.key)
    target = row_above(kind, draft, above)
    where = {"row": now, "above": target or now.revision.plan}
    if getattr(now, f"{kind.above}_id") == (target.pk if target else None):
        return _("”%(row)s” står redan under ”%(above)s”.") % where
    setattr(now, kind.above, target)
    now.order = next_order(kind, now)
    now.full_clean()
    remember(now, by, _("Flyttad")).save()
    return _("”%(row)s” står nu sist under ”%(above)s”.") % where


# Removing, and putting back


Rows = dict[type[Row], list[Row]]


def with_what_is_below(row: Row) -> Rows:
    """The row and all that goes with it, by kind; takes a statement for each kind that could."""
    gone: Rows = {type(row): [row]}
    for kind in ROWS:
        for name in kind.within:
            parent: Any = kind._meta.get_field(name).related_model
            if parent in gone:
                gone.setdefault(kind, []).extend(kind.objects.filter(**{f"{name}__in": gone[parent]}))
    return gone


def why_it_stays(row: Row, going: Rows) -> str:
    """Why the row can't be removed with all that stands below it; empty when it can."""
    if not row.revision.is_correction:
        return ""
    return next((why for rows in going.values() if (why := why_not_removed(*rows))), "")


@transaction.atomic
def remove(draft: Revision, row: Row, *, by: User) -> None:
    """Removes the row with all that stands below it.

    All of it goes at one moment in the log of changes, by which it can be put back together. Raises
    NoLongerDraft, NoLongerThere, or NotDrafted when it has to stay.
    """
    draft, kind = locked(draft), kind_of(row)
    now: Row = found(kind, draft, row.key)
    going = with_what_is_below(now)
    if why := why_it_stays(now, going):
        raise NotDrafted(why)
    moment, with_it = timezone.now(), _("Borttagen med ”%(row)s”") % {"row": now}
    for model in reversed(ROWS):
        reason = "" if model is type(now) else with_it
        remove_all(model, going.get(model, ()), by=by, reason=reason, at=moment)


@transaction.atomic
def put_back(draft: Revision, kind: Kind, key: str, *, by: User) -> Row:
    """Undoes the removal of a row: puts it back, and all that went in the same moment, with the same keys.

    Raises NoLongerDraft, or NotDrafted when there is nothing to put back or no place for it.
    """
    draft = locked(draft)
    model: Any = kind.model
    last = model.history.filter(revision=draft.pk, key=key).order_by("-history_id").first()
    if last is None or last.history_type != "-":
        raise NotDrafted(_("Det finns inget att ångra. Någon har redan lagt tillbaka det."))
    went = {
        "revision": draft.pk,
        "history_type": "-",
        "history_date": last.history_date,
        "history_user": last.history_user_id,
    }
    for each in ROWS:
        rows = [line.instance for line in each.history.filter(**went).order_by("history_id")]
        asked = [row for row in rows if each is model and row.key == key]
        if why := why_it_stays_away(draft, each, rows) or wrong_with(draft, *asked):
            raise NotDrafted(why)
        create_all(each, rows, by=by, reason=_("Borttagningen ångrades"))
    back: Row = found(kind, draft, key)
    return back


def why_it_stays_away(draft: Revision, model: type[Row], rows: list[Row]) -> str:
    """Why rows of a kind that were removed can't be put back in the draft; empty when they can."""
    keys = [row.key for row in rows]
    if model.objects.filter(revision=draft, key__in=keys).exists():
        return _("Det går inte att lägga tillbaka: nyckeln används redan i revideringen.")
    if model is Activity and Ending.objects.filter(revision=draft, key__in=keys).exists():
        return not_carried_on()
    for field in model._meta.concrete_fields:
        wanted = {getattr(row, field.attname) for row in rows} - {None} if field.is_relation else ()
        there: Any = field.related_model
        if wanted and there._base_manager.filter(pk__in=wanted).count() < len(wanted):
            return _("Det går inte att lägga tillbaka: det som raden stod under finns inte längre.")
    return ""


def wrong_with(draft: Revision, *rows: Row) -> str:
    """What the rows themselves say against standing in the draft; empty when nothing."""
    try:
        for row in rows:
            row.revision = draft
            row.full_clean()
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
