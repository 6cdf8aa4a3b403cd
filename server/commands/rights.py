"""What a client may, as options of commands and as lines of text."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

from server.access.clients import Client
from server.commands.options import Locale

CommandT = TypeVar("CommandT", bound=Callable[..., Any])

_NUMBERS = {
    "requests_per_minute": "Requests in a minute.",
    "cost_per_minute": "What its operations may cost together in a minute.",
    "max_cost": "What one operation may cost.",
    "max_subscriptions": "Subscriptions under way at once.",
}
_RELEASES = {
    "origins": ("--no-origins", "No page may call."),
    "topics": ("--any-topic", "There is no bound to topics."),
    "locales": ("--any-locale", "There is no bound to locales."),
    "default_locale": ("--no-default-locale", "The slug decides."),
    **{name: (f"--no-{name.replace('_', '-')}", "The server's own limit is the only one.") for name in _NUMBERS},
}


def _number(name: str) -> Callable[[CommandT], CommandT]:
    kind = click.IntRange(min=1, max=2**31 - 1)
    return click.option(f"--{name.replace('_', '-')}", type=kind, help=_NUMBERS[name])


def options(given: Sequence[Callable[[CommandT], CommandT]]) -> Callable[[CommandT], CommandT]:
    """Gives a command several options, in their order."""

    def decorate(command: CommandT) -> CommandT:
        for option in reversed(given):
            command = option(command)
        return command

    return decorate


GRANTS: list[Callable[[Any], Any]] = [
    click.option("--origin", "origins", multiple=True, help="Whose pages may call: https://*.example.org; repeatable."),
    click.option("--topic", "topics", multiple=True, metavar="SLUG", help="All that there is for it; repeatable."),
    click.option("--locale", "locales", multiple=True, type=Locale(), help="All that there is for it; repeatable."),
    click.option("--default-locale", type=Locale(), help="Where an operation names none."),
    click.option("--calls/--no-calls", "shows_calls", default=None, help="Whether calls to action are served."),
    click.option("--trusted-only/--ad-hoc", "is_bound", default=None, help="Whether it asks trusted documents alone."),
    click.option("--apq/--no-apq", "registers_documents", default=None, help="Whether a hash names what it sent once."),
    click.option("--introspection/--no-introspection", "introspects", default=None, help="Whether it sees the schema."),
    *(_number(name) for name in _NUMBERS),
]
"""Options that say what a client may."""

RELEASES: list[Callable[[Any], Any]] = [
    click.option(option, "releases", flag_value=name, multiple=True, help=said)
    for name, (option, said) in _RELEASES.items()
]
"""Options that take back what was said of it."""


def granted(given: Mapping[str, object], releases: Sequence[str] = ()) -> dict[str, object]:
    """What options say of a client, as columns: only those that were given."""
    rights = {name: value for name, value in given.items() if value not in (None, ())}
    for name in releases:
        if name in rights:
            raise click.UsageError(f"{_RELEASES[name][0]} takes back what another option says: give one of them.")
        rights[name] = [] if name == "origins" else None
    return rights


def described(client: Client) -> list[tuple[str, str]]:
    """What a client is and may, each under its label."""
    rights = client.rights
    numbers = [(name.replace("_", " "), getattr(rights, name)) for name in _NUMBERS]
    topics, locales = bounds(client)
    return [
        ("name", client.name),
        ("kind", client.kind),
        ("origins", ", ".join(client.origins) or "none"),
        ("topics", topics),
        ("locales", locales),
        ("default locale", client.audience.default_locale or "none"),
        ("calls to action", _word(is_so=client.audience.shows_calls)),
        ("trusted documents only", _word(is_so=rights.is_bound)),
        ("automatic persisted queries", _word(is_so=rights.registers_documents)),
        ("introspection", _word(is_so=rights.introspects)),
        *((label, "as the server's" if number is None else str(number)) for label, number in numbers),
    ]


def bounds(client: Client) -> tuple[str, str]:
    """The topics and the locales that a client is confined to."""
    topics, locales = client.audience.topics, client.audience.locales
    return "any" if topics is None else ", ".join(topics), "any" if locales is None else ", ".join(locales)


def _word(*, is_so: bool) -> str:
    return "yes" if is_so else "no"
