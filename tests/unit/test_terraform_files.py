"""Terraform's files: what a first apply, and an apply that was approved, need to go through."""

from __future__ import annotations

import re
import shutil
import subprocess
from time import sleep
from typing import TYPE_CHECKING, Any, Final

import hcl2
import pytest

from tests.faults.shipped_grants import shipped
from tests.faults.stand_in.accounts import email_of
from tests.faults.stand_in.rights import PROJECT
from tests.unit.document_texts import ROOT, read

if TYPE_CHECKING:
    from pathlib import Path

TERRAFORM: Final = ROOT / "infrastructure" / "terraform"
# The time of a secret as it is written, for a resource that needs no provider.
PLANNED: Final = """
resource "terraform_data" "secret" {{
  input = {time}
  lifecycle {{
    ignore_changes = [input]
  }}
}}
"""


def texts() -> dict[str, str]:
    """Return the text of each file that makes something."""
    return {path.name: read(path) for path in sorted(TERRAFORM.glob("*.tf"))}


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """Return the resources of one kind, by their names."""
    blocks = [block for text in texts().values() for block in hcl2.loads(text).get("resource", ())]
    named = [block[key] for block in blocks for key in block if key.strip('"') == kind]
    return {name.strip('"'): body for one in named for name, body in one.items()}


def planned_texts(folder: Path, time: str) -> list[str]:
    """Return the texts of two plans, a second apart, and of one after an apply."""
    terraform = shutil.which("terraform")
    if terraform is None:
        pytest.skip("SKIPPED: there is no terraform on this machine")

    def call(*arguments: str) -> str:
        done = subprocess.run(
            [terraform, *arguments], cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    folder.mkdir()
    (folder / "main.tf").write_text(PLANNED.format(time=time), encoding="utf-8")
    call("init", "-input=false", "-no-color")
    found = []
    for _ in range(2):
        call("plan", "-input=false", "-no-color", "-out=plan")
        found.append(call("show", "-no-color", "plan"))
        sleep(1.1)
    call("apply", "-input=false", "-no-color", "plan")
    call("plan", "-input=false", "-no-color", "-out=plan")
    return [*found, call("show", "-no-color", "plan")]


def test_no_value_is_that_of_the_moment_of_the_plan() -> None:
    """The workflow applies a plan only if its text is that of the approved one."""
    assert len(texts()) > 20
    found = re.compile(r"\b(?:plantimestamp|bcrypt)\(")
    assert [name for name, text in texts().items() if found.search(text)] == []


def test_two_plans_of_a_new_secret_are_one_text(tmp_path: Path) -> None:
    (written,) = re.findall(r"next_rotation_time = (.+)", texts()["secrets.tf"])
    assert "rotation[0].next_rotation_time" in texts()["secrets.tf"].split("ignore_changes")[1]
    time = written.replace("${var.secret_rotation_days * 24}", "2160")
    first, second, later = planned_texts(tmp_path / "now", time)
    assert "will be created" in first
    assert first == second
    assert "No changes." in later
    # What it was before.
    first, second, _ = planned_texts(
        tmp_path / "before", time.replace("timestamp", "plantimestamp")
    )
    assert first != second


def test_a_role_is_made_after_its_service_is_switched_on() -> None:
    roles = resources("google_project_iam_custom_role")
    assert {"dataset_creator", "snapshot_expirer", "decider", "tagger"} <= set(roles)
    for name, body in roles.items():
        assert "google_project_service.this" in str(body.get("depends_on")), name


def test_the_provider_is_the_one_that_is_checked() -> None:
    (range_,) = re.findall(r' version = "(.+)"', texts()["versions.tf"])
    checked = re.search(
        r"schema of provider (\d+)\.(\d+)", read(ROOT / "docs/develop/verification.md")
    )
    assert checked
    assert range_ == f"~> {checked[1]}.{checked[2]}"


def test_what_workflows_ask_for_is_what_terraform_says_to_set() -> None:
    said = set(re.findall(r"^    (CONCORD_\w+) +=", texts()["outputs.tf"], re.MULTILINE))
    flows = [read(path) for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))]
    asked = {name for flow in flows for name in re.findall(r"vars\.(CONCORD_\w+)", flow)}
    # Of what is made by hand: infrastructure/README.md and docs/operate/upgrading.md say it.
    by_hand = {"CONCORD_API_URL", "CONCORD_TERRAFORM_VALUES"}
    by_hand |= {f"CONCORD_{name}_SERVICE_ACCOUNT" for name in ("PLAN", "APPLY")}
    assert asked - by_hand == said
    assert by_hand <= asked


def test_a_deployment_may_ask_for_executions_and_cancel_them() -> None:
    calls = set(re.findall(r"jobs executions (\w+)", read(ROOT / ".ci" / "deploy")))
    assert calls == {"list", "cancel"}
    grants = shipped(project="concord-local").accounts[email_of("deploy")]
    held = {right for grant in grants if grant.where == PROJECT for right in grant.permissions}
    # `get` is what `--wait` and `cancel` look at. Nothing else in the project is the deployment's.
    assert held == {f"run.executions.{call}" for call in (*calls, "get")}
