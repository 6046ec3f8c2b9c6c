"""The pairs that each blocking rule makes, as a model counts them from the sizes of its blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestrator.bigquery.connect import Connection
    from orchestrator.dbt.artifacts import ManifestNode

# A view: it counts the blocks as they are now. To build it, no pair is joined.
MODEL: Final = "int_blocking_rule_pairs"


@dataclass(frozen=True, slots=True)
class RulePairs:
    """One rule of an entity."""

    entity: str
    rule: str
    pairs: int
    largest_block: int = 0


def count_pairs(
    connection: Connection, manifest: Mapping[str, ManifestNode], existing: frozenset[str]
) -> tuple[RulePairs, ...] | None:
    """Return the pairs of the blocks of the last build; None when there are none."""
    node = manifest.get(f"model.concord.{MODEL}")
    if node is None:
        return ()
    if node.table not in existing:
        return None
    rows = connection.query(f"select * from `{node.table}` order by entity, n_pairs desc, rule")
    return tuple(
        RulePairs(row["entity"], row["rule"], row["n_pairs"], row["largest_block_records"])
        for row in rows
    )
