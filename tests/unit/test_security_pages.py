"""The threat model names real tests, and the list of places knows every place the code knows."""

from __future__ import annotations

import re
from typing import Final

import pytest

from orchestrator.alerts.store import TABLE as ALERTS
from orchestrator.api.callers import KEY_FILE
from orchestrator.api.outbox import OUTBOX_FOLDER
from orchestrator.forget.places import BUILT
from orchestrator.load.load_ledger import LEDGER_TABLE, REJECTED_SUFFIX, UNUSABLE_SUFFIX
from orchestrator.local_warehouse import state
from orchestrator.local_warehouse.address import ADDRESS_FILE
from orchestrator.run_log.rows import NODES, RUNS
from orchestrator.serving.contents import TABLES
from orchestrator.serving.place import DEFAULT_FOLDER, KEPT
from orchestrator.settings.known_variables import variables_of
from orchestrator.settings.values import Settings
from orchestrator.sources.source_schemas import read_own_tables
from tests.unit.document_texts import OPERATE, ROOT, read, section, table_rows
from tests.unit.test_documents import functions_of_tests

THREATS: Final = OPERATE / "security.md"
PLACES: Final = OPERATE / "compliance.md"
STRIDE: Final = {
    *("spoofing", "tampering", "repudiation"),
    *("information disclosure", "denial of service", "elevation of privilege"),
}


def threats() -> list[list[str]]:
    """Return the rows of the table of threats."""
    return table_rows(section(THREATS, "Threats"))


def test_every_kind_of_threat_has_an_answer() -> None:
    assert {row[0] for row in threats()} == STRIDE
    assert all(len(row) == 4 and row[2] for row in threats())


@pytest.mark.parametrize("row", threats(), ids=lambda row: str(row[1])[:40])
def test_an_answer_is_shown_by_tests_that_there_are(row: list[str]) -> None:
    named = [name.strip("` ") for name in row[3].split(",")]
    assert named
    assert sorted(set(named) - functions_of_tests()) == []


def places() -> set[str]:
    """Return everything that stands in backticks in the first columns of the tables of places."""
    rows = table_rows(section(PLACES, "Every place"))
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row[0])}


def test_the_places_are_the_datasets_of_terraform_and_of_the_builds() -> None:
    terraform = read(ROOT / "infrastructure" / "terraform" / "locals.tf")
    layers = set(re.findall(r'"\$\{var\.dataset\}(_\w+)"', terraform))
    assert {f"_{name}" for name in BUILT} <= layers
    assert {f"<dataset>{name}" for name in (*layers, "", "_backup")} <= places()


def test_the_places_are_those_of_loading_and_forgetting() -> None:
    assert {f"<table>{suffix}" for suffix in (REJECTED_SUFFIX, UNUSABLE_SUFFIX)} <= places()
    assert {"raw_<source>", "raw_files", LEDGER_TABLE} <= places()


def test_every_table_of_operation_is_a_place() -> None:
    declared = {table.name for table in read_own_tables(ROOT)}
    assert len(declared) > 5
    assert sorted({*declared, RUNS, NODES, ALERTS} - places()) == []


def test_every_setting_that_names_a_place_or_a_time_is_there() -> None:
    variables = set(variables_of(Settings))
    ends = ("_PLACE", "_SNAPSHOTS", "_STATE_FOLDER", "_DAYS")
    wanted = {name for name in variables if name.endswith(ends)}
    assert len(wanted) >= 8
    assert sorted(name for name in wanted if f"`{name}`" not in read(PLACES)) == []


def names_in_the_state_folder() -> set[str]:
    """Return the files and folders that modules make in the state folder, by the code."""
    found = {state.STATE_FILE, state.LOCK_FILE, state.LOG_FILE, state.DATA_DIR}
    found |= {state.TRANSLATIONS_FILE, ADDRESS_FILE, KEY_FILE, DEFAULT_FOLDER, OUTBOX_FOLDER}
    for path in sorted((ROOT / "orchestrator").rglob("*.py")):
        text = read(path)
        found |= set(re.findall(r'state_dir / "([\w.]+)"', text))
        found |= set(re.findall(r'open_files\(settings, [\w.]+, "(\w+)"\)', text))
    return found


def test_every_file_of_the_state_folder_is_a_place() -> None:
    names = names_in_the_state_folder()
    assert {"runs", "backups", "serve", "dbt"} <= names
    assert sorted(names - places()) == []


def test_no_constant_of_the_state_folder_is_unknown_to_the_test() -> None:
    named = set()
    for path in sorted((ROOT / "orchestrator").rglob("*.py")):
        named |= set(re.findall(r"state_dir / ([A-Z_]+)\b", read(path)))
    known = {"STATE_FILE", "LOCK_FILE", "LOG_FILE", "DATA_DIR", "TRANSLATIONS_FILE"}
    # The outbox's own file lies in the folder `serve`, which it calls its state.
    assert named - known == {"ADDRESS_FILE", "KEY_FILE", "FILE_NAME", "OUTBOX_FOLDER"}


def test_each_place_says_how_long_and_what_forgetting_does() -> None:
    for row in table_rows(section(PLACES, "Every place")):
        assert len(row) in (3, 4), row
        assert row[1] or "see the next table" in row[1], row


def test_what_the_service_holds_is_said() -> None:
    layers = {table.layer for table in TABLES}
    assert layers == {"published", "marts", "ops"}
    (row,) = [r for r in table_rows(read(PLACES)) if r[0] == "`CONCORD_SERVE_SNAPSHOTS`"]
    assert (row[2], KEPT) == ("the last three", 3)
