"""Runs one Postgres program for as long as somebody uses it; a script that imports nothing but the standard library.

    python supervisor.py SPECIFICATION

It is a process of its own, so that a Caveat that is killed leaves no Postgres behind: every user holds a shared lock on
one file, which the kernel takes back when the user ends in whatever way, and the supervisor gets that file's exclusive
lock when the last one has gone. It drops root's rights before it starts anything.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

UNREACHABLE = 77
"""Its exit code where the ordinary user can't reach the program or the data."""

# https://man7.org/linux/man-pages/man2/prctl.2.html and capset.2.html
PR_SET_PDEATHSIG, PR_SET_SECUREBITS, PR_CAP_AMBIENT = 1, 28, 47
NO_SETUID_FIXUP = 1 << 2
AMBIENT_RAISE = 2
CAPABILITY_VERSION_3 = 0x20080522
POWERS = (None, 2, 1)
"""What an ordinary user may need to reach a folder below root's: nothing, CAP_DAC_READ_SEARCH or CAP_DAC_OVERRIDE."""

LASTING = 5.0
"""Seconds after which a program has not failed to start, whatever ended it."""

IS_LINUX = sys.platform == "linux"
LIBC = ctypes.CDLL(None, use_errno=True)


def main(specification: dict[str, Any]) -> int:
    """The exit code of the program, which ended by itself or because nobody used it any more."""
    os.setsid()
    users = os.open(specification["users"], os.O_RDWR)
    if not become(specification["uid"], specification["gid"], paths=specification["paths"]):
        return UNREACHABLE
    program = Program(specification["argv"])
    in_background(stop_when_unused, users, program)
    signal.signal(signal.SIGTERM, lambda *_: in_background(program.stop))
    program.run(revivals=specification["revivals"])
    if specification["remove"]:
        shutil.rmtree(specification["remove"], ignore_errors=True)
    return program.code


class Program:
    """The child process, started again where it ends without being asked to."""

    def __init__(self, argv: list[str]) -> None:
        self.argv = argv
        self.code = 0
        self.pid = 0
        self.is_stopping = False

    def run(self, *, revivals: int) -> None:
        """Starts the program and waits for its end; one that gives up at once, the first time, is not tried again.

        It is started again so often in a row: those that have run for a while begin a new row. The first times may
        well fail, since what is left of a Postgres that was killed holds its memory until it has noticed.
        """
        seconds = self.wait()
        if self.code >= 0 and seconds < 1:
            return
        failures = 0
        while failures < revivals and not self.is_stopping:
            time.sleep(min(0.2 + 0.1 * failures, 1))
            if not self.is_stopping:
                failures = 0 if self.wait() > LASTING else failures + 1

    def wait(self) -> float:
        """Starts the program once, waits for its end, and gives the seconds that it ran."""
        started = time.monotonic()
        self.pid = start(self.argv)
        if self.is_stopping:
            send(self.pid, signal.SIGINT)
        self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        self.pid = 0
        return time.monotonic() - started

    def stop(self) -> None:
        """Asks for a fast shutdown, then insists."""
        self.is_stopping = True
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            send(self.pid, number)
            time.sleep(10)


def in_background(function: Callable[..., None], *args: object) -> None:
    """Runs the function in a thread that does not keep the process alive."""
    threading.Thread(target=function, args=args, daemon=True).start()


def stop_when_unused(users: int, program: Program) -> None:
    """Waits for the last user to go."""
    fcntl.flock(users, fcntl.LOCK_EX)
    program.stop()


def send(pid: int, number: int) -> None:
    """Signals the process, if there is one."""
    if pid:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def start(argv: list[str]) -> int:
    """Starts a child that gets SIGINT when this process dies, and gives its process id."""
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        execute(argv, parent)
    return pid


def execute(argv: list[str], parent: int) -> None:
    """Becomes the program, with the signals as a program expects them."""
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        if IS_LINUX:  # the death of the thread that forked, which is the main one, and lives as long as the process
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
        if os.getppid() == parent:
            os.execv(argv[0], argv)  # noqa: S606 - no shell is wanted
    finally:
        os._exit(127)


def become(uid: int, gid: int, *, paths: list[str]) -> bool:
    """Turns root into that user, with the least power that reaches the paths; false where none does."""
    if os.geteuid() != 0:
        return True
    for power in POWERS if IS_LINUX else (None,):
        if succeeds_in_child(partial(reaches, uid, gid, power=power, paths=paths)):
            return drop_root(uid, gid, power=power)
    return False


def succeeds_in_child(attempt: Callable[[], bool]) -> bool:
    """Whether the attempt is true, made in a process that it may spoil."""
    pid = os.fork()
    if pid:
        return os.waitpid(pid, 0)[1] == 0
    try:
        os._exit(0 if attempt() else 1)
    finally:
        os._exit(1)


def reaches(uid: int, gid: int, *, power: int | None, paths: list[str]) -> bool:
    """Whether that user with that power can run the programs and search the folders; it stays that user."""
    return drop_root(uid, gid, power=power) and all(os.access(path, os.R_OK | os.X_OK) for path in paths)


def drop_root(uid: int, gid: int, *, power: int | None) -> bool:
    """Changes the user; keeps one capability, through the start of the program, where one is given."""
    if power is not None and LIBC.prctl(PR_SET_SECUREBITS, NO_SETUID_FIXUP, 0, 0, 0) != 0:
        return False
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    return power is None or keep_only(power)


def keep_only(power: int) -> bool:
    """Gives up every capability but one, and has that one survive `exec`."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(1 << power, 1 << power, 1 << power, 0, 0, 0)
    if LIBC.capset(ctypes.byref(header), ctypes.byref(sets)) != 0:
        return False
    return bool(LIBC.prctl(PR_CAP_AMBIENT, AMBIENT_RAISE, power, 0, 0) == 0)


if __name__ == "__main__":
    os._exit(main(json.loads(sys.argv[1])))
