import uuid

from server.access.documents import registered
from server.access.documents.registered import RegisteredTexts

ONE, OTHER = uuid.uuid4(), uuid.uuid4()


def test_a_text_is_found_by_its_hash_for_the_client_that_sent_it():
    texts = RegisteredTexts()

    texts.add(ONE, "a", text="{ a }")

    assert (texts.find(ONE, "a"), texts.find(ONE, "b"), texts.find(OTHER, "a")) == ("{ a }", None, None)


def test_what_a_client_asked_for_longest_ago_makes_room(monkeypatch):
    monkeypatch.setattr(registered, "MOST_TEXTS", 2)
    texts = RegisteredTexts()

    for name in ("a", "b"):
        texts.add(ONE, name, text=name)
    texts.find(ONE, "a")
    texts.add(ONE, "c", text="c")

    assert [texts.find(ONE, name) for name in ("a", "b", "c")] == ["a", None, "c"]


def test_a_client_has_room_for_so_many_characters(monkeypatch):
    monkeypatch.setattr(registered, "MOST_CHARACTERS", 5)
    texts = RegisteredTexts()

    for name in ("aaa", "bbb", "bbb"):
        texts.add(ONE, name, text=name)

    assert [texts.find(ONE, name) for name in ("aaa", "bbb")] == [None, "bbb"]


def test_a_client_that_sends_much_pushes_out_nothing_of_another(monkeypatch):
    monkeypatch.setattr(registered, "MOST_CHARACTERS_OF_ALL", 10)
    texts = RegisteredTexts()

    texts.add(ONE, "a", text="a")
    for number in range(50):
        texts.add(OTHER, str(number), text=f"{number:4}")

    assert texts.find(ONE, "a") == "a"
    assert [number for number in range(50) if texts.find(OTHER, str(number))] == [48, 49]


def test_a_text_that_is_too_long_is_not_kept(monkeypatch):
    monkeypatch.setattr(registered, "LONGEST_TEXT", 3)
    texts = RegisteredTexts()

    texts.add(ONE, "a", text="aaaa")

    assert texts.find(ONE, "a") is None
