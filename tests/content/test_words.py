import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.content.words import LONGEST_WORD, folded, surface, words


def texts(text: str) -> list[str]:
    return [word.text for word in words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The doctor's CAR-T cells, 2.5 mg/kg", ["the", "doctor", "car", "t", "cells", "2", "5", "mg", "kg"]),
        ("l’hôpital can’t", ["l", "hôpital", "can"]),
        ("co\u0301mo im\xadmune", ["cómo", "immune"]),
        ("as\u200bthma \u202efe\ufeffver\u202c, \u200eco\u0301\u2066mo", ["asthma", "fever", "cómo"]),
        ("ភាសា\u200bខ្មែរ", ["ភាសា", "ខ្មែរ"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("日本語の文 ok", ["日", "本", "語", "の", "文", "ok"]),
        ("snake_case 😀 …", ["snake", "case"]),
    ],
)
def test_words_are_those_that_a_reader_sees(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@given(st.text())
def test_a_word_is_where_it_says_and_holds_no_space(text: str) -> None:
    found = list(words(text))

    assert [word.start for word in found] == sorted({word.start for word in found})
    assert all(text[word.start : word.end].strip() and not any(map(str.isspace, word.text)) for word in found)


def test_what_is_not_seen_behind_a_word_is_no_part_of_it() -> None:
    (found,) = words("\u202bfever\u202c\u200b")

    assert (found.start, found.end) == (1, 6)


@given(st.text().flatmap(lambda text: st.sampled_from([word.text for word in words(text)] or ["a"])))
def test_a_folded_word_holds_letters_digits_and_marks_only(word: str) -> None:
    plain = folded(word, "en")

    assert [each for each in plain if unicodedata.category(each)[0] not in "LNM"] == []
    assert not plain or len(word) <= LONGEST_WORD


@pytest.mark.parametrize(
    ("word", "spoken", "expected"),
    [("cómo", "es", "como"), ("Niño", "es", "nino"), ("inflamacion", "es", "inflamación"),
     ("œdème", "fr", "oedeme"), ("Straße", "de", "strasse"), ("й", "ru", "й"), ("𝗔é", "en", "ae"),
     ("x" * 65, "en", "")],
)  # fmt: skip
def test_accents_of_latin_letters_do_not_count(word: str, spoken: str, expected: str) -> None:
    assert folded(word, spoken) == expected


PIECES = ["it's", "’S", "can't", "_'s", "a_b", "'ve ", " ", "“É”", "—x"]


@given(st.text() | st.lists(st.sampled_from(PIECES)).map("".join))
def test_words_without_their_places_are_the_same(text: str) -> None:
    assert surface(text) == texts(text)
