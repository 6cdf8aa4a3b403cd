"""Requests that do not come to an end; each is cut off in time."""

from tests.journeys.hostile.sending import Hostile, line

_HEAD = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
_LATE = (408, "REQUEST_TIMED_OUT")

UNENDING: dict[str, Hostile] = {
    "nothing at all": line(b"", *_LATE),
    "half a line": line(b"POST /gra", *_LATE),
    "a line break": line(b"\r\n", *_LATE),
    "half a header": line(_HEAD + b"x: ", *_LATE),
    "headers without an end": line(_HEAD, *_LATE),
    "no body": line(_HEAD + b"content-length: 27\r\n\r\n", *_LATE),
    "half a body": line(_HEAD + b'content-length: 27\r\n\r\n{"query": ', *_LATE),
    "a length too great": line(_HEAD + b'content-length: 99\r\n\r\n{"query": "{ __typename }"}', *_LATE),
    "chunks without an end": line(_HEAD + b"transfer-encoding: chunked\r\n\r\n1\r\n{\r\n", *_LATE),
    "half a chunk": line(_HEAD + b"transfer-encoding: chunked\r\n\r\nffff\r\n{", *_LATE),
    "100-continue, and then nothing": line(_HEAD + b"expect: 100-continue\r\ncontent-length: 9\r\n\r\n", *_LATE),
    "an upgrade, and then nothing": line(
        b"GET /graphql HTTP/1.1\r\nupgrade: websocket\r\nconnection: upgrade\r\n", *_LATE
    ),
}
