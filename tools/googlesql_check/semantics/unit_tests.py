"""dbt's unit tests as Google's evaluator sees them.

For each unit test dbt leaves the statement that it ran: the actual rows and the expected ones, each
marked. Fixtures stand in it as literals, so it reads no table.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from tools.googlesql_check.catalog import CatalogColumn
from tools.googlesql_check.engine import GoogleSql, GoogleSqlError
from tools.googlesql_check.semantics.comparison import compare_rows
from tools.googlesql_check.semantics.verdicts import Outcome, Verdict

_KIND = "unit test"
_MARK = "actual_or_expected"


def unit_tests(target_path: Path, google_sql: GoogleSql) -> Iterator[Verdict]:
    """A verdict for every unit test of the manifest; both sets of rows must be exactly equal."""
    manifest = json.loads((target_path / "manifest.json").read_text(encoding="utf-8"))
    for test in manifest.get("unit_tests", {}).values():
        start = time.monotonic()
        verdict = _unit_test(target_path, test, google_sql)
        yield replace(verdict, seconds=time.monotonic() - start)


def _unit_test(target_path: Path, test: dict[str, Any], google_sql: GoogleSql) -> Verdict:
    folder = target_path / "run" / test["package_name"] / test["original_file_path"]
    found = sorted(folder.rglob(f"{test['name']}.sql"))
    if len(found) != 1:
        reason = f"{len(found)} statements in {folder}: run `dbt test --select test_type:unit`"
        return Verdict(test["name"], _KIND, Outcome.NOT_EVALUATED, reason)
    try:
        columns, rows = google_sql.query(found[0].read_text(encoding="utf-8"))
    except GoogleSqlError as error:
        return Verdict(test["name"], _KIND, Outcome.NOT_EVALUATED, str(error))
    compared = [CatalogColumn(name, type_) for name, type_ in columns if name != _MARK]
    actual = [row for row in rows if row[_MARK] == "actual"]
    expected = [row for row in rows if row[_MARK] == "expected"]
    difference = compare_rows(compared, actual, expected)
    if difference.is_equal:
        return Verdict(test["name"], _KIND, Outcome.EQUAL, n_rows=len(expected))
    reason = f"columns {', '.join(difference.columns) or 'equal one by one'}"
    return Verdict(
        test["name"],
        _KIND,
        Outcome.DIFFERENT,
        f"actual and expected: {reason}",
        difference.examples,
    )
