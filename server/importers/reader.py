"""Files read and prepared for publishing, here or in a process that does so for another one.

Such a process answers each request on its input with one response on its output, and ends with its input: so it does
not outlive the one that started it, however that ended.
"""

import gc
import pickle
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from server.content.draft import Draft
from server.content.publication.preparation import Builder, Prepared, Unsound, prepare_or_refuse
from server.errors.content import RefusedError
from server.importers.files import Contents, Form, Manner, read_file

LENGTH_BYTES = 4
_OBJECTS = 100_000
"""How many are made between two searches for circles: hardly any has one, and most are gone with the response."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """Files to read; `builds` says whether most of them are probably new."""

    paths: tuple[Path, ...]
    manner: Manner
    builds: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadFile:
    """A file with its answers ready to be published, or the reason why it can't be read."""

    path: Path
    answers: tuple[Prepared | Unsound, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    """What no other file of the same import may be called."""
    form: Form | None = None
    without_text: int = 0
    error: str | None = None


def read(request: Request) -> list[ReadFile]:
    """The files of a request, in its order."""
    return [_read(path, request) for path in request.paths]


def _read(path: Path, request: Request) -> ReadFile:
    try:
        return _prepared(path, read_file(path, request.manner), builds=request.builds)
    except RefusedError as error:
        return ReadFile(path=path, error=error.message)
    except Exception as error:  # noqa: BLE001 - the edge of a worker: what nobody foresaw of one file stops no other
        return ReadFile(path=path, error=f"the file can't be read, for a fault of ours ({type(error).__name__}).")


def _prepared(path: Path, contents: Contents, *, builds: bool) -> ReadFile:
    builder = Builder() if builds else None
    return ReadFile(
        path=path,
        answers=tuple([prepare_or_refuse(draft, builder) for draft in contents.drafts]),
        names=_names(contents),
        form=contents.form,
        without_text=contents.without_text,
    )


def _names(contents: Contents) -> tuple[tuple[str, str], ...]:
    if contents.identity is not None:
        return (("file", contents.identity),)
    return tuple([name for draft in contents.drafts for name in _draft_names(draft)])


def _draft_names(draft: Draft) -> Sequence[tuple[str, str]]:
    named = (draft.locale, draft.slug)
    return (named,) if draft.external_id is None else (named, ("", draft.external_id))


def serve(requests: BinaryIO, responses: BinaryIO) -> None:
    """Answers requests until there are no more."""
    while head := requests.read(LENGTH_BYTES):
        request = pickle.loads(requests.read(int.from_bytes(head)))  # noqa: S301 - from the process that started it
        responses.write(framed(read(request)))
        responses.flush()


def framed(value: object) -> bytes:
    """A value as it passes between the processes: its length, then itself."""
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return len(data).to_bytes(LENGTH_BYTES) + data


def main() -> None:
    """The process."""
    gc.freeze()
    gc.set_threshold(_OBJECTS)
    serve(sys.stdin.buffer, sys.stdout.buffer)
