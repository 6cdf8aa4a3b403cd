"""The sources that a page cites: one for all the places that name it, whichever way they do."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from msgspec.structs import replace

from server.content.draft import Source
from server.content.folding import match_key
from server.content.slugs import slug_of
from server.content.vocabulary import SourceKind
from server.importers.page.known import canonical

_LONGEST_KEY = 60
_LONGEST_DETAIL = 300
_LONGEST_TITLE = 1000
_SHORTEST_ABBREVIATION = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """What one place says of the source that it names."""

    title: str
    kind: SourceKind = SourceKind.OTHER
    publisher: str | None = None
    edition: str | None = None
    url: str | None = None
    doi: str | None = None
    author: str | None = None
    """The surname of the first author, folded; identifies the source together with the edition."""
    also: str | None = None
    """Another name that the place gives the source: `American Cancer Society (ACS)`."""


@dataclass(slots=True)
class Bibliography:
    """The sources of one page, in order of first citation."""

    sources: dict[str, Source] = field(default_factory=dict)
    numbered: dict[int, Mention] = field(default_factory=dict)
    """The entries of the page's list of references, by their number."""
    _known: dict[str, list[str]] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    """What an abbreviation that the page introduces stands for: `acs`, `American Cancer Society`."""

    def cite(self, mention: Mention) -> str:
        """The key of the source that a place names, which gains what it lacked."""
        if mention.also:
            self.introduce(mention.also, mention.title)
        elif mention.publisher == mention.title:
            self._introduce_initials(mention.title)
        marks = self._marks(mention)
        key = next((key for mark in marks for key in self._known.get(mark, ()) if self._agrees(key, mention)), None)
        if key is None:
            key = self._add(mention)
        else:
            self._complete(key, mention)
        for mark in marks:
            keys = self._known.setdefault(mark, [])
            if key not in keys:
                keys.append(key)
        return key

    def introduce(self, abbreviation: str, name: str) -> None:
        """Remembers the first name that an abbreviation stands for."""
        self._names.setdefault(match_key(abbreviation), name)

    def _introduce_initials(self, name: str) -> None:
        initials = "".join([word[0] for word in name.split() if word[0].isupper()])
        if len(initials) >= _SHORTEST_ABBREVIATION:
            self.introduce(initials, name)

    def cite_number(self, number: int) -> str:
        """The key of the source of a numbered reference."""
        return self.cite(self.numbered[number])

    def is_cited(self, mention: Mention) -> bool:
        """Whether a place has named the source already."""
        return any(self._agrees(key, mention) for mark in self._marks(mention) for key in self._known.get(mark, ()))

    def _marks(self, mention: Mention) -> list[str]:
        """All by which a source is known again, the surest first."""
        marks = [f"doi {mention.doi.lower()}"] if mention.doi else []
        if mention.url:
            marks.append(f"url {_plain_url(mention.url)}")
        if mention.author and mention.edition:
            marks.append(f"author {mention.author} {mention.edition}")
        names = [mention.title, *([mention.also] if mention.also else [])]
        return [*marks, *[f"title {canonical(self._in_full(name))}" for name in names]]

    def _in_full(self, title: str) -> str:
        first, _, rest = match_key(title).partition(" ")
        full = self._names.get(first)
        return f"{full} {rest}" if full else title

    def _agrees(self, key: str, mention: Mention) -> bool:
        source = self.sources[key]
        pairs = [
            (source.edition, mention.edition),
            (source.url and _plain_url(source.url), mention.url and _plain_url(mention.url)),
        ]
        pairs.append((source.doi and source.doi.lower(), mention.doi and mention.doi.lower()))
        return all(mine is None or theirs is None or mine == theirs for mine, theirs in pairs)

    def _add(self, mention: Mention) -> str:
        key = self._new_key(mention.title)
        self.sources[key] = Source(
            key=key,
            kind=mention.kind,
            title=mention.title[:_LONGEST_TITLE],
            publisher=_short(mention.publisher or self._names.get(_first_word(mention.title))),
            edition=_short(mention.edition),
            url=mention.url,
            doi=_short(mention.doi),
        )
        return key

    def _complete(self, key: str, mention: Mention) -> None:
        source = self.sources[key]
        self.sources[key] = replace(
            source,
            kind=mention.kind if source.kind is SourceKind.OTHER else source.kind,
            publisher=source.publisher or _short(mention.publisher or self._names.get(_first_word(mention.title))),
            edition=source.edition or _short(mention.edition),
            url=source.url or mention.url,
            doi=source.doi or _short(mention.doi),
        )

    def _new_key(self, title: str) -> str:
        stem = slug_of(re.sub(r"^https?://(?:www\.)?", "", title))[:_LONGEST_KEY].strip("-")
        if stem not in self.sources:
            return stem
        return next(
            key for number in range(2, len(self.sources) + 3) if (key := f"{stem}-{number}") not in self.sources
        )


def _first_word(title: str) -> str:
    return match_key(title).partition(" ")[0]


def _short(detail: str | None) -> str | None:
    return detail if detail is None or len(detail) <= _LONGEST_DETAIL else None


def _plain_url(url: str) -> str:
    parts = urlsplit(url)
    host = (parts.netloc or "").lower().removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}"
