"""Compares two states in the warehouse, and masks what of the examples is personal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orchestrator.diff.sql import changes_sql, states_sql, totals_sql
from orchestrator.diff.states import ledger_id, waiting_tables
from orchestrator.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestrator.bigquery.connect import Connection
    from orchestrator.diff.states import Comparison

KINDS: Final = ("merged", "split", "moved", "new", "gone")
# Kinds that are one for each id that ended.
ENDS: Final = ("merged", "gone")


@dataclass(frozen=True, slots=True)
class ChangedId:
    """One change. `other_ids` are those that the records came from, or went to."""

    entity_id: str
    other_ids: tuple[str, ...]
    records: int
    record_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """All changes of a kind, and the largest of them."""

    kind: str
    changes: int
    records: int
    examples: tuple[ChangedId, ...]


@dataclass(frozen=True, slots=True)
class EntityDiff:
    """What changed of one kind of entity."""

    entity: str
    entities_before: int
    entities_after: int
    records_before: int
    records_after: int
    records_changed_id: int
    changes: tuple[Changes, ...]

    @property
    def ids_kept(self) -> int:
        """Return how many ids are in both states."""
        return self.entities_before - sum(self.n_of(kind) for kind in ENDS)

    def n_of(self, kind: str) -> int:
        """Return the number of changes of a kind."""
        return sum(changes.changes for changes in self.changes if changes.kind == kind)

    @property
    def id_change_share(self) -> float | None:
        """Return the share of the records from before that have another id."""
        if not self.records_before:
            return None
        return self.records_changed_id / self.records_before


def read_diff(
    connection: Connection, comparison: Comparison, examples: int
) -> tuple[EntityDiff, ...]:
    """Return the differences by entity, those in which anything is."""
    from google.cloud.bigquery import ScalarQueryParameter

    before, after = comparison.before, comparison.after
    waiting = waiting_tables(connection) if after.has_waiting else ()
    states = states_sql(ledger_id(connection), waiting, before, after)
    moments = [
        ScalarQueryParameter(name, "TIMESTAMP", state.upto)
        for name, state in (("before", before), ("after", after))
        if state.upto is not None
    ]
    return read_states(connection, states, examples, *moments)


def read_states(
    connection: Connection,
    states: str,
    examples: int,
    *moments: Any,  # noqa: ANN401 - Google's class is imported late
) -> tuple[EntityDiff, ...]:
    """Return the differences of two states, which are CTEs up to `compared`."""
    found = [dict(row) for row in connection.query(changes_sql(states, examples), *moments)]
    return tuple(
        EntityDiff(**dict(row), changes=_changes_of(row["entity"], found, examples))
        for row in connection.query(totals_sql(states), *moments)
    )


def _changes_of(entity: str, found: Iterable[dict[str, Any]], examples: int) -> tuple[Changes, ...]:
    mine = [
        Changes(
            row["kind"],
            row["changes"],
            int(row["records"]),
            tuple(_example(example) for example in row["examples"][:examples]),
        )
        for row in found
        if row["entity"] == entity
    ]
    return tuple(sorted(mine, key=lambda changes: KINDS.index(changes.kind)))


def _example(row: dict[str, Any]) -> ChangedId:
    """Return an example. The id of a record may be an address or a number."""
    return ChangedId(
        row["entity_id"],
        tuple((row["other_ids"] or "").split()),
        row["n_records"],
        tuple(redact(record_id) for record_id in row["record_ids"]),
    )
