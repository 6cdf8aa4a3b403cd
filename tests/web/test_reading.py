import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors.limits import JsonTooDeepError
from server.errors.requests import BadRequestError
from server.limits import Limits
from server.web.reading import decode_json, request_in_url, request_of

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=8) | st.sampled_from(['"', "\\", "[{", "]}", '\\"'])
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=30,
)


def depth_of(value):
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(depth_of, value), default=0) if isinstance(value, list) else 0


@given(values, st.integers(0, 6), st.booleans())
def test_json_is_read_unless_it_nests_too_deep(value, most, is_ascii):
    text = json.dumps(value, ensure_ascii=is_ascii).encode()

    if depth_of(value) <= most:
        assert decode_json(text, Limits(max_json_depth=most), what="It") == value
    else:
        with pytest.raises(JsonTooDeepError):
            decode_json(text, Limits(max_json_depth=most), what="It")


@given(st.binary(max_size=60) | st.text(alphabet='[]{}",:\\a1', max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused(data):
    with suppress(BadRequestError, JsonTooDeepError):
        assert decode_json(data, Limits(max_json_depth=3), what="It") == json.loads(data)


@pytest.mark.parametrize(
    "parameters",
    [{"documentId": "page"}, {"documentId": "page", "query": None}, {"extensions": {"persistedQuery": {"version": 1}}}],
)
def test_a_document_is_named_or_given(parameters):
    request = request_of(parameters)

    assert (request.query, request.document_id) == (None, parameters.get("documentId"))


@pytest.mark.parametrize("parameters", [{}, {"query": None}, {"extensions": {"other": 1}}, {"documentId": 3}])
def test_a_request_that_names_no_document_is_refused(parameters):
    with pytest.raises(BadRequestError):
        request_of(parameters)


def test_a_url_names_a_document():
    query = b'documentId=sha256%3Aabc&variables=%7B%22slug%22%3A%22a%22%7D&extensions={"persistedQuery":{}}&query='

    request = request_in_url(query, Limits())

    assert (request.document_id, request.variables) == ("sha256:abc", {"slug": "a"})
    assert (request.query, request.extensions) == ("", {"persistedQuery": {}})
