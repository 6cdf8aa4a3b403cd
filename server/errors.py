"""Every error that Caveat raises on purpose: a name, a docstring that is its message, and a stable code.

Clients branch on the code. An error's own message says what its docstring can't: where it was, what to do next.
"""

from typing import ClassVar


class CaveatError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "INTERNAL_SERVER_ERROR"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip())

    @property
    def message(self) -> str:
        """What was wrong, where, and what to do next."""
        return str(self.args[0])


# ---------------------------------------------------------------- what a caller sent


class BadRequestError(CaveatError):
    """The request is not a GraphQL request."""

    code = "BAD_REQUEST"


class BadUserInputError(CaveatError):
    """An argument has a value that the field does not take."""

    code = "BAD_USER_INPUT"


class CursorInvalidError(BadUserInputError):
    """The cursor was not made by this list in this order: start again without it."""

    code = "CURSOR_INVALID"


class CursorExpiredError(BadUserInputError):
    """The cursor is too old to be followed: start again from the beginning, without it."""

    code = "CURSOR_EXPIRED"


class DisclaimerRequiredError(BadRequestError):
    """The operation selects health content without its disclaimers."""

    code = "DISCLAIMER_REQUIRED"


class ParseFailedError(CaveatError):
    """The document is not GraphQL."""

    code = "GRAPHQL_PARSE_FAILED"


class OperationNotFoundError(CaveatError):
    """The document holds no operation of that name."""

    code = "OPERATION_NOT_FOUND"


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


class LimitExceededError(CaveatError):
    """The request asks for more than one caller can have; the code says of what."""

    code = "LIMIT_EXCEEDED"


class DocumentTooLongError(LimitExceededError):
    """The document has too many tokens: ask for less, or in several operations."""

    code = "DOCUMENT_TOO_LONG"


class DocumentTooComplexError(LimitExceededError):
    """The document has too many fields, aliases, fragments or directives: ask for less, or in several operations."""

    code = "DOCUMENT_TOO_COMPLEX"


class OperationTooDeepError(LimitExceededError):
    """The operation nests too deep: ask again from an id further down."""

    code = "OPERATION_TOO_DEEP"


class OperationTooCostlyError(LimitExceededError):
    """The operation may give too many objects: ask for shorter lists, or fewer lists in lists."""

    code = "OPERATION_TOO_COSTLY"


class ValueTooLargeError(LimitExceededError):
    """A value in an argument or a variable is too long."""

    code = "VALUE_TOO_LARGE"


class OperationTimedOutError(CaveatError):
    """The operation took too long and was stopped: ask for less, or try again later."""

    code = "OPERATION_TIMED_OUT"


class MethodNotAllowedError(CaveatError):
    """The address does not take that method; `Allow` says which ones it takes."""

    code = "METHOD_NOT_ALLOWED"


class MutationOverGetError(MethodNotAllowedError):
    """GET is for queries only: send a mutation with POST."""


class RouteNotFoundError(CaveatError):
    """Nothing is served at this address; GraphQL is at `/graphql`."""

    code = "NOT_FOUND"


class NotAcceptableError(CaveatError):
    """Nothing that `Accept` names can be served: ask for `application/graphql-response+json`."""

    code = "NOT_ACCEPTABLE"


class UnsupportedMediaTypeError(CaveatError):
    """A body is JSON in UTF-8, not compressed, with `Content-Type: application/json`."""

    code = "UNSUPPORTED_MEDIA_TYPE"


class BodyTooLargeError(LimitExceededError):
    """The body is too long."""

    code = "BODY_TOO_LARGE"


class UrlTooLongError(LimitExceededError):
    """The URL is too long: send the operation with POST."""

    code = "URL_TOO_LONG"


class HeadersTooLargeError(LimitExceededError):
    """The headers are too long."""

    code = "HEADERS_TOO_LARGE"


class JsonTooDeepError(LimitExceededError):
    """The JSON nests too deep."""

    code = "JSON_TOO_DEEP"


class RequestTimedOutError(CaveatError):
    """The request took too long to arrive."""

    code = "REQUEST_TIMED_OUT"


class TooManyOperationsError(LimitExceededError):
    """Too many operations are under way at once: wait until some are done."""

    code = "TOO_MANY_OPERATIONS"


class SubscriberTooSlowError(LimitExceededError):
    """Events were left unread for too long: connect again and resume from the last cursor."""

    code = "SUBSCRIBER_TOO_SLOW"


class UnauthenticatedError(CaveatError):
    """The key is not one of Caveat's: send it as `Authorization: Bearer caveat_…`, or none at all."""

    code = "KEY_INVALID"


class KeyRequiredError(UnauthenticatedError):
    """Only clients that are known are served here: send a key as `Authorization: Bearer caveat_…`."""

    code = "KEY_REQUIRED"


class KeyRevokedError(UnauthenticatedError):
    """The key was revoked: use the client's new one."""

    code = "KEY_REVOKED"


class KeyExpiredError(UnauthenticatedError):
    """The key has expired: use the client's new one."""

    code = "KEY_EXPIRED"


class RateLimitedError(LimitExceededError):
    """More was asked in this minute than the caller may: wait as long as `Retry-After` says."""

    code = "RATE_LIMITED"

    def __init__(self, message: str | None = None, *, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        """Seconds to wait, rounded up."""


class OriginNotAllowedError(CaveatError):
    """Pages of this origin may not call."""

    code = "ORIGIN_NOT_ALLOWED"


# ---------------------------------------------------------------- what an editor asked


class RefusedError(CaveatError):
    """The content can't be taken as it is; nothing was written."""

    code = "REFUSED"


class UnreadableError(RefusedError):
    """A file can't be read as content; says its line and the reason."""

    code = "UNREADABLE"

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason if line is None else f"line {line}: {reason}")
        self.reason = reason
        self.line = line


class NotFoundError(RefusedError):
    """Nothing has that name."""

    code = "NOT_FOUND"


# ---------------------------------------------------------------- what the machine did


class DatabaseUnavailableError(CaveatError):
    """The database can't be reached right now: try again in a few seconds."""

    code = "DATABASE_UNAVAILABLE"


class SearchNotReadyError(CaveatError):
    """The search index is still being built: try again in a few seconds."""

    code = "SEARCH_NOT_READY"


class SetupError(CaveatError):
    """Caveat can't start with these settings."""

    code = "SETUP"


class SchemaUnmarkedError(CaveatError):
    """The schema marks no field with `@requiresDisclaimer`, so nothing would be held back: check how it is built."""
