"""The forms of a revision in its row."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.content.packing import pack, unpack


@given(st.dictionaries(st.text(), st.text()))
def test_what_is_packed_is_unpacked_as_it_was(content):
    data = json.dumps(content).encode()

    assert unpack(pack(data)) == data


def test_what_repeats_itself_is_kept_short():
    assert len(pack(json.dumps(["the same words"] * 1000).encode())) < 200


def test_a_row_of_a_former_version_holds_the_json_itself():
    assert unpack(b'{"title":"Tea"}') == b'{"title":"Tea"}'


@pytest.mark.parametrize("stored", [b"", b"tea", pack(b'{"title":"Tea"}')[:-1]])
def test_anything_else_is_refused(stored):
    with pytest.raises(ValueError, match="damaged"):
        unpack(stored)
