"""What is wrong after a run: one finding per failed node, and one per problem of the run itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from orchestrator.bigquery.error_classes import ErrorClass
from orchestrator.errors import SourceShrank, TooManyIdsChange

if TYPE_CHECKING:
    from orchestrator.dbt.node import Node
    from orchestrator.run_log.run import Run

NODE, RUN, SOURCE, ANOMALY = "node", "run", "source", "anomaly"
NOBODY: Final = "no owner"
LONGEST_TEXT: Final = 160


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
}

# Status of a run -> its severity, and what to do when the run does not say.
RUN_PROBLEMS: Final[dict[str, tuple[Severity, str]]] = {
    "failed": (
        Severity.CRITICAL,
        "Read the message in 'concord history' and dbt's log of the run.",
    ),
    "transient": (Severity.ERROR, WHAT_TO_DO[ErrorClass.TRANSIENT]),
    "interrupted": (
        Severity.WARNING,
        "'concord retry RUN_ID' goes on with what is not finished.",
    ),
    "refused": (Severity.CRITICAL, "See 'concord health', correct what it names, and run again."),
}
# What stopped a run that others must decide about -> the subject of its finding.
CLOSED: Final = {TooManyIdsChange: "changed ids", SourceShrank: "lost rows"}
SNAPSHOTS: Final = "snapshots"
SNAPSHOTS_TO_DO: Final = (
    "Correct what it names; 'concord dbt snapshot' takes them, as does the next run."
)
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


def find(run: Run, anomalies: tuple[Anomaly, ...]) -> tuple[Finding, ...]:
    """Return everything that is wrong after a run, the worst first."""
    found = [_of_node(run, node) for node in run.failed]
    if run.status in RUN_PROBLEMS and not found:
        found.append(_of_run(run))
    if run.snapshot_problem:
        found.append(_of_snapshots(run))
    found += [_of_source(run, source) for source in run.stale_sources]
    found += [_of_anomaly(run, anomaly) for anomaly in anomalies]
    # Two attempts of a node have one fingerprint.
    unique = {finding.fingerprint: finding for finding in found}
    ranks = list(Severity)
    return tuple(sorted(unique.values(), key=lambda f: (ranks.index(f.severity), f.subject)))


def fingerprint(target: str, subject: str, error_class: str) -> str:
    """Return what makes a finding the same in every run."""
    return hashlib.sha256("\n".join((target, subject, error_class)).encode()).hexdigest()[:16]


def first_line(text: str) -> str:
    """Return the first line of a text, cut to what fits a message."""
    line = text.strip().partition("\n")[0]
    return line if len(line) <= LONGEST_TEXT else f"{line[: LONGEST_TEXT - 3]}..."


def _of_node(run: Run, node: Node) -> Finding:
    is_test = node.status == "fail"
    error_class = node.error_class or (ErrorClass.DATA if is_test else ErrorClass.UNKNOWN)
    return Finding(
        fingerprint(run.target, node.unique_id, error_class),
        NODE,
        node.unique_id,
        error_class,
        Severity.ERROR,
        node.owner or NOBODY,
        first_line(node.message),
        WHAT_TO_DO[error_class].replace("RUN_ID", run.run_id),
    )


def _of_run(run: Run) -> Finding:
    severity, what_to_do = RUN_PROBLEMS[run.status]
    subject = next((name for kind, name in CLOSED.items() if isinstance(run.error, kind)), "")
    return Finding(
        fingerprint(run.target, subject or run.status, RUN),
        RUN,
        subject or run.status,
        RUN,
        severity,
        NOBODY,
        first_line(run.problem),
        first_line(run.what_to_do) or what_to_do.replace("RUN_ID", run.run_id),
    )


def _of_snapshots(run: Run) -> Finding:
    mark = fingerprint(run.target, SNAPSHOTS, RUN)
    text = first_line(run.snapshot_problem)
    return Finding(mark, RUN, SNAPSHOTS, RUN, Severity.WARNING, NOBODY, text, SNAPSHOTS_TO_DO)


def _of_source(run: Run, source: str) -> Finding:
    mark = fingerprint(run.target, source, "stale")
    text = "older than its freshness allows"
    return Finding(mark, SOURCE, source, "stale", Severity.WARNING, NOBODY, text, STALE_TO_DO)


def _of_anomaly(run: Run, anomaly: Anomaly) -> Finding:
    subject = f"{anomaly.metric} of {anomaly.scope}"
    return Finding(
        fingerprint(run.target, subject, ANOMALY),
        ANOMALY,
        subject,
        ANOMALY,
        Severity(anomaly.severity),
        NOBODY,
        f"{anomaly.value:,.6g}, usually {anomaly.usual:,.6g} (robust z {anomaly.score:.1f})",
        anomaly.what_to_do,
    )
