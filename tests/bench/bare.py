"""The limit: an ASGI application that parses the request and answers from a dict, and nothing else.

`python -m tests.bench.bare PORT FILE`; the file holds, as JSON, the answers to the POSTs by their key and the tags of
the URLs that are asked by GET.
"""

import sys
from pathlib import Path

import orjson
import uvicorn

POSTED, TAGS = "posted", "tags"
HEADERS = [(b"content-type", b"application/json; charset=utf-8"), (b"cache-control", b"no-store")]


def key_of(body):
    """What the answer to an operation is kept by: its name and its variables."""
    return (body.get("operationName"), *body["variables"].values())


class Bare:
    """Bytes by key."""

    def __init__(self, kept):
        self._posted = {tuple(key): answer.encode() for key, answer in kept[POSTED]}
        self._tags = {path.encode(): tag.encode() for path, tag in kept[TAGS]}

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        if scope["method"] == "GET":
            await self._get(scope, send)
            return
        parts, has_more = [], True
        while has_more:
            message = await receive()
            parts.append(message["body"])
            has_more = message.get("more_body", False)
        await _answer(send, 200, self._posted[key_of(orjson.loads(b"".join(parts)))])

    async def _get(self, scope, send):
        tag = self._tags[scope["query_string"]]
        is_same = any(name == b"if-none-match" and value == tag for name, value in scope["headers"])
        await _answer(send, 304 if is_same else 500, b"")


async def _answer(send, status, body):
    headers = HEADERS if status == 304 else [*HEADERS, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def run(app, port, *, lifespan="off"):
    """Serves as Caveat is served: uvicorn with its event loop and its parser in C."""
    uvicorn.run(app, port=port, loop="uvloop", http="httptools", lifespan=lifespan, access_log=False, log_level="error")


if __name__ == "__main__":
    run(Bare(orjson.loads(Path(sys.argv[2]).read_bytes())), int(sys.argv[1]))
