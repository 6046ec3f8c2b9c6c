"""`concord promote`."""

from __future__ import annotations

import click

from orchestrator.command_line.as_json import json_option, print_json
from orchestrator.decisions.current_user import current_user


@click.command()
@click.argument("version")
@click.option("--by", default=current_user, help="Who promotes it. Without it: the user.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def promote(
    version: str,
    by: str,
    yes: bool,  # noqa: FBT001 - click passes it by name
    as_json: bool,  # noqa: FBT001
) -> int:
    """Let nights use the version VERSION of the matching model from now on.

    The next 'concord run' builds with its parameters and term frequencies. Ids that would change
    are counted there as ever: more than CONCORD_MAX_ID_CHANGES stop it, unless it is told
    --accept-changes. Promoting the version before takes a promotion back.
    """
    from orchestrator.bigquery.connect import connect
    from orchestrator.command_line.confirmed import is_confirmed
    from orchestrator.errors import EXIT_FAILED, EXIT_OK
    from orchestrator.models import stored
    from orchestrator.settings.values import load_settings
    from orchestrator.sources.own_tables import ensure_own_tables

    connection = connect(load_settings())
    stored.require_version(connection, version)
    before = stored.promoted_version(connection)
    if before != version:
        question = f"Let nights use {version} instead of {before or 'a model they train'}?"
        if not yes and not is_confirmed(question, "--yes promotes without asking"):
            click.echo("Nothing was promoted.", err=True)
            return EXIT_FAILED
        ensure_own_tables(connection)
        stored.promote_version(connection, version, by)
    if as_json:
        print_json({"model_version": version, "replaced_version": before})
    elif before == version:
        click.echo(f"{version} is promoted already.")
    else:
        click.echo(f"Promoted {version}; it replaces {before or 'nothing'}.")
    return EXIT_OK
