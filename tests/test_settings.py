from dataclasses import fields
from pathlib import Path

import pytest

from server.errors.machine import SetupError
from server.limits import AnonymousLimits, ClientLimits, Limits
from server.settings import Environment, Settings, read_settings


def test_without_an_environment_everything_is_as_a_developer_needs_it():
    assert read_settings({}) == Settings()


def test_every_limit_has_its_variable():
    given = {f"CAVEAT_{limit.name.upper()}": str(number) for number, limit in enumerate(fields(Limits), start=1)}

    limits = read_settings(given).limits

    assert [getattr(limits, limit.name) for limit in fields(Limits)] == list(range(1, len(given) + 1))


def test_every_limit_without_a_key_has_its_variable():
    names = [limit.name for limit in fields(AnonymousLimits)]
    given = {f"CAVEAT_ANONYMOUS_{name.upper()}": str(number) for number, name in enumerate(names, start=1)}

    assert read_settings(given) == Settings(
        anonymous=AnonymousLimits(**{name: number for number, name in enumerate(names, start=1)})
    )


def test_every_limit_of_clients_has_its_variable():
    given = {"CAVEAT_CLIENT_REQUESTS_PER_MINUTE": "1", "CAVEAT_CLIENT_COST_PER_MINUTE": "2"}

    assert read_settings(given) == Settings(clients=ClientLimits(requests_per_minute=1, cost_per_minute=2))


def test_proxies_are_addresses_and_networks():
    settings = read_settings({"CAVEAT_TRUSTED_PROXIES": "10.0.0.7, 192.168.1.9/16, fd00::/8"})

    assert [str(each) for each in settings.trusted_proxies] == ["10.0.0.7/32", "192.168.0.0/16", "fd00::/8"]


def test_a_proxy_that_is_no_address_is_refused_by_its_name():
    with pytest.raises(SetupError, match="CAVEAT_TRUSTED_PROXIES: 'proxy"):
        read_settings({"CAVEAT_TRUSTED_PROXIES": "10.0.0.7, proxy.internal"})


def test_an_address_of_redis_is_one_that_can_be_called_and_shows_nowhere():
    assert "secret" not in repr(read_settings({"REDIS_URL": "redis://:secret@cache.internal:6379/0"}))

    with pytest.raises(SetupError, match="REDIS_URL has another scheme") as caught:
        read_settings({"REDIS_URL": "http://:secret@cache.internal"})

    assert "secret" not in caught.value.message


def test_the_address_of_an_answers_page_has_a_place_for_its_slug():
    address = "https://example.org/{locale}/answers/{slug}?from=feed"
    assert read_settings({"CAVEAT_ANSWER_URL": address}).answer_url == address
    assert read_settings({"CAVEAT_ANSWER_URL": ""}).answer_url is None


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/",
        "example.org/{slug}",
        "javascript:{slug}",
        "https://a.example/{slug}/{id}",
        "https://a.b/{slug} x",
    ],
)
def test_an_address_that_no_answer_can_have_is_refused_by_its_name(address: str):
    with pytest.raises(
        SetupError, match=r"CAVEAT_ANSWER_URL is no address of an answer: set it as in `https://.*\{slug\}`"
    ):
        read_settings({"CAVEAT_ANSWER_URL": address})


def test_callers_without_a_key_can_be_switched_off():
    assert read_settings({"CAVEAT_ANONYMOUS": "off"}).anonymous is None


def test_origins_have_commas_between_them():
    assert read_settings({"CAVEAT_ORIGINS": "https://a.example, https://*.b.example,"}).origins == (
        "https://a.example",
        "https://*.b.example",
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CAVEAT_ENV", "test"),
        ("CAVEAT_PORT", "65536"),
        ("CAVEAT_PORT", "-1"),
        ("CAVEAT_MAX_TOKENS", "many"),
        ("CAVEAT_LOG_LEVEL", "all"),
        ("CAVEAT_ANONYMOUS", "maybe"),
        ("CAVEAT_ANONYMOUS_MAX_COST", "-1"),
    ],
)
def test_a_value_out_of_range_is_refused_by_its_name(variable, value):
    with pytest.raises(SetupError, match=f"{variable} is `{value}`"):
        read_settings({variable: value})


def test_a_password_shows_in_no_repr():
    settings = read_settings(
        {"DATABASE_URL": "postgresql://caveat:secret@localhost/caveat", "CAVEAT_ENV": "production"}
    )

    assert settings.environment is Environment.PRODUCTION
    assert "secret" not in repr(settings)


def test_a_token_that_can_be_guessed_is_refused_and_not_shown():
    with pytest.raises(SetupError, match="CAVEAT_METRICS_TOKEN is too short") as caught:
        read_settings({"CAVEAT_METRICS_TOKEN": "secret"})

    assert "secret" not in caught.value.message
    assert "a-secret-of-24-characters" not in repr(read_settings({"CAVEAT_METRICS_TOKEN": "a-secret-of-24-characters"}))


def test_search_is_by_words_alone_until_a_model_is_named():
    assert read_settings({"CAVEAT_SEMANTIC_MODEL": ""}).semantic_model is None
    assert read_settings({"CAVEAT_SEMANTIC_MODEL": "models/small"}).semantic_model == Path("models/small")
