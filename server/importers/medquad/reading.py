"""A file of MedQuAD as drafts, one for each pair that has text: the one function that importing calls.

Its focus is the topic, which has no parent: of what a focus lies below, the files say nothing. `SemanticGroup` is
`Disorders` throughout, `SemanticType` and `Category` say what kind of thing a focus is.
"""

import datetime
import hashlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from server.content.checks.addresses import is_web_url
from server.content.checks.drafts import check_name
from server.content.draft import (
    Cite,
    Contributor,
    Draft,
    Provenance,
    Question,
    Section,
    Source,
    Spans,
    Topic,
)
from server.content.folding import match_key
from server.content.slugs import slug_of
from server.content.vocabulary import ContributorKind, ProductionMethod, QuestionAudience, SourceKind
from server.content.walk import change_blocks
from server.errors.content import RefusedError, UnreadableError
from server.importers.medquad.documents import Document, Pair, read_document
from server.importers.medquad.headings import tells_points
from server.importers.medquad.institutes import ATTRIBUTION, LICENSE, institute_of
from server.importers.medquad.sections import read_sections

_PAGE = "page"
"""The key of the one source."""
_HASH_LENGTH = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What a file holds: its drafts, what was left out of it, and how many of its pairs have no text."""

    drafts: tuple[Draft, ...]
    faults: tuple[str, ...]
    """Each with its line, and what to do."""
    without_text: int


def read_medquad(data: bytes, *, identity: str, published_on: datetime.date, slugs: Mapping[str, str]) -> Reading:
    """The drafts of a file; raises UnreadableError with the line for one that can't be read.

    A pair that is no question with its answer, or can't be told from others, is left out by itself, with its line.

    `identity` is the name of the folder that it lies in and its own without `.xml`: with the `pid` of a pair it is the
    pair's identity, for the ids in the file are not unique. `slugs` has those that answers bear already, by external
    id: they keep them, whatever their questions have become.
    """
    document = read_document(data)
    asked, faults = _asked(document.pairs, beginning_of(identity), slugs=slugs)
    has_points = any(tells_points(pair.answer) for pair in document.pairs)
    drafts = [
        _draft(document, each, asked=asked, published_on=published_on, has_points=has_points)
        for each in asked
        if each.slug is not None
    ]
    return Reading(drafts=tuple(drafts), faults=(*document.faults, *faults), without_text=len(asked) - len(drafts))


def beginning_of(identity: str) -> str:
    """What the external ids of a file's answers begin with."""
    return f"medquad:{identity}#"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """A pair by what others know of it; `slug` is None where it has no text."""

    question: str
    answer: str
    external_id: str
    slug: str | None


def _asked(pairs: Sequence[Pair], beginning: str, *, slugs: Mapping[str, str]) -> tuple[list[_Asked], list[str]]:
    """The pairs that can be kept, and what is wrong with the others."""
    taken: set[str] = set()
    asked, faults = [], []
    for pair in pairs:
        numbered = (f"{pair.pid}.{number}" for number in itertools.count(2))
        pid = next(each for each in itertools.chain([pair.pid], numbered) if each not in taken)
        taken.add(pid)  # of one that is left out, too: when it is mended, the others are called what they were
        external_id = f"{beginning}{pid}"
        if (fault := _fault(pair, external_id)) is None:
            asked.append(_identified(pair, external_id, slugs=slugs))
        else:
            faults.append(UnreadableError(fault, pair.line).message)
    return asked, faults


def _fault(pair: Pair, external_id: str) -> str | None:
    if not pair.pid:
        return "the pair has no `pid`: number it."
    try:
        check_name(external_id, "the external id with the pair's `pid`")
    except RefusedError as error:
        return error.message
    if pair.answer.strip() and not pair.question.strip():
        return "the pair has an answer and no question: write it."
    return None


def _identified(pair: Pair, external_id: str, *, slugs: Mapping[str, str]) -> _Asked:
    question = " ".join(pair.question.split())
    slug = slugs.get(external_id) or _slug(question, external_id) if pair.answer.strip() else None
    return _Asked(question=question, answer=pair.answer, external_id=external_id, slug=slug)


def _slug(question: str, external_id: str) -> str:
    """Of the identity alone, so that equal questions differ and no order of import matters."""
    return f"{slug_of(question)}-{hashlib.sha256(external_id.encode()).hexdigest()[:_HASH_LENGTH]}"


def _draft(
    document: Document, pair: _Asked, *, asked: Sequence[_Asked], published_on: datetime.date, has_points: bool
) -> Draft:
    institute = institute_of(document.institute, document.url)
    others = [each for each in asked if each.question and not _is_same(each, pair)]
    return Draft(
        slug=pair.slug or "",
        external_id=pair.external_id,
        question=pair.question,
        title=pair.question,
        topics=_topics(document),
        author=Contributor(name=institute, kind=ContributorKind.ORGANIZATION),
        published_on=published_on,
        provenance=Provenance(method=ProductionMethod.HUMAN_WRITTEN),
        sections=_cited(read_sections(pair.answer, has_points=has_points)),
        questions=tuple(
            [Question(text=each.question, audience=QuestionAudience.READER, answer=each.slug) for each in others]
        ),
        sources=(_source(document, institute),),
    )


def _is_same(other: _Asked, pair: _Asked) -> bool:
    """Whether another pair is the same, or asks the same and leaves it without an answer."""
    return other is pair or (other.slug is None and match_key(other.question) == match_key(pair.question))


def _topics(document: Document) -> tuple[Topic, ...]:
    if not document.focus:
        return ()
    synonyms = dict.fromkeys(name for name in document.synonyms if name != document.focus)
    return (Topic(name=document.focus, synonyms=tuple(synonyms), codes=tuple(dict.fromkeys(document.codes))),)


def _source(document: Document, institute: str) -> Source:
    return Source(
        key=_PAGE,
        kind=SourceKind.WEBSITE,
        title=document.focus or institute,
        publisher=institute,
        url=document.url if is_web_url(document.url) else None,
        attribution=ATTRIBUTION,
        license=LICENSE,
    )


def _cited(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """The sections with the page cited at the first stretch of their text: all of it was taken from there."""
    first = next(place for place, section in enumerate(sections) if section.blocks)
    block, *blocks = sections[first].blocks
    is_open = True

    def cite(spans: Spans) -> Spans:
        nonlocal is_open
        if not is_open or not spans:
            return spans
        is_open = False
        return (*spans[:-1], replace(spans[-1], citation=Cite(source=_PAGE)))

    section = replace(sections[first], blocks=(*change_blocks((block,), cite), *blocks))
    return (*sections[:first], section, *sections[first + 1 :])
