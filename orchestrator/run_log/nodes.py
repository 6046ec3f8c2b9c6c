"""Turns the states of a build's nodes into records: what the log, the alerts and retries need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.redaction import redact
from orchestrator.run_log.record import NodeRecord

if TYPE_CHECKING:
    from orchestrator.dbt.another_attempt import NodeState
    from orchestrator.dbt.build import Build

NOT_RUN = "not_run"


def node_records(build: Build) -> tuple[NodeRecord, ...]:
    """Return one record per node, in the order of the run; nodes that never ended come last."""
    done = [_record(build, state) for state in build.states.values()]
    missing = sorted((build.todo or frozenset()) - build.states.keys())
    return (*done, *(_missing(build, unique_id) for unique_id in missing))


def _record(build: Build, state: NodeState) -> NodeRecord:
    result, adapter = state.result, state.result.adapter
    return NodeRecord(
        unique_id=result.unique_id,
        name=result.name,
        resource_type=result.resource_type,
        status=result.status,
        attempts=state.attempts,
        seconds=result.seconds,
        error_class=state.error_class,
        # dbt's texts of good nodes say nothing; those of bad ones may quote data.
        message=redact(result.message) if state.error_class else "",
        relation=result.relation,
        owner=_owner(build, result.unique_id),
        failures=result.failures,
        rows_affected=adapter.rows_affected,
        bytes_processed=adapter.bytes_processed,
        bytes_billed=adapter.bytes_billed,
        slot_ms=adapter.slot_ms,
        job_id=adapter.job_id,
    )


def _missing(build: Build, unique_id: str) -> NodeRecord:
    node = build.manifest.get(unique_id)
    return NodeRecord(
        unique_id=unique_id,
        name=node.name if node else unique_id,
        resource_type=unique_id.partition(".")[0],
        status=NOT_RUN,
        attempts=0,
        seconds=0.0,
        relation=node.relation if node else None,
        owner=_owner(build, unique_id),
    )


def _owner(build: Build, unique_id: str) -> str | None:
    """Return the owner of a node; a test belongs to the owner of what it tests."""
    node = build.manifest.get(unique_id)
    if node is None:
        return None
    owner = node.meta.get("owner")
    if owner is None and node.resource_type == "test":
        parents = [build.manifest[name] for name in node.depends_on if name in build.manifest]
        owner = next((parent.meta["owner"] for parent in parents if "owner" in parent.meta), None)
    return None if owner is None else str(owner)
