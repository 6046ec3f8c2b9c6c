"""docs/operate/reliability.md names tests that exist, and every fault that there is."""

from __future__ import annotations

import re
from typing import Final

from orchestrator.dbt.error_classes import BY_REASON, ErrorClass
from tests.faults.cases import CASES
from tests.faults.document import FOLDER, PAGE, PLAIN_TEXTS
from tests.faults.others import OTHERS
from tests.faults.plain_dbt import OTHER_RUNS

# Measured by the next `make reliability`; what is on the page must leave this list.
NOT_ON_THE_PAGE_YET: Final[frozenset[str]] = frozenset(
    {
        "expired_login",
        "job_column_deadline",
        "job_job_timeout",
        "job_position",
        "job_six_hours",
        "job_value_504",
        "lost_lock_publishing",
        "no_connector_column",
        "no_connector_table",
        "no_login",
        "right_backup_bucket_create",
        "right_backup_layer_createSnapshot",
        "right_backup_layer_deleteSnapshot",
        "right_backup_snapshots_create",
        "right_bucket_delete",
        "right_bucket_get",
        "right_connector_get",
        "right_connector_getData",
        "right_connector_list",
        "right_layer_create",
        "right_layer_delete",
        "right_layer_get",
        "right_layer_getData",
        "right_layer_list",
        "right_layer_updateData",
        "right_no_log",
        "right_project_create",
        "shipped_rights",
        "sigterm_log",
        "sigterm_publishing",
        "silent_lock_publishing",
    }
)


def test_every_row_names_a_test_that_exists() -> None:
    for other in OTHERS:
        file, _, name = other.test.partition("::")
        function = name.partition("[")[0]
        assert f"def {function}(" in (FOLDER / file).read_text(encoding="utf-8"), other.name


def test_every_row_is_measured_with_plain_dbt_or_says_why_not() -> None:
    for other in OTHERS:
        assert bool(other.plain) is not (other.plain_run in OTHER_RUNS), other.name
        assert other.plain or other.name in PLAIN_TEXTS, other.name


def test_names_are_unique_and_many() -> None:
    names = [case.name for case in CASES] + [other.name for other in OTHERS]
    assert len(set(names)) == len(names) >= 25


def test_every_transient_reason_of_a_job_is_a_case() -> None:
    reasons = {fault.reason for case in CASES for fault in case.faults if fault.action == "fail"}
    transient = {name for name, of in BY_REASON.items() if of is ErrorClass.TRANSIENT}
    # These are no ends of a job that failed by itself.
    assert transient - reasons <= {"badGateway", "stopped", "timeout"}


def test_the_page_has_a_row_for_every_fault() -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| .* \|$", page, re.MULTILINE)
    told = "\n".join(rows)
    missing = [case.name for case in CASES if f"-k {case.name}`" not in told.replace('"', "")]
    missing += [other.name for other in OTHERS if f"`{other.test}`" not in told]
    assert set(missing) == NOT_ON_THE_PAGE_YET
