"""What became of a node of dbt: the one shape in which a run, its log and its alerts know it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from orchestrator.bigquery.classify import classify
from orchestrator.bigquery.error_classes import ErrorClass
from orchestrator.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Beside the message of a node on disk, which is masked: its class is that of the whole text.
CLASS_KEY: Final = "concord_error_class"
FAILED: Final = frozenset({"error", "fail", "runtime error", "partial success"})
# It has run, or need not, and nothing was wrong.
PASSED: Final = frozenset({"success", "pass", "warn", "no-op", "reused"})
SKIPPED: Final = "skipped"
NOT_RUN: Final = "not_run"
# Figures of BigQuery's job, by the names that dbt gives them.
OF_THE_JOB: Final = ("rows_affected", "bytes_processed", "bytes_billed", "slot_ms")


@dataclass(frozen=True, slots=True)
class Node:
    """The last state of a node in a run. Each field is a column of the run log.

    `status` is dbt's, or `not_run` for a node that was selected and never came to an end. A
    skipped node has not been attempted. `message` is there for a failure only, and never holds
    values of data: whoever shows or keeps it need not mask it.
    """

    unique_id: str
    status: str
    attempts: int = 1
    seconds: float = 0.0
    error_class: ErrorClass | None = None
    message: str = ""
    relation: str | None = None
    owner: str | None = None
    failures: int | None = None
    rows_affected: int | None = None
    bytes_processed: int | None = None
    bytes_billed: int | None = None
    slot_ms: int | None = None
    job_id: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", redact(self.message))

    @property
    def resource_type(self) -> str:
        """Return model, test, seed, source and so on."""
        return self.unique_id.split(".", 1)[0]

    @property
    def name(self) -> str:
        """Return the name without project and type."""
        parts = self.unique_id.split(".")
        return ".".join(parts[2:4]) if self.resource_type == "source" else parts[2]

    @property
    def has_failed(self) -> bool:
        """Say whether the node makes the run a failure."""
        return self.status in FAILED


@dataclass(frozen=True, slots=True)
class NodeTotals:
    """Sums over the nodes of a run. `bytes_billed` is None where no node says it."""

    nodes: int
    failed: int
    bytes_billed: int | None
    # In the order of the alphabet.
    first_failed: str | None


def node_of(entry: Mapping[str, Any]) -> Node:
    """Read an entry of run_results.json: a node after one attempt."""
    status, message = entry["status"], str(entry.get("message") or "")
    known = entry.get(CLASS_KEY)
    error_class = ErrorClass(known) if known else classify(status, message)
    job = entry.get("adapter_response") or {}
    figures: dict[str, Any] = {
        name: int(job[name]) for name in OF_THE_JOB if job.get(name) is not None
    }
    return Node(
        unique_id=entry["unique_id"],
        status=status,
        attempts=int(status != SKIPPED),
        seconds=float(entry.get("execution_time") or 0.0),
        error_class=error_class,
        # dbt's texts of good nodes say nothing.
        message=message if error_class else "",
        relation=entry.get("relation_name"),
        failures=entry.get("failures"),
        job_id=job.get("job_id"),
        **figures,
    )


def node_of_row(row: Mapping[str, Any]) -> Node:
    """Read a row of the run log. Columns of other versions do not matter."""
    values = {item.name: row[item.name] for item in fields(Node) if item.name in row}
    error_class = values.get("error_class") or None
    if error_class is not None:
        is_known = error_class in set(ErrorClass)
        error_class = ErrorClass(error_class) if is_known else ErrorClass.UNKNOWN
    return Node(**values | {"error_class": error_class, "message": values.get("message") or ""})


def masked(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry of run_results.json that may stay on disk; its class is kept beside it."""
    message = str(entry.get("message") or "")
    if not message or CLASS_KEY in entry:
        return dict(entry)
    error_class = classify(entry["status"], message)
    return {**entry, "message": redact(message), CLASS_KEY: error_class}


def totals_of(nodes: Iterable[Node]) -> NodeTotals:
    """Sum nodes up."""
    known = tuple(nodes)
    failed = [node.name for node in known if node.has_failed]
    billed = [node.bytes_billed for node in known if node.bytes_billed is not None]
    return NodeTotals(
        len(known), len(failed), sum(billed) if billed else None, min(failed, default=None)
    )
