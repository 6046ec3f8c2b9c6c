"""What log lines look like, and what is not in them."""

from __future__ import annotations

import io
import json
import logging
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from google.auth.credentials import AnonymousCredentials
from google.cloud import logging_v2

from orchestrator.commands.progress import LogReporter
from orchestrator.errors import LoginRefused
from orchestrator.logs import bind_run, configure_logs, end_logs, get_logger, is_json
from orchestrator.logs.of_runs import log_outcome
from orchestrator.settings.groups import LogSettings
from orchestrator.settings.values import Settings
from tests.unit.run_sample import ended_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    yield Settings(project_dir=tmp_path, log=LogSettings(format="json", level="DEBUG"))
    end_logs()
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def stream(settings: Settings) -> io.StringIO:
    stream = io.StringIO()
    configure_logs(settings, stream, is_terminal=False)
    bind_run("r1")
    return stream


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_json_has_the_shape_of_cloud_logging(stream: io.StringIO) -> None:
    get_logger().warning("node is tried again", node="dim_persons", attempts=2)
    (line,) = lines(stream)
    assert datetime.fromisoformat(line.pop("time")).tzinfo is UTC
    source = line.pop("logging.googleapis.com/sourceLocation")
    assert source["file"].endswith("test_logs.py")
    assert line == {
        "severity": "WARNING",
        "message": "node is tried again",
        "node": "dim_persons",
        "attempts": 2,
        "logging.googleapis.com/labels": {
            "run_id": "r1",
            "target": "local",
            "python_logger": "orchestrator",
        },
        "logging.googleapis.com/trace": "",
        "logging.googleapis.com/spanId": "",
        "logging.googleapis.com/trace_sampled": False,
        "httpRequest": {},
    }


@pytest.mark.parametrize("trace", ["0af7", "projects/concord-local/traces/0af7"])
def test_a_trace_is_named_in_full(settings: Settings, trace: str) -> None:
    stream = io.StringIO()
    traced = settings.with_changes(log=LogSettings(format="json", trace=trace))
    configure_logs(traced, stream, is_terminal=False)
    get_logger().info("hello")
    expected = "projects/concord-local/traces/0af7"
    assert lines(stream)[0]["logging.googleapis.com/trace"] == expected


def test_no_value_of_data_in_any_field(stream: io.StringIO, tmp_path: Path) -> None:
    error = ValueError("Bad int64 value: Ann Lee")
    try:
        raise error
    except ValueError:
        get_logger().exception(
            "cannot cast 'Ann Lee'",
            error=error,
            rows=[{"email": "ann.lee@example.org"}, ("+1 555 010 4477",)],
            folder=tmp_path / "ann.lee@example.org",
        )
    text = stream.getvalue()
    for value in ("Ann", "ann.", "Lee", "example.org", "4477"):
        assert value not in text
    assert 'test_logs.py", line' in lines(stream)[0]["stack_trace"]
    assert lines(stream)[0]["error"] == "Bad int64 value: <value>"


def test_the_level_is_a_setting(settings: Settings) -> None:
    stream = io.StringIO()
    quiet = settings.with_changes(log=LogSettings(format="json", level="WARNING"))
    configure_logs(quiet, stream, is_terminal=False)
    get_logger().info("one")
    get_logger().error("two")
    assert [line["message"] for line in lines(stream)] == ["two"]


def test_warnings_of_libraries_are_lines_too(stream: io.StringIO) -> None:
    logging.getLogger("google.auth").warning("no %s for ann.lee@example.org", "token")
    logging.getLogger("google.auth").info("nothing")
    (line,) = lines(stream)
    assert line["severity"] == "WARNING"
    assert line["message"] == "no token for <email>"
    assert line["library"] == "google.auth"


def test_lines_for_people(settings: Settings) -> None:
    stream = io.StringIO()
    console = settings.with_changes(log=LogSettings(format="console"))
    configure_logs(console, stream, is_terminal=False)
    get_logger().info("step ends", step="build", who="ann.lee@example.org")
    text = stream.getvalue()
    assert "step ends" in text
    assert "step=build" in text
    assert "who=<email>" in text
    assert "r1" not in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("target", "form", "is_terminal", "expected"),
    [
        ("prod", "auto", False, True),
        ("prod", "auto", True, False),
        ("local", "auto", False, False),
        ("local", "json", True, True),
        ("prod", "console", False, False),
        ("dev", "cloud", True, True),
    ],
)
def test_who_the_lines_are_for(
    settings: Settings, target: str, form: str, is_terminal: bool, expected: bool
) -> None:
    changed = settings.with_changes(target=target, log={"format": form})
    assert is_json(changed, is_terminal=is_terminal) is expected


def test_a_full_disk_costs_lines_and_nothing_else(settings: Settings) -> None:
    tried = []

    class FullDisk(io.StringIO):
        def write(self, text: str) -> int:
            tried.append(text)
            raise OSError(28, "No space left on device")

    configure_logs(settings, FullDisk(), is_terminal=False)
    get_logger().error("nobody reads this")
    assert "nobody reads this" in "".join(tried)
    closed = io.StringIO()
    closed.close()
    configure_logs(settings, closed, is_terminal=False)
    get_logger().error("nor this")


class SilentCloud:
    """Cloud Logging that takes entries, or does not answer until it is told to."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.answers = threading.Event()
        self.asked = threading.Event()
        self.log: object = None

    def write_entries(self, entries: list[dict[str, Any]], **more: object) -> None:
        self.asked.set()
        self.answers.wait()
        self.entries += entries
        self.log = more["logger_name"]


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[SilentCloud]:
    cloud = SilentCloud()
    monkeypatch.setattr(logging_v2.Client, "logging_api", cloud)
    monkeypatch.setattr(
        "orchestrator.bigquery.credentials.google_credentials", lambda _: AnonymousCredentials()
    )
    yield cloud
    cloud.answers.set()
    for thread in threading.enumerate():
        if thread.name.startswith("google.cloud.logging"):
            thread.join()


def test_a_host_that_nobody_reads_sends_its_lines(settings: Settings, cloud: SilentCloud) -> None:
    stream = io.StringIO()
    cloud.answers.set()
    sending = settings.with_changes(log=LogSettings(format="cloud", trace="0af7"))
    configure_logs(sending, stream, is_terminal=False)
    bind_run("r1")
    get_logger().warning("for ann.lee@example.org", node="dim_persons")
    end_logs()
    (entry,), (line,) = cloud.entries, lines(stream)
    assert entry["severity"] == 400
    assert entry["jsonPayload"] == {"message": "for <email>", "node": "dim_persons"}
    assert entry["labels"]["run_id"] == "r1"
    assert entry["trace"] == "projects/concord-local/traces/0af7"
    assert cloud.log == "projects/concord-local/logs/concord"
    assert line["message"] == "for <email>"


def test_silent_cloud_logging_holds_nothing_up(settings: Settings, cloud: SilentCloud) -> None:
    stream = io.StringIO()
    sending = settings.with_changes(log=LogSettings(format="cloud"))
    configure_logs(sending, stream, is_terminal=False)
    get_logger().info("one")
    assert cloud.asked.wait(60)
    get_logger().info("two")
    # Python itself does so at the end of a process.
    for handler in logging.getLogger("orchestrator").handlers:
        handler.flush()
    end_logs()
    assert [line["message"] for line in lines(stream)] == ["one", "two"]
    assert cloud.entries == []


def test_the_failure_to_send_is_told_and_not_sent(settings: Settings, cloud: SilentCloud) -> None:
    stream = io.StringIO()
    cloud.answers.set()
    sending = settings.with_changes(log=LogSettings(format="cloud"))
    configure_logs(sending, stream, is_terminal=False)
    sender = "google.cloud.logging_v2.handlers.transports.background_thread"
    logging.getLogger(sender).error("Failed to submit %d logs.", 1)
    end_logs()
    assert [line["message"] for line in lines(stream)] == ["Failed to submit 1 logs."]
    assert cloud.entries == []


def test_without_a_login_lines_stay_here(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Settings) -> None:
        raise LoginRefused("no Google credentials", "log in")

    monkeypatch.setattr("orchestrator.bigquery.credentials.google_credentials", refuse)
    stream = io.StringIO()
    sending = settings.with_changes(log=LogSettings(format="cloud"))
    configure_logs(sending, stream, is_terminal=False)
    (line,) = lines(stream)
    assert line["severity"] == "WARNING"
    assert line["problem"] == "no Google credentials"


def test_the_outcome_is_a_line_a_failed_node_and_one_for_the_run(stream: io.StringIO) -> None:
    log_outcome(ended_run())
    log_outcome(ended_run(status="success", exit_code=0, problem="", nodes=()))
    failed, ended, good = lines(stream)
    assert (failed["severity"], failed["message"]) == ("ERROR", "node failed")
    assert (failed["node"], failed["error_class"]) == ("stg_files__people", "permanent")
    assert failed["cause"] == "400 Bad int64 value: <value>"
    assert (ended["severity"], ended["message"]) == ("ERROR", "run ends")
    assert (ended["seconds"], ended["failed"], ended["bytes_billed"]) == (90.0, 1, 10_485_760)
    assert (good["severity"], good["status"]) == ("INFO", "success")


def test_steps_are_lines_and_nodes_are_few(stream: io.StringIO) -> None:
    times = iter([0.0, *(float(second) for second in range(1, 131))])
    reporter = LogReporter(lambda: next(times))
    reporter.begin("build")
    for number in range(1, 131):
        reporter.update(f"{number} of 130: sql table model")
    reporter.end("build", 130.04)
    shown = [line for line in lines(stream) if line["severity"] == "INFO"]
    assert [line["message"] for line in shown] == [
        "step begins",
        "step continues",
        "step continues",
        "step ends",
    ]
    assert shown[1]["detail"] == "60 of 130: sql table model"
    assert shown[-1] | {"time": ""} == shown[-1] | {"time": "", "step": "build", "seconds": 130.0}
    assert sum(line["severity"] == "DEBUG" for line in lines(stream)) == 128
