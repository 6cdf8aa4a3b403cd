"""Writes responses: JSON bytes, status codes and the headers that all responses have."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from server.errors.root import CaveatError
from server.execution.encoding import encode
from server.execution.faults import described
from server.telemetry.visits import note

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
EVENTS = "text/event-stream"
HTML = "text/html"
VARY = "Accept, Accept-Encoding, Authorization"
"""What distinguishes the responses at one address."""

STATUS = {
    "NOT_FOUND": 404,
    "KEY_REQUIRED": 401,
    "KEY_INVALID": 401,
    "KEY_REVOKED": 401,
    "KEY_EXPIRED": 401,
    "METHOD_NOT_ALLOWED": 405,
    "NOT_ACCEPTABLE": 406,
    "REQUEST_TIMED_OUT": 408,
    "BODY_TOO_LARGE": 413,
    "URL_TOO_LONG": 414,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "HEADERS_TOO_LARGE": 431,
    "ORIGIN_NOT_ALLOWED": 403,
    "RATE_LIMITED": 429,
    "TOO_MANY_OPERATIONS": 429,
    "OPERATION_TIMED_OUT": 503,
    "DATABASE_UNAVAILABLE": 503,
    "SEARCH_NOT_READY": 503,
    "INTERNAL_SERVER_ERROR": 500,
}
"""Of a response without data, by the code of its first error; every other code is the caller's, and gives 400.

The draft of the specification has moved from 400 to 422 for some of them; its audits ask for 400.
"""


def json_response(
    payload: Mapping[str, Any], status: int, *, media_type: str = JSON, headers: Mapping[str, str] | None = None
) -> Response:
    """A response of GraphQL that nobody may keep. The log hears of its first error."""
    if errors := payload.get("errors"):
        note(errors[0]["extensions"]["code"])
    return Response(
        encode(payload),
        status,
        media_type=f"{media_type}; charset=utf-8",
        headers={"cache-control": "no-store", "vary": VARY, **(headers or {})},
    )


def refusal_response(
    error: CaveatError, *, media_type: str = JSON, headers: Mapping[str, str] | None = None
) -> Response:
    """The response to a request that holds no operation to run."""
    status = STATUS.get(error.code, 400)
    return json_response({"errors": [described(error)]}, status, media_type=media_type, headers=headers)
