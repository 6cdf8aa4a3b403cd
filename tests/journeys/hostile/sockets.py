"""Sockets that break the rules of RFC 6455 or of graphql-transport-ws, and how each of them ends."""

import asyncio
import json
import struct
import zlib
from dataclasses import dataclass

from tests.journeys.hostile.sending import PATIENCE

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_HANDSHAKE = (
    "GET /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
    "sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Abuse:
    """What is sent after the handshake, the code that the socket is closed with, and of what it hears last before."""

    data: bytes
    code: int
    last: str = "connection_ack"
    protocol: str = "graphql-transport-ws"
    headers: str = ""


def frame(
    payload: bytes, kind: int = TEXT, *, first: int = 0x80, length: int | None = None, is_masked: bool = True
) -> bytes:
    """A frame as a client sends it, whose length may lie."""
    length = len(payload) if length is None else length
    mask = 0x80 if is_masked else 0
    if length < 126:
        size = bytes([mask | length])
    elif length < 2**16:
        size = bytes([mask | 126]) + struct.pack(">H", length)
    else:
        size = bytes([mask | 127]) + struct.pack(">Q", length)
    return (
        bytes([first | kind]) + size + (bytes(4) if is_masked else b"") + payload
    )  # a mask of zeros leaves all as it is


def said(*messages: object) -> bytes:
    """Messages as JSON."""
    return b"".join(frame(json.dumps(message).encode()) for message in messages)


def subscribed(query: object = "{ __typename }", operation_id: object = "1", **payload: object) -> dict[str, object]:
    """A message that starts an operation."""
    return {"id": operation_id, "type": "subscribe", "payload": {"query": query} | payload}


INIT = said({"type": "connection_init"})
BYE = frame(struct.pack(">H", 1000), CLOSE)
STREAM = "subscription { contentChanged { kind } }"


def broken(*messages: object, code: int = 4400) -> Abuse:
    """A socket that is closed for its messages."""
    return Abuse(data=INIT + said(*messages), code=code)


def closed(data: bytes, code: int, *, headers: str = "") -> Abuse:
    """A socket that is closed for its frames, whatever they say."""
    return Abuse(data=data, code=code, last="", headers=headers)


def refused(message: object, code: str) -> Abuse:
    """An operation that is refused on a socket that stays."""
    return Abuse(data=INIT + said(message) + frame(b"", PING), code=1000, last=code)


MESSAGES = {
    **{
        f"{json.dumps(value)} for a message": broken(value)
        for value in (None, 1, True, "x", [], {}, [{"type": "ping"}])
    },
    "no JSON": closed(frame(b"{"), 4400),
    "nothing": closed(frame(b""), 4400),
    "a lone surrogate": closed(frame(rb'{"type": "ping", "payload": {"a": "\ud800"}}'), 4400),
    "JSON of 100,000 levels": closed(frame(b"[" * 100_000), 4400),
    "an integer of 5,000 digits": closed(frame(b'{"type": ' + b"9" * 5_000 + b"}"), 4400),
    "a type nobody knows": broken({"type": "hack"}),
    "a type that is a list": broken({"type": ["subscribe"]}),
    "a message of the server's": broken({"type": "next", "id": "1", "payload": {}}),
    "a message of the old protocol": broken({"type": "start", "id": "1", "payload": {"query": "{ __typename }"}}),
    "a ping with a list": broken({"type": "ping", "payload": []}),
    "no id": broken({"type": "subscribe", "payload": {"query": "{ __typename }"}}),
    "an empty id": broken(subscribed(operation_id="")),
    "an id that is a number": broken(subscribed(operation_id=1)),
    "no payload": broken({"id": "1", "type": "subscribe"}),
    "a payload that is a list": broken({"id": "1", "type": "subscribe", "payload": []}),
    "a query that is a number": broken(subscribed(1)),
    "variables that are a list": broken(subscribed(variables=[])),
    "to complete nothing without an id": broken({"type": "complete"}),
    "to begin twice": broken({"type": "connection_init"}, code=4429),
    "an id twice": broken(subscribed(STREAM), subscribed(STREAM), code=4409),
    "an operation before the beginning": Abuse(data=said(subscribed()), code=4401, last=""),
    "to begin with a number": Abuse(data=said({"type": "connection_init", "payload": 1}), code=4400, last=""),
    "never to begin": Abuse(data=b"", code=4408, last=""),
}

OPERATIONS = {
    "no document": refused(subscribed(""), "GRAPHQL_PARSE_FAILED"),
    "100,000 tokens": refused(subscribed("{" + " a" * 100_000 + "}"), "DOCUMENT_TOO_LONG"),
    "a circle of fragments": refused(
        subscribed("{ topics { nodes { ...t } } } fragment t on Topic { parent { ...t } }"), "GRAPHQL_VALIDATION_FAILED"
    ),
    "the schema": refused(subscribed("{ __schema { types { name } } }"), "INTROSPECTION_DISABLED"),
    "content alone": refused(
        subscribed("subscription { contentChanged { answer { body { text } } } }"), "DISCLAIMER_REQUIRED"
    ),
    "a NUL": refused(subscribed("query ($t: ID!) { node(id: $t) { id } }", variables={"t": "\0"}), "BAD_USER_INPUT"),
    "a bad cursor": refused(subscribed('subscription { contentChanged(since: "x") { kind } }'), "CURSOR_INVALID"),
    "51 subscriptions": Abuse(
        data=INIT + said(*(subscribed(STREAM, str(number)) for number in range(51))),
        code=1000,
        last="TOO_MANY_OPERATIONS",
    ),
}

FRAMES = {
    "a binary message": closed(frame(b"{}", BINARY), 4400),
    "text that is not UTF-8": closed(frame(b"\xff\xfe"), 1007),
    "no mask": closed(frame(b"{}", is_masked=False), 1002),
    "a kind nobody knows": closed(frame(b"{}", 7), 1002),
    "reserved bits": closed(frame(b"{}", first=0xF0), 1002),
    "a continuation of nothing": closed(frame(b"{}", 0), 1002),
    "a ping of 200 bytes": closed(frame(bytes(200), PING), 1002),
    "a ping in parts": closed(frame(b"a", PING, first=0), 1002),
    "a length of 2 to the 63": closed(frame(b"{}", length=2**63), 1009),
    "a length of 1 TB": closed(frame(b"{}", length=10**12), 1009),
    "2 MB": closed(frame(b" " * 2_000_000), 1009),
    "2 MB in parts": closed(frame(b"", first=0) + frame(b" " * 65_000, 0, first=0) * 32, 1009),
    "a close of one byte": closed(frame(b"x", CLOSE), 1002),
    "a close of a code that is none": closed(frame(struct.pack(">H", 5), CLOSE), 1002),
    "noise": closed(b"\xff" * 1_000, 1002),
    "10,000 pings": closed(frame(b"x", PING) * 10_000 + BYE, 1000),
    "10,000 parts of nothing": closed(frame(b"", first=0) + frame(b"", 0, first=0) * 10_000 + frame(b"", 0), 4400),
    "a bomb": closed(
        frame(zlib.compress(bytes(20_000_000), wbits=-15).removesuffix(b"\0\0\xff\xff"), first=0xC0),
        1009,
        headers="sec-websocket-extensions: permessage-deflate\r\n",
    ),
    "another protocol": Abuse(data=b"", code=4406, last="", protocol="graphql-ws"),
    "a protocol almost right": Abuse(data=b"", code=4406, last="", protocol="graphql-transport-ws2"),
}

FAMILIES: dict[str, dict[str, Abuse]] = {"messages": MESSAGES, "operations": OPERATIONS, "frames": FRAMES}


async def end(port: int, abuse: Abuse) -> tuple[int, str]:
    """The code that the socket was closed with, 0 without a word, and of what it heard last before."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"{_HANDSHAKE}sec-websocket-protocol: {abuse.protocol}\r\n{abuse.headers}\r\n"
    try:
        async with asyncio.timeout(PATIENCE):
            writer.write(head.encode())
            await reader.readuntil(b"\r\n\r\n")
            writer.write(abuse.data)
            return await _hear(reader, writer)
    finally:
        writer.transport.abort()


async def _hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[int, str]:
    last = ""
    while True:
        try:
            kind, payload = await _frame(reader)
        except (asyncio.IncompleteReadError, ConnectionError):
            return 0, last
        if kind == CLOSE:
            return struct.unpack(">H", payload[:2])[0], last
        if kind == TEXT:
            last = _gist(json.loads(payload))
        if last.isupper():
            writer.write(BYE)


async def _frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    first, size = await reader.readexactly(2)
    if size == 126:
        [size] = struct.unpack(">H", await reader.readexactly(2))
    elif size == 127:
        [size] = struct.unpack(">Q", await reader.readexactly(8))
    return first & 0xF, await reader.readexactly(size)


def _gist(message: dict) -> str:
    """The code of an error, the type of anything else."""
    return message["payload"][0]["extensions"]["code"] if message["type"] == "error" else message["type"]
