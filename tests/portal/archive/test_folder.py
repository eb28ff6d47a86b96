"""A folder that is there whole or not at all."""

from __future__ import annotations

import os
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.archive.folder import Folder, whole
from publishing.files import NotWritten


def write_into(folder: Folder) -> None:
    folder.write("a/b/fil.txt", "text")


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """As on a disk where no more has room."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_gets_its_name_when_all_is_written(tmp_path: Path):
    with whole(tmp_path / "allt") as folder:
        write_into(folder)
        assert not (tmp_path / "allt").exists()

    assert (tmp_path / "allt/a/b/fil.txt").read_text() == "text"
    assert [each.name for each in tmp_path.iterdir()] == ["allt"]


def test_may_be_there_already_when_it_is_empty(tmp_path: Path):
    (tmp_path / "allt").mkdir()

    with whole(tmp_path / "allt") as folder:
        write_into(folder)

    assert (tmp_path / "allt/a/b/fil.txt").exists()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_nothing_is_left_of_what_was_broken_off(tmp_path: Path, error):
    def broken_off() -> None:
        with whole(tmp_path / "allt") as folder:
            write_into(folder)
            raise error

    with pytest.raises(error):
        broken_off()

    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_when_there_is_no_more_room(tmp_path: Path):
    def too_much() -> None:
        with files_of_at_most(1000), whole(tmp_path / "allt") as folder:
            write_into(folder)
            folder.write("stor.txt", "x" * 5000)

    with pytest.raises(NotWritten, match=r"allt är inte skriven: En fil får inte vara så stor där\."):
        too_much()

    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_never_written_over(tmp_path: Path):
    (tmp_path / "allt").mkdir()
    (tmp_path / "allt/annat.txt").write_text("annat")

    with pytest.raises(NotWritten, match="Mappen är inte tom"), whole(tmp_path / "allt"):
        pytest.fail("it was begun")

    assert [each.name for each in (tmp_path / "allt").iterdir()] == ["annat.txt"]


def test_nor_what_came_there_meanwhile(tmp_path: Path):
    def too_late() -> None:
        with whole(tmp_path / "allt") as folder:
            write_into(folder)
            (tmp_path / "allt").mkdir()
            (tmp_path / "allt/annat.txt").write_text("annat")

    with pytest.raises(NotWritten, match="Mappen är inte tom"):
        too_late()

    assert [each.name for each in tmp_path.iterdir()] == ["allt"]


def test_a_file_stands_in_the_way(tmp_path: Path):
    (tmp_path / "allt").write_text("en fil")

    with pytest.raises(NotWritten, match="ingen mapp"), whole(tmp_path / "allt"):
        pytest.fail("it was begun")


def test_is_not_written_where_there_is_no_folder(tmp_path: Path):
    with pytest.raises(NotWritten, match="finns inte"), whole(tmp_path / "ingenstans/allt"):
        pytest.fail("it was begun")


def test_what_a_killed_one_left_is_removed_by_the_next(tmp_path: Path):
    left = tmp_path / ".allt.part"
    (left / "a").mkdir(parents=True)
    (left / "a/halv.txt").write_text("halv")
    (left / "halv.txt").write_text("halv")

    with whole(tmp_path / "allt") as folder:
        write_into(folder)

    assert {each.name for each in tmp_path.rglob("*")} == {"allt", "a", "b", "fil.txt"}


def test_two_at_once_do_not_write_in_each_others(tmp_path: Path):
    with whole(tmp_path / "allt") as folder:
        write_into(folder)
        with pytest.raises(NotWritten, match="Någon annan"), whole(tmp_path / "allt"):
            pytest.fail("it was begun")

    assert (tmp_path / "allt/a/b/fil.txt").exists()


def test_of_many_at_once_one_is_written_and_the_others_are_refused(tmp_path: Path):
    told: list[str] = []

    def one(name: str) -> None:
        try:
            with whole(tmp_path / "allt") as folder:
                folder.write("vem.txt", name)
                folder.write("vem igen.txt", name)
        except NotWritten:
            told.append("no")
        else:
            told.append(name)

    threads = [threading.Thread(target=one, args=(str(each),)) for each in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    [winner] = {*told} - {"no"}
    assert [path.read_text() for path in (tmp_path / "allt").iterdir()] == [winner, winner]
    assert [each.name for each in tmp_path.iterdir()] == ["allt"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_is_not_written_in_a_folder_that_somebody_else_has_put_there(tmp_path: Path):
    (tmp_path / ".allt.part").mkdir()
    os.chown(tmp_path / ".allt.part", 12345, 12345)

    with pytest.raises(NotWritten, match="Du får inte skriva där"), whole(tmp_path / "allt"):
        pytest.fail("it was begun")


def test_nor_by_way_of_a_link_that_somebody_has_put_there(tmp_path: Path):
    (tmp_path / "annat").mkdir()
    (tmp_path / "annat/fil.txt").write_text("annat")
    (tmp_path / ".allt.part").symlink_to(tmp_path / "annat")

    with pytest.raises(NotWritten), whole(tmp_path / "allt"):
        pytest.fail("it was begun")

    assert (tmp_path / "annat/fil.txt").exists()
