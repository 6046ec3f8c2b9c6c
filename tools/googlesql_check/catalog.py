"""The relations that the analyzer knows, as BigQuery would resolve their names."""

import contextlib
from collections.abc import Iterator
from typing import NamedTuple

from tools.googlesql_check.column_types import TypeReader
from tools.googlesql_check.engine import GoogleSql, GoogleSqlError
from tools.googlesql_check.protocol import FunctionProto, Message, SimpleCatalogProto

Relation = tuple[str, ...]

_ANY_1 = {"kind": "ARG_TYPE_ANY_1", "num_occurrences": 1}
_ARRAY_1 = {"kind": "ARG_ARRAY_TYPE_ANY_1", "num_occurrences": 1}
_ANYTHING = {"kind": "ARG_TYPE_ARBITRARY", "num_occurrences": 1}


def _scalar(kind: str) -> dict[str, object]:
    return {"kind": "ARG_TYPE_FIXED", "type": {"type_kind": kind}, "num_occurrences": 1}


# BigQuery has these functions, the open analyzer does not: path, mode, arguments, result.
_MISSING_FUNCTIONS = [
    (("max_by",), "AGGREGATE", [_ANY_1, _ANYTHING], _ANY_1),
    (("min_by",), "AGGREGATE", [_ANY_1, _ANYTHING], _ANY_1),
    (("contains_substr",), "SCALAR", [_ANYTHING, _scalar("TYPE_STRING")], _scalar("TYPE_BOOL")),
    (("search",), "SCALAR", [_ANYTHING, _scalar("TYPE_STRING")], _scalar("TYPE_BOOL")),
    (("ml", "distance"), "SCALAR", [_ARRAY_1, _ARRAY_1], _scalar("TYPE_DOUBLE")),
]


class CatalogColumn(NamedTuple):
    """One column of a relation or of a result."""

    name: str
    type: Message


class Catalog:
    """Collects relations and hands them to the analyzer when a statement needs them."""

    def __init__(self, google_sql: GoogleSql) -> None:
        self._google_sql = google_sql
        self._tables: dict[Relation, list[CatalogColumn]] = {}
        self._registered: tuple[int, int] | None = None
        self._has_news = False
        self.types = TypeReader(google_sql)

    def add(self, relation: Relation, columns: list[CatalogColumn]) -> None:
        """Make a relation known, or give it other columns."""
        if relation in self._tables:
            self._forget()
        self._tables[relation] = columns
        self._has_news = True

    def relation(self, number: int) -> Relation:
        """The relation that a tree names by its number."""
        return list(self._tables)[number - 1]

    def columns(self, relation: Relation) -> list[CatalogColumn] | None:
        """The columns of a known relation."""
        return self._tables.get(relation)

    def analyze(self, sql: str) -> Message:
        """Resolve one statement against the known relations."""
        if self._registered and self._has_news:
            # Registering costs more than ten queries, and most need nothing of the news.
            with contextlib.suppress(GoogleSqlError):
                return self._google_sql.analyze(sql, self._id())
            self._forget()
        return self._google_sql.analyze(sql, self._id())

    def analyze_script(self, sql: str) -> Iterator[Message]:
        """Resolve statements that are divided by semicolons."""
        if self._has_news:
            self._forget()
        return self._google_sql.analyze_script(sql, self._id())

    def _id(self) -> int:
        # A restarted engine has lost every catalog.
        if self._registered is None or self._registered[0] != self._google_sql.starts:
            catalog_id = self._google_sql.register(self._build())
            self._registered = (self._google_sql.starts, catalog_id)
            self._has_news = False
        return self._registered[1]

    def _forget(self) -> None:
        if self._registered is not None and self._registered[0] == self._google_sql.starts:
            self._google_sql.unregister(self._registered[1])
        self._registered = None

    def _build(self) -> Message:
        root = self._google_sql.new_catalog()
        for path, mode, arguments, result in _MISSING_FUNCTIONS:
            _child(root, path[:-1]).custom_function.append(
                FunctionProto(
                    name_path=path[-1:],
                    group="bigquery",
                    mode=mode,
                    signature=[{"argument": arguments, "return_type": result}],
                )
            )
        for number, (relation, columns) in enumerate(self._tables.items(), start=1):
            _add_table(_child(root, relation[:-1]), relation[-1], columns, number)
            if len(relation) > 1:
                # The whole path may also stand in one pair of backticks.
                _add_table(root, ".".join(relation), columns, number)
        return root


def _child(catalog: Message, path: Relation) -> Message:
    """The catalog at the path below this one; missing ones are made."""
    for name in path:
        found = next((child for child in catalog.catalog if child.name == name), None)
        if found is None:
            found = SimpleCatalogProto(name=name)
            catalog.catalog.append(found)
            found = catalog.catalog[-1]
        catalog = found
    return catalog


def _add_table(catalog: Message, name: str, columns: list[CatalogColumn], number: int) -> None:
    table = catalog.table.add(name=name, serialization_id=number)
    for column in columns:
        table.column.add(name=column.name, type=column.type, is_writable_column=True)
