"""Many people at once: a table with a role in an organisation on each row, which become invitations by mail.

There is one way in for everyone, the invitation, whether or not they have an account. A row of which the
person has the role already, or an invitation to it that is waiting, is left as it is: the same table may be
sent again with more rows in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from actionplan.forms.people import InvitationForm
from actionplan.workbook.work import NO_ORGANISATION, Named, offering
from exchange.books import Book, Sheet
from exchange.models import Upload
from exchange.resources import (
    Choice,
    Column,
    Known,
    Said,
    SheetResource,
    folded,
    gather,
    labels_of,
    refused_whole,
)
from exchange.steps import SOMEBODY_WAITS, carry_out, look_through
from exchange.telling import Deed, Fault, NotImported, RowTold, SheetTold, Told
from exchange.writing import ColumnLook, Table
from municipalities import people as deeds
from municipalities.models import Invitation, Membership, Organisation, Role, User
from municipalities.ways_in import counts_in
from publishing.formats import number, swedish_key

PURPOSE = "people"
ORGANISATIONS, ROLES = "Organisationer", "Roller"
"""Sheets of the empty table that help to fill in its first; on their way in they are passed over."""

EXAMPLE = "fornamn.efternamn@example.se"

WHAT_ROLES_DO = {
    Role.READER: "Läser det som inte är publicerat.",
    Role.COORDINATOR: "Rapporterar också för organisationen.",
    Role.EDITOR: "Sköter organisationens egna planer och bjuder in.",
}

Offer = tuple[str, int, str]
"""An address, the id of an organisation, and a role in it."""


class Address(Said):
    """An e-mail address, which is the same however its letters were typed."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        address: str = super().clean(value)
        return address.lower()


class PeopleSheet(SheetResource):
    """Who is to be invited to what, by an administrator, as a file with some name asks for."""

    sheet = "Personer"

    email = Column(
        "email", "E-post", Address(InvitationForm.base_fields["email"]), is_needed=True, width=36,
        says="Hit skickas en länk som bara mottagaren kan använda.", example=EXAMPLE,
    )  # fmt: skip
    organisation = Column(
        "organisation", "Organisation", Known(missing=""), is_needed=True, width=36,
        says="Namn, kort namn eller nyckel.", example="Enköpings kommun",
    )  # fmt: skip
    role = Column(
        "role", "Roll", Choice(Role), is_needed=True, width=16,
        says="En roll. Den som ska ha flera har en rad för varje.", example="Samordnare",
    )  # fmt: skip

    class Meta:
        model = Invitation

    def __init__(self, *, by: User, name: str) -> None:
        super().__init__()
        self.by, self.file_name = by, name
        known = Named(missing=NO_ORGANISATION, needed=_("Skriv en organisation."))
        self.fields["organisation"].widget = offering(known, Organisation.objects.all())

    def take(self, sheet: Sheet) -> SheetTold:
        places = [at for at, header in enumerate(sheet.headers) if folded(header) == folded("E-post")]
        self.look_up({line.cells[at].strip().lower() for line in sheet.lines for at in places})
        self.rows_of: dict[Offer, int] = {}
        return super().take(sheet)

    def look_up(self, emails: set[str]) -> None:
        """Fetches what there is of those whom the sheet may be about."""
        self.accounts = {each.email: each for each in User.objects.filter(email__in=emails)}
        held = Membership.objects.filter(user__email__in=emails)
        self.held = set(held.values_list("user__email", "organisation", "role"))
        offers = Invitation.objects.select_for_update(of=["self"]).open().filter(email__in=emails)
        self.offers = {
            (each.email, each.organisation_id, each.role): each
            for each in offers.select_related("organisation")
        }

    def find(self, row: dict[str, str]) -> Invitation | None:
        """An invitation that is waiting, or one like it where the person has the role already."""
        self.lapsed = None
        try:
            email, organisation, role = (column.clean(row) for column in self.columns.values())
        except ValidationError:  # told of when the row is filled in
            return None
        offer = (email, organisation.pk, role)
        self.refuse_unless_new(offer)
        if offer in self.held:
            return Invitation(email=email, organisation=organisation, role=role)
        found = self.offers.get(offer)
        if found is None or found.is_waiting():
            return found
        self.lapsed = found
        return None

    def refuse_unless_new(self, offer: Offer) -> None:
        """Raises ValidationError for what the sheet has said before, and for a closed account."""
        if offer in self.rows_of:
            sentence = _("Samma sak står på rad %(number)d. Ta bort den ena raden.")
            raise ValidationError(sentence % {"number": self.rows_of[offer]})
        self.rows_of[offer] = self.number
        account = self.accounts.get(offer[0])
        if account and not account.is_active:
            raise ValidationError({"email": _("Kontot är stängt.")})

    def begin(self, row: dict[str, str]) -> Invitation:
        """An offer that has lapsed is made again."""
        return self.lapsed or Invitation(invited_by=self.by)

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """Holds the row to what the page's form does, and asks the database for no promises beforehand."""
        wrong: dict[str, Any] = dict(import_validation_errors or {})
        if not wrong:
            gather(wrong, self.check, instance, row=self.row)
        if wrong:
            raise ValidationError(wrong)

    def check(self, thing: Invitation, row: dict[str, str]) -> None:
        if thing.email == EXAMPLE:
            raise ValidationError({"email": _("Det är exemplet. Ta bort raden.")})
        account = self.accounts.get(thing.email)
        if account and not counts_in(account, thing.organisation):
            raise ValidationError(deeds.elsewhere())

    def save(self, thing: Invitation, *, is_new: bool, row: dict[str, str]) -> None:
        deeds.send_as_in_file(thing, name=self.file_name, by=self.by)

    # What is told

    def called(self, thing: Invitation) -> str:
        return thing.email

    def changed(self, thing: Any) -> Iterable[Any]:
        """A row is told in a sentence, and one that is there already is as it is."""
        return ()

    def import_row(self, row: dict[str, str], *args: Any, **kwargs: Any) -> Any:
        result = super().import_row(row, *args, **kwargs)
        result.invitation = self.now
        return result

    def told(self, number: int, row: Any) -> RowTold:
        told = super().told(number, row)
        return replace(told, remark=self.offer_of(row.invitation)) if told.what == Deed.NEW else told

    def offer_of(self, invitation: Invitation) -> str:
        """Which role, and whose account it is for where there is one."""
        words = {"role": invitation.get_role_display(), "organisation": invitation.organisation}
        account = self.accounts.get(invitation.email)
        if account:
            return _("%(role)s för %(organisation)s. Kontot finns: %(name)s.") % {**words, "name": account}
        return _("%(role)s för %(organisation)s.") % words


# The two steps


@task(priority=SOMEBODY_WAITS)
def look_through_people(number: str) -> None:
    look_through(number, invite_everyone)


@task(priority=SOMEBODY_WAITS)
def carry_out_people(number: str) -> None:
    carry_out(number, invite_everyone)


def invite_everyone(upload: Upload, book: Book) -> Told:
    """Invites those whom the file is about, in somebody's transaction; their mails leave with it."""
    by = upload.owner
    if not by.administers:
        raise NotImported(_("Bara administratörer läser in personer, så inget lästes in."))
    deeds.forget_long_lapsed(by=by)
    left = deeds.left_to_send_by_file(by)
    people, strange = sorted_out(book)
    told = [refused_whole(each, _("Bladet läses inte in. Ta bort det.")) for each in strange]
    if people is None:
        missing = _("Bladet Personer saknas. Döp bladet med personerna till Personer.")
        told.append(SheetTold("", (), (Fault("", 0, "", missing),)))
    elif not people.lines:
        told.append(refused_whole(people, _("Det står ingen i bladet. Skriv en person på varje rad.")))
    else:
        told.append(within(left, PeopleSheet(by=by, name=upload.name).take(people)))
    return Told(tuple(told), tuple(remarks_on(told)), leads_to=reverse("people"))


def sorted_out(book: Book) -> tuple[Sheet | None, list[Sheet]]:
    """The sheet with people, by its name or as the only one, and those that are neither it nor help."""
    help_names = {folded(ORGANISATIONS), folded(ROLES)}
    sheets = [each for each in book.sheets if folded(each.name) not in help_names]
    if len(sheets) == 1:
        return sheets[0], []
    named = [each for each in sheets if folded(each.name) == folded(PeopleSheet.sheet)]
    return (named[0] if named else None), [each for each in sheets if each not in named]


def within(left: int, told: SheetTold) -> SheetTold:
    """The sheet, with what is wrong when it asks for more mails than are left to send."""
    if told.counts[Deed.NEW] <= left:
        return told
    sentence = _(
        "Filen ger %(asked)s inbjudningar. Med filer kan du skicka %(most)s om dygnet och har %(left)s kvar. "
        "Ta bort rader, eller vänta."
    )
    words = {"asked": told.counts[Deed.NEW], "most": deeds.MOST_IN_A_DAY, "left": left}
    says = sentence % {word: number(value) for word, value in words.items()}
    return replace(told, faults=(*told.faults, Fault(told.name, 0, "", says)))


def remarks_on(sheets: Collection[SheetTold]) -> Iterable[str]:
    """How many mails leave, and how many rows need none."""
    rows = [row for sheet in sheets for row in sheet.rows]
    invited = sum(row.what == Deed.NEW for row in rows)
    left_as_is = sum(row.what == Deed.UNCHANGED for row in rows)
    if invited and not any(sheet.faults for sheet in sheets):
        yield ngettext(
            "Svarar du ja skickas %(number)s mejl, med en länk som gäller i två veckor.",
            "Svarar du ja skickas %(number)s mejl, vart och ett med en länk som gäller i två veckor.",
            invited,
        ) % {"number": number(invited)}
    if left_as_is:
        yield ngettext(
            "%(number)s rad lämnas som den är: personen har redan rollen, eller en inbjudan som väntar.",
            "%(number)s rader lämnas som de är: personen har redan rollen, eller en inbjudan som väntar.",
            left_as_is,
        ) % {"number": number(left_as_is)}


# The empty table


def empty_tables() -> list[Table]:
    """The table to fill in, with an example on its first row, and what may stand in it."""
    found = sorted(Organisation.objects.all(), key=lambda each: swedish_key(each.name))
    named = offering(Named(missing=""), found)
    chosen = {"organisation": tuple(map(named.render, found)), "role": tuple(labels_of(Role).values())}
    columns = PeopleSheet.fields
    looks = tuple(
        ColumnLook(column.header, help=column.says, width=column.width, choices=chosen.get(name, ()))
        for name, column in columns.items()
    )
    keys = [(each.name, each.short_name, each.key) for each in found]
    roles = [(label, WHAT_ROLES_DO[Role(value)]) for value, label in labels_of(Role).items()]
    return [
        Table(PeopleSheet.sheet, looks, [[column.example for column in columns.values()]]),
        Table(ORGANISATIONS, tuple(map(ColumnLook, ("Namn", "Kort namn", "Nyckel"))), keys),
        Table(ROLES, tuple(map(ColumnLook, ("Roll", "Vad den får göra"))), roles),
    ]
