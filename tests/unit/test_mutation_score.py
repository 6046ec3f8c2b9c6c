"""What `make test-mutation` changes, and how its results are counted."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from typing import TYPE_CHECKING, Final

from tests.mutation_score import PARTS, read_results, share_noticed, table
from tests.unit.document_texts import ROOT

if TYPE_CHECKING:
    from pathlib import Path

STATUS: Final = {None: "not checked", 0: "survived", 1: "killed", 33: "no tests", 36: "timeout"}
CONFIG: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]


def test_every_part_is_mutated_and_nothing_else() -> None:
    patterns = [name for names in PARTS.values() for name in names]
    assert CONFIG["mutmut"]["only_mutate"] == patterns
    assert [name for name in patterns if not list(ROOT.glob(name))] == []


def test_the_tests_that_are_chosen_are_there() -> None:
    config = CONFIG["mutmut"]
    chosen = config["pytest_add_cli_args_test_selection"]
    assert [name for name in chosen if not (ROOT / name).is_file()] == []
    for option in config["pytest_add_cli_args"]:
        path, _, name = option.removeprefix("--deselect=").partition("::")
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")


def test_results_are_counted_by_module_and_part(tmp_path: Path) -> None:
    codes: dict[str, list[int | None]] = {
        "lock/held": [1, 1, 36, 0],
        "lock/hold": [33],
        "run/gates": [1, None],
        "run/tell": [],
    }
    for name, found in codes.items():
        path = tmp_path / "orchestrator" / f"{name}.py.meta"
        path.parent.mkdir(parents=True, exist_ok=True)
        keys = {f"{name}.{number}": code for number, code in enumerate(found)}
        path.write_text(json.dumps({"exit_code_by_key": keys}), encoding="utf-8")
    results = read_results(tmp_path, STATUS)
    assert results["orchestrator/lock/held.py"] == {"killed": 2, "timeout": 1, "survived": 1}
    lines = table(results)
    assert "| lock | all | 5 | 2 | 1 | 1 | 1 | 60.0 % |" in lines
    assert "| lock | lock/held.py | 4 | 2 | 1 | 1 | 0 | 75.0 % |" in lines
    # What was not run counts as not noticed.
    assert "| publishing | run/gates.py | 2 | 1 | 0 | 0 | 0 | 50.0 % |" in lines
    assert not [line for line in lines if "tell" in line]
    assert share_noticed(Counter()) == 0
