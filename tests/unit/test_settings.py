"""Settings: where they come from, and what dbt gets to see."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest
from pydantic import ValidationError

from orchestrator.cli import execute
from orchestrator.errors import ConfigurationError
from orchestrator.settings import registry, values
from orchestrator.settings.registry import find_project_dir
from orchestrator.settings.values import (
    Settings,
    exported,
    load_settings,
)

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


@pytest.fixture
def packaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Stand in an empty folder, with a project inside the installed package."""
    project = tmp_path / "site-packages" / "orchestrator" / "project"
    project.mkdir(parents=True)
    (project / "dbt_project.yml").write_text("name: concord\n", encoding="utf-8")
    for module in (values, registry):
        monkeypatch.setattr(module, "PACKAGED_PROJECT", project)
    monkeypatch.setattr(find_project_dir, "__defaults__", (None, project))
    monkeypatch.delenv("CONCORD_PROJECT_DIR", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path_factory.mktemp("anywhere"))
    return project


def test_outside_of_a_project_that_of_the_package_is_used_and_nothing_is_written_there(
    packaged: Path, tmp_path: Path
) -> None:
    settings = load_settings()
    assert (settings.project_dir, settings.is_packaged) == (packaged, True)
    assert settings.state_dir == tmp_path / "state" / "concord"
    assert settings.build_dir == Path.cwd() / "build"
    # In a dbt project of somebody's own, too; in one of Concord it is that one.
    Path("dbt_project.yml").write_text("name: 'my_shop'\n", encoding="utf-8")
    assert load_settings().project_dir == packaged
    Path("dbt_project.yml").write_text('name: "concord"\n', encoding="utf-8")
    own = load_settings()
    assert (own.project_dir, own.is_packaged) == (Path.cwd(), False)
    assert own.state_dir == Path.cwd() / ".concord"


def test_the_state_can_be_elsewhere(
    packaged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONCORD_STATE_FOLDER", str(tmp_path / "kept"))
    assert load_settings().state_dir == tmp_path / "kept"
    assert load_settings().with_changes(target="local").state_dir == tmp_path / "kept"
    monkeypatch.setenv("CONCORD_STATE_FOLDER", "")
    assert load_settings().state_dir == tmp_path / "state" / "concord"


def test_dbt_itself_writes_nothing_into_the_package(
    packaged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, str] = {}
    monkeypatch.setattr(os, "execv", lambda *_: seen.update(os.environ))
    assert execute(["dbt", "parse"]) == 0
    assert seen["DBT_PROJECT_DIR"] == str(packaged)
    for name in ("DBT_TARGET_PATH", "DBT_LOG_PATH"):
        assert Path(seen[name]).parent == tmp_path / "state" / "concord"
