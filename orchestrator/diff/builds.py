"""Compares two builds by the ids of their records: what is published, and what was built beside it.

A build beside production reads production's ledger, so that its ids are those that a night with
the same change would give.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orchestrator.diff.evidence import find_reasons
from orchestrator.diff.read import read_states
from orchestrator.diff.sql import COMPARED
from orchestrator.errors import ConfigurationError
from orchestrator.models.examples import stratified
from orchestrator.models.figures import read_figures
from orchestrator.models.sides import find_state
from orchestrator.models.stored import ENTITIES

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection
    from orchestrator.diff.read import ChangedId, EntityDiff
    from orchestrator.models.figures import BuildFigures
    from orchestrator.models.sides import ComparedBuild, Sides

# An id that is new changes nothing for anybody who has stored one.
SHOWN: Final = ("merged", "split", "moved", "gone")
HARD: Final = "('unique_identifier', 'name_suffix', 'birth_date')"


@dataclass(frozen=True, slots=True)
class SideFigures:
    """What one build says of an entity; `kept_apart` are pairs that a hard conflict separates."""

    quality: BuildFigures
    kept_apart: int


@dataclass(frozen=True, slots=True)
class BuiltEntity:
    """What differs of one kind of entity."""

    diff: EntityDiff
    before: SideFigures
    after: SideFigures


@dataclass(frozen=True, slots=True)
class DiffExample:
    """One change of an id, and what made it, as far as a pair of records tells."""

    entity: str
    kind: str
    change: ChangedId
    reason: str


@dataclass(frozen=True, slots=True)
class BuildDiff:
    """Two builds. The ids of records are masked, and nothing else of a record is in it."""

    before: ComparedBuild
    after: ComparedBuild
    entities: tuple[BuiltEntity, ...]
    examples: tuple[DiffExample, ...]


def read_build_diff(connection: Connection, against: str, examples: int) -> BuildDiff:
    """Compare this build with what another prefix of datasets has published."""
    sides = find_state(connection, against)
    states = published_states_sql(sides)
    diffs = read_states(connection, states, examples)
    return BuildDiff(
        before=sides.old,
        after=sides.new,
        entities=tuple(
            BuiltEntity(
                diff,
                before=_figures(sides, sides.old, diff.entity),
                after=_figures(sides, sides.new, diff.entity),
            )
            for diff in diffs
        ),
        examples=_examples(sides, states, diffs, examples),
    )


def published_states_sql(sides: Sides) -> str:
    """Return the CTEs up to `compared`.

    What this build has not built is what is published, and not the other build's newest, which
    nobody may have accepted.
    """
    built = sides.connection.table_names(f"{sides.new.dataset}_marts")
    published = sides.connection.table_names(f"{sides.old.dataset}_published")
    before, after = [], []
    for entity in ENTITIES:
        name = f"bridge_{entity}_records"
        if name not in published:
            raise ConfigurationError(
                f"{name} is not published in {sides.old.dataset}_published",
                "name the prefix of datasets of a warehouse in which 'concord run' has succeeded",
            )
        table = sides.table(sides.old, "published", name)
        before.append(_ids(entity, table))
        is_built = name in built
        after.append(_ids(entity, sides.table(sides.new, "marts", name) if is_built else table))
    return f"""
        with state_before as ({" union all ".join(before)}),
        state_after as ({" union all ".join(after)}),
        {COMPARED}
    """


def _ids(entity: str, table: str) -> str:
    literal = {"person": "'person'", "company": "'company'"}[entity]
    return f"select {literal} as entity, record_id, {entity}_id as entity_id from {table}"


def _figures(sides: Sides, side: ComparedBuild, entity: str) -> SideFigures:
    from google.cloud.bigquery import ScalarQueryParameter

    sql = f"""
        select coalesce(sum(n_cluster_pairs), 0) as n
        from {sides.table(side, "marts", "hard_conflict_effects")}
        where entity = @entity and kept_apart_by in {HARD}
    """
    parameter = ScalarQueryParameter("entity", "STRING", entity)
    (effects,) = sides.connection.query(sql, parameter)
    return SideFigures(read_figures(sides, side, entity), int(effects["n"]))


def _examples(
    sides: Sides, states: str, diffs: tuple[EntityDiff, ...], most: int
) -> tuple[DiffExample, ...]:
    found = {
        f"{diff.entity} {kind}": [
            (diff.entity, kind, change)
            for changes in diff.changes
            if changes.kind == kind
            for change in changes.examples
        ]
        for diff in diffs
        for kind in SHOWN
    }
    chosen = list(stratified(found, most))
    reasons = {
        entity: find_reasons(
            sides,
            states,
            entity,
            [(kind, change) for of, kind, change in chosen if of == entity],
        )
        for entity in {entity for entity, _, _ in chosen}
    }
    return tuple(
        DiffExample(entity, kind, change, reasons[entity][kind, change])
        for entity, kind, change in chosen
    )
