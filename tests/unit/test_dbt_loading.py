"""dbt's behaviour flags have the source that dbt itself would give them, without its way to it."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest
from dbt_common.behavior_flags import Behavior, BehaviorFlag

from orchestrator.dbt.loading import load_dbt

ROOT = Path(__file__).resolve().parents[2]
FLAG = BehaviorFlag(name="a_flag", default=False, docs_url="https://docs.example.com/a_flag")
DECLARES = """
import sys
from dbt_common.behavior_flags import Behavior

if sys.argv[1:]:
    from orchestrator.dbt.loading import load_dbt
    load_dbt()
(rendered,) = Behavior([{"name": "a_flag", "default": False, "docs_url": "-"}], {})._flags
print(rendered._behavior_change_event.flag_source)
"""


def test_the_source_is_the_module_that_declares_the_flag(monkeypatch: pytest.MonkeyPatch) -> None:
    load_dbt()
    monkeypatch.setattr(inspect, "stack", lambda: pytest.fail("dbt reads every source file"))
    (rendered,) = Behavior([FLAG], {})._flags
    assert rendered._behavior_change_event.flag_source == __name__


@pytest.mark.parametrize("way", [[], ["ours"]])
def test_stock_dbt_says_the_same(tmp_path: Path, way: list[str]) -> None:
    program = tmp_path / "declares.py"
    program.write_text(DECLARES, encoding="utf-8")
    command = [sys.executable, str(program), *way]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert said.stdout == "__main__\n"
