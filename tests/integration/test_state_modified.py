"""A pull request builds what it touches: a column of persons marks its own models as modified."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from orchestrator.models.candidate import SELECTED
from tests.page_steps import replace_once
from tests.project_copy import copy_project
from tests.unit.test_repository import workflows

pytestmark = pytest.mark.integration

DBT: Final = Path(sys.executable).parent / "dbt"


def dbt(project: Path, *arguments: str) -> list[str]:
    """Run dbt in a copy of the project, and return the lines that it prints."""
    command = [str(DBT), "--quiet", "--log-level-file", "none", *arguments]
    result = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout.split()


def add_column(project: Path, folder: str, stem: str, model: str, last_cte: str) -> None:
    """Add `nickname` as the last column of a model, and to the file that declares it."""
    from_line = f"    from {last_cte}\n"
    replace_once(
        project / "models" / folder / f"{model}.sql",
        from_line,
        f"        cast(null as string) as nickname,\n{from_line}",
    )
    path = project / "models" / folder / f"_{stem}__models.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    columns = next(entry for entry in content["models"] if entry["name"] == model)["columns"]
    meta = {"meta": {"pii": "name"}}
    columns.append({"name": "nickname", "description": "-", "data_type": "string", "config": meta})
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


@pytest.mark.slow
def test_policy_tags_reach_a_pull_request_and_mark_nothing_as_modified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = copy_project(tmp_path)
    monkeypatch.setenv("CONCORD_PROJECT", "p")
    monkeypatch.setenv("CONCORD_TARGET", "prod")
    monkeypatch.setenv("CONCORD_MODEL", "promoted")
    dbt(project, "parse", "--target-path", "before")

    monkeypatch.setenv("CONCORD_TARGET", "ci")
    monkeypatch.setenv("CONCORD_MODEL", "0123456789abcdef")
    monkeypatch.setenv("CONCORD_POLICY_TAGS", "email=projects/p/taxonomies/1/policyTags/2")
    state = ("--select", "state:modified", "--state", "before", "--resource-type", "model")
    assert dbt(project, "ls", *state, "--output", "name", "--target-path", "after") == []
    manifest = json.loads((project / "after" / "manifest.json").read_text(encoding="utf-8"))
    written = manifest["nodes"]["model.concord.dim_persons"]["config"]["persist_docs"]
    assert written == {"relation": False, "columns": True}


@pytest.mark.slow
def test_a_training_builds_into_the_datasets_that_terraform_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = copy_project(tmp_path)
    for name, value in (
        ("PROJECT", "p"),
        ("TARGET", "prod"),
        ("DATASET", "concord_candidate"),
        ("OPS_PREFIX", "concord"),
        ("MODEL", "train"),
    ):
        monkeypatch.setenv(f"CONCORD_{name}", value)
    kinds = ("--resource-type", "model", "--resource-type", "seed")
    shown = ("--output", "json", "--output-keys", "schema")
    lines = dbt(project, "ls", "--select", *SELECTED, *kinds, *shown)
    built = set(re.findall(r"concord_candidate\w*", " ".join(lines)))
    terraform = Path(__file__).parents[2] / "infrastructure" / "terraform" / "locals.tf"
    made = re.findall(r'"\$\{var\.dataset\}(_candidate\w*)"', terraform.read_text("utf-8"))
    # And the one without a suffix, which is dbt's default.
    assert built | {"concord_candidate"} == {f"concord{name}" for name in made}


@pytest.mark.slow
def test_one_personal_column_marks_only_the_models_that_get_it(tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    state = ("--select", "state:modified", "--state", "before", "--resource-type", "model")
    dbt(project, "parse", "--target-path", "before")

    replace_once(project / "pii.yml", "middle_names, name,", "middle_names, name, nickname,")
    add_column(project, "staging/hubspot", "hubspot", "stg_hubspot__contacts", "source")
    add_column(project, "marts/core", "core", "dim_persons", "golden")

    modified = dbt(project, "ls", *state, "--output", "name", "--target-path", "after")
    assert sorted(modified) == ["dim_persons", "stg_hubspot__contacts"]


@pytest.mark.slow
def test_a_build_with_a_promoted_model_changes_nothing_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = copy_project(tmp_path)
    steps = workflows()["deploy_to.yml"]["jobs"]["deploy"]["steps"]
    (parsing,) = [step for step in steps if step.get("run") == "make parse"]
    monkeypatch.setenv("CONCORD_MODEL", parsing["env"]["CONCORD_MODEL"])
    dbt(project, "parse", "--target-path", "before")
    manifest = json.loads((project / "before" / "manifest.json").read_text(encoding="utf-8"))
    built = {node["name"] for node in manifest["nodes"].values()}
    # A unit test of a model that is built, with an input that is not, ends the build.
    assert {
        test["name"]: missing
        for test in manifest["unit_tests"].values()
        if test["model"] in built
        and (missing := {name for name in inputs_of(test) if name not in built})
    } == {}

    monkeypatch.setenv("CONCORD_MODEL", "0123456789abcdef")
    monkeypatch.setenv("CONCORD_DATASET", "concord_ci_7")
    monkeypatch.setenv("CONCORD_OPS_PREFIX", "concord")
    state = ("--select", "state:modified", "--state", "before", "--resource-type", "model")
    assert dbt(project, "ls", *state, "--output", "name", "--target-path", "after") == []


def inputs_of(test: dict[str, Any]) -> list[str]:
    """Return the models that a unit test gives rows of."""
    texts = " ".join(str(given["input"]) for given in test["given"])
    return re.findall(r"ref\('(\w+)'\)", texts)
