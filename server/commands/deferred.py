"""A command of which only its name and its line of help are there until it is called."""

import click

from server.deferral import load


class Deferred(click.Command):
    """Stands for a command in lists of commands: to say what there is takes none of what they do it with."""

    def __init__(self, name: str, place: str, *, summary: str) -> None:
        super().__init__(name, help=summary)
        self._place = place

    def loaded(self) -> click.Command:
        """The command itself."""
        command: click.Command = load(self._place)
        return command
