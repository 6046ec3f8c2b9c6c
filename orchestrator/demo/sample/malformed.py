"""Rows as broken exports have them: rejected at load or quarantined, they must not stop a run."""

import json
from datetime import timedelta

from orchestrator.demo.sample.recording import Recording, Row

ID_COLUMNS = {
    "salesforce.account": "id",
    "salesforce.contact": "id",
    "salesforce.lead": "id",
    "hubspot.contact": "id",
    "hubspot.company": "id",
    "gmail.message": "id",
    "dialpad.call": "call_id",
}
CREATED_COLUMNS = {
    "salesforce.contact": ("created_date", "system_modstamp"),
    "hubspot.contact": ("property_createdate", "property_lastmodifieddate"),
}


def add_malformed_rows(recording: Recording) -> None:
    """A few bad rows per table; each copies a good row, so that only one thing is wrong with it."""
    for table, id_column in ID_COLUMNS.items():
        good = recording.rows[table][0]
        _add(recording, table, {**good, id_column: None}, "rejected", "missing id")
        # The same row twice: one of the two stays, the other one is put aside.
        _add(recording, table, dict(good), "quarantined", "duplicate id")
    for table in ("salesforce.contact", "hubspot.contact"):
        _add_future_row(recording, table)
        _add_broken_lines(recording, table)
    _add(recording, "salesforce.lead", {}, "rejected", "empty row")


def _add(recording: Recording, table: str, row: Row, fate: str, reason: str) -> None:
    recording.add(table, row)
    recording.expect_bad(table, fate, reason)


def _add_future_row(recording: Recording, table: str) -> None:
    """A clock that was wrong: created a year from now, under an id of its own."""
    next_year = (recording.clock.day + timedelta(days=365)).isoformat() + "T00:00:00Z"
    good = recording.rows[table][1]
    new_id = 99_000_001 if table == "hubspot.contact" else "0035g00000futurAAA"
    wrong = {**good, "id": new_id, **dict.fromkeys(CREATED_COLUMNS[table], next_year)}
    _add(recording, table, wrong, "quarantined", "created in the future")


def _add_broken_lines(recording: Recording, table: str) -> None:
    whole = json.dumps(recording.rows[table][2])
    recording.broken_lines[table] = [whole[: len(whole) // 2], f"[{whole}]"]
    recording.expect_bad(table, "rejected", "line cut off")
    recording.expect_bad(table, "rejected", "not an object")
