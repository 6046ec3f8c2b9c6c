"""Rows of a relation as hashes that two warehouses have in common."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestrator.bigquery.connect import Connection
    from tools.googlesql_check.dbt_nodes import DbtNode

# Sums of floats end in other bits on another machine.
DIGITS: Final = 9
CLUSTERS: Final = ("person_clusters", "company_clusters")
# What runs have cost and how long they took is not the same anywhere.
OF_THE_RUN: Final = "operations"


@dataclass(frozen=True)
class Fingerprint:
    """The rows of one relation, each as a hash."""

    rows: Counter[str]

    @property
    def n_rows(self) -> int:
        """Return how many rows there are."""
        return self.rows.total()

    @property
    def text(self) -> str:
        """Return one short hash of all rows, whatever their order."""
        whole = hashlib.sha256()
        for row in sorted(self.rows.elements()):
            whole.update(row.encode())
        return whole.hexdigest()[:12]

    def n_apart(self, other: Fingerprint) -> int:
        """Return how many rows only one of the two has."""
        return (self.rows - other.rows).total() + (other.rows - self.rows).total()


def compared(nodes: Iterable[DbtNode]) -> list[DbtNode]:
    """Return the clusters, and the marts but for those about runs."""
    return [
        node
        for node in nodes
        if node.kind == "model"
        and node.materialized != "ephemeral"
        and (
            node.name in CLUSTERS
            or ("/marts/" in node.source_file and f"/{OF_THE_RUN}/" not in node.source_file)
        )
    ]


def fingerprint(connection: Connection, dataset: str, table: str) -> Fingerprint:
    """Read all rows of a relation."""
    rows = connection.query(f"select * from `{connection.table_id(dataset, table)}`")
    return Fingerprint(Counter(row_hash(dict(row.items())) for row in rows))


def row_hash(row: Mapping[str, Any]) -> str:
    """Return the hash of one row; the order of its columns does not count."""
    text = json.dumps(_plain(row), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float | Decimal):
        return f"{float(value):.{DIGITS}g}"
    return value if value is None or isinstance(value, bool | int | str) else str(value)
