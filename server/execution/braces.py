"""Where the braces of a text close, without that it is parsed."""

import re

_MARKS = re.compile(r'[{}]|"""(?:[^"\\]+|\\"""|\\|"(?!""))*(?:""")?|"(?:[^"\\\n\r]+|\\.)*["\\]?|#[^\n\r]*')
"""Braces, and what may hold some that are none: strings, closed or cut, if only behind a backslash, and comments."""


BRACES = ("{", "}")


class Braces:
    """The braces of a text, in one way through it, which goes no further than is asked.

    In a text that is no GraphQL they may be said to close anywhere.
    """

    def __init__(self, text: str, *, start: int = 0) -> None:
        self._text = text
        self._reached = start
        self._open: list[int] = []
        self._ends: dict[int, int] = {}

    def end(self, start: int, *, within: int) -> int | None:
        """Where a selection ends that begins at a brace; None where that is not within so many characters."""
        limit = start + within
        while start not in self._ends and self._reached < limit:
            mark = _MARKS.search(self._text, self._reached, limit)
            if mark is None:
                self._reached = limit
            elif mark.end() == limit and mark.group() not in BRACES:
                break  # it may go on
            else:
                self._add(mark.group(), mark.start())
                self._reached = mark.end()
        return self._ends.get(start)

    def _add(self, mark: str, place: int) -> None:
        if mark == "{":
            self._open.append(place)
        elif mark == "}" and self._open:
            self._ends[self._open.pop()] = place + 1
