"""What Terraform looks for in the log is in the lines that Concord writes."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import hcl2
import pytest
import structlog

from orchestrator.api.callers import Caller
from orchestrator.api.service import Service
from orchestrator.bigquery.error_classes import ErrorClass
from orchestrator.logs import bind_run, configure_logs, end_logs
from orchestrator.logs.of_runs import log_old_sources, log_outcome, log_retry
from orchestrator.run.build import Retry
from orchestrator.settings.groups import LogSettings
from orchestrator.settings.values import Settings
from orchestrator.sources.freshness import StaleTable
from tests.unit.document_texts import ROOT, read
from tests.unit.run_sample import ended_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TERRAFORM: Final = ROOT / "infrastructure" / "terraform"
# In a filter, in an extractor, and in a message that is one of several.
FIELD: Final = re.compile(r"jsonPayload\.(\w+)")
MESSAGES: Final = re.compile(r'jsonPayload\.message=(\\"[^"]*\\"|\([^)]*\))')
PROMQL: Final = re.compile(r"condition_prometheus_query_language \{\n(.*?)\n    \}", re.DOTALL)
QUOTED: Final = re.compile(r'\\"([^"\\]+)\\"')


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[dict[str, dict[str, Any]]]:
    """Return a line of each message about runs and readers, as Cloud Run would take it."""
    stream = io.StringIO()
    settings = Settings(project_dir=tmp_path, log=LogSettings(format="json"))
    configure_logs(settings, stream, is_terminal=False)
    bind_run("r1")
    old = (StaleTable("files.people", timedelta(hours=99)),)
    run = ended_run(stale_tables=old)
    log_retry(Retry(1, 2, ErrorClass.TRANSIENT, 3.0, 2))
    log_old_sources(run)
    log_outcome(run)
    Service.audit(Caller("somebody", "steward"), "lookup", "p1")
    yield {line["message"]: line for line in map(json.loads, stream.getvalue().splitlines())}
    end_logs()
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def metrics() -> dict[str, dict[str, Any]]:
    """Return the log-based metrics of Terraform."""
    found = hcl2.loads(read(TERRAFORM / "log_metrics.tf"))["resource"]
    named = [block['"google_logging_metric"'] for block in found]
    return {name.strip('"'): body for one in named for name, body in one.items()}


def run_figures() -> dict[str, str]:
    """Return the fields of the line about a run that become metrics, with their units."""
    (block,) = hcl2.loads(read(TERRAFORM / "log_metrics.tf"))["locals"]
    figures = block["run_figures"]
    return {name: unit.strip('"') for name, unit in figures.items() if name[:2] != "__"}


def asked_messages() -> set[str]:
    """Return the messages that any filter of Terraform names."""
    texts = [read(path) for path in sorted(TERRAFORM.glob("*.tf"))]
    return {
        message
        for text in texts
        for part in MESSAGES.findall(text)
        for message in QUOTED.findall(part)
    }


def test_every_message_that_is_looked_for_is_written(lines: dict[str, dict[str, Any]]) -> None:
    assert asked_messages() >= {"run ends", "source is old", "node failed", "audit"}
    assert sorted(asked_messages() - set(lines)) == []


def test_every_field_of_a_metric_is_in_its_line(lines: dict[str, dict[str, Any]]) -> None:
    assert set(metrics()) == {"run", "source_age"}
    for name, metric in metrics().items():
        (message,) = QUOTED.findall(MESSAGES.findall(metric["filter"])[0])
        texts = [str(metric["value_extractor"]), *map(str, metric["label_extractors"].values())]
        if name == "run":
            assert texts.pop(0).strip('"') == "EXTRACT(jsonPayload.${each.key})"
            texts += [f"jsonPayload.{field}" for field in run_figures()]
        fields = {field for text in texts for field in FIELD.findall(text)}
        assert fields
        assert sorted(fields - set(lines[message])) == [], name


def test_figures_are_numbers(lines: dict[str, dict[str, Any]]) -> None:
    assert len(run_figures()) >= 5
    for field in run_figures():
        assert isinstance(lines["run ends"][field], int | float), field
    assert lines["source is old"]["hours"] == 99.0
    assert lines["source is old"]["source"] == "files.people"


def test_a_text_that_the_api_is_watched_for_is_one_of_its_lines() -> None:
    sources = "\n".join(read(path) for path in sorted((ROOT / "orchestrator").rglob("*.py")))
    policy = read(TERRAFORM / "alerting_api.tf").split('"api_stuck"')[1]
    (texts,) = re.findall(r"\$\{local\.api_log\} AND \((.*?)\)\"", policy)
    wanted = QUOTED.findall(texts)
    assert len(wanted) == 3
    for text in wanted:
        assert f'get_logger().error("{text}"' in sources, text


def test_what_was_published_is_said_and_counts_as_the_success_of_a_night(tmp_path: Path) -> None:
    stream = io.StringIO()
    settings = Settings(project_dir=tmp_path, log=LogSettings(format="json"))
    configure_logs(settings, stream, is_terminal=False)
    try:
        log_outcome(ended_run(status="success", exit_code=0, problem="", published_tables=61))
        log_outcome(ended_run())
    finally:
        end_logs()
        structlog.reset_defaults()
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    ends = [line for line in lines if line["message"] == "run ends"]
    assert [(line["status"], line["published"]) for line in ends] == [
        ("success", 61),
        ("failed", 0),
    ]
    policy = read(TERRAFORM / "alerting.tf").split('"absent"')[1].split("\nresource ")[0]
    assert '${local.of_runs.published}_sum{${local.of_jobs},status=\\"success\\"}' in policy
    assert "execution_count" not in policy


def test_no_condition_asks_for_a_metric_that_is_not_there_yet() -> None:
    texts = [read(path) for path in sorted(TERRAFORM.glob("alerting*.tf"))]
    found = [part for text in texts for part in PROMQL.findall(text)]
    assert len(found) >= 10
    for part in found:
        assert re.search(r"^ +disable_metric_validation += true$", part, re.MULTILINE), part


@pytest.mark.parametrize("job", ["nightly", "retry"])
def test_the_lines_of_both_jobs_count(job: str) -> None:
    text = read(TERRAFORM / "log_metrics.tf")
    assert f'\\"concord-{job}\\"' in re.findall(r"run_log\s*= (.*)", text)[0]
