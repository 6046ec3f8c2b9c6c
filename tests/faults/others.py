"""The faults of the process and its surroundings, as rows of docs/operate/reliability.md.

Each has a test of its own; the figures in the texts are those that the test noted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.faults.missing_rights import MISSING_RIGHTS

NO_LOCK: Final = "has no lock"
NO_LOG: Final = "has no run log"
NO_METRICS: Final = "has no metrics"
NO_ACCOUNTS: Final = "looks at no rights before it builds; not measured"
NO_ALERTS: Final = "has no alerts"
ENDED: Final = "ended {seconds:.1f} s after it began, with a limit of {limit:.0f} s; job cancelled"
ALERTED: Final = (
    "result unchanged, one message by the fallback; the step of the log took {added:.1f} s longer"
)


@dataclass(frozen=True)
class Other:
    """One fault: what Concord does, and the test that shows it.

    `plain` is what plain dbt does where it has no such part; empty where `plain_dbt.py` measured.
    """

    name: str
    what: str
    concord: str
    test: str
    plain: str = ""

    @property
    def plain_run(self) -> str:
        """Return the name of the measurement of plain dbt."""
        return "sigterm" if self.name == "resume" else self.name


RIGHTS: Final = (
    Other(
        "shipped_rights",
        "a first night, a retry in a new container, a backup and a health check, with "
        "exactly the rights that `infrastructure/terraform` grants",
        "nothing is refused; the retry builds what is left; no connector's data is written",
        "test_accounts.py::test_first_night_retry_health_and_backup",
        NO_ACCOUNTS,
    ),
    *(
        Other(
            f"right_{right.name}",
            right.what,
            "one message that names the right and the place, nothing built, no retry, "
            "exit code {exit_code}",
            f"test_accounts.py::test_missing_right[{right.name}]",
            NO_ACCOUNTS,
        )
        for right in MISSING_RIGHTS
    ),
    Other(
        "right_no_log",
        "the account may not write the tables of the run log",
        "the built tables are the same, exit code {exit_code}; `concord health` names the right",
        "test_accounts.py::test_a_run_without_its_log_is_the_same_night",
        NO_LOG,
    ),
    Other(
        "no_connector_table",
        "a table is missing that only the connector may make",
        "one message that names the table and the right, nothing built, exit code {exit_code}",
        "test_accounts.py::test_table_that_only_a_connector_may_make",
        NO_ACCOUNTS,
    ),
    Other(
        "no_connector_column",
        "a connector's table lacks columns that the account may not add",
        "one message that names the columns, the right and the statement that adds them, nothing "
        "built, exit code {exit_code}",
        "test_accounts.py::test_column_that_only_a_connector_may_make",
        NO_ACCOUNTS,
    ),
)
OTHERS: Final = (
    *RIGHTS,
    Other(
        "sigterm",
        "SIGTERM in the middle of a job",
        "job cancelled after {cancelled:.1f} s, end after {seconds:.1f} s, exit code {exit_code}; "
        "the run is in the log, the lock is free",
        "test_signals.py::test_sigterm",
    ),
    Other(
        "sigint",
        "SIGINT (Ctrl-C) in the middle of a job",
        "job cancelled after {cancelled:.1f} s, end after {seconds:.1f} s, exit code {exit_code}; "
        "the run is in the log, the lock is free",
        "test_signals.py::test_sigint",
    ),
    Other("poll_hang", "a poll stays silent for ever", ENDED, "test_limits.py::test_silent_poll"),
    Other(
        "slow_job",
        "a job takes longer than the run may",
        ENDED,
        "test_limits.py::test_slow_job",
    ),
    Other(
        "resume",
        "resuming after SIGTERM",
        "`concord retry` builds what is left and nothing else; a second one does nothing",
        "test_kills.py::test_resume_after_sigterm",
    ),
    Other(
        "kill",
        "SIGKILL, then resuming",
        "{kills} of {kills} random moments: the same tables",
        "test_kills.py::test_fifty_kills",
    ),
    Other(
        "kill_unpublished",
        "SIGKILL between the last model and publishing",
        "`concord retry` publishes: the same tables",
        "test_kills.py::test_killed_before_it_is_published",
        "publishes nothing",
    ),
    Other(
        "two_starters",
        "two starters at once",
        "one runs, the other ends with exit code 4",
        "test_starters.py::test_two_starters",
    ),
    Other(
        "twenty_starters",
        "twenty starters at once",
        "one runs, the others end with exit code 4",
        "test_starters.py::test_twenty_starters",
        NO_LOCK,
    ),
    Other(
        "stale_lock",
        "the lock of a process that died",
        "taken over at once, the same tables",
        "test_starters.py::test_dead_holder",
        NO_LOCK,
    ),
    Other(
        "foreign_lock",
        "the lock of another machine, past its lease",
        "taken over, with a higher fencing token; before its end: exit code 4",
        "test_starters.py::test_lease_that_ended",
        NO_LOCK,
    ),
    Other(
        "lost_lock",
        "another run takes the lock over in the middle",
        "job cancelled, nothing published, exit code {exit_code}",
        "test_starters.py::test_lost_lock",
        NO_LOCK,
    ),
    Other(
        "lost_lock_publishing",
        "another run takes the lock over just before publishing",
        "everything built, nothing published, exit code {exit_code}; `concord retry` publishes",
        "test_starters.py::test_lost_lock_at_publishing",
        NO_LOCK,
    ),
    Other(
        "silent_lock_publishing",
        "the lock's place does not answer when it comes to publishing",
        "published: the lease still lasts, so nobody else can hold the lock",
        "test_starters.py::test_silent_lock_at_publishing",
        NO_LOCK,
    ),
    Other(
        "sigterm_log",
        "SIGTERM while the log of a good run is written",
        "the same tables, exit code {exit_code}, the run is in the log, the lock is free",
        "test_signals.py::test_sigterm_at_the_log",
        NO_LOG,
    ),
    Other(
        "sigterm_publishing",
        "SIGTERM while the tables are published",
        "exit code {exit_code}, all tables of the run or none; `concord retry` publishes",
        "test_signals.py::test_sigterm_at_publishing",
        "publishes nothing",
    ),
    Other(
        "full_log",
        "standard output on a full disk",
        "the same tables, exit code {exit_code}",
        "test_disks.py::test_full_log",
    ),
    Other(
        "full_target",
        "no room for dbt's target folder",
        "one message, exit code {exit_code}, nothing built; with room again the same tables",
        "test_disks.py::test_full_target",
    ),
    Other(
        "log_refused",
        "the load of the run log is refused",
        "the same tables, exit code {exit_code}; the next run loads both",
        "test_surroundings.py::test_run_log_refused",
        NO_LOG,
    ),
    Other(
        "ops_refused",
        "the dataset of ids, decisions and run log is refused",
        "refused before the build, the right named, exit code {exit_code}; with it the same tables",
        "test_surroundings.py::test_run_log_dataset_refused",
        "has no such dataset",
    ),
    Other(
        "metrics_down",
        "the metrics endpoint is down",
        "the same tables; the step of the log took {added:.1f} s longer",
        "test_surroundings.py::test_metrics[refuses]",
        NO_METRICS,
    ),
    Other(
        "metrics_hang",
        "the metrics endpoint stays silent",
        "the same tables; the step of the log took {added:.1f} s longer",
        "test_surroundings.py::test_metrics[hangs]",
        NO_METRICS,
    ),
    Other(
        "alert_down",
        "the alert endpoint is down",
        ALERTED,
        "test_alert_channels.py::test_alert_channel[refuses]",
        NO_ALERTS,
    ),
    Other(
        "alert_hang",
        "the alert endpoint stays silent",
        ALERTED,
        "test_alert_channels.py::test_alert_channel[hangs]",
        NO_ALERTS,
    ),
    Other(
        "alert_500",
        "the alert endpoint answers 500",
        ALERTED,
        "test_alert_channels.py::test_alert_channel[fails]",
        NO_ALERTS,
    ),
    Other(
        "no_secret",
        "the secret of an alert address cannot be read",
        ALERTED,
        "test_alert_channels.py::test_missing_secret",
        NO_ALERTS,
    ),
    Other(
        "no_list_right",
        "the right to list tables is missing",
        "refused before the build, the right is named, exit code {exit_code}",
        "test_surroundings.py::test_missing_permission",
    ),
    Other(
        "no_login",
        "the login has expired before the run: every call is answered with 401",
        "refused before the build after {seconds:.0f} s, the command that renews it is named, "
        "exit code {exit_code}",
        "test_surroundings.py::test_expired_login",
    ),
    Other(
        "bad_profile",
        "a profile that is not YAML",
        "one message, exit code {exit_code}",
        "test_surroundings.py::test_bad_profile",
    ),
    Other(
        "warehouse_down",
        "nothing listens at the warehouse's address",
        "exit code {exit_code} after {seconds:.0f} s",
        "test_surroundings.py::test_warehouse_down",
    ),
    Other(
        "storm",
        "503 on 5 % of all calls, and 5 % of all jobs end with `backendError`; twenty runs",
        "{nights} of {nights} succeed, the same tables, with {faults} faults",
        "test_storm.py::test_storm",
    ),
)
