"""BigQuery in memory, as far as the health check asks it, with permissions that can be missing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from google.api_core.exceptions import Forbidden, NotFound
from google.api_core.retry import Retry
from google.cloud.bigquery import TableReference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from google.cloud.bigquery import QueryJobConfig

ALL = frozenset(
    {
        "bigquery.jobs.create",
        "bigquery.datasets.get",
        "bigquery.tables.list",
        "bigquery.tables.create",
        "bigquery.tables.get",
        "bigquery.tables.getData",
        "bigquery.tables.updateData",
        "bigquery.tables.delete",
    }
)
TABLE = re.compile(r"`([^`]+)`")


@dataclass
class FakeWarehouse:
    """`tables` are `dataset.table` with the newest time in each; `down` is raised by every call."""

    tables: dict[str, datetime | None] = field(default_factory=dict)
    datasets: set[str] = field(default_factory=set)
    granted: frozenset[str] = ALL
    down: Exception | None = None
    calls: list[str] = field(default_factory=list)
    project: str = "concord-local"

    def get_dataset(self, name: str, *, retry: object, timeout: float) -> None:
        self._called(f"datasets.get {name}", "bigquery.datasets.get", retry, timeout)
        self._know(name)

    def list_tables(
        self, name: str, max_results: int | None = None, *, retry: object, timeout: float
    ) -> Iterator[Any]:
        self._called(f"tables.list {name}", "bigquery.tables.list", retry, timeout)
        dataset = self._know(name)
        found = sorted(table for table in self.tables if table.startswith(f"{dataset}."))
        references = [TableReference.from_string(f"{self.project}.{one}") for one in found]
        return iter(
            [SimpleNamespace(table_id=one.table_id, reference=one) for one in references][
                :max_results
            ]
        )

    def test_iam_permissions(
        self, table: TableReference, permissions: Iterable[str], *, retry: object, timeout: float
    ) -> dict[str, list[str]]:
        self._called(f"testIamPermissions {table.table_id}", "", retry, timeout)
        return {"permissions": [name for name in permissions if name in self.granted]}

    def query_and_wait(
        self,
        sql: str,
        *,
        job_config: QueryJobConfig,
        job_retry: object,
        retry: object,
        api_timeout: float,
        wait_timeout: float,
    ) -> Iterator[dict[str, Any]]:
        assert isinstance(job_retry, Retry)
        assert 0 < wait_timeout <= 30
        assert not job_config.dry_run
        self._called(sql, "bigquery.jobs.create", retry, api_timeout)
        return iter(self._rows(sql))

    def query(self, sql: str, *, job_config: QueryJobConfig, retry: object, timeout: float) -> Any:  # noqa: ANN401 - a job
        assert job_config.dry_run, "a health check creates nothing"
        self._called(sql, "bigquery.jobs.create", retry, timeout)
        if sql.startswith("create table"):
            self._need("bigquery.tables.create")
        return SimpleNamespace(result=lambda: iter([]))

    def _rows(self, sql: str) -> list[dict[str, Any]]:
        if sql.startswith("select session_user()"):
            return [{"account": "nightly@example.test"}]
        if sql == "select 1":
            return [{"f0_": 1}]
        rows: list[dict[str, Any]] = []
        for select in sql.split(" union all "):
            table = TABLE.findall(select)[0].partition(".")[2]
            if table not in self.tables:
                raise NotFound(f"Not found: Table {table}")
            if table.endswith("_ops.pipeline_runs"):
                rows.append({"last": self.tables[table]})
            else:
                name = select.split("'")[1]
                rows.append({"name": name, "newest": self.tables[table]})
        return rows

    def _called(self, call: str, permission: str, retry: object, timeout: float) -> None:
        # Repeated for seconds, not for minutes as Google's client would.
        assert isinstance(retry, Retry)
        assert 0 < (retry.timeout or 0) <= 10
        assert 0 < timeout <= 10
        self.calls.append(call)
        if self.down is not None:
            raise self.down
        self._need(permission)

    def _need(self, permission: str) -> None:
        if permission and permission not in self.granted:
            raise Forbidden(f"Access Denied: Permission {permission} denied")

    def _know(self, name: str) -> str:
        dataset = name.rpartition(".")[2]
        if dataset not in self.datasets:
            raise NotFound(f"Not found: Dataset {name}")
        return dataset
