"""Sums the times of dbt's nodes up by group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orchestrator.report.model import Timing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestrator.dbt.node import Node

# Resource type or layer -> group. A layer is the dataset that a model is built in.
TYPES: Final = {"seed": "seeds", "snapshot": "snapshots", "test": "tests", "unit_test": "tests"}
LAYERS: Final = {
    "staging": "staging",
    "standardized": "standardized records",
    "entities": "entities",
    "marts": "marts",
}
PEOPLE: Final = "matching of people"
COMPANIES: Final = "matching of companies"
OTHER: Final = "other models"
ORDER: Final = (
    *("seeds", "staging", "standardized records", COMPANIES, PEOPLE, "entities", "marts"),
    *(OTHER, "snapshots", "tests"),
)


def group_timings(nodes: Iterable[Node], dataset: str) -> tuple[Timing, ...]:
    """One entry per group that has any node, in the order of the way of the data."""
    seconds: dict[str, float] = {}
    counts: dict[str, int] = {}
    for node in nodes:
        group = _group(node, dataset)
        seconds[group] = seconds.get(group, 0.0) + node.seconds
        counts[group] = counts.get(group, 0) + 1
    return tuple(Timing(name, seconds[name], counts[name]) for name in ORDER if name in counts)


def _group(node: Node, dataset: str) -> str:
    if node.resource_type in TYPES:
        return TYPES[node.resource_type]
    parts = (node.relation or "").replace("`", "").split(".")
    layer = parts[1].removeprefix(f"{dataset}_") if len(parts) == 3 else ""
    if layer == "matching":
        return COMPANIES if node.name.startswith("int_company") else PEOPLE
    return LAYERS.get(layer, OTHER)
