"""Sources as they are written: the same source is one row, whichever answers cite it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from server.content.draft import Source
from server.content.folding import name_key
from server.content.writes.transaction import Write
from server.db.bulk import copy_rows
from server.db.uuids import new_uuid
from server.events.outbox import SetKind

_DETAILS = ("publisher", "edition", "published_on", "url", "doi", "attribution", "license")


def title_match(source: Source) -> str:
    """The identity of a source without URL and DOI: title, publisher and edition, folded."""
    return "\n".join(name_key(part or "") for part in (source.title, source.publisher, source.edition))


def _doi(source: Source) -> str | None:
    return source.doi.casefold() if source.doi else None


@dataclass(kw_only=True, slots=True)
class KnownSources:
    """The sources that a batch cites: those that are there, and those to be written."""

    by_doi: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_url: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    by_title: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    new: list[dict[str, Any]] = field(default_factory=list)
    completed: dict[UUID, dict[str, Any]] = field(default_factory=dict)

    def add(self, row: dict[str, Any]) -> None:
        """Makes a row known by all that identifies it."""
        if row["doi"]:
            self.by_doi[row["doi"]] = row
        if row["url"]:
            self.by_url.setdefault(row["url"], []).append(row)
        self.by_title.setdefault(row["title_match"], []).append(row)

    def id_of(self, source: Source, proposed: UUID | None = None) -> UUID:
        """The id of the row that a source is, which gains what it lacked, or of a new one."""
        row = self.find(source)
        if row is None:
            return self._create(source, proposed or new_uuid())
        gained = {name: _value(source, name) for name in _DETAILS if row[name] is None and _value(source, name)}
        if gained.get("doi") in self.by_doi:
            del gained["doi"]
        if gained:
            row.update(gained)
            row["title_match"] = _row_match(row)
            self.add(row)
            if row not in self.new:
                self.completed[row["id"]] = row
        identity: UUID = row["id"]
        return identity

    def find(self, source: Source) -> dict[str, Any] | None:
        """The row that a source is, if it is known."""
        if source.doi and (row := self.by_doi.get(_doi(source) or "")):
            return row
        candidates = [*self.by_url.get(source.url or "", ()), *self.by_title.get(title_match(source), ())]
        return next((row for row in candidates if _agrees(row, source)), None)

    def _create(self, source: Source, identity: UUID) -> UUID:
        row: dict[str, Any] = {name: _value(source, name) for name in _DETAILS}
        row |= {"id": identity, "kind": source.kind.value, "title": source.title, "title_match": title_match(source)}
        row |= {"status": "CURRENT", "superseded_by_id": None}
        self.new.append(row)
        self.add(row)
        return identity

    async def write(self, write: Write) -> None:
        """Writes the new rows and what known ones have gained; those who cite these learn of it."""
        await copy_rows(write.session, "source", rows=self.new)
        for row in self.completed.values():
            await write.session.execute(
                text(
                    """update source set publisher = :publisher, edition = :edition, published_on = :published_on,
                           url = :url, doi = :doi, attribution = :attribution, license = :license,
                           title_match = :title_match where id = :id"""
                ),
                row,
            )
            write.outbox.add_set(SetKind.SOURCE, set_id=row["id"])
        self.new, self.completed = [], {}


def _value(source: Source, name: str) -> Any:  # noqa: ANN401 - one of the details, each of its own type
    return _doi(source) if name == "doi" else getattr(source, name)


def _row_match(row: dict[str, Any]) -> str:
    return "\n".join(name_key(row[name] or "") for name in ("title", "publisher", "edition"))


def _agrees(row: dict[str, Any], source: Source) -> bool:
    """Tells whether nothing that identifies both a row and a source differs between them."""
    pairs = [(row["doi"], _doi(source)), (row["url"], source.url), (row["edition"], source.edition)]
    return name_key(row["title"]) == name_key(source.title) and all(
        mine is None or theirs is None or mine == theirs for mine, theirs in pairs
    )


async def find_sources(session: AsyncSession, sources: Iterable[Source]) -> KnownSources:
    """The rows that any of the sources might be, in one statement."""
    listed = list(sources)
    known = KnownSources()
    if not listed:
        return known
    rows = await session.execute(
        text(
            """select id, kind, title, title_match, publisher, edition, published_on, url, doi, attribution, license,
                   status, superseded_by_id
               from source where doi = any(:dois) or url = any(:urls) or title_match = any(:titles) order by id"""
        ),
        {
            "dois": [_doi(source) for source in listed if source.doi],
            "urls": [source.url for source in listed if source.url],
            "titles": list({title_match(source) for source in listed}),
        },
    )
    for row in rows.mappings():
        known.add(dict(row))
    return known
