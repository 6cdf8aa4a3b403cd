"""Reading ahead: files are read and prepared in other processes while this one publishes those before them."""

import asyncio
import contextlib
import os
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from server.errors.root import CaveatError
from server.importers.files import Manner
from server.importers.reader import LENGTH_BYTES, ReadFile, Request, framed, read

CHUNK = 40
"""Files that are read at once."""
FEWEST = 200
"""Files below which other processes are not worth their start."""
_DEPTH = 2
"""Chunks that each process has before it: one that it reads and one that waits."""
_ROOT = Path(__file__).parents[2]
_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from server.importers.reader import main; main()"


class Ahead:
    """The files of one import, read in their order."""

    def __init__(self, paths: Sequence[Path], manner: Manner, *, readers: Sequence[Process]) -> None:
        self.builds = True
        """Whether most of the files to come are probably new; whoever publishes them may say."""
        self._manner = manner
        self._chunks = iter([tuple(paths[start : start + CHUNK]) for start in range(0, len(paths), CHUNK)])
        self.readers = readers

    async def chunks(self) -> AsyncIterator[list[ReadFile]]:
        """The files, some at a time; raises CaveatError where a process that reads was ended from outside."""
        if not self.readers:
            for request in self._requests():
                yield read(request)
            return
        asked = deque([reader for _ in range(_DEPTH) for reader in self.readers if self._ask(reader)])
        while asked:
            reader = asked.popleft()
            files = await _answer(reader)
            if self._ask(reader):
                asked.append(reader)
            yield files

    def _requests(self) -> Iterator[Request]:
        for paths in self._chunks:
            yield Request(paths=paths, manner=self._manner, builds=self.builds)

    def _ask(self, reader: Process) -> bool:
        request = next(self._requests(), None)
        if request is not None and reader.stdin is not None:
            reader.stdin.write(framed(request))
        return request is not None


@asynccontextmanager
async def reading(paths: Sequence[Path], manner: Manner) -> AsyncIterator[Ahead]:
    """Reads files ahead: in other processes, on every core but one, where there are many."""
    count = max(1, (os.cpu_count() or 1) - 1) if len(paths) >= FEWEST else 0
    readers: list[Process] = []
    try:
        for _ in range(count):
            readers.append(await _start())  # noqa: PERF401 - those that have started are ended, come what may
        yield Ahead(paths, manner, readers=readers)
    finally:
        for reader in readers:
            with contextlib.suppress(ProcessLookupError):
                reader.kill()
            await reader.communicate()  # to wait alone would wait forever for what nobody reads of its output


async def _start() -> Process:
    command = (sys.executable, "-P", "-c", _PROGRAM, _ROOT)
    # in a group of its own: Ctrl-C is for this process, which then ends them
    return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, process_group=0)


async def _answer(reader: Process) -> list[ReadFile]:
    if reader.stdout is None:
        raise CaveatError("A process that reads files has no output.")
    try:
        length = int.from_bytes(await reader.stdout.readexactly(LENGTH_BYTES))
        files: list[ReadFile] = pickle.loads(await reader.stdout.readexactly(length))  # noqa: S301 - our own process
    except (asyncio.IncompleteReadError, ConnectionError):
        raise CaveatError("A process that read files was ended: import again, what went in is kept.") from None
    return files
