"""Queries over tables, in Google's reference evaluator."""

import random
from collections.abc import Mapping

from tools.googlesql_check.catalog import CatalogColumn
from tools.googlesql_check.engine import GoogleSql
from tools.googlesql_check.protocol import Message
from tools.googlesql_check.semantics.rows import Table, table_content


class Evaluator:
    """Runs queries on tables that are handed over row by row.

    The tables are named as dbt writes them into SQL, each part in backticks. With a `seed` every
    table has its rows in another order.
    """

    def __init__(self, google_sql: GoogleSql, tables: Mapping[str, Table], seed: int = 0) -> None:
        self._google_sql = google_sql
        self._tables = tables
        self._seed = seed
        self._contents: dict[str, Message] = {}

    def run(self, sql: str) -> Table:
        """The result of one query."""
        # The evaluator finds tables by flat names only.
        read = [quoted for quoted in self._tables if quoted in sql]
        names = {quoted: f"t{number}" for number, quoted in enumerate(read)}
        catalog = self._google_sql.new_catalog()
        contents = {}
        for number, (quoted, name) in enumerate(names.items(), start=1):
            sql = sql.replace(quoted, f"`{name}`")
            table = catalog.table.add(name=name, serialization_id=number)
            for column in self._tables[quoted].columns:
                table.column.add(name=column.name, type=column.type)
            contents[name] = self._content(quoted)
        catalog_id = self._google_sql.register(catalog, contents)
        starts = self._google_sql.starts
        try:
            columns, rows = self._google_sql.query(sql.rstrip().rstrip(";"), catalog_id)
        finally:
            # A restarted engine has forgotten it.
            if self._google_sql.starts == starts:
                self._google_sql.unregister(catalog_id)
        return Table([CatalogColumn(name, type_) for name, type_ in columns], list(rows))

    def _content(self, quoted: str) -> Message:
        if quoted not in self._contents:
            columns, rows = self._tables[quoted]
            if self._seed:
                rows = list(rows)
                # Another order, not a secret.
                random.Random(f"{self._seed} {quoted}").shuffle(rows)  # noqa: S311
            self._contents[quoted] = table_content(columns, rows)
        return self._contents[quoted]
