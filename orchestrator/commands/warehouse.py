"""`concord warehouse`: start, stop and inspect the local warehouse."""

from __future__ import annotations

import shlex
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from orchestrator.command_line.as_json import json_option, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator


@click.group()
def warehouse() -> None:
    """Start, stop or inspect the local warehouse."""


@warehouse.command()
@click.option(
    "--memory-limit", default="4GB", show_default=True, help="DuckDB's memory, for example 8GB."
)
@click.option(
    "--threads", type=click.IntRange(min=1), help="DuckDB's threads; all cores when not given."
)
def start(memory_limit: str, threads: int | None) -> None:
    """Start the warehouse of this project, or say where it runs already."""
    from orchestrator.local_warehouse import process
    from orchestrator.settings.values import load_settings

    settings = load_settings()
    with _user_errors():
        running = process.running_warehouse(settings.state_dir)
        found = process.ensure_running(
            settings.state_dir,
            settings.project,
            project_dir=settings.project_dir,
            memory_limit=memory_limit,
            threads=threads,
        )
    is_same = running is not None and running.pid == found.pid
    click.echo(f"The local warehouse {'already runs' if is_same else 'runs'} at {found.url}")
    _show_the_way()


@warehouse.command()
def stop() -> None:
    """Stop the warehouse of this project; its data stays."""
    from orchestrator.local_warehouse import process
    from orchestrator.settings.values import load_settings

    with _user_errors():
        stopped = process.stop_warehouse(load_settings().state_dir)
    click.echo("The local warehouse is stopped." if stopped else "No local warehouse was running.")


@warehouse.command()
@click.option("--env", "for_shell", is_flag=True, help="Print only what plain dbt needs to be set.")
@json_option
def status(for_shell: bool, as_json: bool) -> None:  # noqa: FBT001 - click passes them by name
    """Show whether the warehouse of this project runs, and where. Exit code 1 when it does not."""
    from orchestrator.errors import EXIT_FAILED
    from orchestrator.local_warehouse import process
    from orchestrator.local_warehouse.health import probe
    from orchestrator.local_warehouse.state import LOG_FILE
    from orchestrator.settings.values import load_settings

    settings = load_settings()
    found = process.running_warehouse(settings.state_dir)
    if found is None:
        if as_json:
            print_json({"is_running": False})
            raise click.exceptions.Exit(EXIT_FAILED)
        click.echo(
            "The local warehouse is not running. `concord warehouse start` starts it.",
            err=for_shell,
        )
        raise click.exceptions.Exit(EXIT_FAILED)
    if for_shell:
        for variable, text in found.variables().items():
            click.echo(f"export {variable}={shlex.quote(text)}")
        return
    if as_json:
        print_json(
            {
                "is_running": True,
                "state": probe(found.url, process.PROBE_SECONDS),
                "address": found.url,
                "storage_api": found.grpc_endpoint,
                "process": found.pid,
                "started": found.started_at,
                "data": found.data_dir,
                "log": settings.state_dir / LOG_FILE,
                "versions": found.versions,
            }
        )
        return
    facts = {
        "State": probe(found.url, process.PROBE_SECONDS),
        "Address": found.url,
        "Storage API": found.grpc_endpoint,
        "Process": found.pid,
        "Started": found.started_at,
        "Data": found.data_dir,
        "Log": settings.state_dir / LOG_FILE,
        "Versions": ", ".join(f"{name} {version}" for name, version in found.versions.items()),
    }
    for name, value in facts.items():
        click.echo(f"{name:<12}{value}")
    _show_the_way()


def _show_the_way() -> None:
    click.echo("dbt needs its address and token: type `concord dbt ...` instead of `dbt ...`,")
    click.echo('or for a whole shell: eval "$(concord warehouse status --env)"')


@contextmanager
def _user_errors() -> Iterator[None]:
    from orchestrator.errors import WarehouseUnavailable
    from orchestrator.local_warehouse.errors import WarehouseError

    try:
        yield
    except WarehouseError as error:
        raise WarehouseUnavailable(
            str(error), "correct that and run 'concord warehouse start' again"
        ) from error
