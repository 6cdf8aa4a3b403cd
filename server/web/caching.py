"""What caches are told of a response: for how long it may be kept, by whom, and what it is purged by.

Kept is what a GET gave that named its document. Errors never are, nor what tells its caller something of itself, nor
what was served stale. What bears a key goes to shared caches only where everybody has the key, for it lies in an app
(https://www.rfc-editor.org/rfc/rfc9111#section-3.5); they keep it by the key, which `Vary` names. They keep it for long
only where they are purged by the tags that it bears, each named once for every kind of cache; where a kind has a header
of its own for that, no other cache behind it is told to, for nobody purges those. What has none, for it
changed while it was read, is asked for each time: there is nothing to purge it by.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

from server.access.clients import Caller
from server.execution.encoding import Written
from server.execution.freshness import Lifetime
from server.execution.operation import Result, Served
from server.execution.tags import Tags

NO_STORE = "no-store"
CACHE = "Caveat"
"""What this cache calls itself."""

MOST_TAGS = 32
"""So many, of 32 characters, every cache takes: https://www.rfc-editor.org/rfc/rfc9875#section-2."""

_NAMES = "tags"

_STATUS = {
    Served.KEPT: f"{CACHE}; hit",
    Served.SHARED: f"{CACHE}; fwd=miss; collapsed",
}
"""https://www.rfc-editor.org/rfc/rfc9211."""

Headers: TypeAlias = Iterator[tuple[str, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Caching:
    """What one server tells caches; without purging they keep everything for as short as browsers do."""

    stale_limit: int = 300
    """Seconds for which something may be served that could not be asked for again."""
    shared_seconds: int = 0
    """Seconds for which caches keep what they are purged of; 0 where they are not."""
    shared_header: str | None = None
    """The header that says so to one kind of cache, which takes it away; without one all shared caches are told."""
    name: Callable[[Hashable], str] = field(default=str)
    """What a tag is called."""
    name_client: Callable[[UUID], str] = field(default=str)
    """What is borne by what is kept for a client, and purged when the client changes."""
    whole: str = "all"
    """What everything bears."""
    coarse: tuple[str, ...] = ()
    """What is borne in place of too many tags, and purged by whatever purges any of them."""

    def headers(self, result: Result, lifetime: Lifetime | None, *, caller: Caller) -> Headers:
        """The headers of a result with a lifetime; None is that of what nobody may keep."""
        yield from _told(result)
        if lifetime is None:
            yield "cache-control", NO_STORE
            return
        is_public = caller.client is None or caller.client.kind.is_publishable
        seconds = 0 if result.tags is None else lifetime.seconds
        yield "cache-control", self._control(seconds, is_public=is_public)
        if is_public and seconds and result.tags is not None:
            if self.shared_seconds and self.shared_header:
                yield self.shared_header, f"max-age={self.shared_seconds}"
            own = [self.name_client(caller.client.id)] if caller.client else []
            yield from _grouped([*self._names(result.tags, result.plain), *own])

    def _control(self, seconds: int, *, is_public: bool) -> str:
        """What is kept without asking is never older than its lifetime, what is shown beside asking included."""
        scope = "public" if is_public else "private"
        if not seconds:
            return f"{scope}, no-cache"
        beside = seconds // 4
        fresh = seconds - beside
        parts = [scope, f"max-age={fresh}"]
        if is_public and self.shared_seconds and not self.shared_header:
            parts.append(f"s-maxage={self.shared_seconds}")
        parts.append(f"stale-while-revalidate={beside}")
        if self.stale_limit > seconds:
            parts.append(f"stale-if-error={self.stale_limit - fresh}")
        return ", ".join(parts)

    def _names(self, tags: Tags, written: Written | None) -> Sequence[str]:
        kept = written.form(_NAMES) if written else None
        if isinstance(kept, tuple):
            return kept
        names = (self.whole, *(sorted(map(self.name, tags)) if len(tags) <= MOST_TAGS - 2 else self.coarse))
        if written is not None:
            written.keep_form(_NAMES, names)
        return names


def may_be_kept(result: Result, lifetime: Lifetime) -> bool:
    """Whether anybody may keep a result."""
    has_data = result.data is not None or result.written is not None
    is_whole = has_data and not result.errors and not result.is_refusal
    return is_whole and not result.extensions and not result.is_stale and not lifetime.is_private


def _told(result: Result) -> Headers:
    """What this cache tells of itself."""
    if result.is_stale:
        age = int(result.age) + 1
        yield "age", str(age)
        yield "cache-status", f"{CACHE}; hit; ttl=-{age}; detail=stale"
    elif result.served in _STATUS:
        yield "cache-status", _STATUS[result.served]


def _grouped(names: Sequence[str]) -> Headers:
    yield "cache-tag", ",".join(names)
    yield "surrogate-key", " ".join(names)
    yield "cache-groups", ", ".join(f'"{name}"' for name in names)
