from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.web.addresses import Addresses, address_of

PROXIES = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


def found(peer, *forwarded, proxies=PROXIES, **headers):
    """The address that is counted for a connection with those lines of `X-Forwarded-For`."""
    lines = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    lines += [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "client": (peer, 4711) if peer else None, "headers": lines}
    Addresses(proxies).note(scope)
    return address_of(scope)


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        (["203.0.113.9"], "203.0.113.9"),
        (["203.0.113.9, 10.1.2.3"], "203.0.113.9"),
        (["203.0.113.9", "10.1.2.3, 10.4.5.6"], "203.0.113.9"),
        (["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
        (["198.51.100.1", "203.0.113.9"], "203.0.113.9"),
        (["203.0.113.9:50123"], "203.0.113.9"),
        (['"[2001:db8:1:2:3:4:5:6]:50123"'], "2001:db8:1:2::/64"),
        (["2001:db8:1:2:ffff::1"], "2001:db8:1:2::/64"),
        (["::ffff:203.0.113.9"], "203.0.113.9"),
        (["10.7.7.7, 10.8.8.8"], "10.7.7.7"),
        (["203.0.113.9, unknown"], "10.0.0.1"),
        (["203.0.113.9, unknown, 10.9.9.9"], "10.9.9.9"),
        ([""], "10.0.0.1"),
        ([], "10.0.0.1"),
        (["1" * 500], "10.0.0.1"),
    ],
)
def test_behind_a_proxy_the_last_address_that_is_no_proxy_counts(forwarded, address):
    assert found("10.0.0.1", *forwarded) == address


def test_whoever_is_no_proxy_is_not_believed():
    assert found("203.0.113.9", "198.51.100.1") == "203.0.113.9"


def test_where_no_proxy_is_named_none_is_believed():
    assert found("10.0.0.1", "198.51.100.1", proxies=[]) == "10.0.0.1"


def test_another_header_is_not_read():
    assert found("10.0.0.1", forwarded="for=198.51.100.1") == "10.0.0.1"


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        (None, ""),
    ],
)
def test_without_a_proxy_the_address_of_the_connection_counts(peer, address):
    assert found(peer, proxies=[]) == address


@given(sent=st.lists(st.text(st.characters(codec="latin-1"), max_size=60)), true=st.ip_addresses(v=4))
def test_whatever_a_caller_sends_the_proxy_has_the_last_word(sent, true):
    lines = [(b"x-forwarded-for", line.encode("latin-1")) for line in [*sent, str(true)]]
    scope = {"type": "http", "client": ("2001:db8::1", 4711), "headers": lines}
    Addresses([ip_network("2001:db8::1/128")]).note(scope)

    assert address_of(scope) == str(true)
