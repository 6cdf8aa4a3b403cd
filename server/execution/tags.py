"""What responses depend on: tags, of which execution knows nothing but that equal ones are of one thing."""

from collections.abc import Callable, Hashable
from typing import TypeAlias

Tag: TypeAlias = Hashable

Tags: TypeAlias = frozenset[Tag]

FindTags: TypeAlias = Callable[[object], Tags | None]
"""What was read through a context depends on; None for what must not be kept at all."""
