"""Builds a sample in datasets of its own, says what that took, compares it with a local build."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from orchestrator.bigquery.connect import connect
from tests.project_copy import copy_project
from tests.semantics.build import Sample, built_project, load_sample
from tests.smoke_cloud.fingerprints import Fingerprint, compared, fingerprint
from tests.smoke_cloud.jobs import JobFigures, jobs_of
from tests.smoke_cloud.places import dropped_afterwards, new_prefix
from tools.googlesql_check.dbt_nodes import read_compiled_nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from orchestrator.settings.values import Settings
    from tools.googlesql_check.dbt_nodes import DbtNode

CONCORD: Final = Path(sys.executable).with_name("concord")
LAYERS: Final = ("staging", "standardized", "matching", "entities", "marts")
KINDS: Final = {"seed": "seeds", "test": "tests", "snapshot": "snapshots"}
# After one interrupt Concord cancels its jobs.
LONGEST_STOP_SECONDS: Final = 120.0


@dataclass(frozen=True)
class Comparison:
    """One relation here and there."""

    name: str
    cloud: Fingerprint
    local: Fingerprint

    @property
    def is_equal(self) -> bool:
        """Say whether all rows are the same."""
        return self.cloud == self.local


@dataclass(frozen=True)
class Outcome:
    """What the smoke test has found; without comparisons the build had failed."""

    exit_code: int
    seconds: float
    jobs: list[JobFigures]
    comparisons: list[Comparison]

    @property
    def ok(self) -> bool:
        """Say whether it was built, and is what the laptop makes of the same records."""
        return (
            not self.exit_code
            and bool(self.comparisons)
            and all(each.is_equal for each in self.comparisons)
        )


def smoke(folder: Path, settings: Settings, sample: Sample, say: Callable[[str], None]) -> Outcome:
    """Build locally first: it costs nothing, and tells what to compare."""
    say("Local build")
    local_folder, cloud_folder = folder / "local", folder / "cloud"
    local_folder.mkdir()
    with built_project(local_folder, sample, ("test", "unit_test")) as built:
        nodes = read_compiled_nodes(built.target_path)
        wanted = compared(nodes)
        own = built.connection.settings.dataset
        here = {
            node.name: fingerprint(built.connection, node.relation[-2], node.relation[-1])
            for node in wanted
        }

    project = cloud_folder / "project"
    project.mkdir(parents=True)
    settings = settings.with_changes(project_dir=copy_project(project), sources=())
    connection = connect(settings)
    started = datetime.now(UTC)
    with dropped_afterwards(connection.client, settings.dataset, say):
        say(f"Loads into {settings.raw_prefix}*, builds in {settings.dataset}_*")
        load_sample(connection, cloud_folder, sample)
        code = concord_run(connection.settings, project)
        jobs = jobs_of(connection.client, settings.dataset, started, layers(nodes))
        seconds = (datetime.now(UTC) - started).total_seconds()
        if code:
            return Outcome(code, seconds, jobs, [])
        there = {
            node.name: fingerprint(
                connection,
                settings.dataset + node.relation[-2].removeprefix(own),
                node.relation[-1],
            )
            for node in wanted
        }
    return Outcome(
        code, seconds, jobs, [Comparison(name, there[name], here[name]) for name in sorted(here)]
    )


def smoke_settings(settings: Settings) -> Settings:
    """Give a name that nobody else has to everything that is written."""
    prefix = new_prefix()
    return settings.with_changes(dataset=prefix, raw_prefix=f"{prefix}_")


def concord_run(settings: Settings, project: Path) -> int:
    """Run `concord run` on its own; an interrupt reaches it once, and is waited for."""
    with subprocess.Popen(
        [str(CONCORD), "run", "--full-refresh"],
        cwd=project,
        env=_environment(settings),
        # The terminal would send Ctrl-C to both, and a second one stops it hard.
        start_new_session=True,
    ) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(LONGEST_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
            raise


def layers(nodes: list[DbtNode]) -> Mapping[str, str]:
    """Return the layer of every node by its name, as job labels write it."""
    found = {}
    for node in nodes:
        parts = Path(node.source_file).parts
        layer = next((layer for layer in LAYERS if layer in parts), "other models")
        # A label holds 63 characters.
        found[node.name.lower()[:63]] = found[node.name] = KINDS.get(node.kind, layer)
    return found


def _environment(settings: Settings) -> dict[str, str]:
    """Hand on the settings; whatever else of Concord the caller has set is left out."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("CONCORD_")}
    return {**kept, **settings.environment()}
