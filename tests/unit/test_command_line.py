"""The command line: several values, names that were meant, JSON alone on standard output."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click
import pytest
from click.testing import CliRunner

from orchestrator.backup.retention import Rule
from orchestrator.bigquery.error_classes import ErrorClass
from orchestrator.cli import COMMANDS, SECTIONS, _show_stack, concord, execute
from orchestrator.command_line.as_json import print_json
from orchestrator.command_line.many_values import ManyValues
from orchestrator.commands.history import node_line, run_line
from orchestrator.commands.progress import LogReporter, TerminalReporter, start_reporter
from orchestrator.commands.run import run_document, show_run, summary_text
from orchestrator.dbt.request import RunRequest
from orchestrator.dbt.selected_names import check_names, known_names, plain_names
from orchestrator.errors import (
    ConcordError,
    ConfigurationError,
    InputError,
    RunFailed,
    WarehouseRefused,
)
from orchestrator.health.report import ComponentHealth
from orchestrator.load.load_file import LoadResult
from orchestrator.logs import bind_run, configure_logs
from orchestrator.resolve.request import ResolveSummary
from orchestrator.run.summary import problem_text
from orchestrator.settings.groups import LogSettings
from orchestrator.settings.listing import SettingLine
from orchestrator.settings.values import Settings
from tests.unit.run_sample import BUILT, FAILED, ended_run, node

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestrator.dbt.runner import DbtRunner
    from orchestrator.run_log.run import Run

ROOT = Path(__file__).resolve().parents[2]


@click.command(cls=ManyValues)
@click.option("--select", "-s", multiple=True)
@click.option("--exclude", multiple=True)
@click.option("--flag", is_flag=True)
def chosen(select: tuple[str, ...], exclude: tuple[str, ...], flag: bool) -> None:
    click.echo(json.dumps([select, exclude, flag]))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["-s", "a", "b", "--exclude", "c", "d"], [["a", "b"], ["c", "d"], False]),
        (["-s", "a", "-s", "b"], [["a", "b"], [], False]),
        (["--select=a", "b", "--flag"], [["a", "b"], [], True]),
        (["--flag", "--select", "a b"], [["a b"], [], True]),
        ([], [[], [], False]),
    ],
)
def test_an_option_takes_several_values_as_dbts_do(
    arguments: list[str], expected: list[object]
) -> None:
    result = CliRunner().invoke(chosen, arguments)
    assert result.exit_code == 0, result.output
    assert json.loads(result.output) == expected


def test_a_value_without_an_option_is_still_wrong() -> None:
    assert CliRunner().invoke(chosen, ["--flag", "x"]).exit_code == 2
    assert CliRunner().invoke(chosen, ["-s"]).exit_code == 2


@pytest.mark.parametrize(("typed", "right"), [("rnu", "run"), ("histroy", "history")])
def test_a_mistyped_command_is_told_the_right_one(
    typed: str, right: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute([typed]) == 2
    assert f"did you mean '{right}'" in capsys.readouterr().err


def test_every_command_is_in_one_section() -> None:
    names = [name for _, of in SECTIONS for name in of]
    assert len(names) == len(set(names))
    assert set(names) <= set(COMMANDS)


class Dbt:
    """dbt that knows what it is given."""

    def __init__(self, *known: str) -> None:
        self.known = set(known)
        self.asked: list[str] = []

    def selected(self, request: RunRequest, *more: str) -> frozenset[str]:
        """Return what is selected."""
        self.asked += request.select
        return frozenset(self.known & set(request.select))


def check(dbt: Dbt, *select: str, exclude: Sequence[str] = ()) -> None:
    runner: DbtRunner = dbt  # type: ignore[assignment]
    check_names(runner, ROOT, RunRequest(select, tuple(exclude)))


def test_a_mistyped_model_is_told_before_anything_runs() -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'dim_persons'") as caught:
        check(Dbt(), "+dim_person")
    assert caught.value.exit_code == 2
    with pytest.raises(ConfigurationError, match="called 'nosuchmodel'"):
        check(Dbt(), "dim_persons", exclude=["nosuchmodel"])


def test_what_exists_is_not_asked_for() -> None:
    dbt = Dbt("a_generated_test")
    check(dbt, "dim_persons", "+marts+", "tag:x", "models/marts", "dim_*", "dim_persons,tag:y")
    assert dbt.asked == []
    check(dbt, "a_generated_test")
    assert dbt.asked == ["a_generated_test"]


def test_names_in_selectors() -> None:
    assert plain_names(("2+a+1,tag:x @b", "c.d", "path/e", "f*")) == ("a", "b")
    assert {"dim_persons", "marts", "staging"} <= known_names(ROOT)


@dataclass(frozen=True)
class Fact:
    """Something with all kinds of values."""

    when: datetime
    where: Path
    kind: ErrorClass


def test_one_way_to_print_json(capsys: pytest.CaptureFixture[str]) -> None:
    fact = Fact(datetime(2026, 11, 25, tzinfo=UTC), Path("a/b"), ErrorClass.QUOTA)
    print_json({"facts": [fact], "names": frozenset("ba")})
    assert json.loads(capsys.readouterr().out) == {
        "facts": [{"when": "2026-11-25T00:00:00+00:00", "where": "a/b", "kind": "quota"}],
        "names": ["a", "b"],
    }
    print_json({"a": [1]}, is_line=True)
    assert capsys.readouterr().out == '{"a": [1]}\n'


def failed_run() -> Run:
    """Return a run in which one node failed and one was skipped for it."""
    return ended_run(
        "r1",
        nodes=(FAILED, BUILT, node("z", "skipped", attempts=0)),
        empty_tables=("files.people",),
        not_published="x failed",
    )


def test_a_run_as_json_is_alone_on_standard_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONCORD_LOG_FORMAT", "json")
    settings = Settings(project_dir=tmp_path)
    start_reporter(settings, as_json=True).begin("build")
    show_run(failed_run(), settings, as_json=True)
    told = capsys.readouterr()
    run = json.loads(told.out)
    assert run["run_id"] == "r1"
    assert "model.concord.z" in run["not_built"]
    assert run["failed"][0]["error_class"]
    assert json.loads(told.err.splitlines()[0])["message"] == "step begins"


def documented(heading: str) -> set[str]:
    """Return the fields in the tables of a section of the page."""
    page = (ROOT / "docs" / "use" / "json.md").read_text(encoding="utf-8")
    section = page[page.index(f"## {heading}") :].split("\n## ")[0]
    rows = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def test_the_fields_are_documented() -> None:
    def fields(kind: type) -> set[str]:
        return {item.name for item in dataclasses.fields(kind)}

    assert documented("run, retry") == set(run_document(failed_run()))
    assert documented("history") == set(run_line(failed_run())) | set(node_line(FAILED))
    assert documented("load") == fields(LoadResult)
    assert documented("resolve") == {*fields(ResolveSummary), "output"}
    text = (ROOT / "docs" / "use" / "json.md").read_text(encoding="utf-8")
    for kind in (ComponentHealth, Rule, SettingLine):
        assert [name for name in fields(kind) if f"`{name}`" not in text] == []


def test_every_command_that_prints_figures_takes_json() -> None:
    without = set()
    for name in COMMANDS:
        command = concord.get_command(click.Context(concord), name)
        assert command is not None
        if name == "warehouse":
            command = cast("click.Group", command).commands["status"]
        if "--json" not in {option for of in command.params for option in of.opts}:
            without.add(name)
    assert without == {"dbt", "new", "report", "serve"}
    page = (ROOT / "docs" / "use" / "json.md").read_text(encoding="utf-8")
    headings = set(re.findall(r"\w+", " ".join(re.findall(r"^## (.*)", page, re.MULTILINE))))
    assert set(COMMANDS) - without - headings == set()


def test_a_summary_says_what_was_not_published_and_not_built() -> None:
    text = summary_text(failed_run())
    assert "Tables    not published, because x failed" in text
    assert problem_text(failed_run()).endswith("Not built for that: z")


def test_a_long_step_in_a_log_file_says_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    reporter = TerminalReporter(heartbeat_seconds=0.01)
    reporter.begin("build")
    reporter.update("3 of 9: model x")
    told, end = "", time.monotonic() + 30
    while "3 of 9: model x" not in told and time.monotonic() < end:
        told += capsys.readouterr().err
        time.sleep(0.01)
    reporter.end("build", 1.0)
    assert re.search(r"build +\d+\.\d s \.\.\. 3 of 9: model x", told)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (WarehouseRefused("Bad int64 value: Ann Lee", "x"), "Error: Bad int64 value: <value>"),
        (RunFailed("Bad int64 value: Ann Lee", "x"), "Error: Bad int64 value: <value>"),
        (InputError("people.csv repeats '7'", "x"), "Error: people.csv repeats '7'"),
        (ConfigurationError("nothing is called 'x'", "x"), "Error: nothing is called 'x'"),
    ],
)
def test_an_error_that_is_kept_is_masked_and_one_about_a_file_names_the_place(
    error: ConcordError,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(concord, "main", fail)
    assert execute(["x"]) == error.exit_code
    assert capsys.readouterr().err.splitlines()[0] == told


def test_a_stack_trace_that_is_kept_is_masked(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise KeyError("Bad value: ann.lee@example.org")
    except KeyError as error:
        _show_stack(type(error), error, error.__traceback__)
    told = capsys.readouterr().err
    assert "Traceback" in told
    assert "ann.lee" not in told
    assert re.search(r'File "[^"]+test_command_line.py", line \d+', told)


def test_a_long_node_in_a_log_of_json_says_how_far_it_is(tmp_path: Path) -> None:
    stream = io.StringIO()
    settings = Settings(project_dir=tmp_path, log=LogSettings(format="json"))
    configure_logs(settings, stream, is_terminal=False)
    bind_run("r1")
    reporter = LogReporter(heartbeat_seconds=0.01)
    reporter.begin("build")
    reporter.update("3 of 9: model x")
    end = time.monotonic() + 30
    while "3 of 9" not in stream.getvalue() and time.monotonic() < end:
        time.sleep(0.01)
    reporter.end("build", 1.0)
    told = [json.loads(line) for line in stream.getvalue().splitlines()]
    line = next(line for line in told if line["message"] == "step continues" and line["detail"])
    assert line["detail"] == "3 of 9: model x"
    assert line["logging.googleapis.com/labels"]["run_id"] == "r1"
