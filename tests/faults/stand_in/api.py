"""The part of BigQuery's REST API that dbt-bigquery and Concord use, without the network."""

from __future__ import annotations

import threading
import time
import uuid
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from tests.faults.stand_in.faults import STATUS, Fault, FaultScript
from tests.faults.stand_in.job_rights import require_for_job
from tests.faults.stand_in.jobs import Job, Jobs
from tests.faults.stand_in.results import result_json
from tests.faults.stand_in.rights import PROJECT, Denied, Rights
from tests.faults.stand_in.warehouse import NotThere, Table, Warehouse

LONGEST_POLL_SECONDS: Final = 10.0
# The account that makes the call which is answered in this thread.
CALLER: Final[ContextVar[str]] = ContextVar("caller", default="")


class ApiError(Exception):
    """An answer that is an error."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.status = STATUS.get(reason, 400)
        self.body = {
            "error": {
                "code": self.status,
                "message": message,
                "errors": [{"message": message, "domain": "global", "reason": reason}],
            }
        }


class Reset(Exception):
    """The connection is cut instead of an answer."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call that arrived, with the time."""

    endpoint: str
    node: str
    job_id: str
    at: float


@dataclass
class Api:
    """Answers calls; `script` holds the faults."""

    project: str = "concord-local"
    script: FaultScript = field(default_factory=FaultScript)
    warehouse: Warehouse = field(default_factory=Warehouse)
    calls: list[Call] = field(default_factory=list)
    rights: Rights = field(default_factory=Rights)
    is_closed: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Begin with no jobs."""
        self.jobs = Jobs(self.warehouse, self.project)
        self.lock = threading.RLock()

    def use(self, warehouse: Warehouse) -> None:
        """Go on with tables that are there already; there are no jobs yet."""
        self.warehouse = warehouse
        self.jobs = Jobs(warehouse, self.project)

    def _arrive(self, endpoint: str, node: str, job_id: str = "") -> Fault | None:
        """Note a call, and let a fault that comes before the call takes effect happen."""
        self.calls.append(Call(endpoint, node, job_id, time.time()))
        fault = self.script.next_fault(endpoint, node)
        if fault is None or fault.action == "lose":
            return fault
        if fault.action == "hang":
            self.is_closed.wait(fault.seconds)
            raise Reset
        if fault.action == "reset":
            raise Reset
        raise ApiError(fault.reason, fault.text)

    def _require(self, call: str, dataset: str = PROJECT, table: str = "") -> None:
        """Refuse a call before anybody looks whether what it names exists."""
        try:
            self.rights.require(CALLER.get(), call, dataset, table)
        except Denied as denied:
            raise ApiError("accessDenied", str(denied)) from denied

    # -- jobs ------------------------------------------------------------------------------------

    def insert_job(self, body: dict[str, Any], data: bytes = b"") -> dict[str, Any]:
        """jobs.insert: one job an id, however often it is sent."""
        job_id = body.get("jobReference", {}).get("jobId") or str(uuid.uuid4())
        job = self.jobs.read(body, job_id, data)
        fault = self._arrive("insert" if job.kind == "query" else job.kind, job.node, job_id)
        self._require("jobs.insert")
        denied = self._denied(job)
        if denied and job.configuration.get("dryRun"):
            raise ApiError("accessDenied", denied)
        if job.configuration.get("dryRun"):
            job.is_done = True
            return job.as_json(self.project)
        self._begin(job, denied)
        if fault is not None:
            raise Reset
        return job.as_json(self.project)

    def _denied(self, job: Job) -> str:
        job.account = CALLER.get()
        with self.lock:
            self.jobs.settle()
            try:
                require_for_job(self.rights, job.account, job, self.warehouse)
            except Denied as denied:
                return str(denied)
        return ""

    def _begin(self, job: Job, denied: str) -> None:
        """Take a job in. What it may not touch is an error of the job, not of the call."""
        with self.lock:
            if job.job_id in self.jobs.by_id:
                text = f"Already Exists: Job {self.project}:US.{job.job_id}"
                raise ApiError("duplicate", text)
            refusal = Fault("job", "fail", "accessDenied", denied) if denied else None
            self.jobs.begin(job, refusal or self.script.next_fault("job", job.node))

    def run_query(self, body: dict[str, Any]) -> dict[str, Any]:
        """jobs.query: insert and wait; the same request id is the same job."""
        job_id = f"query_{body.get('requestId') or uuid.uuid4()}"
        job = self.jobs.read({"configuration": {"query": dict(body)}}, job_id)
        fault = self._arrive("query", job.node, job_id)
        self._require("jobs.insert")
        if job_id not in self.jobs.by_id:
            self._begin(job, self._denied(job))
        if fault is not None:
            raise Reset
        return self._results(self.jobs.by_id[job_id], LONGEST_POLL_SECONDS, None)

    def get_job(self, job_id: str) -> dict[str, Any]:
        """jobs.get."""
        job = self._job(job_id)
        if self._arrive("get", job.node, job_id):
            raise Reset
        return job.as_json(self.project)

    def cancel_job(self, job_id: str) -> dict[str, Any]:
        """jobs.cancel."""
        job = self._job(job_id)
        fault = self._arrive("cancel", job.node, job_id)
        with self.lock:
            self.jobs.cancel(job)
        if fault is not None:
            raise Reset
        return {"kind": "bigquery#jobCancelResponse", "job": job.as_json(self.project)}

    def query_results(self, job_id: str, timeout: float, limit: int | None) -> dict[str, Any]:
        """jobs.getQueryResults: waits a while; the error of a failed job is an HTTP error."""
        job = self._job(job_id)
        if self._arrive("poll", job.node, job_id):
            raise Reset
        return self._results(job, min(timeout, LONGEST_POLL_SECONDS), limit)

    def list_jobs(self) -> dict[str, Any]:
        """jobs.list."""
        with self.lock:
            self.jobs.settle()
            jobs = [job.as_json(self.project) for job in self.jobs.by_id.values()]
        return {"jobs": [entry | {"state": entry["status"]["state"]} for entry in jobs]}

    def _results(self, job: Job, timeout: float, limit: int | None) -> dict[str, Any]:
        end = time.time() + timeout
        while not self._is_done(job) and (left := end - time.time()) > 0:
            self.is_closed.wait(min(left, 0.05, max(job.ends_at - time.time(), 0.001)))
            if self.is_closed.is_set():
                raise Reset
        if job.error:
            raise ApiError(job.error["reason"], job.error["message"])
        answer: dict[str, Any] = {
            "kind": "bigquery#getQueryResultsResponse",
            "jobReference": {"projectId": self.project, "jobId": job.job_id, "location": "US"},
            "jobComplete": job.is_done,
        }
        if not job.is_done:
            return answer
        if job.statement and job.statement.writes_rows:
            answer["numDmlAffectedRows"] = "1"
        columns, rows = job.result
        return answer | (result_json(columns, rows, limit) if columns else {})

    def _job(self, job_id: str) -> Job:
        with self.lock:
            self.jobs.settle()
            if job_id not in self.jobs.by_id:
                raise ApiError("notFound", f"Not found: Job {self.project}:US.{job_id}")
            return self.jobs.by_id[job_id]

    def _is_done(self, job: Job) -> bool:
        with self.lock:
            self.jobs.settle()
            return job.is_done

    # -- datasets and tables ---------------------------------------------------------------------

    def list_datasets(self) -> dict[str, Any]:
        """datasets.list."""
        self._touch("datasets", "*")
        account = CALLER.get()
        seen = [
            name
            for name in sorted(self.warehouse.datasets)
            if self.rights.may(account, "bigquery.datasets.get", name)
        ]
        return {"datasets": [self._dataset(name) for name in seen]}

    def get_dataset(self, name: str) -> dict[str, Any]:
        """datasets.get."""
        self._touch("datasets", name)
        self._require("datasets.get", name)
        if name not in self.warehouse.datasets:
            raise ApiError("notFound", f"Not found: Dataset {self.project}:{name}")
        return self._dataset(name)

    def create_dataset(self, body: dict[str, Any]) -> dict[str, Any]:
        """datasets.insert."""
        name = body["datasetReference"]["datasetId"]
        self._touch("datasets", name)
        self._require("datasets.insert")
        if name in self.warehouse.datasets:
            raise ApiError("duplicate", f"Already Exists: Dataset {self.project}:{name}")
        self.warehouse.datasets.add(name)
        return self._dataset(name)

    def delete_dataset(self, name: str) -> dict[str, Any]:
        """datasets.delete, with all that is in it."""
        self._touch("datasets", name)
        with self.lock:
            if name not in self.warehouse.datasets:
                raise ApiError("notFound", f"Not found: Dataset {self.project}:{name}")
            self.warehouse.datasets.discard(name)
            for table in [table for table in self.warehouse.tables if table[0] == name]:
                del self.warehouse.tables[table]
        return {}

    def list_tables(self, dataset: str) -> dict[str, Any]:
        """tables.list."""
        self._touch("tables", dataset)
        self._require("tables.list", dataset)
        if dataset not in self.warehouse.datasets:
            raise ApiError("notFound", f"Not found: Dataset {self.project}:{dataset}")
        with self.lock:
            tables = [table for name, table in self.warehouse.tables.items() if name[0] == dataset]
        return {"tables": [self._table(table) for table in tables], "totalItems": len(tables)}

    def get_table(self, dataset: str, name: str) -> dict[str, Any]:
        """tables.get. The table of an anonymous result is there as long as its job."""
        self._touch("tables", name)
        if dataset == "_anonymous":
            return self._table(Table((dataset, name)))
        self._require("tables.get", dataset, name)
        try:
            return self._table(self.warehouse.table((dataset, name)))
        except NotThere as missing:
            raise ApiError("notFound", f"Not found: {missing}") from missing

    def create_table(self, dataset: str, body: dict[str, Any]) -> dict[str, Any]:
        """tables.insert."""
        name = body["tableReference"]["tableId"]
        self._touch("tables", name)
        self._require("tables.insert", dataset)
        with self.lock:
            if dataset not in self.warehouse.datasets:
                raise ApiError("notFound", f"Not found: Dataset {self.project}:{dataset}")
            if (dataset, name) in self.warehouse.tables:
                raise ApiError("duplicate", f"Already Exists: Table {dataset}.{name}")
            table = Table((dataset, name), body.get("schema", {}).get("fields", []))
            table.description = body.get("description") or ""
            self.warehouse.tables[dataset, name] = table
        return self._table(table)

    def patch_table(self, dataset: str, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """tables.patch: of all that could change, only the schema counts here."""
        self._touch("tables", name)
        self._require("tables.patch", dataset, name)
        table = self.warehouse.table((dataset, name))
        table.schema = body.get("schema", {}).get("fields", table.schema)
        return self._table(table)

    def delete_table(self, dataset: str, name: str) -> dict[str, Any]:
        """tables.delete."""
        self._touch("tables", name)
        self._require("tables.delete", dataset, name)
        with self.lock:
            if self.warehouse.tables.pop((dataset, name), None) is None:
                raise ApiError("notFound", f"Not found: Table {self.project}:{dataset}.{name}")
        return {}

    def held_on_table(self, dataset: str, body: dict[str, Any]) -> dict[str, Any]:
        """tables.testIamPermissions: those of the named permissions that the account holds."""
        account, wanted = CALLER.get(), body["permissions"]
        return {"permissions": [one for one in wanted if self.rights.may(account, one, dataset)]}

    def _touch(self, endpoint: str, name: str) -> None:
        with self.lock:
            self.jobs.settle()
        if self._arrive(endpoint, name) is not None:
            raise Reset

    def _dataset(self, name: str) -> dict[str, Any]:
        reference = {"projectId": self.project, "datasetId": name}
        return {"id": f"{self.project}:{name}", "datasetReference": reference, "location": "US"}

    def _table(self, table: Table) -> dict[str, Any]:
        dataset, name = table.name
        return {
            "kind": "bigquery#table",
            "id": f"{self.project}:{dataset}.{name}",
            "tableReference": {
                "projectId": self.project,
                "datasetId": dataset,
                "tableId": name,
            },
            "type": "VIEW" if table.view else "TABLE",
            "schema": {"fields": table.schema},
            "numRows": str(len(table.rows)),
            "numBytes": "0",
            "location": "US",
            "creationTime": str(int(table.created * 1000)),
            "description": table.description,
        }
