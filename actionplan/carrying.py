"""Going through what was decided before: what of it a draft carries on, and what it leaves out.

Nothing is kept of how far anyone has come. An activity of the revision that the draft is based on has been
gone through when the draft has one with its key, or an ending with it; what is left is the rest, so that
the work can be left and gone on with, by several at once. Each deed is one transaction that holds the draft.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import models, transaction
from django.db.models import Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplan.drafting import NotDrafted, create_all, locked
from actionplan.keys import free_key
from actionplan.models import Activity, Challenge, Ending, How, Responsibility, Revision, YearlyTarget
from municipalities.history import remember
from municipalities.models import User
from publishing.formats import period

OWN = ("title", "heading", "description", "expected_result", "responsible_text", "predecessor")
"""What an activity says beside its years and where it stands."""

Years = tuple[int | None, int | None]
"""The first and the last; None where they aren't known."""


class Decided(models.TextChoices):
    """What has been decided of an activity of the revision before."""

    LEFT = "left", gettext_lazy("Att gå igenom")
    CARRIED = "carried", gettext_lazy("Förs vidare")
    MOVED = "moved", gettext_lazy("Förs vidare, andra år")
    REPLACED = "replaced", gettext_lazy("Ersatt")
    ENDED = "ended", gettext_lazy("Avslutad")
    DONE = "done", gettext_lazy("Klar, lämnas ut")


class NotCarried(NotDrafted):
    """Nothing was decided of an activity; the message is a sentence for the one who tried."""


class OtherwiseDecided(NotCarried):
    """Someone else has decided of the activity, or taken it back, since the page was shown."""


class WouldBeLost(NotCarried):
    """What was decided can't be taken back without losing what has been written since; the draft has it."""


@dataclass(frozen=True)
class Standing:
    """An activity of the draft that an earlier one has become."""

    key: str
    title: str
    years: Years

    @property
    def period(self) -> str:
        return period(*self.years)


@dataclass(frozen=True)
class Course:
    """What has been decided of an activity; `becomes` is what stands in the draft in its place."""

    decision: Decided
    reason: str = ""
    becomes: tuple[Standing, ...] = ()

    @property
    def label(self) -> str:
        return str(self.decision.label)

    @property
    def is_left(self) -> bool:
        return self.decision == Decided.LEFT


LEFT = Course(Decided.LEFT)


@dataclass(frozen=True)
class Courses:
    """What has been decided in a draft, by the keys of what it is based on."""

    standing: Mapping[str, Standing]
    endings: Mapping[str, tuple[str, str]]
    successors: Mapping[str, tuple[Standing, ...]]

    def of(self, activity: Activity) -> Course:
        """What has been decided of an activity of the revision before."""
        if found := self.standing.get(activity.key):
            same = found.years == years_of(activity)
            return Course(Decided.CARRIED if same else Decided.MOVED, becomes=(found,))
        if activity.key in self.endings:
            how, reason = self.endings[activity.key]
            return Course(Decided(how), reason, self.successors.get(activity.key, ()))
        return LEFT


def courses(draft: Revision) -> Courses:
    """What has been decided in the draft, in one statement."""
    no_year = Value(None, output_field=models.PositiveSmallIntegerField())
    activities = Activity.objects.filter(revision=draft).order_by().values_list(
        "key", "title", "first_year", "last_year", "predecessor", Value(""), Value("")
    )  # fmt: skip
    endings = Ending.objects.filter(revision=draft).order_by().values_list(
        "key", "title", no_year, no_year, Value(""), "how", "reason"
    )  # fmt: skip
    found: dict[str, Standing] = {}
    ended: dict[str, tuple[str, str]] = {}
    successors: dict[str, tuple[Standing, ...]] = {}
    for key, title, first, last, predecessor, how, reason in activities.union(endings, all=True):
        if how:
            ended[key] = how, reason
            continue
        found[key] = Standing(key, title, (first, last))
        if predecessor:
            successors[predecessor] = (*successors.get(predecessor, ()), found[key])
    return Courses(found, ended, successors)


def revision_before(draft: Revision) -> Revision:
    """The revision that the draft is based on; one of a plan's first year has none and isn't gone through."""
    if draft.based_on is None:
        raise ValueError(f"{draft} is based on nothing")
    return draft.based_on


def years_of(activity: Activity) -> Years:
    return activity.first_year, activity.last_year


def years_ahead(activity: Activity, year: int) -> Years:
    """The years with which it is carried on to `year`: its own, but until then if they would be over."""
    first, last = years_of(activity)
    return first, year if last is not None and last < year else last


def activities_before(draft: Revision) -> Any:
    """The activities of the revision that the draft is based on."""
    return Activity.objects.filter(revision=draft.based_on_id).select_related("challenge")


def activities_left(draft: Revision) -> Any:
    """Those of them that haven't been gone through."""
    decided = [kind.objects.filter(revision=draft).values("key") for kind in (Activity, Ending)]
    return activities_before(draft).exclude(key__in=decided[0]).exclude(key__in=decided[1])


@transaction.atomic
def carry_on(
    draft: Revision, key: str, *, by: User, years: Years | None = None, challenge: str = ""
) -> Activity:
    """Lets the activity stand in the draft too, with its key, its texts and those who answer for it.

    `years`: others than its own. `challenge`: the key of where it stands, where its own challenge is gone.
    """
    draft = locked(draft)
    activity = still_left(draft, key)
    place = place_of(draft, challenge or activity.challenge.key)
    first, last = years or years_of(activity)
    copy = copy_of(activity, place, (first, last))
    copy.full_clean()
    reason = f"Förs vidare från planen för {activity.revision.year}"
    remember(copy, by, reason).save()
    copy_responsible({activity.pk: copy}, by=by, reason=reason)
    return copy


@transaction.atomic
def carry_on_all(draft: Revision, keys: Collection[str], *, by: User) -> tuple[int, int]:
    """Carries on those of `keys` that are left: how many were, and how many had no challenge to stand in.

    One whose years would be over gets the draft's year as its last. Takes the same number of statements
    however many they are.
    """
    draft = locked(draft)
    places = {each.key: each for each in Challenge.objects.filter(revision=draft)}
    asked = set(keys)
    left = [each for each in activities_left(draft).select_related("revision") if each.key in asked]
    copies = {
        each.pk: copy_of(each, places[each.challenge.key], years_ahead(each, draft.year))
        for each in left
        if each.challenge.key in places
    }
    if copies:
        reason = f"Förs vidare från planen för {left[0].revision.year}"
        create_all(Activity, copies.values(), by=by, reason=reason)
        copy_responsible(copies, by=by, reason=reason)
    return len(copies), len(left) - len(copies)


@transaction.atomic
def replace(
    draft: Revision, key: str, words: Mapping[str, Any], *, by: User, challenge: str = ""
) -> Activity:
    """Puts a new activity with `words` in the place of an earlier one, which it knows as its predecessor.

    Those who answered for the earlier one answer for it.
    """
    draft = locked(draft)
    activity = still_left(draft, key)
    place = place_of(draft, challenge or activity.challenge.key)
    successor = copy_of(activity, place, years_of(activity))
    for name, value in words.items():
        setattr(successor, name, value)
    successor.predecessor, successor.key = key, ""  # which makes it one of its own
    successor.full_clean()
    reason = f"Ersätter ”{activity.title}”"
    remember(successor, by, reason).save()
    copy_responsible({activity.pk: successor}, by=by, reason=reason)
    add_ending(draft, activity, How.REPLACED, "", by)
    return successor


@transaction.atomic
def leave_out(draft: Revision, key: str, how: How, *, by: User, reason: str = "") -> None:
    """Carries the activity on no longer, since it is done, or for a reason."""
    draft = locked(draft)
    add_ending(draft, still_left(draft, key), how, reason.strip(), by)


@transaction.atomic
def leave_out_all(draft: Revision, endings: Mapping[str, tuple[How, str]], *, by: User) -> int:
    """Leaves out those of `endings`' keys that are left, each how and why it says: how many there were.

    Takes the same number of statements however many they are.
    """
    draft = locked(draft)
    left = [each for each in activities_left(draft) if each.key in endings]
    rows = [ending_of(draft, each, *endings[each.key]) for each in left]
    if rows:
        create_all(Ending, rows, by=by, reason="Lämnas ut ur planen")
    return len(rows)


@transaction.atomic
def take_back(draft: Revision, key: str, *, seen: str, by: User, knowing: str = "") -> None:
    """Makes the activity one that is left to go through, whatever was decided of it.

    `seen` is the decision that the page showed. Raises WouldBeLost when the draft holds more than what was
    decided, unless `knowing` is the `fingerprint` of it: then whoever takes it back has been told.
    """
    draft = locked(draft)
    activity = known(draft, key)
    course = courses(draft).of(activity)
    if course.decision != seen or course.is_left:
        raise OtherwiseDecided(otherwise(activity.title, course))
    written = written_since(draft, activity)
    if written and fingerprint(written) != knowing:
        raise WouldBeLost(_("Det som har skrivits i arbetsmaterialet sedan dess skulle gå förlorat."))
    reason = "Ska gås igenom igen"
    for kind in (Responsibility, Activity, Ending):
        for row in kind.objects.filter(rows_for(kind, key), revision=draft):
            remember(row, by, reason).delete()


def rows_for(kind: type[models.Model], key: str) -> models.Q:
    """The rows that say what has been decided of the activity with that key."""
    if kind is Ending:
        return models.Q(key=key)
    above = "activity__" if kind is Responsibility else ""
    return models.Q(**{f"{above}key": key}) | models.Q(**{f"{above}predecessor": key})


def written_since(draft: Revision, before: Activity) -> list[Activity]:
    """The draft's activities that would go if the decision were taken back, and say what only they do.

    A copy whose texts and responsible are as they were is no loss.
    """
    found = Activity.objects.filter(rows_for(Activity, before.key), revision=draft).with_responsible()
    return [each for each in found if each.key != before.key or says(each) != says(before)]


def says(activity: Activity) -> tuple[Any, ...]:
    """What an activity says, but for its years and where it stands."""
    responsible = sorted((each.organisation_id, each.part) for each in activity.responsibilities.all())
    return (*(getattr(activity, name) for name in OWN), tuple(responsible))


def fingerprint(activities: Iterable[Activity]) -> str:
    """Tells whether the activities still say what they did."""
    told = [(each.key, says(each), years_of(each)) for each in activities]
    return sha256(repr(told).encode()).hexdigest()


def known(draft: Revision, key: str) -> Activity:
    """The activity with that key in the revision before; raises NotCarried when there is none."""
    found = activities_before(draft).select_related("revision").with_responsible()
    activity: Activity | None = found.filter(key=key).first()
    if activity is None:
        raise NotCarried(_("Aktiviteten finns inte i planen som arbetsmaterialet bygger på."))
    return activity


def still_left(draft: Revision, key: str) -> Activity:
    """The same, when nobody has decided of it; else raises OtherwiseDecided, which tells what they did."""
    activity = known(draft, key)
    course = courses(draft).of(activity)
    if not course.is_left:
        raise OtherwiseDecided(otherwise(activity.title, course))
    return activity


def otherwise(title: str, course: Course) -> str:
    """What someone else has decided of the activity, as the one who comes after is told."""
    sentence = {
        Decided.LEFT: _("Någon annan hann före: ”%(title)s” ska gås igenom igen. Inget ändrades."),
        Decided.CARRIED: _("Någon annan hann före: ”%(title)s” förs vidare. Inget ändrades."),
        Decided.MOVED: _("Någon annan hann före: ”%(title)s” förs vidare med andra år. Inget ändrades."),
        Decided.REPLACED: _("Någon annan hann före: ”%(title)s” har fått en ersättare. Inget ändrades."),
        Decided.ENDED: _("Någon annan hann före: ”%(title)s” är avslutad. Inget ändrades."),
        Decided.DONE: _("Någon annan hann före: ”%(title)s” lämnas ut som klar. Inget ändrades."),
    }[course.decision]
    return sentence % {"title": title}


def place_of(draft: Revision, challenge: str) -> Challenge:
    """The draft's challenge with that key; raises NotCarried when it has none."""
    place = Challenge.objects.filter(revision=draft, key=challenge).first()
    if place is None:
        raise NotCarried(
            _("Det som aktiviteten stod under finns inte i arbetsmaterialet. Välj var den ska stå.")
        )
    return place


def copy_of(activity: Activity, place: Challenge, years: Years) -> Activity:
    """The activity as it is to stand below `place`, yet to be saved."""
    first, last = years
    return Activity(
        revision=place.revision,
        challenge=place,
        key=activity.key,
        order=activity.order,
        first_year=first,
        last_year=last,
        **{name: getattr(activity, name) for name in OWN if name != "predecessor"},
    )


def copy_responsible(copies: Mapping[int, Activity], *, by: User, reason: str) -> None:
    """Lets those who answer for the activities with those ids answer for their copies."""
    draft = next(iter(copies.values())).revision
    taken = set(Responsibility.objects.filter(revision=draft).values_list("key", flat=True))
    rows = []
    for row in Responsibility.objects.filter(activity__in=copies).select_related("organisation"):
        copy = Responsibility(
            revision=draft,
            activity=copies[row.activity_id],
            organisation=row.organisation,
            part=row.part,
            order=row.order,
            key=row.key,
        )
        if copy.key in taken or copy.activity.predecessor:
            copy.key = free_key(str(copy), taken)
        taken.add(copy.key)
        rows.append(copy)
    if rows:
        create_all(Responsibility, rows, by=by, reason=reason)


def add_ending(draft: Revision, activity: Activity, how: How, reason: str, by: User) -> None:
    row = ending_of(draft, activity, how, reason)
    row.full_clean()
    remember(row, by, "Lämnas ut ur planen").save()


def ending_of(draft: Revision, activity: Activity, how: How, reason: str) -> Ending:
    return Ending(
        revision=draft, key=activity.key, order=activity.order, title=activity.title, how=how, reason=reason
    )


@transaction.atomic
def aim(draft: Revision, like: str, value: Decimal, *, by: User) -> YearlyTarget:
    """Sets a target for the draft's year: the value of what the target with the key `like` asks in another.

    The limit for nearly keeps its distance. The target's key is its own: it is another year's promise.
    """
    draft = locked(draft)
    known = YearlyTarget.objects.filter(revision=draft, key=like).select_related("goal", "indicator").first()
    if known is None:
        raise NotCarried(_("Målvärdet finns inte längre i arbetsmaterialet."))
    rule = {"goal": known.goal, "indicator": known.indicator, "over": known.over, "operator": known.operator}
    if YearlyTarget.objects.filter(revision=draft, year=draft.year, **rule).exists():
        sentence = _("Någon annan hann före: målet har redan ett värde för %(year)d. Inget ändrades.")
        raise OtherwiseDecided(sentence % {"year": draft.year})
    nearly = None if known.nearly is None else known.nearly + value - known.value
    target = YearlyTarget(
        revision=draft, year=draft.year, value=value, nearly=nearly, order=known.order, **rule
    )
    target.full_clean()
    remember(target, by, f"Målvärde för {draft.year}").save()
    return target


@transaction.atomic
def take_back_aim(draft: Revision, key: str, *, seen: Decimal, by: User) -> None:
    """Takes away a target that the draft has set, while it has the value that the page showed."""
    draft = locked(draft)
    if YearlyTarget.objects.filter(revision=draft.based_on_id, key=key).exists():
        raise NotCarried(_("Målvärdet är redan beslutat."))
    target = YearlyTarget.objects.filter(revision=draft, key=key).first()
    if target is None or target.value != seen:
        raise OtherwiseDecided(_("Någon annan har ändrat målvärdet. Inget togs bort."))
    remember(target, by, "Ska gås igenom igen").delete()
