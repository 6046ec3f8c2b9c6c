"""`concord settings`."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from orchestrator.setting_list import SettingLine


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@click.option("--markdown", is_flag=True, help="Print the tables of docs/settings.md.")
def settings(as_json: bool, markdown: bool) -> None:  # noqa: FBT001 - click passes them by name
    """Show the value of every setting; secrets are masked.

    The environment is the only source: there is no file of settings. Each setting is a variable
    CONCORD_..., and * marks those that differ from their default. An alert address can be
    `secret://NAME`: Secret Manager then keeps it.
    """
    import json
    from dataclasses import asdict

    from orchestrator.setting_list import setting_lines
    from orchestrator.settings import load_settings

    lines = tuple(setting_lines(load_settings()))
    if as_json:
        click.echo(json.dumps([asdict(line) for line in lines], indent=2))
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
