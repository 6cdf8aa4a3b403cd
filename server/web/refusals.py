"""Refuses what the application never gets to see, in the form of all other refusals."""

import asyncio

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from server.errors.root import CaveatError
from server.execution.faults import described
from server.telemetry.metrics import Metrics
from server.web.door import SAFETY
from server.web.witness import tell_refused
from server.web.writing import STATUS, encode

LINGER_SECONDS = 1.0
"""How long a peer has to read: to close on data that nobody has read resets the refusal away."""


def refuse(transport: asyncio.Transport, error: CaveatError, *, metrics: Metrics | None) -> None:
    """Writes the whole response, hangs up a moment later, and leaves what every request leaves behind."""
    status = STATUS.get(error.code, 400)
    body = encode({"errors": [described(error)]})
    headers = SAFETY | {
        "content-type": "application/json; charset=utf-8",
        "content-length": str(len(body)),
        "connection": "close",
    }
    lines = b"".join(f"{name}: {value}\r\n".encode() for name, value in headers.items())
    transport.write(STATUS_LINE[status] + lines + b"\r\n" + body)
    tell_refused(metrics, status=status, code=error.code)
    transport.write_eof()
    asyncio.get_running_loop().call_later(LINGER_SECONDS, transport.close)
