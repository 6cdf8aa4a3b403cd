"""What this process reads of the index: the newest commit of the current build, and a few of those before it.

A cursor names the commit that its page was cut from; as long as that one is kept here, the next page is cut from it
too, so that pages follow each other without gap or repeat whatever is published meanwhile.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

import structlog
from tantivy import Index, Schema, Searcher

from server.search.places import Place
from server.search.soundness import no_panic
from server.search.writing import check_build, languages_in, open_index, read_state

log = structlog.get_logger()

PAUSE = 0.05
"""Seconds between two looks at the files."""

LEFT_SECONDS = 600.0
"""How long a commit is kept that was the latest: another process of the machine may have given cursors of it."""

MOST_LEFT = 64
"""Commits that are kept so; publication upon publication makes more than a reader pages through."""

EXAMINED_SECONDS = 60.0
"""Between two examinations of all files: readers may be able to make something fail that is not damaged."""

MOST_KEPT = 16
"""Commits that are kept for cursors."""

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True, slots=True)
class Volume:
    """The answers of one language."""

    spoken: str
    searcher: Searcher
    schema: Schema


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """The index as of one commit."""

    generation: str
    position: int
    """Up to where the outbox is in it."""
    volumes: Mapping[str, Volume]


def _nobody() -> None:
    """Nobody wants to know."""


class Snapshots:
    """The commits that this process reads; safe to use from several threads.

    `on_renewed` is told, in whatever thread looked, that a newer commit is read from now on.
    """

    def __init__(self, *, on_renewed: Callable[[], object] = _nobody) -> None:
        self._on_renewed = on_renewed
        self.latest: Snapshot | None = None
        """What was there at the last look."""
        self.is_suspect = False
        """Whether something could not be read."""
        self._told = ""
        self._examined = -EXAMINED_SECONDS
        self._place: Place | None = None
        self._lock = threading.Lock()
        self._looked = 0.0
        self._seen: object = None
        self._build: Path | None = None
        self._indexes: dict[str, Index] = {}
        self._kept: OrderedDict[str, Snapshot] = OrderedDict()
        self._left: OrderedDict[str, tuple[Snapshot, float]] = OrderedDict()
        """What was the latest, and until when it is kept."""

    def attach(self, place: Place) -> None:
        """Says where the index lies."""
        with self._lock:
            if place != self._place:
                self._place, self._seen = place, None
            self._looked = 0.0

    def refresh(self, *, at_once: bool = False) -> Snapshot | None:
        """The newest commit; None as long as there is none."""
        with self._lock:
            now = time.monotonic()
            if self._place is not None and (at_once or now - self._looked >= PAUSE):
                self._looked = now
                self._look(self._place)
            return self.latest

    def read(
        self, function: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Result:
        """What a function reads of a commit; where its files can't be read the build is suspect."""
        try:
            with no_panic():
                return function(*args, **kwargs)
        except (OSError, ValueError):
            self.is_suspect = True
            raise

    def examine(self) -> None:
        """Gives a suspect build up where its files are not as they were written, so that it is built anew."""
        place, now = self._place, time.monotonic()
        build = place.current if place else None
        if place is None or build is None or not self.is_suspect or now - self._examined < EXAMINED_SECONDS:
            return
        self.is_suspect, self._examined = False, now
        try:
            check_build(build)
        except (FileNotFoundError, ValueError) as error:
            if place.current == build:
                log.warning("the search index is damaged, and built anew", error=str(error))
                place.give_up()

    def keep(self, snapshot: Snapshot) -> None:
        """Keeps a commit that a cursor was made of."""
        with self._lock:
            self._kept.setdefault(snapshot.generation, snapshot)
            self._kept.move_to_end(snapshot.generation)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)

    def find(self, generation: str) -> Snapshot | None:
        """The commit of a cursor; None where it is no longer kept, or is of another index."""
        with self._lock:
            if self.latest is not None and self.latest.generation == generation:
                return self.latest
            left = self._left.get(generation)
            return self._kept.get(generation) or (left[0] if left else None)

    def close(self) -> None:
        """Lets go of the files."""
        with self._lock:
            self.latest, self._place = None, None
            self._indexes, self._kept, self._left = {}, OrderedDict(), OrderedDict()

    def _look(self, place: Place) -> None:
        self._leave_no_more(time.monotonic())
        build = place.current
        if build is None:
            return
        try:
            seen = _stamp(build)
            if seen != self._seen:
                with no_panic():
                    former, self.latest = self.latest, self._read(build)
                self._seen = seen
                if former is not None:
                    self._left[former.generation] = former, time.monotonic() + LEFT_SECONDS
                self._on_renewed()
        except (OSError, ValueError) as error:
            self._build = None
            if place.current == build:  # else another has taken its place: the next look finds that one
                self.is_suspect = True
                self._tell(str(error))

    def _tell(self, error: str) -> None:
        """Says in the log why the index can't be read, but not at every look."""
        if error != self._told:
            self._told = error
            log.warning("the search index can't be read", error=error)

    def _leave_no_more(self, now: float) -> None:
        while self._left and (len(self._left) > MOST_LEFT or self._left[next(iter(self._left))][1] < now):
            self._left.popitem(last=False)

    def _read(self, build: Path) -> Snapshot:
        if build != self._build:
            self._build, self._indexes = build, {}
        for name in languages_in(build):
            if name in self._indexes:
                self._indexes[name].reload()
            else:
                self._indexes[name] = open_index(build / name)
        states = [state for index in self._indexes.values() if (state := read_state(index)) is not None]
        # each language is committed by itself: between two of them the one is newer than the other
        commits = "-".join([str(state.commit) for state in states])
        return Snapshot(
            generation=f"{build.name}.{commits}",
            position=min(state.position for state in states),
            volumes={
                name: Volume(spoken=name, searcher=index.searcher(), schema=index.schema)
                for name, index in self._indexes.items()
            },
        )


def _stamp(build: Path) -> object:
    files = [build / name / "meta.json" for name in languages_in(build)]
    return build.name, [(file.name, (found := file.stat()).st_mtime_ns, found.st_ino) for file in files]
