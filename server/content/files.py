"""What is remembered of the files that answers came in: one that is as it was, of answers that are, holds no news."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import text

from server.content.publication.preparation import DraftFile
from server.content.writes.transaction import Write
from server.db.engine import Engine


@dataclass(frozen=True, kw_only=True, slots=True)
class FileAnswer:
    """An answer that is as its file says."""

    slug: str
    locale: str
    external_id: str | None
    revision: int


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownFile:
    """A file whose answers are all as it says."""

    form: str
    without_text: int
    answers: tuple[FileAnswer, ...]


async def note_files(write: Write, drafts: Sequence[tuple[DraftFile, str, str]]) -> None:
    """Notes that answers, by slug and locale, are now as their files say; a file counts once all of its answers are."""
    if not drafts:
        return
    files = [file for file, _, _ in drafts]
    # the position is read where it was written: by this transaction, or by an earlier one that nothing followed
    await write.session.execute(
        text(
            """insert into answer_file (answer_id, stamp, change_position, answers, without_text, form)
               select a.id, n.stamp, a.change_position, n.answers, n.without_text, n.form
               from unnest(cast(:slugs as text[]), cast(:locales as text[]), cast(:stamps as bytea[]),
                           cast(:answers as int[]), cast(:without_text as int[]), cast(:forms as text[]))
                   n (slug, locale, stamp, answers, without_text, form)
               join answer a on a.locale = n.locale and a.slug = n.slug
               on conflict (answer_id) do update set stamp = excluded.stamp, change_position = excluded.change_position,
                   answers = excluded.answers, without_text = excluded.without_text, form = excluded.form"""
        ),
        {
            "slugs": [slug for _, slug, _ in drafts],
            "locales": [locale for _, _, locale in drafts],
            "stamps": [file.stamp for file in files],
            "answers": [file.answers for file in files],
            "without_text": [file.without_text for file in files],
            "forms": [file.form for file in files],
        },
    )


async def knows_files(engine: Engine) -> bool:
    """Whether anything is known of any file."""
    async with engine.transaction() as session:
        return bool(await session.scalar(text("select exists (select from answer_file)")))


async def recall_files(engine: Engine, stamps: Sequence[bytes]) -> dict[bytes, KnownFile]:
    """The files, by their stamps, of which every answer is as the file says: to import them would change nothing."""
    async with engine.transaction() as session:
        found = await session.execute(
            text(
                """select f.stamp, f.answers, f.without_text, f.form, a.slug, a.locale, a.external_id, a.revision
                   from answer_file f join answer a on a.id = f.answer_id and a.change_position = f.change_position
                   where f.stamp = any(:stamps) order by f.stamp, f.answer_id"""
            ),
            {"stamps": list(stamps)},
        )
        rows = found.all()
    every = {stamp: list(group) for stamp, group in groupby(rows, attrgetter("stamp"))}
    return {stamp: _known(group) for stamp, group in every.items() if len(group) == group[0].answers}


async def recall_slugs(engine: Engine, beginnings: Sequence[str]) -> dict[str, dict[str, str]]:
    """The slugs of answers by external id, for each of these beginnings that any external id has."""
    async with engine.transaction() as session:
        await session.execute(text("set local enable_seqscan = off"))  # a few rows by their names, as when publishing
        # a range up to the last character there is: `like` would take a name's `_` and `%` for any letters
        found = await session.execute(
            text(
                """select b.beginning, a.external_id, a.slug
                   from unnest(cast(:beginnings as text[])) b (beginning)
                   join answer a on a.external_id >= b.beginning collate "C"
                       and a.external_id < b.beginning || chr(1114111) collate "C"
                   order by b.beginning, a.external_id"""
            ),
            {"beginnings": list(beginnings)},
        )
        rows = found.all()
    return {
        beginning: {row.external_id: row.slug for row in group}
        for beginning, group in groupby(rows, attrgetter("beginning"))
    }


def _known(rows: Sequence[Any]) -> KnownFile:
    answers = [
        FileAnswer(slug=row.slug, locale=row.locale, external_id=row.external_id, revision=row.revision) for row in rows
    ]
    return KnownFile(form=rows[0].form, without_text=rows[0].without_text, answers=tuple(answers))
