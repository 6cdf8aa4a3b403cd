"""The `caveat` command: the commands of every family, and the edge where their errors become messages."""

from typing import Any

import click

from server.access.keys import without_secrets
from server.commands import clients, contract, disclaimers, documents, editing, files, search, serving, usage
from server.errors.root import CaveatError


class _Commands(click.Group):
    """A group that shows what was refused as one line, with exit code 1, and no traceback for Ctrl-C."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click has it
        try:
            return super().invoke(ctx)
        except CaveatError as error:
            raise click.ClickException(without_secrets(error.message)) from error
        except KeyboardInterrupt:
            raise SystemExit(130) from None


@click.group(cls=_Commands)
def main() -> None:
    """Caveat keeps health answers and serves them over GraphQL, never without their caveats."""


main.add_command(serving.serve)
main.add_command(serving.migrate)
main.add_command(files.import_)
main.add_command(files.export)
main.add_command(editing.retract)
main.add_command(editing.reinstate)
main.add_command(editing.erase)
main.add_command(editing.sources)
main.add_command(disclaimers.disclaimers_)
main.add_command(editing.changes)
main.add_command(search.search_)
main.add_command(clients.clients)
main.add_command(documents.documents)
main.add_command(contract.schema_)
main.add_command(usage.usage)

if __name__ == "__main__":
    main(prog_name="caveat")
