"""YAML as a tree of nodes with their lines, without what could grow when read or would be lost."""

import re

import yaml
from yaml.reader import ReaderError

from server.errors.content import UnreadableError

_DEEPEST = 8
_HALF = re.compile("[\ud800-\udfff]")
"""What an escape can write that no text has."""


class _Composer(yaml.SafeLoader):
    """YAML's own loader, stopped before it builds values: no aliases, no tags, no deep nesting."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self._refuse_what_is_lost(self.peek_event())  # type: ignore[no-untyped-call]  # PyYAML types most, not this
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def _refuse_what_is_lost(self, event: yaml.Event) -> None:
        reason = None
        if getattr(event, "anchor", None) is not None:
            reason = "an anchor (`&`) or an alias (`*`): write it out, or put the text in quotes."
        elif getattr(event, "tag", None) is not None:
            reason = "a tag (`!`): leave it out, or put the text in quotes."
        elif self.depth == _DEEPEST:
            reason = "nested more deeply than any key is: write as the format's reference shows."
        elif _HALF.search(getattr(event, "value", "")):
            reason = "half of a surrogate pair: write the character itself."
        if reason is not None:
            raise UnreadableError(reason, _line_at(event.start_mark))  # type: ignore[arg-type]  # libyaml is not used


def compose(text: str) -> yaml.Node | None:
    """The tree of a YAML text, None for an empty one; raises UnreadableError with the line."""
    try:
        return _Composer(text).get_single_node()
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        code = f"U+{int(error.character):04X}"
        raise UnreadableError(f"the character {code}: write it as an escape in double quotes.", line) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = f"not YAML, {error.problem or error.context}: put text with `: `, ` #` or quotes in it in quotes."
        raise UnreadableError(reason, _line_at(mark)) from None


def line_of(node: yaml.Node) -> int:
    """The line where a node starts, counted from 1."""
    return _line_at(node.start_mark)


def _line_at(mark: yaml.Mark | None) -> int:
    return (mark.buffer or "").count("\n", 0, mark.index) + 1 if mark else 1
