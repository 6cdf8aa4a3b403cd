"""Sockets whose handshakes are refused, where they have to be, in the form of all other refusals.

https://www.rfc-editor.org/rfc/rfc6455#section-4.2: uvicorn answers what is wrong with one in plain text, and what its
parser can't read not at all.
"""

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import HeaderLineTooLong, InvalidHandshake, RequestLineTooLong, TooManyHeaders
from websockets.http11 import Request

from server.errors.limits import HeadersTooLargeError, UrlTooLongError
from server.errors.requests import BadRequestError
from server.errors.root import CaveatError
from server.web.refusals import refuse
from server.web.witness import METRICS


class HandshakeRefusingSocket(WebSocketsSansIOProtocol):
    """Says to the peer what is wrong with its handshake, and says it as GraphQL JSON."""

    def data_received(self, data: bytes) -> None:
        """Takes what came; the first of it is the whole handshake."""
        if self.close_sent and not self.handshake_initiated:
            return
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self._refuse(_reason(self.conn.handshake_exc))

    def handle_connect(self, event: Request) -> None:
        """Begins to serve the socket, unless its handshake is wrong."""
        try:
            self.conn.process_request(event)
        except InvalidHandshake as error:
            self._refuse(_reason(error))
        else:
            super().handle_connect(event)

    async def send(self, message: ASGISendEvent) -> None:
        """Sends what the application says; a refusal of its own completes the handshake too."""
        await super().send(message)
        if self.initial_response is not None and self.close_sent:
            self.handshake_complete = True

    def _refuse(self, error: CaveatError) -> None:
        self.close_sent = self.handshake_complete = True
        refuse(self.transport, error, metrics=self.app_state.get(METRICS))


def _reason(error: Exception) -> CaveatError:
    if isinstance(error, RequestLineTooLong):
        return UrlTooLongError()
    if isinstance(error, HeaderLineTooLong | TooManyHeaders):
        return HeadersTooLargeError()
    return BadRequestError("The request is not a handshake of a WebSocket as RFC 6455 has it.")
