"""Which version of the matching model a build uses: the promoted one, unless a setting says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from orchestrator.models.stored import (
    ENTITIES,
    keep_version,
    promote_version,
    promoted_version,
    require_version,
)

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection
    from orchestrator.run_log.run import Run

TRAIN: Final = "train"
# Without them a build has trained nothing.
TRAINED: Final = frozenset(
    f"int_{entity}_model_{part}" for entity in ENTITIES for part in ("frequencies", "record")
)


def with_used_model(connection: Connection) -> Connection:
    """Return the warehouse with settings that name the version to use, or say `train`.

    Without a setting it is the promoted version; a warehouse that has none trains its first one.
    """
    wanted = connection.settings.model
    if not wanted:
        wanted = promoted_version(connection) or TRAIN
    elif wanted != TRAIN:
        require_version(connection, wanted)
    return with_model(connection, wanted)


def with_model(connection: Connection, model: str) -> Connection:
    """Return the warehouse with settings that name this version."""
    return replace(connection, settings=connection.settings.with_changes(model=model))


def has_trained(run: Run) -> bool:
    """Say whether a run has built everything that makes a version."""
    return {node.name for node in run.nodes if node.status == "success"} >= TRAINED


def keep_trained_model(run: Run, connection: Connection) -> None:
    """Keep and promote what an accepted run has trained.

    What is published then was made by that model, so later nights go on with it.
    """
    run.kept_model = keep_version(connection, run.dataset, run.run_id)
    promote_version(connection, run.kept_model, run.run_id)
