"""The faster sqlfluff finds what sqlfluff finds, in models and in what macros make of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
STOCK: Final = (str(Path(sys.executable).with_name("sqlfluff")), "lint")
FASTER: Final = (sys.executable, "-m", "tools.faster_sqlfluff")
# The second is read after the first, with what is remembered of it.
MODELS: Final = {
    "well.sql": "select {{ clean_email('email') }} as email from people\n",
    "layout.sql": "SELECT a,b from   x where a=1\n",
    "macro.sql": "select\n  {{ clean_email('email') }} as email,\n        1 as one\nFROM x\n",
}


def findings(command: tuple[str, ...], folder: Path) -> list[dict[str, Any]]:
    """Lint a folder; return what is found, file by file."""
    options = ("--config", str(ROOT / ".sqlfluff"), "--format", "json", "--disable-progress-bar")
    done = subprocess.run(
        [*command, *options, str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode in {0, 1}, done.stderr
    return [
        {"file": Path(one["filepath"]).name, "found": one["violations"]}
        for one in json.loads(done.stdout)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of models with and without mistakes."""
    for name, text in MODELS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_it_finds_what_sqlfluff_finds(folder: Path) -> None:
    found = findings(FASTER, folder)
    assert found == findings(STOCK, folder)
    assert {one["file"] for one in found if one["found"]} == {"layout.sql", "macro.sql"}
