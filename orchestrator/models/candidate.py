"""Builds a version of the matching model beside the nightly tables.

The candidate reads the same raw data and the same decisions, and has datasets of its own, so that
nothing that a night reads or publishes changes. It accepts nothing: no id, no published table.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from orchestrator.dbt.request import NOT_AT_NIGHT
from orchestrator.dbt.runner import DbtRunner, failed_nodes_text
from orchestrator.errors import Interrupted, RunFailed
from orchestrator.lock.hold import hold_lock
from orchestrator.models.stored import ENTITIES, keep_version, require_version
from orchestrator.models.used import TRAIN
from orchestrator.sources.own_tables import ensure_own_tables
from orchestrator.sources.raw_tables import ensure_raw_tables
from orchestrator.sources.source_schemas import read_raw_tables

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection
    from orchestrator.settings.values import Settings
    from orchestrator.steps import StepClock

# What a comparison reads, and what is kept of a version. A version that is used, not trained, has
# no record: dbt leaves out what it does not find.
SELECTED: Final = tuple(
    f"+{name.format(entity=entity)}"
    for entity in ENTITIES
    for name in (
        "int_{entity}_expected_quality",
        "int_{entity}_model_version",
        "int_{entity}_model_record",
    )
)


def candidate_dataset(settings: Settings) -> str:
    """Return the first part of the names of a candidate's datasets."""
    return f"{settings.dataset}_candidate"


def build_candidate(connection: Connection, clock: StepClock, version: str | None = None) -> str:
    """Train a version beside the nightly tables, or build one that is known; return it."""
    if version is not None:
        require_version(connection, version)
    settings = connection.settings
    beside = settings.with_changes(
        dataset=candidate_dataset(settings),
        ops_prefix=settings.ops_prefix or settings.dataset,
        model=version or TRAIN,
    )
    candidate = replace(connection, settings=beside)
    with hold_lock(beside, f"candidate of {settings.dataset}"):
        with clock.step("tables"):
            declared = read_raw_tables(beside.project_dir).values()
            ensure_raw_tables(candidate, [one for one in declared if one.source in beside.sources])
            ensure_own_tables(candidate)
        with clock.step("build"):
            _build(DbtRunner(beside, on_node=clock.on_node))
        if version is None:
            with clock.step("store"):
                version = keep_version(candidate, beside.dataset)
    return version


def _build(runner: DbtRunner) -> None:
    # Not the tests that also read what is not built here.
    whole = ("--indirect-selection", "cautious", "--exclude-resource-type", "unit_test")
    result = runner.invoke("build", "--select", *SELECTED, *whole, "--exclude", *NOT_AT_NIGHT)
    if result.is_interrupted:
        raise Interrupted("interrupted while dbt was running", "run the command again")
    if not result.is_success:
        raise RunFailed(
            f"the candidate could not be built\n{failed_nodes_text(result)}",
            f"correct that and run the command again; dbt's log is in {result.target_path}",
        )
