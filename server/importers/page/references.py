"""The list of references at the end of a page: which number names which source."""

import re
from collections.abc import Iterator, Sequence

from server.content.draft import Block, List, Paragraph, Section, Spans
from server.content.folding import match_key
from server.content.vocabulary import SourceKind
from server.content.walk import block_texts
from server.importers.page.bearers import body_of
from server.importers.page.known import journal, kind_of, publisher_of
from server.importers.page.places import addresses_in, agrees
from server.importers.page.sources import Mention

_HEADING = re.compile(
    r"(?:key\s+|selected\s+|main\s+)?(?:references?|sources?(?:\s+(?:and|&)\s+\w+)?|bibliography|citations?|works\s+cited|literature|"
    r"further\s+reading|where\s+this\s+(?:information\s+)?comes\s+from|referencias|fuentes|r[ée]f[ée]rences|quellen|literatur|"
    r"riferimenti|fonti|refer[êe]ncias|fontes)(?:\s+cited)?\s*:?",
    re.IGNORECASE,
)
_CITED = re.compile(r"\S\s?\[\d{1,3}[],–-]")
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
_ADDRESS_LINE = re.compile(
    r"(?:(?:url|link|doi|available\s+(?:at|from)|retrieved\s+from)\s*:?\s*)?(?:https?://|www\.|10\.)\S+", re.IGNORECASE
)
_DETAIL = re.compile(
    r"(?:available|retrieved|accessed|url|doi|link|pmc?id)\b|[A-Z][^.;:]{2,80}[.,]?\s+(?:19|20)\d\d(?:\s\w{3}(?:\s\d\d?)?)?\s?[;:(]\s?\d",
    re.IGNORECASE,
)
"""What tells where an entry was printed or is to be had: `N Engl J Med. 2018;378:439`."""
_ONLY_AUTHORS = re.compile(rf"{_AUTHORS}(?:,\s+[^\W\d_][\w’' -]{{1,40}}){{0,12}}(?:,?\s+et\s+al)?\.?")
_SENTENCE = re.compile(r"(?<!\b[A-Z])\.[\"”’']?\s+")
_EDGES = " .,\"“”‘’'"
_LONGEST = 2000
_LONGEST_ENTRY = 600


def is_reference_heading(heading: str | None) -> bool:
    """Whether a heading is that of the list of references."""
    return heading is not None and len(heading) < 100 and _HEADING.fullmatch(heading.strip()) is not None


def goes_on(line: str, entry: str) -> bool:
    """Whether a line right under an entry belongs to it: its address, its journal, or the title after its authors."""
    if _ADDRESS_LINE.fullmatch(line):
        return is_address_of(line, entry)
    return _DETAIL.match(line) is not None or _ONLY_AUTHORS.fullmatch(entry) is not None


def is_address_of(line: str, entry: str) -> bool:
    """Whether a line is an address and nothing else, and can be that of the source that the entry above it names."""
    if _ADDRESS_LINE.fullmatch(line) is None or any(addresses_in(entry)):
        return False
    mention = read_reference(entry)
    return all(agrees(mention, place.url) for place in addresses_in(line))


def reads_as_reference(text: str) -> bool:
    """Whether a passage by itself reads as an entry of a list of references: it has an address, a year or a body."""
    if len(text) > _LONGEST_ENTRY:
        return False
    mention = read_reference(text)
    is_named = mention.publisher is not None and (publisher_of(text) is not None or body_of(text) is not None)
    return bool(mention.url or mention.doi or mention.edition or mention.author) or is_named


def is_reference(text: str) -> bool:
    """Whether a passage of the text is an entry of a list beyond doubt: a body, its page and where to have it."""
    if len(text) > _LONGEST_ENTRY:
        return False
    places = list(addresses_in(text))
    parts = _sentences(text[: places[0].start]) if places else []
    is_at_end = bool(places) and not text[places[-1].end :].strip(" .)")
    return is_at_end and len(parts) == 2 and _is_body(parts[0])


def _sentences(text: str) -> list[str]:
    """The parts of an entry that full stops set apart, without them and without quotes around."""
    return [part for part in (part.strip(_EDGES) for part in _SENTENCE.split(text)) if part]


def _is_body(name: str) -> bool:
    return publisher_of(name) is not None or body_of(name) == name


def reference_blocks(sections: Sequence[Section]) -> list[Block]:
    """The blocks that list the page's references: those under a heading that says so, else a last numbered one."""
    headed = [block for section in sections if is_reference_heading(section.heading) for block in section.blocks]
    last = sections[-1].blocks[-1:] if sections else ()
    return headed or [block for block in last if _is_numbered_list(block) and _is_cited(sections)]


def _is_numbered_list(block: Block) -> bool:
    is_ordered = isinstance(block, List) and block.ordered
    return is_ordered and all(map(reads_as_reference, _entries(block)))


def _is_cited(sections: Sequence[Section]) -> bool:
    """Whether a number in brackets stands in the text, as one that names a reference does."""
    return any(_CITED.search(text) for text in _texts(sections))


def numbered_references(blocks: Sequence[Block]) -> dict[int, Mention]:
    """The sources of the page's references by number: that before an entry, else its place in the list."""
    found: dict[int, Mention] = {}
    for place, text in enumerate([text for block in blocks for text in _entries(block)], 1):
        number = _NUMBER.match(text)
        found.setdefault(int(number[1]) if number else place, read_reference(text))
    return found


def _texts(sections: Sequence[Section]) -> Iterator[str]:
    yield from [_text(spans) for section in sections for block in section.blocks for spans in block_texts(block)]


def _entries(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield _text(block.content)
    elif isinstance(block, List):
        yield from [
            f"{_text(item.lead)}: {_text(item.content)}" if item.lead else _text(item.content) for item in block.items
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
    years = _YEAR.findall(_AVAILABLE.sub("", bare))
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


def _trimmed(words: str) -> str:
    """Words without the punctuation around them; a closing bracket belongs to them where it opens among them."""
    trimmed = words.strip(" .,;:-–—()[]<>")
    end = trimmed.count("(") - trimmed.count(")")
    return f"{trimmed})" if end == 1 and f"{trimmed})" in words else trimmed


def _plain(bare: str, words: str, *, years: Sequence[str], url: str | None, doi: str | None) -> Mention:
    """An entry of no known form: its words are its title, or the page that it names of a body."""
    title = _trimmed(_AVAILABLE.sub("", bare)) or url or words.strip(" .")
    body, page, printed, *_ = [*_sentences(title), "", "", ""]
    is_of_body = bool(page) and _is_body(body)
    kind = SourceKind.JOURNAL_ARTICLE if doi or (is_of_body and journal(printed)) else kind_of(title)
    return Mention(
        title=page if is_of_body else title,
        kind=SourceKind.WEBSITE if url and kind is SourceKind.OTHER else kind,
        publisher=publisher_of(title) or (body if is_of_body else None),
        edition=years[-1] if years else None,
        url=url,
        doi=doi,
    )
