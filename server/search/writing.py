"""Writes one build of the index: answers in and out, and with each commit how far the outbox has been followed.

Every language has an index of its own, since the weight of a word hangs on how many answers there are. The position
is kept in each as a document, which a commit changes together with the answers or not at all. A commit that touches
several languages may be cut short between two of them: what is read again from the earliest position mends it.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import msgspec
from msgspec.structs import replace
from tantivy import Document, Index, IndexWriter, Query

from server.content.reads.indexing import Indexed
from server.content.words import language
from server.search import fields
from server.search.soundness import check

HEAP_BYTES = 48_000_000
"""Memory of the writer of one language: what is beyond goes to disk before the commit."""


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What an index stands for."""

    position: int
    """That of the last entry of the outbox that is in it."""
    written_at: str | None = None
    """When that entry was written: a database that was set back has another one there."""
    commit: int = 0
    """Grows with every commit of the build."""
    languages: tuple[str, ...] = ()
    """Those that the build had an index of."""
    has_erased: bool = False
    """Whether content was erased since it was built: it may be in the files until the index is built anew."""


def read_state(index: Index) -> State | None:
    """The state that an index was committed with; None for one that has none or can't be read."""
    searcher = index.searcher()
    hits = searcher.search(Query.term_query(index.schema, fields.ID, fields.STATE, "basic"), 1, count=False).hits
    if not hits:
        return None
    try:
        return msgspec.json.decode(str(searcher.doc(hits[0][1]).get_first(fields.STATE)), type=State)
    except msgspec.DecodeError:
        return None


def open_index(folder: Path) -> Index:
    """An index that is read when its reader says so; raises ValueError for what is none."""
    index = Index.open(str(folder))
    index.config_reader("manual")
    index.reload()
    return index


def languages_in(build: Path) -> list[str]:
    """The languages that a build has an index of."""
    return sorted([folder.name for folder in build.iterdir() if (folder / "meta.json").is_file()])


def check_build(build: Path) -> None:
    """Reads all files of a build; raises ValueError for one that is damaged, OSError for one that is gone."""
    for name in languages_in(build):
        check(build / name)


class _Language:
    """The index of one language, and its writer."""

    def __init__(self, folder: Path, *, is_new: bool) -> None:
        if is_new:
            folder.mkdir(exist_ok=True)
            Index(fields.build_schema(), path=str(folder))
        self.index = open_index(folder)
        self.schema = self.index.schema
        self.writer: IndexWriter = self.index.writer(HEAP_BYTES, 1)

    def commit(self, state: State) -> None:
        self.writer.delete_documents_by_term(fields.ID, fields.STATE)
        kept = {fields.ID: fields.STATE, fields.STATE: msgspec.json.encode(state).decode()}
        self.writer.add_document(Document.from_dict(kept, self.schema))
        self.writer.commit()
        self.index.reload()


class Writer:
    """The only writer of a build, in the process that holds its lock; its methods block."""

    def __init__(self, build: Path, start: State | None = None) -> None:
        """Goes on with a build as far as it was committed; a new one starts from a state. Raises ValueError."""
        self._build = build
        check_build(build)
        self._languages = {name: _Language(build / name, is_new=False) for name in languages_in(build)}
        states = [read_state(each.index) for each in self._languages.values()]
        known = [state for state in states if state is not None]
        missing = {name for state in known for name in state.languages} - self._languages.keys()
        if len(known) < len(states) or missing or not (known or start):
            self.close()
            raise ValueError("an index has no state, or is missing")
        self._is_read = bool(known)
        self.state = min(known, key=lambda state: state.position) if known else start or State(position=0)

    def add(self, answers: Iterable[Indexed]) -> None:
        """Takes answers in, in place of what it had of them."""
        for answer in answers:
            found = self._language(language(answer.locale))
            found.writer.delete_documents_by_term(fields.ID, answer.id.hex)
            found.writer.add_document(fields.document(answer, found.schema))

    def _language(self, name: str) -> _Language:
        """The index of a language; a new one that is read is committed at once: a kill leaves none without a state."""
        found = self._languages.get(name)
        if found is None:
            found = self._languages[name] = _Language(self._build / name, is_new=True)
            if self._is_read:
                found.commit(self.state)
        return found

    def remove_sets(self, set_ids: Iterable[UUID]) -> None:
        """Takes out every answer of these sets of translations."""
        for identity in set_ids:
            for found in self._languages.values():
                found.writer.delete_documents_by_term(fields.SET, identity.hex)

    def sets_of(self, answer_ids: Sequence[UUID]) -> set[UUID]:
        """The sets that these answers were in at the last commit."""
        sets = set()
        for found in self._languages.values():
            searcher = found.index.searcher()
            wanted = Query.term_set_query(found.schema, fields.ID, [identity.hex for identity in answer_ids])
            hits = searcher.search(wanted, max(1, len(answer_ids)), count=False).hits
            sets |= {UUID(str(searcher.doc(address).get_first(fields.SET))) for _, address in hits}
        return sets

    def commit(self, reached: State) -> None:
        """Makes everything since the last commit readable, with how far it goes; a kill undoes none of it."""
        if not self._languages:
            self._language("en")
        self.state = replace(reached, commit=self.state.commit + 1, languages=tuple(sorted(self._languages)))
        for found in self._languages.values():
            found.commit(self.state)
        self._is_read = True

    def close(self) -> None:
        """Lets go of the files; what was not committed is gone."""
        languages, self._languages = self._languages, {}
        for found in languages.values():
            with suppress(ValueError):  # the files may be gone
                found.writer.rollback()
