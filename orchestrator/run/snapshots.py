"""Lets dbt note what others read from now on, when it differs from what they read before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.dbt.runner import failed_nodes_text
from orchestrator.redaction import redact

if TYPE_CHECKING:
    from orchestrator.dbt.runner import DbtRunner
    from orchestrator.run_log.run import Run


def has_snapshots(run: Run) -> bool:
    """Say whether the project keeps a history."""
    return any(node.resource_type == "snapshot" for node in run.manifest.values())


def take_snapshots(runner: DbtRunner) -> str:
    """Take all snapshots; return the problem, or ''. What did not change adds nothing."""
    answer = runner.invoke("snapshot")
    if answer.is_interrupted:
        raise KeyboardInterrupt
    return "" if answer.is_success else redact(failed_nodes_text(answer))
