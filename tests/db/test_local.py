"""The embedded Postgres: it starts from whatever was left, is shared, and never outlives its users."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from server.db import local
from server.db.connections import connect
from server.db.reads import Reads
from server.errors.machine import DatabaseUnavailableError, SetupError
from server.settings import Settings
from tests.waiting import PATIENCE

PLAIN = local.Profile(initdb=("--no-sync",))


@pytest.fixture(scope="session")
def used_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that was set up, and used, and left."""
    made = tmp_path_factory.mktemp("used") / "postgres"
    with local.running(made, PLAIN):
        return made


@pytest.fixture
def home(used_home: Path, tmp_path: Path) -> Path:
    """A copy of a used home: quicker than to set up another."""
    subprocess.run(["cp", "-a", used_home, tmp_path], check=True)
    return tmp_path / "postgres"


@pytest.fixture
def new_home(tmp_path: Path) -> Path:
    return tmp_path / "caveat" / "postgres"


async def test_it_keeps_its_data_from_one_start_to_the_next(home: Path):
    with local.running(home, PLAIN) as url:
        await _execute(url, "create table kept as select 7 as n")
    assert not _is_alive(home)
    with local.running(home, PLAIN) as url:
        assert await _fetch_value(url, "select n from kept") == 7


def test_it_is_new_until_it_is_made(tmp_path: Path):
    embedded, elsewhere = (
        Settings(data_dir=tmp_path),
        Settings(database_url="postgresql://elsewhere/", data_dir=tmp_path),
    )
    before = [local.is_new(settings) for settings in (embedded, elsewhere)]
    (tmp_path / "postgres").mkdir()

    assert (before, local.is_new(embedded)) == ([True, False], False)


async def test_it_is_shared_by_all_who_use_it_and_ends_after_the_last(home: Path):
    with local.running(home, PLAIN) as first:
        with local.running(home, PLAIN) as second:
            assert second == first
        assert await _fetch_value(first, "select 1") == 1
    assert not _is_alive(home)


def test_processes_that_start_it_at_once_get_the_same(new_home: Path):
    with _holding(new_home) as (_, first), _holding(new_home) as (_, second):
        assert first == second


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_user_that_is_killed_leaves_no_postgres(home: Path, number: signal.Signals):
    with _holding(home) as (user, _):
        postgres = _pid(home)
        user.send_signal(number)
        user.wait()
    _until(lambda: not _runs(postgres))


def test_a_user_that_is_killed_leaves_postgres_to_the_others(home: Path):
    with _holding(home) as (first, _), _holding(home) as (_, url):
        first.kill()
        first.wait()
        assert asyncio.run(_fetch_value(url, "select 1")) == 1


async def test_a_supervisor_that_is_killed_leaves_no_postgres(home: Path):
    with local.running(home, PLAIN):
        postgres = _pid(home)
        os.kill(_parent(postgres), signal.SIGKILL)
        _until(lambda: not _runs(postgres))
    with local.running(home, PLAIN) as url:
        assert await _fetch_value(url, "select 1") == 1


async def test_a_postgres_that_is_killed_comes_back_at_the_same_address(home: Path):
    with local.running(home, PLAIN) as url:
        await _execute(url, "create table kept as select 7 as n")
        os.kill(_pid(home), signal.SIGKILL)
        await _until_answers(url)
        assert await _fetch_value(url, "select n from kept") == 7


async def test_reads_meet_a_restart_with_a_refusal_and_go_on_after_it(home: Path):
    profile = local.Profile(options={"port": str(local._free_port())}, initdb=("--no-sync",))
    with local.running(home, profile) as url:
        reads = Reads(url)
        await reads.open()
    started = time.monotonic()
    with pytest.raises(DatabaseUnavailableError):
        await reads.fetch("select 1")
    assert time.monotonic() - started < 2
    with local.running(home, profile):
        assert await reads.fetch_value("select 1") == 1
        await reads.close()


async def test_reads_give_up_on_a_frozen_postgres_within_two_seconds(home: Path):
    with local.running(home, PLAIN) as url:
        async with Reads(url, size=1) as reads:
            backend = await reads.fetch_value("select pg_backend_pid()")
            frozen = (backend, _pid(home))
            _signal(frozen, signal.SIGSTOP)
            started = time.monotonic()
            with pytest.raises(DatabaseUnavailableError):
                await reads.fetch("select 1")
            assert time.monotonic() - started < 2
            _signal(frozen, signal.SIGCONT)
            await _until_answers(url)
            assert await reads.fetch_value("select 1") == 1


async def test_what_an_interrupted_set_up_left_is_made_anew(home: Path):
    (home / "data").rename(home / "data.new")
    (home / "data.new" / "PG_VERSION").unlink()
    with local.running(home, PLAIN) as url:
        assert await _fetch_value(url, "select 1") == 1


async def test_the_note_of_a_postgres_that_runs_no_more_does_not_stop_the_next(home: Path):
    with local.running(home, PLAIN):
        note = (home / "data" / "postmaster.pid").read_text().splitlines()
    stale = [str(os.getpid()), *note[1:]]
    (home / "data" / "postmaster.pid").write_text("\n".join(stale))
    with local.running(home, PLAIN) as url:
        assert await _fetch_value(url, "select 1") == 1


def test_data_of_another_version_is_refused_and_left_alone(home: Path):
    (home / "data" / "PG_VERSION").write_text("17\n")
    with pytest.raises(SetupError, match="made by Postgres 17, this is 18"), local.running(home, PLAIN):
        pass
    assert (home / "data" / "PG_VERSION").read_text() == "17\n"
    assert (home / "data" / "caveat.password").exists()


def test_a_folder_that_can_not_be_made_is_told_with_the_setting(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="set CAVEAT_DATA_DIR"), local.running(tmp_path / "file" / "postgres"):
        pass


def test_it_runs_as_an_ordinary_user_and_widens_no_rights(tmp_path: Path):
    parent = tmp_path / "private"
    parent.mkdir(mode=0o700)
    with local.running(parent / "data" / "postgres", PLAIN):
        assert Path(f"/proc/{_pid(parent / 'data' / 'postgres')}").stat().st_uid != 0
    assert _mode(parent) == 0o700
    assert parent.stat().st_uid == os.geteuid()


def test_its_password_is_its_own_and_nobody_else_may_read_it(home: Path, tmp_path: Path):
    with local.running(home, PLAIN) as first, local.running(tmp_path / "other", PLAIN) as second:
        assert first.partition("@")[0] != second.partition("@")[0]
    assert [_mode(file) for file in (home, home / "data", home / "data" / "caveat.password")] == [0o700, 0o700, 0o600]


async def test_nobody_gets_in_without_the_password(home: Path):
    with local.running(home, PLAIN) as url, pytest.raises(DatabaseUnavailableError):
        await connect(url.replace(url.split(":")[2].split("@")[0], "guessed"))


def test_a_disposable_one_leaves_nothing(new_home: Path):
    with local.running(new_home, local.DISPOSABLE):
        pass
    _until(lambda: not new_home.exists())


def test_a_database_that_is_set_is_used_and_none_is_started(tmp_path: Path):
    settings = Settings(database_url="postgresql://elsewhere/caveat", data_dir=tmp_path / "data")
    with local.database(settings) as url:
        assert url == "postgresql://elsewhere/caveat"
    assert not (tmp_path / "data").exists()


@contextmanager
def _holding(home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Another process that uses the Postgres, and the URL that it got."""
    command = [sys.executable, "-m", "tests.db.holding", str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as user:
        assert user.stdout is not None
        yield user, user.stdout.readline().strip()
        user.kill()


async def _execute(url: str, sql: str) -> None:
    await _fetch_value(url, sql)


async def _fetch_value(url: str, sql: str) -> object:
    connection = await connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def _until_answers(url: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                await _fetch_value(url, "select 1")
            except DatabaseUnavailableError:
                await asyncio.sleep(0.05)
            else:
                return


def _until(claim: Callable[[], bool]) -> None:
    limit = time.monotonic() + PATIENCE
    while not claim():
        assert time.monotonic() < limit
        time.sleep(0.02)


def _pid(home: Path) -> int:
    return int((home / "data" / "postmaster.pid").read_text().split()[0])


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _runs(pid: int) -> bool:
    """Whether the process is there and more than an entry that waits to be read."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _is_alive(home: Path) -> bool:
    return (home / "data" / "postmaster.pid").exists()


def _signal(pids: tuple[int, ...], number: signal.Signals) -> None:
    for pid in pids:
        os.kill(pid, number)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
