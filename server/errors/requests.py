"""What is wrong with a request, or with the operation in it."""

from server.errors.root import CaveatError


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


class RequestTimedOutError(CaveatError):
    """The request took too long to arrive."""

    code = "REQUEST_TIMED_OUT"
