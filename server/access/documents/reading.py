"""Reads a manifest from disk, in the form that its content says: JSON, or a folder of GraphQL files."""

from collections.abc import Iterator
from pathlib import Path

from server.access.documents.folders import SUFFIXES, read_folder
from server.access.documents.formats import read_json
from server.access.documents.manifests import MOST_BYTES, Manifest
from server.errors.content import NotFoundError, UnreadableError

_INSTALLED = "node_modules"


def read_manifest(path: Path) -> Manifest:
    """The manifest at a path; raises NotFoundError, and UnreadableError for what is none."""
    if path.is_dir():
        return read_folder(_files(path), folder=path.name or str(path))
    if not path.is_file():
        raise NotFoundError(f"there is no manifest at `{path}`.")
    if path.suffix in SUFFIXES:
        return read_folder([(path.name, _read(path, MOST_BYTES))], folder=path.name)
    try:
        return read_json(_read(path, MOST_BYTES), file=path.name)
    except UnreadableError as error:
        raise UnreadableError(f"{path.name}: {error.message}") from None


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    left = MOST_BYTES
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        is_hidden = any(part.startswith(".") or part == _INSTALLED for part in inner.parts)
        if path.suffix in SUFFIXES and not is_hidden and path.is_file():
            data = _read(path, left)
            left -= len(data)
            yield str(inner), data


def _read(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise UnreadableError(f"{path.name}: can't be read: {error.strerror}.") from None
    if len(data) > most:
        raise UnreadableError(f"{path.name}: a manifest has at most {MOST_BYTES:,} bytes.")
    return data
