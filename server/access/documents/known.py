"""The trusted documents that this process has read, kept until a notification says that clients changed.

What is served no longer is dropped with the commit's notification, and what is new is found at once, since what was
missed is remembered no longer than that either. While notifications may be missed what is kept counts for nothing, but
where the database itself is away: for a while a document that was served before then is served still.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import TypeAlias
from uuid import UUID

from server.access.documents.values import Document
from server.db.reads import Reads
from server.errors.machine import DatabaseUnavailableError

MOST_KEPT = 20_000
MOST_KEPT_CHARACTERS = 20_000_000
MOST_MISSES_KEPT = 10_000

Key: TypeAlias = tuple[UUID, str]
"""The client's id, and the document's."""

_FIND = """select d.id, d.text, d.name from trusted_document d where d.client_id = $1 and d.id = $2 and exists (
    select from manifest_document md join manifest m using (client_id, version)
    where md.client_id = d.client_id and md.document_id = d.id and m.retired_at is null)"""


def _never() -> bool:
    return False


class KnownDocuments:
    """The documents of every client."""

    def __init__(self, reads: Reads, *, hears: Callable[[], bool], bears_age: Callable[[], bool] = _never) -> None:
        self._reads = reads
        self._hears = hears
        self._bears_age = bears_age
        """Whether the database is away, for so short a time that what was read before may stand in for it."""
        self._kept: OrderedDict[Key, Document] = OrderedDict()
        self._missed: OrderedDict[Key, None] = OrderedDict()
        self._characters = 0
        self._changes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def forget(self) -> None:
        """Notes that documents changed, or may have: what was read of them is read anew."""
        self._changes += 1
        self._kept.clear()
        self._missed.clear()
        self._characters = 0

    def kept(self, key: Key) -> Document | None:
        """The document, where it was read already."""
        if not self._hears() or key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key]

    def is_missing(self, key: Key) -> bool:
        """Whether it is known already that there is no such document."""
        if not self._hears() or key not in self._missed:
            return False
        self._missed.move_to_end(key)
        return True

    async def read(self, key: Key) -> Document | None:
        """The document from the database; None where no version of the client that is served has one."""
        changes = self._changes
        try:
            row = await self._reads.fetch_row(_FIND, *key)
        except DatabaseUnavailableError:
            if key in self._kept and self._bears_age():
                return self._kept[key]
            raise
        found = None if row is None else Document(**row)
        if changes == self._changes:
            self._keep(key, found)
        return found

    def _keep(self, key: Key, found: Document | None) -> None:
        if found is None:
            self._drop(key)
            self._missed[key] = None
            if len(self._missed) > MOST_MISSES_KEPT:
                self._missed.popitem(last=False)
        elif key not in self._kept:
            self._kept[key] = found
            self._characters += len(found.text)
        while len(self._kept) > MOST_KEPT or self._characters > MOST_KEPT_CHARACTERS:
            _, dropped = self._kept.popitem(last=False)
            self._characters -= len(dropped.text)

    def _drop(self, key: Key) -> None:
        dropped = self._kept.pop(key, None)
        self._characters -= len(dropped.text) if dropped else 0
