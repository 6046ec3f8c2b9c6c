"""One entity: its golden record, its records with what holds them, and what happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from orchestrator.explain.find import Meant
    from orchestrator.explain.statements import Statements


@dataclass(frozen=True, slots=True)
class Member:
    """One record of the entity, and why it is in."""

    record_id: str
    source_system: str
    updated_at: datetime | None
    record_name: str | None
    record_address: str | None
    record_contacts: str | None
    same_as_record_id: str | None
    strongest_record_id: str | None
    strongest_weight: float | None
    linked_record_id: str | None
    part_key: int | None
    bridge_weight: float | None

    @property
    def why(self) -> str:
        """Say what holds the record in its entity."""
        if self.same_as_record_id:
            return f"says the same as {self.same_as_record_id}"
        if self.linked_record_id:
            return f"its source links it to {self.linked_record_id}"
        if self.strongest_record_id and self.strongest_weight is not None:
            return f"{self.strongest_weight:+.1f} bits with {self.strongest_record_id}"
        return "is alone"


@dataclass(frozen=True, slots=True)
class Bridge:
    """Where the entity would fall apart first, and what holds it together there."""

    mean_weight: float
    record_ids_of_one_side: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the entity."""

    happened_at: datetime
    event: str
    cause: str | None
    entity_id_before: str | None
    entity_id: str | None
    n_records: int


@dataclass(frozen=True, slots=True)
class Entity:
    """All that is known of an entity."""

    entity: str
    entity_id: str
    notice: str
    golden: dict[str, Any]
    members: tuple[Member, ...]
    bridge: Bridge | None
    history: tuple[Event, ...]


def read_entity(statements: Statements, meant: Meant) -> Entity:
    """Return what is known of the entity that is meant."""
    name, value = meant.entity, meant.entity_id
    golden = statements.rows(f"show_{name}", entity_id=value)
    members = tuple(
        Member(**row) for row in statements.rows(f"show_{name}_members", entity_id=value)
    )
    history = tuple(Event(**row) for row in statements.rows("show_history", entity_id=value))
    return Entity(
        entity=name,
        entity_id=value,
        notice=meant.notice,
        golden=golden[0] if golden else {},
        members=members,
        bridge=bridge_of(members),
        history=history,
    )


def bridge_of(members: tuple[Member, ...]) -> Bridge | None:
    """Return the weakest bridge; its smaller side is named."""
    sides: dict[int, list[str]] = {}
    weight: float | None = None
    for member in members:
        if member.part_key is not None and member.bridge_weight is not None:
            sides.setdefault(member.part_key, []).append(member.record_id)
            weight = member.bridge_weight
    if weight is None or len(sides) < 2:
        return None
    smaller: list[str] = min(sides.values(), key=lambda ids: (len(ids), ids))
    return Bridge(weight, tuple(smaller))
