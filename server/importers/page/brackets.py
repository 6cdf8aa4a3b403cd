"""Citations as science writes them: `(Maude et al., Blood Advances, 2018)`, `Smith and Jones (2019)`."""

import re
from collections.abc import Iterator
from dataclasses import replace

from server.content.folding import match_key
from server.content.vocabulary import SourceKind
from server.importers.page.bearers import body_of, is_sure, is_work
from server.importers.page.known import is_known, journal, kind_of, publisher_of
from server.importers.page.names import Name, read_name
from server.importers.page.sources import Mention
from server.importers.page.tokens import is_abbreviation, tokens_of

_BRACKETS = re.compile(r"[(\[]([^()\[\]]{3,400})[)\]]")
_PARTS = re.compile(r"[^;]+")
_PREFIX = re.compile(
    r"\s*(?P<told>(?:see(?:\s+also)?|e\.g\.,?|cf\.|sources?\s*:|references?\s*:|adapted\s+from|reviewed\s+in|cited\s+in|"
    r"as\s+cited\s+in|data\s+from|from|according\s+to|per)\s+)?(?:the\s+)?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\w-])((?:19|20)\d\d)[a-z]?(?![\w-])")
_SURNAME = r"(?:(?:van|von|de|der|den|di|da|del|la|le|el|al|bin|ten)\s+){0,3}[A-ZÀ-Þ][\w’'-]{1,40}"
_INITIALS = r"(?:[A-Z]\.\s?-?){1,3}(?![^\W_])|[A-Z]{1,3}\b"
_TEAM = r"et\s+al\b\.?|and\s+(?:colleagues|co-?workers)\b"
_AUTHORS = re.compile(
    rf"(?:(?:[A-Z]\.\s?-?){{1,3}})?(?P<surname>{_SURNAME})(?:,?\s+(?:{_INITIALS}))?"
    rf"(?:(?:,\s+{_SURNAME},?\s+(?:{_INITIALS})){{1,8}}|(?:,\s+{_SURNAME}){{1,8}}(?=,?\s+(?:{_TEAM}|(?:and|&)\s)))?"
    rf"(?P<more>,?\s+(?:{_TEAM}|(?:and|&|y|et|und)\s+{_SURNAME}(?:,?\s+(?:{_INITIALS}))?))?"
)
_NARRATIVE = re.compile(
    rf"\b(?P<authors>(?P<surname>{_SURNAME})\s+(?:{_TEAM}|(?:and|&)\s+{_SURNAME})),?\s*"
    r"(?:\(\s*(?P<year>(?:19|20)\d\d)[a-z]?\s*\)|(?P<bare>(?:19|20)\d\d)\b)?"
)
_PRINTED_TEAM = re.compile(
    rf"\b(?P<surname>{_SURNAME})\s+(?:{_TEAM}|(?:and|&)\s+{_SURNAME}),?\s*"
    r"(?:\((?P<journal>[A-Z][^()\[\];]{1,100}?),?\s+|(?:in\s+)?(?:the\s+)?(?P<named>[A-Z][\w&’' -]{1,60}?)\s+\(\s*)"
    r"(?P<year>(?:19|20)\d\d)[a-z]?\s*\)"
)
_NO_AUTHOR = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september|october|"
    r"november|december|spring|summer|autumn|fall|winter|since|until|approved|approval|updated|published|version|phase|grade|stage|"
    r"day|week|month|year|study|trial|cohort|founded|established|figure|table|chapter|page|about|around|circa)\b",
    re.IGNORECASE,
)
_SAYING = re.compile(
    r"\s+(?:reported|found|showed|demonstrated|described|observed|concluded|noted|suggested|studied|compared)\b"
)
_ISSUE = re.compile(r",?\s+(?:No\.?|Number|Vol\.?|Volume|Part|Chapter|#)\s?\d[\w.-]{0,10}$", re.IGNORECASE)
_LONGEST_LOCATOR = 40


def bracketed(text: str) -> Iterator[tuple[int, int, Mention]]:
    """The citations in brackets, each without them, with what it says of the source; semicolons part several."""
    for match in _BRACKETS.finditer(text):
        for part in _PARTS.finditer(match[1]):
            prefix = _PREFIX.match(part[0])
            words = part[0][prefix.end() if prefix else 0 :].rstrip(" ,.")
            start = match.start(1) + part.start() + (prefix.end() if prefix else 0)
            mention = _mention(words, is_told=bool(prefix and prefix["told"]))
            if mention is not None and not _is_spelt_out(text[: match.start()], words):
                yield start, start + len(words), mention


def _is_spelt_out(before: str, words: str) -> bool:
    """Tells `ACS (American Cancer Society)` and the reverse, which explain a name, from a citation."""
    last = (before[-40:].split() or [""])[-1].strip('("“')
    initials = "".join([word[0] for word in words.split() if word[0].isupper()])
    return (len(initials) > 1 and last == initials) or (words.isupper() and last[:1].isupper())


def _mention(words: str, *, is_told: bool) -> Mention | None:
    years = list(_YEAR.finditer(words))
    if years and len(words) - years[-1].end() <= _LONGEST_LOCATOR:
        year = years[-1]
        return _dated(words, words[: year.start()].rstrip(" ,."), year=year[1])
    name = _whole_name(words)
    if name is None or (name.text.isupper() and " " not in name.text and not (is_told or is_known(name.text))):
        return None
    is_fit = is_sure(name) and (is_told or is_work(name) or " " in name.text or is_known(name.text))
    return _of_name(name, None) if is_fit else None


def _whole_name(words: str) -> Name | None:
    """The proper name that all of the words make up."""
    tokens = tokens_of(words)
    if not tokens or tokens[0].before:
        return None
    name = read_name(words, tokens, first=0)
    return name if name is not None and name.last == len(tokens) - 1 else None


def _of_name(name: Name, year: str | None) -> Mention:
    title = name.text
    return Mention(
        title=title, kind=kind_of(title), publisher=publisher_of(title) or body_of(title), edition=year, also=name.also
    )


def _dated(words: str, before: str, *, year: str) -> Mention | None:
    """The mention of a citation that ends in a year: of a body, a journal, or authors with or without theirs."""
    name = _whole_name(before) or _whole_name(_ISSUE.sub("", before))
    if name is not None and is_sure(name):
        return replace(_of_name(name, year), title=before)
    if journal(before):
        return Mention(title=words, kind=SourceKind.JOURNAL_ARTICLE, publisher=journal(before), edition=year)
    if is_abbreviation(before):
        return Mention(title=before, kind=kind_of(before), edition=year, author=match_key(before))
    return _of_authors(words, before, year=year) or _of_team(words, before, year=year)


def _of_authors(words: str, before: str, *, year: str) -> Mention | None:
    """The mention of what authors wrote, in the journal that may stand after their names."""
    found = _AUTHORS.match(before)
    if found is None or _NO_AUTHOR.search(found["surname"]) or not _is_whole(before, found):
        return None
    rest = before[found.end() :].strip(" ,.")
    if (_NO_AUTHOR.match(rest) and not journal(rest)) or not _reads_as_work(rest):
        return None
    return Mention(
        title=words,
        kind=SourceKind.JOURNAL_ARTICLE,
        publisher=journal(rest) or rest or None,
        edition=year,
        author=match_key(found["surname"]),
    )


def _is_whole(before: str, found: re.Match[str]) -> bool:
    """Tells whether the authors' names end where they seem to."""
    return bool(found["more"]) or before[found.end() :][:1] in ("", ",", ".")


def _of_team(words: str, before: str, *, year: str) -> Mention | None:
    """The mention of a team's article, which its journal gives away."""
    team, _, printed = before.rpartition(", ")
    if not team[:1].isupper() or not _is_printed(printed):
        return None
    return Mention(title=words, kind=SourceKind.JOURNAL_ARTICLE, publisher=journal(printed) or printed, edition=year)


def _is_printed(name: str) -> bool:
    return journal(name) is not None or kind_of(name) is SourceKind.JOURNAL_ARTICLE


def _reads_as_work(rest: str) -> bool:
    """Tells the name of a journal, or none, from the words of a sentence."""
    return not rest or rest[0].isupper() or rest[0].isdigit() or rest[0] in "\"“'‘*_"


def printed(text: str) -> Iterator[tuple[int, int, Mention]]:
    """The citations whose authors stand in the sentence, with their journal: `Smith et al. (Pediatrics, 2010)`."""
    for match in _PRINTED_TEAM.finditer(text):
        name = match["journal"] or match["named"]
        is_journal = _is_printed(name) or (match["journal"] and not _NO_AUTHOR.search(name))
        if not is_journal or _NO_AUTHOR.search(match["surname"]):
            continue
        yield (
            match.start(),
            match.end(),
            Mention(
                title=match[0],
                kind=SourceKind.JOURNAL_ARTICLE,
                publisher=journal(name) or name,
                edition=match["year"],
                author=match_key(match["surname"]),
            ),
        )


def narrated(text: str) -> Iterator[tuple[int, int, Mention]]:
    """The citations whose authors stand in the sentence: `Smith et al. (2018)`, `Smith and colleagues reported`."""
    for match in _NARRATIVE.finditer(text):
        year = match["year"] or match["bare"]
        is_team = re.search(r"\bet\s+al\b|\bcolleagues\b|\bworkers\b", match["authors"]) is not None
        if _NO_AUTHOR.search(match["surname"]) or not (
            match["year"] or (is_team and (year or _SAYING.match(text, match.end("authors"))))
        ):
            continue
        end = match.end() if year else match.end("authors")
        words = text[match.start() : end]
        mention = Mention(
            title=words, kind=SourceKind.JOURNAL_ARTICLE, edition=year, author=match_key(match["surname"])
        )
        yield match.start(), end, mention
