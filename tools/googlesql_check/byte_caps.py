"""Estimates the bytes that statements read in a large warehouse, and finds those above a cap.

The columns come from the analyzer, the rows and widths from a file of the project. A view is read
through: its columns count where they are used.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tools.googlesql_check.catalog import Catalog, Relation
from tools.googlesql_check.column_types import type_name
from tools.googlesql_check.columns_read import columns_read
from tools.googlesql_check.dbt_nodes import DbtNode
from tools.googlesql_check.protocol import Message

SHAPE_FILE = Path(".ci") / "ten_million_records.yml"
# What runs only where the project is developed reads little.
DEVELOPMENT_TAG = "development"
SEED_ROWS = 10_000
FIXED_WIDTHS = {"BOOL": 1, "DATE": 8, "TIMESTAMP": 8, "INT64": 8, "FLOAT64": 8, "NUMERIC": 16}
# Elements of an array, on the average of all rows.
ELEMENTS = 1.5


@dataclass(frozen=True)
class Shape:
    """How many rows tables have, and how wide texts are."""

    cap: int
    rows: tuple[tuple[str, int], ...]
    texts: tuple[tuple[str, int], ...]

    def rows_of(self, table: str) -> int:
        """The rows of a table."""
        return _first(self.rows, table)

    def width_of(self, column: str, type_: str) -> float:
        """The bytes of one value of a column."""
        if type_.startswith("ARRAY<"):
            return ELEMENTS * self.width_of(column, type_[len("ARRAY<") : -1])
        if type_.startswith("STRUCT<"):
            return 2.0 * _first(self.texts, column)
        return FIXED_WIDTHS.get(type_) or _first(self.texts, column)


def read_shape(project_dir: Path) -> Shape | None:
    """The shape that a project describes, if it does."""
    path = project_dir / SHAPE_FILE
    if not path.exists():
        return None
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    parts = {name: tuple((str(p), int(n)) for p, n in document[name]) for name in ("rows", "texts")}
    return Shape(cap=int(document["cap"]), **parts)


class ByteEstimate:
    """Collects the statements of nodes, and says what each would read."""

    def __init__(self, shape: Shape, catalog: Catalog) -> None:
        self._shape = shape
        self._catalog = catalog
        self._views: dict[Relation, Message] = {}
        self._seeds: set[Relation] = set()

    def add_seed(self, node: DbtNode) -> None:
        """Remember a table that does not grow with the records."""
        self._seeds.add(node.relation)

    def excess(self, node: DbtNode, statement: Message) -> str | None:
        """What is wrong when a statement reads more than the cap; a view reads nothing itself."""
        if node.materialized == "view":
            self._views[node.relation] = statement
            return None
        if DEVELOPMENT_TAG in (node.config.get("tags") or ()):
            return None
        found = self.bytes_read(statement)
        if found <= self._shape.cap:
            return None
        return (
            f"reads about {found / 1e9:.0f} GB of ten million records, "
            f"the least cap of a target is {self._shape.cap / 1e9:.0f} GB"
        )

    def bytes_read(self, statement: Message) -> float:
        """The bytes of the columns that a statement needs, each once."""
        return sum(self.bytes_by_table(statement).values())

    def bytes_by_table(self, statement: Message) -> dict[Relation, float]:
        """The bytes that a statement reads of each table."""
        needed: dict[Relation, set[str]] = defaultdict(set)
        waiting: list[tuple[Message, frozenset[str] | None]] = [(statement, None)]
        while waiting:
            current, outputs = waiting.pop()
            for number, columns in columns_read(current, outputs).items():
                relation = self._catalog.relation(number)
                if relation in self._views:
                    waiting.append((self._views[relation], frozenset(columns)))
                else:
                    needed[relation] |= columns
        return {relation: self._bytes_of(relation, columns) for relation, columns in needed.items()}

    def _bytes_of(self, relation: Relation, columns: set[str]) -> float:
        rows = SEED_ROWS if relation in self._seeds else self._shape.rows_of(relation[-1])
        known = self._catalog.columns(relation) or ()
        types = {column.name: type_name(column.type) for column in known}
        return rows * sum(self._shape.width_of(name, types[name]) for name in columns)


def _first(pairs: tuple[tuple[str, int], ...], name: str) -> int:
    return next(number for pattern, number in pairs if re.fullmatch(pattern, name))
