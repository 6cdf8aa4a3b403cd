import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from server.errors.requests import NotAcceptableError
from server.web.codings import LONG_BYTES, Coding, choice, coded

DECODERS = {
    Coding.ZSTD: lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
    Coding.BR: brotli.decompress,
    Coding.GZIP: lambda body: zlib.decompress(body, wbits=31),
}
QUALITIES = st.sampled_from(["", ";q=0", ";q=0.0", ";q=0.001", ";q=0.5", ";q=1", "; Q=1.000"])
NAMES = st.sampled_from(["zstd", "br", "gzip", "identity", "*", "deflate", "GZIP", "x-gzip"])


@pytest.mark.parametrize(
    ("header", "best", "takes_plain"),
    [
        (None, "identity", True),
        ("", "identity", True),
        ("gzip", "gzip", True),
        ("x-gzip", "gzip", True),
        ("gzip, deflate, br, zstd", "zstd", True),
        ("gzip, deflate, br", "br", True),
        ("GZIP;Q=0.5 , BR;q=0.4", "gzip", True),
        ("*", "zstd", True),
        ("*;q=0.1, br;q=0", "zstd", True),
        ("gzip;q=0", "identity", True),
        ("identity;q=0.5, gzip;q=0.4", "identity", True),
        ("identity, gzip", "gzip", True),
        ("identity;q=0, gzip;q=0.1", "gzip", False),
        ("*;q=0, br", "br", False),
        ("*;q=0, identity;q=0.1", "identity", True),
        ("deflate, compress", "identity", True),
        ("br;q=nonsense", "identity", True),
        ("br;q=2, gzip;q=-1, zstd;q=1e0", "identity", True),
        (",,; , gzip", "gzip", True),
        ("gzip " + "," * 300, "gzip", True),
    ],
)
def test_the_coding_is_the_one_that_suits_best(header, best, takes_plain):
    chosen = choice(header)

    assert (chosen.best, chosen.takes_plain) == (best, takes_plain)


@pytest.mark.parametrize("header", ["identity;q=0", "*;q=0", "identity;q=0, deflate", "gzip;q=0, *;q=0.0"])
def test_a_client_that_takes_nothing_of_ours_is_told(header):
    with pytest.raises(NotAcceptableError):
        choice(header)


@given(st.lists(st.tuples(NAMES, QUALITIES), max_size=6))
def test_no_coding_is_chosen_that_was_excluded(parts):
    header = ", ".join(name + quality for name, quality in parts)
    last = {name.lower(): quality for name, quality in parts}
    try:
        chosen = choice(header)
    except NotAcceptableError:
        return

    if "x-gzip" in last:
        last.setdefault("gzip", last["x-gzip"])
    said = last.get(chosen.best, last.get("*", "" if chosen.best == "identity" else ";q=0"))
    assert said not in (";q=0", ";q=0.0")
    assert chosen.takes_plain or chosen.best != "identity"


@pytest.mark.parametrize(("size", "is_worth"), [(999, False), (1000, True)])
def test_what_is_short_stays_unless_plain_bytes_are_not_taken(size, is_worth):
    assert choice("gzip").is_worth(size) is is_worth
    assert choice("gzip, identity;q=0").is_worth(size)
    assert not choice(None).is_worth(size)


@pytest.mark.parametrize("coding", DECODERS)
@pytest.mark.parametrize("body", [b"", b"tea ", b"tea " * LONG_BYTES])
async def test_what_is_coded_is_what_was(coding, body):
    assert DECODERS[coding](await coded(body, coding)) == body
