"""Files on their way in: found, read, and published in batches, each answer whole or not at all."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from server.content.draft import Draft
from server.content.publishing import Outcome, OutcomeKind
from server.errors import NotFoundError, RefusedError, UnreadableError
from server.importers.markdown.reading import read_markdown
from server.importers.page.reading import read_page

BATCH = 100
"""Drafts in one transaction."""
SUFFIXES = (".md", ".txt")

Publish: TypeAlias = Callable[[Sequence[Draft]], Awaitable[list[Outcome]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """What became of one file."""

    path: Path
    outcome: Outcome | None = None
    error: str | None = None
    """Why the file was refused, with its line where one is to blame."""


@dataclass(kw_only=True, slots=True)
class Load:
    """An import that is under way: what waits, and which answers the files have named so far."""

    publish: Publish
    on_loaded: Callable[[Loaded], None]
    _batch: list[tuple[Path, Draft]] = field(default_factory=list)
    _later: list[tuple[Path, Draft]] = field(default_factory=list)
    _first: dict[tuple[str, str], Path] = field(default_factory=dict)

    async def add(self, path: Path, draft: Draft) -> None:
        """Takes a draft; those that name another answer wait until all others are in."""
        for name in ((draft.locale, draft.slug), ("", draft.external_id or "")):
            if name[1] and self._first.setdefault(name, path) != path:
                reason = f"the same answer (`{name[1]}`) stands in {self._first[name].name}."
                self.on_loaded(Loaded(path=path, error=reason))
                return
        names_another = draft.translation_of or draft.retraction
        (self._later if names_another else self._batch).append((path, draft))
        if len(self._batch) >= BATCH:
            await self._flush()

    async def finish(self) -> None:
        """Publishes what waits: translations before retractions, which may name them."""
        await self._flush()
        self._later.sort(key=lambda item: item[1].retraction is not None)
        while self._later:
            self._batch, self._later = self._later[:BATCH], self._later[BATCH:]
            await self._flush()

    async def _flush(self) -> None:
        batch, self._batch = self._batch, []
        outcomes = await self.publish([draft for _, draft in batch]) if batch else []
        for (path, _), outcome in zip(batch, outcomes, strict=True):
            refused = outcome.kind is OutcomeKind.REFUSED
            self.on_loaded(Loaded(path=path, outcome=outcome, error=outcome.reason if refused else None))


async def load(paths: Sequence[Path], *, publish: Publish, locale: str, on_loaded: Callable[[Loaded], None]) -> None:
    """Reads and publishes files; tells of each file, as soon as it is known, what became of it."""
    load = Load(publish=publish, on_loaded=on_loaded)
    for path, result in read_files(paths, locale=locale):
        if isinstance(result, Draft):
            await load.add(path, result)
        else:
            on_loaded(Loaded(path=path, error=result))
    await load.finish()


def find_files(path: Path) -> list[Path]:
    """The file itself, or every page and Markdown file in and below a directory; raises NotFoundError."""
    if path.is_dir():
        found = sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES and not _is_hidden(file, path))
        if not found:
            raise NotFoundError(f"{path} holds no file that ends in {' or '.join(SUFFIXES)}.")
        return found
    if not path.exists():
        raise NotFoundError(f"{path} is not there.")
    return [path]


def _is_hidden(file: Path, root: Path) -> bool:
    return not file.is_file() or any(part.startswith(".") for part in file.relative_to(root).parts)


def read_files(paths: Iterable[Path], *, locale: str) -> Iterator[tuple[Path, Draft | str]]:
    """Each file with its draft, or with the reason why it can't be read."""
    for path in paths:
        try:
            yield path, read_file(path, locale=locale)
        except RefusedError as error:
            yield path, error.message


def read_file(path: Path, *, locale: str) -> Draft:
    """The draft in a file: Markdown by its name or its front matter, a page otherwise. Raises UnreadableError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"the file can't be opened: {error.strerror}.") from error
    is_markdown = path.suffix == ".md" or data.removeprefix(b"\xef\xbb\xbf").startswith((b"---\n", b"---\r\n"))
    return read_markdown(data) if is_markdown else read_page(data, locale=locale)
