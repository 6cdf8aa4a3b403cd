"""The embedded Postgres: started by its first user, shared by all on this machine, stopped after the last one.

A user holds a shared lock on `users.lock`; whoever finds `server.lock` free starts the supervisor, which inherits that
lock and hands it on to Postgres, so that a lock that is free proves that nothing runs there any more.
"""

import contextlib
import fcntl
import json
import os
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from server.db import cluster, supervisor
from server.errors.machine import SetupError
from server.settings import Settings

START_LIMIT = 60.0
"""Seconds until whoever joins gives up; the one that starts waits for as long as Postgres recovers from a crash."""

STOP_LIMIT = 7.0
"""Seconds until the last user goes without having seen its end: the supervisor brings it about all the same."""

PAUSE = 0.01

REVIVALS = 60
"""How often in a row a Postgres that ended unasked is started again."""

LOCK_DESCRIPTOR = 3
"""The file descriptor of the server's lock in the supervisor and in Postgres."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """How much a cluster is to survive."""

    options: Mapping[str, str] = field(default_factory=dict)
    initdb: tuple[str, ...] = ()
    is_removed: bool = False
    """Whether its folder goes when Postgres stops."""


DURABLE = Profile()
DISPOSABLE = Profile(
    options={"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"},
    initdb=("--no-sync",),
    is_removed=True,
)
"""For tests: nothing of it is worth keeping."""


def is_new(settings: Settings) -> bool:
    """Whether the database that the settings name is an embedded one that has yet to be made."""
    try:
        return settings.database_url is None and not (settings.data_dir / "postgres").exists()
    except OSError:  # whoever opens it will be told
        return False


@contextlib.contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The URL of the database that the settings name, or of the embedded one, which runs as long as the block."""
    if settings.database_url is not None:
        yield settings.database_url
    else:
        with running(settings.data_dir / "postgres") as url:
            yield url


@contextlib.contextmanager
def running(home: Path, profile: Profile = DURABLE) -> Iterator[str]:
    """The URL of the Postgres whose home that folder is, running at least until the block ends; raises SetupError."""
    cluster.binaries()  # where there are none, nothing is made
    home = cluster.prepare_home(home)
    users = _open_lock(home / "users.lock")
    try:
        yield _url(home, _start_or_join(home, users, profile=profile))
    finally:
        _leave(home, users)


def _start_or_join(home: Path, users: int, *, profile: Profile) -> int:
    """The port of Postgres; where another process is starting or stopping it this one waits."""
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit:
        if _try_lock(users, fcntl.LOCK_SH):
            server = _open_lock(home / "server.lock")
            try:
                if _try_lock(server, fcntl.LOCK_EX):
                    return _start(home, server, profile=profile)
                if port := cluster.ready_port(home):
                    return port
            finally:
                os.close(server)
        time.sleep(PAUSE)
    raise SetupError("The embedded Postgres did not start within a minute: see its `log` in the data folder.")


def _start(home: Path, server: int, *, profile: Profile) -> int:
    if not cluster.is_initialised(home):
        _finish(_supervise(home, server, argv=cluster.initdb_command(home, profile.initdb)))
        cluster.accept_new(home)
    for _ in range(3):  # the port may be taken between its choice and its use
        cluster.forget_last_run(home)
        command = cluster.server_command(home, _free_port(), options=profile.options)
        removed = str(home) if profile.is_removed else None
        pid = _supervise(home, server, argv=command, revivals=REVIVALS, removed=removed)
        while _exit_code(pid) is None:
            if port := cluster.ready_port(home):
                return port
            time.sleep(PAUSE)
    raise SetupError("The embedded Postgres does not start: see its `log` in the data folder.")


def _finish(pid: int) -> None:
    while (code := _exit_code(pid)) is None:
        time.sleep(PAUSE)
    if code == supervisor.UNREACHABLE:
        raise SetupError(
            "Postgres does not run as root, and an ordinary user can't reach the data folder: "
            "set CAVEAT_DATA_DIR to a folder that every user can reach."
        )
    if code:
        raise SetupError("The embedded Postgres can't be set up: see its `log` in the data folder.")


def _supervise(home: Path, server: int, *, argv: list[str], revivals: int = 0, removed: str | None = None) -> int:
    """The process id of a new supervisor, which inherits the server's lock."""
    owner = home.stat()
    specification = {
        "argv": argv,
        "uid": owner.st_uid,
        "gid": owner.st_gid,
        "paths": [argv[0], str(cluster.binaries().parent / "share"), str(home)],
        "users": str(home / "users.lock"),
        "revivals": revivals,
        "remove": removed,
    }
    log = cluster.open_privately(home / "log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        return os.posix_spawn(
            sys.executable,
            [sys.executable, "-I", "-S", supervisor.__file__, json.dumps(specification)],
            {**os.environ, "LC_ALL": "C"},
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, log, 1),
                (os.POSIX_SPAWN_DUP2, log, 2),
                (os.POSIX_SPAWN_DUP2, server, LOCK_DESCRIPTOR),
            ],
        )
    finally:
        os.close(log)


def _exit_code(pid: int) -> int | None:
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _leave(home: Path, users: int) -> None:
    """Gives up this use; the last user waits until Postgres has ended, and takes away a home that was emptied."""
    server = _open_lock(home / "server.lock")
    try:
        is_last = _try_lock(users, fcntl.LOCK_EX) or not _try_lock(users, fcntl.LOCK_SH)
        os.close(users)
        limit = time.monotonic() + (STOP_LIMIT if is_last else 0)
        while time.monotonic() < limit and not _try_lock(server, fcntl.LOCK_EX):
            time.sleep(PAUSE)
    finally:
        os.close(server)
    with contextlib.suppress(OSError):
        home.rmdir()


def _open_lock(path: Path) -> int:
    try:
        return cluster.open_privately(path, os.O_RDWR | os.O_CREAT)
    except PermissionError:
        raise SetupError(
            "The data folder belongs to another user: run Caveat as that user, or set CAVEAT_DATA_DIR to another one."
        ) from None


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _url(home: Path, port: int) -> str:
    return f"postgresql://{cluster.USER}:{cluster.password(home)}@127.0.0.1:{port}/postgres?sslmode=disable"
