"""The list of references at the end of a page: which number names which source."""

import re
from collections.abc import Iterator, Sequence

from server.content.draft import List, Paragraph, Section, Spans
from server.content.folding import match_key
from server.content.vocabulary import SourceKind
from server.importers.page.known import journal, kind_of, publisher_of
from server.importers.page.names import body_of
from server.importers.page.places import addresses_in
from server.importers.page.sources import Mention

_HEADING = re.compile(
    r"(?:key\s+|selected\s+|main\s+)?(?:references?|sources?(?:\s+(?:and|&)\s+\w+)?|bibliography|citations?|works\s+cited|literature|"
    r"further\s+reading|where\s+this\s+(?:information\s+)?comes\s+from|referencias|fuentes|r[ée]f[ée]rences|quellen|literatur|"
    r"riferimenti|fonti|refer[êe]ncias|fontes)(?:\s+cited)?\s*:?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\[(\d{1,3})\]\s*")
_AUTHORS = r"(?P<surname>[^\W\d_][\w’' -]{1,40}?)(?:,\s(?:[A-Z]\.\s?-?)+|\s[A-Z]{1,3}\b)"
_MEDICAL = re.compile(
    rf"{_AUTHORS}[^.]{{0,400}}?(?:\.|et\s+al\.?)\s+(?P<title>[^.?!]{{8,400}}[.?!])\s+(?P<journal>[^.;\d]{{2,120}}?)[.;,]?\s*(?:\d|$)"
)
_DATED = re.compile(
    rf"{_AUTHORS}.{{0,400}}?\((?P<year>(?:19|20)\d\d)[^)]{{0,20}}\)\.?\s+(?P<title>[^.?!]{{8,400}}[.?!])\s*(?P<journal>[^.;\d]{{2,120}}?)?(?:[,.;\d]|$)"
)
_YEAR = re.compile(r"(?<![\w-])(?:19|20)\d\d(?![\w-])")
_AVAILABLE = re.compile(
    r"\b(?:available\s+(?:at|from)|retrieved\s+from|accessed|url|doi)\b.*$", re.IGNORECASE | re.DOTALL
)
_LONGEST = 2000


def is_reference_heading(heading: str | None) -> bool:
    """Whether a heading is that of the list of references."""
    return heading is not None and len(heading) < 100 and _HEADING.fullmatch(heading.strip()) is not None


def numbered_references(sections: Sequence[Section]) -> dict[int, Mention]:
    """The sources of the page's references by number: that before an entry, else its place in the list."""
    found: dict[int, Mention] = {}
    for section in sections:
        if is_reference_heading(section.heading):
            for place, text in enumerate(_entries(section), 1):
                number = _NUMBER.match(text)
                found.setdefault(int(number[1]) if number else place, read_reference(text))
    return found


def _entries(section: Section) -> Iterator[str]:
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield _text(block.content)
        elif isinstance(block, List):
            yield from [
                f"{_text(item.lead)}: {_text(item.content)}" if item.lead else _text(item.content)
                for item in block.items
            ]


def _text(spans: Spans) -> str:
    return "".join([span.text for span in spans])


def read_reference(text: str) -> Mention:
    """What an entry of a list of references says of its source."""
    words = _NUMBER.sub("", text[:_LONGEST], count=1)
    places = list(addresses_in(words))
    url = next((place.url for place in places if place.url), None)
    doi = next((place.mention.doi for place in places if place.mention and place.mention.doi), None)
    bare = words[: min((place.start for place in places), default=len(words))]
    years = _YEAR.findall(bare)
    found = _DATED.match(words) or _MEDICAL.match(words)
    if found:
        return Mention(
            title=found["title"].rstrip("."),
            kind=SourceKind.JOURNAL_ARTICLE,
            publisher=journal(found["journal"] or "") or found["journal"],
            edition=years[0] if years else None,
            url=url,
            doi=doi,
            author=match_key(found["surname"]),
        )
    return _plain(bare, words, years=years, url=url, doi=doi)


def _plain(bare: str, words: str, *, years: Sequence[str], url: str | None, doi: str | None) -> Mention:
    """An entry of no known form: its words are its title, or the page that it names of a body."""
    title = _AVAILABLE.sub("", bare).strip(" .,;:-–—()[]") or words.strip(" .")
    body, _, rest = title.partition(". ")
    page = rest.split(". ", maxsplit=1)[0]
    is_of_body = bool(page) and (publisher_of(body) is not None or body_of(body) == body)
    kind = kind_of(title)
    return Mention(
        title=page.strip(" .,") if is_of_body else title,
        kind=SourceKind.WEBSITE if url and kind is SourceKind.OTHER else kind,
        publisher=publisher_of(body) or (body if is_of_body else None),
        edition=years[-1] if years else None,
        url=url,
        doi=doi,
    )
