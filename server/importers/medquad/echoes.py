"""Lists whose items are said again behind them, in a row: so stand lists in pages that lost their layout on the way.

What is said again tells where the first item begins and the last one ends, which nothing else does. It stays: it is
part of the text.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

_WORD = re.compile(r"\S+")
_BULLET = "-"
_CLOSE_BULLET = re.compile(rf"(?<! ) {_BULLET} ")
"""What opens the first item of such a list: no gap stands between it and the text before."""
_SHORTEST = 6
"""Words of an item alone that is said again: fewer may be said twice in any sentence."""
_LONGEST = 400
"""Words of an item."""
_MOST = 60
"""Items of a list."""
_TWICE = 2


class Stretch(NamedTuple):
    """A part of a line."""

    text: str
    is_item: bool = False
    is_echo: bool = False


class _Echo(NamedTuple):
    """Items by the words at which they begin, where the last of them ends, and where their echo does."""

    bullets: Sequence[int]
    end: int
    after: int


def may_echo(line: str) -> bool:
    """Whether to look for echoes in a line: there are none where a gap stands before each bullet."""
    return f" {_BULLET} " in line and _CLOSE_BULLET.search(line) is not None


def stretches(line: str) -> Iterator[Stretch]:
    """The parts of a line in their order: items without their bullets, echoes, and what stands around them."""
    echoes = list(_echoes(line.split()))
    starts = [word.start() for word in _WORD.finditer(line)] + [len(line)] if echoes else []
    done = 0
    for echo in echoes:
        yield Stretch(line[done : starts[echo.bullets[0]]])
        for bullet, end in zip(echo.bullets, [*echo.bullets[1:], echo.end], strict=True):
            yield Stretch(line[starts[bullet + 1] : starts[end]], is_item=True)
        done = starts[echo.after]
        yield Stretch(line[starts[echo.end] : done], is_echo=True)
    yield Stretch(line[done:])


def _echoes(words: Sequence[str]) -> Iterator[_Echo]:
    places = [place for place, word in enumerate(words) if word == _BULLET] + [len(words)]
    said: Counter[tuple[str, ...]] = Counter(pairwise([word for word in words if word != _BULLET]))
    done = 0
    for first, place in enumerate(places[:-1]):
        if place < done or said[_opening(words, place)] < _TWICE:
            continue
        if (echo := _echo(words, places[first : first + _MOST + 1])) is not None:
            yield echo
            done = echo.after


def _opening(words: Sequence[str], bullet: int) -> tuple[str, ...]:
    """The first two words behind a bullet: they are there twice where its item is said again."""
    return tuple([word for word in words[bullet + 1 : bullet + 4] if word != _BULLET][:2])


def _echo(words: Sequence[str], places: Sequence[int]) -> _Echo | None:
    """The items from the first bullet on that are said again before the next one; the last place ends all of them."""
    longest = max([after - bullet for bullet, after in pairwise(places)])
    said: list[str] = []
    for last, (bullet, after) in enumerate(pairwise(places)):
        segment = words[bullet + 1 : after]
        if (length := _length(segment, said)) is not None:
            end = bullet + 1 + length
            return _Echo(places[: last + 1], end, end + len(said) + length)
        said += segment
        if not segment or len(said) >= longest:
            return None
    return None


def _length(segment: Sequence[str], said: Sequence[str]) -> int | None:
    """How many words of a segment are its item, after which all items are said again; None where they are not."""
    most = min((len(segment) - len(said)) // 2, _LONGEST)
    for length in range(1 if said else _SHORTEST, most + 1):
        middle = length + len(said)
        if segment[length] != (said or segment)[0]:
            continue
        if segment[length:middle] == said and segment[middle : middle + length] == segment[:length]:
            return length
    return None
