"""Files published in batches, each answer whole or not at all."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from server.content.publication.preparation import Prepared, Unsound
from server.content.publishing import Outcome, OutcomeKind
from server.importers.ahead import reading
from server.importers.files import Form, Manner
from server.importers.reader import ReadFile

BATCH = 200
"""Answers in one transaction, or some more: those of one file go in together."""

Publish: TypeAlias = Callable[[Sequence[Prepared | Unsound]], Awaitable[list[Outcome]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """What became of one file."""

    path: Path
    form: Form | None = None
    outcomes: tuple[Outcome, ...] = ()
    """Of each of its answers."""
    without_text: int = 0
    error: str | None = None
    """Why the file was refused, with its line where one is to blame."""


@dataclass(kw_only=True, slots=True)
class Load:
    """An import that is under way: what waits, and what the files have been called so far."""

    publish: Publish
    on_loaded: Callable[[Loaded], None]
    finds_news: bool = True
    """Whether anything in the latest batch was new."""
    _batch: list[ReadFile] = field(default_factory=list)
    _later: list[ReadFile] = field(default_factory=list)
    _first: dict[tuple[str, str], Path] = field(default_factory=dict)

    async def add(self, file: ReadFile) -> None:
        """Takes a file; those that name another answer wait until all others are in."""
        if file.error is not None:
            self.on_loaded(Loaded(path=file.path, error=file.error))
            return
        for name in file.names:
            if self._first.setdefault(name, file.path) != file.path:
                reason = f"the same answer (`{name[1]}`) stands in {self._first[name]}."
                self.on_loaded(Loaded(path=file.path, error=reason))
                return
        (self._later if _names_another(file) else self._batch).append(file)
        if sum([len(each.answers) for each in self._batch]) >= BATCH:
            await self._flush()

    async def finish(self) -> None:
        """Publishes what waits: translations before retractions, which may name them."""
        await self._flush()
        self._later.sort(key=_is_retracted)
        while self._later:
            self._batch, self._later = self._later[:BATCH], self._later[BATCH:]
            await self._flush()

    async def _flush(self) -> None:
        batch, self._batch = self._batch, []
        answers = [answer for file in batch for answer in file.answers]
        outcomes = await self.publish(answers) if answers else []
        self.finds_news = any(outcome.kind is OutcomeKind.PUBLISHED for outcome in outcomes)
        place = 0
        for file in batch:
            theirs = tuple(outcomes[place : place + len(file.answers)])
            place += len(theirs)
            self.on_loaded(Loaded(path=file.path, form=file.form, outcomes=theirs, without_text=file.without_text))


def _names_another(file: ReadFile) -> bool:
    drafts = [answer.draft for answer in file.answers if isinstance(answer, Prepared)]
    return any(draft.translation_of or draft.retraction for draft in drafts)


def _is_retracted(file: ReadFile) -> bool:
    drafts = [answer.draft for answer in file.answers if isinstance(answer, Prepared)]
    return any(draft.retraction is not None for draft in drafts)


async def load(
    paths: Sequence[Path], *, publish: Publish, on_loaded: Callable[[Loaded], None], manner: Manner | None = None
) -> None:
    """Reads and publishes files; tells of each file, as soon as it is known, what became of it."""
    load = Load(publish=publish, on_loaded=on_loaded)
    async with reading(paths, manner or Manner()) as ahead:
        async for chunk in ahead.chunks():
            for file in chunk:
                await load.add(file)
            ahead.builds = load.finds_news
        await load.finish()
