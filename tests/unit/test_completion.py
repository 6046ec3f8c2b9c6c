"""The shell completes commands and options of `concord`, as docs/README.md sets it up."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from orchestrator.cli import COMMANDS
from tests.unit.document_texts import ROOT, section

CONCORD: Final = Path(sys.executable).with_name("concord")
SHELLS: Final = ("bash", "zsh", "fish")


def script_for(shell: str) -> str:
    """Return what `concord` prints for a shell to read."""
    environment = os.environ | {"_CONCORD_COMPLETE": f"{shell}_source"}
    done = subprocess.run(
        [CONCORD], env=environment, capture_output=True, text=True, check=True, cwd=ROOT
    )
    return done.stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_is_printed_for_each_shell(shell: str) -> None:
    script = script_for(shell)
    assert "concord" in script
    assert f"_CONCORD_COMPLETE={shell}_complete" in script


def completed_by_bash(*words: str) -> list[str]:
    """Return what bash offers for the last of these words."""
    assert shutil.which("bash")
    lines = [
        script_for("bash"),
        # Where the line is none of a terminal there is no completion to set options of.
        "compopt() { :; }",
        f"COMP_WORDS=({' '.join(repr(word) for word in ('concord', *words))})",
        f"COMP_CWORD={len(words)}",
        f"_concord_completion '{CONCORD}'",
        'printf "%s\\n" "${COMPREPLY[@]}"',
    ]
    done = subprocess.run(
        ["bash", "-c", "\n".join(lines)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return done.stdout.split()


def test_bash_completes_a_command_and_an_option() -> None:
    assert completed_by_bash("re") == sorted(name for name in COMMANDS if name.startswith("re"))
    assert completed_by_bash("history", "--fa") == ["--failed"]
    assert completed_by_bash("warehouse", "sta") == ["start", "status"]


def test_the_document_names_the_variable_for_each_shell() -> None:
    text = section(ROOT / "docs" / "README.md", "Completion in the shell")
    assert re.findall(r"_CONCORD_COMPLETE=(\w+)_source", text) == list(SHELLS)
