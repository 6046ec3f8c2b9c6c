"""tools/faster_sqlfluff.py finds what sqlfluff finds, in models and in what macros write."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from sqlfluff.core import FluffConfig, Linter
from sqlfluff.core.parser import BaseSegment
from sqlfluff.utils.reflow.depthmap import DepthMap

from tools.faster_sqlfluff import depth_map

ROOT: Final = Path(__file__).resolve().parents[2]
SQLFLUFF: Final = ("-m", "sqlfluff", "lint")
FASTER: Final = ("-m", "tools.faster_sqlfluff")
# Shipped models: a plain one, and one whose macros nest their calls deeply.
SHIPPED: Final = (
    "models/matching/clustering/company_clusters.sql",
    "models/standardized/int_birth_dates.sql",
)
MISTAKES: Final = {
    # Layout of several kinds, capitals, an alias without `as`, double quotes.
    "model": """with people as (select  record_id , SUM(n) as total from {{ ref('a') }}
       group by record_id)
select people.record_id,people.total, b.x
from people, {{ ref('b') }} b
where people.total!=1 and people.record_id = "x"
""",
    # The macro puts its argument into the expression that it writes.
    "macro": "select {{ fold_latin('((name') }} as folded from {{ ref('a') }}\n",
    "undefined": "select {{ no_such_macro('name') }} as x from {{ no_such_thing }}\n",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """What each of the two says of each file: in two processes, so that workers are faster too."""
    folder = tmp_path_factory.mktemp("mistakes")
    for name, text in MISTAKES.items():
        (folder / f"{name}.sql").write_text(text, "utf-8")
    return {
        "sqlfluff": linted(SQLFLUFF, folder, *SHIPPED),
        "faster": linted(FASTER, folder, *SHIPPED),
    }


def linted(command: tuple[str, ...], *paths: str | Path) -> dict[str, list[dict[str, Any]]]:
    """What a linter finds, by file."""
    options = ("--processes", "2", "--format", "json", "--config", ".sqlfluff")
    done = subprocess.run(
        [sys.executable, *command, *options, *paths],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    return {Path(file["filepath"]).stem: file["violations"] for file in json.loads(done.stdout)}


def test_both_find_the_same(found: dict[str, Any]) -> None:
    assert found["faster"] == found["sqlfluff"]
    assert len(found["faster"]) == len(MISTAKES) + len(SHIPPED)


def test_mistakes_of_a_model_are_found(found: dict[str, Any]) -> None:
    codes = {violation["code"] for violation in found["faster"]["model"]}
    assert {"LT01", "LT02", "CP03", "AL01", "CV10"} <= codes
    assert all(found["faster"][Path(path).stem] == [] for path in SHIPPED)


@pytest.mark.parametrize(("name", "code"), [("macro", "PRS"), ("undefined", "TMP")])
def test_mistakes_of_what_macros_write_are_found(
    found: dict[str, Any], name: str, code: str
) -> None:
    assert code in {violation["code"] for violation in found["faster"][name]}


def test_depths_are_those_of_sqlfluff() -> None:
    config = FluffConfig(overrides={"dialect": "bigquery"})
    text = f"select {'lower(' * 12}trim( name , 'x'){')' * 12} as x from (select 1 as name)\n"
    tree = Linter(config=config).parse_string(text).tree
    assert isinstance(tree, BaseSegment)
    assert depth_map(tree).depth_info == DepthMap.from_parent(tree).depth_info
