"""Options that take several values, as dbt's do: `-s a b` is `-s a -s b`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class ManyValues(click.Command):
    """A command whose repeatable options take all values up to the next option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Write the name of the option before each of its values, then parse as ever."""
        names = {
            name
            for option in self.params
            if isinstance(option, click.Option) and option.multiple
            for name in option.opts
        }
        return super().parse_args(ctx, list(_spread(args, names)))


def _spread(arguments: Iterable[str], names: set[str]) -> Iterator[str]:
    option, has_value = "", False
    for argument in arguments:
        if argument.startswith("-"):
            name, equals, _ = argument.partition("=")
            option, has_value = (name if name in names else ""), bool(equals)
        elif option:
            if has_value:
                yield option
            has_value = True
        yield argument
