"""The passage that a reader is shown of an answer that was found, its matches set off."""

import re
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from server.content.answer import Answer
from server.content.published import Section, Span
from server.content.vocabulary import Mark
from server.content.words import Word, surface, words
from server.search.analysis import term
from server.search.results import Looked, Snippet

LENGTH = 30
"""Words of a snippet."""
_LONGEST = 50_000
"""Characters of a section that are read."""

_SPACE = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"[.!?。！？\n\t]")
_OPENING = "¿¡([«“‘\"'"
_CLOSING = re.compile(r"[.,;:!?…)\]»”’\"%°。！？]*")


def snippet(answer: Answer, looked: Looked) -> Snippet | None:
    """The stretch of a section in which most of what was looked for stands, in the section's own words.

    Where no section has any of it the beginning of the answer, with nothing set off; None where that is empty too.
    """
    best: Section | None = None
    matched, most = frozenset[str](), 0.0
    for section in answer.published.sections:
        found = _matched(section, looked)
        worth = sum({stem: looked.weights[stem] for stem in found.values()}.values())
        if worth > most:
            best, matched, most = section, frozenset(found), worth
    shown = best or _opening(answer)
    if shown is None:
        return None
    spans = passage(shown.body.text, matched)
    return Snippet(section_anchor=best.anchor if best else None, spans=spans) if spans else None


def _matched(section: Section, looked: Looked) -> dict[str, str]:
    """The words of a section, in lower case, that were looked for, each with its term."""
    found = {}
    for word in set(surface(f"{section.heading or ''} {section.body.text[:_LONGEST]}")):
        stem = term(word, looked.spoken)
        if stem in looked.weights:
            found[word] = stem
    return found


def _opening(answer: Answer) -> Section | None:
    return next((section for section in answer.published.sections if section.body.text.strip()), None)


def passage(text: str, matched: AbstractSet[str]) -> tuple[Span, ...]:
    """The spans of the `LENGTH` words of a text that hold most of the matched ones; those are STRONG."""
    found = list(words(text))
    if not found:
        return ()
    is_match = [word.text in matched for word in found]
    first = _start(text, found, is_match=is_match)
    shown = range(first, min(first + LENGTH, len(found)))
    spans, place = [], _beginning(text, found[first])
    for word in [found[number] for number in shown if is_match[number]]:
        spans += [_span(text[place : word.start]), _span(text[word.start : word.end], Mark.STRONG)]
        place = word.end
    spans.append(_span(text[place : _end(text, found[shown[-1]])]))
    return tuple([span for span in spans if span.text])


def _start(text: str, found: Sequence[Word], *, is_match: Sequence[bool]) -> int:
    """The number of the word to begin with: matches stand in the middle, or after the beginning of their sentence."""
    if not any(is_match):
        return 0
    densest = _densest(found, is_match)
    places = [place for place in range(densest, min(densest + LENGTH, len(found))) if is_match[place]]
    room = LENGTH - (places[-1] - places[0] + 1)
    latest = min(places[0], max(0, len(found) - LENGTH))
    for place in range(latest, max(-1, places[0] - room - 1), -1):
        if place == 0 or _SENTENCE_END.search(text, found[place - 1].end, found[place].start):
            return place
    return min(max(0, places[0] - room // 2), latest)


def _densest(found: Sequence[Word], is_match: Sequence[bool]) -> int:
    """The start of the window with most different matches, then with most matches; of equals the first."""
    inside: Counter[str] = Counter()
    best, best_start = (0, 0), 0
    for place, word in enumerate(found):
        if is_match[place]:
            inside[word.text] += 1
        left = place - LENGTH
        if left >= 0 and is_match[left]:
            inside[found[left].text] -= 1
        size = (sum(1 for count in inside.values() if count), inside.total())
        if size > best:
            best, best_start = size, max(0, left + 1)
    return best_start


def _beginning(text: str, first: Word) -> int:
    return first.start - (len(text[: first.start]) - len(text[: first.start].rstrip(_OPENING)))


def _end(text: str, last: Word) -> int:
    closing = _CLOSING.match(text, last.end)
    return closing.end() if closing else last.end


def _span(text: str, *marks: Mark) -> Span:
    return Span(text=_SPACE.sub(" ", text), marks=marks)
