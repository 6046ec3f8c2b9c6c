"""The memory of the stand-in: datasets, tables and what was written to them.

A table holds no rows of a query, it holds fingerprints: of the statement and of all that it read.
So two nights are equal if and only if every table was built by the same statements from the same
inputs, and an insert that ran twice shows.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.faults.stand_in.statements import Statement, TableName


@dataclass(slots=True)
class Table:
    """A table, or a view: then `view` is its statement and its content that of what it reads."""

    name: TableName
    schema: list[dict[str, Any]] = field(default_factory=list)
    content: tuple[str, ...] = ()
    rows: list[dict[str, Any]] = field(default_factory=list)
    view: Statement | None = None
    created: float = field(default_factory=time.time)
    description: str = ""


@dataclass(frozen=True, slots=True)
class Write:
    """One statement or load that changed a table."""

    table: TableName
    kind: str
    job_id: str


class NotThere(LookupError):
    """A table or a dataset does not exist."""


class Warehouse:
    """All datasets and tables."""

    def __init__(self) -> None:
        self.datasets: set[str] = set()
        self.tables: dict[TableName, Table] = {}
        self.writes: list[Write] = []

    def content(self, name: TableName) -> tuple[str, ...]:
        """Return the fingerprints that a table or a view consists of."""
        table = self.table(name)
        if table.view is None:
            return table.content
        return (self._fingerprint(table.view),)

    def table(self, name: TableName) -> Table:
        """Return a table or raise `NotThere`."""
        if name not in self.tables:
            raise NotThere(f"Table concord-local:{name[0]}.{name[1]}")
        return self.tables[name]

    def change(self, name: TableName, text: str) -> None:
        """Give a raw table other data, as a load between two nights would."""
        self.table(name).content = (hashlib.sha256(text.encode()).hexdigest()[:16],)

    def apply(self, statement: Statement, job_id: str) -> None:
        """Do what a statement does; raise `NotThere` when a table that it needs is missing."""
        if statement.target is None:
            for name in statement.reads:
                self._existing(name)
            return
        if statement.kind == "CREATE_SCHEMA":
            self.datasets.add(statement.target[1])
            return
        fingerprint = self._fingerprint(statement)
        if statement.target[0] not in self.datasets:
            raise NotThere(f"Dataset concord-local:{statement.target[0]}")
        if statement.kind == "DROP_TABLE":
            self.tables.pop(statement.target, None)
        elif statement.writes_rows:
            table = self.table(statement.target)
            table.content = _added(table.content, fingerprint, statement.kind)
        else:
            is_view = statement.kind == "CREATE_VIEW"
            self.tables[statement.target] = Table(
                statement.target,
                schema=[{"name": "id", "type": "STRING"}, {"name": "n", "type": "INTEGER"}],
                content=() if is_view else (fingerprint,),
                view=statement if is_view else None,
            )
        self.writes.append(Write(statement.target, statement.kind, job_id))

    def state(self, *datasets: str) -> dict[str, tuple[str, ...]]:
        """Return what is in the tables of these datasets."""
        return {
            ".".join(name): self.content(name)
            for name in sorted(self.tables)
            if name[0] in datasets
        }

    def count_writes(self, *datasets: str) -> Counter[str]:
        """Return how often each table was written."""
        return Counter(".".join(write.table) for write in self.writes if write.table[0] in datasets)

    def _existing(self, name: TableName) -> tuple[str, ...]:
        return self.content(name) if name[1] != "INFORMATION_SCHEMA" else ()

    def _fingerprint(self, statement: Statement) -> str:
        parts = [statement.text, *(str(self._existing(name)) for name in statement.reads)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _added(content: tuple[str, ...], fingerprint: str, kind: str) -> tuple[str, ...]:
    """Add a write: a merge of the same rows changes nothing, an insert puts them there twice."""
    if kind == "MERGE":
        return tuple(sorted({*content, fingerprint}))
    return (*content, fingerprint)
