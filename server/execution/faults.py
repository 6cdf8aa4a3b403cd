"""Turns whatever went wrong into errors as clients see them: a message, a place, and always a code."""

import secrets
from collections.abc import Iterable
from typing import Any

import structlog
from graphql import GraphQLError

from server.errors.limits import OperationTooCostlyError, RateLimitedError
from server.errors.requests import BadUserInputError
from server.errors.root import CaveatError

LONGEST_MESSAGE = 1_000
"""Characters of a message of graphql-core's, which repeats what the caller wrote, for each error anew."""

log = structlog.get_logger()


class OperationRefusedError(CaveatError):
    """The operation was not run."""

    code = "REFUSED"

    def __init__(self, errors: Iterable[dict[str, Any]]) -> None:
        self.errors = tuple(errors)
        super().__init__(self.errors[0]["message"])

    @property
    def reason(self) -> str:
        """The code of the first error."""
        return str(self.errors[0]["extensions"]["code"])


def refusal(error: CaveatError) -> OperationRefusedError:
    """The refusal of a whole operation for one reason."""
    return OperationRefusedError([described(error)])


def described(error: CaveatError) -> dict[str, Any]:
    """An error of ours as clients see it; with the seconds to wait, for those who read no headers."""
    extensions: dict[str, object] = {"code": error.code}
    if isinstance(error, RateLimitedError):
        extensions["retryAfter"] = error.retry_after
    return {"message": error.message, "extensions": extensions}


def explained(error: GraphQLError, *, code: str) -> dict[str, Any]:
    """An error in what the caller wrote; the code of its cause, or of its rule, goes before the one given."""
    cause = _cause(error)
    shown = _shown(error)
    extensions = dict(error.extensions or {})
    if isinstance(cause, CaveatError):
        extensions["code"] = cause.code
    shown["extensions"] = {"code": code} | extensions
    return shown


def located(error: GraphQLError) -> dict[str, Any]:
    """An error of a field as it ran: ours with its code, one in an argument as the caller's, any other masked."""
    cause = _cause(error)
    shown = _shown(error)
    if isinstance(cause, CaveatError):
        return shown | described(cause)
    if cause is None and error.message.startswith("Argument "):
        # graphql-core coerces arguments that hold variables only now (spec, 6.4.1).
        return shown | {"extensions": {"code": "BAD_USER_INPUT"}}
    return shown | masked(cause or error)


def masked(error: BaseException) -> dict[str, Any]:
    """An unexpected error: logged in full, and shown as nothing but the id that finds it in the log."""
    incident = secrets.token_hex(8)
    log.error("unexpected error", incident=incident, exc_info=error)
    return {
        "message": f"Something went wrong on the server. Quote incident {incident} when you report it.",
        "extensions": {"code": "INTERNAL_SERVER_ERROR", "incident": incident},
    }


def _shown(error: GraphQLError) -> dict[str, Any]:
    """An error with its place, and its message as far as anybody reads it."""
    shown: dict[str, Any] = {**error.formatted}
    if len(error.message) > LONGEST_MESSAGE:
        shown["message"] = f"{error.message[:LONGEST_MESSAGE]}…"
    return shown


def _cause(error: GraphQLError) -> BaseException | None:
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def unfit(errors: Iterable[GraphQLError]) -> tuple[dict[str, Any], ...]:
    """The errors of variables that do not fit."""
    return tuple(explained(error, code=BadUserInputError.code) for error in errors)


def ending(errors: Iterable[GraphQLError]) -> OperationTooCostlyError | None:
    """Why an operation was ended while it ran, if it was: nothing of what it gave is told."""
    causes = [error.original_error for error in errors]
    return next((cause for cause in causes if isinstance(cause, OperationTooCostlyError)), None)
