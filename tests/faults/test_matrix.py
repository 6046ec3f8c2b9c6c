"""Faults of BigQuery: what passes is outlasted, what does not pass is not tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from orchestrator.bigquery.error_classes import RETRIES, ErrorClass
from tests.faults.cases import CASES, Case
from tests.faults.night import MODELS, OPS

if TYPE_CHECKING:
    from tests.faults.conftest import Matrix

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case.name, marks=[pytest.mark.slow_fault] if case.is_slow else [])
        for case in CASES
    ],
)
def test_fault(case: Case, matrix: Matrix) -> None:
    night, outcome = matrix.outcome(case)
    assert outcome.exit_code == case.exit_code, outcome.text
    assert night.stand_in.api.script.hits, "the fault did not happen"
    assert outcome.attempts(case.node) == case.attempts
    # One job per attempt, whatever became of the answers.
    jobs = [job for job in night.stand_in.api.jobs.by_id.values() if job.node == case.node]
    assert len(jobs) == (0 if case.error_class is ErrorClass.LOGIN else case.attempts)
    # Nothing is written twice.
    writes = night.warehouse.count_writes(MODELS)
    assert set(writes.values()) == {1}
    if case.is_recovered:
        assert night.state == matrix.nights.undisturbed
        again = [node["attempts"] - 1 for node in outcome.nodes.values() if node["attempts"] > 1]
        assert outcome.run["retries"] == sum(again) >= case.attempts - 1
    else:
        assert outcome.nodes[case.node]["error_class"] == case.error_class
        assert night.state != matrix.nights.undisturbed
        assert not [name for name in writes if name.endswith(".customers")]
    if case.error_class and RETRIES[case.error_class] == 0:
        assert outcome.run["retries"] == 0
    if case.is_logged_later:
        assert "not written" in outcome.text
        assert night.concord("run").exit_code == 0
    # The run is in the log, once.
    logged = night.warehouse.table((OPS, "pipeline_runs")).rows
    assert [row["run_id"] for row in logged].count(outcome.run["run_id"]) == 1
    matrix.note(case.name, outcome)


@pytest.mark.slow_fault
def test_no_fault_takes_longer_than_it_may(matrix: Matrix) -> None:
    for case in matrix.cases:
        _, outcome = matrix.outcome(case)
        assert outcome.seconds < case.longest_seconds, case.name
