"""Automatic persisted queries: texts that clients sent once with their hash, kept in memory and nowhere else.

A client's own texts make room for one another first; where all clients together have too much, the one that has most
makes room, so that no client pushes out what another sent.
"""

from collections import OrderedDict
from uuid import UUID

MOST_TEXTS = 1_000
MOST_CHARACTERS = 1_000_000
"""Of one client."""
MOST_CHARACTERS_OF_ALL = 8_000_000
LONGEST_TEXT = 100_000
"""A longer one is answered, and not kept."""


class RegisteredTexts:
    """The texts of every client by their SHA-256."""

    def __init__(self) -> None:
        self._texts: dict[UUID, OrderedDict[str, str]] = {}
        self._characters: dict[UUID, int] = {}

    def find(self, client_id: UUID, digest: str) -> str | None:
        """The text of that hash, if the client sent it and it is kept still."""
        texts = self._texts.get(client_id)
        if texts is None or digest not in texts:
            return None
        texts.move_to_end(digest)
        return texts[digest]

    def add(self, client_id: UUID, digest: str, *, text: str) -> None:
        """Keeps a text, whose hash was compared already."""
        texts = self._texts.setdefault(client_id, OrderedDict())
        if digest in texts or len(text) > LONGEST_TEXT:
            return
        texts[digest] = text
        self._characters[client_id] = self._characters.get(client_id, 0) + len(text)
        while len(texts) > MOST_TEXTS or self._characters[client_id] > MOST_CHARACTERS:
            self._drop(client_id)
        while sum(self._characters.values()) > MOST_CHARACTERS_OF_ALL:
            self._drop(max(self._characters, key=self._characters.__getitem__))

    def _drop(self, client_id: UUID) -> None:
        """Drops what a client asked for longest ago."""
        texts = self._texts[client_id]
        _, text = texts.popitem(last=False)
        self._characters[client_id] -= len(text)
        if not texts:
            del self._texts[client_id], self._characters[client_id]
