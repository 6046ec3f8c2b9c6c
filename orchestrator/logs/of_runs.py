"""The lines about a run. Terraform makes metrics and alerts of their fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orchestrator.logs import get_logger

if TYPE_CHECKING:
    from orchestrator.run.build import Retry
    from orchestrator.run_log.run import Run

# Failed nodes that have a line each.
MOST_NODES: Final = 50


def log_old_sources(run: Run) -> None:
    """Write which sources are older than their files allow."""
    for table in run.stale_tables:
        hours = round(table.age.total_seconds() / 3600, 1)
        get_logger().warning("source is old", source=table.name, hours=hours)


def log_retry(retry: Retry) -> None:
    """Write that nodes start again, why, and after which wait."""
    get_logger().warning(
        "trying again",
        nodes=retry.n_failed,
        waiting=retry.n_waiting,
        cause=str(retry.cause),
        seconds=round(retry.seconds, 1),
        attempt=retry.attempt,
    )


def log_outcome(run: Run) -> None:
    """Write what became of a run: a line a failed node, and one for the whole."""
    logger = get_logger()
    for node in run.failed[:MOST_NODES]:
        logger.error(
            "node failed",
            node=node.name,
            error_class=str(node.error_class),
            attempts=node.attempts,
            cause=node.message,
        )
    if run.not_published:
        logger.info("not published", because=run.not_published)
    if run.snapshot_problem:
        logger.error("the snapshots could not be taken", problem=run.snapshot_problem)
    write = logger.info if run.is_success else logger.error
    write(
        "run ends",
        status=run.status,
        exit_code=run.exit_code,
        seconds=round(run.seconds, 1),
        nodes=len(run.nodes),
        failed=len(run.failed),
        retries=run.retries,
        published=run.published_tables,
        bytes_billed=sum(node.bytes_billed or 0 for node in run.nodes),
        cause=run.problem,
    )
