"""What the workflows say in a pull request: one comment each, and a gate that a label opens."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.unit.test_repository import workflows

if TYPE_CHECKING:
    from pathlib import Path

MARKS: Final = {
    "pull_request_build.yml": "<!-- concord: pull request build -->",
    "infrastructure.yml": "<!-- concord: infrastructure -->",
}
FILES: Final = {"pull_request_build.yml": "report.md", "infrastructure.yml": "plan.txt"}
# Answers with what is in answer.json; keeps what it was asked, and the body that it was given.
GH: Final = """#!/usr/bin/env bash
printf '%s\\n' "$*" >> asked
for argument in "$@"; do
    if [[ $argument == comment.json ]]; then cp comment.json sent.json; fi
done
case " $* " in
    *" --paginate "*) cat answer.json ;;
    *" --jq "*) jq --raw-output "${@: -1}" answer.json ;;
esac
"""


def step_of(workflow: str, job: str) -> dict[str, Any]:
    """Return the last step of a job."""
    step: dict[str, Any] = workflows()[workflow]["jobs"][job]["steps"][-1]
    return step


def run_step(step: dict[str, Any], folder: Path, answer: object) -> tuple[int, str, list[str]]:
    """Run the script of a step as GitHub does; return its code, its words, and the calls of gh."""
    if shutil.which("jq") is None:
        pytest.skip("SKIPPED: no jq here, which GitHub's machines have")
    (folder / "bin").mkdir(exist_ok=True)
    (folder / "bin" / "gh").write_text(GH, encoding="utf-8")
    (folder / "bin" / "gh").chmod(0o755)
    (folder / "answer.json").write_text(json.dumps(answer), encoding="utf-8")
    (folder / "asked").unlink(missing_ok=True)
    given = {name: text for name, text in step["env"].items() if "${{" not in text}
    given |= {"REPOSITORY": "o/r", "NUMBER": "7", "COMMIT": "0123456789abcdef", "GH_TOKEN": "t"}
    done = subprocess.run(
        ["bash", "-e", "-c", step["run"]],
        cwd=folder,
        env={"PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}", **given},
        capture_output=True,
        text=True,
        check=False,
    )
    asked = (folder / "asked").read_text(encoding="utf-8").splitlines()
    return done.returncode, done.stdout + done.stderr, asked


def comment(number: int, body: str, login: str = "github-actions[bot]") -> dict[str, Any]:
    return {"id": number, "body": body, "user": {"login": login}}


@pytest.mark.parametrize("name", MARKS)
def test_each_workflow_has_one_comment_of_its_own(name: str, tmp_path: Path) -> None:
    step = step_of(name, "comment")
    (tmp_path / FILES[name]).write_text("a\n`b` $(c) ${{ d }}\n" + "x" * 70_000, encoding="utf-8")
    others = [
        comment(1, f"{MARKS[name]}\nforged", login="somebody"),
        *(comment(n, f"{mark}\n") for n, (of, mark) in enumerate(MARKS.items(), 2) if of != name),
        comment(4, f"See {MARKS[name]}"),
    ]
    code, said, asked = run_step(step, tmp_path, others)
    assert code == 0, said
    assert asked[-1].startswith("api --silent --method POST repos/o/r/issues/7/comments ")
    body = json.loads((tmp_path / "sent.json").read_text(encoding="utf-8"))["body"]
    assert body.startswith(f"{MARKS[name]}\n")
    assert "`b` $(c) ${{ d }}" in body
    assert "`0123456789ab`" in body
    # GitHub takes 65,536 characters.
    assert len(body) < 65_000
    code, said, asked = run_step(step, tmp_path, [*others, comment(9, body)])
    assert code == 0, said
    assert asked[-1].startswith("api --silent --method PATCH repos/o/r/issues/comments/9 ")


@pytest.mark.parametrize(
    ("labels", "code"), [((), 1), (("train",), 1), (("train", "accept-changes"), 0)]
)
def test_the_label_opens_the_gate(labels: tuple[str, ...], code: int, tmp_path: Path) -> None:
    answer = {"labels": [{"name": label} for label in labels]}
    found, said, asked = run_step(step_of("pull_request_build.yml", "gate"), tmp_path, answer)
    assert found == code, said
    assert asked[0].startswith("pr view 7 --repo o/r")
    assert ("accept-changes" in said) == bool(code)


def test_a_closed_gate_is_no_failed_build() -> None:
    jobs = workflows()["pull_request_build.yml"]["jobs"]
    assert jobs["gate"]["if"] == "needs.build.outputs.gate == 'closed'"
    # The comment is there when the gate is closed: it depends on the build alone.
    assert (jobs["gate"]["needs"], jobs["comment"]["needs"]) == ("build", "build")
    assert jobs["comment"]["permissions"] == {"pull-requests": "write"}
    assert jobs["gate"]["permissions"] == {"pull-requests": "read"}
    rights = {name: str(job["permissions"].get("pull-requests")) for name, job in jobs.items()}
    writing = {name for name, right in rights.items() if "write" in right}
    assert writing == {"comment"}


def test_no_text_of_a_pull_request_is_put_into_a_script() -> None:
    for name, workflow in workflows().items():
        for job in workflow["jobs"].values():
            for step in job.get("steps", ()):
                assert "${{" not in step.get("run", ""), f"{name}: {step}"
