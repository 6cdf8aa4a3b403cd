"""Search as readers know it: a question in, the best answers out, each with the passage that matches best.

One locale at a time: that of the request or its filter, else the audience's default, else English; one answer for each
set of translations. What is found is read from the library, so that what was retracted meanwhile is left out.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import msgspec

from server.content.answer import AnswerStatus
from server.content.library import Library
from server.content.pages import LARGEST_SIZE, decode_cursor, encode_cursor
from server.content.reads.sight import Sight
from server.db.reads import Reads
from server.errors.requests import BadUserInputError, CursorInvalidError
from server.search.matching import Asked, Match, Place, match
from server.search.results import Hit, SearchPage, SearchRequest
from server.search.snippets import snippet
from server.search.spelling import correct
from server.search.terms import read_terms

DEFAULT_LOCALE = "en"

_SCORE = re.compile(r"^[0-9]{1,9}\.[0-9]{6}$")


async def search(request: SearchRequest, *, reads: Reads, library: Library) -> SearchPage:
    """A page of the answers to a query, best match first; nothing where nothing answers it well.

    A cursor is taken back for the same query, locale and filter only. Raises BadUserInputError, CursorInvalidError.
    """
    asked, sight = _asked(library, request), Sight(reads, library.audience)
    matches, corrected = await match(sight, asked), None
    if not matches.total and matches.unknown:
        corrected = await correct(sight, request.query, terms=asked.terms, unknown=matches.unknown, locale=asked.locale)
    if corrected is not None:
        asked = replace(asked, terms=read_terms(corrected, asked.locale))
        matches = await match(sight, asked)
    return SearchPage(
        hits=await _hits(library, matches.page[: request.first], cursor_name=_cursor_name(request, asked.locale)),
        has_next=len(matches.page) > request.first,
        has_previous=request.after is not None,
        total=matches.total,
        facets=matches.facets,
        corrected_query=corrected if matches.total else None,
    )


def _asked(library: Library, request: SearchRequest) -> Asked:
    if not 0 <= request.first <= LARGEST_SIZE:
        raise BadUserInputError(f"`first` is {request.first}: it takes 0 to {LARGEST_SIZE}.")
    locales = request.filter.locales
    if locales is not None and len(locales) > 1:
        raise BadUserInputError("`filter.locales` names several locales: search takes one at a time.")
    own = locales[0] if locales else None
    locale = request.locale or own or library.audience.default_locale or DEFAULT_LOCALE
    return Asked(
        terms=read_terms(request.query, locale),
        locale=locale,
        filter=replace(request.filter, include_retracted=False),
        most=request.first + 1,
        after=None if request.after is None else _place(request.after, _cursor_name(request, locale)),
    )


def _cursor_name(request: SearchRequest, locale: str) -> str:
    asked = msgspec.json.encode((request.query.encode("utf-8", "surrogatepass"), locale, request.filter))
    return f"search:{hashlib.sha256(asked).hexdigest()[:16]}"


def _place(cursor: str, name: str) -> Place:
    place = decode_cursor("after", cursor, list_name=name)
    try:
        score, identity = place
        return Place(score=_SCORE.findall(str(score))[0], id=UUID(str(identity)))
    except (ValueError, IndexError):
        raise CursorInvalidError("`after` is not a cursor of this search: start again without it.") from None


async def _hits(library: Library, page: Sequence[Match], *, cursor_name: str) -> tuple[Hit, ...]:
    if not page:
        return ()
    answers = await library.answers_by_id([each.id for each in page])
    return tuple(
        [
            Hit(
                cursor=encode_cursor(cursor_name, each.score, str(each.id)),
                answer=answer,
                score=float(each.score),
                snippet=snippet(answer, anchor=each.anchor, matched=frozenset(each.words)),
            )
            for each, answer in zip(page, answers, strict=True)
            if answer is not None and answer.status is AnswerStatus.PUBLISHED
        ]
    )
