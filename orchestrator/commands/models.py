"""`concord models`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orchestrator.command_line.as_json import json_option, print_json

if TYPE_CHECKING:
    from orchestrator.models.stored import ModelVersion


@click.command()
@click.option("--promoted", is_flag=True, help="Print only the version that runs use, or train.")
@json_option
def models(
    promoted: bool,  # noqa: FBT001 - click passes it by name
    as_json: bool,  # noqa: FBT001
) -> None:
    """List the versions of the matching model, the newest first.

    F1 is what a version expected of its own result when it was trained, without any label. The
    promoted one is used by 'concord run'; another is promoted with 'concord promote'.
    """
    from orchestrator.bigquery.connect import connect
    from orchestrator.models.stored import list_versions
    from orchestrator.models.used import TRAIN
    from orchestrator.settings.values import load_settings

    versions = list_versions(connect(load_settings()))
    if promoted:
        used = next((one.version for one in versions if one.is_promoted), TRAIN)
        if as_json:
            print_json({"model_version": used})
        else:
            click.echo(used)
    elif as_json:
        print_json({"models": versions})
    elif not versions:
        click.echo("There is none yet: the first 'concord run' trains one and promotes it.")
    else:
        click.echo("\n".join(model_lines(versions)))


def model_lines(versions: tuple[ModelVersion, ...]) -> list[str]:
    """Return a line for each version below the names of the columns."""
    lines = [f"{'version':<18}{'trained':<18}{'promoted':<18}{'F1 people':>10}{'companies':>11}"]
    for one in versions:
        promoted = f"{one.promoted_at:%Y-%m-%d %H:%M}" if one.promoted_at else ""
        scores = (_share(one.expected_f1.get(entity)) for entity in ("person", "company"))
        line = f"{one.version:<18}{one.trained_at:%Y-%m-%d %H:%M}  {promoted:<18}"
        people, companies = scores
        used = "  used by runs" if one.is_promoted else ""
        lines.append(f"{line}{people:>10}{companies:>11}{used}")
    return lines


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"
