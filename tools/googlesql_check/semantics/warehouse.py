"""The rows and column types that a warehouse has."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from google.api_core.exceptions import GoogleAPIError, NotFound
from google.cloud.bigquery import Client, SchemaField

from tools.googlesql_check.semantics.rows import Row

_STANDARD = {"INTEGER": "INT64", "FLOAT": "FLOAT64", "BOOLEAN": "BOOL", "RECORD": "STRUCT"}


class QueryFailed(Exception):
    """The warehouse refused a statement, or lacks a relation."""


class Result(NamedTuple):
    """Rows, and the type of each column as BigQuery writes it."""

    types: dict[str, str]
    rows: list[Row]


class QueriedWarehouse:
    """Reads through BigQuery's client."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def query(self, sql: str) -> Result:
        """Run a query."""
        try:
            rows = self._client.query_and_wait(sql)
        except NotFound as error:
            raise QueryFailed("the relation is not there: it was not built") from error
        except GoogleAPIError as error:
            raise QueryFailed(str(error)) from error
        types = {field.name: _type_name(field) for field in rows.schema}
        return Result(types, [{name: _plain(v) for name, v in row.items()} for row in rows])

    def table(self, quoted: str) -> Result:
        """All rows of a relation."""
        return self.query(f"select * from {quoted}")


def _type_name(field: SchemaField) -> str:
    name = _STANDARD.get(field.field_type, field.field_type)
    if name == "STRUCT":
        fields = ", ".join(f"{inner.name} {_type_name(inner)}" for inner in field.fields)
        name = f"STRUCT<{fields}>"
    return f"ARRAY<{name}>" if field.mode == "REPEATED" else name


def _plain(value: Any) -> Any:  # noqa: ANN401
    """Structs as dicts, arrays as lists, however deep."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
