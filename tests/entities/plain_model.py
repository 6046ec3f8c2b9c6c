"""What must hold of ids, written from the documentation and not from the SQL.

An entity is a set of records with an id. Tonight's clusters meet last night's entities; the result
is one id per cluster, one event per record to which something happened, and a ledger of them that
says where every record belongs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

# Events that give a record another id than it had.
CHANGES_OF_ID: Final = frozenset({"merged", "split", "moved"})
# What may move a record that is there, in the order in which it counts.
CAUSES: Final = ("decision", "new_record", "changed_record", "deleted_record")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a record is: its entity, and the fingerprint of what it says."""

    entity_id: str
    record_hash: str


@dataclass(frozen=True, slots=True, order=True)
class Happening:
    """What happened to a record in a night: one row of the ledger."""

    record_id: str
    before: str | None
    after: str | None
    record_hash: str | None
    event: str


def entities_of(places: Mapping[str, Place]) -> dict[str, str]:
    """Return the entity of every record."""
    return {record: place.entity_id for record, place in places.items()}


def in_new_letters(last: Mapping[str, Place], hashes: Mapping[str, str]) -> dict[str, str]:
    """Return new record -> gone record of those that say the same, with an id in other letters."""
    gone = {
        (record.lower(), place.record_hash): record
        for record, place in last.items()
        if record not in hashes
    }
    return {
        record: gone[record.lower(), text]
        for record, text in hashes.items()
        if record not in last and (record.lower(), text) in gone
    }


def overlaps(last: Mapping[str, str], clusters: Mapping[str, str]) -> Counter[tuple[str, str]]:
    """Return how many records each pair of last entity and tonight's cluster shares."""
    return Counter((last[record], clusters[record]) for record in last.keys() & clusters.keys())


def kept_ids(last: Mapping[str, str], clusters: Mapping[str, str]) -> dict[str, str]:
    """Return which cluster keeps which id; a cluster that is not named here gets a new one.

    The pair that shares most comes first; of equal ones the older id, then the smaller cluster.
    That is what rounds of mutual best come to, as both sides prefer by the same order.
    """
    kept: dict[str, str] = {}
    shared = overlaps(last, clusters)
    for entity_id, cluster in sorted(shared, key=lambda pair: (-shared[pair], pair)):
        if cluster not in kept and entity_id not in kept.values():
            kept[cluster] = entity_id
    return kept


def kept_ids_in_rounds(last: Mapping[str, str], clusters: Mapping[str, str]) -> dict[str, str]:
    """Return the same as the issue words it: in rounds, those that are each other's best."""
    shared, kept = overlaps(last, clusters), dict[str, str]()
    while shared:
        best_entity: dict[str, str] = {}
        best_cluster: dict[str, str] = {}
        for entity_id, cluster in sorted(shared, key=lambda pair: (-shared[pair], pair)):
            best_entity.setdefault(cluster, entity_id)
            best_cluster.setdefault(entity_id, cluster)
        kept |= {c: e for c, e in best_entity.items() if best_cluster[e] == c}
        taken = set(kept.values())
        shared = Counter(
            {(e, c): n for (e, c), n in shared.items() if c not in kept and e not in taken}
        )
    return kept


def happenings(last: Mapping[str, Place], tonight: Mapping[str, Place]) -> list[Happening]:
    """Return what happened to every record to which something happened, by record."""
    old = {place.entity_id for place in last.values()}
    living = {place.entity_id for place in tonight.values()}
    found = []
    for record in sorted(last.keys() | tonight.keys()):
        event = _event(last.get(record), tonight.get(record), old, living)
        if event:
            before, after = last.get(record), tonight.get(record)
            found.append(
                Happening(
                    record,
                    before.entity_id if before else None,
                    after.entity_id if after else None,
                    after.record_hash if after else None,
                    event,
                )
            )
    return found


def _event(before: Place | None, after: Place | None, old: set[str], living: set[str]) -> str:
    if before is None:
        assert after is not None
        return "grew" if after.entity_id in old else "born"
    if after is None:
        return "shrank" if before.entity_id in living else "retired"
    if before.entity_id == after.entity_id:
        return "" if before.record_hash == after.record_hash else "updated"
    if after.entity_id not in old:
        return "split"
    return "moved" if before.entity_id in living else "merged"


def causes(
    last: Mapping[str, Place],
    tonight: Mapping[str, Place],
    decided: Collection[str] = (),
    *,
    is_other_model: bool = False,
) -> dict[str, str]:
    """Return why it happened, by record, of every record to which something may have happened."""
    reasons: dict[str, set[str]] = defaultdict(set)
    for record in last.keys() | tonight.keys():
        before, after = last.get(record), tonight.get(record)
        for place in (before, after):
            if place is not None:
                reasons[place.entity_id] |= _own_reasons(before, after, record in decided)
    found = {}
    for record in last.keys() | tonight.keys():
        before, after = last.get(record), tonight.get(record)
        if before is None:
            found[record] = "decision" if record in decided else "new_record"
        elif after is None:
            found[record] = "deleted_record"
        elif before.entity_id == after.entity_id:
            found[record] = "changed_record"
        else:
            there = reasons[before.entity_id] | reasons[after.entity_id]
            otherwise = "model_change" if is_other_model else "indirect"
            found[record] = next((cause for cause in CAUSES if cause in there), otherwise)
    return found


def _own_reasons(before: Place | None, after: Place | None, is_decided: bool) -> set[str]:
    own = {"decision"} if is_decided else set()
    if before is None:
        return own | {"new_record"}
    if after is None:
        return own | {"deleted_record"}
    return own | ({"changed_record"} if before.record_hash != after.record_hash else set())


def replay(ledger: Iterable[Happening]) -> dict[str, Place]:
    """Return where the rows of a ledger, in their order, leave every record that is there."""
    state: dict[str, Place] = {}
    for row in ledger:
        if row.after is None or row.record_hash is None:
            state.pop(row.record_id, None)
        else:
            state[row.record_id] = Place(row.after, row.record_hash)
    return state


def successors(last: Mapping[str, str], tonight: Mapping[str, str]) -> dict[str, str | None]:
    """Return for every id that ends tonight the one that took most of its records, or None."""
    took: dict[str, Counter[str]] = defaultdict(Counter)
    for record, entity_id in last.items():
        took[entity_id].update([tonight[record]] if record in tonight else [])
    living = set(tonight.values())
    return {
        ended: min(took[ended], key=lambda other: (-took[ended][other], other), default=None)
        for ended in took.keys() - living
    }


class Aliases:
    """What every retired id stands for today."""

    def __init__(self) -> None:
        self._next: dict[str, str | None] = {}

    def add(self, last: Mapping[str, str], tonight: Mapping[str, str]) -> None:
        """Note the ids that end in a night."""
        self._next |= successors(last, tonight)

    def resolve(self, entity_id: str) -> str | None:
        """Follow an id to the one that lives, or to None where nothing is left."""
        current: str | None = entity_id
        while current in self._next:
            current = self._next[current]
        return current

    def all(self) -> dict[str, str | None]:
        """Return every retired id with what it stands for."""
        return {retired: self.resolve(retired) for retired in self._next}


def changed_ids(last: Mapping[str, str], tonight: Mapping[str, str]) -> set[str]:
    """Return the records that are there on both nights and have another id."""
    return {record for record in last.keys() & tonight.keys() if last[record] != tonight[record]}


def torn_apart(last: Mapping[str, str], tonight: Mapping[str, str]) -> int:
    """Return how many records are not where most of their last entity is, of those there are."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for record in last.keys() & tonight.keys():
        found[last[record]][tonight[record]] += 1
    return sum(sum(parts.values()) - max(parts.values()) for parts in found.values())


@dataclass(frozen=True, slots=True)
class IdChanges:
    """A night in numbers: one row of entity_id_changes."""

    n_records_before: int
    n_records: int
    n_new_records: int
    n_gone_records: int
    n_records_changed_id: int
    id_change_share: float | None
    partition_distance: float | None


def id_changes(last: Mapping[str, str], tonight: Mapping[str, str]) -> IdChanges:
    """Count what a night changed."""
    n_both, n_changed = len(last.keys() & tonight.keys()), len(changed_ids(last, tonight))
    return IdChanges(
        len(last),
        len(tonight),
        len(tonight) - n_both,
        len(last) - n_both,
        n_changed,
        round(n_changed / len(last), 6) if last else None,
        round(torn_apart(last, tonight) / n_both, 6) if n_both else None,
    )
