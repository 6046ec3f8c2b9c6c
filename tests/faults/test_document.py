"""docs/operate/reliability.md names tests that exist, and every fault that there is."""

from __future__ import annotations

import re

from orchestrator.bigquery.error_classes import BY_REASON, ErrorClass
from tests.faults.cases import CASES
from tests.faults.document import FOLDER, PAGE, PLAIN_TEXTS
from tests.faults.others import OTHERS
from tests.faults.plain_dbt import OTHER_RUNS


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
    assert missing == []
