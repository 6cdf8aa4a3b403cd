"""The lines of the log on their way out: those of one turn of the event loop take one call of the kernel's together.

Nothing is held back for longer: whoever is answered in a turn is in the log at its end. What matters more than a
request is written at once, with what waits before it.
"""

import asyncio
import atexit
import contextlib
import threading
from typing import Any, BinaryIO

MOST_BYTES = 4096
"""Of lines that are written together: processes that share a pipe never break into so much
(https://pubs.opengroup.org/onlinepubs/9799919799/functions/write.html, `PIPE_BUF`)."""

MOST_LINES = 1024
"""How many may wait for the end of a turn."""


class Lines:
    """Writes lines to a file, which is never closed here; safe to use from several threads. Its methods are levels."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._waiting: list[bytes] = []
        self._lock = threading.Lock()
        atexit.register(self.flush)

    def __call__(self, *_: Any) -> "Lines":  # noqa: ANN401 - what structlog tells of a logger
        """Every logger is this one."""
        return self

    def info(self, line: bytes) -> None:
        """Writes a line at the end of the turn of the event loop that runs here, if there is one, or at once."""
        self._waiting.append(line)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.flush()
            return
        if len(self._waiting) == 1:
            loop.call_soon(self.flush)
        elif len(self._waiting) >= MOST_LINES:
            self.flush()

    debug = info

    def error(self, line: bytes) -> None:
        """Writes a line at once, behind those that wait."""
        self._waiting.append(line)
        self.flush()

    warning = critical = error

    def flush(self) -> None:
        """Writes what waits, in order; of what can't be written there is nobody to tell."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            for block in _blocks(waiting):
                with contextlib.suppress(OSError, ValueError):
                    self._file.write(block)
                    self._file.flush()


def _blocks(lines: list[bytes]) -> list[bytes]:
    """The lines, as many of them together as may be."""
    blocks: list[bytes] = []
    start = size = 0
    for place, line in enumerate(lines):
        if size and size + len(line) > MOST_BYTES:
            blocks.append(b"".join(lines[start:place]))
            start, size = place, 0
        size += len(line)
    return [*blocks, b"".join(lines[start:])] if lines else blocks
