"""The options of `concord diff --against`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

FOLDER: Final = click.Path(path_type=Path, file_okay=False)
SHARE: Final = click.FloatRange(0, 1)


def build_options(command: Any) -> Any:  # noqa: ANN401 - whatever click decorates
    """Add them; the command gets all of them as keyword arguments."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


OPTIONS: Final = (
    click.option(
        "--against",
        metavar="DATASET",
        help="Compare the build of CONCORD_DATASET with what this prefix of datasets published.",
    ),
    click.option("--markdown", is_flag=True, help="With --against: print Markdown."),
    click.option(
        "--state",
        type=FOLDER,
        help="With --against: folder with the manifest.json of what is published, to name the "
        "models that differ.",
    ),
    click.option(
        "--results",
        type=FOLDER,
        help="With --against: folder with the run_results.json of the build, for its bytes.",
    ),
    click.option(
        "--max-id-changes",
        type=SHARE,
        help="Share of records that may get another id. Without it: CONCORD_MAX_ID_CHANGES.",
    ),
    click.option(
        "--max-quality-loss",
        type=SHARE,
        default=0.02,
        show_default=True,
        help="By how much expected precision and recall may fall.",
    ),
    click.option(
        "--max-conflict-rise",
        type=SHARE,
        default=0.01,
        show_default=True,
        help="By how much the share of pairs in conflict may rise.",
    ),
)
