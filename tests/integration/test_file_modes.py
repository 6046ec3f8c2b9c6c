"""Files with rows of customers are their owner's alone; a result that was asked for is not."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.conftest import ONLY_MATCHING
from tests.integration.test_resolve import PEOPLE, PERSON_MAPPING

pytestmark = pytest.mark.integration

CONCORD = Path(sys.executable).with_name("concord")


def modes(folder: Path) -> dict[str, int]:
    """Return the rights on all that is in a folder."""
    return {str(path): stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}


@pytest.mark.slow
def test_only_the_result_can_be_read_by_others(mini_project: Path, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "map.yml").write_text(PERSON_MAPPING, encoding="utf-8")
    state_dir = mini_project / ".concord"
    state_dir.mkdir(exist_ok=True)
    # As an earlier version left it.
    state_dir.chmod(0o755)
    subprocess.run(
        [
            *(CONCORD, "resolve", "people.csv", "--map", "map.yml"),
            *("--out", "results/first", "--keep-warehouse", "kept", *ONLY_MATCHING),
        ],
        cwd=tmp_path,
        env={**os.environ, "CONCORD_PROJECT_DIR": str(mini_project)},
        umask=0o027,
        check=True,
    )
    out = tmp_path / "results"
    assert set(modes(out).values()) == {0o750, 0o640}
    assert stat.S_IMODE(out.stat().st_mode) == 0o750
    kept = modes(tmp_path / "kept")
    assert any(name.endswith("bqemulator.duckdb") for name in kept)
    assert any(name.endswith("run_results.json") for name in kept)
    assert {name: mode for name, mode in kept.items() if mode & 0o077} == {}
    assert stat.S_IMODE((tmp_path / "kept").stat().st_mode) == 0o700
    assert stat.S_IMODE(state_dir.stat().st_mode) == 0o700
