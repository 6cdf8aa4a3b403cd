import pytest

from server.access import guesses
from server.access.guesses import MOST, MOST_ADDRESSES, SECONDS, Guesses
from server.errors.limits import RateLimitedError


@pytest.fixture
def clock(monkeypatch):
    """The monotonic clock, in a list of one."""
    now = [1000.0]
    monkeypatch.setattr(guesses.time, "monotonic", lambda: now[0])
    return now


def guess(guessing, times, address="here"):
    for _ in range(times):
        guessing.check(address)
        guessing.note(address)


def test_an_address_has_so_many_guesses_a_minute(clock):
    guessing = Guesses()
    guess(guessing, MOST)

    clock[0] += 10
    with pytest.raises(RateLimitedError) as caught:
        guessing.check("here")
    assert (caught.value.retry_after, caught.value.code) == (SECONDS - 10, "RATE_LIMITED")


def test_another_address_guesses_on_its_own_account(clock):
    guessing = Guesses()
    guess(guessing, MOST)

    guess(guessing, MOST, "there")


def test_after_a_minute_guesses_are_forgotten(clock):
    guessing = Guesses()
    guess(guessing, MOST)

    clock[0] += SECONDS
    guess(guessing, MOST)


def test_so_many_addresses_are_remembered_and_no_more(clock):
    guessing = Guesses()
    guess(guessing, MOST)
    for number in range(MOST_ADDRESSES):
        guessing.note(str(number))

    assert len(guessing._counts) == MOST_ADDRESSES
    guessing.check("here")


def test_what_is_guessed_at_may_have_a_measure_and_words_of_its_own(clock):
    guessing = Guesses(most=1, complaint="Too many doors.")
    guess(guessing, 1)

    with pytest.raises(RateLimitedError, match="Too many doors"):
        guessing.check("here")
