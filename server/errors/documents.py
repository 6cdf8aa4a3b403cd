"""What is wrong with the name of a document, or with who asks for it."""

from server.errors.root import CaveatError


class DocumentNotFoundError(CaveatError):
    """No trusted document of this client has that id: register it with `caveat documents push`."""

    code = "DOCUMENT_NOT_FOUND"


class DocumentNotTrustedError(CaveatError):
    """The client asks its trusted documents only, by their ids: no text is read, whatever it is."""

    code = "DOCUMENT_NOT_TRUSTED"


class DocumentHashMismatchError(CaveatError):
    """The id of the document is not that of the text sent with it: send the SHA-256 of the text, or no text."""

    code = "DOCUMENT_HASH_MISMATCH"


class PersistedQueryNotFoundError(CaveatError):
    """Apollo's word for a hash that names no document yet: send it once more with the text."""

    code = "PERSISTED_QUERY_NOT_FOUND"


class PersistedQueryNotSupportedError(CaveatError):
    """Apollo's word for a caller that has no documents and registers none: send texts without hashes."""

    code = "PERSISTED_QUERY_NOT_SUPPORTED"
