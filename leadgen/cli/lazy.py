"""A group of commands that are imported when they are asked for: some need the whole app, and most do not."""

from collections.abc import Mapping
from importlib import import_module

import click


class LazyGroup(click.Group):
    """``places`` names the module and the attribute of each command, like ``leadgen.cli.db:db``."""

    places: Mapping[str, str] = {}

    def list_commands(self, _context: click.Context) -> list[str]:
        return sorted({*self.places, *self.commands})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.places:
            return super().get_command(context, name)
        module, _, attribute = self.places[name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command
