import json

from hypothesis import given
from hypothesis import strategies as st

from server.execution.encoding import Written, encode

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


@given(values, st.dictionaries(st.text("abcé"), st.integers(-(2**63), 2**63 - 1) | st.booleans(), max_size=3))
def test_written_data_are_sent_as_they_would_be_without(value, extensions):
    written = Written({"a": value})

    assert written.body == encode({"data": {"a": value}})
    assert written.extended(extensions) == encode({"data": {"a": value}, "extensions": extensions})


def test_written_data_can_be_a_part_of_something():
    assert encode({"id": "1", "payload": {"data": Written({"a": [2**53]}).embedded}}) == (
        b'{"id":"1","payload":{"data":{"a":[9007199254740992]}}}'
    )
