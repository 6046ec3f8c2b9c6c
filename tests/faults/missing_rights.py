"""The rights of the shipped accounts, each of them missing once, and what is expected then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from orchestrator.errors import EXIT_FAILED, EXIT_USAGE
from tests.faults.stand_in.rights import PROJECT

LAYER: Final = "night_marts"
CONNECTOR: Final = "raw_dialpad"
RUNS: Final = "concord-local-concord-runs"
BACKUPS: Final = "concord-local-concord-backups"


# One of each kind; the others belong to `make test-faults`.
QUICK: Final = {"layer_list", "connector_getData", "bucket_get", "backup_layer_deleteSnapshot"}


@dataclass(frozen=True, slots=True)
class MissingRight:
    """One right that one account lacks in one place, and the command that needs it."""

    name: str
    permission: str
    where: str
    exit_code: int
    account: str = "nightly"
    command: str = "run"

    @property
    def what(self) -> str:
        """Say what is missing, for the document."""
        where = "the project" if self.where == PROJECT else f"`{self.where}`"
        return f"`concord {self.command}`: the account lacks `{self.permission}` on {where}"


def _run(permission: str, where: str, exit_code: int = EXIT_FAILED) -> MissingRight:
    place = {LAYER: "layer", CONNECTOR: "connector", RUNS: "bucket"}.get(where, "project")
    kind = permission.rpartition(".")[2]
    return MissingRight(f"{place}_{kind}", permission, where, exit_code)


def _backup(permission: str, where: str) -> MissingRight:
    kind = permission.rpartition(".")[2]
    place = {BACKUPS: "bucket", LAYER: "layer"}.get(where, "snapshots")
    return MissingRight(f"backup_{place}_{kind}", permission, where, EXIT_USAGE, "backup", "backup")


MISSING_RIGHTS: Final = (
    _run("bigquery.jobs.create", PROJECT),
    _run("bigquery.datasets.get", LAYER),
    _run("bigquery.tables.list", LAYER),
    _run("bigquery.tables.create", LAYER),
    _run("bigquery.tables.getData", LAYER),
    _run("bigquery.tables.updateData", LAYER),
    _run("bigquery.tables.delete", LAYER),
    _run("bigquery.datasets.get", CONNECTOR),
    _run("bigquery.tables.list", CONNECTOR),
    _run("bigquery.tables.getData", CONNECTOR),
    _run("storage.objects.get", RUNS, EXIT_USAGE),
    _run("storage.objects.delete", RUNS, EXIT_USAGE),
    _backup("bigquery.tables.createSnapshot", LAYER),
    _backup("bigquery.tables.deleteSnapshot", LAYER),
    _backup("bigquery.tables.create", "night_backup"),
    _backup("storage.objects.create", BACKUPS),
)
