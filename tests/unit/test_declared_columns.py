"""Raw tables that lack declared columns: all that nobody but their owner may add, told at once."""

from __future__ import annotations

from typing import Any, cast

import pytest
from google.api_core.exceptions import Forbidden
from google.cloud.bigquery import SchemaField, Table

from orchestrator.bigquery.connect import Connection
from orchestrator.errors import WarehouseRefused
from orchestrator.settings.values import Settings
from orchestrator.sources.declared_columns import ensure_declared_columns
from orchestrator.sources.source_schemas import read_raw_tables
from tests.faults.night import ROOT

TABLES = read_raw_tables(ROOT)


class Warehouse:
    """Tables as a connector made them, which nobody else may change."""

    def __init__(self, *tables: Table) -> None:
        self.tables = {table.full_table_id: table for table in tables}
        self.asked_to_change: list[str] = []

    def get_table(self, table_id: str, **_: object) -> Table:
        """Return a table."""
        return self.tables[table_id]

    def update_table(self, table: Table, _: list[str], **__: object) -> None:
        """Refuse, as BigQuery does to whoever may only read."""
        self.asked_to_change.append(str(table.table_id))
        raise Forbidden("no", errors=[{"reason": "accessDenied"}])


def made(full_name: str, *lacking: str, kind: str = "TABLE") -> Table:
    """Return a declared table as it is without some of its columns."""
    declared = TABLES[full_name]
    columns = [column for column in declared.schema() if column.name not in lacking]
    return Table.from_api_repr(
        {
            "id": f"p.raw_{full_name}",
            "type": kind,
            "tableReference": {
                "projectId": "p",
                "datasetId": f"raw_{declared.source}",
                "tableId": declared.name,
            },
            "schema": {"fields": [column.to_api_repr() for column in columns]},
        }
    )


def told(*tables: Table) -> tuple[WarehouseRefused, Warehouse]:
    """Return the error over some tables."""
    warehouse = Warehouse(*tables)
    connection = Connection(Settings(project_dir=ROOT, project="p"), cast("Any", warehouse))
    wanted = [TABLES[str(table.full_table_id).removeprefix("p.raw_")] for table in tables]
    with pytest.raises(WarehouseRefused) as refused:
        ensure_declared_columns(connection, wanted)
    return refused.value, warehouse


def test_all_tables_that_lack_columns_are_named_with_what_to_do() -> None:
    error, warehouse = told(
        made("hubspot.contact", "property_hs_merged_object_ids", "property_zip"),
        made("hubspot.company"),
        made("files.people", "identifiers"),
    )
    assert warehouse.asked_to_change == ["contact", "people"]
    right = "(the account lacks bigquery.tables.update on dataset"
    contact = "property_zip, property_hs_merged_object_ids"
    assert error.message.splitlines() == [
        "raw tables lack columns that the models read",
        f"p.raw_hubspot.contact: {contact} {right} raw_hubspot)",
        f"p.raw_files.people: identifiers {right} raw_files)",
    ]
    assert (
        "alter table `p.raw_hubspot.contact` add column property_zip string, "
        "add column property_hs_merged_object_ids string"
    ) in error.what_to_do
    assert "add column identifiers array<struct<type string, value string>>" in error.what_to_do
    assert error.right.count("bigquery.tables.update") == 2


def test_a_view_is_not_changed() -> None:
    error, warehouse = told(made("hubspot.contact", "property_zip", kind="MATERIALIZED_VIEW"))
    assert error.message.endswith("contact: property_zip (it is a materialized view)")
    assert "let p.raw_hubspot.contact have these columns" in error.what_to_do
    assert warehouse.asked_to_change == []


def test_a_table_without_its_key_is_another_table() -> None:
    error, warehouse = told(made("hubspot.contact", "id", "property_zip"))
    assert error.message.endswith("contact: id, property_zip (rows are told apart by id)")
    assert "the table of hubspot" in error.what_to_do
    assert warehouse.asked_to_change == []


def test_a_column_is_asked_for_by_its_name_in_any_case() -> None:
    table = made("hubspot.contact", "id")
    table.schema = [SchemaField("ID", "INT64"), *table.schema]
    connection = Connection(Settings(project_dir=ROOT, project="p"), cast("Any", Warehouse(table)))
    ensure_declared_columns(connection, [TABLES["hubspot.contact"]])
