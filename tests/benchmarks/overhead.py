"""What `concord run` adds to `dbt build`: `make bench-overhead`.

Both build the demo's data in the same warehouse with the same parsed project, in turns. Each is
timed from the start of its process to the end. Nodes are the same, but for the unit tests, which
neither builds.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import click

from orchestrator.dbt.request import NOT_AT_NIGHT
from orchestrator.local_warehouse import process
from tests.project_copy import copy_project

BIN: Final = Path(sys.executable).parent
# The promise: at most 1.05 times, and two seconds.
SHARE: Final = 1.05
SECONDS: Final = 2.0


@click.command()
@click.option("--rounds", default=4, show_default=True, help="Times that each is run.")
def main(rounds: int) -> None:
    """Time `dbt build` and `concord run` in turns; exit code 1 above the promise.

    An even number of rounds lets each of them be the first equally often.
    """
    with tempfile.TemporaryDirectory() as folder:
        project = copy_project(Path(folder))
        try:
            _call(project, "concord", "demo")
            seconds = _rounds(project, rounds)
        finally:
            _call(project, "concord", "warehouse", "stop")
    dbt, concord = (statistics.median(seconds[name]) for name in ("dbt", "concord"))
    allowed = SHARE * dbt + SECONDS
    click.echo(
        f"dbt build {dbt:.1f} s, concord run {concord:.1f} s: {concord / dbt:.3f} times, "
        f"{concord - dbt:+.1f} s; allowed {allowed:.1f} s"
    )
    sys.exit(concord > allowed)


def _rounds(project: Path, rounds: int) -> dict[str, list[float]]:
    _call(project, "concord", "warehouse", "start")
    warehouse = process.running_warehouse(project / ".concord")
    if warehouse is None:
        raise click.ClickException("the warehouse of the copy does not run")
    alike = ("--exclude-resource-type", "unit_test", "--exclude", *NOT_AT_NIGHT)
    build = ("dbt", "--log-level-file", "none", "build", *alike)
    commands = {"dbt": build, "concord": ("concord", "run")}
    seconds: dict[str, list[float]] = {"dbt": [], "concord": []}
    # The first round parses the project and warms the caches of both; it does not count.
    for number in range(rounds + 1):
        # In turns, for each build of a warehouse takes a little longer than the one before.
        for name in sorted(commands, reverse=number % 2 == 0):
            command = commands[name]
            started = time.monotonic()
            _call(project, *command, **warehouse.variables())
            took = time.monotonic() - started
            click.echo(f"round {number}: {name} {took:.1f} s{'' if number else ' (not counted)'}")
            if number:
                seconds[name].append(took)
    return seconds


def _call(project: Path, command: str, *arguments: str, **environment: str) -> str:
    clean = {name: text for name, text in os.environ.items() if not name.startswith("CONCORD_")}
    done = subprocess.run(
        [str(BIN / command), *arguments],
        cwd=project,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise click.ClickException(f"{command} {arguments}: {done.stdout[-3000:]}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
