"""Whether a build of one local warehouse takes longer than the one before: `make bench-builds`.

Plain dbt builds the demo's data again and again. What counts is the processor time that the
warehouse used for a build, because it depends little on what else the machine does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from orchestrator.local_warehouse import process
from tests.project_copy import copy_project

if TYPE_CHECKING:
    import psutil

BIN: Final = Path(sys.executable).parent
# The last build against the first one that was made after the demo's own.
ALLOWED: Final = 1.1


@dataclass(frozen=True, slots=True)
class Build:
    """What one build took."""

    server_seconds: float
    seconds: float
    memory_mb: int
    data_mb: int


@click.command()
@click.option("--builds", default=10, show_default=True, help="How many.")
@click.option("--people", default=300, show_default=True, help="Size of the demo.")
@click.option("--select", help="Models to build, as in dbt; all when not given.")
def main(builds: int, people: int, select: str | None) -> None:
    """Build again and again; exit code 1 when the last build takes 1.1 times the first."""
    with tempfile.TemporaryDirectory(prefix="concord-builds-") as folder:
        project = copy_project(Path(folder))
        try:
            _call(project, "concord", "demo", "--people", str(people))
            options = ("--select", select) if select else ()
            made = [_build(project, number, *options) for number in range(1, builds + 1)]
        finally:
            _call(project, "concord", "warehouse", "stop")
    ratio = made[-1].server_seconds / made[0].server_seconds
    click.echo(f"build {builds} took {ratio:.3f} times as long as build 1; allowed {ALLOWED}")
    sys.exit(ratio > ALLOWED)


def _build(project: Path, number: int, *options: str) -> Build:
    warehouse = process.running_warehouse(project / ".concord")
    server = warehouse.process() if warehouse else None
    if warehouse is None or server is None:
        raise click.ClickException("the warehouse of the copy does not run")
    before, started = _used(server), time.monotonic()
    _call(project, "concord", "dbt", "--log-level-file", "none", "build", *options)
    build = Build(
        server_seconds=_used(server) - before,
        seconds=time.monotonic() - started,
        memory_mb=server.memory_info().rss >> 20,
        data_mb=sum(file.stat().st_size for file in Path(warehouse.data_dir).glob("*.*")) >> 20,
    )
    click.echo(
        f"build {number}: warehouse {build.server_seconds:.1f} s of processor time, "
        f"{build.seconds:.1f} s in all, {build.memory_mb} MB of memory, {build.data_mb} MB of data"
    )
    return build


def _used(server: psutil.Process) -> float:
    times = server.cpu_times()
    return float(times.user + times.system)


def _call(project: Path, command: str, *arguments: str) -> None:
    clean = {name: text for name, text in os.environ.items() if not name.startswith("CONCORD_")}
    done = subprocess.run(
        [str(BIN / command), *arguments],
        cwd=project,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise click.ClickException(f"{command} {' '.join(arguments)}\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
