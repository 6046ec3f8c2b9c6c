"""The declared columns of the raw tables, read from the sources files of the dbt project."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import yaml

from orchestrator.errors import ConfigurationError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from google.cloud.bigquery import SchemaField

SCALAR_TYPES: Final = frozenset(
    {"STRING", "INT64", "FLOAT64", "BOOL", "DATE", "TIMESTAMP", "NUMERIC"}
)
ARRAY: Final = re.compile(r"ARRAY<(.+)>")
STRUCT: Final = re.compile(r"STRUCT<(.+)>")
# Its tables are the run log's: nobody loads files into them.
OWN_SOURCE: Final = "concord_ops"
TECHNICAL: Final = frozenset({"record_id", "source_system", "is_source_duplicate_free"})


@dataclass(frozen=True, slots=True)
class Column:
    """A declared column: its name and its BigQuery type."""

    name: str
    data_type: str

    @property
    def is_array(self) -> bool:
        """Say whether the column holds many values."""
        return self.data_type.startswith("ARRAY<")

    @property
    def struct_types(self) -> dict[str, str]:
        """Return the types of an array of structs by the names of their fields."""
        inner = ARRAY.fullmatch(self.data_type)
        struct = STRUCT.fullmatch(inner.group(1)) if inner else None
        parts = [part.split() for part in struct.group(1).split(",")] if struct else []
        return {name: kind.upper() for name, kind in parts}

    @property
    def struct_fields(self) -> tuple[str, ...]:
        """Return the field names of an array of structs."""
        return tuple(self.struct_types)

    def schema_field(self) -> SchemaField:
        """Return the column as the BigQuery client wants it."""
        from google.cloud.bigquery import SchemaField

        if not self.is_array:
            return SchemaField(self.name, self.data_type)
        if self.struct_types:
            fields = [SchemaField(name, kind) for name, kind in self.struct_types.items()]
            return SchemaField(self.name, "RECORD", "REPEATED", fields=fields)
        return SchemaField(self.name, self.data_type[6:-1], "REPEATED")


@dataclass(frozen=True)
class RawTable:
    """A raw table as declared."""

    source: str
    name: str
    columns: tuple[Column, ...]
    loaded_at: str | None
    warn_after: timedelta | None = None
    clustered_by: tuple[str, ...] = ()
    # What a row is about: persons, unless the file says companies.
    rows_are: str = "persons"

    @property
    def full_name(self) -> str:
        """Return the name that commands use."""
        return f"{self.source}.{self.name}"

    @property
    def key(self) -> str:
        """Return the column that every row must fill: the first one declared."""
        return self.columns[0].name

    @cached_property
    def column_by_name(self) -> dict[str, Column]:
        """Return the columns by lower-case name."""
        return {column.name.lower(): column for column in self.columns}

    @property
    def columns_sql(self) -> str:
        """Return the columns as a list for SQL."""
        return ", ".join(column.name for column in self.columns)

    @property
    def mappable(self) -> tuple[Column, ...]:
        """Return the columns that a mapping of `concord resolve` may fill."""
        return tuple(
            column
            for column in self.columns
            if column.name not in TECHNICAL and not column.name.startswith("_")
        )

    def schema(self) -> list[SchemaField]:
        """Return the explicit schema for load jobs."""
        return [column.schema_field() for column in self.columns]


def read_raw_tables(project_dir: Path) -> dict[str, RawTable]:
    """Return all declared raw tables by `source.table`."""
    tables = {
        table.full_name: table
        for table in _declared_tables(project_dir)
        if table.source != OWN_SOURCE
    }
    if not tables:
        raise ConfigurationError(
            f"no sources file below {project_dir / 'models' / 'staging'}",
            "check that CONCORD_PROJECT_DIR is the folder of the dbt project",
        )
    return tables


def read_own_tables(project_dir: Path) -> tuple[RawTable, ...]:
    """Return the tables of `concord_ops` that are declared for dbt."""
    return tuple(table for table in _declared_tables(project_dir) if table.source == OWN_SOURCE)


def raw_table(tables: dict[str, RawTable], full_name: str) -> RawTable:
    """Return one table by `source.table`, or say which ones there are."""
    if full_name not in tables:
        raise InputError(
            f"unknown raw table '{full_name}'", f"use one of: {', '.join(sorted(tables))}"
        )
    return tables[full_name]


def _declared_tables(project_dir: Path) -> Iterator[RawTable]:
    for path in sorted((project_dir / "models" / "staging").glob("*/_*__sources.yml")):
        yield from _tables_of(path)


def _tables_of(path: Path) -> Iterator[RawTable]:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    for source in document["sources"]:
        for table in source["tables"]:
            yield RawTable(
                source=source["name"],
                name=table["name"],
                columns=tuple(_column(path, entry) for entry in table["columns"]),
                loaded_at=_config(table, source, "loaded_at_field"),
                warn_after=_warn_after(_config(table, source, "freshness")),
                clustered_by=tuple(_meta(table, "clustered_by", ())),
                rows_are=_meta(table, "rows_are", "persons"),
            )


def _config(table: dict[str, Any], source: dict[str, Any], name: str) -> Any:  # noqa: ANN401
    """Return a property of a table, or of its source; dbt takes both places."""
    for entry in (table, source):
        found = entry.get(name) or entry.get("config", {}).get(name)
        if found:
            return found
    return None


def _meta(table: dict[str, Any], name: str, default: Any) -> Any:  # noqa: ANN401
    return table.get("config", {}).get("meta", {}).get(name, default)


def _warn_after(freshness: dict[str, Any] | None) -> timedelta | None:
    limit = (freshness or {}).get("warn_after")
    return timedelta(**{f"{limit['period']}s": limit["count"]}) if limit else None


def _column(path: Path, entry: dict[str, Any]) -> Column:
    data_type = re.sub(r"\s+", " ", str(entry.get("data_type", ""))).strip().upper()
    inner = ARRAY.fullmatch(data_type)
    element = inner.group(1) if inner else data_type
    if element not in SCALAR_TYPES and not (inner and STRUCT.fullmatch(element)):
        raise ConfigurationError(
            f"column {entry['name']} has no usable data_type in {path.name}",
            f"declare one of {', '.join(sorted(SCALAR_TYPES))}, or an array",
        )
    return Column(str(entry["name"]), _keep_field_case(str(entry["data_type"]), data_type))


def _keep_field_case(declared: str, upper: str) -> str:
    # Only type names are upper case: `ARRAY<STRUCT<type STRING>>` has a field called type.
    return re.sub(r"\s+", " ", declared).strip() if "STRUCT<" in upper else upper
