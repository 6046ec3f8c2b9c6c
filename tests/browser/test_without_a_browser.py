"""Where no browser was set up, nothing fails, and nobody can overlook it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.browser.installed_browser import NOT_RUN, ROOT

if TYPE_CHECKING:
    from pathlib import Path

TESTS = "tests/browser/test_look_around.py"


def test_it_is_said_loudly(tmp_path: Path) -> None:
    # As `make test` runs them.
    options = ("-q", "-n", "1", "--dist", "loadfile")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", TESTS, *options, "-p", "no:cacheprovider"],
        cwd=ROOT,
        env={**os.environ, "BROWSER_FILE": str(tmp_path / "none.json")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    *_, line, _ = done.stdout.splitlines()
    assert NOT_RUN in line
    assert "5 skipped" in line
