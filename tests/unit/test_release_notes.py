"""The notes of a release are what the changelog says of its version."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
CHANGELOG: Final = """# Changelog

## [Unreleased]

## [1.2.0] - 2026-01-01

### Serving

- Answers.

## [1.1.0] - 2025-12-01

- Runs.

[1.2.0]: https://example.com/1.2.0
"""


def notes(version: str, folder: Path) -> tuple[int, str, str]:
    """Return the exit code, the notes, and what was said of an error."""
    path = folder / "CHANGELOG.md"
    path.write_text(CHANGELOG, encoding="utf-8")
    command: list[str | Path] = [ROOT / ".ci" / "release_notes", version, path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.strip(), done.stderr


@pytest.mark.parametrize(
    ("version", "expected"), [("1.2.0", "### Serving\n\n- Answers."), ("1.1.0", "- Runs.")]
)
def test_the_notes_are_those_of_the_version(version: str, expected: str, tmp_path: Path) -> None:
    assert notes(version, tmp_path) == (0, expected, "")


@pytest.mark.parametrize("version", ["Unreleased", "1.3.0", "1.2"])
def test_a_version_without_notes_is_refused(version: str, tmp_path: Path) -> None:
    code, printed, said = notes(version, tmp_path)
    assert (code, printed) == (1, "")
    assert "says nothing of" in said
