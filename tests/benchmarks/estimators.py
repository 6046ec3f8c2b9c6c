"""Compares ways of estimating quality without labels; decision 0010 shows the result.

usage: estimators.py WAREHOUSE TRUTH
WAREHOUSE is a folder of `concord resolve --keep-warehouse`, TRUTH has record_id and entity_id.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import duckdb

DATABASE: Final = Path("warehouse") / "bqemulator.duckdb"
SCHEMA: Final = 'kept."concord-local__concord_matching"'
# The default lowest_pair_weight of the seed match_thresholds: no pair counts less in a cluster.
MISSING_WEIGHT: Final = -1.5

TABLES: Final = """
create table clusters as
select record_key, cluster_key, entity_id
from {schema}.{entity}_clusters
inner join truth on truth.record_id = regexp_replace({schema}.{entity}_clusters.record_id,
    '^files:[a-z]+:[^:]*:', '');

create table scored as
select
    least(record_key_l, record_key_r) as l, greatest(record_key_l, record_key_r) as r,
    match_weight, match_probability, bit_count(rule_mask) as n_rules, rule_mask,
    a.cluster_key = b.cluster_key as is_joined, a.entity_id = b.entity_id as is_match
from {schema}.{entity}_pairs
inner join clusters as a on a.record_key = record_key_l
inner join clusters as b on b.record_key = record_key_r;

create table joined as
select
    a.record_key as l,
    b.record_key as r,
    greatest(coalesce(match_weight, {missing}), {missing}) as match_weight,
    a.entity_id = b.entity_id as is_match
from clusters as a
inner join clusters as b on a.cluster_key = b.cluster_key and a.record_key < b.record_key
left join scored on scored.l = a.record_key and scored.r = b.record_key;

create table sides as
select l as own, r as other, match_weight from joined
union all select r, l, match_weight from joined;

create table support as
select own, avg(match_weight) as weight, max(match_weight) as best from sides group by own;

create table paths as
select
    joined.l, joined.r, any_value(joined.match_weight) as direct,
    coalesce(sum(least(a.match_weight, b.match_weight)), 0) as total,
    count(a.own) as n_paths, max(least(a.match_weight, b.match_weight)) as best
from joined
left join (sides as a inner join sides as b on a.other = b.own)
    on joined.l = a.own and joined.r = b.other and a.other != joined.r
group by joined.l, joined.r;
"""

FIGURES: Final = {
    "precision: truth": "select avg(is_match::int) from joined",
    "precision: mean probability of the pairs": "select avg(p(match_weight)) from joined",
    "precision: mean over the paths of two pairs": (
        "select avg(p((direct + total) / (1 + n_paths))) from paths"
    ),
    "precision: less supported record": """
        select avg(p(least(a.weight, b.weight))) from joined
        inner join support as a on a.own = l inner join support as b on b.own = r""",
    "precision: half-way between mean and best": """
        select avg(p(least(a.weight + a.best, b.weight + b.best) / 2)) from joined
        inner join support as a on a.own = l inner join support as b on b.own = r""",
    "precision: best path": "select avg(p(greatest(direct, coalesce(best, direct)))) from paths",
    "never compared: truth": """
        select
            (select sum(n * (n - 1) / 2) from
                (select count(*) as n from clusters group by entity_id))
            - (select count(*) from scored where is_match)""",
    "never compared: Chao on rules": """
        select if(f1 > 1, f1 * (f1 - 1) / (2 * (f2 + 1)), 0) from (
            select
                coalesce(sum(match_probability) filter (n_rules = 1), 0) as f1,
                coalesce(sum(match_probability) filter (n_rules = 2), 0) as f2
            from scored)""",
    "never compared: Chao on witnesses": """
        select if(f1 > 1, f1 * (f1 - 1) / (2 * (f2 + 1)), 0) from (
            select
                coalesce(sum(expected_matches) filter (n_witnesses = 1), 0) as f1,
                coalesce(sum(expected_matches) filter (n_witnesses = 2), 0) as f2
            from {schema}.int_{entity}_blocking_witnesses)""",
    "6 to 8 bits, joined: truth": """
        select avg(is_match::int) from joined where match_weight >= 6 and match_weight < 8""",
    "6 to 8 bits, joined: expected": """
        select avg(p(match_weight)) from joined where match_weight >= 6 and match_weight < 8""",
}


def estimate(warehouse: Path, truth: Path) -> dict[str, float | None]:
    """Return every figure by its name."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse / DATABASE}' as kept (read_only)")
        read = (
            f"read_csv('{truth}', all_varchar = true)" if truth.suffix == ".csv" else f"'{truth}'"
        )
        connection.execute(
            "create table truth as select record_id::varchar as record_id,"
            f" entity_id::varchar as entity_id from {read}"
        )
        connection.execute("create macro p(weight) as 1 / (1 + pow(2, -weight))")
        names = {"schema": SCHEMA, "entity": _entity(connection), "missing": MISSING_WEIGHT}
        connection.execute(TABLES.format(**names))
        figures = {}
        for name, sql in FIGURES.items():
            row = connection.execute(sql.format(**names)).fetchone()
            figures[name] = row[0] if row else None
    return figures


def _entity(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the entity that was resolved: the other one has no expected quality."""
    for entity in ("person", "company"):
        found = connection.execute(
            "select count(*) from information_schema.tables where table_name = ?",
            [f"int_{entity}_expected_quality"],
        ).fetchone()
        if found and found[0]:
            return entity
    message = "the warehouse has no expected quality: was it kept by `concord resolve`?"
    raise ValueError(message)


def main() -> None:
    """Print one line per figure."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    for name, figure in estimate(Path(sys.argv[1]), Path(sys.argv[2])).items():
        print(f"{name:<46}{'-' if figure is None else f'{figure:,.4f}':>14}")


if __name__ == "__main__":
    main()
