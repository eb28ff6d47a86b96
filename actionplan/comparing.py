"""What has changed from one revision to another, row by row: a row is the same as long as its key is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplan.changes import Change, ChangeGroup, Comparison
from actionplan.facts import PlanFacts
from actionplan.models import How, Placement
from actionplan.placing import Pair, pairs, quoted, rows_of, standing
from actionplan.reports import NOTHING_BETWEEN, Between, RevisionReport
from actionplan.telling import facts_of_decision, facts_of_document, kinds_of
from actionplan.wording import by_word
from publishing.formats import counted, joined


def compare(
    before: RevisionReport,
    after: RevisionReport,
    *,
    before_label: str = "",
    after_label: str = "",
    between: Between = NOTHING_BETWEEN,
) -> Comparison:
    """What has changed from `before` to `after`, in the document's order.

    The labels are what the two are called in a sentence, such as "planen för 2016, utgåva 1". `between`: what
    the revisions between them tell, of activities that neither names too. Which activities are set in bold is
    no change: it follows from the year.
    """
    groups = tuple(group for group in Comparing(before, after, between).groups() if group.changes)
    return Comparison(
        before_label=before_label or name_of(before),
        after_label=after_label or name_of(after),
        says=summary((each for group in groups for each in group.changes), after.plan),
        note=after.note,
        groups=groups,
    )


def name_of(report: RevisionReport) -> str:
    """What a revision is called in a sentence."""
    words = {"year": report.year}
    return (
        _("arbetsmaterialet till planen för %(year)d") % words
        if report.is_draft
        else _("planen för %(year)d") % words
    )


class Comparing:
    """Two revisions under comparison, each with its rows by kind and key."""

    def __init__(self, before: RevisionReport, after: RevisionReport, between: Between) -> None:
        self.before, self.after = before, after
        with_keys = all(each.key for each in (*before.terms, *after.terms))
        self.rows_before = rows_of(before, terms_have_keys=with_keys)
        self.rows_after = rows_of(after, terms_have_keys=with_keys)
        self.kinds = kinds_of(after.plan)
        self.endings = {**between.endings, **{each.key: each for each in after.endings}}
        self.reasons = between.reasons
        own = {each.key: each.predecessor for each in after.activities if each.predecessor}
        self.predecessors = {**between.predecessors, **own}
        self.heirs: dict[str, list[str]] = defaultdict(list)
        for activity in after.activities:
            for key in self.replaced_by(activity.key):
                self.heirs[key].append(quoted(activity.title))

    def groups(self) -> Iterator[ChangeGroup]:
        yield ChangeGroup("document", "", _("Om dokumentet"), tuple(self.facts()))
        yield self.chapters(Placement.BEFORE, _("Inledande avsnitt"))
        for area in self.pairs("area", ""):
            changes = [*self.change("area", area)]
            for placement in (Placement.BEFORE, Placement.AFTER):
                changes += self.changes("chapter", standing(area.key, placement))
            yield ChangeGroup("area", area.key, self.title("area", area), tuple(changes))
            yield from self.challenges(area.key)
        yield from self.challenges("")
        yield self.chapters(Placement.AFTER, _("Avslutande avsnitt"))
        yield ChangeGroup("terms", "", _("Ordförklaringar"), tuple(self.changes("term", "")))

    def chapters(self, placement: str, title: str) -> ChangeGroup:
        changes = self.changes("chapter", standing(None, placement))
        return ChangeGroup("chapters", placement, title, tuple(changes))

    def challenges(self, area: str) -> Iterator[ChangeGroup]:
        """The challenges of an area, each with its goals, their targets, and its activities."""
        for challenge in self.pairs("challenge", area):
            changes = [*self.change("challenge", challenge)]
            for goal in self.pairs("goal", challenge.key):
                changes += [*self.change("goal", goal), *self.changes("target", goal.key)]
            changes += self.changes("activity", challenge.key)
            title = self.title("challenge", challenge)
            yield ChangeGroup("challenge", challenge.key, title, tuple(changes))

    def facts(self) -> Iterator[Change]:
        """What the document says of itself, and of its decision; none has been taken on a draft."""
        told = facts_of_document()
        if not (self.before.is_draft or self.after.is_draft):
            told += facts_of_decision(same_year=self.before.year == self.after.year)
        fields = tuple(field for each in told if (field := each.change(self.before, self.after)).spans)
        if fields:
            yield Change(
                kind="document",
                kind_label=_("uppgifter"),
                key="",
                title="",
                what="changed",
                what_label=str(LABELS["changed"]),
                fields=fields,
            )

    def pairs(self, kind: str, parent: str) -> Iterator[Pair]:
        is_ordered = self.kinds[kind].is_ordered
        return pairs(self.rows_before[kind], self.rows_after[kind], parent, is_ordered=is_ordered)

    def changes(self, kind: str, parent: str) -> Iterator[Change]:
        for pair in self.pairs(kind, parent):
            yield from self.change(kind, pair)

    def change(self, kind: str, pair: Pair) -> Iterator[Change]:
        """What has happened to the row, when anything has."""
        if pair.before is None:
            yield self.told(kind, pair, "added", remarks=tuple(self.of_new(kind, pair.after)))
        elif pair.after is None:
            yield self.gone(kind, pair)
        else:
            remarks = tuple(self.moves(kind, pair))
            changed = self.told(kind, pair, "changed", remarks=remarks)
            if changed.renamed or changed.fields:
                yield replace(changed, reason=self.reason(kind, pair))
            elif remarks:
                yield self.told(kind, pair, "moved", remarks=remarks)

    def reason(self, kind: str, pair: Pair) -> str:
        """Why a row was changed: now, or in a revision between; of targets, which alone tell it."""
        return self.kinds[kind].reason(pair.after) or (kind == "target" and self.reasons.get(pair.key)) or ""

    def gone(self, kind: str, pair: Pair) -> Change:
        """A row that is there no more; of an activity, how it ended and why, where that has been said."""
        ending = self.endings.get(pair.key) if kind == "activity" else None
        if ending is None:
            return self.told(kind, pair, "left-out" if self.after.is_draft else "removed")
        heirs = self.heirs[pair.key]
        remarks = (_("Ersatt av %(titles)s.") % {"titles": joined(heirs)},) if heirs else ()
        told = self.told(kind, pair, ending.how, remarks=remarks)
        return replace(told, what_label=ending.how_label, reason=ending.reason)

    def told(self, kind: str, pair: Pair, what: str, *, remarks: tuple[str, ...] = ()) -> Change:
        of_kind = self.kinds[kind]
        is_in_both = pair.before is not None and pair.after is not None
        told = of_kind.fields if is_in_both else of_kind.facts
        fields = (each.change(pair.before, pair.after) for each in told)
        return Change(
            kind=kind,
            kind_label=of_kind.label,
            key=pair.key,
            title=self.title(kind, pair),
            what=what,
            what_label=str(LABELS.get(what, "")),
            renamed=by_word(of_kind.title(pair.before), of_kind.title(pair.after)) if is_in_both else (),
            fields=tuple(each for each in fields if each.spans),
            remarks=remarks,
        )

    def title(self, kind: str, pair: Pair) -> str:
        """What the row is called, or was called last."""
        return self.kinds[kind].title(pair.before if pair.after is None else pair.after)

    def moves(self, kind: str, pair: Pair) -> Iterator[str]:
        """From where, or to where, the row has been moved."""
        if pair.stood:
            yield _("Stod förut %(where)s.") % {"where": pair.stood}
        if pair.follows:
            title = self.kinds[kind].title(self.rows_after[kind][pair.follows].row)
            yield _("Står nu efter %(title)s.") % {"title": quoted(title)}
        elif pair.follows == "":
            yield _("Står nu först.")

    def replaced_by(self, key: str) -> list[str]:
        """Keys of what the activity has taken the place of, and of what that had, the nearest first."""
        found: list[str] = []
        while (key := self.predecessors.get(key, "")) and key not in found:
            found.append(key)
        return found

    def of_new(self, kind: str, row: Any) -> Iterator[str]:
        """Of a new activity: which one it replaces, and that nobody is responsible for it."""
        if kind != "activity":
            return
        replaced = self.replaced_by(row.key)
        stood = [self.rows_before[kind][key].row.title for key in replaced if key in self.rows_before[kind]]
        ended = [self.endings[key].title for key in replaced if key in self.endings]
        for title in (stood or ended)[:1]:
            yield _("Ersätter %(title)s.") % {"title": quoted(title)}
        if not row.responsible_words:
            yield _("Ansvarig saknas.")


def summary(changes: Iterable[Change], plan: PlanFacts) -> str:
    """Such as "3 aktiviteter har kommit till och 2 har ändrats. 1 utmaning och 2 mål skiljer sig också."."""
    happened = Counter((each.kind, each.what) for each in changes)
    activities = what_happened(happened, plan.words.activity, plan.words.activities)
    others = how_many_others(happened, plan)
    if not activities and not others:
        return _("Inget skiljer sig.")
    sentences = [_("%(rows)s.") % {"rows": joined(activities)}] if activities else []
    if others:
        words = {"rows": joined(others)}
        sentences.append(
            (_("%(rows)s skiljer sig också.") if activities else _("%(rows)s skiljer sig.")) % words
        )
    return " ".join(each[0].upper() + each[1:] for each in sentences)


def what_happened(happened: Counter[tuple[str, str]], one: str, several: str) -> list[str]:
    """How many activities each thing has happened to; the first time with what they are called."""
    numbers = [(number, verb) for what, verb in VERBS.items() if (number := happened["activity", what])]
    return [
        f"{number} {verb}" if place else f"{counted(number, one, several)} {verb}"
        for place, (number, verb) in enumerate(numbers)
    ]


def how_many_others(happened: Counter[tuple[str, str]], plan: PlanFacts) -> list[str]:
    """How many of the other kinds of row differ, and whether what is said of the document does."""
    of_kind: Counter[str] = Counter()
    for (kind, _what), number in happened.items():
        of_kind[kind] += number
    rows = [
        counted(of_kind[code], kind.label, kind.plural)
        for code, kind in kinds_of(plan).items()
        if code != "activity" and of_kind[code]
    ]
    return [*rows, _("uppgifter om dokumentet")] if of_kind["document"] else rows


LABELS = {
    "added": gettext_lazy("Tillagt"),
    "changed": gettext_lazy("Ändrat"),
    "moved": gettext_lazy("Flyttat"),
    "removed": gettext_lazy("Borttaget"),
    "left-out": gettext_lazy("Inte med"),
}
"""What has happened to a row, in a word. How an activity has ended has words of its own."""

VERBS = {
    "added": gettext_lazy("har kommit till"),
    "changed": gettext_lazy("har ändrats"),
    "moved": gettext_lazy("har flyttats"),
    How.DONE: gettext_lazy("har genomförts"),
    How.ENDED: gettext_lazy("har avslutats"),
    How.REPLACED: gettext_lazy("har ersatts"),
    "removed": gettext_lazy("har tagits bort"),
    "left-out": gettext_lazy("är inte med"),
}
