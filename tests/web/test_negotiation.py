import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.web.negotiation import acceptance

OFFERS = ("application/graphql-response+json", "application/json", "text/event-stream")


@pytest.mark.parametrize(
    ("header", "best"),
    [
        (None, OFFERS[0]),
        ("*/*", OFFERS[0]),
        ("text/*", OFFERS[2]),
        ("application/json", OFFERS[1]),
        ("application/json;q=0.5, application/*;q=0.4", OFFERS[1]),
        ("application/*;q=0.4, text/event-stream;q=0.3", OFFERS[0]),
        ("*/*;q=0.1, text/event-stream ; Q=0.2", OFFERS[2]),
        ("*/*, application/graphql-response+json;q=0", OFFERS[1]),
        ("application/json;q=1.1", OFFERS[0]),
        ("application/json;q=x, text/event-stream", OFFERS[2]),
        ("image/png", None),
        ("*/*;q=0", None),
    ],
)
def test_the_best_offer_is_the_one_of_highest_quality(header, best):
    assert acceptance(header).best(OFFERS) == best


@given(st.text(alphabet="aq*/;=,.0123 \t", max_size=40))
def test_any_header_is_read(header):
    accepted = acceptance(header)

    assert accepted.best(OFFERS) in (*OFFERS, None)
    assert all(0 <= accepted.quality(offer) <= 1 for offer in OFFERS)
