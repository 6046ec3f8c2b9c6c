"""The pages that say how to add a comparison, an exact id and a blocking rule, done on a copy."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from dbt.cli.main import dbtRunner

from orchestrator.local_warehouse import process
from tests.page_steps import follow
from tests.project_copy import ROOT, STATE, copy_project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.local_warehouse.state import Warehouse

# dbt runs in this process: tracing it takes half as long again, and others measure the same.
pytestmark = [pytest.mark.integration, pytest.mark.no_cover]

COMPARISON: Final = ROOT / "docs/develop/add-a-comparison.md"
RULE: Final = ROOT / "docs/develop/add-a-blocking-rule.md"
SEEDS: Final = ("default_match_parameters", "person_blocking_rules")
MODELS: Final = (
    *("int_person_features", "int_person_blocking_keys", "int_person_compared_pairs"),
    *("int_person_training_evidence", "int_person_scored_blocked_pairs"),
)


def copied_project(folder: Path) -> Path:
    """Copy the project, and the list of personal columns, which dbt does not read."""
    shutil.copy(ROOT / "pii.yml", folder)
    return copy_project(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project with both in it."""
    project = copied_project(tmp_path_factory.mktemp("project"))
    follow(COMPARISON, project, "A comparison of its own")
    follow(RULE, project)
    return project


@pytest.fixture(scope="module")
def warehouse(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    data_dir = tmp_path_factory.mktemp("warehouse")
    with process.ephemeral(
        data_dir, "concord-local", "1GB", project_dir=folder, state_dir=ROOT / STATE
    ) as running:
        yield running


@pytest.fixture(autouse=True)
def environment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "warehouse" not in request.fixturenames:
        return
    for name in ("CONCORD_TARGET", "CONCORD_PROJECT", "CONCORD_WAREHOUSE_CHECK"):
        monkeypatch.delenv(name, raising=False)
    running: Warehouse = request.getfixturevalue("warehouse")
    for name, value in running.variables().items():
        monkeypatch.setenv(name, value)


def run_dbt(folder: Path, *arguments: str) -> set[str]:
    """Run dbt in the folder; returns the names of the tests that failed."""
    places = ("--project-dir", str(folder), "--profiles-dir", str(folder))
    target = folder / "target"
    result = dbtRunner().invoke(
        [*arguments, *places, "--target-path", str(target), "--log-level-file", "none", "--quiet"]
    )
    assert result.exception is None, result.exception
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    return {each["unique_id"].split(".")[2] for each in results if each["status"] == "fail"}


def compiled(folder: Path, model: str) -> str:
    (path,) = (folder / "target/compiled").rglob(f"models/**/{model}.sql")
    return path.read_text(encoding="utf-8")


def test_a_comparison_costs_at_most_twelve_files(tmp_path: Path) -> None:
    files = follow(COMPARISON, copied_project(tmp_path), "A comparison of its own")
    assert len(files) <= 12
    assert not [file for file in files if file.endswith(".py") or "unit_tests" in file]


def test_an_exact_id_costs_three_files(tmp_path: Path) -> None:
    files = follow(COMPARISON, copied_project(tmp_path), "First: is it an exact id?")
    assert len(files) == 3


def test_a_blocking_rule_costs_two_files(tmp_path: Path) -> None:
    assert len(follow(RULE, copied_project(tmp_path))) == 2


@pytest.mark.slow
def test_the_model_knows_the_comparison_and_the_rule(folder: Path, warehouse: Warehouse) -> None:
    # The tests of the seeds: every level of the model has its row, every rule says what it uses.
    assert run_dbt(folder, "build", "--select", *SEEDS, "--exclude", "test_type:unit") == set()
    run_dbt(folder, "compile", "--select", *MODELS)
    assert "described.linkedin_url" not in compiled(folder, "int_person_features")
    assert "records.linkedin_url" in compiled(folder, "int_person_features")
    assert "as linkedin_url_level" in compiled(folder, "int_person_compared_pairs")
    assert "'linkedin_url' as comparison" in compiled(folder, "int_person_training_evidence")
    assert "+ weight_linkedin_url" in compiled(folder, "int_person_scored_blocked_pairs")
    assert "'initials_company' as rule" in compiled(folder, "int_person_blocking_keys")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seed", "right", "wrong", "failing"),
    [
        (
            "person_blocking_rules",
            "given_name|family_name|company,false",
            "given_name|family_name,false",
            {"blocking_rules_say_what_they_use_person_blocking_rules_person"},
        ),
        (
            "person_blocking_rules",
            "given_name|family_name|company,false",
            "given_name|family_name|company|city,false",
            {"blocking_rules_say_what_they_use_person_blocking_rules_person"},
        ),
        (
            "default_match_parameters",
            "person,linkedin_url,1,similar,0.15,0.0001\n",
            "",
            {"comparisons_have_default_parameters_default_match_parameters_person"},
        ),
    ],
)
def test_a_forgotten_word_is_noticed(
    folder: Path, warehouse: Warehouse, seed: str, right: str, wrong: str, failing: set[str]
) -> None:
    path = folder / "seeds/matching" / f"{seed}.csv"
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    try:
        assert run_dbt(folder, "build", "--select", seed) == failing
    finally:
        path.write_text(text, encoding="utf-8")


@pytest.mark.slow
def test_make_show_prints_sql_in_the_projects_style(
    folder: Path, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(folder))
    command = [ROOT / ".ci/show", Path(sys.executable).parent]
    shown = subprocess.run(
        [*command, "int_relations"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert "{{" not in shown
    assert "    select\n        'person' as entity,\n        'household' as relation," in shown
    unknown = subprocess.run(
        [*command, "int_nothing"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "there is no model int_nothing" in unknown.stderr
