"""Raw rows of every source whose cells hold hostile values, every text at least once per column."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any, Final

from tests.semantics.hostile_texts import TEXTS

if TYPE_CHECKING:
    from orchestrator.sources.source_schemas import Column, RawTable

TIMES: Final = (
    "1970-01-01 00:00:00",
    "2000-02-29 23:59:59.999999",
    "2024-06-01 09:03:02",
    "2024-06-01 09:03:02.5",
    "0001-01-01 00:00:00",
    "9999-12-31 23:59:59.999999",
    "1969-12-31 23:59:59.000001",
)
DAYS: Final = ("1970-01-01", "2000-02-29", "0001-01-01", "9999-12-31", "1850-06-15", "1900-01-01")
INTEGERS: Final = (0, 1, -1, 2**31, 2**62, -(2**62))
# A row without a usable time is put aside; most shall pass.
USUAL_TIME: Final = "2024-06-01 09:03:02"
TECHNICAL: Final = ("_fivetran_deleted", "is_deleted", "_fivetran_synced", "_synced_at")


def hostile_rows(table: RawTable, n_rows: int, seed: int = 0) -> list[dict[str, Any]]:
    """Rows with ids of their own, which pass the load."""
    draws = Random(f"{seed} {table.full_name}")  # noqa: S311
    texts = {column.name: draws.sample(TEXTS, len(TEXTS)) for column in table.columns}
    return [
        {
            column.name: _id(table, column, number)
            if column.name == table.key
            else _value(column, texts[column.name][number % len(TEXTS)], draws)
            for column in table.columns
        }
        for number in range(n_rows)
    ]


def _id(table: RawTable, column: Column, number: int) -> object:
    return 88_000_000 + number if column.data_type == "INT64" else f"hostile-{table.name}-{number}"


def _value(column: Column, text: str, draws: Random) -> object:
    if column.is_array:
        items = [text, *draws.sample(TEXTS, draws.randrange(3))]
        if column.struct_fields:
            first = column.struct_fields[0]
            return [
                {name: item if name != first else "tax id" for name in column.struct_fields}
                for item in items
            ]
        return items
    if column.data_type == "STRING":
        return None if draws.random() < 0.15 else text
    if column.data_type == "TIMESTAMP":
        return draws.choice(TIMES) if draws.random() < 0.3 else USUAL_TIME
    if column.data_type == "DATE":
        return draws.choice(DAYS)
    if column.data_type == "BOOL":
        return None if column.name in TECHNICAL else draws.choice((True, False, None))
    if column.data_type == "INT64":
        return draws.choice(INTEGERS)
    raise TypeError(f"no hostile values for {column.name}: {column.data_type}")
