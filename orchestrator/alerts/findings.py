"""What is wrong after a run: one finding per failed node, and one per problem of the run itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from orchestrator.dbt.error_classes import ErrorClass
from orchestrator.redaction import redact

if TYPE_CHECKING:
    from orchestrator.run_log.record import NodeRecord, RunRecord

NODE, RUN, SOURCE, ANOMALY = "node", "run", "source", "anomaly"
NOBODY: Final = "no owner"
LONGEST_TEXT: Final = 160
LONGEST_LINE: Final = 1000


class Severity(StrEnum):
    """How bad it is, in PagerDuty's words, the worst first."""

    CRITICAL = "critical"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


WHAT_TO_DO: Final[dict[ErrorClass, str]] = {
    ErrorClass.TRANSIENT: "See status.cloud.google.com; when all is well, 'concord retry RUN_ID'.",
    ErrorClass.CONFLICT: "Find the job that changes the same table, then 'concord retry RUN_ID'.",
    ErrorClass.QUOTA: "Wait until the quota refills or raise it, then 'concord retry RUN_ID'.",
    ErrorClass.COST_CAP: "See 'concord plan'; reduce the data or raise the limit of cost.",
    ErrorClass.JOB_TIMEOUT: "Reduce the work of the model, or raise CONCORD_JOB_TIMEOUT_SECONDS.",
    ErrorClass.LOGIN: "Renew the login or the account's key, then 'concord retry RUN_ID'.",
    ErrorClass.PERMANENT: "Correct the model, the right or the table; trying again does not help.",
    ErrorClass.DATA: "Run the test's query, look at the rows it finds, and correct their source.",
    ErrorClass.UNKNOWN: "Read the message in 'concord history' and dbt's log of the run.",
    ErrorClass.INTERRUPTED: "'concord retry RUN_ID' goes on with what is not finished.",
}

# Status of a run -> its severity, and what to do when the run does not say.
RUN_PROBLEMS: Final[dict[str, tuple[Severity, str]]] = {
    "failed": (
        Severity.CRITICAL,
        "Read the message in 'concord history' and dbt's log of the run.",
    ),
    "transient": (Severity.ERROR, WHAT_TO_DO[ErrorClass.TRANSIENT]),
    "interrupted": (Severity.WARNING, WHAT_TO_DO[ErrorClass.INTERRUPTED]),
    "refused": (Severity.CRITICAL, "See 'concord health', correct what it names, and run again."),
}
STALE_TO_DO: Final = "Find out why the source was not loaded; then load it and run again."


@dataclass(frozen=True, slots=True)
class Anomaly:
    """A figure of the last run that is far from the earlier ones. Figures only, no rows."""

    metric: str
    scope: str
    value: float
    usual: float
    score: float
    severity: str
    what_to_do: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. The same thing has the same fingerprint in every run.

    `subject` is a node's unique id, a source, a figure, or the status of the run.
    """

    fingerprint: str
    kind: str
    subject: str
    error_class: str
    severity: Severity
    owner: str
    text: str
    what_to_do: str


def find(record: RunRecord, anomalies: tuple[Anomaly, ...]) -> tuple[Finding, ...]:
    """Return everything that is wrong after a run, the worst first."""
    found = [_of_node(record, node) for node in record.failed]
    if record.status in RUN_PROBLEMS and not found:
        found.append(_of_run(record))
    found += [_of_source(record, source) for source in record.stale_sources]
    found += [_of_anomaly(record, anomaly) for anomaly in anomalies]
    # Two attempts of a node have one fingerprint.
    unique = {finding.fingerprint: finding for finding in found}
    ranks = list(Severity)
    return tuple(sorted(unique.values(), key=lambda f: (ranks.index(f.severity), f.subject)))


def fingerprint(target: str, subject: str, error_class: str) -> str:
    """Return what makes a finding the same in every run."""
    return hashlib.sha256("\n".join((target, subject, error_class)).encode()).hexdigest()[:16]


def first_line(text: str) -> str:
    """Return the masked first line of a text, cut to what fits a message."""
    line = text.strip().partition("\n")[0]
    if len(line) > LONGEST_LINE:
        # Without the last word: half an address would not be masked.
        line = line[:LONGEST_LINE].rpartition(" ")[0]
    line = redact(line).strip()
    return line if len(line) <= LONGEST_TEXT else f"{line[: LONGEST_TEXT - 3]}..."


def _of_node(record: RunRecord, node: NodeRecord) -> Finding:
    is_test = node.status == "fail"
    error_class = node.error_class or (ErrorClass.DATA if is_test else ErrorClass.UNKNOWN)
    return Finding(
        fingerprint(record.target, node.unique_id, error_class),
        NODE,
        node.unique_id,
        error_class,
        Severity.ERROR,
        node.owner or NOBODY,
        first_line(node.message),
        WHAT_TO_DO[error_class].replace("RUN_ID", record.run_id),
    )


def _of_run(record: RunRecord) -> Finding:
    severity, what_to_do = RUN_PROBLEMS[record.status]
    return Finding(
        fingerprint(record.target, record.status, RUN),
        RUN,
        record.status,
        RUN,
        severity,
        NOBODY,
        first_line(record.problem),
        first_line(record.what_to_do) or what_to_do.replace("RUN_ID", record.run_id),
    )


def _of_source(record: RunRecord, source: str) -> Finding:
    mark = fingerprint(record.target, source, "stale")
    text = "older than its freshness allows"
    return Finding(mark, SOURCE, source, "stale", Severity.WARNING, NOBODY, text, STALE_TO_DO)


def _of_anomaly(record: RunRecord, anomaly: Anomaly) -> Finding:
    subject = f"{anomaly.metric} of {anomaly.scope}"
    return Finding(
        fingerprint(record.target, subject, ANOMALY),
        ANOMALY,
        subject,
        ANOMALY,
        Severity(anomaly.severity),
        NOBODY,
        f"{anomaly.value:,.6g}, usually {anomaly.usual:,.6g} (robust z {anomaly.score:.1f})",
        anomaly.what_to_do,
    )
