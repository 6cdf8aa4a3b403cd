import pytest

from server.access.documents.ids import claims_digest, is_id, plain_id

DIGEST = "7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e"


@pytest.mark.parametrize("written", [DIGEST, f"sha256:{DIGEST}", DIGEST.upper(), f"sha256:{DIGEST.upper()}"])
def test_a_digest_is_one_id_however_it_is_written(written):
    assert plain_id(written) == DIGEST


@pytest.mark.parametrize("written", ["page", "Page", "x-app:Page", "d41d8cd98f00b204e9800998ecf8427E", "sha1:abc"])
def test_any_other_id_stays_as_it_is(written):
    assert plain_id(written) == written


@pytest.mark.parametrize("written", [DIGEST, f"sha256:{DIGEST}", "sha256:page"])
def test_a_digest_and_what_is_marked_as_one_claim_to_be_that_of_the_text(written):
    assert claims_digest(written)


@pytest.mark.parametrize("written", ["page", DIGEST[:40], f"md5:{DIGEST[:32]}"])
def test_no_other_id_claims_it(written):
    assert not claims_digest(written)


@pytest.mark.parametrize("plain", ["", "a b", "a\n", "é", "\0", "a" * 201, "\ud800"])
def test_what_no_request_should_hold_is_no_id(plain):
    assert not is_id(plain)
