"""Why a record is where it is, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orchestrator.mapping.mapped_sql import quoted
from orchestrator.report.labels import label
from orchestrator.resolve.match_export import WEIGHT_PREFIX

if TYPE_CHECKING:
    import duckdb

# Of the comparisons that a reason names, and the least that one says in bits.
MOST_NAMED: Final = 3
LEAST_WEIGHT: Final = 1.0


def reasons_sql(connection: duckdb.DuckDBPyConnection, *, has_sources: bool) -> str:
    """Return the query of one row per record with its reason in words."""
    speaks_for, against = _named_comparisons(connection)
    of_source = "{0} || ' of ' || {1}" if has_sources else "{0}"
    copy = of_source.format("copy_of", "copy_source")
    other = of_source.format("most_like", "most_like_source")
    return f"""
        select
            source_system,
            source_id as record_id,
            {of_source.format("source_id", "source_system")} as shown_id,
            entity_id,
            entity_size,
            round(confidence::double, 4) as confidence,
            case
                when copy_of is not null then 'says the same as ' || {copy}
                when entity_size = 1 and most_like is null then 'no other record is like it'
                when entity_size = 1 then 'alone; most like ' || {other}
                    || coalesce(', but not: ' || nullif({against}, ''), ', too little is common')
                when is_together then 'like ' || {other}
                    || coalesce(': ' || nullif({speaks_for}, ''), '')
                else 'joined by a decision, or by what its source says'
            end as why,
        from entities
    """


def _named_comparisons(connection: duckdb.DuckDBPyConnection) -> tuple[str, str]:
    """Return the expressions of what speaks for a pair and against it, the most telling first."""
    weights = [
        row[0]
        for row in connection.execute("describe entities").fetchall()
        if row[0].startswith(WEIGHT_PREFIX)
    ]
    # One list per record: what a comparison is called, and what it says.
    said = ", ".join(
        f"{{'weight': {name}, 'name': {quoted(label(name.removeprefix(WEIGHT_PREFIX)).lower())}}}"
        for name in weights
    )

    def named(order: str, condition: str) -> str:
        chosen = f"list_{order}(list_filter([{said}], lambda c: c.weight {condition}))"
        names = f"list_transform({chosen}[1:{MOST_NAMED}], lambda c: c.name)"
        return f"array_to_string({names}, ', ')"

    return named("reverse_sort", f">= {LEAST_WEIGHT}"), named("sort", f"<= {-LEAST_WEIGHT}")
