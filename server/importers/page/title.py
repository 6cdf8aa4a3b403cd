"""The answer's own title: which bare line it is, if any."""

import re
from collections.abc import Sequence

from server.content.folding import fold
from server.importers.page.pieces import Piece, Text
from server.importers.page.questions import asks
from server.importers.page.references import is_reference_heading
from server.importers.page.vocabulary import GENERIC, UNTELLING

_WORD = re.compile(r"[^\W_]+")
_STEM = 5
_OVERVIEW = re.compile(
    r"^(?:understanding|all\s+about|an?\s+(?:guide|introduction|overview)|(?:your\s+)?guide\s+to|living\s+with|making\s+sense\s+of|"
    r"(?:what|everything)\s+(?:you\s+(?:should|need\s+to)|to)\s+know\s+about|comprender|entender|comprendre|.{1,40}\sverstehen$)\b|"
    r"\b(?:explained|demystified|in\s+brief|at\s+a\s+glance|101|explicad[oa]s?|expliquée?s?)$",
    re.IGNORECASE,
)
"""What promises the whole of a subject, as a title does."""
_SHARE_OF_OVERVIEW = 0.25


def has_title(pieces: Sequence[Piece], question: str, *, topics: Sequence[str]) -> bool:
    """Whether the first of the pieces is the answer's title rather than the heading of its first section."""
    if not pieces or not isinstance(pieces[0], Text) or not pieces[0].is_bare:
        return False
    line = pieces[0].text
    if is_reference_heading(line) or (asks(line) and not _stems(line) & _stems(question)):
        return False
    share = likeness(line, question, topics=topics)
    if share >= _SHARE_OF_OVERVIEW and isinstance(_second(pieces), Text) and _OVERVIEW.search(line):
        return True
    is_generic = _is_generic(line, topics)
    following = _second(pieces)
    if not isinstance(following, Text):
        return share >= 0.5 and not is_generic
    if following.is_bare:
        return share > 0 or not is_generic
    return share >= 0.5 or not is_generic


def _second(pieces: Sequence[Piece]) -> Piece | None:
    return pieces[1] if len(pieces) > 1 else None


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _WORD.findall(fold(text)) if word not in UNTELLING}


def likeness(line: str, question: str, *, topics: Sequence[str]) -> float:
    """The share, up to 1, of the question's stems that a line repeats; those of the topic count for half."""
    asked, said = _stems(question), _stems(line)
    known = {stem for topic in topics for stem in _stems(topic)}
    weights = {stem: 0.5 if stem in known else 1.0 for stem in asked}
    total = sum(weights.values())
    return sum(weight for stem, weight in weights.items() if stem in said) / total if total else 0.0


def _is_generic(line: str, topics: Sequence[str]) -> bool:
    """Tells whether a line could head a section of any answer, but for the topic's own words."""
    known = {stem for topic in topics for stem in _stems(topic)}
    words = _WORD.findall(fold(line))
    return all(_is_common(word) or word[:_STEM] in known for word in words) and any(map(_is_common, words))


def _is_common(word: str) -> bool:
    return word in GENERIC or word.removesuffix("s") in GENERIC or word in UNTELLING
