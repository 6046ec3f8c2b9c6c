"""Writes CRM people in the form of every benchmark data set: records.parquet, truth.parquet."""

from __future__ import annotations

from dataclasses import astuple, fields
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from tests.benchmarks.crm_people.records import make_records
from tests.benchmarks.crm_people.systems import Row

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.crm_people.name_lists import NameLists


def write_crm_people(folder: Path, count: int, seed: int, names: NameLists) -> None:
    """Make `count` records and write them and the truth into the folder."""
    sightings = make_records(count, seed, names)
    record_ids = [f"r{number:08d}" for number in range(len(sightings))]
    columns = zip(*(astuple(sighting.row) for sighting in sightings), strict=True)
    records = {"record_id": record_ids} | {
        field.name: list(values) for field, values in zip(fields(Row), columns, strict=True)
    }
    truth = {
        "record_id": record_ids,
        "entity_id": [f"e{sighting.person_number:07d}" for sighting in sightings],
        "household_id": [sighting.person.household for sighting in sightings],
        # -1: no employer.
        "company_id": [
            sighting.person.employer.number if sighting.person.employer else -1
            for sighting in sightings
        ],
    }
    folder.mkdir(parents=True, exist_ok=True)
    strings = pa.schema([(name, pa.string()) for name in records])
    pq.write_table(pa.table(records, schema=strings), folder / "records.parquet")
    pq.write_table(pa.table(truth), folder / "truth.parquet")
