"""Says which tables are published, and whether a run may publish them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orchestrator.dbt.node_text import some_names
from orchestrator.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orchestrator.dbt.artifacts import ManifestNode
    from orchestrator.dbt.node import Node

PUBLISHED: Final = "published"
# What a build would append to the ledger of ids, one model per entity.
LEDGER_ROWS: Final = ("int_company_ledger_rows", "int_person_ledger_rows")
MOST_NAMES: Final = 5


@dataclass(frozen=True, slots=True)
class Gates:
    """Whether a run may be published, and what speaks against it."""

    failed: tuple[str, ...] = ()
    not_built: tuple[str, ...] = ()

    @property
    def are_open(self) -> bool:
        """Say whether nothing speaks against it."""
        return not self.failed and not self.not_built

    @property
    def reason(self) -> str:
        """Say in one line why nothing is published."""
        parts = []
        if self.failed:
            parts.append(f"{some_names(self.failed, MOST_NAMES)} failed")
        if self.not_built:
            were = "was" if len(self.not_built) == 1 else "were"
            names = some_names(self.not_built, MOST_NAMES)
            parts.append(f"{names} {were} not built in this run")
        return ", and ".join(parts)


def published_models(manifest: Mapping[str, ManifestNode]) -> tuple[ManifestNode, ...]:
    """Return the models that are published, by name."""
    wanted = [
        node
        for node in manifest.values()
        if node.resource_type == "model" and node.meta.get(PUBLISHED) is True
    ]
    for node in wanted:
        if node.materialized in {"view", "ephemeral"}:
            raise ConfigurationError(
                f"{node.name} is published and a {node.materialized}: there is no table to copy",
                "make it a table, or take `published` out of its meta",
            )
    return tuple(sorted(wanted, key=lambda node: node.name))


def ledger_models(manifest: Mapping[str, ManifestNode]) -> tuple[ManifestNode, ...]:
    """Return the models whose rows the ledger gets, by name; none in a project without a ledger."""
    found = [
        node
        for node in manifest.values()
        if node.resource_type == "model" and node.name in LEDGER_ROWS
    ]
    return tuple(sorted(found, key=lambda node: node.name))


def check_gates(nodes: Sequence[Node], manifest: Mapping[str, ManifestNode]) -> Gates:
    """Judge the last state of all nodes of a run.

    Row balance and quality floors are dbt tests: no failed node says that they hold. A run of a
    part of the models accepts and publishes nothing: its tables would be of different nights.
    """
    built = {node.unique_id for node in nodes if node.status == "success"}
    needed = (*published_models(manifest), *ledger_models(manifest))
    return Gates(
        failed=tuple(node.name for node in nodes if node.has_failed),
        not_built=tuple(node.name for node in needed if node.unique_id not in built),
    )
