"""Counts what came in and what was put aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orchestrator.report.model import LoadedTable, Problem

if TYPE_CHECKING:
    from orchestrator.report.tables import Tables


def count_raw_tables(tables: Tables, problems: tuple[Problem, ...]) -> tuple[LoadedTable, ...]:
    """One entry a raw table that got any row."""
    counts = _count_rows(tables)
    put_aside: dict[tuple[str, str], int] = {}
    for problem in problems:
        key = (problem.table, problem.place)
        put_aside[key] = put_aside.get(key, 0) + problem.rows
    counted = [
        LoadedTable(
            source=source,
            table=table,
            rows=counts.get(f"raw.{source}.{table}", 0),
            rejected=put_aside.get((f"{source}.{table}", "rejected"), 0),
            staged=counts.get(f"staged.{source}.{table}"),
            quarantined=put_aside.get((f"{source}.{table}", "quarantined"), 0),
        )
        for source, table in tables.staging_models
    ]
    return tuple(entry for entry in counted if entry.rows or entry.rejected)


def list_problems(tables: Tables) -> tuple[Problem, ...]:
    """Reasons why rows were rejected at load or quarantined in staging, by table."""
    found = [*_rejected(tables), *_quarantined(tables)]
    return tuple(
        Problem(row["table_name"], _readable(row["reason"]), row["row_count"], row["place"])
        for row in sorted(found, key=lambda row: (row["table_name"], row["place"], row["reason"]))
    )


def _count_rows(tables: Tables) -> dict[str, int]:
    relations: dict[str, str] = {}
    for (source, table), model in tables.staging_models.items():
        if source in tables.sources and tables.has_raw(source, table):
            relations[f"raw.{source}.{table}"] = tables.raw(source, table)
        if tables.has("staging", model):
            relations[f"staged.{source}.{table}"] = tables.layer("staging", model)
    if not relations:
        return {}
    counts = " union all ".join(
        f"select '{name}' as name, count(*) as row_count from {relation}"
        for name, relation in relations.items()
    )
    return {row["name"]: row["row_count"] for row in tables.rows(counts)}


def _rejected(tables: Tables) -> list[dict[str, Any]]:
    selects = [
        f"select '{source}.{table}' as table_name, reason, 'rejected' as place, "
        f"count(*) as row_count from {tables.raw(source, f'{table}__rejected')} group by reason"
        for source, table in tables.staging_models
        if source in tables.sources and tables.has_raw(source, f"{table}__rejected")
    ]
    return tables.rows(" union all ".join(selects)) if selects else []


def _quarantined(tables: Tables) -> list[dict[str, Any]]:
    if not tables.has("staging", "stg_quarantine"):
        return []
    return tables.rows(f"""
        select
            concat(source, '.', source_table) as table_name,
            reason,
            'quarantined' as place,
            count(*) as row_count,
        from {tables.layer("staging", "stg_quarantine")}
        group by source, source_table, reason
    """)


def _readable(reason: str) -> str:
    return reason.replace("_", " ")
