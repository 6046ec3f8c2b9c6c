"""The pages that say how to add a comparison, an exact id and a blocking rule, done on a copy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.integration.conftest import run_dbt, statuses_of
from tests.page_steps import follow
from tests.project_copy import ROOT, copy_project, share_translations

# dbt runs in this process: tracing it takes half as long again, and others measure the same.
pytestmark = [pytest.mark.integration, pytest.mark.no_cover]

COMPARISON: Final = ROOT / "docs/develop/add-a-comparison.md"
RULE: Final = ROOT / "docs/develop/add-a-blocking-rule.md"
MOST_FILES: Final = 12
SEEDS: Final = ("default_match_parameters", "person_blocking_rules")
MODELS: Final = (
    *("int_person_features", "int_person_blocking_keys", "int_person_compared_pairs"),
    *("int_person_training_evidence", "int_person_scored_blocked_pairs"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project with both in it."""
    project = copy_project(tmp_path_factory.mktemp("project"))
    share_translations(project)
    follow(COMPARISON, project, "A comparison of its own")
    follow(RULE, project)
    return project


def failing(folder: Path, *arguments: str) -> set[str]:
    """Build in the folder; returns the names of the tests that failed."""
    found = statuses_of(run_dbt(folder, "build", *arguments))
    return {name for name, status in found.items() if status == "fail"}


def compiled(folder: Path, model: str) -> str:
    (path,) = (folder / "target/compiled").rglob(f"models/**/{model}.sql")
    return path.read_text(encoding="utf-8")


def test_a_comparison_costs_at_most_twelve_files(tmp_path: Path) -> None:
    files = follow(COMPARISON, copy_project(tmp_path), "A comparison of its own")
    assert 0 < len(files) <= MOST_FILES
    assert not [file for file in files if file.endswith(".py") or "unit_tests" in file]


def test_an_exact_id_costs_three_files(tmp_path: Path) -> None:
    files = follow(COMPARISON, copy_project(tmp_path), "First: is it an exact id?")
    assert len(files) == 3


def test_a_blocking_rule_costs_two_files(tmp_path: Path) -> None:
    assert len(follow(RULE, copy_project(tmp_path))) == 2


def test_a_block_of_a_page_that_is_no_change_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("**1. `pii.yml`**\n\n```json\n{}\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="a block of 'json' is no change"):
        follow(page, copy_project(tmp_path))


@pytest.mark.slow
@pytest.mark.usefixtures("use_warehouse")
def test_the_model_knows_the_comparison_and_the_rule(folder: Path) -> None:
    # The tests of the seeds: every level of the model has its row, every rule says what it uses.
    assert failing(folder, "--select", *SEEDS, "--exclude", "test_type:unit") == set()
    assert run_dbt(folder, "compile", "--select", *MODELS).success
    assert "described.linkedin_url" not in compiled(folder, "int_person_features")
    assert "records.linkedin_url" in compiled(folder, "int_person_features")
    assert "as linkedin_url_level" in compiled(folder, "int_person_compared_pairs")
    assert "'linkedin_url' as comparison" in compiled(folder, "int_person_training_evidence")
    assert "+ weight_linkedin_url" in compiled(folder, "int_person_scored_blocked_pairs")
    assert "when 'initials_company' then" in compiled(folder, "int_person_blocking_keys")


@pytest.mark.slow
@pytest.mark.usefixtures("use_warehouse")
@pytest.mark.parametrize(
    ("seed", "right", "wrong", "told"),
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
    folder: Path, seed: str, right: str, wrong: str, told: set[str]
) -> None:
    path = folder / "seeds/matching" / f"{seed}.csv"
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    try:
        assert failing(folder, "--select", seed) == told
    finally:
        path.write_text(text, encoding="utf-8")


@pytest.mark.slow
@pytest.mark.usefixtures("use_warehouse")
def test_make_show_prints_sql_in_the_projects_style(
    folder: Path, monkeypatch: pytest.MonkeyPatch
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
