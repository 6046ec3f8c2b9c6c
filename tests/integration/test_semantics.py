"""Every model on a small sample, a second time in Google's own evaluator.

The unit tests are evaluated by test_demo.py; `make check-semantics` adds hostile rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.semantics.build import Sample, built_project
from tests.semantics.check import Scope, check_semantics
from tools.googlesql_check.semantics.verdicts import Outcome

if TYPE_CHECKING:
    from pathlib import Path

# Nothing of it is measured: tracing would take half as long again.
pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.no_cover]


def test_every_model_agrees_with_google(tmp_path: Path) -> None:
    with built_project(tmp_path, Sample(hostile_rows=0), left_out=("test", "unit_test")) as built:
        report = check_semantics(built, Scope(unit_tests=False))
    assert report.ok, "\n".join(report.lines())
    outcomes = {verdict.outcome for verdict in report.verdicts}
    assert Outcome.EQUAL in outcomes
    assert len(report.verdicts) > 150
