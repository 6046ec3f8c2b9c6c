"""The workflow that proposes newer packages: how it compiles them, and the commit that it makes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.unit.document_texts import ROOT, read
from tests.unit.test_repository import workflows

if TYPE_CHECKING:
    from pathlib import Path

# Answers with the name of what it was asked for. OPEN is the number of open pull requests,
# BRANCH_IS the code of the question for the branch.
GH: Final = """#!/usr/bin/env bash
printf '%s\\n' "$*" >> asked
case "$*" in
    "pr list"*) echo "$OPEN" ;;
    *"/git/ref/heads/"*) exit "$BRANCH_IS" ;;
    *"/git/commits/"*) echo base-tree ;;
    *"/git/trees"*) echo new-tree ;;
    *"/git/commits "*) echo new-commit ;;
esac
"""


def step(job: str, name: str) -> dict[str, Any]:
    """Return a step by its name."""
    steps: list[dict[str, Any]] = workflows()["requirements.yml"]["jobs"][job]["steps"]
    (found,) = [one for one in steps if one.get("name") == name]
    return found


def propose(folder: Path, **given: str) -> list[str]:
    """Run the step that proposes, with a stand-in for gh, and return what that was asked."""
    if shutil.which("jq") is None:
        pytest.skip("SKIPPED: no jq here, which GitHub's machines have")
    (folder / "gh").write_text(GH, encoding="utf-8")
    (folder / "gh").chmod(0o755)
    (folder / "requirements").mkdir()
    for name in ("dev", "serve"):
        text = f'{name}==1 \\\n    --hash=sha256:"$(no)"\n'
        (folder / "requirements" / f"{name}.txt").write_text(text, encoding="utf-8")
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "REPOSITORY": "o/r", "BASE": "main", "PARENT": "p1"}
    environment |= {
        "BRANCH": "requirements",
        "BODY": "text",
        "OPEN": "0",
        "BRANCH_IS": "1",
        **given,
    }
    script = step("propose", "Propose them")["run"]
    subprocess.run(["bash", "-e", "-c", script], cwd=folder, env=environment, check=True)
    return (folder / "asked").read_text(encoding="utf-8").splitlines()


def test_the_lists_are_one_commit_on_the_main_branch(tmp_path: Path) -> None:
    asked = propose(tmp_path)
    tree = json.loads((tmp_path / "tree.json").read_text(encoding="utf-8"))
    assert tree["base_tree"] == "base-tree"
    assert [one["path"] for one in tree["tree"]] == [
        "requirements/dev.txt",
        "requirements/serve.txt",
    ]
    for one in tree["tree"]:
        assert one["content"] == (tmp_path / one["path"]).read_text(encoding="utf-8")
    commit = json.loads((tmp_path / "commit.json").read_text(encoding="utf-8"))
    assert (commit["tree"], commit["parents"]) == ("new-tree", ["p1"])
    assert "ref=refs/heads/requirements --field sha=new-commit" in asked[-2]
    assert asked[-1].startswith("pr create --repo o/r --base main --head requirements ")
    assert not [call for call in asked if "DELETE" in call]


def test_the_branch_of_a_closed_pull_request_is_made_anew(tmp_path: Path) -> None:
    asked = propose(tmp_path, BRANCH_IS="0")
    assert asked[-3].startswith(
        "api --silent --method DELETE repos/o/r/git/refs/heads/requirements"
    )


def test_an_open_pull_request_is_left_as_it_is(tmp_path: Path) -> None:
    assert [call.split()[:2] for call in propose(tmp_path, OPEN="1")] == [["pr", "list"]]


def test_versions_are_as_old_as_those_of_dependabot() -> None:
    (days,) = set(re.findall(r"default-days: (\d+)", read(ROOT / ".github" / "dependabot.yml")))
    script = step("compile", "Compile the lists again")["run"]
    assert f"--date '{days} days ago'" in script
    options = re.findall(r"--(?:upgrade|exclude-newer)\b", script)
    uv = ROOT / ".venv" / "bin" / "uv"
    done = subprocess.run(
        [uv, "pip", "compile", "--help"], capture_output=True, text=True, check=True
    )
    assert options == ["--upgrade", "--exclude-newer"]
    assert all(re.search(rf"{option}\b", done.stdout) for option in options)


def test_what_compiles_writes_nothing_and_what_writes_runs_nothing() -> None:
    jobs = workflows()["requirements.yml"]["jobs"]
    assert jobs["compile"]["permissions"] == {"contents": "read"}
    assert jobs["propose"]["permissions"] == {"contents": "write", "pull-requests": "write"}
    used = [one["uses"].split("@")[0] for one in jobs["propose"]["steps"] if "uses" in one]
    assert used == ["actions/download-artifact"]
