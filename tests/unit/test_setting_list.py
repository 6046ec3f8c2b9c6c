"""The list of settings: complete, masked, and the same as in the documents."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from pydantic import BaseModel, SecretStr

from orchestrator.cli import execute
from orchestrator.settings.known_variables import DBT_VARIABLES, variables_of
from orchestrator.settings.listing import MASK, SettingLine, setting_lines, shown
from orchestrator.settings.values import Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def only_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("CONCORD_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(ROOT)


def listed() -> dict[str, SettingLine]:
    return {line.variable: line for line in setting_lines(load_settings())}


def test_every_setting_is_listed_and_explained() -> None:
    lines = listed()
    groups = [field for field in Settings.model_fields.values() if _is_group(field.annotation)]
    fields = sum(len(field.default.__class__.model_fields) for field in groups)
    assert len(lines) == len(Settings.model_fields) - len(groups) + fields
    assert [line.variable for line in lines.values() if not line.meaning] == []


def _is_group(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def test_the_listed_variables_are_those_that_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = {
        "CONCORD_TARGET": "prod",
        "CONCORD_SOURCES": "files,gmail",
        "CONCORD_RETRY_ATTEMPTS": "9",
        "CONCORD_LIMIT_MAX_COST": "1234567.5",
        "CONCORD_RETRY_CONFLICT_FIRST_WAIT_SECONDS": "7",
        "CONCORD_METRICS_GOOGLE_AUTH": "true",
        "CONCORD_API_TIMEOUT_SECONDS": "60",
        "CONCORD_RUNLOG_PLACE": "gs://bucket/runs",
        "CONCORD_RETENTION_RAW_DAYS": "30",
    }
    for name, value in changed.items():
        monkeypatch.setenv(name, value)
    lines = listed()
    assert {name: lines[name].value for name in changed} == changed
    others = {line.variable for line in lines.values() if not line.is_default} - set(changed)
    assert others == set()


def test_no_secret_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONCORD_ALERT_ADDRESSES", "slack://hunter2/x secret://hook")
    monkeypatch.setenv("CONCORD_ALERT_FALLBACK_ADDRESSES", "mailto://hunter2:hunter2@mail.test")
    monkeypatch.setenv("CONCORD_ALERT_PAGERDUTY_KEY", "hunter2")
    monkeypatch.setenv("CONCORD_METRICS_ENDPOINT", "https://hunter2:hunter2@host.test/v1?k=hunter2")
    for options in ([], ["--json"], ["--markdown"]):
        assert execute(["settings", *options]) == 0
        text = capsys.readouterr().out
        assert "hunter2" not in text
    lines = listed()
    assert lines["CONCORD_ALERT_ADDRESSES"].value == f"{MASK} secret://hook"
    assert lines["CONCORD_METRICS_ENDPOINT"].value == f"https://{MASK}@host.test/v1?{MASK}"
    assert not lines["CONCORD_ALERT_PAGERDUTY_KEY"].is_default


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("https://user:pa/ss@host.test/v1", f"https://{MASK}@host.test/v1"),
        ("https://user:p@ss@host.test/v1", f"https://{MASK}@host.test/v1"),
        ("https://host.test/otlp/a8f3b2c1d4e5f6a7b8c9/v1", f"https://host.test/otlp/{MASK}/v1"),
        ("https://host.test/x#hunter2", f"https://host.test/x#{MASK}"),
        ("https://events.pagerduty.com/v2/enqueue", "https://events.pagerduty.com/v2/enqueue"),
        ("https://logs.test/runs/{run_id}", "https://logs.test/runs/{run_id}"),
        ("gs://bucket/a-long-folder-of-2026-11-28", "gs://bucket/a-long-folder-of-2026-11-28"),
    ],
)
def test_secrets_in_addresses_are_masked(value: str, text: str) -> None:
    assert shown(value) == text


def test_what_only_dbt_reads_is_listed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONCORD_PRIORITY", "batch")
    assert execute(["settings"]) == 0
    assert re.search(r"\* CONCORD_PRIORITY +batch", capsys.readouterr().out)
    places = [ROOT / "profiles.yml", ROOT / "dbt_project.yml"]
    for folder in ("macros", "models", "snapshots", "tests/dbt"):
        places += (path for path in (ROOT / folder).rglob("*") if path.suffix in {".sql", ".yml"})
    text = "\n".join(path.read_text(encoding="utf-8") for path in places)
    read = set(re.findall(r"env_var\(\s*'(CONCORD_\w+)'", text))
    own = set(variables_of(Settings))
    assert read - own == {variable.name for variable in DBT_VARIABLES}
    assert own == set(listed())


def test_a_misspelt_variable_is_warned_of_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("orchestrator.settings.known_variables._told", set())
    monkeypatch.setenv("CONCORD_THREDS", "8")
    monkeypatch.setenv("CONCORD_THREADS", "8")
    monkeypatch.setenv("CONCORD_RUN_ID", "r1")
    load_settings()
    load_settings()
    # A log that an earlier test set up repeats what libraries say.
    (record,) = (record for record in caplog.records if record.name == "concord")
    assert record.getMessage() == (
        "CONCORD_THREDS is not a setting and has no effect; did you mean CONCORD_THREADS?"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (True, "true"), (2.0, "2"), (0.25, "0.25"), (("a", "b"), "a,b"), ((), "")],
)
def test_values_are_written_as_in_the_variable(value: object, text: str) -> None:
    assert shown(value) == text
    assert shown(SecretStr("x")) == MASK


def test_the_command_marks_what_differs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONCORD_LOCK_LEASE_SECONDS", "90")
    assert execute(["settings"]) == 0
    text = capsys.readouterr().out
    assert "\nlock\n" in text
    assert "* CONCORD_LOCK_LEASE_SECONDS " in text
    assert "  CONCORD_LOCK_HEARTBEAT_SECONDS " in text
    assert execute(["settings", "--json"]) == 0
    facts = {line["variable"]: line for line in json.loads(capsys.readouterr().out)}
    assert facts["CONCORD_LOCK_LEASE_SECONDS"]["value"] == "90"
    assert facts["CONCORD_LOCK_LEASE_SECONDS"]["default"] == "120"


def test_a_wrong_value_is_named_with_its_group(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONCORD_RETRY_ATTEMPTS", "many")
    assert execute(["settings"]) == 2
    assert "CONCORD_RETRY_ATTEMPTS is not usable" in capsys.readouterr().err


def test_the_document_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["settings", "--markdown"]) == 0
    tables = capsys.readouterr().out.strip()
    document = (ROOT / "docs" / "operate" / "settings.md").read_text(encoding="utf-8")
    within = document.partition("<!-- settings -->")[2].partition("<!-- end of settings -->")[0]
    assert within.strip() == tables, (
        "write `concord settings --markdown` into docs/operate/settings.md"
    )
