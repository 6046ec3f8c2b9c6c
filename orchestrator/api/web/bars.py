"""Bars of weights: to the right for a match, to the left against one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestrator.serving.snapshot import Row


def with_bars(rows: list[Row], column: str = "match_weight") -> list[Row]:
    """Return rows with place and length of a bar, on an axis of 200 units with 0 in its middle."""
    most = max((abs(row[column] or 0.0) for row in rows), default=0.0) or 1.0
    return [
        {
            **row,
            "bar_length": round(abs(row[column] or 0.0) / most * 100, 1),
            "bar_start": round(100 + min(0.0, (row[column] or 0.0) / most * 100), 1),
        }
        for row in rows
    ]
