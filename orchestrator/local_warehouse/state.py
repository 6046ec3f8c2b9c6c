"""The state file: how one command finds the warehouse that another one started."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import psutil

from orchestrator.local_warehouse.private_files import write_private

if TYPE_CHECKING:
    from pathlib import Path

STATE_FILE = "warehouse.json"
LOCK_FILE = "warehouse.lock"
LOG_FILE = "warehouse.log"
DATA_DIR = "warehouse"
TRANSLATIONS_FILE = "translations.sqlite"


@dataclass(frozen=True)
class Warehouse:
    """A warehouse that has been started, and where its data and state are."""

    url: str
    grpc_endpoint: str
    pid: int
    started_at: str
    project_id: str
    project_dir: str | None
    data_dir: str
    state_file: str
    versions: dict[str, str]
    # Empty: written by a version that asked for none.
    token: str = field(default="", repr=False)

    @property
    def port(self) -> int:
        """Return the port of the REST interface."""
        return int(self.url.rpartition(":")[2])

    def variables(self) -> dict[str, str]:
        """Return the variables that lead dbt and `concord` to it."""
        return {"CONCORD_WAREHOUSE_URL": self.url, "CONCORD_WAREHOUSE_TOKEN": self.token}

    def process(self) -> psutil.Process | None:
        """Return the running process, or None when it has ended.

        The number alone may belong to a later process; the state file on the command line tells.
        """
        try:
            process = psutil.Process(self.pid)
            is_own = self.state_file in process.cmdline()
        except psutil.Error:
            return None
        return process if is_own else None


def write_warehouse(path: Path, warehouse: Warehouse) -> None:
    """Write the state file, which only its owner can read: it holds the token."""
    write_private(path, json.dumps(asdict(warehouse), indent=2) + "\n")


def read_warehouse(path: Path) -> Warehouse | None:
    """Return the recorded warehouse when its process still runs, else None.

    A state file that came with a copy of a project's folder speaks of the other project.
    """
    try:
        warehouse = Warehouse(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, json.JSONDecodeError, TypeError):
        return None
    is_own = warehouse.state_file == str(path.resolve())
    return warehouse if is_own and warehouse.process() is not None else None
