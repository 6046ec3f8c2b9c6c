"""Opens the warehouse of the chosen target: BigQuery, or the local one, which it starts."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orchestrator.bigquery.credentials import google_credentials
from orchestrator.bigquery.local_address import answers, check_owner, names_project, token_of
from orchestrator.errors import ConfigurationError, WarehouseUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from google.auth.credentials import Credentials
    from google.cloud.bigquery import Client
    from google.cloud.bigquery.table import RowIterator

    from orchestrator.bigquery.patience import Patience
    from orchestrator.settings.values import Settings

# A poll of a failed job answers as an outage does. Google's client would poll for ten minutes
# before it looks at the job itself, sees that it failed, and starts it again.
POLL_SECONDS: Final = 10.0
# Record batches that wait to be written; it bounds the memory of an export.
READ_AHEAD: Final = 4
# Project, dataset and table: nothing that could end a name in backticks.
TABLE_NAME: Final = re.compile(r"[\w .:$*-]+")


@dataclass(frozen=True)
class Connection:
    """An open warehouse, and the settings with its address filled in."""

    settings: Settings
    client: Client

    def table_id(self, dataset: str, table: str) -> str:
        """Return the full name of a table; what could end a name in backticks is refused."""
        name = f"{self.settings.project}.{dataset}.{table}"
        if not TABLE_NAME.fullmatch(name):
            raise ConfigurationError(
                f"{name!r} is no name of a table", "look at its name in the sources files"
            )
        return name

    def table_names(self, dataset: str, **limits: Any) -> frozenset[str]:  # noqa: ANN401 - of a call
        """Return the names of a dataset's tables; none where there is no such dataset.

        A dataset of another project comes with that project's name.
        """
        from google.api_core.exceptions import NotFound

        where = dataset if "." in dataset else f"{self.settings.project}.{dataset}"
        try:
            return frozenset(one.table_id for one in self.client.list_tables(where, **limits))
        except NotFound:
            return frozenset()

    def query(
        self,
        sql: str,
        *parameters: Any,  # noqa: ANN401 - scalar and array parameters
        patience: Patience | None = None,
        dry_run: bool = False,
    ) -> RowIterator:
        """Run one query or script and wait for its rows; with a patience, not from the cache."""
        from google.cloud.bigquery import DEFAULT_RETRY, QueryJobConfig
        from google.cloud.bigquery.retry import DEFAULT_JOB_RETRY

        job_config = QueryJobConfig(query_parameters=list(parameters), dry_run=dry_run)
        if dry_run:
            # A job of its own: nothing runs, so there is nothing to wait for.
            limits = patience.of_call() if patience is not None else {}
            return self.client.query(sql, job_config=job_config, **limits).result()
        if patience is not None:
            job_config.use_query_cache = False
            return self.client.query_and_wait(
                sql,
                job_config=job_config,
                api_timeout=patience.call_seconds,
                wait_timeout=patience.wait_seconds,
                retry=DEFAULT_RETRY.with_timeout(patience.call_seconds),
                job_retry=DEFAULT_JOB_RETRY.with_timeout(patience.wait_seconds),
            )
        job = self.client.query(sql, job_config=job_config)
        poll = DEFAULT_RETRY.with_timeout(POLL_SECONDS)
        return job.result(page_size=self.settings.api.page_size, retry=poll)

    def record_batches(self, table_id: str) -> Iterator[Any]:
        """Read a table or a view as Arrow batches without holding the whole of it."""
        table = self.client.get_table(table_id)
        # The rows of a view are nowhere until somebody asks for them.
        is_view = table.table_type == "VIEW"
        rows = (
            self.query(f"select * from `{table_id}`") if is_view else self.client.list_rows(table)
        )
        reader = None if self.settings.is_local else self.storage_reader()
        yield from rows.to_arrow_iterable(bqstorage_client=reader, max_queue_size=READ_AHEAD)

    def storage_reader(self) -> Any:  # noqa: ANN401 - imported late
        """Return a client of BigQuery's storage API that is the same account."""
        from google.cloud.bigquery_storage import BigQueryReadClient

        return BigQueryReadClient(credentials=google_credentials(self.settings))


def connect(settings: Settings) -> Connection:
    """Open the warehouse of the target; the local one is started when it does not run."""
    if not settings.is_local:
        return Connection(settings, _cloud_client(settings))
    from orchestrator.local_warehouse import process

    if settings.warehouse_url is not None:
        check_owner(settings)
        # Google's client would retry a refused connection for ten minutes.
        if answers(settings.warehouse_url):
            return _local_connection(settings, settings.warehouse_url, token_of(settings))
        if not names_project(settings):
            raise WarehouseUnavailable(
                f"no local warehouse answers at {settings.warehouse_url}",
                "run 'concord warehouse start', or unset CONCORD_WAREHOUSE_URL",
            )
    # Also when a shell still has the address of an earlier start.
    with _clear_start_errors():
        warehouse = process.ensure_running(
            settings.state_dir, settings.project, project_dir=settings.project_dir
        )
    return _local_connection(settings, warehouse.url, warehouse.token)


def connect_running(settings: Settings) -> Connection:
    """Open the warehouse as it is: a local one that does not run is not started."""
    from orchestrator.local_warehouse import process

    if not settings.is_local or settings.warehouse_url is not None:
        return connect(settings)
    found = process.running_warehouse(settings.state_dir)
    if found is None:
        raise WarehouseUnavailable(
            "the local warehouse is not running", "start it with 'concord warehouse start'"
        )
    return _local_connection(settings, found.url, found.token)


@contextmanager
def private_local_warehouse(
    settings: Settings,
    data_dir: Path,
    memory_limit: str,
    *,
    keeps_data: bool = True,
    exports_dir: Path | None = None,
) -> Iterator[Connection]:
    """Run a local warehouse of its own for one command."""
    from orchestrator.local_warehouse import process

    with _clear_start_errors():
        started = process.ephemeral(
            data_dir,
            settings.project,
            memory_limit,
            project_dir=settings.project_dir,
            state_dir=settings.state_dir,
            keeps_data=keeps_data,
            exports_dir=exports_dir,
        )
        warehouse = started.__enter__()
    try:
        yield _local_connection(settings, warehouse.url, warehouse.token)
    finally:
        started.__exit__(None, None, None)


def _local_connection(settings: Settings, url: str, token: str) -> Connection:
    from google.auth.credentials import AnonymousCredentials
    from google.oauth2.credentials import Credentials

    credentials = Credentials(token=token) if token else AnonymousCredentials()
    # No time limit: it answers when a query is over, and a repeated request would run it again.
    client = _client(settings, credentials, None, url)
    return Connection(settings.with_changes(warehouse_url=url, warehouse_token=token), client)


def _cloud_client(settings: Settings) -> Client:
    return _client(settings, google_credentials(settings), settings.api.timeout_seconds)


def _client(
    settings: Settings, credentials: Credentials, timeout: float | None, url: str | None = None
) -> Client:
    """Make a client whose every request, retries included, passes one adapter."""
    from google.auth.transport.requests import AuthorizedSession
    from google.cloud.bigquery import Client, QueryJobConfig

    from orchestrator.bigquery.time_limit import TimeLimit

    adapter = TimeLimit(timeout)
    session = AuthorizedSession(credentials)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return Client(
        project=settings.project,
        location=settings.location,
        credentials=credentials,
        default_query_job_config=QueryJobConfig(use_query_cache=settings.api.use_query_cache),
        client_options={"api_endpoint": url} if url else None,
        _http=session,
    )


@contextmanager
def _clear_start_errors() -> Iterator[None]:
    from orchestrator.local_warehouse.errors import WarehouseError

    try:
        yield
    except WarehouseError as error:
        raise WarehouseUnavailable(
            str(error), "see 'concord warehouse status' and the log that it names"
        ) from error
