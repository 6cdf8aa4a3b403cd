"""Passages: selections that ask for the same wherever they stand, known by their text.

A selection without variables and named fragments says by itself all that it asks for. What was found of it therefore
holds for every document that holds it, so that of a new text only what is new in it has to be read and looked at.
"""

import re
from collections.abc import Callable, Hashable
from functools import cached_property
from typing import TypeAlias, TypeVar, cast

from graphql import SelectionNode, SelectionSetNode
from graphql.language import Location

from server.execution.keeping import Kept

MOST_KEPT, MOST_KEPT_CHARACTERS = 2_048, 500_000
"""A passage takes four to eight kilobytes with what is found of it, most of that its functions."""
MOST_FINDINGS = 64
"""Of one passage: a few for each type that it stands on."""
LONGEST = 8_192
"""Characters of a passage: what is longer hardly comes again in another text, and to look at it would hold it up."""
DEEPEST = 32
"""How deep its braces and brackets nest: it can be read wherever somebody looks into it."""

_SPREAD = re.compile(r"\.\.\.(?!\s*on\b)")
"""A spread that is no inline fragment on a type."""

FoundT = TypeVar("FoundT")


class Passage:
    """A passage, and what was found of it."""

    __slots__ = ("_findings", "depth", "text", "tokens")

    def __init__(self, text: str, *, tokens: int, depth: int) -> None:
        self.text = text
        self.tokens = tokens
        """How many it has, comments among them."""
        self.depth = depth
        """How deep its braces and brackets nest at most."""
        self._findings: dict[Hashable, object] = {}

    def finding(self, key: Hashable) -> object | None:
        """What was noted under a key, if it still is."""
        return self._findings.get(key)

    def note(self, key: Hashable, *, finding: object) -> None:
        """Notes what holds of it wherever it stands."""
        if len(self._findings) >= MOST_FINDINGS:
            self._findings.clear()
        self._findings[key] = finding


Passages: TypeAlias = Kept[str, Passage]
"""Those of one schema by their text."""


def new_passages() -> Passages:
    """None yet, and room for as many as may be."""
    return Kept(most=MOST_KEPT, most_size=MOST_KEPT_CHARACTERS)


class PassageNode(SelectionSetNode):
    """A selection that is a passage; one that is known is read only where somebody looks into it."""

    passage: Passage | None
    _read: Callable[[], tuple[SelectionNode, ...]]

    def __init__(
        self,
        *,
        loc: Location | None = None,
        selections: tuple[SelectionNode, ...] | None = None,
        passage: Passage | None = None,
        read: Callable[[], tuple[SelectionNode, ...]] = tuple,
    ) -> None:
        given = {} if selections is None else {"selections": selections}
        self.__dict__.update(loc=loc, passage=passage, _read=read, **given)  # nodes can't be written to

    @cached_property
    def selections(self) -> tuple[SelectionNode, ...]:
        """Its fields and fragments."""
        return self._read()

    def __eq__(self, other: object) -> bool:
        """Whether the other is a selection of the same at the same place, however it is held."""
        return isinstance(other, SelectionSetNode) and (self.loc, self.selections) == (other.loc, other.selections)

    def __hash__(self) -> int:
        return hash((self.loc, self.selections))


PassageNode.kind = SelectionSetNode.kind


def leads_out(text: str) -> bool:
    """Whether a selection may need something outside of it; what would do so counts in strings and comments, too."""
    return "$" in text or ("..." in text and _SPREAD.search(text) is not None)


def passage_of(selections: SelectionSetNode | None) -> Passage | None:
    """The passage that a selection is, if it was parsed as one."""
    return selections.passage if isinstance(selections, PassageNode) else None


def found(selections: SelectionSetNode, key: Hashable, *, find: Callable[[], FoundT]) -> FoundT:
    """What is found of a selection, which is never None: of a passage it is found once for all texts."""
    passage = passage_of(selections)
    finding = passage.finding(key) if passage else None
    if finding is None:
        finding = find()
        if passage:
            passage.note(key, finding=finding)
    return cast("FoundT", finding)
