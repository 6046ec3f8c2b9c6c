"""`concord dbt`: plain dbt, with Concord's settings and a warehouse that runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestrator.settings.values import Settings

# They read files only.
WITHOUT_WAREHOUSE: Final = frozenset(
    {"parse", "ls", "list", "deps", "clean", "init", "--version", "-v", "--help", "-h"}
)
TARGET_OPTIONS: Final = ("--target", "-t")


@click.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def dbt(arguments: tuple[str, ...]) -> None:
    """Run dbt with these arguments; its exit code is the command's.

    The settings go to dbt. On the local target the warehouse is started, and its address and token
    go to dbt too.
    """
    from orchestrator.settings.values import exported, load_settings

    settings = load_settings(target=_target(arguments))
    variables = settings.environment() | {
        "DBT_PROJECT_DIR": str(settings.project_dir),
        "DBT_PROFILES_DIR": str(settings.project_dir),
    }
    if settings.is_packaged:
        # Nothing is written into the installed package.
        variables |= {
            "DBT_TARGET_PATH": str(settings.state_dir / "target"),
            "DBT_LOG_PATH": str(settings.state_dir / "logs"),
        }
    if settings.is_local and not WITHOUT_WAREHOUSE & set(arguments):
        variables |= _warehouse_variables(settings)
    program = Path(sys.executable).with_name("dbt")
    sys.stdout.flush()
    with exported(variables):
        # In place of this process: signals and the exit code pass by nobody.
        os.execv(program, [str(program), *arguments])  # noqa: S606 - dbt, as asked for


def _target(arguments: Sequence[str]) -> str | None:
    """Return the target that dbt's own option names."""
    for number, argument in enumerate(arguments):
        name, is_joined, value = argument.partition("=")
        if name in TARGET_OPTIONS:
            return value if is_joined else next(iter(arguments[number + 1 :]), None)
    return None


def _warehouse_variables(settings: Settings) -> dict[str, str]:
    from orchestrator.bigquery.connect import connect

    connection = connect(settings)
    try:
        return connection.settings.environment()
    finally:
        connection.client.close()
