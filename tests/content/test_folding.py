import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.content.folding import fold, match_key


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("¿Cómo funciona?", "como funciona"),
        ("  “Beta”\tblockers — why?", "beta blockers why"),
        ("≥65 and 5-HT", "65 and 5 ht"),
        ("#1: C++ & <b>", "1 c b"),
        ("हिन्दी?", "हिनदी"),
        ("???", ""),
    ],
)
def test_a_text_is_folded_to_its_words(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(before=st.text(alphabet="¿¡“”«»‹›'\"#([ …–-$", max_size=5), text=st.text())
def test_what_opens_a_text_does_not_count(before: str, text: str) -> None:
    assert fold(before + text) == fold(text)
    assert match_key(before + text) == match_key(text)
