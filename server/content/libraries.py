"""Opens the library for each audience; what the process keeps of it is kept for all of them in one place."""

from collections.abc import Callable

from server.access.audience import Audience
from server.content.library import Library
from server.content.objects import Objects
from server.content.remembering import RememberingLibrary
from server.db.wants import AnyReads, WantingReads
from server.events.news import News


class ForgetfulLibrary(Library):
    """The library where nothing is kept."""

    list_answers = Library.list_by_ids


class Libraries:
    """The libraries of one process, which remember what they read unless there is no room for it."""

    def __init__(self, reads: AnyReads, news: News, *, most_bytes: int) -> None:
        self._reads = reads
        self._wanted = WantingReads(reads)
        self._objects = Objects(news, most_bytes=most_bytes) if most_bytes else None

    def of(self, audience: Audience) -> Library:
        """The library as an audience is served it, for one request."""
        if self._objects is None:
            return ForgetfulLibrary(self._reads, audience)
        return RememberingLibrary(self._reads, audience, objects=self._objects)

    def prompt(self, audience: Audience) -> Library:
        """The same for a request that is no task: it wants whatever is not kept (see `db.wants`)."""
        if self._objects is None:
            return ForgetfulLibrary(self._wanted, audience)
        return RememberingLibrary(self._wanted, audience, objects=self._objects)

    @property
    def counts(self) -> dict[str, Callable[[], int]]:
        """What there is to be said of what is kept, by name; nothing where nothing is."""
        objects = self._objects
        if objects is None:
            return {}
        return {
            "entries": lambda: len(objects),
            "bytes": lambda: objects.size,
            "hits": lambda: objects.hits,
            "misses": lambda: objects.misses,
            "dropped": lambda: objects.dropped,
        }
