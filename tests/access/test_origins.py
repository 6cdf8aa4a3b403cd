import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.access.origins import check_origin, is_allowed
from server.errors.content import RefusedError


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://app.example.org", "https://app.example.org"),
        (" HTTPS://App.Example.ORG ", "https://app.example.org"),
        ("https://app.example.org:443", "https://app.example.org"),
        ("https://app.example.org:8443", "https://app.example.org:8443"),
        ("https://*.example.org", "https://*.example.org"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:5173", "http://[::1]:5173"),
        ("capacitor://localhost", "capacitor://localhost"),
    ],
)
def test_an_origin_is_kept_as_browsers_send_it(given, kept):
    assert check_origin(given) == kept


@pytest.mark.parametrize(
    "pattern",
    [
        "*",
        "null",
        "",
        "https://",
        "https://*",
        "https://*.org",
        "https://a.*.example.org",
        "https://*a.example.org",
        "https://example.org/",
        "https://example.org/path",
        "https://user@example.org",
        "https://example.org.",
        "https://-a.example.org",
        "https://bücher.example",
        "https://example.org\n.evil.example",
        "example.org",
        "ftp://example.org",
        "http://example.org",
        "http://*.localhost",
        "http://*.a.localhost",
        "capacitor://example.org",
        "https://example.org:",
        "https://example.org:123456",
    ],
)
def test_what_is_no_origin_or_lets_in_too_much_is_refused(pattern):
    with pytest.raises(RefusedError, match="`"):
        check_origin(pattern)


@pytest.mark.parametrize(
    "origin",
    [
        "https://example.org",
        "https://app.example.org",
        "https://evil-example.org",
        "https://app.example.org.evil.example",
        "https://app.example.org:8443",
        "http://app.example.org",
        "https://app.example.orgx",
        "https://APP.example.org",
        "https://.example.org",
        "https://evil.example/.example.org",
        "https://evil.example?.example.org",
        "https://evil.example\n.example.org",
        "null",
    ],
)
def test_below_a_domain_is_what_has_labels_before_it(origin):
    assert is_allowed(origin, ["https://*.example.org"]) is (origin == "https://app.example.org")


def test_a_port_is_part_of_an_origin():
    assert is_allowed("https://a.b.example.org:8443", ["https://*.example.org:8443"])
    assert not is_allowed("https://a.b.example.org", ["https://*.example.org:8443"])


@given(st.from_regex(r"https://(\*\.)?[a-z]{1,3}\.[a-z]{1,3}", fullmatch=True), st.text())
def test_nothing_is_allowed_that_was_not_named(pattern, text):
    host = pattern.removeprefix("https://").removeprefix("*.")
    for origin in (text, f"https://{text}{host}", f"https://{host}{text}"):
        if is_allowed(origin, [pattern]):
            assert origin == pattern or (pattern.startswith("https://*.") and origin.endswith(f".{host}"))
