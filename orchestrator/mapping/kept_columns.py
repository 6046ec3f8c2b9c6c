"""The columns of the files as they stand there, kept beside what the mapping makes of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@dataclass(slots=True)
class KeptColumns:
    """Knows the table `kept`: one row per row of the files, by its position among them.

    Columns of the same name in several files are one; within one file they stay apart.
    """

    # (name, which of that name) -> column of the table.
    _columns: dict[tuple[str, int], str] = field(default_factory=dict)

    def keep(
        self, connection: duckdb.DuckDBPyConnection, names: tuple[str, ...], offset: int
    ) -> None:
        """Take the columns `o0`, `o1`, ... of the view `part`; `offset` is of its positions."""
        if not self._columns:
            connection.execute("create table if not exists kept (position bigint)")
        seen: Counter[str] = Counter()
        cells = [f"position + {offset} as position"]
        for index, name in enumerate(names):
            column = self._column(connection, name, seen[name])
            seen[name] += 1
            cells.append(f"o{index} as {column}")
        connection.execute(f"insert into kept by name select {', '.join(cells)} from part")

    def headed(self) -> dict[str, str]:
        """Return the table's columns, each with a name that no other one has."""
        taken: set[str] = set()
        headed: dict[str, str] = {}
        for (name, number), column in self._columns.items():
            header = name or f"column {len(headed) + 1}"
            if number:
                header = f"{header} {number + 1}"
            while header.casefold() in taken:
                header += "_"
            taken.add(header.casefold())
            headed[column] = header
        return headed

    def _column(self, connection: duckdb.DuckDBPyConnection, name: str, number: int) -> str:
        column = self._columns.get((name, number))
        if column is None:
            column = f"c{len(self._columns)}"
            connection.execute(f"alter table kept add column {column} varchar")
            self._columns[name, number] = column
        return column
