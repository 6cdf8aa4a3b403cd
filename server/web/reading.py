"""Reads requests: bytes within their limits, JSON within its, and the parameters of GraphQL over HTTP.

https://graphql.github.io/graphql-over-http/draft/#sec-Request
"""

import asyncio
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.types import Receive, Scope

from server.errors.limits import BodyTooLargeError, JsonTooDeepError
from server.errors.requests import BadRequestError, RequestTimedOutError, UnsupportedMediaTypeError
from server.execution.operation import Request
from server.limits import Limits
from server.web.heads import header

_JSON_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_MOST_PARAMETERS = 32

WHOLE = "whole"
"""The key in a request's scope that is there where its body is, so that reading it waits for nothing."""

PERSISTED = "persistedQuery"
"""The extension that names a document by its hash."""


class ClientGoneError(Exception):
    """The client hung up: there is nobody to answer."""


def check_content(scope: Scope) -> None:
    """Raises UnsupportedMediaTypeError unless the body is plain JSON in UTF-8; no form can send that across sites."""
    media_type, _, parameters = (header(scope, b"content-type") or "").partition(";")
    if media_type.strip().lower() != "application/json":
        raise UnsupportedMediaTypeError
    for parameter in parameters.lower().split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in ("utf-8", "utf8"):
            raise UnsupportedMediaTypeError
    coding = header(scope, b"content-encoding")
    if coding is not None and coding.strip().lower() != "identity":
        raise UnsupportedMediaTypeError


async def read_body(receive: Receive, scope: Scope, *, limits: Limits) -> bytes:
    """The whole body; raises BodyTooLargeError before it reads more, RequestTimedOutError, ClientGoneError."""
    said = header(scope, b"content-length") or ""
    if said.isdecimal() and int(said) > limits.max_body_bytes:
        raise _too_large(limits)
    if WHOLE in scope:
        return await _read_body(receive, limits)
    try:
        async with asyncio.timeout(limits.max_request_seconds):
            return await _read_body(receive, limits)
    except TimeoutError:
        raise RequestTimedOutError from None


async def _read_body(receive: Receive, limits: Limits) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        body += message.get("body", b"")
        if len(body) > limits.max_body_bytes:
            raise _too_large(limits)
        if not message.get("more_body", False):
            return bytes(body)


def _too_large(limits: Limits) -> BodyTooLargeError:
    return BodyTooLargeError(f"A body has at most {limits.max_body_bytes} bytes.")


def decode_json(data: bytes, limits: Limits, *, what: str) -> Any:  # noqa: ANN401 -- the JSON edge
    """The value of a JSON text; raises JsonTooDeepError before it is parsed, BadRequestError where it is not JSON."""
    if data.count(b"[") + data.count(b"{") > limits.max_json_depth:
        _check_depth(data, limits)
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise BadRequestError(f"{what} is not JSON: {error}.") from None


def request_in_body(data: bytes, limits: Limits) -> Request:
    """The request that the body of a POST holds."""
    parameters = decode_json(data, limits, what="The body")
    if isinstance(parameters, list):
        raise BadRequestError("The body is a list: send one operation at a time.")
    if not isinstance(parameters, dict):
        raise BadRequestError("The body is not a JSON object.")
    return request_of(parameters)


def request_in_url(query_string: bytes, limits: Limits) -> Request:
    """The request that the URL of a GET holds; an empty parameter is as good as none."""
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS
        )
    except ValueError:
        raise BadRequestError("The URL's query can't be read: encode it as UTF-8, percent-encoded.") from None
    given: dict[str, Any] = {}
    for name, value in pairs:
        if name in given and name in _PARAMETERS:
            raise BadRequestError(f"The URL says `{name}` twice: say it once.")
        if value or name == "query":
            given[name] = value
    for name in ("variables", "extensions"):
        if name in given:
            given[name] = decode_json(given[name].encode(), limits, what=f"`{name}`")
    return request_of(given)


def request_of(parameters: Mapping[str, Any]) -> Request:
    """The request with these parameters; raises BadRequestError for one that is missing or of the wrong type."""
    for name, (kind, wanted) in _PARAMETERS.items():
        if parameters.get(name) is not None and not isinstance(parameters[name], kind):
            raise BadRequestError(f"`{name}` is not {wanted}.")
    extensions = parameters.get("extensions") or {}
    if all(each is None for each in (parameters.get("query"), parameters.get("documentId"), extensions.get(PERSISTED))):
        raise BadRequestError("`query` is missing: it holds the text of the operation, or `documentId` names it.")
    return Request(
        query=parameters.get("query"),
        document_id=parameters.get("documentId"),
        operation_name=parameters.get("operationName") or None,
        variables=parameters.get("variables") or {},
        extensions=extensions,
    )


_PARAMETERS: dict[str, tuple[type, str]] = {
    "query": (str, "a string"),
    "documentId": (str, "a string"),
    "operationName": (str, "a string"),
    "variables": (dict, "an object"),
    "extensions": (dict, "an object"),
}


def _check_depth(data: bytes, limits: Limits) -> None:
    depth = 0
    for bracket in _JSON_STRING.sub(b"", data).translate(None, _NOT_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > limits.max_json_depth:
            raise JsonTooDeepError(f"JSON nests at most {limits.max_json_depth} deep.")
