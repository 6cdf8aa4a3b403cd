"""HTTP that ignores an offer to speak another protocol than WebSocket, and serves the request as if it were not there.

https://www.rfc-editor.org/rfc/rfc9110#section-7.8: HTTP clients of Java offer HTTP/2 with every request that they send
in the clear. The parser takes any offer for the end of HTTP, and the body behind it for something else.
"""

import sys

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class UpgradeIgnoringHttp(HttpToolsProtocol):
    """Reads a request that offers something else once more, without the offer."""

    _data = b""
    """What is being parsed."""
    _again = b""
    """What is to be parsed next, by a new parser."""

    def data_received(self, data: bytes) -> None:
        """Takes what came, as often as there is an offer in it."""
        self._again = data
        while self._again:
            self._data, self._again = self._again, b""
            super().data_received(self._data)
        self._data = b""

    def on_headers_complete(self) -> None:
        """Begins to serve the request, unless it is to be read once more."""
        if not self._offers_something_else():
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Ends the request, unless it is to be read once more."""
        if not self._offers_something_else():
            super().on_message_complete()

    def _offers_something_else(self) -> bool:
        is_offer = self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT"
        return is_offer and not self._should_upgrade()

    def _should_upgrade(self) -> bool:
        return self.parser.get_method() == b"GET" and super()._should_upgrade()

    def _unsupported_upgrade_warning(self) -> None:
        """Called where the parser has stopped: its exception says how far it came."""
        stopped = sys.exc_info()[1]
        if not isinstance(stopped, httptools.HttpParserUpgrade) or not self._offers_something_else():
            return
        self._again = self._head_without_offer() + self._data[stopped.args[0] :]
        self.parser = httptools.HttpRequestParser(self)

    def _head_without_offer(self) -> bytes:
        lines = [b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, self.parser.get_http_version().encode())]
        lines += [b"%s: %s" % (name, value) for name, value in self.headers if name != b"upgrade"]
        return b"\r\n".join((*lines, b"", b""))
