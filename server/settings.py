"""The one frozen `Settings`, and the only reader of the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from server.errors import SetupError


class Environment(StrEnum):
    """Where the server runs: development shows GraphiQL, introspection and suggestions, production none of them."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Everything that can be set from outside, each with a default that works on a developer's machine."""

    environment: Environment = Environment.DEVELOPMENT
    """`CAVEAT_ENV`: `development` or `production`."""

    database_url: str | None = field(default=None, repr=False)
    """`DATABASE_URL`: the Postgres (15 or later) to use; without it Caveat runs an embedded one."""

    data_dir: Path = Path(".caveat")
    """`CAVEAT_DATA_DIR`: where the embedded Postgres keeps its data."""

    host: str = "127.0.0.1"
    """`CAVEAT_HOST`: the address that the server listens on."""

    port: int = 8000
    """`CAVEAT_PORT`: the port that the server listens on."""


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings that the environment names; raises SetupError with the variable's name for a value out of range."""
    return Settings(
        environment=_environment(environment.get("CAVEAT_ENV", "development")),
        database_url=environment.get("DATABASE_URL") or None,
        data_dir=Path(environment.get("CAVEAT_DATA_DIR") or ".caveat"),
        host=environment.get("CAVEAT_HOST") or "127.0.0.1",
        port=_whole_number("CAVEAT_PORT", environment.get("CAVEAT_PORT", "8000"), highest=65535),
    )


def _environment(text: str) -> Environment:
    try:
        return Environment(text)
    except ValueError:
        raise SetupError(f"CAVEAT_ENV is `{text}`: set it to `development` or `production`.") from None


def _whole_number(name: str, text: str, *, highest: int) -> int:
    if not text.isdecimal() or int(text) > highest:
        raise SetupError(f"{name} is `{text}`: set it to a whole number from 0 to {highest}.")
    return int(text)
