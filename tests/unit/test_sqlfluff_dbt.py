"""tools/sqlfluff_dbt: macros that were loaded for one file are right for the next ones as well."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
SQLFLUFF: Final = Path(sys.executable).parent / "sqlfluff"
# Shipped models: a plain one, and one whose macros return lists and nest their calls.
SHIPPED: Final = (
    ROOT / "models/matching/clustering/company_clusters.sql",
    ROOT / "models/standardized/int_birth_dates.sql",
)
MISTAKES: Final = {
    "model": """with people as (select  record_id , SUM(n) as total from {{ ref('a') }}
       group by record_id)
select people.record_id,people.total, b.x
from people, {{ ref('b') }} b
where people.total!=1 and people.record_id = "x"
""",
    # The macro puts its argument into the expression that it writes.
    "macro": "select {{ fold_latin('((name') }} as folded from {{ ref('a') }}\n",
    "healthy": "select {{ fold_latin('name') }} as folded from {{ ref('a') }}\n",
    "undefined": "select {{ no_such_macro('name') }} as x from {{ no_such_thing }}\n",
}
Found = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("mistakes")
    for name, text in MISTAKES.items():
        (folder / f"{name}.sql").write_text(text, "utf-8")
    return [*SHIPPED, *(folder / f"{name}.sql" for name in MISTAKES)]


@pytest.fixture(scope="module")
def found(files: list[Path]) -> Found:
    """What one process finds in all of them: all but the first meet macros that are loaded."""
    return linted(*files)


def linted(*paths: Path) -> Found:
    """What sqlfluff finds, by file."""
    options = ("--processes", "1", "--format", "json", "--config", ".sqlfluff")
    command: list[str | Path] = [SQLFLUFF, "lint", *options, *paths]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return {Path(file["filepath"]).stem: file["violations"] for file in json.loads(done.stdout)}


def test_a_file_alone_and_among_others_is_the_same(found: Found, files: list[Path]) -> None:
    alone: Found = {}
    for path in files:
        alone |= linted(path)
    assert alone == found
    assert len(found) == len(files)


def test_mistakes_of_a_model_are_found(found: Found) -> None:
    codes = {violation["code"] for violation in found["model"]}
    assert {"LT01", "LT02", "CP03", "AL01", "CV10"} <= codes


@pytest.mark.parametrize(("name", "code"), [("macro", "PRS"), ("undefined", "TMP")])
def test_mistakes_of_what_macros_write_are_found(found: Found, name: str, code: str) -> None:
    assert code in {violation["code"] for violation in found[name]}


def test_nothing_is_found_in_what_is_right(found: Found) -> None:
    assert [found[path.stem] for path in SHIPPED] == [[], []]
    assert found["healthy"] == []
