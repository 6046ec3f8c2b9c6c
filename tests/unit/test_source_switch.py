"""CONCORD_SOURCES means to dbt by itself what it means to `concord`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Final

import pytest
from dbt.cli.main import dbtRunner

from orchestrator.dbt.loading import load_dbt
from orchestrator.settings.registry import declared_sources
from orchestrator.settings.values import load_settings

ROOT: Final = Path(__file__).resolve().parents[2]
# A model that writes down what the macro answers, where `ls` shows it.
ASKED: Final = "{{ config(tags=enabled_sources() | list) }} select 1 as x"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with the declaration and macros of this one, and one model per source."""
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(ROOT / name, tmp_path)
    for room in ("staging", "local"):
        shutil.copytree(ROOT / "macros" / room, tmp_path / "macros" / room)
    models = tmp_path / "models"
    for source in declared_sources(ROOT):
        folder = models / "staging" / source
        folder.mkdir(parents=True)
        (folder / f"{source}.sql").write_text("select 1 as x", encoding="utf-8")
    (models / "asked.sql").write_text(ASKED, encoding="utf-8")
    (models / "_groups.yml").write_bytes((ROOT / "models" / "_groups.yml").read_bytes())
    return tmp_path


def invoke(project: Path, *arguments: str) -> tuple[list[str], str]:
    """Return the lines of a dbt command, and what it failed with."""
    places = ("--project-dir", str(project), "--profiles-dir", str(project))
    load_dbt()
    result = dbtRunner().invoke([*arguments, *places, "--log-level", "none", "--quiet"])
    return list(result.result or []), str(result.exception or "")


@pytest.mark.parametrize("value", ["", " files, gmail,", ","])
def test_dbt_and_concord_read_one_list(
    project: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("CONCORD_SOURCES", value)
    lines, trouble = invoke(project, "ls", "--output", "json", "--output-keys", "name", "tags")
    assert trouble == ""
    models = {model["name"]: set(model["tags"]) for model in map(json.loads, lines)}
    meant = set(load_settings().sources)
    assert models.pop("asked") == meant
    assert set(models) == meant


def test_a_misspelt_source_stops_dbt(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONCORD_SOURCES", "gmial, files")
    _, trouble = invoke(project, "parse")
    assert "CONCORD_SOURCES names gmial" in trouble
    assert "salesforce, hubspot, gmail" in trouble
