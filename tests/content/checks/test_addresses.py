import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from server.content.checks.addresses import is_web_url
from server.content.rendering import html, markdown
from server.content.rendering.spans import Run
from tests.content.strategies import URLS

PARTS = [
    *[
        "http://",
        "https://",
        "HTTPS://",
        "//",
        "www.",
        "example.org",
        "xn--bcher-kva.example",
        "xn--a",
        "localhost",
        "a_b.c",
    ],
    *[
        "[::1]",
        "[::g]",
        "127.0.0.1",
        "1.2.3",
        "256.1.1.1",
        "0x7f.1",
        "a..b",
        "-",
        ".",
        ":80",
        ":99999",
        ":",
        "@",
        "user:p@",
    ],
    *[
        "/",
        "/path",
        "?q=1",
        "#f",
        "(",
        ")",
        "[",
        "]",
        "<",
        ">",
        '"',
        "'",
        "`",
        "\\",
        "|",
        "{",
        "}",
        "^",
        "%",
        "%zz",
        "&",
        "é",
        "漢",
    ],
    *[" ", "\t", "\n", "\xa0", "\u200b", "\u2028", "\xad", "；", "。", "*", "_", "~", "!", "javascript:", "ftp://"],
]
tails = st.lists(st.sampled_from(PARTS), max_size=5).map("".join)
hosts = st.sampled_from([part for part in PARTS if is_web_url(f"https://{part}/")]) | st.sampled_from(PARTS)
addresses = st.builds("{}{}{}{}".format, st.sampled_from(PARTS[:3]), hosts, st.sampled_from(["", "/", ":80/"]), tails)


@pytest.mark.parametrize(
    "url", [*URLS, "http://localhost:8000", "https://EXAMPLE.org/?q=a b".replace(" ", "+"), "https://1.2.3.4/"]
)
def test_an_address_of_a_page_is_taken(url):
    assert is_web_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "//example.org",
        "http:/example.org",
        "ftp://example.org/",
        "javascript:alert(1)",
        "https://",
        "https:///path",
        "https://user:secret@example.org/",
        "https://example.org:99999/",
        "https://exam ple.org/",
        "https://example.org/a b",
        'https://example.org/"',
        "https://example.org/<b>",
        "https://a..b/",
        "https://1.2.3.256/",
        "https://bücher.example/",
        "https://example.org/\ud800",
        "https://example.org/" + "a" * 2048,
    ],
)
def test_anything_else_is_refused(url):
    assert not is_web_url(url)


@given(addresses.filter(is_web_url))
def test_an_address_that_is_taken_is_a_link_in_every_form(url):
    link = [Run("page", (), url)]
    paragraph = html.paragraph(link)
    assert nh3.clean(paragraph) == paragraph
    assert "href" in paragraph
    (_, inline, _) = MarkdownIt("commonmark").parse(markdown.line(link))
    assert [token.type for token in inline.children] == ["link_open", "text", "link_close"]
