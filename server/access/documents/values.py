"""What is kept of documents and manifests."""

import datetime
from dataclasses import dataclass
from uuid import UUID

from server.access.documents.ids import label_of
from server.execution.callers import Rights


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A document that a client registered."""

    id: str
    """As requests name it, without `sha256:`."""
    text: str
    name: str | None = None
    """Of its only operation, where it has one."""

    @property
    def label(self) -> str:
        """What people know it by."""
        return label_of(self.id, name=self.name)


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One version of a client, whose manifest was pushed."""

    client: str
    version: str
    pushed_at: datetime.datetime
    retired_at: datetime.datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Registered:
    """A document of a client, with the versions that have it."""

    client_id: UUID
    client: str
    rights: Rights
    """Of the client, as far as they say which documents it may ask."""
    document: Document
    versions: tuple[str, ...]
    """Those that are not retired, in order of their pushes."""
    retired: tuple[str, ...] = ()

    @property
    def is_served(self) -> bool:
        """Whether a version is left that asks for it."""
        return bool(self.versions)
