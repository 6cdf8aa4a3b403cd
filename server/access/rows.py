"""Clients as the database has them: what is read of a row, the value that it becomes, and how changes are told."""

from collections.abc import Mapping
from typing import Any

from server.access.audience import Audience
from server.access.clients import Client, ClientKind
from server.execution.callers import Rights

CHANNEL = "caveat_access"
"""Where the database tells that clients, their keys or their documents changed."""

_RIGHTS = (
    "requests_per_minute",
    "cost_per_minute",
    "max_cost",
    "max_subscriptions",
    "is_bound",
    "registers_documents",
    "introspects",
)

CLIENT_COLUMNS = ", ".join(
    f"c.{name}"
    for name in (
        *("id", "name", "kind", "origins", "created_at"),
        *("topics", "locales", "default_locale", "shows_calls", "has_wording"),
        *_RIGHTS,
    )
)
"""Of the table `client`, called `c`."""


def client_of(row: Mapping[str, Any]) -> Client:
    """The client of a row with `CLIENT_COLUMNS`."""
    return Client(
        id=row["id"],
        name=row["name"],
        kind=ClientKind(row["kind"]),
        rights=Rights(**{name: row[name] for name in _RIGHTS}),
        audience=Audience(
            default_locale=row["default_locale"],
            topics=None if row["topics"] is None else tuple(row["topics"]),
            locales=None if row["locales"] is None else tuple(row["locales"]),
            wording=row["id"] if row["has_wording"] else None,
            shows_calls=row["shows_calls"],
        ),
        origins=tuple(row["origins"]),
        created_at=row["created_at"],
    )
