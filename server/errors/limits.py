"""What one caller can't have: more than a limit."""

from server.errors.root import CaveatError


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
    """The operation may give too many objects: ask for shorter lists, fewer lists in lists, or each text once."""

    code = "OPERATION_TOO_COSTLY"


class ValueTooLargeError(LimitExceededError):
    """A value in an argument or a variable is too long, has too many fields or nests too deep."""

    code = "VALUE_TOO_LARGE"


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


class TooManyOperationsError(LimitExceededError):
    """Too many operations are under way at once: wait until some are done."""

    code = "TOO_MANY_OPERATIONS"


class SubscriberTooSlowError(LimitExceededError):
    """Events were left unread for too long: connect again and resume from the last cursor."""

    code = "SUBSCRIBER_TOO_SLOW"


class RateLimitedError(LimitExceededError):
    """More was asked in this minute than the caller may: wait as long as `Retry-After` says."""

    code = "RATE_LIMITED"

    def __init__(self, message: str | None = None, *, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        """Seconds to wait, rounded up."""
