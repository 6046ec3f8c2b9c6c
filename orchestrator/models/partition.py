"""How the entities of two builds differ, counted over the records that both know.

`kinds_sql` compares an entity of one build with those of the other that share records with it:
    same    all records of the one are all records of the other
    merged  the newer one is made of several whole older ones
    split   the older one fell into several whole newer ones
    moved   anything else: records left an entity that goes on for another one
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from orchestrator.models.sides import Sides

KINDS: Final = ("merged", "split", "moved")


@dataclass(frozen=True, slots=True)
class PartitionChange:
    """Numbers of entities by what became of them, and of records that would change their id."""

    entity: str
    records: int
    only_old: int
    only_new: int
    merged: int
    split: int
    moved: int
    changed_ids: int
    partition_distance: float

    @property
    def changed_share(self) -> float:
        """Return the share of the records that would change their id."""
        return self.changed_ids / self.records if self.records else 0.0


def compare_partitions(sides: Sides, entity: str) -> PartitionChange:
    """Compare the clusters of an entity in both builds."""
    (row,) = sides.connection.query(partition_sql(sides, entity))
    records = int(row["records"])
    return PartitionChange(
        entity=entity,
        records=records,
        only_old=int(row["only_old"]),
        only_new=int(row["only_new"]),
        merged=int(row["merged"]),
        split=int(row["split"]),
        moved=int(row["moved"]),
        changed_ids=records - int(row["kept"]),
        partition_distance=1 - int(row["together"]) / records if records else 0.0,
    )


def kinds_sql(sides: Sides, entity: str) -> str:
    """Return CTEs that end in `kinds`: each pair of entities that share records, and its kind."""
    old = sides.table(sides.old, "matching", f"{entity}_clusters")
    new = sides.table(sides.new, "matching", f"{entity}_clusters")
    return f"""
        records as (
            select old.cluster_id as old_id, new.cluster_id as new_id
            from {old} as old
            inner join {new} as new on old.record_id = new.record_id
        ),
        shared as (
            select
                old_id,
                new_id,
                count(*) as n_records,
                count(*) over (partition by old_id) as n_parts,
                count(*) over (partition by new_id) as n_sources,
            from records
            group by old_id, new_id
        ),
        kinds as (
            select
                old_id,
                new_id,
                n_records,
                case
                    when n_parts = 1 and n_sources = 1 then 'same'
                    when n_sources > 1 and max(n_parts) over (partition by new_id) = 1 then 'merged'
                    when n_parts > 1 and max(n_sources) over (partition by old_id) = 1 then 'split'
                    else 'moved'
                end as kind,
            from shared
        )"""


def partition_sql(sides: Sides, entity: str) -> str:
    """Return the statement that counts.

    Ids go on as in the ledger: an entity keeps its id where both choose each other by the number of
    shared records. Here in two rounds, so a third choice counts as another id.
    """
    old = sides.table(sides.old, "matching", f"{entity}_clusters")
    new = sides.table(sides.new, "matching", f"{entity}_clusters")
    return f"""
        with {kinds_sql(sides, entity)},
        {_mutual_best("kept", "kinds")},
        free as (
            select kinds.*
            from kinds
            left join kept as kept_old on kinds.old_id = kept_old.old_id
            left join kept as kept_new on kinds.new_id = kept_new.new_id
            where kept_old.old_id is null and kept_new.new_id is null
        ),
        {_mutual_best("kept_later", "free")},
        largest as (
            select max(n_records) as n_records
            from kinds
            group by new_id
        ),
        counted as (
            select
                coalesce(sum(n_records), 0) as records,
                count(distinct if(kind = 'merged', new_id, null)) as merged,
                count(distinct if(kind = 'split', old_id, null)) as split,
                count(distinct if(kind = 'moved', old_id, null)) as moved,
            from kinds
        )
        select
            counted.*,
            (select coalesce(sum(n_records), 0) from kept)
            + (select coalesce(sum(n_records), 0) from kept_later) as kept,
            (select coalesce(sum(n_records), 0) from largest) as together,
            (select count(*) from {old}) - counted.records as only_old,
            (select count(*) from {new}) - counted.records as only_new,
        from counted
    """


def _mutual_best(name: str, source: str) -> str:
    return f"""{name} as (
            select old_id, new_id, n_records
            from {source}
            qualify
                row_number() over (partition by old_id order by n_records desc, new_id) = 1
                and row_number() over (partition by new_id order by n_records desc, old_id) = 1
        )"""
