"""Values of variables as keys: equal for what no operation can tell apart, different for everything else.

Python takes 1, 1.0 and true for equal, and moments of two time zones; a key holds the type beside the value, and of
what has a precision or a zone its whole representation. An absent variable is another thing than null.
"""

import datetime
import sys
from collections.abc import Hashable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

PLAIN = frozenset([str, int, bool, type(None)])
"""Equal values of one of these types can't be told apart."""

WRITTEN = frozenset([float, datetime.datetime, datetime.date, datetime.time, Decimal, UUID])
"""Those whose representations say everything: -0.0 equals 0.0, and 12:00 in London 13:00 in Paris."""


class UncanonicalError(Exception):
    """A value of a type that is not known well enough to compare."""


def canonical(value: object) -> Hashable:
    """The key of a coerced value; raises UncanonicalError."""
    kind = value.__class__
    if kind in PLAIN:
        return kind, value
    if kind in WRITTEN:
        return kind, repr(value)
    if isinstance(value, dict):
        return dict, canonical_members(value)
    if isinstance(value, list | tuple):
        return list, tuple([canonical(each) for each in value])
    if isinstance(value, Enum):
        return kind, value.name
    raise UncanonicalError


def canonical_members(values: Mapping[str, Any]) -> tuple[Hashable, ...]:
    """The key of values by name, whatever their order."""
    return tuple([(name, canonical(values[name])) for name in sorted(values)])


def size_of(key: Hashable) -> int:
    """About how many bytes of memory a key takes."""
    if isinstance(key, tuple):
        return sys.getsizeof(key) + sum(map(size_of, key))
    return sys.getsizeof(key) if isinstance(key, str | int) else 0
