"""JSON for programs: one option, one way to print. Nothing else goes to standard output then."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Final

import click

INDENT: Final = 2


def json_option(command: Any) -> Any:  # noqa: ANN401 - whatever click decorates
    """Add `--json`; the command gets it as `as_json`."""
    text = "Print JSON for programs; docs/use/json.md lists the fields."
    return click.option("--json", "as_json", is_flag=True, help=text)(command)


def print_json(document: object, *, is_line: bool = False) -> None:
    """Print one document, or one line of many."""
    click.echo(json.dumps(document, indent=None if is_line else INDENT, default=_plain))


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
