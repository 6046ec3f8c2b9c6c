"""The faults of BigQuery, as one table: the script, and what Concord is expected to do.

`test_matrix.py` runs each of them through `concord run`, `plain_dbt.py` through `dbt build`, and
`document.py` writes docs/operate/reliability.md of both. Faults of the process and of its
surroundings (signals, disks, endpoints) are in the other test files; `others.py` lists them for
the document.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from orchestrator.bigquery.error_classes import ErrorClass
from orchestrator.errors import EXIT_FAILED, EXIT_OK, EXIT_TRANSIENT
from tests.faults.stand_in.faults import Fault

NODE: Final = "alpha"
# BigQuery's own words, as its pages and public issues quote them.
CONFLICT: Final = (
    "Could not serialize access to table concord-local:night_models.alpha due to concurrent update"
)
ABORTED: Final = (
    "Transaction is aborted due to concurrent update against table "
    "concord-local:night_models.alpha. Transaction ID: 1a2b"
)
QUOTA: Final = (
    "Quota exceeded: Your table exceeded quota for imports or query appends per table. "
    "For more information, see https://cloud.google.com/bigquery/docs/troubleshoot-quotas"
)
COST_CAP: Final = (
    "Query exceeded limit for bytes billed: 1000000000. 2147483648 or higher required."
)
RESOURCES: Final = (
    "Resources exceeded during query execution: The query could not be executed in the allotted "
    "memory. Peak usage: 120% of limit."
)
NO_RIGHT: Final = (
    "Access Denied: Table concord-local:night_models.alpha: User does not have permission to "
    "query table concord-local:night_models.alpha, or perhaps it does not exist."
)
SYNTAX: Final = 'Syntax error: Expected ")" but got keyword FROM at [7:1]'
NO_COLUMN: Final = "Unrecognized name: idd; Did you mean id? at [4:8]"
TOO_LARGE: Final = (
    "Response too large to return. Consider specifying a destination table in your job."
)
NO_BILLING: Final = (
    "Billing has not been enabled for this project. Enable billing at "
    "https://console.cloud.google.com/billing."
)
# Words, numbers and positions of SQL that look like a reason to try again.
AT_502: Final = 'Syntax error: Expected ")" but got keyword FROM at [502:3]'
DEADLINE: Final = "Unrecognized name: deadline at [429:17]"
VALUE_504: Final = "Bad int64 value: 504"
SIX_HOURS: Final = (
    "Operation timed out after 6.0 hours. Consider reducing the amount of work performed by your "
    "operation so that it can complete within this limit."
)
JOB_TIMEOUT: Final = "Job execution was cancelled: Job timed out after 3600 sec"
EXPIRED: Final = (
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie "
    "or other valid authentication credential."
)
DIVISION: Final = "division by zero: 1 / 0"
BACKEND: Final = "Error encountered during execution. Retrying the job may solve the problem."
RATE: Final = (
    "Job exceeded rate limits: Your table exceeded quota for table update operations. "
    "For more information, see https://cloud.google.com/bigquery/docs/troubleshoot-quotas"
)
UNAVAILABLE: Final = "Table is temporarily unavailable: concord-local:raw_files.people"


@dataclass(frozen=True)
class Case:
    """One fault of BigQuery.

    `attempts` is how often Concord starts the node in all. `longest_seconds` bounds the run.
    """

    name: str
    what: str
    faults: tuple[Fault, ...]
    attempts: int = 1
    exit_code: int = EXIT_OK
    error_class: ErrorClass | None = None
    longest_seconds: float = 60.0
    is_slow: bool = False
    environment: dict[str, str] = field(default_factory=dict)
    node: str = NODE
    # The run log is written after the run: what it could not take comes with the next one.
    is_logged_later: bool = False

    @property
    def is_recovered(self) -> bool:
        """Say whether the run is expected to end well."""
        return self.exit_code == EXIT_OK


def _call(
    name: str, what: str, *faults: Fault, is_slow: bool = False, is_logged_later: bool = False
) -> Case:
    """Return a fault of a call, which the client outlasts without a new attempt of the node."""
    return Case(f"call_{name}", what, faults, is_slow=is_slow, is_logged_later=is_logged_later)


def _ends(
    name: str,
    reason: str,
    message: str,
    error_class: ErrorClass,
    attempts: int = 2,
    times: int = 1,
    exit_code: int = EXIT_OK,
    node: str = NODE,
) -> Case:
    """Return a job that is accepted and ends with an error."""
    fault = Fault("job", "fail", reason, message, node=node, times=times)
    often = "" if times == 1 else ", every time" if times > 4 else f", {times} times"
    whose = "" if node == NODE else f" of {node}"
    # The reason of these says next to nothing.
    words = f" ({' '.join(message.split()[:6])} ...)" if reason == "invalidQuery" else ""
    what = f"a job{whose} ends with `{reason}`{words}{often}"
    return Case(f"job_{name}", what, (fault,), attempts, exit_code, error_class, node=node)


def _for_good(name: str, reason: str, message: str, error_class: ErrorClass) -> Case:
    """Return an error that comes every time, and that must not be tried again."""
    return _ends(name, reason, message, error_class, 1, 99, EXIT_FAILED)


TRANSIENT, CONFLICTS = ErrorClass.TRANSIENT, ErrorClass.CONFLICT
CALLS: Final = (
    _call("insert_503", "jobs.insert answers 503, twice",
          Fault("insert", "refuse", "backendError", node=NODE, times=2)),
    _call("insert_500", "jobs.insert answers 500",
          Fault("insert", "refuse", "internalError", node=NODE)),
    _call("insert_502", "jobs.insert answers 502",
          Fault("insert", "refuse", "badGateway", node=NODE)),
    _call("insert_rate", "jobs.insert answers 403 rateLimitExceeded",
          Fault("insert", "refuse", "rateLimitExceeded", node=NODE)),
    _call("insert_reset", "jobs.insert: the connection is reset",
          Fault("insert", "reset", node=NODE)),
    _call("insert_lost", "jobs.insert is accepted, its answer gets lost",
          Fault("insert", "lose", node=NODE)),
    _call("insert_hang", "jobs.insert stays silent",
          Fault("insert", "hang", node=NODE, seconds=60), is_slow=True),
    _call("poll_503", "getQueryResults answers 503",
          Fault("job", "slow", node=NODE, seconds=0.5),
          Fault("poll", "refuse", "backendError", node=NODE)),
    _call("poll_503_twice", "getQueryResults answers 503, twice",
          Fault("job", "slow", node=NODE, seconds=0.5),
          Fault("poll", "refuse", "backendError", node=NODE, times=2), is_slow=True),
    _call("poll_rate", "getQueryResults answers 403 rateLimitExceeded",
          Fault("job", "slow", node=NODE, seconds=0.5),
          Fault("poll", "refuse", "rateLimitExceeded", node=NODE)),
    _call("poll_reset", "getQueryResults: the connection is reset",
          Fault("job", "slow", node=NODE, seconds=0.5), Fault("poll", "reset", node=NODE)),
    _call("get_503", "jobs.get answers 503", Fault("get", "refuse", "backendError", node=NODE)),
    _call("preflight_503", "the first query of all is answered with 503",
          Fault("insert", "refuse", "backendError", node="")),
    _call("preflight_poll", "the result of the first query of all is answered with 503",
          Fault("poll", "refuse", "backendError", node=""),
          Fault("get", "refuse", "backendError", node="")),
    _call("preflight_job", "the first job of all ends with `backendError`",
          Fault("job", "fail", "backendError", BACKEND, node="")),
    _call("count_job", "the count of the raw rows ends with `backendError`",
          Fault("job", "fail", "backendError", BACKEND, node="", first=2)),
    _call("publish_503", "the copy to the published dataset is answered with 503",
          Fault("copy", "refuse", "backendError")),
    _call("publish_lost", "the copy to the published dataset is accepted, its answer gets lost",
          Fault("copy", "lose")),
    # The first job of that name builds the model.
    _call("publish_job", "the copy to the published dataset ends with `backendError`",
          Fault("job", "fail", "backendError", BACKEND, node="customers", first=2)),
    _call("log_503", "the load of the run log is answered with 503",
          Fault("load", "refuse", "backendError")),
    _call("log_lost", "the load of the run log is accepted, its answer gets lost",
          Fault("load", "lose")),
    _call("log_job", "the load of the run log ends with `backendError`",
          Fault("job", "fail", "backendError", BACKEND, node="node_results"), is_logged_later=True),
    _call("tables_503", "tables.list answers 503",
          Fault("tables", "refuse", "backendError", node="night_models")),
)  # fmt: skip
JOBS: Final = (
    *(
        _ends(reason, reason, BACKEND, TRANSIENT)
        for reason in ("backendError", "internalError", "jobBackendError", "jobInternalError")
    ),
    *(_ends(reason, reason, RATE, TRANSIENT) for reason in ("rateLimitExceeded",)),
    _ends("jobRateLimitExceeded", "jobRateLimitExceeded", RATE, TRANSIENT),
    _ends("tableUnavailable", "tableUnavailable", UNAVAILABLE, TRANSIENT),
    _ends("backendError_twice", "backendError", BACKEND, TRANSIENT, attempts=3, times=2),
    _ends("incremental", "backendError", BACKEND, TRANSIENT, node="history"),
    _ends("test", "backendError", BACKEND, TRANSIENT, node="unique_gamma_id"),
    _ends("conflict", "invalidQuery", CONFLICT, CONFLICTS),
    _ends("aborted", "invalidQuery", ABORTED, CONFLICTS),
    _ends("quota", "quotaExceeded", QUOTA, ErrorClass.QUOTA),
    _ends("unknown", "somethingNew", "Something new happened", ErrorClass.UNKNOWN),
)
FOR_GOOD: Final = (
    _for_good("cost_cap", "bytesBilledLimitExceeded", COST_CAP, ErrorClass.COST_CAP),
    _for_good("resources", "resourcesExceeded", RESOURCES, ErrorClass.PERMANENT),
    _for_good("access", "accessDenied", NO_RIGHT, ErrorClass.PERMANENT),
    _for_good("syntax", "invalidQuery", SYNTAX, ErrorClass.PERMANENT),
    _for_good("column", "invalidQuery", NO_COLUMN, ErrorClass.PERMANENT),
    _for_good("position", "invalidQuery", AT_502, ErrorClass.PERMANENT),
    _for_good("column_deadline", "invalidQuery", DEADLINE, ErrorClass.PERMANENT),
    _for_good("value_504", "invalidQuery", VALUE_504, ErrorClass.PERMANENT),
    _for_good("six_hours", "invalid", SIX_HOURS, ErrorClass.JOB_TIMEOUT),
    _for_good("job_timeout", "stopped", JOB_TIMEOUT, ErrorClass.JOB_TIMEOUT),
    _for_good("division", "invalidQuery", DIVISION, ErrorClass.PERMANENT),
    _for_good("too_large", "responseTooLarge", TOO_LARGE, ErrorClass.PERMANENT),
    _for_good("billing", "billingNotEnabled", NO_BILLING, ErrorClass.PERMANENT),
    Case(
        "expired_login",
        "the login expires in the middle of the run: calls are answered with 401",
        (Fault("insert", "refuse", "authError", EXPIRED, node=NODE, times=99),),
        exit_code=EXIT_FAILED,
        error_class=ErrorClass.LOGIN,
    ),
    # These pass, but not tonight: the tries are counted.
    _ends("backendError_for_ever", "backendError", BACKEND, TRANSIENT, 4, 99, EXIT_TRANSIENT),
    _ends("quota_for_ever", "quotaExceeded", QUOTA, ErrorClass.QUOTA, 2, 99, EXIT_TRANSIENT),
    _ends(
        "unknown_for_ever",
        "somethingNew",
        "Something new happened",
        ErrorClass.UNKNOWN,
        2,
        99,
        EXIT_FAILED,
    ),
)
CASES: Final = (*CALLS, *JOBS, *FOR_GOOD)
