"""A copy job with WRITE_TRUNCATE replaces the table, its columns included.

Stock: it empties the old table and inserts into it, which fails when the columns have changed and
leaves an empty table behind.
"""

# A repair replaces what the emulator keeps to itself.
# ruff: noqa: SLF001

from __future__ import annotations

from typing import Any

from bqemulator.jobs import executor
from bqemulator.storage.sql_identifiers import quoted_table_ref


def apply() -> None:
    """Remove the old table before the copy; a missing source is refused before that."""
    stock_copy = executor._copy_table_into_destination

    async def copy(*, write_disposition: str, ctx: Any, **tables: Any) -> None:  # noqa: ANN401
        source = (tables["src_proj"], tables["src_ds"], tables["src_table_id"])
        target = (tables["dst_proj"], tables["dst_ds"], tables["dst_table_id"])
        is_replaced = write_disposition == "WRITE_TRUNCATE" and source != target
        if is_replaced and ctx.catalog.get_table(*source) and ctx.catalog.get_table(*target):
            async with ctx.engine.write_lock():
                ctx.engine.execute(f"drop table if exists {quoted_table_ref(*target)}")
                ctx.catalog.delete_table(*target)
        await stock_copy(write_disposition=write_disposition, ctx=ctx, **tables)

    executor._copy_table_into_destination = copy
