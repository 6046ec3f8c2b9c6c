"""Compares what a build says of a night with the plain model, in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tests.entities.plain_model import (
    Aliases,
    Happening,
    IdChanges,
    Place,
    causes,
    entities_of,
    happenings,
    id_changes,
    in_new_letters,
    kept_ids,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

PREFIXES: Final = {"person": "per_", "company": "com_"}


@dataclass(frozen=True)
class Night:
    """What one night finds: clusters, what records say, and what was decided."""

    clusters: dict[str, str]
    hashes: dict[str, str]
    decided: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Found:
    """What the build of a night says of the records of an entity."""

    places: dict[str, Place]
    clusters: dict[str, str]
    rows: dict[str, Happening]
    causes: dict[str, str]

    def of(self, records: Collection[str]) -> Found:
        """Return what it says of some records."""
        return Found(
            {record: place for record, place in self.places.items() if record in records},
            {record: cluster for record, cluster in self.clusters.items() if record in records},
            {record: row for record, row in self.rows.items() if record in records},
            {record: cause for record, cause in self.causes.items() if record in records},
        )


@dataclass
class Believed:
    """What the model in Python holds of one entity after the nights that were accepted."""

    entity: str
    last: dict[str, Place] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    aliases: Aliases = field(default_factory=Aliases)
    changes: list[IdChanges] = field(default_factory=list)

    def accept(self, places: dict[str, Place]) -> None:
        """Go on from what a night found."""
        last, tonight = entities_of(self.last), entities_of(places)
        self.aliases.add(last, tonight)
        self.changes.append(id_changes(last, tonight))
        self.used |= set(tonight.values())
        self.last = places

    @property
    def living(self) -> set[str]:
        """Return the ids that somebody has."""
        return {place.entity_id for place in self.last.values()}

    def faults(self, night: Night, found: Found, *, is_other_model: bool) -> Iterator[str]:
        """Tell what of a night, or of a part of its records, is not as it must be."""
        known = night.hashes.keys() | found.places.keys() | found.rows.keys()
        last = {record: place for record, place in self.last.items() if record in known}
        hashes = {record: place.record_hash for record, place in found.places.items()}
        if (found.clusters, hashes) != (night.clusters, night.hashes):
            yield "its records are others than those of the night"
        yield from self._faults_of_ids(night, last, found)
        expected = {row.record_id: row for row in happenings(last, found.places)}
        if found.rows != expected:
            wrong, right = sorted(found.rows.values()), sorted(expected.values())
            yield f"ledger rows {wrong}, and should be {right}"
        why = causes(last, found.places, night.decided, is_other_model=is_other_model)
        for record, cause in found.causes.items():
            if cause != why.get(record):
                yield f"cause of {record} is {cause}, and should be {why.get(record)}"

    def _faults_of_ids(self, night: Night, last: dict[str, Place], found: Found) -> Iterator[str]:
        names = {
            (night.clusters.get(record, ""), place.entity_id)
            for record, place in found.places.items()
        }
        for side in zip(*names, strict=True):
            if len(set(side)) < len(side):
                yield f"not one id per cluster: {sorted(names)}"
        known = entities_of(last)
        for record, gone in in_new_letters(last, night.hashes).items():
            known[record] = known[gone]
        kept = kept_ids(known, night.clusters)
        for cluster, entity_id in sorted(names):
            if cluster not in kept:
                yield from self._faults_of_new(cluster, entity_id)
            elif entity_id != kept[cluster]:
                yield f"{cluster} is {entity_id}, and should be {kept[cluster]}"

    def _faults_of_new(self, cluster: str, entity_id: str) -> Iterator[str]:
        if entity_id in self.used:
            yield f"{cluster} has the id {entity_id}, which is not new"
        is_last = entity_id > max(self.used, default="")
        if not entity_id.startswith(PREFIXES[self.entity]) or not is_last:
            yield f"{entity_id} of {cluster} does not sort after all ids before it"


def counted(rows: Collection[Happening]) -> dict[str, int]:
    """Count the events."""
    return dict(Counter(row.event for row in rows))
