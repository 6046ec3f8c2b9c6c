"""Builds the identities of all sequences of a night at once, as `concord run` would."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import dataclass, fields
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from orchestrator.run.commit import ledger_columns, ledger_sql
from orchestrator.sources.own_tables import ensure_own_tables
from tests.entities.check import Found
from tests.entities.plain_model import Happening, IdChanges, Place
from tests.entities.tables import append_rows, read_rows, replace_texts
from tests.project_copy import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection
    from tests.entities.check import Night

ENTITIES: Final = ("person", "company")
# What is built; the tables before it are the test's.
KEPT: Final = (
    *("entities/identities/*", "marts/stewardship/entity_*"),
    *("staging/concord_ops/*.yml", "staging/concord_ops/*_entity_ledger.sql"),
    "marts/stewardship/_stewardship__models.yml",
)
GIVEN: Final = {
    "matching/clustering/{}_clusters": ("record_id", "cluster_id"),
    "standardized/int_{}_records": ("record_id", "record_hash"),
    "matching/quality/int_{}_model_version": ("model_version",),
}
# Rows are added to it night by night.
DECIDED: Final = "matching/constraints/int_{}_decided_records"


def small_project(folder: Path) -> Path:
    """Copy what is needed of the project, so that dbt has little to read every night."""
    for part in ("dbt_project.yml", "profiles.yml", "macros", "tests/dbt/generic"):
        source, target = ROOT / part, folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    models = ROOT / "models"
    for path in chain(models.rglob("*.md"), *(models.glob(pattern) for pattern in KEPT)):
        if "unit_tests" not in path.name:
            _put(folder / "models" / path.relative_to(models), path.read_text(encoding="utf-8"))
    for entity in ENTITIES:
        for given in (*GIVEN, DECIDED):
            _put(folder / "models" / f"{given.format(entity)}.sql", "select 1 as given")
    # The given tables are of no group, and everybody may read them.
    project = folder / "dbt_project.yml"
    text = re.sub(r"\+(group: matching|access: private)\n", "+tags: [given]\n", project.read_text())
    project.write_text(text, encoding="utf-8")
    return folder


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class JointNights:
    """A warehouse in which the test stands for everything before the identities."""

    connection: Connection
    project: Path

    def begin(self) -> None:
        """Make the datasets, and the tables that concord itself has."""
        for part in ("matching", "standardized", "ops"):
            self.connection.query(f"create schema if not exists concord_{part}")
        ensure_own_tables(self.connection)

    def write(self, entity: str, nights: Sequence[Night], model_version: str) -> None:
        """Write what the matching would have found."""
        clusters = [pair for night in nights for pair in night.clusters.items()]
        hashes = [pair for night in nights for pair in night.hashes.items()]
        contents: list[list[tuple[str, ...]]] = [[*clusters], [*hashes], [(model_version,)]]
        for (path, columns), rows in zip(GIVEN.items(), contents, strict=True):
            folder, *_, name = path.format(entity).split("/")
            replace_texts(self.connection, f"concord_{folder}.{name}", columns, rows)

    def decide(self, entity: str, nights: Sequence[Night], decided_at: str) -> None:
        """Write which records people decided about before this night."""
        table_id = self.connection.table_id("concord_matching", f"int_{entity}_decided_records")
        self.connection.query(
            f"create table if not exists `{table_id}` (record_id string, decided_at timestamp)"
        )
        rows = [
            {"record_id": record, "decided_at": decided_at}
            for night in nights
            for record in sorted(night.decided)
        ]
        append_rows(
            self.connection, table_id, self.connection.client.get_table(table_id).schema, rows
        )

    def found(self, entity: str) -> Found:
        """Read what the build of the night says."""
        assigned = read_rows(
            self.connection, f"select * from concord_entities.{entity}_assignments"
        )
        rows = self._ledger_rows(f"concord_entities.int_{entity}_ledger_rows")
        key = f"{entity}_id"
        return Found(
            {row["record_id"]: Place(row[key], row["record_hash"]) for row in assigned},
            {row["record_id"]: row["cluster_id"] for row in assigned},
            {row["record_id"]: happening_of(row) for row in rows},
            {row["record_id"]: row["cause"] for row in rows},
        )

    def ledger(self, entity: str) -> list[Happening]:
        """Read the ledger of an entity from its first row."""
        rows = self._ledger_rows("concord_ops.entity_ledger", f"where entity = '{entity}'")
        return [happening_of(row) for row in rows]

    def _ledger_rows(self, table: str, where: str = "") -> list[dict[str, Any]]:
        return read_rows(self.connection, f"select * from {table} {where} order by happened_at")

    def commit(self) -> int:
        """Accept the night as `concord run` does; returns how many rows the ledger has then."""
        id_of = self.connection.table_id
        models = [id_of("concord_entities", f"int_{entity}_ledger_rows") for entity in ENTITIES]
        ledger = id_of("concord_ops", "entity_ledger")
        self.connection.query(ledger_sql(ledger, ledger_columns(self.connection), models))
        [row] = read_rows(self.connection, f"select count(*) as n_rows from `{ledger}`")
        return int(row["n_rows"])

    def aliases(self) -> dict[str, str | None]:
        """Return what every retired id stands for, as published."""
        rows = read_rows(self.connection, "select * from concord_marts.entity_aliases")
        return {row["retired_id"]: row["entity_id"] for row in rows}

    def id_changes(self, entity: str) -> list[IdChanges]:
        """Return how many ids every night changed, from the first night on."""
        names = [field.name for field in fields(IdChanges)]
        rows = read_rows(
            self.connection,
            f"select {', '.join(names)} from concord_marts.entity_id_changes "
            f"where entity = '{entity}' order by happened_at",
        )
        return [IdChanges(**row) for row in rows]

    def events(self) -> Counter[tuple[str | None, ...]]:
        """Return run, ids before and after and event, with the number of records."""
        rows = read_rows(self.connection, "select * from concord_marts.entity_events")
        found: Counter[tuple[str | None, ...]] = Counter()
        for row in rows:
            assert len(row["record_ids"]) == row["n_records"]
            ids = (row["entity_id_before"], row["entity_id"], row["event"])
            found[row["entity"], *ids] += row["n_records"]
        return found


def happening_of(row: Mapping[str, Any]) -> Happening:
    """Return a row of the ledger as the plain model has it."""
    return Happening(
        row["record_id"],
        row["entity_id_before"],
        row["entity_id"],
        row["record_hash"],
        row["event"],
    )
