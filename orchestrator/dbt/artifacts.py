"""Reads what dbt leaves behind: run_results.json and manifest.json."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from orchestrator.dbt.node import Node, node_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

# One line per node that has ended, written while dbt runs.
JOURNAL_FILE: Final = "finished_nodes.jsonl"


@dataclass(frozen=True, slots=True)
class ManifestNode:
    """A node as the manifest declares it. `compiled` is there after `dbt compile` only."""

    unique_id: str
    name: str
    resource_type: str
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


def read_run_results(target_path: Path) -> tuple[str, tuple[Node, ...]] | None:
    """Return the id of an invocation and its nodes, or None when dbt wrote no results."""
    document = _read_json(target_path / "run_results.json")
    if document is None:
        return None
    invocation_id = str(document["metadata"].get("invocation_id", ""))
    return invocation_id, tuple(node_of(entry) for entry in document["results"])


def read_finished(target_path: Path) -> tuple[Node, ...]:
    """Return the nodes that have ended, also those of an invocation that was killed."""
    results = read_run_results(target_path)
    if results is not None:
        return results[1]
    journal = target_path / JOURNAL_FILE
    if not journal.is_file():
        return ()
    # The last line may be half written.
    lines = journal.read_text(encoding="utf-8").split("\n")[:-1]
    return tuple(node_of(json.loads(line)) for line in lines)


def read_manifest(target_path: Path) -> dict[str, ManifestNode]:
    """Return all nodes and sources of the manifest by unique id."""
    document = _read_json(target_path / "manifest.json") or {}
    return {node.unique_id: node for node in _manifest_nodes(document)}


def node_owner(unique_id: str, manifest: Mapping[str, ManifestNode]) -> str | None:
    """Return the owner of a node; a test belongs to the owner of what it tests."""
    node = manifest.get(unique_id)
    if node is None:
        return None
    owner = node.meta.get("owner")
    if owner is None and node.resource_type == "test":
        parents = [manifest[name] for name in node.depends_on if name in manifest]
        owner = next((parent.meta["owner"] for parent in parents if "owner" in parent.meta), None)
    return None if owner is None else str(owner)


def owned(nodes: Iterable[Node], manifest: Mapping[str, ManifestNode]) -> tuple[Node, ...]:
    """Return nodes with their owners."""
    return tuple(replace(node, owner=node_owner(node.unique_id, manifest)) for node in nodes)


def _read_json(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def _manifest_nodes(document: dict[str, Any]) -> Iterator[ManifestNode]:
    for group in ("nodes", "sources"):
        for unique_id, entry in document.get(group, {}).items():
            yield ManifestNode(
                unique_id=unique_id,
                name=entry["name"],
                resource_type=entry["resource_type"],
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
