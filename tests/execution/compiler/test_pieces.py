from enum import StrEnum

import pytest

from server.execution.compiler import pieces
from server.execution.compiler.marks import UnknownOperationError
from server.execution.compiler.pieces import Pieces, Sheet


def written(kept, *values):
    sheet = Sheet()
    sheet.line(f"return [{', '.join(sheet.bind(value) for value in values)}]")
    return sheet.finish("s, x", kept)


def test_a_text_is_compiled_when_it_is_asked_for_again_and_bound_each_time():
    kept = Pieces()
    written(kept, object(), "b")
    missed = kept.missed
    one, other = written(kept, 1, "x"), written(kept, 2, "y")

    assert (missed, kept.missed) == (1, 1)
    assert (one(None, None), other(None, None)) == ([1, "x"], [2, "y"])


def test_the_same_object_and_equal_texts_have_one_name():
    sheet, thing = Sheet(), object()

    bound = [sheet.bind(value) for value in (thing, "ab", thing, "".join("ab"), object())]
    assert bound == ["b0", "b1", "b0", "b1", "b2"]


def test_a_member_of_an_enum_and_the_text_that_it_equals_have_names_of_their_own():
    member = StrEnum("Order", {"ID": "id"}).ID
    kept = Pieces()

    for _ in range(2):
        found = written(kept, "id", member, "id", member)

    assert [each.__class__ for each in found(None, None)] == [str, member.__class__, str, member.__class__]


def test_what_is_kept_and_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr(pieces, "MOST_KEPT", 3)
    monkeypatch.setattr(pieces, "MOST_SEEN", 5)
    kept = Pieces()
    for size in range(20):
        for _ in range(3):
            written(kept, *range(size))

    assert (len(kept._kept), len(kept._seen)) == (3, 5)


def test_what_is_kept_is_bounded_by_the_length_of_its_texts(monkeypatch):
    monkeypatch.setattr(pieces, "MOST_KEPT_CHARACTERS", 1_000)
    kept = Pieces()
    for size in range(40):
        for _ in range(3):
            written(kept, *range(size))

    assert 0 < len(kept._kept) < 10
    assert 500 < kept._kept.size <= 1_000


def test_what_is_too_long_is_not_compiled(monkeypatch):
    monkeypatch.setattr(pieces, "LONGEST", 100)
    kept = Pieces()
    assert written(kept, 1)

    for _ in range(2):
        with pytest.raises(UnknownOperationError):
            written(kept, *range(20))
    assert (len(kept._kept), len(kept._seen)) == (0, 1)
