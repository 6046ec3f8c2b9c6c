"""The jobs of the stand-in. One takes effect when its time is over, whether or not anyone asks."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tests.faults.stand_in.results import columns_and_rows
from tests.faults.stand_in.statements import read_statement
from tests.faults.stand_in.warehouse import NotThere, Table, Warehouse, Write

if TYPE_CHECKING:
    from tests.faults.stand_in.faults import Fault
    from tests.faults.stand_in.statements import Statement, TableName

USUAL_SECONDS: Final = 0.01
CANCELLED: Final = {
    "reason": "stopped",
    "message": "Job execution was cancelled: User requested cancellation",
}


@dataclass(slots=True)
class Job:
    """One job. `error` is set when it has failed."""

    job_id: str
    kind: str
    configuration: dict[str, Any]
    node: str
    ends_at: float
    statement: Statement | None = None
    target: TableName | None = None
    rows: list[dict[str, Any]] = field(default_factory=list)
    planned: Fault | None = None
    is_done: bool = False
    error: dict[str, str] | None = None
    account: str = ""
    result: tuple[list[dict[str, str]], list[tuple[Any, ...]]] = ((), ())  # type: ignore[assignment]
    created: float = field(default_factory=time.time)

    def as_json(self, project: str) -> dict[str, Any]:
        """Return the job as the API describes it."""
        status: dict[str, Any] = {"state": "DONE" if self.is_done else "RUNNING"}
        if self.error:
            status |= {"errorResult": self.error, "errors": [self.error]}
        millis = str(int(self.created * 1000))
        facts: dict[str, Any] = {"creationTime": millis, "startTime": millis}
        if self.is_done:
            facts |= {"endTime": str(int(self.ends_at * 1000)), "totalSlotMs": "7"}
        if self.statement:
            processed = {"totalBytesProcessed": "1024", "totalBytesBilled": "10485760"}
            facts["query"] = {"statementType": self.statement.kind, **processed}
            if self.statement.writes_rows:
                facts["query"]["numDmlAffectedRows"] = "1"
            facts["totalBytesProcessed"] = "1024"
        return {
            "kind": "bigquery#job",
            "id": f"{project}:US.{self.job_id}",
            "jobReference": {"projectId": project, "jobId": self.job_id, "location": "US"},
            "configuration": self.configuration,
            "status": status,
            "statistics": facts,
        }


class Jobs:
    """All jobs, over one warehouse. Its caller holds the lock."""

    def __init__(self, warehouse: Warehouse, project: str) -> None:
        self.warehouse = warehouse
        self.by_id: dict[str, Job] = {}
        self._project = project

    def read(self, body: dict[str, Any], job_id: str, data: bytes = b"") -> Job:
        """Read the body of jobs.insert; nothing begins yet."""
        configuration = dict(body["configuration"])
        kind = next(name for name in ("query", "load", "copy") if name in configuration)
        job = Job(job_id, kind, configuration, "", time.time() + USUAL_SECONDS)
        if kind == "query":
            job.statement = read_statement(configuration["query"]["query"])
            job.target = job.statement.target
            job.node = job.statement.node or (job.target[1] if job.target else "")
        else:
            job.target = _name(configuration[kind]["destinationTable"])
            job.node = job.target[1]
            job.rows = [json.loads(line) for line in data.decode().splitlines() if line.strip()]
        return job

    def begin(self, job: Job, planned: Fault | None) -> None:
        """Take a job in. `planned` is the fault at which it ends."""
        if planned is not None:
            job.planned = planned if planned.action == "fail" else None
            job.ends_at += planned.seconds
        job.configuration["jobType"] = job.kind.upper()
        if job.statement:
            name = job.target or ("_anonymous", f"anon{job.job_id.replace('-', '')}")
            job.configuration["query"]["destinationTable"] = {
                "projectId": self._project,
                "datasetId": name[0],
                "tableId": name[1],
            }
        self.by_id[job.job_id] = job

    def end(self, node: str) -> None:
        """Let the jobs of a node come to their end now, however slow they were to be."""
        for job in self.by_id.values():
            if job.node == node:
                job.ends_at = min(job.ends_at, time.time())

    def cancel(self, job: Job) -> None:
        """Cancel a job that still runs; it changes nothing any more."""
        if not job.is_done:
            job.is_done, job.error, job.ends_at = True, CANCELLED, time.time()

    def settle(self) -> None:
        """Let all jobs take effect whose time is over, in that order."""
        now = time.time()
        due = [job for job in self.by_id.values() if not job.is_done and job.ends_at <= now]
        for job in sorted(due, key=lambda job: job.ends_at):
            job.is_done = True
            if job.planned is not None:
                job.error = {"reason": job.planned.reason, "message": job.planned.text}
                continue
            try:
                self._take_effect(job)
            except NotThere as missing:
                message = f"Not found: {missing} was not found in location US"
                job.error = {"reason": "notFound", "message": message}

    def _take_effect(self, job: Job) -> None:
        if job.statement is None:
            self._move_rows(job)
            return
        self.warehouse.apply(job.statement, job.job_id)
        parameters = job.configuration["query"].get("queryParameters", [])
        job.result = columns_and_rows(self.warehouse, job.statement, parameters, job.account)

    def _move_rows(self, job: Job) -> None:
        details, name = job.configuration[job.kind], job.target
        if name is None or name[0] not in self.warehouse.datasets:
            raise NotThere(f"Dataset {self._project}:{name[0] if name else ''}")
        known = self.warehouse.tables.get(name)
        if known is None or details.get("writeDisposition") == "WRITE_TRUNCATE":
            known = self.warehouse.tables[name] = Table(name)
        if job.kind == "copy":
            source = details.get("sourceTable") or details["sourceTables"][0]
            known.content = self.warehouse.content(_name(source))
        else:
            known.schema = details.get("schema", {}).get("fields", known.schema)
            known.rows += job.rows
        self.warehouse.writes.append(Write(name, job.kind, job.job_id))


def _name(reference: dict[str, str]) -> TableName:
    return reference["datasetId"], reference["tableId"]
