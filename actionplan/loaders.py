"""Fetching what a request may have: the loader is the check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from actionplan.drafting import NoLongerDraft, draft_of, no_longer_draft
from actionplan.models import Plan, Revision, Row
from municipalities.access import or_403, or_404
from municipalities.models import Invitation, Membership, Organisation, User
from publishing.models import Publication
from publishing.reading import find_edition


def load_plan(request: HttpRequest, slug: str) -> Plan:
    """The plan with its owner, partners and revisions; 404 for those who may not know of it."""
    plan = get_object_or_404(Plan.objects.with_parties(), slug=slug)
    return or_404(request, "actionplan.read_plan", plan)


def load_plan_with_documents(request: HttpRequest, slug: str) -> Plan:
    """The same, and which editions of its revisions hold."""
    plan = get_object_or_404(Plan.objects.with_documents(), slug=slug)
    return or_404(request, "actionplan.read_plan", plan)


def load_plan_to_edit(request: HttpRequest, slug: str) -> Plan:
    """A plan whose draft one works on; 403 for those who may only read it."""
    return or_403(request, "actionplan.edit_draft", load_plan(request, slug))


def load_draft_if_any(request: HttpRequest, slug: str) -> tuple[Plan, Revision | None]:
    """A plan whose draft one works on, with the draft.

    None when there is no draft, or another one than `revision` says that the form was about: that has been
    adopted or thrown away since its page was shown.
    """
    plan = load_plan_to_edit(request, slug)
    draft = draft_of(plan)
    if draft is None or request.POST.get("revision", "") not in ("", str(draft.pk)):
        return plan, None
    draft.plan = plan
    return plan, draft


def load_draft(request: HttpRequest, slug: str) -> Revision:
    """The plan's draft, to work on; 404 when it has none.

    Raises NoLongerDraft when it is gone since the page was shown from which something was sent.
    """
    _plan, draft = load_draft_if_any(request, slug)
    if draft is not None:
        return draft
    if request.method == "POST":
        raise NoLongerDraft(no_longer_draft())
    raise Http404


@dataclass(frozen=True)
class RevisionFound:
    """A revision as a reader may have it, and what has been published of it.

    `editions`: the latest first, without what is large in them. `years`: those of which there is something
    decided to read.
    """

    revision: Revision
    editions: list[Publication]
    years: list[int]


def load_revision(request: HttpRequest, slug: str, year: int) -> RevisionFound:
    """The plan as decided for `year`; 404 for those who may not know of it.

    What has been published is what everyone reads, also while a correction of it is worked on.
    """
    found = find_revision(slug, year)
    or_404(request, "actionplan.read_revision", found.revision)
    return found


def load_revision_edition(slug: str, year: int, number: int) -> tuple[RevisionFound, Publication]:
    """An edition of the plan for `year`: what has been published is public, for ever."""
    found = find_revision(slug, year)
    return found, find_edition(found.editions, number)


def find_revision(slug: str, year: int) -> RevisionFound:
    """The revision and its editions, whoever asks; 404 when there is none."""
    plan = get_object_or_404(Plan.objects.with_parties(), slug=slug)
    revisions = {each.year: each for each in plan.revisions.all() if not each.is_correction}
    if year not in revisions:
        raise Http404
    editions = editions_of_each([revisions[year]])[revisions[year].document]
    years = sorted(each.year for each in revisions.values() if each.is_adopted)
    return RevisionFound(revisions[year], editions, years)


def editions_of_each(revisions: Iterable[Revision]) -> dict[str, list[Publication]]:
    """What has been published of the revisions, by document, the latest first, without what is large."""
    published: dict[str, list[Publication]] = defaultdict(list)
    for publication in Publication.objects.of_any(each.document for each in revisions):
        published[publication.document].append(publication)
    return published


def load_organisation(request: HttpRequest, key: str) -> Organisation:
    """An organisation whose people one manages; 404 for any other."""
    return or_404(request, "actionplan.manage_people", get_object_or_404(Organisation, key=key))


def load_invitation(request: HttpRequest, key: str, number: int) -> Invitation:
    """An invitation to the organisation; 403 for one to a role that one may not give there."""
    organisation = load_organisation(request, key)
    invitation = get_object_or_404(Invitation, organisation=organisation, pk=number)
    or_403(request, "actionplan.give_role", (organisation, invitation.role), str(EDITORS_ARE_THEIR_OWN))
    return invitation


def load_membership(request: HttpRequest, key: str, number: int) -> Membership:
    """Someone's role in the organisation; 403 for one that one may not give there."""
    organisation = load_organisation(request, key)
    memberships = Membership.objects.select_related("user", "organisation")
    membership = get_object_or_404(memberships, organisation=organisation, pk=number)
    or_403(request, "actionplan.give_role", (organisation, membership.role), str(EDITORS_ARE_THEIR_OWN))
    return membership


def load_person(request: HttpRequest, key: str, number: int) -> tuple[Organisation, User]:
    """Someone who is known in the organisation, or was until this session ended their role there."""
    organisation = load_organisation(request, key)
    person = get_object_or_404(User, pk=number, is_active=True)
    ended = ended_here(request, organisation)
    if not (ended and ended["person"] == person.pk):
        or_404(request, "actionplan.know_person", (organisation, person))
    return organisation, person


def remember_ended(request: HttpRequest, membership: Membership) -> None:
    """Notes in the session which role was ended, so that whoever did it can give it back."""
    request.session[ENDED] = {
        "organisation": membership.organisation_id,
        "person": membership.user_id,
        "role": membership.role,
    }


def ended_here(request: HttpRequest, organisation: Organisation) -> dict[str, Any] | None:
    """The role that this session ended last, if it was in the organisation: its `person` and `role`."""
    ended = request.session.get(ENDED)
    return ended if ended and ended["organisation"] == organisation.pk else None


def forget_ended(request: HttpRequest) -> None:
    request.session.pop(ENDED, None)


def remember_removed(request: HttpRequest, draft: Revision, word: str, row: Row) -> None:
    """Notes in the session what was removed from the draft last, so that whoever did it can put it back."""
    request.session[REMOVED] = {"draft": draft.pk, "kind": word, "key": row.key, "title": str(row)[:100]}


def removed_here(request: HttpRequest, draft: Revision) -> dict[str, Any] | None:
    """What this session removed last, if it was from the draft: its `kind`, `key` and `title`."""
    removed = request.session.get(REMOVED)
    return removed if removed and removed["draft"] == draft.pk else None


REMOVED = "removed_row"
ENDED = "ended_role"
EDITORS_ARE_THEIR_OWN = _(
    "Bara organisationens egna redaktörer och administratörer ger och avslutar rollen redaktör."
)
