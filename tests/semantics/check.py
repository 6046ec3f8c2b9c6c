"""Compares a built project with Google's evaluator."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.googlesql_check.dbt_nodes import read_compiled_nodes
from tools.googlesql_check.engine import GoogleSql
from tools.googlesql_check.semantics.exceptions import read_exceptions
from tools.googlesql_check.semantics.models import ModelCheck, Options
from tools.googlesql_check.semantics.unit_tests import unit_tests
from tools.googlesql_check.semantics.verdicts import Outcome, SemanticsReport
from tools.googlesql_check.semantics.warehouse import QueriedWarehouse

if TYPE_CHECKING:
    from tests.semantics.build import BuiltProject

EXCEPTIONS: Final = Path(__file__).with_name("exceptions.yml")


@dataclass(frozen=True)
class Scope:
    """What is compared beside models, and how far."""

    seeds: tuple[int, ...] = (1,)
    # Only of a build that ran them: dbt leaves the statements in its target folder.
    unit_tests: bool = True
    data_tests: bool = False
    all_rounds: bool = False
    max_rows_read: int | None = None
    # The reviewed list is made for the small sample; a larger one may show other differences.
    is_list_complete: bool = True


def check_semantics(built: BuiltProject, scope: Scope) -> SemanticsReport:
    """Return the verdicts; `Report.ok` says whether all of it is as it should be."""
    google_sql = GoogleSql()
    nodes = read_compiled_nodes(built.target_path)
    warehouse = QueriedWarehouse(built.connection.client)
    exceptions = read_exceptions(EXCEPTIONS)
    report = SemanticsReport(
        list(unit_tests(built.target_path, google_sql)) if scope.unit_tests else []
    )
    for seed in scope.seeds:
        options = Options(seed, scope.max_rows_read, scope.all_rounds, exceptions)
        check = ModelCheck(built.folder, nodes, google_sql, warehouse, options)
        report.verdicts += check.models()
        if scope.data_tests and seed == scope.seeds[0]:
            report.verdicts += check.data_tests()
    if scope.is_list_complete:
        used = {verdict.node for verdict in report.verdicts if verdict.outcome is Outcome.EXCEPTION}
        report.stale = [
            f"{EXCEPTIONS.name}: {model} agrees, or differs in other columns"
            for model in exceptions
            if model not in used
        ]
    return report
