"""Counts the pairs of each blocking rule from the sizes of its blocks, before any join."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestrator.bigquery.connect import Connection
    from orchestrator.dbt.artifacts import ManifestNode

ENTITIES: Final = ("person", "company")
# All that the counting needs, without a join of records with each other.
COUNTING_MODELS: Final = ("+int_person_blocks", "+int_company_blocks")


@dataclass(frozen=True, slots=True)
class RulePairs:
    """One rule of an entity. `pairs` is None when the blocks are not there."""

    entity: str
    rule: str
    pairs: int | None
    largest_block: int = 0


def count_pairs(
    connection: Connection, manifest: Mapping[str, ManifestNode], existing: frozenset[str]
) -> tuple[RulePairs, ...]:
    """Count the pairs that the rules would make of the blocks of the last build."""
    counted: list[RulePairs] = []
    for entity in ENTITIES:
        names = (f"model.concord.int_{entity}_blocks", f"seed.concord.{entity}_blocking_rules")
        if any(name not in manifest for name in names):
            continue
        blocks, rules = (manifest[name].table for name in names)
        if {blocks, rules} <= existing:
            counted += _count(connection, entity, blocks, rules)
        else:
            counted.append(RulePairs(entity, f"unknown until int_{entity}_blocks exists", None))
    return tuple(counted)


def _count(connection: Connection, entity: str, blocks: str, rules: str) -> list[RulePairs]:
    # Records of one source without duplicates are not paired with each other.
    sql = f"""
        with parts as (
            select rule_bit, block_key, exclusive_source, count(*) as n_records
            from `{blocks}`
            group by rule_bit, block_key, exclusive_source
        ),

        sizes as (
            select
                rule_bit,
                block_key,
                sum(n_records) as n_records,
                sum(if(exclusive_source is null, 0, div(n_records * (n_records - 1), 2)))
                    as n_excluded_pairs,
            from parts
            group by rule_bit, block_key
        )

        select
            rules.rule,
            cast(
                sum(div(sizes.n_records * (sizes.n_records - 1), 2) - sizes.n_excluded_pairs)
                as int64
            ) as pairs,
            cast(max(sizes.n_records) as int64) as largest_block,
        from sizes
        inner join `{rules}` as rules on sizes.rule_bit = rules.rule_bit
        group by rules.rule
        order by pairs desc, rules.rule
    """
    return [
        RulePairs(entity, row["rule"], int(row["pairs"]), int(row["largest_block"]))
        for row in connection.query(sql)
    ]
