"""The places in a passage that lean on a source, where the words leave no doubt."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from server.content.checks.addresses import is_web_url
from server.content.vocabulary import SourceKind
from server.importers.page.bearers import body_of, is_sure
from server.importers.page.brackets import bracketed, narrated, printed
from server.importers.page.known import is_at_home, kind_of, publisher_of
from server.importers.page.leaning import leaning_names
from server.importers.page.names import Name
from server.importers.page.sources import Mention
from server.importers.page.tokens import tokens_of

_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"“”„«»]+|\bwww\.[\w-]+(?:\.[\w-]+)+(?:/[^\s<>\"“”„«»]*)?", re.IGNORECASE)
_DOI = re.compile(r"\bdoi:?\s?(10\.\d{4,9}/[^\s<>\"“”;,]+)", re.IGNORECASE)
_DOI_ADDRESS = re.compile(r"https?://(?:dx\.)?doi\.org/(10\.\d{4,9}/\S+)", re.IGNORECASE)
_NUMBERS = re.compile(r"\[(\d{1,3}(?:\s?[,–-]\s?\d{1,3}){0,20})\]")
_BRIDGE = re.compile(
    r"['’s]{0,2}\)?\s{0,3}[.,;:–—-]?\s{0,3}[(\[]?\s{0,3}(?:(?:see|at|via|online(?:\s+at)?|available(?:\s+online)?\s+at)\s*:?\s+)?",
    re.IGNORECASE,
)
"""What may stand between a name and its address."""
_RAISED = re.compile(r"(?:(?<=[^\W\d_]{3})|(?<=[.,;:!?)\"”’˒]))[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}")
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_TRAILING = ".,;:!?'’\"*_…]}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A stretch of a passage that names a source by a mention, or by a number of the page's references."""

    start: int
    end: int
    mention: Mention | None = None
    number: int | None = None
    url: str | None = None


def places_in(text: str, numbers: Container[int]) -> list[Place]:
    """The places of a passage that lean on a source, in order, none within another."""
    occupied = bytearray(len(text))
    places: list[Place] = []
    for find in (_printed, _in_brackets, addresses_in, _narratives, _names):
        for place in find(text):
            if occupied.find(1, place.start, place.end) < 0:
                occupied[place.start : place.end] = b"\1" * (place.end - place.start)
                places.append(place)
    places.extend([*_numbers(text, numbers), *_raised(text, numbers)])
    return list(_joined(sorted(places, key=lambda place: place.start), text))


def _joined(places: Sequence[Place], text: str) -> Iterator[Place]:
    """The places with each address that stands right after a name as that of the source named, not one of its own."""
    last: Place | None = None
    for place in places:
        if last is not None and (mention := _with_address(last, place, text=text)):
            yield replace(last, mention=mention)
            last = replace(place, mention=None)
            continue
        if last is not None:
            yield last
        last = place
    if last is not None:
        yield last


def _with_address(named: Place, place: Place, *, text: str) -> Mention | None:
    """What a place says of its source together with the address after it; None where that is another's."""
    mention, found = named.mention, place.mention
    if mention is None or found is None or not (place.url or found.doi) or mention.url or mention.doi:
        return None
    if named.url or _BRIDGE.fullmatch(text, named.end, place.start) is None or not agrees(mention, place.url):
        return None
    return replace(mention, url=found.url, doi=found.doi)


def agrees(mention: Mention, url: str | None) -> bool:
    """Whether an address can be that of a source: it is not at the site of another publisher."""
    is_printed = mention.kind is SourceKind.JOURNAL_ARTICLE
    return is_printed or url is None or mention.publisher is None or is_at_home(mention.publisher, url)


def addresses_in(text: str) -> Iterator[Place]:
    """The web addresses and DOIs of a passage; the punctuation after one is no part of it."""
    for match in _ADDRESS.finditer(text):
        address = _trimmed(match[0])
        url = address if address[:4].lower() == "http" else f"https://{address}"
        if is_web_url(url):
            mention = _mention_of_address(address, url)
            yield Place(start=match.start(), end=match.start() + len(address), mention=mention, url=url)
    for match in _DOI.finditer(text):
        doi = _trimmed(match[1])
        words = match[0][: len(match[0]) - len(match[1]) + len(doi)]
        mention = Mention(title=words, kind=SourceKind.JOURNAL_ARTICLE, doi=doi)
        yield Place(start=match.start(), end=match.start() + len(words), mention=mention)


def _trimmed(address: str) -> str:
    """An address without the punctuation of the sentence; a closing bracket belongs to it where it opens one."""
    while address and (address[-1] in _TRAILING or (address[-1] == ")" and address.count("(") < address.count(")"))):
        address = address[:-1]
    return address


def _mention_of_address(address: str, url: str) -> Mention:
    found = _DOI_ADDRESS.fullmatch(url)
    if found:
        return Mention(title=address, kind=SourceKind.JOURNAL_ARTICLE, url=url, doi=found[1])
    return Mention(title=address, kind=SourceKind.WEBSITE, url=url)


def _printed(text: str) -> Iterator[Place]:
    for start, end, mention in printed(text):
        yield Place(start=start, end=end, mention=mention)


def _in_brackets(text: str) -> Iterator[Place]:
    for start, end, mention in bracketed(text):
        yield Place(start=start, end=end, mention=mention)


def _narratives(text: str) -> Iterator[Place]:
    for start, end, mention in narrated(text):
        yield Place(start=start, end=end, mention=mention)


def _names(text: str) -> Iterator[Place]:
    for name in leaning_names(text, tokens_of(text)):
        yield Place(start=name.start, end=name.end, mention=mention_of(name))


def mention_of(name: Name) -> Mention:
    """What a proper name says of the source that it names; its year is the edition."""
    title = name.text
    if name.year:
        title = title.removeprefix(name.year).removesuffix(name.year).strip(" ,") or name.text
    return Mention(
        title=title,
        kind=kind_of(title),
        publisher=publisher_of(title) or (body_of(title) if is_sure(name) else None),
        edition=name.year,
        also=name.also,
    )


def _raised(text: str, numbers: Container[int]) -> Iterator[Place]:
    """The raised numbers of references, apart from the exponents of units."""
    for match in _RAISED.finditer(text):
        number = int(match[0].translate(_LOWERED))
        if number in numbers:
            yield Place(start=match.start(), end=match.end(), number=number)


def _numbers(text: str, numbers: Container[int]) -> Iterator[Place]:
    for match in _NUMBERS.finditer(text):
        found = [each for each in re.finditer(r"\d+", match[1]) if int(each[0]) in numbers]
        if len(found) == 1 and found[0][0] == match[1]:
            yield Place(start=match.start(), end=match.end(), number=int(match[1]))
            continue
        for each in found:
            start = match.start(1) + each.start()
            yield Place(start=start, end=start + len(each[0]), number=int(each[0]))
