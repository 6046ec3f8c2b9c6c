"""The workflow `deploy` beside its script: what it looks at, what it signs, and what it keeps."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING, Any, Final

import hcl2
import pytest

from tests.unit.document_texts import ROOT, read
from tests.unit.test_repository import workflows

if TYPE_CHECKING:
    from pathlib import Path

REGISTRY: Final = ROOT / "infrastructure" / "terraform" / "artifact_registry.tf"
JOB: Final = f"r-docker.pkg.dev/s/concord/concord@sha256:{'ab' * 32}"
API: Final = f"r-docker.pkg.dev/s/concord/concord-api@sha256:{'cd' * 32}"
GCLOUD: Final = """#!/usr/bin/env bash
echo "$*" >> "$LOG"
case "$*" in *"tags list"*) echo "$TAGS" ;; esac
"""


def steps(job: str, workflow: str = "deploy.yml") -> list[dict[str, Any]]:
    """Return the steps of a job."""
    found: list[dict[str, Any]] = workflows()[workflow]["jobs"][job]["steps"]
    return found


def scans(workflow: str = "deploy.yml") -> list[dict[str, Any]]:
    """Return the steps of the job `images` that trivy does."""
    return [one for one in steps("images", workflow) if "trivy" in one.get("uses", "")]


def run_script(script: str, folder: Path, **given: str) -> list[str]:
    """Run a step as GitHub does, with a stand-in for gcloud, and return the calls of that."""
    (folder / "gcloud").write_text(GCLOUD, encoding="utf-8")
    (folder / "gcloud").chmod(0o755)
    log = folder / "log"
    log.write_text("", encoding="utf-8")
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "LOG": str(log), "TAGS": "", **given}
    subprocess.run(["bash", "-e", "-c", script], env=environment, check=True)
    return log.read_text(encoding="utf-8").splitlines()


def test_what_is_deployed_is_what_is_looked_at() -> None:
    looked = [one["with"]["image-ref"] for one in scans() if one["with"].get("exit-code") == "1"]
    assert looked == [f"${{{{ steps.images.outputs.{name} }}}}" for name in ("job", "api")]
    order = [str(one.get("id", one.get("name", one.get("uses")))) for one in steps("images")]
    assert order.index("images") < min(order.index(one["name"]) for one in scans())
    # Staging and production wait for it.
    jobs = workflows()["deploy.yml"]["jobs"]
    assert all("images" in jobs[name]["needs"] for name in ("staging", "production"))


def test_both_workflows_look_alike() -> None:
    (weekly,) = scans("security.yml")
    for one in scans():
        assert one["uses"] == weekly["uses"]
    for one in (one for one in scans() if "exit-code" in one["with"]):
        assert {**one["with"], "image-ref": ""} == {**weekly["with"], "image-ref": ""}


def test_each_image_has_a_bill_of_materials_that_is_signed() -> None:
    written = [one["with"]["output"] for one in scans() if one["with"].get("format")]
    assert written == ["build/job.cdx.json", "build/api.cdx.json"]
    signed = [
        one["with"]["sbom-path"] for one in steps("attest") if "sbom-path" in one.get("with", {})
    ]
    assert signed == [path.replace("build/", "boms/") for path in written]
    # By the action, at the commit, that signs a release.
    used = {one["uses"] for one in steps("attest") if "actions/attest@" in one.get("uses", "")}
    assert used <= {one.get("uses") for one in steps("publish", "release.yml")}
    waiting = [
        name
        for name, job in workflows()["deploy.yml"]["jobs"].items()
        if "attest" in job.get("needs", "")
    ]
    assert waiting == []


@pytest.mark.parametrize("api", [API, ""])
def test_the_digests_are_taken_apart(api: str, tmp_path: Path) -> None:
    (step,) = [one for one in steps("attest") if one.get("id") == "subjects"]
    output = tmp_path / "output"
    run_script(step["run"], tmp_path, JOB_IMAGE=JOB, API_IMAGE=api, GITHUB_OUTPUT=str(output))
    lines = output.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == [f"job_name={JOB.split('@')[0]}", f"job_digest={JOB.split('@')[1]}"]
    assert lines[2:] == [f"api_name={api.split('@')[0]}", f"api_digest={api.split('@')[-1]}"]


def test_what_production_runs_is_kept(tmp_path: Path) -> None:
    keep = workflows()["deploy.yml"]["jobs"]["keep"]
    # In staging's registry, so by staging's account; after production has it.
    assert (keep["environment"], "production" in keep["needs"]) == ("staging", True)
    script = keep["steps"][-1]["run"]
    tags = [
        f"{image.split('@')[0]}:production-{name * 8}" for image, name in ((JOB, "ab"), (API, "cd"))
    ]
    calls = run_script(script, tmp_path, JOB_IMAGE=JOB, API_IMAGE=API)
    added = [call for call in calls if "tags add" in call]
    wanted = zip((JOB, API), tags, strict=True)
    assert added == [f"artifacts docker tags add {image} {tag}" for image, tag in wanted]
    # A second time nothing is moved, and without an API there is one image.
    there = f"0123\nproduction-{'ab' * 8}\nlatest"
    calls = run_script(script, tmp_path, JOB_IMAGE=JOB, API_IMAGE="", TAGS=there)
    assert [call.split()[:4] for call in calls] == [["artifacts", "docker", "tags", "list"]]
    # Terraform keeps what has such a tag.
    (prefix,) = re.findall(r"tag_prefixes = \[\"(.+)\"\]", read(REGISTRY))
    assert all(tag.split(":")[1].startswith(prefix) for tag in tags)


def test_registry_removes_nothing_by_a_tag() -> None:
    (block,) = [
        body
        for one in hcl2.loads(read(REGISTRY))["resource"]
        for name, body in one.get('"google_artifact_registry_repository"', {}).items()
    ]
    actions = [policy["action"].strip('"') for policy in block["cleanup_policies"]]
    assert sorted(actions) == ["DELETE", "KEEP", "KEEP"]
    (delete,) = [one for one in block["cleanup_policies"] if "DELETE" in one["action"]]
    assert [key for key in delete["condition"][0] if key[:2] != "__"] == ["older_than"]


def test_every_list_that_is_installed_is_looked_at() -> None:
    security = workflows()["security.yml"]["jobs"]
    looked = set(security["packages"]["strategy"]["matrix"]["list"])
    lists = {path.stem for path in (ROOT / "requirements").glob("*.txt")}
    # Data sets and lists of words are read, Splink is measured: none comes with Concord.
    assert lists - looked == {"benchmark", "benchmark-data", "word-lists"}
    assert looked <= lists
    stages = set(re.findall(r"^FROM base AS (\w+)$", read(ROOT / "Dockerfile"), re.MULTILINE))
    assert set(security["images"]["strategy"]["matrix"]["target"]) == stages


def test_packages_licences_and_terraform_are_looked_at_in_pull_requests() -> None:
    flow = workflows()["security.yml"]
    assert "pull_request" in flow[True]
    not_there = "github.event_name != 'pull_request'"
    left_out = {name for name, job in flow["jobs"].items() if job.get("if") == not_there}
    # The first is a part of `make lint`, which `checks` runs; the second is built there.
    assert left_out == {"code", "images"}
    assert {"packages", "infrastructure", "contents"} <= set(flow["jobs"])
