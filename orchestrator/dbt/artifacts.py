"""Reads what dbt leaves behind: run_results.json and manifest.json."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from orchestrator.dbt.error_classes import ErrorClass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# One line per node that has ended, written while dbt runs.
JOURNAL_FILE: Final = "finished_nodes.jsonl"
# Beside the message of a node, which is masked: its class is that of the whole text.
CLASS_KEY: Final = "concord_error_class"
FAILED: Final = frozenset({"error", "fail", "runtime error", "partial success"})


@dataclass(frozen=True, slots=True)
class AdapterFacts:
    """What BigQuery says of the job of a node, where it says anything."""

    rows_affected: int | None = None
    bytes_processed: int | None = None
    bytes_billed: int | None = None
    slot_ms: int | None = None
    job_id: str | None = None


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What became of one node of a dbt invocation."""

    unique_id: str
    status: str
    seconds: float
    message: str
    failures: int | None
    relation: str | None
    adapter: AdapterFacts = AdapterFacts()
    # As it was known before the message was masked; None for a message that is not.
    known_class: ErrorClass | None = None

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
        """Say whether the node makes the invocation a failure."""
        return self.status in FAILED


@dataclass(frozen=True, slots=True)
class RunResults:
    """The results of one dbt invocation."""

    invocation_id: str
    elapsed_seconds: float
    nodes: tuple[NodeResult, ...]

    @property
    def failed(self) -> tuple[NodeResult, ...]:
        """Return the nodes that failed, in the order of the run."""
        return tuple(node for node in self.nodes if node.has_failed)

    def count_by_status(self) -> dict[str, int]:
        """Count the nodes of each status, the most frequent first."""
        return dict(Counter(node.status for node in self.nodes).most_common())

    def slowest(self, count: int) -> tuple[NodeResult, ...]:
        """Return the nodes that took longest."""
        return tuple(sorted(self.nodes, key=lambda node: -node.seconds)[:count])


@dataclass(frozen=True, slots=True)
class ManifestNode:
    """A node as the manifest declares it. `compiled` is there after `dbt compile` only."""

    unique_id: str
    name: str
    resource_type: str
    path: str
    relation: str | None
    depends_on: tuple[str, ...]
    materialized: str = ""
    compiled: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)
    # Column -> its meta, of the columns that are declared.
    columns: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def table(self) -> str:
        """Return project, dataset and name of its table without quotes; empty when it has none."""
        return (self.relation or "").replace("`", "")


def read_run_results(target_path: Path) -> RunResults | None:
    """Return the results below a target path, or None when dbt wrote none."""
    document = _read_json(target_path / "run_results.json")
    if document is None:
        return None
    return RunResults(
        invocation_id=str(document["metadata"].get("invocation_id", "")),
        elapsed_seconds=float(document.get("elapsed_time") or 0.0),
        nodes=tuple(_node_result(entry) for entry in document["results"]),
    )


def read_finished(target_path: Path) -> tuple[NodeResult, ...]:
    """Return the nodes that have ended, also those of an invocation that was killed."""
    results = read_run_results(target_path)
    if results is not None:
        return results.nodes
    journal = target_path / JOURNAL_FILE
    if not journal.is_file():
        return ()
    # The last line may be half written.
    lines = journal.read_text(encoding="utf-8").split("\n")[:-1]
    return tuple(_node_result(json.loads(line)) for line in lines)


def read_manifest(target_path: Path) -> dict[str, ManifestNode]:
    """Return all nodes and sources of the manifest by unique id."""
    document = _read_json(target_path / "manifest.json") or {}
    return {node.unique_id: node for node in _manifest_nodes(document)}


def _read_json(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def _node_result(entry: dict[str, Any]) -> NodeResult:
    return NodeResult(
        unique_id=entry["unique_id"],
        status=entry["status"],
        seconds=float(entry.get("execution_time") or 0.0),
        message=str(entry.get("message") or ""),
        failures=entry.get("failures"),
        relation=entry.get("relation_name"),
        adapter=_adapter_facts(entry.get("adapter_response") or {}),
        known_class=ErrorClass(entry[CLASS_KEY]) if entry.get(CLASS_KEY) else None,
    )


def _adapter_facts(entry: dict[str, Any]) -> AdapterFacts:
    def number(name: str) -> int | None:
        value = entry.get(name)
        return None if value is None else int(value)

    return AdapterFacts(
        rows_affected=number("rows_affected"),
        bytes_processed=number("bytes_processed"),
        bytes_billed=number("bytes_billed"),
        slot_ms=number("slot_ms"),
        job_id=entry.get("job_id"),
    )


def _manifest_nodes(document: dict[str, Any]) -> Iterator[ManifestNode]:
    for group in ("nodes", "sources"):
        for unique_id, entry in document.get(group, {}).items():
            yield ManifestNode(
                unique_id=unique_id,
                name=entry["name"],
                resource_type=entry["resource_type"],
                path=entry.get("original_file_path", ""),
                relation=entry.get("relation_name"),
                depends_on=tuple(entry.get("depends_on", {}).get("nodes", ())),
                materialized=str(entry.get("config", {}).get("materialized", "")),
                compiled=entry.get("compiled_code") or "",
                meta=_meta(entry),
                columns={name: _meta(column) for name, column in entry.get("columns", {}).items()},
            )


def _meta(entry: dict[str, Any]) -> dict[str, Any]:
    # dbt moves it from the one place to the other.
    return {**entry.get("meta", {}), **entry.get("config", {}).get("meta", {})}
