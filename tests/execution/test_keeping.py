from hypothesis import given
from hypothesis import strategies as st

from server.execution.keeping import Kept


def kept(*texts, most=8, most_size=1_000):
    store = Kept(most=most, most_size=most_size)
    for text in texts:
        ask(store, text)
    return store


def ask(store, text):
    """Whether it was kept; it is now."""
    found = store.find(text)
    if found is None:
        store.keep(text, text.upper(), size=len(text))
    return found == text.upper()


def test_a_stream_of_new_texts_drops_nothing_that_was_asked_for_again():
    store = kept("hot", "hot", "warm", "warm")

    for number in range(1_000):
        ask(store, f"new {number}")

    assert (ask(store, "hot"), ask(store, "warm")) == (True, True)
    assert len(store) == 2 + 2


def test_what_was_asked_for_once_longest_ago_makes_room_first():
    store = kept("a", "b", "c")

    assert [text for text in "abc" if store.find(text)] == ["b", "c"]


def test_a_text_that_is_longer_than_the_room_is_not_kept():
    assert len(kept("x" * 11, most_size=10)) == 0


def test_what_made_room_is_told():
    left = []
    store = Kept(most=8, most_size=1_000, on_drop=left.append)
    for text in "abcd":
        ask(store, text)

    assert left == ["A", "B"]


def test_what_is_dropped_is_found_no_more_and_takes_no_room():
    store = kept("a", "hot", "hot", "b")
    for text in ("hot", "b", "never"):
        store.drop(text)

    assert (store.find("hot"), store.find("b"), len(store), store.size) == (None, None, 1, 1)


def test_what_is_cleared_takes_no_room():
    store = kept("a", "hot", "hot")
    store.clear()

    assert (store.find("hot"), len(store), store.size) == (None, 0, 0)


@given(st.lists(st.text("abc", min_size=1, max_size=4)), st.integers(1, 5), st.integers(1, 12))
def test_the_room_is_never_exceeded(texts, most, most_size):
    store = kept(most=most, most_size=most_size)

    for text in texts:
        ask(store, text)
        shelves = (store._once, store._again)
        assert sum(len(shelf.values) for shelf in shelves) <= most
        assert sum(len(text) for shelf in shelves for text in shelf.values) <= most_size
        assert [shelf.size for shelf in shelves] == [sum(map(len, shelf.values)) for shelf in shelves]


def full():
    """One whose room for what was asked for again is taken."""
    return kept(*"aabbccddeeff")


def test_of_what_was_asked_for_again_the_oldest_leaves_that_was_not_asked_for_since():
    store = full()
    ask(store, "a")
    for text in ["g", "g", *map(str, range(10))]:
        ask(store, text)

    assert [text for text in "abcdefg" if text in store] == ["a", "c", "d", "e", "f", "g"]


def test_one_leaves_also_where_all_were_asked_for_since(monkeypatch):
    monkeypatch.setattr("server.execution.keeping.MOST_PASSED", 2)
    store = full()
    for text in ["a", "b", "c", "d", "e", "f", "g", "g", *map(str, range(10))]:
        ask(store, text)

    assert [text for text in "abcdefg" if text in store] == ["a", "b", "d", "e", "f", "g"]


class Compared:
    """A key that knows how often it had to be compared."""

    times = 0

    def __hash__(self):
        return 1

    def __eq__(self, other):
        Compared.times += 1
        return isinstance(other, Compared)


def test_the_key_at_which_it_was_kept_finds_it_without_a_comparison_however_it_was_asked_for():
    store, key = Kept(most=8, most_size=1_000), Compared()
    store.keep(key, "value", size=1)
    store.find(Compared())
    Compared.times = 0

    assert (store.find(key), store.find(key), Compared.times) == ("value", "value", 0)
