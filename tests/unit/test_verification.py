"""docs/develop/verification.md names every check of the Makefile, and every workflow."""

from __future__ import annotations

import re
from typing import Final

import pytest

from tests.unit.document_texts import ROOT, code_of, read, section, table_rows
from tests.unit.test_documents import TARGET, makefile_targets
from tests.unit.test_repository import workflows

PAGE: Final = ROOT / "docs" / "develop" / "verification.md"


def parts_of(target: str) -> set[str]:
    """Return the targets that a target needs or calls, as it is written."""
    found = re.search(
        rf"^{target}:([^#\n]*).*\n((?:\t.*\n)*)", read(ROOT / "Makefile"), re.MULTILINE
    )
    assert found, target
    words = set(re.findall(r"[a-z][a-z-]+", found[1] + found[2]))
    return words & makefile_targets() - {"setup", target}


def test_every_check_of_the_makefile_is_on_the_page() -> None:
    named = {name for text in code_of(PAGE) for name in TARGET.findall(text)}
    checks = {name for name in makefile_targets() if re.match(r"(check|lint|test|smoke)\b", name)}
    assert sorted(checks - named - {"lint"}) == []


def test_check_is_all_that_is_not_a_test() -> None:
    assert parts_of("test") == {"check", "test-quick"}
    assert parts_of("check") == {"check-sql", "lint", "check-terraform-offline"}
    parts = {name for name in makefile_targets() if name.startswith("lint-")}
    assert parts_of("lint") == {*parts, "parse"}


def test_every_row_has_a_command() -> None:
    table = read(PAGE).split("\n## ")[0]
    rows = table_rows(table)
    assert len(rows) > 15
    assert [row[0] for row in rows if not TARGET.search(row[2])] == []


def test_every_workflow_is_on_the_page() -> None:
    rows = table_rows(section(PAGE, "What only GitHub runs"))
    listed = {name for row in rows for name in re.findall(r"`([^`]+)`", row[0])}
    assert listed == {flow["name"] for flow in workflows().values()}


@pytest.mark.parametrize(
    ("job", "n_workflows"), [("comment", 2), ("publish", 1), ("attest", 1), ("propose", 1)]
)
def test_a_job_that_may_write_runs_nothing_of_the_repository(job: str, n_workflows: int) -> None:
    found = [flow["jobs"][job] for flow in workflows().values() if job in flow["jobs"]]
    assert len(found) == n_workflows
    for one in found:
        assert "write" in one["permissions"].values()
        texts = [str(step) for step in one["steps"]]
        assert not [text for text in texts if re.search(r"actions/checkout|\.ci/|make ", text)]
