"""`make check-terraform`: what it asks of Terraform, and that a check that is left out is told."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
# What the script needs of the system.
TOOLS: Final = ("bash", "cat", "cp", "dirname", "env", "mkdir", "mktemp", "rm")
FAKE: Final = """#!/usr/bin/env bash
echo "$1" >> "$ASKED"
if [[ $1 == init ]]; then touch .terraform.lock.hcl; fi
if [[ $1 == "$FAILS" ]]; then echo "no such provider" >&2; exit 1; fi
if [[ $1 == test ]]; then
    [[ -f ../../dbt_project.yml && -f ../../pii.yml && ! -e terraform.tfstate ]]
fi
"""


def check(
    folder: Path, fails: str, has_terraform: bool, *arguments: str
) -> tuple[int, str, list[str]]:
    """Run the script; return its exit code, what it said, and what Terraform was asked."""
    folder.mkdir()
    for tool in TOOLS:
        found = next(path for path in ("/usr/bin", "/bin") if (Path(path) / tool).exists())
        (folder / tool).symlink_to(Path(found) / tool)
    if has_terraform:
        (folder / "terraform").write_text(FAKE, encoding="utf-8")
        (folder / "terraform").chmod(0o755)
    asked = folder / "asked"
    done = subprocess.run(
        [ROOT / ".ci" / "check_terraform", *arguments],
        env={"PATH": str(folder), "ASKED": str(asked), "FAILS": fails},
        capture_output=True,
        text=True,
        check=False,
    )
    calls = asked.read_text(encoding="utf-8").split() if asked.exists() else []
    return done.returncode, done.stdout + done.stderr, calls


def test_without_terraform_it_says_loudly_that_nothing_was_checked(tmp_path: Path) -> None:
    code, said, calls = check(tmp_path / "bin", "", has_terraform=False)
    assert (code, calls) == (0, [])
    assert "SKIPPED" in said
    assert "neither validated nor tested" in said


def test_with_terraform_it_checks_a_copy(tmp_path: Path) -> None:
    before = {path.name for path in (ROOT / "infrastructure" / "terraform").iterdir()}
    code, said, calls = check(tmp_path / "bin", "", has_terraform=True)
    # Its own tests, and those of each environment with its values.
    assert (code, calls) == (0, ["fmt", "init", "validate", *["test"] * 4]), said
    for environment in ("dev", "staging", "prod"):
        assert f"environments/{environment}.tfvars" in said
    assert {path.name for path in (ROOT / "infrastructure" / "terraform").iterdir()} == before


@pytest.mark.parametrize(
    ("fails", "asked"),
    [
        ("fmt", ["fmt"]),
        ("init", ["fmt", "init"]),
        ("validate", ["fmt", "init", "validate"]),
        ("test", ["fmt", "init", "validate", "test"]),
    ],
)
def test_what_terraform_refuses_is_refused(fails: str, asked: list[str], tmp_path: Path) -> None:
    code, said, calls = check(tmp_path / "bin", fails, has_terraform=True)
    assert (code, calls) == (1, asked)
    assert "no such provider" in said
    if fails == "init":
        assert "TF_CLI_CONFIG_FILE" in said


@pytest.mark.parametrize(("fails", "code"), [("fmt", 1), ("init", 0), ("validate", 1), ("test", 1)])
def test_offline_only_the_missing_provider_is_forgiven_and_loudly(
    fails: str, code: int, tmp_path: Path
) -> None:
    found, said, _ = check(tmp_path / "bin", fails, True, "offline")
    assert found == code
    assert ("neither validated nor tested" in said) == (fails == "init")
