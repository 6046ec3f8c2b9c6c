"""`concord history`, from the warehouse and from the copies; the charts of past runs."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from orchestrator.cli import execute
from orchestrator.command_line.rows import Row, row_lines
from orchestrator.dbt.node import NodeTotals
from orchestrator.report.collect import _runs
from orchestrator.report.render import render
from orchestrator.run_log.copies import keep_copy
from orchestrator.run_log.history import run_of, runs_of_copies
from orchestrator.run_log.run import Run
from orchestrator.run_log.started import begin_run, finish_run
from orchestrator.settings.values import Settings
from tests.unit.report_fakes import FakeTables
from tests.unit.report_sample import make_data
from tests.unit.run_sample import STARTED, begun_run, ended_run

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.report.tables import Tables
    from orchestrator.run_log.run import RunStatus

GOOD: dict[str, Any] = {"status": "success", "problem": "", "nodes": ()}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return settings whose warehouse does not answer, with three runs in the copies."""
    for name in [name for name in os.environ if name.startswith("CONCORD_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")

    # To look is no reason to start a warehouse.
    monkeypatch.setattr("orchestrator.local_warehouse.process.ensure_running", pytest.fail)
    settings = Settings(project_dir=tmp_path)
    outcomes: list[dict[str, Any]] = [GOOD, {}, GOOD | {"retries": 3}]
    for day, values in enumerate(outcomes, start=1):
        started = STARTED + timedelta(days=day)
        times = {"started_at": started, "ended_at": started + timedelta(seconds=90)}
        assert keep_copy(settings, ended_run(f"r{day}", **values | times)) == ""
    return settings


def test_history_lists_the_copies_when_the_warehouse_does_not_answer(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["history"]) == 0
    told = capsys.readouterr()
    assert "the local warehouse is not running); these are the copies" in told.err
    lines = [line.split() for line in told.out.splitlines() if re.match(r"r\d", line)]
    assert [line[0] for line in lines] == ["r3", "r2", "r1"]
    assert lines[0][1:] == ["90.0", "0", "0", "3", "-", "-", "success"]
    assert lines[1][1:8] == ["90.0", "2", "1", "1", "10", "-", "failed"]
    assert "Ann" not in told.out


def test_history_as_json_only_failed_and_limited(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["history", "--failed", "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    run = json.loads(line)
    assert (run["run_id"], run["failed_nodes"], run["bytes_billed"]) == ("r2", 1, 10_485_760)
    assert execute(["history", "--limit", "1", "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["run_id"] == "r3"


def test_history_of_the_nodes_of_a_run(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["history", "--run", "r2"]) == 0
    rows = capsys.readouterr().out.splitlines()[1:]
    assert rows[0].endswith("model stg_files__people")
    assert rows[1] == "    permanent: 400 Bad int64 value: <value>"
    assert rows[2].endswith("model dim_persons")
    assert execute(["history", "--run", "r2", "--failed", "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["attempts"] == 2
    assert execute(["history", "--run", "r9"]) == 0
    assert "Nothing to show." in capsys.readouterr().out


LONG_NODE = "unique_combination_int_person_scored_pairs_left_id__right_id__very_long_indeed"
LONG_TEXT = "Binder Error: Referenced column job_titel not found in FROM clause! " * 5
ROWS = [
    Row({"Status": "error", "Seconds": "12.3", "Node": f"test {LONG_NODE}"}, LONG_TEXT),
    Row({"Status": "success", "Seconds": "1,234.5", "Node": "model b"}),
]


@pytest.mark.parametrize("width", [40, 80, 200])
def test_on_a_terminal_nothing_is_wider_than_it_and_no_column_vanishes(width: int) -> None:
    lines = list(row_lines(ROWS, frozenset({"Seconds"}), width))
    assert max(map(len, lines)) <= width
    assert lines[0].split() == ["Status", "Seconds", "Node"]
    assert re.match(r"error +12\.3 +test uniq", lines[1])
    assert lines[1].endswith("indeed")
    assert (LONG_NODE in lines[1]) == (width == 200)
    reason = " ".join(line.strip() for line in lines[2:-1])
    assert reason == LONG_TEXT.strip()
    assert lines[-1].split() == ["success", "1,234.5", "model", "b"]


def test_without_a_terminal_a_row_is_one_line_and_whole() -> None:
    lines = list(row_lines(ROWS, frozenset({"Seconds"}), None))
    assert len(lines) == 4
    assert lines[1].endswith(LONG_NODE)
    assert lines[2] == f"    {LONG_TEXT.strip()}"


@pytest.mark.parametrize("arguments", [["history"], ["history", "--run", "r2"]])
def test_eighty_columns_are_enough(
    settings: Settings,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    run_id = "20261125t080422z-3f9a1c"
    begin_run(settings, begun_run(run_id))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert execute(arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert all(line.strip() for line in lines)
    if arguments == ["history"]:
        assert any(run_id in line and "running or killed" in line for line in lines)


def test_history_shows_what_was_killed(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    for run_id in ("r2", "r4", "r5"):
        begin_run(settings, begun_run(run_id))
    finish_run(settings, begun_run("r5", status="refused"))
    assert execute(["history", "--json"]) == 0
    runs = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(run["run_id"], run["status"]) for run in runs] == [
        ("r4", "running or killed"),
        ("r3", "success"),
        ("r2", "failed"),
        ("r1", "success"),
    ]


def test_a_run_without_a_problem_of_its_own_names_a_failed_node(settings: Settings) -> None:
    keep_copy(settings, ended_run("r4", problem=""))
    assert runs_of_copies(settings, 1)[0].problem == "stg_files__people failed"


def runs(count: int) -> tuple[Run, ...]:
    run = Run(
        "r0",
        "run",
        "prod",
        "",
        STARTED,
        ended_at=STARTED + timedelta(minutes=10),
        counted=NodeTotals(9, 0, 3 * 1024**3, None),
    )
    statuses: tuple[RunStatus, ...] = ("success", "failed", "interrupted")
    return tuple(
        replace(run, run_id=f"r{number}", status=statuses[number % 3]) for number in range(count)
    )


def row(run: Run) -> dict[str, object]:
    names = ("run_id", "command", "target", "dataset", "status", "started_at", "ended_at")
    totals = run.totals
    return {name: getattr(run, name) for name in (*names, "retries", "problem")} | {
        "nodes": totals.nodes,
        "failed_nodes": totals.failed,
        "failed_node": totals.first_failed,
        "bytes_billed": totals.bytes_billed,
    }


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, 0), (2, 2)])
def test_the_report_shows_runs_from_the_second_on(count: int, shown: int) -> None:
    newest_first = [row(run) for run in reversed(runs(count))]
    tables = FakeTables({"pipeline_runs": newest_first})
    found = _runs(cast("Tables", tables))
    assert found == runs(shown)
    assert run_of(row(runs(1)[0])) == runs(1)[0]


def test_the_report_has_no_runs_without_a_log() -> None:
    tables = FakeTables({}, missing={"node_results"})
    assert _runs(cast("Tables", tables)) == ()
    assert tables.queries == []


def test_the_charts_of_runs_say_how_they_ended() -> None:
    page = render(replace(make_data(), runs=runs(3)))
    section = page[page.index("<h2>The last runs") :]
    assert section.count("<svg") == 2
    for text in ("succeeded", "failed", "interrupted or refused", "minutes", "GiB billed"):
        assert f">{text}<" in section
    assert section.count(">25 Nov 02:00<") == 6
    free = tuple(replace(run, counted=NodeTotals(9, 0, None, None)) for run in runs(2))
    page = render(replace(make_data(), runs=free))
    assert page[page.index("<h2>The last runs") :].count("<svg") == 1
    assert "The last runs" not in render(make_data())
