"""What of a plan can be laid beside something else: each adopted revision, its editions, and the draft."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from actionplan.loaders import editions_of_each, load_plan
from actionplan.models import Plan, Revision
from municipalities.access import may
from publishing.models import Publication


@dataclass(frozen=True)
class Version:
    """A revision as it was published last, an earlier edition of it, or the draft.

    `value` is what it is called in addresses, `label` in lists and `name` in a sentence; `address` is that of
    its own page, if it has one. Where nothing has been published it is the revision as it is.
    """

    value: str
    label: str
    name: str
    address: str
    revision: Revision
    edition: Publication | None = None
    holds: bool = True

    @property
    def corrects(self) -> str:
        """What it corrects, in its editor's words; empty of what isn't a correction."""
        return self.edition.corrects if self.edition else self.revision.correction


def load_versions(request: HttpRequest, slug: str) -> tuple[Plan, list[Version]]:
    """The plan, and what the reader may compare of it: year by year as it was adopted, and last the draft."""
    plan = load_plan(request, slug)
    revisions = sorted(plan.revisions.all(), key=lambda each: each.year)
    adopted = [each for each in revisions if each.is_adopted]
    published = editions_of_each(adopted)
    versions = [version for each in adopted for version in versions_of(each, published[each.document])]
    versions += [
        draft_version(each)
        for each in revisions
        if not each.is_adopted and may(request, "actionplan.read_revision", each)
    ]
    return plan, versions


def value_of(revision: Revision, earlier_edition: int | None = None) -> str:
    """What a version is called in addresses: "2016", "2016-1" or "utkast"."""
    if not revision.is_adopted:
        return "utkast"
    return f"{revision.year}-{earlier_edition}" if earlier_edition else str(revision.year)


def versions_of(revision: Revision, editions: Sequence[Publication]) -> Iterator[Version]:
    """The earlier editions of an adopted revision, and what holds; `editions` has the latest first."""
    year, address = revision.year, [revision.plan.slug, revision.year]
    for each in reversed(editions[1:]):
        words = {"year": year, "number": each.edition}
        yield Version(
            value=value_of(revision, each.edition),
            label=_("%(year)d, utgåva %(number)d") % words,
            name=_("planen för %(year)d, utgåva %(number)d") % words,
            address=reverse("revision-edition", args=[*address, each.edition]),
            revision=revision,
            edition=each,
            holds=False,
        )
    yield Version(
        value=value_of(revision),
        label=str(year),
        name=_("planen för %(year)d") % {"year": year},
        address=reverse("revision", args=address),
        revision=revision,
        edition=editions[0] if editions else None,
    )


def draft_version(draft: Revision) -> Version:
    words = {"year": draft.year}
    if draft.is_correction:
        label, name = _("%(year)d, rättelse under arbete"), _("rättelsen av planen för %(year)d")
        return Version(value_of(draft), label % words, name % words, "", draft)
    label, name = _("%(year)d, arbetsmaterial"), _("arbetsmaterialet till planen för %(year)d")
    address = reverse("revision", args=[draft.plan.slug, draft.year])
    return Version(value_of(draft), label % words, name % words, address, draft)


def version_before(versions: Sequence[Version], version: Version) -> Version | None:
    """What a version is compared with unless something else is chosen.

    What holds is compared with what held before it, a correction with what it corrects, and an earlier
    edition with whatever comes before that.
    """
    earlier = versions[: versions.index(version)]
    if version.revision.is_correction:
        earlier = [each for each in earlier if each.revision.year <= version.revision.year]
    held = [each for each in earlier if each.holds] if version.holds else earlier
    return next(iter((held or earlier)[::-1]), None)
