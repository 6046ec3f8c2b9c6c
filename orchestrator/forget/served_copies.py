"""What the service holds outside of the warehouse: snapshots, and decisions on their way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.files.state_files import problem_of
from orchestrator.serving.build import build_snapshot, last_published_run
from orchestrator.serving.place import SnapshotPlace
from orchestrator.steps import StepClock

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection


def renew_snapshots(connection: Connection) -> str:
    """Write a snapshot of what is published now and remove all others; return the problem, or ''.

    Where none was ever written, none is written now.
    """
    return problem_of(lambda: _renew(connection))


def _renew(connection: Connection) -> None:
    place = SnapshotPlace(connection.settings)
    if place.names():
        fresh = build_snapshot(connection, last_published_run(connection), StepClock())
        place.keep_only(fresh.name)
