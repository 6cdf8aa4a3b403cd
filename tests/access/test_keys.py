import hmac
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.access import keys
from server.access.keys import PUBLISHABLE, SECRET, Key, new_key, parse_key


@pytest.mark.parametrize("form", [PUBLISHABLE, SECRET])
def test_a_key_is_what_its_text_says(form):
    key = new_key(form)

    assert parse_key(key.text) == key
    assert key.text == f"caveat_{form}_{key.public}_{key.secret}"


def test_no_two_keys_are_alike():
    made = [new_key(SECRET) for _ in range(100)]

    assert len({key.public for key in made}) == len({key.secret for key in made}) == 100


def test_a_key_is_made_of_letters_and_digits_of_chance(monkeypatch):
    taken = []
    monkeypatch.setattr(keys.secrets, "choice", lambda letters: taken.append(letters) or "a")

    new_key(SECRET)

    assert taken == [string.ascii_letters + string.digits] * 48


def test_the_secret_shows_in_no_repr():
    key = new_key(SECRET)

    assert key.secret not in repr(key)
    assert key.secret not in str(key)


def test_a_key_opens_what_was_locked_with_its_secret_alone():
    key, other = new_key(SECRET), new_key(SECRET)

    assert key.shown.opens(key.digest)
    assert not other.shown.opens(key.digest)
    assert not key.shown.opens(key.digest[:-1])
    assert not key.shown.opens(b"")


def test_digests_are_compared_in_constant_time(monkeypatch):
    compared, compare = [], hmac.compare_digest
    monkeypatch.setattr(keys.hmac, "compare_digest", lambda *both: compared.append(both) or compare(*both))
    key, other = new_key(SECRET), Key(form=SECRET, public="a" * 12, secret="b" * 36)

    assert (key.shown.opens(key.digest), other.shown.opens(key.digest)) == (True, False)
    assert compared == [(key.digest, key.digest), (other.digest, key.digest)]


@given(st.text() | st.from_regex(r"caveat_(pk|sk|xx)_[A-Za-z0-9]{11,13}_[A-Za-z0-9]{35,37}\n?", fullmatch=True))
def test_every_text_is_a_key_or_none(text):
    key = parse_key(text)

    assert key is None or key.text == text


@pytest.mark.parametrize("end", ["\n", " ", "\0", "é", "٣"])
def test_a_key_with_something_behind_it_is_none(end):
    assert parse_key(new_key(SECRET).text[:-1] + end) is None
    assert parse_key(new_key(SECRET).text + end) is None
