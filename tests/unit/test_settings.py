"""Settings: where they come from, and what dbt gets to see."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import pytest
from pydantic import ValidationError

from orchestrator.errors import ConfigurationError
from orchestrator.settings.registry import find_project_dir
from orchestrator.settings.values import (
    Settings,
    exported,
    load_settings,
)

if TYPE_CHECKING:
    from pathlib import Path


DECLARED: Final = """
name: concord
vars:
  sources:
    files: {tables: {people: people}, gives: [person_records]}
    gmail: {tables: {message: messages}, gives: [interactions]}
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an empty project the current one, with none of its variables set."""
    for name in [name for name in os.environ if name.startswith("CONCORD_")]:
        monkeypatch.delenv(name)
    (tmp_path / "dbt_project.yml").write_text(DECLARED, encoding="utf-8")
    inside = tmp_path / "models" / "deep"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    return tmp_path


def test_defaults_need_no_environment(project: Path) -> None:
    settings = load_settings()
    assert settings.project_dir == project
    assert settings.sources == ("files", "gmail")
    assert (settings.target, settings.warehouse_url) == ("local", None)
    assert settings.state_dir == project / ".concord"
    assert settings.build_dir == project / "build"


def test_environment_round_trip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONCORD_SOURCES", "files, gmail")
    monkeypatch.setenv("CONCORD_RAW_PREFIX", "pr12_")
    monkeypatch.setenv("CONCORD_WAREHOUSE_URL", "http://127.0.0.1:1")
    before = load_settings()
    assert before.sources == ("files", "gmail")
    for name, value in before.environment().items():
        monkeypatch.setenv(name, value)
    assert load_settings() == before


@pytest.mark.parametrize("value", ["", " ", ","])
def test_no_source_named_is_all_that_are_declared(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONCORD_SOURCES", value)
    assert load_settings().sources == ("files", "gmail")


@pytest.mark.parametrize(
    "text", ["vars: {sources: [files]}", "vars: {sources: {files: {}}}", "vars: {", "- 1"]
)
def test_a_declaration_that_cannot_be_read_is_named(project: Path, text: str) -> None:
    (project / "dbt_project.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"sources of .*dbt_project\.yml cannot be read"):
        load_settings()


def test_dbt_gets_no_address_before_there_is_one() -> None:
    assert "CONCORD_WAREHOUSE_URL" not in load_settings().environment()
    with_address = load_settings().with_changes(warehouse_url="http://127.0.0.1:1")
    assert with_address.environment()["CONCORD_WAREHOUSE_URL"] == "http://127.0.0.1:1"


def test_the_profile_decides_the_threads_unless_the_user_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "CONCORD_THREADS" not in load_settings(target="prod").environment()
    monkeypatch.setenv("CONCORD_THREADS", "6")
    assert load_settings().environment()["CONCORD_THREADS"] == "6"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("CONCORD_SOURCES", "files,oracle", "oracle"),
        ("CONCORD_SOURCES", "files,oracle", "known are files, gmail"),
        ("CONCORD_TARGET", "production", "CONCORD_TARGET"),
        ("CONCORD_THREADS", "many", "CONCORD_THREADS"),
        ("CONCORD_DATASET", "a-b", "letters, digits and underscores"),
        ("CONCORD_DEFAULT_PHONE_REGION", "usa", "CONCORD_DEFAULT_PHONE_REGION"),
    ],
)
def test_a_bad_value_is_named(
    name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=told) as caught:
        load_settings()
    assert name in caught.value.message


def test_settings_do_not_change() -> None:
    settings = load_settings()
    with pytest.raises(ValidationError):
        settings.target = "prod"  # type: ignore[misc]
    assert isinstance(settings, Settings)


def test_outside_a_project_the_error_says_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(ConfigurationError, match=r"no dbt_project\.yml"):
        find_project_dir(tmp_path_factory.mktemp("elsewhere"))


def test_exported_variables_go_away_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONCORD_TARGET", "dev")
    with exported({"CONCORD_TARGET": "ci", "CONCORD_NEW": "1"}):
        assert (os.environ["CONCORD_TARGET"], os.environ["CONCORD_NEW"]) == ("ci", "1")
    assert os.environ["CONCORD_TARGET"] == "dev"
    assert "CONCORD_NEW" not in os.environ
