"""`concord compare`."""

from __future__ import annotations

import click

from orchestrator.command_line.as_json import json_option, print_json


@click.command()
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option("--state", help="Compare the build of this prefix of datasets with this one.")
@click.option(
    "--max-id-changes",
    type=click.FloatRange(0, 1),
    help="Share of records that may change their id. Without it: CONCORD_MAX_ID_CHANGES.",
)
@click.option("--markdown", is_flag=True, help="Print Markdown, for a pull request.")
@json_option
def compare(
    old: str | None,
    new: str | None,
    state: str | None,
    max_id_changes: float | None,
    markdown: bool,  # noqa: FBT001 - click passes it by name
    as_json: bool,  # noqa: FBT001
) -> int:
    """Show what differs between the versions OLD and NEW of the matching model.

    Merged, split and moved entities, the share of records whose id would change, the quality that
    both models expect, contradictions, and ten examples each of people and companies with the
    waterfalls of both. Without names these are the promoted version and what 'concord train' built
    last.

    `--state DATASET` compares two builds instead: that of another prefix of datasets, such as
    production's, and this one, such as a pull request's.

    Nothing is written. Exit code 1 when more ids would change than are allowed.
    """
    from orchestrator.bigquery.connect import connect
    from orchestrator.errors import EXIT_FAILED, EXIT_OK
    from orchestrator.models import compare as comparing
    from orchestrator.models.compare_text import as_markdown, as_text
    from orchestrator.models.sides import find_state, find_versions
    from orchestrator.settings.values import load_settings

    if state and old:
        raise click.UsageError("--state compares datasets: leave the versions out")
    settings = load_settings()
    connection = connect(settings)
    sides = find_state(connection, state) if state else find_versions(connection, old, new)
    allowed = settings.max.id_changes if max_id_changes is None else max_id_changes
    compared = comparing.compare_builds(sides, allowed)
    if as_json:
        print_json(comparing.document(compared))
    else:
        click.echo(as_markdown(compared) if markdown else as_text(compared))
    return EXIT_FAILED if compared.too_many else EXIT_OK
