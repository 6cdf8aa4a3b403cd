"""Reading ahead: files are read and prepared in other processes while this one publishes those before them."""

import asyncio
import contextlib
import os
import pickle
import sys
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen

from server.errors.root import CaveatError
from server.importers.files import Manner, weight
from server.importers.reader import LENGTH_BYTES, ReadFile, Request, framed, read
from server.importers.stamps import Stamper

CHUNK = 20
"""Files that are read at once."""
FEWEST = 200
"""Files below which other processes are not worth their start."""
EACH = 5_000
"""Files that each further process is worth its start for."""
MOST_READERS = 3
"""Who publishes takes no more than they read, whatever the machine has."""
MOST_BEGUN, MOST_BEGUN_BYTES = 1_200, 6_000_000
"""Files, and about how many bytes of them, that are asked for before there is a loop: what is made of them waits."""
_PIPE = 2**15
"""Bytes of requests that a process is sent before there is a loop: a pipe takes twice as many without making wait."""
_BUFFER = 2**20
"""Bytes of what a process has read that are taken from it at once."""
_ROOT = Path(__file__).parents[2]
_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from server.importers.reader import main; main()"


class Reader:
    """A process that reads. What it has read is taken from it at once, so that it never waits for whoever publishes."""

    def __init__(self) -> None:
        command = (sys.executable, "-P", "-c", _PROGRAM, str(_ROOT))
        # in a group of its own: Ctrl-C is for this process, which then ends them
        self.process = Popen(command, bufsize=0, stdin=PIPE, stdout=PIPE, process_group=0)
        self.asked = 0
        """How many requests it has before it."""
        self._begun = 0
        """The bytes of those that it got before there was a loop."""
        self._frames: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._input: asyncio.WriteTransport | None = None
        self._listening: asyncio.Task[None] | None = None

    def begin(self, request: Request) -> bool:
        """Sends a request where there is no loop yet, if there is room for it; whether it was sent."""
        data = framed(request)
        if self.process.stdin is None or self._begun + len(data) > _PIPE:
            return False
        with contextlib.suppress(BrokenPipeError):  # one that was ended is told where its answer is waited for
            self.process.stdin.write(data)
        self._begun += len(data)
        self.asked += 1
        return True

    async def ask(self, request: Request) -> None:
        """Sends a request, which is answered after those before it."""
        (await self._connected()).write(framed(request))
        self.asked += 1

    async def _connected(self) -> asyncio.WriteTransport:
        if self._input is None:
            loop, output = asyncio.get_running_loop(), asyncio.StreamReader(limit=_BUFFER)
            protocol = asyncio.StreamReaderProtocol(output)
            closing, _ = await loop.connect_read_pipe(lambda: protocol, self.process.stdout)
            self._input, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, self.process.stdin)
            self._listening = asyncio.create_task(self._listen(output, closing))
        return self._input

    async def answer(self) -> list[ReadFile]:
        """The answer to the first request that has none yet; raises CaveatError where the process was ended."""
        await self._connected()
        frame = await self._frames.get()
        if frame is None:
            self._frames.put_nowait(None)
            raise CaveatError("A process that read files was ended: import again, what went in is kept.")
        files: list[ReadFile] = pickle.loads(frame)  # noqa: S301 - our own process
        return files

    async def _listen(self, output: asyncio.StreamReader, closing: asyncio.BaseTransport) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                length = int.from_bytes(await output.readexactly(LENGTH_BYTES))
                self._frames.put_nowait(await output.readexactly(length))
                self.asked -= 1
        closing.close()
        self._frames.put_nowait(None)

    async def close(self) -> None:
        """Ends the process, whatever it is about, and hears it out."""
        self.end()
        if self._listening is not None and self._input is not None:
            self._input.close()
            await self._listening

    def end(self) -> None:
        """Ends the process."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None and self._input is None:
                pipe.close()


class Ahead:
    """The files of one import, read in their order: in other processes where there are many."""

    def __init__(self, manner: Manner) -> None:
        self.builds = True
        """Whether most of the files to come are probably new; whoever publishes them may say."""
        self.readers: list[Reader] = []
        self.stamper = Stamper.of(manner)
        self._manner = manner
        self._begun: list[tuple[Request, Reader]] = []

    def start(self, files: int) -> None:
        """Starts the processes that so many files are worth, one a core at most: who publishes often waits itself."""
        wanted = min(os.cpu_count() or 1, MOST_READERS, files // EACH + 1) if files >= FEWEST else 0
        self.readers += [Reader() for _ in range(wanted - len(self.readers))]

    def begin(self, files: Sequence[Path]) -> None:
        """Has the first of the files read where there is no loop yet, if they are worth processes of their own."""
        self.start(len(files))
        left = MOST_BEGUN_BYTES
        for start in range(0, min(len(files), MOST_BEGUN) if self.readers else 0, CHUNK):
            request, reader = self._request(files[start : start + CHUNK], {}), min(self.readers, key=_asked)
            left -= sum(map(weight, request.paths))
            if left < 0 or not reader.begin(request):
                return
            self._begun.append((request, reader))

    def begun(self) -> tuple[Sequence[Path], AsyncGenerator[ReadFile, None]]:
        """What was begun, to be taken before all that is asked for."""
        begun, self._begun = self._begun, []
        return [path for request, _ in begun for path in request.paths], _take([reader for _, reader in begun])

    async def ask(
        self, paths: Sequence[Path], *, more: int = 0, slugs: Mapping[Path, Mapping[str, str]] | None = None
    ) -> AsyncGenerator[ReadFile, None]:
        """Has files read, which are to be taken in their order, before those that are asked for later.

        `more` says how many are probably asked for later, `slugs` which ones the answers in a file bear already, by
        external id. To take a file raises CaveatError where a process that reads was ended from outside.
        """
        self.start(len(paths) + more)
        requests = [self._request(paths[start : start + CHUNK], slugs or {}) for start in range(0, len(paths), CHUNK)]
        if not self.readers:
            return _read_here(requests)
        asked = []
        for request in requests:
            reader = min(self.readers, key=_asked)
            await reader.ask(request)
            asked.append(reader)
        return _take(asked)

    async def close(self) -> None:
        """Ends the processes."""
        for reader in self.readers:
            await reader.close()

    def end(self) -> None:
        """Ends the processes."""
        for reader in self.readers:
            reader.end()

    def _request(self, paths: Sequence[Path], slugs: Mapping[Path, Mapping[str, str]]) -> Request:
        theirs = {external_id: slug for path in paths for external_id, slug in slugs.get(path, {}).items()}
        return Request(paths=tuple(paths), manner=self._manner, stamper=self.stamper, builds=self.builds, slugs=theirs)


def _asked(reader: Reader) -> int:
    return reader.asked


@contextmanager
def reading(manner: Manner | None = None) -> Iterator[Ahead]:
    """Reads files ahead; the processes end with the block at the latest."""
    ahead = Ahead(manner or Manner())
    try:
        yield ahead
    finally:
        ahead.end()


async def _read_here(requests: Iterable[Request]) -> AsyncGenerator[ReadFile, None]:
    for request in requests:
        for file in read(request):
            yield file


async def _take(asked: Iterable[Reader]) -> AsyncGenerator[ReadFile, None]:
    for reader in asked:
        for file in await reader.answer():
            yield file
