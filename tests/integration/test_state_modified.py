"""A pull request builds what it touches: a column of persons marks its own models as modified."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
import yaml

from tests.page_steps import replace_once
from tests.project_copy import copy_project

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


def test_one_personal_column_marks_only_the_models_that_get_it(tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    state = ("--select", "state:modified", "--state", "before", "--resource-type", "model")
    dbt(project, "parse", "--target-path", "before")

    replace_once(project / "pii.yml", "middle_names, name,", "middle_names, name, nickname,")
    add_column(project, "staging/hubspot", "hubspot", "stg_hubspot__contacts", "source")
    add_column(project, "marts/core", "core", "dim_persons", "golden")

    modified = dbt(project, "ls", *state, "--output", "name", "--target-path", "after")
    assert sorted(modified) == ["dim_persons", "stg_hubspot__contacts"]
