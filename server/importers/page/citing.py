"""Ties each place of the content that leans on a source to that source; the text stays as it is."""

from collections.abc import Iterator, Sequence
from itertools import chain

from msgspec.structs import replace

from server.content.draft import Block, Cite, Section, Source, Span, Spans
from server.content.walk import Change, block_texts, change_blocks
from server.importers.page.bearers import is_sure
from server.importers.page.names import names_in
from server.importers.page.places import Place, addresses_in, places_in
from server.importers.page.references import is_reference, numbered_references, read_reference, reference_blocks
from server.importers.page.sources import Bibliography
from server.importers.page.tokens import tokens_of


def cite(sections: Sequence[Section]) -> tuple[tuple[Section, ...], tuple[Source, ...]]:
    """The sections with their citations, and the sources in order of first citation."""
    references = reference_blocks(sections)
    bibliography = Bibliography(numbered=numbered_references(references))
    for abbreviation, name in _introduced(sections):
        bibliography.introduce(abbreviation, name)
    cited = [_cite_section(section, bibliography, references=references) for section in sections]
    return tuple(cited), tuple(bibliography.sources.values())


def _introduced(sections: Sequence[Section]) -> Iterator[tuple[str, str]]:
    """The abbreviations that the page introduces for bodies: `American Cancer Society (ACS)`."""
    for text in _texts(sections):
        if "(" in text:
            names = names_in(text, tokens_of(text))
            yield from [(name.also, name.text) for name in names if name.also is not None and is_sure(name)]


def _texts(sections: Sequence[Section]) -> Iterator[str]:
    for section in sections:
        for block in section.blocks:
            yield from ["".join([span.text for span in spans]) for spans in block_texts(block)]


def _cite_section(section: Section, bibliography: Bibliography, *, references: Sequence[Block]) -> Section:
    entry, running = _references(bibliography), _running_text(bibliography)
    changed = [
        change_blocks([block], entry if any(block is each for each in references) else running)
        for block in section.blocks
    ]
    return replace(section, blocks=tuple(chain.from_iterable(changed)))


def _running_text(bibliography: Bibliography) -> Change:
    """What a passage becomes: each place in it that leans on a source cites it."""
    entry = _references(bibliography)

    def change(spans: Spans) -> Spans:
        text = "".join([span.text for span in spans])
        if is_reference(text):
            return entry(spans)
        places = places_in(text, bibliography.numbered)
        return _spans(text, places, keys=[_key(place, bibliography) for place in places])

    return change


def _key(place: Place, bibliography: Bibliography) -> str | None:
    if place.mention is not None:
        return bibliography.cite(place.mention)
    return None if place.number is None else bibliography.cite_number(place.number)


def _references(bibliography: Bibliography) -> Change:
    """What a list of references becomes: each entry cites its own source, unless a place in the text did."""

    def change(spans: Spans) -> Spans:
        text = "".join([span.text for span in spans])
        mention = read_reference(text)
        places = list(addresses_in(text))
        if bibliography.is_cited(mention) or not mention.title:
            return _spans(text, places, keys=[None] * len(places))
        key = bibliography.cite(mention)
        end = places[0].start if places else len(text)
        stem = text[:end].rstrip(" .,;:([<")
        whole = [Place(start=0, end=len(stem))] if stem else []
        return _spans(text, [*whole, *places], keys=[key, *([None] * len(places))])

    return change


def _spans(text: str, places: Sequence[Place], *, keys: Sequence[str | None]) -> Spans:
    """The text cut at its places; each with a key bears a citation."""
    spans: list[Span] = []
    end = 0
    for place, key in zip(places, keys, strict=False):
        if place.start > end:
            spans.append(Span(text=text[end : place.start]))
        citation = None if key is None else Cite(source=key)
        spans.append(Span(text=text[place.start : place.end], url=place.url, citation=citation))
        end = place.end
    return tuple([*spans, Span(text=text[end:])] if end < len(text) else spans) or (Span(text=text),)
