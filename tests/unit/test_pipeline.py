"""`concord run` without a warehouse: what is asked of dbt, and what its answers become."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from orchestrator import pipeline
from orchestrator.artifacts import NodeResult, RunResults
from orchestrator.commands.run import summary_text
from orchestrator.dbt_runner import DbtResult
from orchestrator.errors import Interrupted, RunFailed
from orchestrator.loading.raw_tables import RawTableState
from orchestrator.pipeline import RunRequest, RunSummary, run
from orchestrator.settings import Settings
from orchestrator.steps import StepClock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestrator.loading.source_schemas import RawTable

ROOT = Path(__file__).resolve().parents[2]
FILLED = "files.people"


def node(unique_id: str, status: str, message: str = "") -> NodeResult:
    """Return the result of one node."""
    return NodeResult(unique_id, status, 1.0, message, None, None)


def answer(*nodes: NodeResult, **changes: Any) -> DbtResult:  # noqa: ANN401 - fields of the result
    """Return what an invocation came to."""
    values: dict[str, Any] = {
        "command": (),
        "is_success": not any(entry.has_failed for entry in nodes),
        "is_interrupted": False,
        "problem": "",
        "target_path": Path("target"),
        "results": RunResults("i", 1.0, nodes),
        "seconds": 1.0,
    }
    return DbtResult(**(values | changes))


class Dbt:
    """Stands in for DbtRunner and notes what it was asked."""

    def __init__(self, freshness: DbtResult, build: DbtResult) -> None:
        self._answers = {"source": freshness, "build": build}
        self.asked: list[tuple[str, ...]] = []

    def invoke(self, *arguments: str) -> DbtResult:
        """Give the prepared answer."""
        self.asked.append(arguments)
        return self._answers[arguments[0]]


def run_with(
    monkeypatch: pytest.MonkeyPatch, dbt: Dbt, request: RunRequest | None = None
) -> RunSummary:
    """Run the pipeline on two sources, of which one table has rows."""

    def ensure(_connection: object, tables: Iterable[RawTable]) -> tuple[RawTableState, ...]:
        return tuple(RawTableState(table, table.full_name == FILLED) for table in tables)

    monkeypatch.setattr(pipeline, "ensure_raw_tables", ensure)
    monkeypatch.setattr(pipeline, "DbtRunner", lambda *_, **__: dbt)
    settings = Settings(project_dir=ROOT, sources=("files", "gmail"))
    connection: Any = SimpleNamespace(settings=settings)
    return run(connection, request or RunRequest(), StepClock())


BUILT = answer(node("model.concord.dim_persons", "success"))
FRESH = answer(node("source.concord.files.people", "pass"))
STALE = answer(node("source.concord.files.people", "error", "last row 99.0 hours old"))


def test_only_tables_with_rows_have_an_age(monkeypatch: pytest.MonkeyPatch) -> None:
    dbt = Dbt(FRESH, BUILT)
    summary = run_with(monkeypatch, dbt)
    assert dbt.asked == [
        ("source", "freshness", "--select", "source:concord.files.people"),
        ("build", "--exclude-resource-type", "unit_test"),
    ]
    assert summary.is_success
    assert summary.empty_tables == ("files.companies", "gmail.message", "gmail.message_participant")
    assert list(summary.seconds) == ["freshness", "build"]


def test_options_reach_dbt(monkeypatch: pytest.MonkeyPatch) -> None:
    dbt = Dbt(FRESH, BUILT)
    request = RunRequest(select=("a+", "b"), exclude=("c",), full_refresh=True)
    run_with(monkeypatch, dbt, request)
    assert dbt.asked[1][0] == "build"
    assert dbt.asked[1][-6:] == ("--select", "a+", "b", "--exclude", "c", "--full-refresh")


def test_old_data_is_told_and_stops_only_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    summary = run_with(monkeypatch, Dbt(STALE, BUILT))
    assert summary.is_success
    assert "files.people: last row 99.0 hours old" in summary_text(summary)
    dbt = Dbt(STALE, BUILT)
    with pytest.raises(RunFailed, match="not fresh"):
        run_with(monkeypatch, dbt, RunRequest(require_fresh=True))
    assert [arguments[0] for arguments in dbt.asked] == ["source"]


def test_failed_nodes_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = answer(
        node("model.concord.good", "success"), node("model.concord.bad", "error", "no  column\n x")
    )
    summary = run_with(monkeypatch, Dbt(FRESH, failed))
    assert not summary.is_success
    text = summary_text(summary)
    assert "1 success, 1 error" in text
    assert "bad: no column x" in text


def test_what_is_no_result_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = answer(is_success=False, is_interrupted=True)
    with pytest.raises(Interrupted):
        run_with(monkeypatch, Dbt(FRESH, stopped))
    unparsed = answer(is_success=False, results=None, problem="model not found")
    with pytest.raises(RunFailed, match="model not found"):
        run_with(monkeypatch, Dbt(FRESH, unparsed))
    with pytest.raises(RunFailed, match="nothing was selected"):
        run_with(monkeypatch, Dbt(FRESH, answer()))
    assert run_with(monkeypatch, Dbt(FRESH, answer()), RunRequest(allow_empty=True)).is_success
