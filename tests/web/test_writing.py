import json

from hypothesis import given
from hypothesis import strategies as st

from server.web.writing import encode

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_json_says_what_it_was_made_of(value):
    assert json.loads(encode(value)) == value


def test_integers_of_any_size_are_written():
    assert encode([2**64, -(2**200)]) == f"[{2**64},{-(2**200)}]".encode()


def test_a_lone_surrogate_is_replaced():
    assert encode({"a": "x\ud800é"}) == '{"a":"x?é"}'.encode()
