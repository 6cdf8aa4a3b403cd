"""Where the index of a database lies on this machine, and who may write it.

search/<database>/<version>[-<bounds>]/
    writer.lock         held by the one process that writes; free when that process has died
    current             the name of the build that is read
    <build>/<language>/ an index of tantivy's

A confined audience has an index of its own, of what lies within its bounds. One that nobody keeps in step is of no use
once the index of everything was built anew, which may have been since content was erased that is in it still.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

_CURRENT = "current"
_LOCK = "writer.lock"

KEPT_SECONDS = 14 * 24 * 3600.0
"""How long an index stays that nobody has taken up: of bounds that no client has any more."""


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of one database's index, of one version."""

    folder: Path

    @property
    def current(self) -> Path | None:
        """The build that is read; None where there is none yet, or where it was lost."""
        try:
            name = (self.folder / _CURRENT).read_text().strip()
        except (OSError, UnicodeError):
            return None
        build = self.folder / name
        return build if name.isalnum() and build.is_dir() else None

    def new_build(self) -> Path:
        """A folder for a build that nobody reads yet, in place of all that were left unfinished."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.sweep()
        build = self.folder / secrets.token_hex(6)
        build.mkdir()
        return build

    def point(self, build: Path) -> None:
        """Has everybody read this build from now on, and drops the others; who reads one of them goes on doing so."""
        fresh = self.folder / f"{_CURRENT}.new"
        fresh.write_text(build.name)
        with fresh.open() as file:
            os.fsync(file.fileno())
        fresh.replace(self.folder / _CURRENT)
        self.sweep()

    def give_up(self) -> None:
        """Has the process that writes build anew; who reads goes on reading what there was until then."""
        (self.folder / _CURRENT).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Drops what a writer that failed or was killed has left, and the indexes that no process is there for."""
        current = self.current
        for build in self.folder.iterdir():
            if build.is_dir() and build != current:
                shutil.rmtree(build, ignore_errors=True)
        for other in self.folder.parent.iterdir():
            if other != self.folder and other.is_dir() and not self._may_be_used(other):
                _drop(Place(other))

    def _may_be_used(self, other: Path) -> bool:
        """Whether an index is of this version, written in the last days, and made since that of everything was."""
        version = self.folder.name.partition("-")[0]
        if other.name.partition("-")[0] != version:
            return False
        try:
            is_recent = time.time() - (other / _LOCK).stat().st_mtime < KEPT_SECONDS
            return is_recent and _pointed(self.folder.with_name(version)) <= _pointed(other)
        except OSError:
            return False

    def lock(self) -> "Lock | None":
        """The right to write, or None where another process has it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except FileNotFoundError:  # another process sweeps at this moment: it saw the folder before there was a lock
            return None
        lock = Lock(path=self.folder / _LOCK, descriptor=descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.release()
            return None
        if lock.is_held:
            os.utime(descriptor)
            return lock
        lock.release()
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Lock:
    """The right to write an index, until it is released or the process ends."""

    path: Path
    descriptor: int

    @property
    def is_held(self) -> bool:
        """Whether the file is still the one that others would lock: the folder may have been deleted meanwhile."""
        try:
            there = self.path.stat()
        except OSError:
            return False
        own = os.fstat(self.descriptor)
        return (there.st_dev, there.st_ino) == (own.st_dev, own.st_ino)

    def release(self) -> None:
        """Lets another process write."""
        os.close(self.descriptor)


def _pointed(folder: Path) -> int:
    """When it was last said which build of an index is read, in nanoseconds."""
    return (folder / _CURRENT).stat().st_mtime_ns


def _drop(place: Place) -> None:
    if lock := place.lock():
        shutil.rmtree(place.folder, ignore_errors=True)
        lock.release()


def place_of(data_dir: Path, *, database: str, version: int, bounds: str = "") -> Place:
    """The place of a database's index, of all of it or of what lies within bounds, given by their name."""
    name = hashlib.sha256(database.encode()).hexdigest()[:16]
    return Place((data_dir / "search" / name / "-".join([f"v{version}", *filter(None, [bounds])])).resolve())
