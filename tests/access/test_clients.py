import datetime
import uuid

import pytest

from server.access.audience import ANONYMOUS, Audience
from server.access.clients import Caller, Client, ClientKind
from server.execution.callers import Rights

CLIENT = Client(
    id=uuid.UUID(int=7),
    name="Portal",
    kind=ClientKind.PARTNER,
    rights=Rights(),
    audience=Audience(default_locale="es"),
    created_at=datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC),
)


@pytest.mark.parametrize(
    ("kind", "is_publishable"),
    [(ClientKind.WEB, True), (ClientKind.MOBILE, True), (ClientKind.PARTNER, False), (ClientKind.SERVER, False)],
)
def test_a_key_that_lies_in_an_app_is_publishable(kind, is_publishable):
    assert kind.is_publishable is is_publishable


def test_a_client_calls_on_its_own_account_for_its_own_audience():
    caller = Caller(address="192.0.2.1", rights=CLIENT.rights, client=CLIENT, key="abc")

    assert (caller.account, caller.audience) == (f"client:{CLIENT.id}", CLIENT.audience)


def test_who_has_no_key_calls_on_the_account_of_its_address():
    caller = Caller(address="192.0.2.1", rights=Rights())

    assert (caller.account, caller.audience) == ("address:192.0.2.1", ANONYMOUS)


def test_an_address_shows_in_no_repr():
    assert "192.0.2.1" not in repr(Caller(address="192.0.2.1", rights=Rights()))
