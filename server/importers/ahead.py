"""Reading ahead: files are read and prepared in other processes while this one publishes those before them."""

import asyncio
import contextlib
import os
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

from server.errors.root import CaveatError
from server.importers.files import Manner
from server.importers.reader import LENGTH_BYTES, ReadFile, Request, framed, read
from server.importers.stamps import Stamper

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

    def __init__(self, manner: Manner, stamper: Stamper) -> None:
        self.builds = True
        """Whether most of the files to come are probably new; whoever publishes them may say."""
        self.readers: list[Process] = []
        """Started with the first files that are worth it."""
        self._manner = manner
        self._stamper = stamper

    async def files(self, paths: Sequence[Path]) -> AsyncGenerator[ReadFile, None]:
        """The files, as they are read; raises CaveatError where a process that reads was ended from outside."""
        requests = self._requests(paths)
        if len(paths) >= FEWEST and not self.readers:
            await self._start()
        async with aclosing(self._answers(requests) if self.readers else _answers_here(requests)) as answers:
            async for files in answers:
                for file in files:
                    yield file

    async def close(self) -> None:
        """Ends the processes, whatever they are about."""
        for reader in self.readers:
            with contextlib.suppress(ProcessLookupError):
                reader.kill()
            await reader.communicate()  # to wait alone would wait forever for what nobody reads of its output

    def _requests(self, paths: Sequence[Path]) -> Iterator[Request]:
        for start in range(0, len(paths), CHUNK):
            chunk = tuple(paths[start : start + CHUNK])
            yield Request(paths=chunk, manner=self._manner, stamper=self._stamper, builds=self.builds)

    async def _start(self) -> None:
        for _ in range(max(1, (os.cpu_count() or 1) - 1)):
            self.readers.append(await _started())

    async def _answers(self, requests: Iterator[Request]) -> AsyncGenerator[list[ReadFile], None]:
        asked = deque([reader for _ in range(_DEPTH) for reader in self.readers if _ask(reader, requests)])
        while asked:
            reader = asked.popleft()
            files = await _answer(reader)
            if _ask(reader, requests):
                asked.append(reader)
            yield files


@asynccontextmanager
async def reading(manner: Manner, stamper: Stamper) -> AsyncIterator[Ahead]:
    """Reads files ahead: in other processes, on every core but one, where there are many."""
    ahead = Ahead(manner, stamper)
    try:
        yield ahead
    finally:
        await ahead.close()


async def _answers_here(requests: Iterator[Request]) -> AsyncGenerator[list[ReadFile], None]:
    for request in requests:
        yield read(request)


def _ask(reader: Process, requests: Iterator[Request]) -> bool:
    request = next(requests, None)
    if request is not None and reader.stdin is not None:
        reader.stdin.write(framed(request))
    return request is not None


async def _started() -> Process:
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
