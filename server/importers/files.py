"""Files on their way in: found below a directory, told apart by their content, and read as drafts."""

import datetime
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from server.content.draft import Draft
from server.deferral import load
from server.errors.content import NotFoundError, RefusedError, UnreadableError
from server.importers.medquad.reading import beginning_of, read_medquad

MEDQUAD_PUBLISHED_ON = datetime.date(2019, 10, 22)
"""The day on which the paper appeared that MedQuAD comes with (BMC Bioinformatics 20, 511): its files bear no date.

It says when the collection was there, not when an institute wrote a page. A fixed one lets digests repeat.
"""

_SNIFFED = 4096
_SURROGATE = re.compile("[\ud800-\udfff]")
"""What stands in a file's name for a byte that is not UTF-8."""
_MEDQUAD = re.compile(
    # atomic: what is no such file is found out in one pass
    rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*(?>(?:<\?.*?\?>|<!--.*?-->)\s*)*+<(?:Document|doc|DiseaseFile)[\s>]",
    re.DOTALL,
)


class Form(StrEnum):
    """What sort of file an importer reads."""

    PAGE = "page"
    MARKDOWN = "markdown"
    MEDQUAD = "medquad"


_SUFFIXES: dict[Form, tuple[str, ...]] = {Form.PAGE: (".txt",), Form.MARKDOWN: (".md",), Form.MEDQUAD: (".xml",)}
SUFFIXES = (*_SUFFIXES[Form.MARKDOWN], *_SUFFIXES[Form.PAGE])
"""Of the files that a directory is searched for, unless it holds files of MedQuAD: then for those alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Manner:
    """How files are read: what they do not say themselves."""

    locale: str = "en"
    """The language of pages."""
    published_on: datetime.date = MEDQUAD_PUBLISHED_ON
    """The date of files of MedQuAD."""
    form: Form | None = None
    """None where the content of each file tells."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contents:
    """What a file holds."""

    drafts: tuple[Draft, ...]
    faults: tuple[str, ...] = ()
    """What was left out of it, each with its line, and what to do."""
    without_text: int = 0
    """Questions that have no answer in it."""
    form: Form


def find_files(path: Path, form: Form | None = None) -> list[Path]:
    """The file itself, or every file of the form in and below a directory; raises NotFoundError.

    A directory that can't be looked into stands for its files: whoever opens it will tell.
    """
    if path.is_dir():
        suffixes = _SUFFIXES[form or Form.MEDQUAD]
        files, closed = _below(path)
        found = _ending(files, suffixes)
        if form is None and not any(map(_is_medquad_file, found)):
            suffixes = SUFFIXES
            found = _ending(files, suffixes)
        if not found and not closed:
            raise NotFoundError(f"{path} holds no file that ends in {' or '.join(suffixes)}.")
        return [*map(Path, closed), *found]
    if not path.exists():
        raise NotFoundError(f"{path} is not there.")
    return [path]


def _below(folder: Path) -> tuple[list[str], list[str]]:
    """What is in a folder and below it but for what is hidden, and the folders that can't be looked into.

    As text, for a Path costs more than to find a file. Links to folders are followed last, and none is met twice.
    """
    found: list[str] = []
    closed: list[str] = []
    met: set[tuple[int, int]] = set()
    waiting = [str(folder)]
    for start in waiting:  # grows while it is gone through
        for parent, folders, names in os.walk(start, onerror=lambda error: closed.append(error.filename)):
            status = os.stat(parent)  # noqa: PTH116
            if (status.st_dev, status.st_ino) in met:
                folders.clear()
                continue
            met.add((status.st_dev, status.st_ino))
            waiting += [path for path in _shown(parent, folders) if os.path.islink(path)]  # noqa: PTH114
            folders[:] = [name for name in folders if not name.startswith(".")]
            found += _shown(parent, names)
    return found, closed


def _shown(parent: str, names: Iterable[str]) -> list[str]:
    return [os.path.join(parent, name) for name in names if not name.startswith(".")]  # noqa: PTH118


def _ending(files: Iterable[str], suffixes: tuple[str, ...]) -> list[Path]:
    """Those that are files, or links to nothing, which whoever opens them will tell."""
    named = [file for file in files if file.lower().endswith(suffixes)]
    found = [Path(file) for file in named if os.path.isfile(file) or not os.path.exists(file)]  # noqa: PTH110, PTH113
    return sorted(found, key=lambda file: file.parts)


def _is_medquad_file(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return _begins_medquad(file.read(_SNIFFED))
    except OSError:
        return False


def _begins_medquad(data: bytes) -> bool:
    return _MEDQUAD.match(data.replace(b"\0", b"")) is not None  # as it is in UTF-16


def read_files(paths: Iterable[Path], manner: Manner) -> Iterator[tuple[Path, Draft | str]]:
    """Each draft with its file, and each file that can't be read, or what was left out of one, with the reason."""
    for path in paths:
        try:
            contents = read_file(path, manner)
            yield from [(path, draft) for draft in contents.drafts]
            yield from [(path, fault) for fault in contents.faults]
        except RefusedError as error:
            yield path, error.message


def read_file(path: Path, manner: Manner) -> Contents:
    """What a file holds; raises UnreadableError."""
    return read_data(path, open_file(path), manner=manner, slugs={})


def weight(path: Path) -> int:
    """The bytes of a file, as far as they can be told."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def open_file(path: Path) -> bytes:
    """The bytes of a file; raises UnreadableError."""
    try:
        return path.read_bytes()
    except IsADirectoryError:
        raise UnreadableError("the directory can't be looked into: let its user read it.") from None
    except OSError as error:
        raise UnreadableError(f"the file can't be opened: {error.strerror}.") from error


def read_data(path: Path, data: bytes, *, manner: Manner, slugs: Mapping[str, str]) -> Contents:
    """What a file that has these bytes holds; raises UnreadableError.

    `slugs` has those that its answers bear already, by external id; they count where the slug is not in the file.
    """
    form = manner.form or _form_of(path, data)
    match form:
        case Form.PAGE:
            page: Draft = load("server.importers.page.reading:read_page")(data, locale=manner.locale)
            return Contents(drafts=(page,), form=form)
        case Form.MARKDOWN:
            written: Draft = load("server.importers.markdown.reading:read_markdown")(data)
            return Contents(drafts=(written,), form=form)
        case Form.MEDQUAD:
            return _read_medquad(path, data, manner=manner, slugs=slugs)


def _form_of(path: Path, data: bytes) -> Form:
    if path.suffix.lower() == ".md" or data.removeprefix(b"\xef\xbb\xbf").startswith((b"---\n", b"---\r\n")):
        return Form.MARKDOWN
    return Form.MEDQUAD if path.suffix.lower() == ".xml" or _begins_medquad(data[:_SNIFFED]) else Form.PAGE


def place_of(path: Path) -> tuple[str, str]:
    """The names of the folder that a file is in, and of the file."""
    folder, name = os.path.split(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
    return os.path.basename(folder), name  # noqa: PTH119 - a Path costs many times more


def identity_of(path: Path) -> str:
    """What the answers of a file of MedQuAD are identified by."""
    return f"{place_of(path)[0]}/{path.stem}"


def ids_begin_with(path: Path) -> str | None:
    """What the external ids of its answers begin with if it is a file of MedQuAD; None where its name is no text."""
    identity = identity_of(path)
    return None if _SURROGATE.search(identity) else beginning_of(identity)


def _read_medquad(path: Path, data: bytes, *, manner: Manner, slugs: Mapping[str, str]) -> Contents:
    identity = identity_of(path)
    if _SURROGATE.search(identity):
        raise UnreadableError("its answers are known by its name, which is not UTF-8: rename it.")
    reading = read_medquad(data, identity=identity, published_on=manner.published_on, slugs=slugs)
    return Contents(drafts=reading.drafts, faults=reading.faults, without_text=reading.without_text, form=Form.MEDQUAD)
