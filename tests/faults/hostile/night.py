"""A night over hostile rows of all sources, on a warehouse and a copy of the project of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from orchestrator.bigquery.connect import Connection, private_local_warehouse
from orchestrator.bigquery.upload import upload_ndjson
from orchestrator.settings.values import Settings
from orchestrator.sources.raw_tables import ensure_raw_tables
from orchestrator.sources.source_schemas import read_raw_tables
from tests.faults.hostile.rows import HostileRows
from tests.project_copy import copy_project, share_translations

if TYPE_CHECKING:
    from collections.abc import Iterator

BIN: Final = Path(sys.executable).parent
MEMORY: Final = "2GB"
SECONDS: Final = 1_800


@dataclass(frozen=True)
class HostileNight:
    """What `concord run` came to, and the warehouse behind it."""

    connection: Connection
    rows: HostileRows
    exit_code: int
    text: str

    def query(self, sql: str) -> list[dict[str, Any]]:
        """Return the rows of a query."""
        return [dict(row.items()) for row in self.connection.query(sql)]


@contextmanager
def hostile_night(folder: Path, count: int, seed: int) -> Iterator[HostileNight]:
    """Put hostile rows into the raw tables, as a connector would, and run a night over them."""
    project = copy_project(folder)
    share_translations(project)
    settings = Settings(project_dir=project)
    with private_local_warehouse(settings, folder / "warehouse", MEMORY) as connection:
        tables = list(read_raw_tables(project).values())
        ensure_raw_tables(connection, tables)
        rows = HostileRows(tables, count, seed)
        for table in tables:
            path = folder / "rows.ndjson"
            lines = [json.dumps(row) for row in rows.rows[table.full_name]]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            table_id = connection.table_id(settings.raw_dataset(table.source), table.name)
            upload_ndjson(connection, path, table_id, table.schema())
        done = _run(project, connection.settings)
        yield HostileNight(connection, rows, done.returncode, done.stdout + done.stderr)


def _run(project: Path, settings: Settings) -> subprocess.CompletedProcess[str]:
    clean = {name: text for name, text in os.environ.items() if not name.startswith("CONCORD_")}
    place = {
        name: text
        for name, text in settings.environment().items()
        if name.startswith("CONCORD_WAREHOUSE_")
    }
    return subprocess.run(
        [str(BIN / "concord"), "run"],
        cwd=project,
        env={**clean, **place},
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
