"""Several processes that serve one socket, and the supervisor that starts them, starts them again and ends them.

They are forked from a process that has loaded everything and opened nothing, so that they share its memory. Whatever
ends the supervisor, SIGKILL too, ends them.
"""

import gc
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from typing import TypeAlias

import structlog

from server.db.supervisor import IS_LINUX, LIBC, PR_SET_PDEATHSIG
from server.errors.machine import SetupError

MOST_WORKERS = 64
STOP_SECONDS = 9.0
"""How long they may take at the end before they are killed: by themselves they take no longer than one process."""
LASTING = 10.0
"""Seconds after which a worker has not failed to start, whatever ended it."""
LONGEST_PAUSE = 5.0

Serve: TypeAlias = Callable[[int, Callable[[], None]], None]

log = structlog.get_logger()
_forking = multiprocessing.get_context("fork")


@dataclass(kw_only=True)
class _Worker:
    """The process at one place; another one takes the place when it ends."""

    number: int
    process: ForkProcess
    started: float = field(default_factory=time.monotonic)
    is_ready: bool = False


class Workers:
    """So many processes, each of which runs `serve` with its number and with what to call when it is ready."""

    def __init__(
        self, count: int, serve: Serve, *, when_ready: Callable[[], None], when_stopping: Callable[[], None]
    ) -> None:
        self._count = count
        self._serve = serve
        self._when_ready = when_ready
        self._when_stopping = when_stopping
        """Called before they are asked to finish: what they were to share is not given to another one any more."""
        self._workers: dict[int, _Worker] = {}
        self._waiting: dict[int, float] = {}
        """When the worker of a number is started again."""
        self._failures = [0] * count
        self._is_ready = False
        self._is_stopping = False
        self._news, self._teller = _forking.Pipe(duplex=False)

    def run(self) -> None:
        """Serves until SIGINT or SIGTERM; raises SetupError where a worker ends before all have been ready."""
        for ending in (signal.SIGINT, signal.SIGTERM):
            signal.signal(ending, lambda *_: self._teller.send(None))
        gc.collect()
        gc.freeze()  # what is there already is not looked at again, and so stays shared
        try:
            for number in range(self._count):
                self._start(number)
            while not self._is_stopping:
                self._turn()
        finally:
            self._stop()

    def _turn(self) -> None:
        """Waits for what happens next: news of a worker, its end, a signal, or the time to start one again."""
        pauses = [moment - time.monotonic() for moment in self._waiting.values()]
        sentinels = {worker.process.sentinel: worker for worker in self._workers.values()}
        for event in wait([self._news, *sentinels], timeout=max(0, min(pauses)) if pauses else None):
            if isinstance(event, Connection):
                self._hear(event.recv())
            elif isinstance(event, int):
                self._bury(sentinels[event])
        for number in [number for number, moment in self._waiting.items() if moment <= time.monotonic()]:
            del self._waiting[number]
            self._start(number)

    def _hear(self, number: int | None) -> None:
        """A worker is ready, or, without a number, all are to stop."""
        if number is None:
            self._is_stopping = True
        elif number in self._workers:
            self._workers[number].is_ready = True
            if not self._is_ready and sum(worker.is_ready for worker in self._workers.values()) == self._count:
                self._is_ready = True
                self._when_ready()

    def _start(self, number: int) -> None:
        process = _forking.Process(target=self._work, args=(number, os.getpid()), name=f"worker {number}")
        process.start()
        self._workers[number] = _Worker(number=number, process=process)

    def _bury(self, worker: _Worker) -> None:
        """Notes that a worker has ended unasked, and when another one takes its place: the later, the more often."""
        worker.process.join()
        del self._workers[worker.number]
        code = worker.process.exitcode
        if not self._is_ready:
            raise SetupError(f"A worker ended with exit code {code} before it could serve: see what it has logged.")
        lasted = time.monotonic() - worker.started > LASTING
        self._failures[worker.number] = 0 if lasted else self._failures[worker.number] + 1
        pause = min(LONGEST_PAUSE, 0.1 * 2 ** self._failures[worker.number])
        self._waiting[worker.number] = time.monotonic() + pause
        log.warning("worker ended", worker=worker.number, exit_code=code, starts_again_in=pause)

    def _stop(self) -> None:
        """Asks all to finish, and kills those that do not."""
        self._when_stopping()
        processes = [worker.process for worker in self._workers.values()]
        for process in processes:
            process.terminate()
        limit = time.monotonic() + STOP_SECONDS
        for process in processes:
            process.join(max(0, limit - time.monotonic()))
            process.kill()
            process.join()

    def _work(self, number: int, supervisor: int) -> None:
        """One worker's life."""
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_DFL)
        if IS_LINUX:
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != supervisor:
            sys.exit(1)
        self._serve(number, lambda: self._teller.send(number))
