"""B-cubed and pairwise scores of a clustering against the truth, and what blocking found.

B-cubed: Bagga and Baldwin 1998, "Entity-based cross-document coreferencing using the vector space
model". A record that is missing from the clustering counts as a cluster of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Score:
    """Shares between 0 and 1."""

    records: int
    b3_precision: float
    b3_recall: float
    pair_precision: float
    pair_recall: float
    largest_cluster: int
    largest_entity: int

    @property
    def b3_f1(self) -> float:
        """Harmonic mean of B-cubed precision and recall."""
        return harmonic_mean(self.b3_precision, self.b3_recall)

    @property
    def pair_f1(self) -> float:
        """Harmonic mean of pairwise precision and recall."""
        return harmonic_mean(self.pair_precision, self.pair_recall)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many pairs were scored, and the share of the true pairs among them."""

    scored_pairs: int
    blocking_recall: float


def harmonic_mean(precision: float, recall: float) -> float:
    """Return F1; 0 when both are 0."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def score(clusters: Path, truth: Path) -> Score:
    """Score `clusters` (record_id, cluster_id) against `truth` (record_id, entity_id)."""
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            create table shared as
            select entity_id, cluster_id, count(*) as n
            from (
                select
                    truth.entity_id,
                    coalesce(found.cluster_id, 'alone ' || record_id) as cluster_id
                from (select record_id::varchar as record_id, entity_id::varchar as entity_id
                      from {_table(truth)}) as truth
                left join (select record_id::varchar as record_id, cluster_id::varchar as cluster_id
                           from {_table(clusters)}) as found using (record_id)
            )
            group by all
            """
        )
        row = connection.execute(
            """
            with sized as (
                select
                    n::double as n,
                    sum(n) over (partition by cluster_id)::double as cluster_n,
                    sum(n) over (partition by entity_id)::double as entity_n
                from shared
            ),
            pairs as (
                select
                    (select sum(n * (n - 1)) from shared)::double as right_pairs,
                    (
                        select sum(n * (n - 1))
                        from (select sum(n) as n from shared group by cluster_id)
                    )::double as found_pairs,
                    (
                        select sum(n * (n - 1))
                        from (select sum(n) as n from shared group by entity_id)
                    )::double as true_pairs
            )
            select
                sum(n)::bigint,
                sum(n * n / cluster_n) / sum(n),
                sum(n * n / entity_n) / sum(n),
                any_value(if(found_pairs = 0, 1, right_pairs / found_pairs)),
                any_value(if(true_pairs = 0, 1, right_pairs / true_pairs)),
                max(cluster_n)::bigint,
                max(entity_n)::bigint
            from sized cross join pairs
            """
        ).fetchone()
    if row is None:
        message = f"{truth} is empty"
        raise ValueError(message)
    return Score(*row)


def coverage(pairs: Path, truth: Path, clusters: Path | None = None) -> Coverage:
    """Look up the scored `pairs` (record_id_l, record_id_r) in `truth` (record_id, entity_id).

    A record that stands for others in `clusters` (distinct_record_id) has their pairs, and they
    are found as its copies.
    """
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            create table truth as
            select
                coalesce(copies.distinct_record_id, truth.record_id::varchar) as record_id,
                truth.entity_id::varchar as entity_id,
                count(*) as n
            from {_table(truth)} as truth
            left join ({_copies(connection, clusters)}) as copies
                on truth.record_id::varchar = copies.record_id
            group by all
            """
        )
        row = connection.execute(
            f"""
            with scored as (
                select distinct
                    least(record_id_l::varchar, record_id_r::varchar) as record_id_l,
                    greatest(record_id_l::varchar, record_id_r::varchar) as record_id_r
                from {_table(pairs)}
            ),
            right_pairs as (
                select l.n * r.n as n
                from scored
                inner join truth as l on scored.record_id_l = l.record_id
                inner join truth as r
                    on scored.record_id_r = r.record_id and l.entity_id = r.entity_id
                union all
                select n * (n - 1) / 2 from truth
            ),
            sizes as (select sum(n) as n from truth group by entity_id)
            select
                (select count(*) from scored),
                (select coalesce(sum(n), 0)::double from right_pairs),
                (select coalesce(sum(n * (n - 1) / 2), 0)::double from sizes)
            """
        ).fetchone()
    scored_pairs, right_pairs, true_pairs = row or (0, 0, 0)
    return Coverage(scored_pairs, right_pairs / true_pairs if true_pairs else 1.0)


def _copies(connection: duckdb.DuckDBPyConnection, clusters: Path | None) -> str:
    nothing = "select null::varchar as record_id, null::varchar as distinct_record_id"
    if clusters is None:
        return nothing
    found = connection.sql(f"from {_table(clusters)}")
    if "distinct_record_id" not in found.columns:
        return nothing
    return f"select record_id, distinct_record_id from {_table(clusters)}"


def _table(path: Path) -> str:
    return f"read_csv('{path}', all_varchar = true)" if path.suffix == ".csv" else f"'{path}'"
