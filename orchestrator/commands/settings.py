"""`concord settings`."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import click

from orchestrator.command_line.as_json import json_option, print_json

if TYPE_CHECKING:
    from orchestrator.settings.listing import SettingLine


@click.command()
@json_option
@click.option("--markdown", is_flag=True, help="Print the tables of docs/operate/settings.md.")
def settings(as_json: bool, markdown: bool) -> None:  # noqa: FBT001 - click passes them by name
    """Show the value of every setting; secrets are masked.

    The environment is the only source; there is no settings file. Each setting is a variable
    CONCORD_..., and * marks those that differ from their default. A variable that is not a setting
    causes a warning. An alert address can be `secret://NAME`: then Secret Manager keeps it.
    """
    from orchestrator.settings.known_variables import DBT_VARIABLES
    from orchestrator.settings.listing import dbt_lines, setting_lines
    from orchestrator.settings.values import load_settings, set_variables

    given = set_variables(variable.name for variable in DBT_VARIABLES)
    lines = (*setting_lines(load_settings()), *dbt_lines(given))
    if as_json:
        print_json(lines)
    else:
        click.echo(markdown_text(lines) if markdown else plain_text(lines))


def plain_text(lines: tuple[SettingLine, ...]) -> str:
    """Put the settings in groups for a terminal."""
    width = max(len(line.variable) for line in lines)
    text: list[str] = []
    for group, members in groupby(lines, lambda line: line.group):
        text += ["", group]
        for line in members:
            mark = " " if line.is_default else "*"
            text.append(f"{mark} {line.variable:<{width}}  {line.value}".rstrip())
    return "\n".join(text[1:])


def markdown_text(lines: tuple[SettingLine, ...]) -> str:
    """Put variables, defaults and meanings in tables, a group each."""
    text: list[str] = []
    for group, members in groupby(lines, lambda line: line.group):
        text += ["", f"### {group}", "", "| variable | default | meaning |", "|---|---|---|"]
        for line in members:
            default = f"`{line.default}`" if line.default else ""
            text.append(f"| `{line.variable}` | {default} | {line.meaning} |")
    return "\n".join(text[1:])
