import os
import time
from pathlib import Path

import pytest

from server.search.places import KEPT_SECONDS, Place, place_of


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return place_of(tmp_path, database="1-2", version=3)


def built(place: Place) -> Place:
    lock = place.lock()
    assert lock is not None
    place.point(place.new_build())
    lock.release()
    return place


def test_each_database_version_and_confinement_has_a_place_of_its_own(tmp_path: Path) -> None:
    places = [
        place_of(tmp_path, database=database, version=version, bounds=bounds).folder
        for database in ("1-2", "1-3")
        for version in (1, 2)
        for bounds in ("", "abc")
    ]

    assert len(set(places)) == 8
    assert {each.parents[1] for each in places} == {tmp_path.resolve() / "search"}


def test_one_has_the_right_to_write_at_a_time(place: Place) -> None:
    lock = place.lock()
    assert lock is not None
    assert place.lock() is None

    lock.release()

    again = place.lock()
    assert again is not None
    again.release()


def test_a_folder_that_is_swept_before_it_is_locked_is_locked_another_time(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as until_now:
        until_now.setattr(Path, "mkdir", lambda *_, **__: None)
        assert place.lock() is None

    lock = place.lock()
    assert lock is not None
    lock.release()


def test_who_locked_a_file_that_is_gone_has_lost_the_right(place: Place) -> None:
    lock = place.lock()
    assert lock is not None
    place.folder.rename(place.folder.with_name("gone"))

    assert not lock.is_held
    lock.release()


def test_a_new_build_takes_the_place_of_the_one_before(place: Place) -> None:
    former = place.new_build()
    place.point(former)
    assert place.current == former

    latest = place.new_build()
    place.point(latest)

    assert (place.current, former.exists()) == (latest, False)


@pytest.mark.parametrize("written", ["", ".", "..", "nothing", "\0", "\xff"])
def test_what_names_no_build_is_none(place: Place, written: str) -> None:
    place.new_build()
    (place.folder / "current").write_bytes(written.encode("latin-1"))

    assert place.current is None


def test_an_index_of_another_version_is_dropped_unless_a_process_writes_it(tmp_path: Path, place: Place) -> None:
    idle, busy = (built(place_of(tmp_path, database="1-2", version=version)) for version in (1, 2))
    lock = busy.lock()
    assert lock is not None

    built(place)

    assert (idle.folder.exists(), busy.folder.exists(), place.current is not None) == (False, True, True)
    lock.release()


def test_an_index_of_bounds_is_dropped_when_nobody_asked_for_it_for_long(tmp_path: Path, place: Place) -> None:
    built(place)
    fresh, old = (built(place_of(tmp_path, database="1-2", version=3, bounds=name)) for name in ("fresh", "old"))
    moment = time.time() - KEPT_SECONDS - 60
    os.utime(old.folder / "writer.lock", (moment, moment))

    place.sweep()

    assert (fresh.folder.exists(), old.folder.exists()) == (True, False)


def test_an_index_of_bounds_that_is_older_than_that_of_everything_is_dropped_unless_a_process_writes_it(
    tmp_path: Path, place: Place
) -> None:
    built(place)
    idle, busy = (built(place_of(tmp_path, database="1-2", version=3, bounds=name)) for name in ("idle", "busy"))
    for each in (idle, busy):
        os.utime(each.folder / "current", (time.time() - 1, time.time() - 1))
    lock = busy.lock()
    assert lock is not None

    built(place)

    assert (idle.folder.exists(), busy.folder.exists()) == (False, True)
    lock.release()
