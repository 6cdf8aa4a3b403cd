"""Files published in batches, each answer whole or not at all."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from server.content.files import KnownFile
from server.content.publication.preparation import Prepared, Unsound
from server.content.publishing import Outcome, OutcomeKind
from server.importers.ahead import Ahead
from server.importers.files import Form
from server.importers.reader import Name, ReadFile, answer_names, file_names
from server.importers.windows import Recall, Window, windows

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
    faults: tuple[str, ...] = ()
    """What was left out of it, each with its line, and what to do."""
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
    _answers: int = 0
    """How many there are in the batch."""
    _later: list[ReadFile] = field(default_factory=list)
    _first: dict[Name, Path] = field(default_factory=dict)

    async def add(self, file: ReadFile) -> None:
        """Takes a file; those that name another answer wait until all others are in."""
        if file.error is not None:
            self.on_loaded(Loaded(path=file.path, error=file.error))
            return
        if self._refuses(file.path, file.names):
            return
        if not file.answers:
            self._tell(file)
            return
        if _names_another(file):
            self._later.append(file)
            return
        self._batch.append(file)
        self._answers += len(file.answers)
        if self._answers >= BATCH:
            await self._flush()

    def add_known(self, path: Path, file: KnownFile) -> None:
        """Takes a file that need not be read, for nothing of it has changed."""
        if self._refuses(path, _known_names(path, file)):
            return
        outcomes = tuple(
            [
                Outcome(kind=OutcomeKind.UNCHANGED, slug=each.slug, locale=each.locale, revision=each.revision)
                for each in file.answers
            ]
        )
        self.on_loaded(Loaded(path=path, form=Form(file.form), outcomes=outcomes, without_text=file.without_text))

    async def finish(self) -> None:
        """Publishes what waits: translations before retractions, which may name them."""
        await self._flush()
        self._later.sort(key=_is_retracted)
        while self._later:
            self._batch, self._later = self._later[:BATCH], self._later[BATCH:]
            await self._flush()

    def _refuses(self, path: Path, names: Iterable[Name]) -> bool:
        for name in names:
            if self._first.setdefault(name, path) != path:
                reason = f"the same answer (`{name[1]}`) stands in {self._first[name]}."
                self.on_loaded(Loaded(path=path, error=reason))
                return True
        return False

    async def _flush(self) -> None:
        batch, self._batch, self._answers = self._batch, [], 0
        answers = [answer for file in batch for answer in file.answers]
        outcomes = await self.publish(answers) if answers else []
        self.finds_news = any(outcome.kind is OutcomeKind.PUBLISHED for outcome in outcomes)
        place = 0
        for file in batch:
            theirs = tuple(outcomes[place : place + len(file.answers)])
            place += len(theirs)
            self._tell(file, theirs)

    def _tell(self, file: ReadFile, outcomes: tuple[Outcome, ...] = ()) -> None:
        self.on_loaded(
            Loaded(
                path=file.path,
                form=file.form,
                outcomes=outcomes,
                faults=file.faults,
                without_text=file.without_text,
            )
        )


def _names_another(file: ReadFile) -> bool:
    covers = [answer.cover for answer in file.answers if isinstance(answer, Prepared)]
    return any(cover.translation_of or cover.retraction for cover in covers)


def _is_retracted(file: ReadFile) -> bool:
    covers = [answer.cover for answer in file.answers if isinstance(answer, Prepared)]
    return any(cover.retraction is not None for cover in covers)


def _known_names(path: Path, file: KnownFile) -> Iterable[Name]:
    if file.form == Form.MEDQUAD:
        return file_names(path)
    return [
        name for each in file.answers for name in answer_names(each.slug, each.locale, external_id=each.external_id)
    ]


async def load(
    paths: Sequence[Path],
    *,
    publish: Publish,
    recall: Recall | None,
    on_loaded: Callable[[Loaded], None],
    ahead: Ahead,
) -> None:
    """Reads and publishes files; tells of each file, as soon as it is known, what became of it.

    `recall` finds what is known of files, so that they need not be read, and the slugs of the answers in others; None
    where nothing is known of any.
    """
    load = Load(publish=publish, on_loaded=on_loaded)
    try:
        async with aclosing(windows(paths, ahead, recall=recall)) as looked_at:
            async for window in looked_at:
                await _take(load, window)
                ahead.builds = load.finds_news
        await load.finish()
    finally:
        await ahead.close()


async def _take(load: Load, window: Window) -> None:
    for path, known in window.files:
        if known is None:
            await load.add(await anext(window.read))
        else:
            load.add_known(path, known)
