"""Functions written as source: texts in which everything that is not structure is a numbered name."""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

from server.execution.compiler.marks import UnexpectedValueError, UnknownOperationError
from server.execution.keeping import Kept

MOST_KEPT, MOST_KEPT_CHARACTERS = 4_096, 8_000_000
"""Texts whose code is kept, the same for all documents of one form: it takes some four times the memory of its text."""
LONGEST = 32_768
"""Characters of a text, enough to ask for a hundred answers at once; graphql-core runs what is longer."""
MOST_SEEN = 16_384
"""Texts of which is known that they were asked for."""


class Pieces:
    """The code of texts: each is compiled once, when it is asked for again, and bound to values as often as it is used.

    To compile a text costs as much as a run by graphql-core, or some; to bind one costs next to nothing.
    """

    def __init__(self) -> None:
        self.missed = 0
        """How often a text was asked for that had not been before."""
        self._kept = Kept[str, Callable[..., Any]](most=MOST_KEPT, most_size=MOST_KEPT_CHARACTERS)
        self._seen: OrderedDict[int, None] = OrderedDict()

    def bound(self, text: str, values: list[object]) -> Callable[..., Any]:
        """The function that a text makes of values; one that only stands for it where the text is new.

        Raises UnknownOperationError for a text that is too long.
        """
        if len(text) > LONGEST:
            raise UnknownOperationError
        make = self._kept.find(text)
        if make is None:
            if not self._is_seen(text):
                self.missed += 1
                return partial(not_yet)  # an object of its own, as the function will be one
            make = self._compiled(text)
        return make(*values)  # type: ignore[no-any-return]  # what it makes is a function

    def _is_seen(self, text: str) -> bool:
        """Whether it was asked for before; remembers that it was now."""
        key = hash(text)
        is_seen = key in self._seen
        self._seen[key] = None
        self._seen.move_to_end(key)
        if len(self._seen) > MOST_SEEN:
            self._seen.popitem(last=False)
        return is_seen

    def _compiled(self, text: str) -> Callable[..., Any]:
        scope: dict[str, Any] = {}
        exec(text, scope)  # noqa: S102 -- numbered names and names of the schema: see the package's docstring
        make: Callable[..., Any] = scope["make"]
        self._kept.keep(text, make, size=len(text))
        return make


def not_yet(*_: object) -> NoReturn:
    """Stands for a function that is not written yet."""
    raise UnexpectedValueError


class Sheet:
    """One function as it is written, and the values that its names stand for."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._names: dict[object, str] = {}
        self._values: list[object] = []

    def bind(self, value: object) -> str:
        """The name that stands for a value; the same one for the same object, or for texts that are equal and plain."""
        key = value if value.__class__ is str else id(value)
        name = self._names.get(key)
        if name is None:
            name = self._names[key] = f"b{len(self._values)}"
            self._values.append(value)
        return name

    def line(self, text: str) -> None:
        """Adds a line to the body."""
        self._lines.append(text)

    def finish(self, parameters: str, pieces: Pieces) -> Callable[..., Any]:
        """The function, which takes these parameters."""
        body = "\n        ".join(self._lines)
        names = ", ".join(self._names.values())
        text = f"def make({names}):\n    def run({parameters}):\n        {body}\n    return run\n"
        return pieces.bound(text, self._values)
