"""A small published world as a warehouse would give it, without one: its tables have the columns
that the models' own files declare."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import yaml
from google.api_core.exceptions import NotFound
from google.cloud.bigquery import SchemaField

from orchestrator.alerts.store import event_schema
from orchestrator.serving.contents import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.settings.values import Settings

ROOT: Final = Path(__file__).resolve().parents[1]
NOW: Final = datetime(2026, 11, 30, 2, 15, tzinfo=UTC)
PARQUET_TYPES: Final = {
    "int64": pa.int64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "date": pa.date32(),
}
ANN: Final = "per_01aaaaaaaaaaaaaaaaaaaaaaaa"
BOB: Final = "per_01bbbbbbbbbbbbbbbbbbbbbbbb"
# Went over to Ann, and somebody who is gone.
WAS_ANN: Final = "per_01cccccccccccccccccccccccc"
GONE: Final = "per_01dddddddddddddddddddddddd"
ACME: Final = "com_01eeeeeeeeeeeeeeeeeeeeeeee"
ANN_1: Final = "salesforce:contact:1"
ANN_2: Final = "hubspot:contact:2"
BOB_3: Final = "hubspot:contact:3"


def _person(person_id: str, name: str, email: str, phone: str, **more: int) -> dict[str, Any]:
    given, _, family = name.partition(" ")
    return {
        "person_id": person_id,
        "display_name": name,
        "given_name": given,
        "family_name": family,
        "primary_email": email,
        "emails": [email],
        "primary_phone": phone,
        "phones": [phone],
        "street": "1 High Street",
        "city": "Leeds",
        "n_records": 1,
        **more,
    }


def _contact(person_id: str, kind: str, value: str, usage: str) -> dict[str, Any]:
    return {"person_id": person_id, "kind": kind, "value": value, "usage": usage}


def _record(entity_id: str, record_id: str, kind: str = "person") -> dict[str, Any]:
    system, table, source_id = record_id.split(":")
    return {
        "record_id": record_id,
        f"{kind}_id": entity_id,
        "source_system": f"{system}_{table}",
        "source_table": table,
        "source_id": source_id,
    }


def _question(priority: int) -> dict[str, Any]:
    return {
        "entity": "person",
        "priority": priority,
        "question": "merge",
        "entity_id_l": ANN,
        "entity_id_r": BOB,
        "record_id_l": f"{ANN_1}{priority if priority > 1 else ''}",
        "record_id_r": BOB_3,
        "contacts_l": "ann.lee@lee.example",
        "worth": 1.0 / priority,
    }


ROWS: Final[dict[str, list[dict[str, Any]]]] = {
    "dim_persons": [
        _person(ANN, "Ann Lee", "ann.lee@lee.example", "+442079460101", n_records=2),
        _person(BOB, "Bob Müller-Ray", "bob@ray.example", "+442079460199"),
    ],
    "dim_companies": [
        {
            "company_id": ACME,
            "display_name": "Acme Widgets GmbH",
            "domains": ["acme.example"],
            "phones": ["+442079460199"],
            "primary_domain": "acme.example",
            "n_records": 1,
        }
    ],
    "bridge_person_records": [_record(ANN, ANN_1), _record(ANN, ANN_2), _record(BOB, BOB_3)],
    "bridge_company_records": [_record(ACME, "salesforce:account:9", "company")],
    "person_contact_points": [
        _contact(ANN, "email", "ann.lee@lee.example", "personal"),
        _contact(ANN, "phone", "+442079460199", "switchboard"),
        _contact(BOB, "email", "bob@ray.example", "personal"),
        _contact(BOB, "phone", "+442079460199", "switchboard"),
    ],
    "entity_aliases": [
        {"entity": "person", "retired_id": WAS_ANN, "entity_id": ANN, "event": "merged"},
        {"entity": "person", "retired_id": GONE, "event": "retired", "cause": "records_gone"},
    ],
    "entity_events": [
        {"entity": "person", "entity_id": ANN, "event": "born", "happened_at": NOW, "n_records": 2}
    ],
    "int_record_texts": [
        {"entity": "person", "record_id": ANN_1, "record_contacts": "ann.lee@lee.example"},
        {"entity": "person", "record_id": ANN_2, "record_name": "ann lee"},
        {"entity": "person", "record_id": BOB_3, "record_name": "bob"},
    ],
    "match_review_queue": [_question(number) for number in (1, 2, 3)],
    "match_explanations": [
        {
            "entity": "person",
            "entity_id": ANN,
            "record_id_l": ANN_2,
            "record_id_r": ANN_1,
            "step": step,
            "comparison": comparison,
            "value_l": "ann.lee@lee.example",
            "weight": 8.5,
        }
        for step, comparison in enumerate(("prior", "email"))
    ],
    "decision_audit": [
        {
            "decision_id": "dec_1",
            "entity": "person",
            "left_id": ANN_1,
            "right_id": BOB_3,
            "verdict": "different",
            "decided_at": NOW,
            "decided_by": "the night before",
            "state": "applied",
        }
    ],
    "fct_runs": [{"run_id": "r1", "status": "success", "started_at": NOW, "is_success": True}],
    "fct_node_results": [{"run_id": "r1", "node_name": "dim_persons", "duration_seconds": 1.5}],
    "match_quality": [{"entity": "person", "run_started_at": NOW, "expected_f1": 0.9}],
    "match_model_parameters": [
        {
            "entity": "person",
            "model_version": "m1",
            "comparison": "email",
            "level": 1,
            "match_weight": 13.0,
            "trained_at": NOW,
        }
    ],
}


@cache
def declared_columns() -> dict[str, dict[str, str]]:
    """Return the columns of all marts with their types."""
    found = {}
    for path in sorted((ROOT / "models" / "marts").rglob("*.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            found[model["name"]] = {
                one["name"]: one.get("data_type", "string") for one in model["columns"]
            }
    found["alert_events"] = {one.name: one.field_type for one in event_schema()}
    return found


def _field(name: str, data_type: str) -> SchemaField:
    kind = data_type.lower()
    if kind.startswith("array<"):
        return SchemaField(name, "STRING", mode="REPEATED")
    return SchemaField(name, kind.upper())


def arrow_type(data_type: str) -> pa.DataType:
    """Return the Arrow type of a declared one; a list is one of texts."""
    kind = data_type.lower()
    if kind.startswith("array<"):
        return pa.list_(pa.string())
    return PARQUET_TYPES.get(kind, pa.string())


@dataclass
class PublishedSample:
    """Stands in for a connection: the tables of the sample, and those that are left out."""

    settings: Settings
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: ROWS)
    missing: str = ""

    @property
    def client(self) -> PublishedSample:
        """Return what tables are asked for."""
        return self

    def table_id(self, dataset: str, table: str) -> str:
        """Return the full name of a table."""
        return f"{dataset}.{table}"

    def get_table(self, table_id: str) -> SimpleNamespace:
        """Return what is known of a table."""
        name = table_id.rpartition(".")[2]
        if name == self.missing:
            raise NotFound(table_id)
        schema = [_field(*column) for column in declared_columns()[name].items()]
        return SimpleNamespace(schema=schema, modified=NOW)

    def record_batches(self, table_id: str) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a table."""
        name = table_id.rpartition(".")[2]
        columns = declared_columns()[name]
        rows = self.rows.get(name, [])
        unknown = {key for row in rows for key in row} - set(columns)
        assert not unknown, (name, unknown)
        arrays = [
            pa.array([row.get(column) for row in rows], arrow_type(kind))
            for column, kind in columns.items()
        ]
        yield pa.RecordBatch.from_arrays(arrays, names=list(columns))


def served_names() -> set[str]:
    """Return the tables that a snapshot is made of."""
    return {table.name for table in TABLES}
