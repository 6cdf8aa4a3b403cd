"""Finds the document that a request names: `documentId`, or the hash of Apollo's protocol of persisted queries.

- A client's own documents are looked for, never another's; an anonymous caller has none.
- A client that is bound gets nothing for a text, not even for one that it registered: its apps name documents by id,
  and whoever copies its key out of an app can ask what the app asks.
- A text that comes with a hash has to be the one that was hashed. Where the client may register documents so, it is
  kept.

https://www.apollographql.com/docs/apollo-server/performance/apq
"""

from dataclasses import dataclass

from server.access.clients import Caller, Client
from server.access.documents.ids import claims_digest, digest_of, is_id, plain_id
from server.access.documents.known import KnownDocuments
from server.access.documents.registered import RegisteredTexts
from server.access.documents.values import Document
from server.access.guesses import Guesses
from server.errors.documents import (
    DocumentHashMismatchError,
    DocumentNotFoundError,
    DocumentNotTrustedError,
    PersistedQueryNotFoundError,
    PersistedQueryNotSupportedError,
)
from server.errors.requests import BadRequestError
from server.execution.finding import ad_hoc
from server.execution.operation import Request
from server.execution.texts import DocumentText

NOT_FOUND, NOT_SUPPORTED = "PersistedQueryNotFound", "PersistedQueryNotSupported"
"""Messages that clients compare."""

MOST_UNKNOWN = 1_000
"""Ids that are none, in one minute from one address; after that no id is looked up for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Named:
    """How a request names its document."""

    said_id: str
    is_hash: bool
    """Whether it came by Apollo's protocol, where it is the SHA-256 of a text wherever one comes with it."""

    @property
    def id(self) -> str:
        return plain_id(self.said_id)


class DocumentFinder:
    """Finds documents for the callers of one process."""

    def __init__(self, known: KnownDocuments, registered: RegisteredTexts) -> None:
        self._known = known
        self._registered = registered
        self._guesses = Guesses(most=MOST_UNKNOWN, complaint="Too many ids that name no document came from here.")

    async def find(self, request: Request, caller: Caller) -> DocumentText:
        """The text that a request asks for; raises why the caller does not get it."""
        named = _named(request)
        if named is None:
            return _ad_hoc(request, caller)
        text = request.query or None
        if text is not None and (named.is_hash or claims_digest(named.said_id)) and digest_of(text) != named.id:
            raise DocumentHashMismatchError
        document = await self._trusted(named.id, caller)
        if document is not None:
            if text not in (None, document.text):
                raise DocumentHashMismatchError
            return DocumentText(text=document.text, id=document.id)
        if text is None:
            return self._remembered(named, caller)
        if caller.client is not None and _may_register(caller.client) and claims_digest(named.id):
            self._registered.add(caller.client.id, named.id, text=text)
        return _ad_hoc(request, caller)

    def find_known(self, caller: Caller, document_id: str) -> str | None:
        """The text of a caller's trusted document, where it is known without asking that it is served."""
        document = self._known.kept((caller.client.id, document_id)) if caller.client else None
        return document.text if document else None

    async def _trusted(self, document_id: str, caller: Caller) -> Document | None:
        if caller.client is None or not is_id(document_id):
            return None
        key = (caller.client.id, document_id)
        kept = self._known.kept(key)
        if kept is not None or self._known.is_missing(key):
            return kept
        if self._registered_text(document_id, caller) is not None:
            return await self._known.read(key)
        self._guesses.check(caller.address)
        found = await self._known.read(key)
        if found is None:
            self._guesses.note(caller.address)
        return found

    def _registered_text(self, document_id: str, caller: Caller) -> str | None:
        if caller.client is None or not _may_register(caller.client):
            return None
        return self._registered.find(caller.client.id, document_id)

    def _remembered(self, named: _Named, caller: Caller) -> DocumentText:
        text = self._registered_text(named.id, caller)
        if text is not None:
            return DocumentText(text=text)
        if not named.is_hash:
            raise DocumentNotFoundError
        if caller.client is None:
            raise PersistedQueryNotSupportedError(NOT_SUPPORTED)
        raise PersistedQueryNotFoundError(NOT_FOUND)


def _ad_hoc(request: Request, caller: Caller) -> DocumentText:
    if caller.rights.is_bound:
        raise DocumentNotTrustedError
    return ad_hoc(request)


def _may_register(client: Client) -> bool:
    return client.rights.registers_documents and not client.kind.is_publishable and not client.rights.is_bound


def _named(request: Request) -> _Named | None:
    """How a request names its document; None where it does not. Raises BadRequestError for a malformed name."""
    persisted = request.extensions.get("persistedQuery")
    if request.document_id is None and persisted is None:
        return None
    if request.document_id is not None:
        if persisted is not None and _hash(persisted) != plain_id(request.document_id):
            raise BadRequestError("`documentId` and `extensions.persistedQuery` name different documents: send one.")
        return _Named(said_id=request.document_id, is_hash=False)
    return _Named(said_id=_hash(persisted), is_hash=True)


def _hash(persisted: object) -> str:
    if not isinstance(persisted, dict) or not isinstance(persisted.get("sha256Hash"), str):
        raise BadRequestError('`extensions.persistedQuery` is not `{"version": 1, "sha256Hash": "…"}`.')
    if persisted.get("version") != 1 or isinstance(persisted["version"], bool):
        raise PersistedQueryNotSupportedError(NOT_SUPPORTED)
    return plain_id(persisted["sha256Hash"])
