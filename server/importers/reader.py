"""Files read and prepared for publishing, here or in a process that does so for another one.

Such a process answers each request on its input with one response on its output, and ends with its input: so it does
not outlive the one that started it, however that ended.
"""

import gc
import pickle
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO, TypeAlias

from server.content.publication.preparation import Builder, DraftFile, Prepared, Unsound, prepare_or_refuse
from server.errors.content import RefusedError
from server.importers.files import Contents, Form, Manner, identity_of, open_file, read_data
from server.importers.stamps import Stamper

LENGTH_BYTES = 4
Name: TypeAlias = tuple[str, str]
OBJECTS = 100_000
"""How many are made between two searches for circles: hardly any has one, and most are gone with the response."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """Files to read; `builds` says whether most of them are probably new."""

    paths: tuple[Path, ...]
    manner: Manner
    stamper: Stamper
    builds: bool
    slugs: Mapping[str, str]
    """Those that answers in the files bear already, by external id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadFile:
    """A file with its answers ready to be published, or the reason why it can't be read."""

    path: Path
    answers: tuple[Prepared | Unsound, ...] = ()
    names: tuple[Name, ...] = ()
    """What no other file of the same import may be called."""
    form: Form | None = None
    faults: tuple[str, ...] = ()
    """What was left out of it, each with its line, and what to do."""
    without_text: int = 0
    error: str | None = None


def read(request: Request) -> list[ReadFile]:
    """The files of a request, in its order."""
    return [_read(path, request) for path in request.paths]


def _read(path: Path, request: Request) -> ReadFile:
    try:
        data = open_file(path)
        contents = read_data(path, data, manner=request.manner, slugs=request.slugs)
        return _prepared(path, contents, stamp=request.stamper.stamp(path, data), builds=request.builds)
    except RefusedError as error:
        return ReadFile(path=path, error=error.message)
    except Exception as error:  # noqa: BLE001 - the edge of a worker: what nobody foresaw of one file stops no other
        return ReadFile(path=path, error=f"the file can't be read, for a fault of ours ({type(error).__name__}).")


def _prepared(path: Path, contents: Contents, *, stamp: bytes, builds: bool) -> ReadFile:
    builder = Builder() if builds else None
    answers = len(contents.drafts) + len(contents.faults)
    file = DraftFile(stamp=stamp, answers=answers, without_text=contents.without_text, form=contents.form.value)
    return ReadFile(
        path=path,
        answers=tuple([prepare_or_refuse(draft, file=file, builder=builder) for draft in contents.drafts]),
        names=_names(path, contents),
        form=contents.form,
        faults=contents.faults,
        without_text=contents.without_text,
    )


def _names(path: Path, contents: Contents) -> tuple[Name, ...]:
    if contents.form is Form.MEDQUAD:
        return file_names(path)
    drafts = contents.drafts
    return tuple(
        [name for each in drafts for name in answer_names(each.slug, each.locale, external_id=each.external_id)]
    )


def file_names(path: Path) -> tuple[Name, ...]:
    """What a file is called by which its answers are identified."""
    return (("file", identity_of(path)),)


def answer_names(slug: str, locale: str, *, external_id: str | None) -> tuple[Name, ...]:
    """What an answer is called that is identified by itself."""
    named = (locale, slug)
    return (named,) if external_id is None else (named, ("", external_id))


def serve(requests: BinaryIO, responses: BinaryIO) -> None:
    """Answers requests until there are no more; goes on with the next whether anybody takes a response yet or not."""
    frames = SimpleQueue[bytes]()
    writing = Thread(target=_write, args=(frames, responses))
    writing.start()
    while head := requests.read(LENGTH_BYTES):
        request = pickle.loads(requests.read(int.from_bytes(head)))  # noqa: S301 - from the process that started it
        frames.put(framed(read(request)))
    frames.put(b"")
    writing.join()


def _write(frames: SimpleQueue[bytes], responses: BinaryIO) -> None:
    with suppress(BrokenPipeError):  # whoever asked is gone, and with it the input
        while frame := frames.get():
            responses.write(frame)
            responses.flush()


def framed(value: object) -> bytes:
    """A value as it passes between the processes: its length, then itself."""
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return len(data).to_bytes(LENGTH_BYTES) + data


def main() -> None:
    """The process."""
    gc.freeze()
    gc.set_threshold(OBJECTS)
    serve(sys.stdin.buffer, sys.stdout.buffer)
