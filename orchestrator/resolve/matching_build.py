"""Lets dbt build the models that a result is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestrator.dbt.runner import DbtResult, DbtRunner, failed_nodes_text
from orchestrator.errors import Interrupted, RunFailed
from orchestrator.sources.own_tables import ensure_own_tables
from orchestrator.sources.raw_tables import ensure_raw_tables
from orchestrator.sources.source_schemas import read_raw_tables

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection
    from orchestrator.resolve.prepared import Prepared
    from orchestrator.settings.values import Settings
    from orchestrator.steps import StepClock


@dataclass(frozen=True, slots=True)
class WantedModels:
    """What is to be made besides clusters, pairs and their expected quality."""

    report: bool = True
    # Records with their entities, golden records, questions, changes.
    tables: bool = True

    def models(self, entity: str) -> tuple[str, ...]:
        """Return the models that it is made of."""
        # The expected quality needs all the models whose tables are exported.
        names = [
            f"int_{entity}_{name}"
            for name in ("expected_quality", "cluster_values", "repeated_values")
        ]
        if self.report:
            names.append(f"int_{entity}_blocking_yield")
        if self.tables:
            names += [f"int_{entity}_golden", f"int_{entity}_ledger_rows", "match_review_queue"]
        return tuple(names)


def ensure_read_tables(connection: Connection) -> None:
    """Create the tables that the models read, empty, as far as they are missing."""
    settings = connection.settings
    tables = read_raw_tables(settings.project_dir).values()
    ensure_raw_tables(connection, [one for one in tables if one.source in settings.sources])
    ensure_own_tables(connection)


def build_all(
    settings: Settings, entity: str, attempts_dir: Path, clock: StepClock, wanted: WantedModels
) -> DbtResult:
    """Build seeds and models from the raw tables up."""
    runner = DbtRunner(settings, attempts_dir, clock.on_node)
    return _checked(
        runner.invoke(
            *("build", "--select"),
            *(f"+{name}" for name in wanted.models(entity)),
            *("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
        )
    )


def build_rest(
    prepared: Prepared,
    settings: Settings,
    entity: str,
    attempts_dir: Path,
    clock: StepClock,
    wanted: WantedModels,
) -> DbtResult:
    """Build what the rows of a file change in a prepared warehouse."""
    runner = DbtRunner(settings, attempts_dir, clock.on_node, part=prepared.manifest)
    names = prepared.changing(wanted.models(entity))
    # No model may go on from the rows that it has: those are of an empty file.
    return _checked(runner.invoke("build", "--full-refresh", "--select", *names))


def _checked(result: DbtResult) -> DbtResult:
    if result.is_interrupted:
        raise Interrupted("interrupted while dbt was running", "run the command again")
    if not result.is_success:
        raise RunFailed(
            f"the matching models failed\n{failed_nodes_text(result)}",
            "run again with --keep-warehouse FOLDER and look at the tables and dbt's log there",
        )
    if not result.nodes:
        raise RunFailed("dbt found no model to run", "check that the models folder is complete")
    return result
