"""Words planted in what someone may not see are in no file that they fetch and no mail that they cause.

That they are on no page, in no answer that refuses, and in no version of the log is tried on every answer of
test_matrix.py and test_administration.py.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail

from actionplan.editions import publish_revision
from actionplan.models import Revision
from followup.editions import publish_year
from followup.models import FollowUp, Stage
from tests.documents import in_a_line, pages_of
from tests.rights.addresses import name_of
from tests.rights.sent import sent_to
from tests.rights.tables import read_table
from tests.rights.world import MAY_READ, OUR_DRAFT, OUR_YEAR, REPORTER, THEIR_DRAFT, World

pytestmark = pytest.mark.django_db


def publish_revision_again() -> None:
    revision = Revision.objects.get_by_natural_key("gemensam", 2016)
    publish_revision(revision, by="Eva Ek", corrects="Ett namn.")


def publish_year_again() -> None:
    followup = FollowUp.objects.get_by_natural_key("gemensam", 2016)
    FollowUp.objects.filter(pk=followup.pk).update(stage=Stage.CLOSED)
    publish_year(followup, by=None, corrects="Ett namn.")


OPEN_TO_ALL: dict[str, Callable[[], None]] = {
    "/planer/gemensam/revideringar/2016.pdf": publish_revision_again,
    "/planer/gemensam/uppfoljning/2016.pdf": publish_year_again,
}
"""Documents that are published, and how: the world's own editions have a PDF that is nobody's."""


@pytest.fixture
def real_documents(monkeypatch, as_in_production) -> None:
    """PDFs as they are made, where the folder's other tests look at what they are made of."""
    monkeypatch.undo()


def words_of_document(world: World, who: str, address: str) -> str:
    answer = world.ask(who, "GET", address)
    assert answer["Content-Type"] == "application/pdf"
    return in_a_line(*pages_of(answer.content))


@pytest.mark.usefixtures("real_documents")
@pytest.mark.parametrize("address", OPEN_TO_ALL)
def test_a_document_for_everyone_tells_none_of_it(world, address):
    OPEN_TO_ALL[address]()

    text = words_of_document(world, "visitor", address)

    assert "Planen gemensam" in text
    assert [word for word, people in MAY_READ.items() if word in text and "visitor" not in people] == []


@pytest.mark.usefixtures("real_documents")
@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("/planer/gemensam/revideringar/2017.pdf", OUR_DRAFT),
        ("/planer/gemensam/uppfoljning/2018.pdf", OUR_YEAR),
    ],
)
def test_those_who_take_part_read_it_in_theirs(world, address, word):
    """Also shows that the words would have been found."""
    text = words_of_document(world, "administrator", address)

    assert word in text
    assert THEIR_DRAFT not in text


def test_the_words_are_there_to_be_found(world):
    """By those who may read them: a word that stands nowhere would be missing for no good reason."""
    places = [
        (OUR_DRAFT, "reader", "/planer/gemensam/revideringar/2017/"),
        (OUR_YEAR, "reader", "/planer/gemensam/uppfoljning/2018/"),
        (REPORTER, "outsider", "/planer/gemensam/aktiviteter/aktivitet/"),
        (THEIR_DRAFT, "outsider", "/planer/deras/revideringar/2012/"),
    ]

    for word, who, address in places:
        assert word in world.ask(who, "GET", address).content.decode(), address


def test_no_mail_tells_its_reader_what_they_may_not_see(world, django_capture_on_commit_callbacks):
    """Every form is sent by one of each kind; who gets a mail is told no more than on the portal's pages."""
    by_address = {user.email: who for who, user in world.users.items()}

    with django_capture_on_commit_callbacks(execute=True):
        for line in read_table("writing.txt"):
            for who in ("visitor", "outsider", "coordinator", "follower", "editor", "administrator"):
                address = world.address(line.address, who)
                world.ask(who, "POST", address, sent_to(name_of(address)))

    read = {
        (reader, word)
        for each in mail.outbox
        for reader in each.to
        for word, people in MAY_READ.items()
        if word in f"{each.subject} {each.body}"
        and by_address.get(reader, "visitor") not in people
        and word != reader
    }
    assert read == set()
    assert mail.outbox


def test_what_is_asked_for_with_an_address_is_told_to_that_address_alone(
    world, django_capture_on_commit_callbacks
):
    addresses = {"partner@hemlig.example", "ingen@hemlig.example"}

    with django_capture_on_commit_callbacks(execute=True):
        for email in addresses:
            world.ask("visitor", "POST", "/konto/glomt-losenord/", {"email": email})

    assert {reader for each in mail.outbox for reader in each.to} == addresses
