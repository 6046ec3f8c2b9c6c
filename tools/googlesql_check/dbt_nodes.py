"""The nodes of a compiled dbt project, in the order of the graph."""

import json
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from tools.googlesql_check.catalog import Relation

# Kinds that hold a SELECT or a statement to analyze, beside the sources and seeds they read.
STATEMENT_KINDS = {"model", "snapshot", "test", "analysis", "operation"}
RELATION_KINDS = {"source", "seed", "model", "snapshot"}


class ManifestError(Exception):
    """There is no usable manifest at the target path."""


@dataclass(frozen=True)
class DbtNode:
    """One node of the graph; `file` is where the lines of `sql` are counted."""

    unique_id: str
    kind: str
    name: str
    relation: Relation
    file: str
    source_file: str
    sql: str | None = None
    config: dict[str, Any] = field(default_factory=dict)
    # Documented columns in their order, with the declared type where there is one.
    declared: dict[str, str | None] = field(default_factory=dict)
    depends_on: tuple[str, ...] = ()

    @property
    def quoted(self) -> str:
        """The relation as dbt writes it into SQL."""
        return ".".join(f"`{part}`" for part in self.relation)

    @property
    def materialized(self) -> str:
        """How dbt builds the node."""
        return str(self.config.get("materialized", ""))


def published_relation(node: DbtNode) -> Relation:
    """The copy that a run makes of a published model, beside the dataset of the model."""
    meta, schema = node.config.get("meta") or {}, node.config.get("schema") or ""
    if not meta.get("published") or not schema:
        return ()
    *database, dataset, table = node.relation
    return (*database, f"{dataset.removesuffix(schema)}published", table)


def read_compiled_nodes(target_path: Path) -> list[DbtNode]:
    """All sources, seeds, models, snapshots, tests and hooks; a node follows what it reads."""
    path = target_path / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ManifestError(f"{path} is missing: run `dbt compile` first") from None
    except ValueError as error:
        raise ManifestError(f"{path} is not a manifest: {error}") from error
    raw = {**manifest["sources"], **manifest["nodes"]}
    kinds = RELATION_KINDS | STATEMENT_KINDS
    nodes = {key: _node(value) for key, value in raw.items() if value["resource_type"] in kinds}
    return _in_order(nodes)


def _node(raw: dict[str, Any]) -> DbtNode:
    kind = raw["resource_type"]
    relation: Relation = ()
    if kind in RELATION_KINDS:
        table = raw.get("alias") or raw.get("identifier") or raw["name"]
        relation = tuple(part for part in (raw.get("database"), raw["schema"], table) if part)
    columns = raw.get("columns", {}).values()
    return DbtNode(
        unique_id=raw["unique_id"],
        kind=kind,
        name=raw["name"],
        relation=relation,
        file=str(PurePath(raw.get("compiled_path") or raw["original_file_path"])),
        source_file=raw["original_file_path"],
        # An empty text is a hook that has nothing to do here.
        sql=(raw.get("compiled_code") or "").rstrip() or None,
        config=raw.get("config", {}),
        declared={column["name"]: column.get("data_type") for column in columns},
        depends_on=tuple(raw.get("depends_on", {}).get("nodes", ())),
    )


def _in_order(nodes: dict[str, DbtNode]) -> list[DbtNode]:
    """By depth in the graph: the analyzer then needs a new catalog only once per level."""
    depth: dict[str, int] = {}
    waiting = list(nodes)
    # Without recursion: a long chain of models must not end in a stack overflow.
    while waiting:
        inputs = [key for key in nodes[waiting[-1]].depends_on if key in nodes]
        unknown = [key for key in inputs if key not in depth]
        if unknown:
            waiting += unknown
        else:
            depth[waiting.pop()] = 1 + max((depth[key] for key in inputs), default=0)
    # Hooks may read anything, so they come last.
    return sorted(
        nodes.values(), key=lambda node: (node.kind == "operation", depth[node.unique_id])
    )
