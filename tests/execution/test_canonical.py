import datetime
import uuid
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.execution.canonical import UncanonicalError, canonical, canonical_members, size_of

NOON = datetime.datetime(2026, 5, 15, 12, tzinfo=datetime.UTC)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
)


@given(values, values)
def test_keys_are_equal_where_values_are_written_alike_and_nowhere_else(one, other):
    def written(value):
        if isinstance(value, dict):
            return {name: written(value[name]) for name in sorted(value)}
        return list(map(written, value)) if isinstance(value, list) else value

    assert (canonical(one) == canonical(other)) is (repr(written(one)) == repr(written(other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (1, True),
        (0, False),
        (1, "1"),
        (None, "null"),
        (0.0, -0.0),
        ([], None),
        ([1], [[1]]),
        ({"a": None}, {}),
        (NOON, NOON.astimezone(ZoneInfo("Europe/Paris"))),
        (Decimal("1.0"), Decimal("1.00")),
    ],
)
def test_what_python_takes_for_equal_or_alike_has_keys_of_its_own(one, other):
    assert canonical(one) != canonical(other)


@given(st.dictionaries(st.text(max_size=3), scalars))
def test_members_have_no_order(members):
    assert canonical_members(members) == canonical_members(dict(reversed(members.items())))


def test_what_is_not_known_has_no_key():
    with pytest.raises(UncanonicalError):
        canonical({"a": [object()]})


def test_a_key_is_as_large_as_what_it_holds():
    assert size_of(canonical("x" * 10_000)) > 10_000
    assert canonical(uuid.UUID(int=1)) == canonical(uuid.UUID(int=1))
