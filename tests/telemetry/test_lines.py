import asyncio
import io
import subprocess
import sys
import threading

import pytest

from server.telemetry.lines import MOST_BYTES, MOST_LINES, Lines


class Written(io.BytesIO):
    """A file that remembers its writes one by one."""

    def __init__(self):
        super().__init__()
        self.writes = []

    def write(self, data):
        self.writes.append(data)
        return super().write(data)


async def test_lines_of_one_turn_of_the_loop_are_written_together_at_its_end():
    file = Written()
    lines = Lines(file)
    lines.info(b"a\n")
    lines.debug(b"b\n")
    before = list(file.writes)

    await asyncio.sleep(0)
    lines.info(b"c\n")
    await asyncio.sleep(0)

    assert (before, file.writes) == ([], [b"a\nb\n", b"c\n"])


@pytest.mark.parametrize("level", ["warning", "error", "critical"])
async def test_what_matters_more_is_written_at_once_behind_what_waits(level):
    file = Written()
    lines = Lines(file)
    lines.info(b"a\n")
    getattr(lines, level)(b"b\n")

    assert file.getvalue() == b"a\nb\n"


def test_where_no_loop_runs_every_line_is_written_at_once():
    file = Written()
    Lines(file).info(b"a\n")

    assert file.writes == [b"a\n"]


async def test_what_is_left_of_a_loop_that_stopped_is_written_with_the_next(monkeypatch):
    file = Written()
    lines = Lines(file)
    with monkeypatch.context() as stopped:
        stopped.setattr(asyncio.get_running_loop(), "call_soon", lambda *_: None, raising=False)
        for _ in range(MOST_LINES - 1):
            lines.info(b"a\n")
    assert file.writes == []

    lines.info(b"b\n")

    assert file.getvalue() == b"a\n" * (MOST_LINES - 1) + b"b\n"


async def test_no_more_is_written_together_than_a_pipe_takes_whole():
    file = Written()
    lines = Lines(file)
    sent = [b"%03d%s\n" % (number, b"x" * 300) for number in range(100)]
    sent[50] = b"y" * 3 * MOST_BYTES + b"\n"
    for line in sent:
        lines.info(line)
    await asyncio.sleep(0)

    assert b"".join(file.writes) == b"".join(sent)
    assert [size for size in map(len, file.writes) if size > MOST_BYTES] == [len(sent[50])]
    assert len(file.writes) < 12


def test_where_nobody_reads_any_more_nothing_happens():
    file = Written()
    file.close()
    Lines(file).error(b"a\n")

    assert file.writes == [b"a\n"]


def test_what_can_not_be_written_takes_nothing_along_that_comes_after_it():
    class Full(Written):
        def write(self, data):
            if data.startswith(b"a"):
                raise BlockingIOError
            return super().write(data)

    file = Full()
    lines = Lines(file)
    lines._waiting += [b"a" * MOST_BYTES, b"b\n"]
    lines.flush()

    assert file.writes == [b"b\n"]


def test_lines_of_several_threads_are_all_written_and_whole():
    file = Written()
    lines = Lines(file)

    def write(name):
        for number in range(500):
            (lines.info if number % 2 else lines.error)(b"%d %d\n" % (name, number))

    threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(file.getvalue().splitlines()) == sorted(
        b"%d %d" % (name, number) for name in range(4) for number in range(500)
    )


def test_what_waits_when_the_process_ends_is_written():
    program = """
import asyncio, sys, types
from server.telemetry.lines import Lines
asyncio.get_running_loop = lambda: types.SimpleNamespace(call_soon=lambda *_: None)
Lines(sys.stderr.buffer).info(b"a\\n")
"""
    ended = subprocess.run([sys.executable, "-c", program], check=True, stderr=subprocess.PIPE)

    assert ended.stderr == b"a\n"
