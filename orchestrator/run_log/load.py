"""Loads runs into the two tables of the run log; a row that is refused holds up no other.

Runs come last: where there is a run, its nodes are there. What is there already is not loaded
again, row by row, so that a load whose answer got lost, or that was cut off, does no harm.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from orchestrator.bigquery.ensure import ensure_columns, ensure_dataset, ensure_tables
from orchestrator.bigquery.patience import PATIENT
from orchestrator.redaction import redact
from orchestrator.run_log.rows import NODES, RUNS, table_schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestrator.bigquery.connect import Connection
    from orchestrator.run_log.rows import RunRows

KEYS: Final = {RUNS: ("run_id",), NODES: ("run_id", "unique_id")}
# Loads of a table while the refused rows are being found. A row takes about twice the logarithm
# of their number; BigQuery allows 1,500 loads per table and day.
MOST_LOADS: Final = 64
# Where so many were refused and none was taken, the table is to blame.
LOADS_IN_VAIN: Final = 20
NOT_TRIED: Final = "not tried: too many rows were refused before it"


@dataclass(slots=True)
class Loader:
    """Loads the rows of one table, and notes those that are refused with the reason."""

    connection: Connection
    table: str
    refused: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)
    loads: int = 0
    has_loaded: bool = False

    def load(self, rows: list[dict[str, Any]]) -> None:
        """Load what is not there yet; raise when nothing at all is taken."""
        missing = self._missing(rows)
        if not missing:
            return
        problem = self._try(missing)
        if problem is not None and not self.has_loaded:
            # It is the table or the right to it: no row is to blame.
            self.refused.clear()
            raise problem

    def _try(self, rows: list[dict[str, Any]]) -> Exception | None:
        """Load rows, the halves of them where they are refused; return the last refusal."""
        from google.api_core.exceptions import BadRequest

        if self.loads >= (MOST_LOADS if self.has_loaded else LOADS_IN_VAIN):
            self.refused += [(self.table, row, NOT_TRIED) for row in rows]
            return None
        self.loads += 1
        try:
            self._append(rows)
        except Exception as error:
            # Its answer may have got lost after its work was done.
            left = self._missing(rows)
            if not left:
                self.has_loaded = True
                return None
            if not isinstance(error, BadRequest):
                raise
            if len(left) == 1:
                reason = redact(" ".join(str(error).split()))
                self.refused.append((self.table, left[0], reason))
                return error
            half = len(left) // 2
            for part in (left[:half], left[half:]):
                self._try(part)
            return error
        self.has_loaded = True
        return None

    def _append(self, rows: list[dict[str, Any]]) -> None:
        from google.cloud.bigquery import LoadJobConfig, SchemaUpdateOption, WriteDisposition

        job_config = LoadJobConfig(
            schema=table_schema(self.table),
            write_disposition=WriteDisposition.WRITE_APPEND,
            schema_update_options=[SchemaUpdateOption.ALLOW_FIELD_ADDITION],
            ignore_unknown_values=True,
        )
        self.connection.client.load_table_from_json(
            rows,
            _table_id(self.connection, self.table),
            num_retries=2,
            timeout=PATIENT.call_seconds,
            job_config=job_config,
        ).result(timeout=PATIENT.wait_seconds)

    def _missing(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the rows that are not in the table."""
        from google.cloud.bigquery import ArrayQueryParameter

        keys = KEYS[self.table]
        runs = sorted({row["run_id"] for row in rows})
        wanted = ArrayQueryParameter("run_ids", "STRING", runs)
        sql = (
            f"select distinct {', '.join(keys)} from `{_table_id(self.connection, self.table)}` "
            "where run_id in unnest(@run_ids)"
        )
        known = {
            tuple(row[key] for key in keys)
            for row in self.connection.query(sql, wanted, patience=PATIENT)
        }
        return [row for row in rows if tuple(row[key] for key in keys) not in known]


def load_runs(
    connection: Connection, runs: Iterable[RunRows]
) -> list[tuple[str, dict[str, Any], str]]:
    """Load runs; return the rows that the warehouse refuses: table, row, reason."""
    ensure_run_log(connection)
    waiting = tuple(runs)
    refused: list[tuple[str, dict[str, Any], str]] = []
    for table in (NODES, RUNS):
        loader = Loader(connection, table)
        rows = [row for of_run in waiting for row in of_run[table]]
        if rows:
            loader.load(rows)
        refused += loader.refused
    return refused


def ensure_run_log(connection: Connection) -> None:
    """Create the dataset and the tables, and columns that an older version did not have."""
    from google.api_core.exceptions import NotFound
    from google.cloud.bigquery import Table, TimePartitioning

    client = connection.client
    ensure_dataset(connection, connection.settings.ops_dataset, **PATIENT.of_call())
    for name in (RUNS, NODES):
        try:
            table = client.get_table(_table_id(connection, name), **PATIENT.of_call())
        except NotFound:
            table = Table(_table_id(connection, name), schema=table_schema(name))
            table.time_partitioning = TimePartitioning(field="started_at")
            table.clustering_fields = ["run_id"]
            ensure_tables(connection, connection.settings.ops_dataset, [table], **PATIENT.of_call())
            continue
        ensure_columns(connection, table, table_schema(name), **PATIENT.of_call())


def _table_id(connection: Connection, name: str) -> str:
    return connection.table_id(connection.settings.ops_dataset, name)
