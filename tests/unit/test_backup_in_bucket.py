"""Backup and restore with exports in Cloud Storage: what BigQuery is asked for, in which order.

The stand-in refuses what BigQuery refuses; none of this has run on BigQuery.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from google.api_core.exceptions import NotFound
from google.cloud.bigquery import SchemaField, Table, TimePartitioning

from orchestrator.backup import make as backups
from orchestrator.backup import restore as restores
from orchestrator.backup.make import list_backups, make_backup
from orchestrator.backup.restore import restore_tables
from orchestrator.bigquery.connect import Connection
from orchestrator.errors import RunFailed
from orchestrator.files.state_files import FilesInBucket
from orchestrator.settings.values import Settings
from tests.unit.bucket_fake import FakeBucket
from tests.unit.fence_fake import Fence

if TYPE_CHECKING:
    from google.cloud.bigquery import CopyJobConfig, LoadJobConfig

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
RUNS = "p.concord_ops.pipeline_runs"
SNAPSHOT = "p.concord_backup.20261125T020000Z__concord_ops__pipeline_runs"


@dataclass
class NamedBucket(FakeBucket):
    """A bucket that knows its name."""

    name: str = "safe"


class Done:
    """A job whose work is done when somebody waits for it."""

    def __init__(self, rows: list[dict[str, Any]] | None = None) -> None:
        self._rows = rows or []

    def result(self, page_size: int | None = None, **_: object) -> list[dict[str, Any]]:
        """Return the rows."""
        return self._rows


@dataclass
class BigQuery:
    """Tables whose content is one text. Snapshots cannot be overwritten."""

    bucket: NamedBucket
    tables: dict[str, str] = field(default_factory=lambda: {RUNS: "good"})
    statements: list[str] = field(default_factory=list)
    loads: list[LoadJobConfig] = field(default_factory=list)

    def _of(self, name: str) -> str:
        if name not in self.tables:
            raise NotFound(f"Not found: Table {name}")
        return self.tables[name]

    def get_dataset(self, _reference: object) -> None:
        """All datasets are there."""

    def list_tables(self, dataset: str) -> list[Table]:
        """Return the tables of a dataset."""
        return [Table(name) for name in self.tables if name.startswith(f"{dataset}.")]

    def get_table(self, name: str) -> Table:
        """Return a table with partitions and clusters."""
        self._of(name)
        table = Table(
            name, [SchemaField("run_id", "STRING"), SchemaField("tags", "STRING", "REPEATED")]
        )
        table.time_partitioning = TimePartitioning(field="started_at")
        table.clustering_fields = ["run_id"]
        return table

    def query(self, sql: str, job_config: object) -> Done:
        """Understand the three statements of a backup."""
        self.statements.append(sql)
        names = re.findall(r"`([^`]+)`", sql)
        if sql.startswith("create snapshot table"):
            assert names[0] not in self.tables
            self.tables[names[0]] = self._of(names[1])
            return Done()
        if sql.startswith("export data"):
            uri = re.search(r"uri = 'gs://safe/([^'*]+)\*\.parquet'", sql)
            assert uri is not None
            self.bucket.objects[f"{uri[1]}000.parquet"] = self._of(names[0]).encode()
            return Done()
        return Done([{"n_rows": 1, "folded": self._of(names[0]), "added": "0"}])

    def load_table_from_uri(self, uri: str, name: str, job_config: LoadJobConfig) -> Done:
        """Load what the export has left."""
        start = uri.removeprefix("gs://safe/").partition("*")[0]
        found = [data for key, data in self.bucket.objects.items() if key.startswith(start)]
        if not found:
            raise NotFound(f"Not found: Uris {uri}")
        self.loads.append(job_config)
        self.tables[name] = found[0].decode()
        return Done()

    def copy_table(self, source: str, target: str, job_config: CopyJobConfig) -> Done:
        """Copy; a snapshot is copied by RESTORE only."""
        assert (job_config.operation_type == "RESTORE") == (source == SNAPSHOT)
        self.tables[target] = self._of(source)
        return Done()

    def delete_table(self, name: str, *, not_found_ok: bool) -> None:
        """Delete a table."""
        assert not_found_ok
        self.tables.pop(name, None)


@pytest.fixture
def bigquery(monkeypatch: pytest.MonkeyPatch) -> BigQuery:
    bucket = NamedBucket()
    files = FilesInBucket(bucket, "concord/p.concord/")
    for module in (backups, restores):
        monkeypatch.setattr(module, "open_backups", lambda _settings: files)
    return BigQuery(bucket)


def connection(bigquery: BigQuery) -> Connection:
    return Connection(Settings(project="p", target="prod"), bigquery)  # type: ignore[arg-type]


def test_backup_and_restore_from_the_bucket(bigquery: BigQuery) -> None:
    opened = connection(bigquery)
    made = make_backup(opened, {}, NOW)
    assert list_backups(opened.settings) == (made,)
    assert "timestamp '2026-12-25 02:00:00+00'" in bigquery.statements[0]
    # What does not change is counted and exported, not the table that goes on changing.
    assert all(SNAPSHOT in statement for statement in bigquery.statements)
    for origin in ("export", "snapshot"):
        bigquery.tables[RUNS] = "spoilt"
        restore_tables(opened, made, made.tables, origin, Fence())
        assert bigquery.tables == {RUNS: "good", SNAPSHOT: "good"}
    load = bigquery.loads[0]
    assert load.clustering_fields == ["run_id"]
    assert load.time_partitioning.field == "started_at"
    assert load.parquet_options.enable_list_inference
    assert [column.mode for column in load.schema] == ["NULLABLE", "REPEATED"]


def test_a_changed_object_is_refused(bigquery: BigQuery) -> None:
    opened = connection(bigquery)
    made = make_backup(opened, {}, NOW)
    name = next(name for name in bigquery.bucket.objects if name.endswith(".parquet"))
    bigquery.bucket.objects[name] = b"other"
    bigquery.tables[RUNS] = "newer"
    with pytest.raises(RunFailed, match="is damaged"):
        restore_tables(opened, made, made.tables, "export", Fence())
    assert bigquery.tables == {RUNS: "newer", SNAPSHOT: "good"}
