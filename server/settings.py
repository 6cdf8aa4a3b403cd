"""The one frozen `Settings`, and the only reader of the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path

from server.limits import AnonymousLimits, ClientLimits, Limits
from server.variables import (
    Network,
    answer_address,
    choice,
    entries,
    http_url,
    networks,
    redis_url,
    token,
    whole_number,
)


class Environment(StrEnum):
    """Where the server runs: development shows GraphiQL, introspection and suggestions, production none of them."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Switch(StrEnum):
    """Whether there is something."""

    ON = "on"
    OFF = "off"


class LogLevel(StrEnum):
    """The least that an event of the log must matter to be written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class PurgeForm(StrEnum):
    """How a cache outside is told to forget what bears a tag."""

    VARNISH = "varnish"
    """By the method PURGE, with the tags in the header `Surrogate-Key`, for a VCL to ban them."""
    FASTLY = "fastly"
    """By a POST of JSON, `surrogate_keys`, with the token in `Fastly-Key`."""
    CLOUDFLARE = "cloudflare"
    """By a POST of JSON, `tags`, with the token as `Bearer`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Purging:
    """A cache outside that is told what to forget; each is set by `CAVEAT_PURGE_` and its name."""

    url: str = field(repr=False)
    """Where it is told."""
    form: PurgeForm = PurgeForm.VARNISH
    """How it is told."""
    token: str | None = field(default=None, repr=False)
    """What shows that it may be told."""
    seconds: int = 86_400
    """For how many seconds shared caches keep what they are told to forget: `s-maxage`, or a header of their own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Everything that can be set from outside, each with a default that works on a developer's machine."""

    environment: Environment = Environment.DEVELOPMENT
    """`CAVEAT_ENV`: `development` or `production`."""

    database_url: str | None = field(default=None, repr=False)
    """`DATABASE_URL`: the Postgres (15 or later) to use; without it Caveat runs an embedded one."""

    data_dir: Path = Path(".caveat")
    """`CAVEAT_DATA_DIR`: where the embedded Postgres keeps its data, and this machine its search index."""

    host: str = "127.0.0.1"
    """`CAVEAT_HOST`: the address that the server listens on."""

    port: int = 8000
    """`CAVEAT_PORT`: the port that the server listens on."""

    log_level: LogLevel = LogLevel.INFO
    """`CAVEAT_LOG_LEVEL`: `debug`, `info`, `warning` or `error`; each request is an event of the level `info`."""

    metrics_token: str | None = field(default=None, repr=False)
    """`CAVEAT_METRICS_TOKEN`: what a caller of `/metrics` bears; without it they are served in development alone."""

    exports_spans: bool = False
    """`OTEL_EXPORTER_OTLP_ENDPOINT`: whether it names a collector of spans; the value is OpenTelemetry's to read."""

    limits: Limits = field(default_factory=Limits)
    """`CAVEAT_MAX_…`: what one caller can ask of the server."""

    anonymous: AnonymousLimits | None = field(default_factory=AnonymousLimits)
    """`CAVEAT_ANONYMOUS`: `on` where callers without a key read, with documents of their own making and the limits of
    `CAVEAT_ANONYMOUS_…`, or `off`; the schema is shown to them where `CAVEAT_ENV` shows it."""

    clients: ClientLimits = field(default_factory=ClientLimits)
    """`CAVEAT_CLIENT_…`: what a client may that has no limit of its own."""

    origins: tuple[str, ...] = ()
    """`CAVEAT_ORIGINS`: the origins, with commas between them, whose pages may call without a key."""

    trusted_proxies: tuple[Network, ...] = ()
    """`CAVEAT_TRUSTED_PROXIES`: addresses and networks of the proxies, with commas between them, whose
    `X-Forwarded-For` says where a request comes from; nobody else's is believed."""

    redis_url: str | None = field(default=None, repr=False)
    """`REDIS_URL`: the Redis or Valkey in which the processes share the counts of requests and cost; without it each
    process counts alone."""

    answer_url: str | None = None
    """`CAVEAT_ANSWER_URL`: the address of an answer's page, with `{slug}` and, where it matters, `{locale}` in it, for
    feeds to link to; without it they link to the answer over GraphQL."""

    receipt_days: int = 400
    """`CAVEAT_RECEIPT_DAYS`: for how many days it is kept what was served to whom."""

    objects_mb: int = 128
    """`CAVEAT_OBJECTS_MB`: for how many megabytes of stored content each process keeps what it read; 0 keeps nothing.
    In memory that is up to one and a half times as much."""

    cache_megabytes: int = 64
    """`CAVEAT_CACHE_MB`: the memory for responses that are kept, in megabytes, for each process; 0 keeps none.

    A quarter of it besides is for the requests that they answered."""

    stale_limit: int = 300
    """`CAVEAT_STALE_LIMIT`: for how many seconds without the database what is kept is served, marked as stale."""

    semantic_model: Path | None = None
    """`CAVEAT_SEMANTIC_MODEL`: the directory of a model, for search by meaning too; it needs the extra `semantic`."""

    purging: Purging | None = None
    """`CAVEAT_PURGE_URL`: the cache outside that is purged by tag of what changed; without it none is, and shared
    caches keep everything for as short as browsers do. The others of `CAVEAT_PURGE_…` say how it is called."""


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings that the environment names; raises SetupError with the variable's name for a value out of range."""
    return Settings(
        environment=choice(Environment, "CAVEAT_ENV", text=environment.get("CAVEAT_ENV", "development")),
        database_url=environment.get("DATABASE_URL") or None,
        data_dir=Path(environment.get("CAVEAT_DATA_DIR") or ".caveat"),
        host=environment.get("CAVEAT_HOST") or "127.0.0.1",
        port=whole_number("CAVEAT_PORT", environment.get("CAVEAT_PORT", "8000"), highest=65535),
        log_level=choice(LogLevel, "CAVEAT_LOG_LEVEL", text=environment.get("CAVEAT_LOG_LEVEL") or "info"),
        metrics_token=token("CAVEAT_METRICS_TOKEN", environment.get("CAVEAT_METRICS_TOKEN")),
        exports_spans=bool(environment.get("OTEL_EXPORTER_OTLP_ENDPOINT")),
        limits=Limits(**_numbers(environment, Limits, prefix="CAVEAT_")),
        anonymous=_anonymous(environment),
        clients=ClientLimits(**_numbers(environment, ClientLimits, prefix="CAVEAT_CLIENT_")),
        origins=entries(environment.get("CAVEAT_ORIGINS", "")),
        trusted_proxies=networks("CAVEAT_TRUSTED_PROXIES", environment.get("CAVEAT_TRUSTED_PROXIES", "")),
        redis_url=redis_url("REDIS_URL", environment.get("REDIS_URL")),
        answer_url=answer_address("CAVEAT_ANSWER_URL", environment.get("CAVEAT_ANSWER_URL")),
        receipt_days=whole_number("CAVEAT_RECEIPT_DAYS", environment.get("CAVEAT_RECEIPT_DAYS", "400"), highest=36500),
        objects_mb=whole_number("CAVEAT_OBJECTS_MB", environment.get("CAVEAT_OBJECTS_MB") or "128", highest=1_000_000),
        cache_megabytes=whole_number("CAVEAT_CACHE_MB", environment.get("CAVEAT_CACHE_MB", "64"), highest=2**20),
        stale_limit=whole_number("CAVEAT_STALE_LIMIT", environment.get("CAVEAT_STALE_LIMIT", "300"), highest=86400),
        semantic_model=Path(model) if (model := environment.get("CAVEAT_SEMANTIC_MODEL")) else None,
        purging=_purging(environment),
    )


def _purging(environment: Mapping[str, str]) -> Purging | None:
    url = http_url("CAVEAT_PURGE_URL", environment.get("CAVEAT_PURGE_URL"))
    form, seconds = environment.get("CAVEAT_PURGE_FORM") or "varnish", environment.get("CAVEAT_PURGE_SECONDS", "86400")
    read = Purging(
        url=url or "",
        form=choice(PurgeForm, "CAVEAT_PURGE_FORM", text=form),
        token=environment.get("CAVEAT_PURGE_TOKEN") or None,
        seconds=whole_number("CAVEAT_PURGE_SECONDS", seconds, highest=31_536_000),
    )
    return read if url else None


def _anonymous(environment: Mapping[str, str]) -> AnonymousLimits | None:
    if choice(Switch, "CAVEAT_ANONYMOUS", text=environment.get("CAVEAT_ANONYMOUS") or "on") is Switch.OFF:
        return None
    return AnonymousLimits(**_numbers(environment, AnonymousLimits, prefix="CAVEAT_ANONYMOUS_"))


def _numbers(
    environment: Mapping[str, str], kind: type[Limits | AnonymousLimits | ClientLimits], *, prefix: str
) -> dict[str, int]:
    given = {each.name: prefix + each.name.upper() for each in fields(kind)}
    return {
        name: whole_number(variable, environment[variable], highest=2**31 - 1)
        for name, variable in given.items()
        if variable in environment
    }
