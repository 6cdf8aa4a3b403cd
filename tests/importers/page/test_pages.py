import json
from pathlib import Path

import pytest

from server.content.checks.drafts import check
from server.importers.outline import outline
from server.importers.page.reading import read_page
from tests.importers.page.putting_back import draft_texts, header_texts, page_text

PAGES = sorted(Path(__file__).with_name("pages").glob("*.txt"))
SEED = Path(__file__).parents[3] / "seeds" / "how-does-car-t-cell-therapy-work-for-leukemia.txt"
EVERY = [SEED, *PAGES]
OUT_OF_ORDER = {"text-after", "closing-odd"}
"""Their references or footer stand below the closing, and come before it in an outline."""


def name(path):
    return path.stem


@pytest.mark.parametrize("path", EVERY, ids=name)
def test_a_page_is_read_as_its_outline_says(path):
    expected = json.loads(path.with_suffix(".outline.json").read_text())
    assert outline(read_page(path.read_bytes())) == expected


@pytest.mark.parametrize("path", EVERY, ids=name)
def test_a_page_that_is_read_can_be_published(path):
    check(read_page(path.read_bytes()))


@pytest.mark.parametrize("path", [path for path in EVERY if path.stem not in OUT_OF_ORDER], ids=name)
def test_nothing_of_a_page_is_lost_and_all_of_it_is_in_order(path):
    page = path.read_bytes().decode()
    assert page_text(page) in draft_texts(read_page(path.read_bytes()))


@pytest.mark.parametrize("path", [path for path in EVERY if path.stem in OUT_OF_ORDER], ids=name)
def test_what_stands_below_the_closing_is_kept_too(path):
    page = page_text(path.read_bytes().decode())
    assert any(sorted(page) == sorted(text) for text in draft_texts(read_page(path.read_bytes())))


@pytest.mark.parametrize("path", EVERY, ids=name)
def test_the_header_keeps_its_words(path):
    lines = [line for line in path.read_bytes().decode("utf-8-sig").splitlines() if line.strip()]
    for text in header_texts(read_page(path.read_bytes())):
        assert any(text in line for line in lines[:4])


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_line_endings_make_no_difference(ending):
    page = SEED.read_bytes().replace(b"\n", ending.encode())
    assert read_page(page) == read_page(SEED.read_bytes())


def test_a_byte_order_mark_makes_no_difference():
    assert read_page(b"\xef\xbb\xbf" + SEED.read_bytes()) == read_page(SEED.read_bytes())


def test_the_locale_is_that_of_the_caller():
    assert read_page(SEED.read_bytes(), locale="es").locale == "es"


def test_a_page_is_read_the_same_twice():
    assert read_page(SEED.read_bytes()) == read_page(SEED.read_bytes())
