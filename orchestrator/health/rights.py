"""Health of the rights: harmless calls in every dataset that a run touches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orchestrator.bigquery.patience import PROBING
from orchestrator.health.report import CheckResult
from orchestrator.health.warehouse import layer_datasets, raw_datasets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from orchestrator.bigquery.connect import Connection
    from orchestrator.health.report import Surroundings

READ: Final = ("bigquery.tables.get", "bigquery.tables.getData")
WRITE: Final = (*READ, "bigquery.tables.updateData", "bigquery.tables.delete")
SILENT_REBUILD: Final = "without it dbt believes incremental tables missing and rebuilds them"
JOBS: Final = "bigquery.jobs.create"

# A right, with where it is needed, and a call that needs it.
Probe = tuple[str, "Callable[[], object]"]


def check_permissions(around: Surroundings) -> CheckResult:
    """Try what a run does in its datasets; the first refusal is the finding.

    What the run writes is tried for writing. The raw datasets are a connector's: the run only
    reads them. A dataset that does not exist is made by the first run, if its account may.
    """
    connection = around.connection()
    settings = connection.settings
    written = (*layer_datasets(settings), settings.published_dataset)
    return _tried(connection, written, raw_datasets(settings))


def check_run_log(around: Surroundings) -> CheckResult:
    """Try the dataset of the run log. A run goes on without its log, so this stops none."""
    connection = around.connection()
    return _tried(connection, (connection.settings.ops_dataset,), ())


def _tried(
    connection: Connection, written: tuple[str, ...], only_read: tuple[str, ...]
) -> CheckResult:
    from google.api_core.exceptions import Forbidden, NotFound

    needed, count = f"{JOBS} on project {connection.settings.project}", 0
    try:
        connection.query("select 1", patience=PROBING, dry_run=True)
        for dataset in (*written, *only_read):
            try:
                for right, call in _probes(connection, dataset, may_write=dataset in written):
                    needed = right
                    call()
            except NotFound:
                continue
            count += 1
    except Forbidden as error:
        return CheckResult(
            "fail",
            f"refused: {needed}: {error.message}",
            "grant the run's account roles/bigquery.jobUser on the project, "
            "roles/bigquery.dataEditor on the datasets of the layers and "
            "roles/bigquery.dataViewer on the raw ones",
        )
    total = len(written) + len(only_read)
    return CheckResult("ok", f"jobs, tables in {count} of {total} datasets")


def _probes(connection: Connection, dataset: str, *, may_write: bool) -> Iterator[Probe]:
    client = connection.client
    where = f"{connection.settings.project}.{dataset}"
    tables: list[Any] = []

    def list_tables() -> None:
        tables.extend(client.list_tables(where, max_results=1, **PROBING.of_call()))

    def create_table() -> None:
        sql = f"create table `{where}.concord_health_probe` as select 1 as probe"
        connection.query(sql, patience=PROBING, dry_run=True)

    yield (
        f"bigquery.datasets.get on {dataset}, if that exists",
        lambda: client.get_dataset(where, **PROBING.of_call()),
    )
    yield f"bigquery.tables.list on {dataset} ({SILENT_REBUILD})", list_tables
    if may_write:
        yield f"bigquery.tables.create on {dataset}", create_table
    # The local warehouse has no permissions to test.
    if tables and not connection.settings.is_local:
        permissions = WRITE if may_write else READ
        yield (
            f"{' or '.join(permissions)} on {dataset}",
            lambda: _require_on_table(connection, tables[0], permissions),
        )


def _require_on_table(connection: Connection, table: Any, permissions: tuple[str, ...]) -> None:  # noqa: ANN401
    from google.api_core.exceptions import Forbidden

    answer = connection.client.test_iam_permissions(
        table.reference, permissions, **PROBING.of_call()
    )
    granted = answer.get("permissions", ())
    missing = [permission for permission in permissions if permission not in granted]
    if missing:
        raise Forbidden(f"missing: {', '.join(missing)}")
