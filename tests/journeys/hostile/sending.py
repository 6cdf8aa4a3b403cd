"""Hostile requests as bytes, and what comes back for them."""

import asyncio
import io
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPResponse, IncompleteRead
from typing import Any
from urllib.parse import quote

PATIENCE = 15.0
GRAPHQL = "application/graphql-response+json"
SLUG = "how-does-car-t-cell-therapy-work-for-leukemia"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hostile:
    """All bytes of a request, and how it is to be answered; without a code it is answered without an error."""

    data: bytes
    status: int
    code: str | None = None
    method: str = "POST"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came back; status 0 where the server hung up without a word."""

    status: int
    code: str | None
    seconds: float
    body: bytes
    errors: tuple[dict[str, Any], ...] = ()


def raw(target: str, *, method: str = "POST", body: bytes = b"", **headers: str) -> bytes:
    """A request of HTTP/1.1; `content_length` and other headers may lie."""
    given = {
        "host": "127.0.0.1",
        "accept": GRAPHQL,
        "connection": "close",
        "content-length": str(len(body)),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value is not None)
    return f"{method} {target} HTTP/1.1\r\n{lines}\r\n".encode("latin-1") + body


def body(data: bytes, status: int = 400, code: str | None = "BAD_REQUEST", **headers: str) -> Hostile:
    """A POST with a body of these bytes."""
    headers = {"content_type": "application/json"} | headers
    return Hostile(data=raw("/graphql", body=data, **headers), status=status, code=code)


def sent(parameters: object, status: int = 400, code: str | None = "BAD_REQUEST", **headers: str) -> Hostile:
    """A POST with a body of JSON, lone surrogates escaped."""
    return body(json.dumps(parameters).encode(), status, code, **headers)


def asked(query: str, code: str | None, *, status: int | None = None, **parameters: object) -> Hostile:
    """A POST of an operation; one that is not run has 400."""
    return sent({"query": query, **parameters}, status or (400 if code else 200), code)


def failed(query: str, code: str | None, **parameters: object) -> Hostile:
    """A POST of an operation that runs, with a field that fails."""
    return asked(query, code, status=200, **parameters)


def got(query_string: str, status: int = 400, code: str | None = "BAD_REQUEST", **headers: str) -> Hostile:
    """A GET of the endpoint."""
    return at(f"/graphql?{query_string}", status, code, method="GET", **headers)


def got_query(query: str, status: int, code: str | None, method: str = "GET") -> Hostile:
    """A GET of an operation."""
    return at(f"/graphql?query={quote(query)}", status, code, method=method)


def at(
    target: str, status: int = 404, code: str | None = "NOT_FOUND", *, method: str = "GET", **headers: str
) -> Hostile:
    """A request of another target or method, without a body."""
    return Hostile(data=raw(target, method=method, **headers), status=status, code=code, method=method)


def line(data: bytes, status: int = 400, code: str | None = "BAD_REQUEST", *, method: str = "POST") -> Hostile:
    """Bytes as they are."""
    return Hostile(data=data, status=status, code=code, method=method)


async def send(port: int, hostile: Hostile) -> Outcome:
    """Sends the bytes and reads to the end of what comes back."""
    started = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(hostile.data)
        async with asyncio.timeout(PATIENCE):
            answered = await _read(reader)
    finally:
        writer.transport.abort()
    return _outcome(answered, hostile, time.monotonic() - started)


async def _read(reader: asyncio.StreamReader) -> bytes:
    answered = b""
    try:
        while more := await reader.read(65_536):
            answered += more
    except ConnectionResetError:
        pass  # it did not want to read the rest; what it said before counts
    return answered


def _outcome(answered: bytes, hostile: Hostile, seconds: float) -> Outcome:
    if not answered:
        return Outcome(status=0, code=None, seconds=seconds, body=b"")
    response = HTTPResponse(_Answered(answered), method=hostile.method)  # type: ignore[arg-type]  # it wants makefile
    response.begin()
    try:
        read = response.read()
    except IncompleteRead as error:
        read = error.partial
    errors = tuple(_errors(read)) if "json" in response.getheader("content-type", "") else ()
    code = errors[0]["extensions"]["code"] if errors else None
    return Outcome(status=response.status, code=code, seconds=seconds, body=read, errors=errors)


def _errors(read: bytes) -> Iterator[dict[str, Any]]:
    if read:
        yield from json.loads(read.decode()).get("errors", [])


class _Answered:
    """What came back, as `http.client` reads it from a socket."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._data)
