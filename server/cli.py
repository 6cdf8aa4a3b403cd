"""The `caveat` command: the commands of every family, and the edge where their errors become messages."""

from typing import Any

import click

from server.access.keys import without_secrets
from server.commands.deferred import Deferred
from server.errors.machine import DatabaseUnavailableError
from server.errors.root import CaveatError


class _Commands(click.Group):
    """A group that loads a command when it is called, and shows what was refused as one line, with exit code 1.

    Ctrl-C ends it without a traceback.
    """

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.loaded() if isinstance(command, Deferred) else command, rest

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click has it
        try:
            return super().invoke(ctx)
        except CaveatError as error:
            said = _said_by_postgres(error) if isinstance(error, DatabaseUnavailableError) else None
            message = f"{error.message} Postgres says: {said}." if said else error.message
            raise click.ClickException(without_secrets(message)) from error
        except KeyboardInterrupt:
            raise SystemExit(130) from None


def _said_by_postgres(error: BaseException) -> str | None:
    """The line in which Postgres says why it does not do its work, a full disk say; None where it says nothing."""
    said, cause = None, error.__cause__
    while cause is not None:
        if getattr(cause, "sqlstate", None):
            said = str(cause).partition("\n")[0]
        cause = cause.__cause__
    return said


@click.group(cls=_Commands)
def main() -> None:
    """Caveat keeps health answers and serves them over GraphQL, never without their caveats."""


COMMANDS = (
    Deferred(
        "serve",
        "server.commands.serving:serve",
        summary="Serve GraphQL, on an embedded Postgres unless DATABASE_URL names another.",
    ),
    Deferred("migrate", "server.commands.migrating:migrate", summary="Bring the database to the newest migration."),
    Deferred(
        "import",
        "server.commands.files:import_",
        summary="Import a page (.txt), a Markdown file, a MedQuAD file (.xml), or all of them in a directory.",
    ),
    Deferred(
        "export",
        "server.commands.files:export",
        summary="Write answers as Markdown with front matter: those with these slugs, in every locale, else all.",
    ),
    Deferred(
        "retract",
        "server.commands.editing:retract",
        summary="Withdraw an answer: its content is gone from now on, its notice leads the disclaimers.",
    ),
    Deferred(
        "reinstate",
        "server.commands.editing:reinstate",
        summary="Take a retraction back: the same revision is served again.",
    ),
    Deferred(
        "erase",
        "server.commands.editing:erase",
        summary="Erase an answer for good, with every revision of it, as the law may ask.",
    ),
    Deferred("sources", "server.commands.editing:sources", summary="See sources, and say what became of them."),
    Deferred(
        "disclaimers",
        "server.commands.disclaimers:disclaimers_",
        summary="See disclaimers, change their wording, and give clients their own.",
    ),
    Deferred("changes", "server.commands.editing:changes", summary="Look after the outbox that clients follow."),
    Deferred("search", "server.commands.search:search_", summary="Measure search, and look after its index."),
    Deferred(
        "clients",
        "server.commands.clients:clients",
        summary="Register the apps that call, give them keys, and say what they may.",
    ),
    Deferred(
        "documents",
        "server.commands.documents:documents",
        summary="Register the documents that clients are trusted with.",
    ),
    Deferred(
        "schema",
        "server.commands.contract:schema_",
        summary="See the schema that clients are built on, and whom a change would break.",
    ),
    Deferred(
        "usage",
        "server.commands.usage:usage",
        summary="See what was served to whom: an answer counts when its disclaimers went out, which no content goes "
        "without.",
    ),
)
for each in COMMANDS:
    main.add_command(each)

if __name__ == "__main__":
    main(prog_name="caveat")
