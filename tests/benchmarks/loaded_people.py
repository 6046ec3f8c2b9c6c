"""The CRM people of a data set in the raw table `files.people`, as they stand in a night."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import duckdb

from orchestrator.bigquery.upload import upload_ndjson
from orchestrator.sources.source_schemas import read_raw_tables
from tests.benchmarks.places_on_disk import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection
    from tests.benchmarks.data_sets import DataSet

RECORDS: Final = """
    copy (
        with files as (select * replace ({changes}) from '{records}' {condition})
        select record_id, source_dataset as source_system, first_name as given_name,
            last_name as family_name, full_name,
            list_filter([email], x -> x is not null) as emails,
            list_filter([phone, mobile_phone], x -> x is not null) as phones,
            company as company_name, title as job_title, street, city, state as region, postcode,
            '2026-01-01T00:00:00Z' as _loaded_at, '2026-01-01T00:00:00Z' as updated_at
        from files
    ) to '{target}' (format json)
"""


def has_crm_people(data: DataSet) -> bool:
    """Say whether the records of a data set are such people."""
    return data.name.startswith("crm_")


def load_people(
    connection: Connection,
    data: DataSet,
    target: Path,
    condition: str = "",
    changes: str = "record_id as record_id",
) -> None:
    """Replace the raw table by the records that fulfil a condition, with some columns replaced."""
    duckdb.sql(
        RECORDS.format(records=data.records, condition=condition, changes=changes, target=target)
    )
    table = next(one for one in read_raw_tables(ROOT).values() if one.full_name == "files.people")
    place = connection.table_id(connection.settings.raw_dataset(table.source), table.name)
    connection.query(f"truncate table `{place}`")
    upload_ndjson(connection, target, place, table.schema())
