"""A deployment, with a stand-in for gcloud: what it changes, and that it takes back what fails."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from tests.unit.document_texts import read, section
from tests.unit.test_repository import workflows

ROOT: Final = Path(__file__).resolve().parents[2]
SCRIPT: Final = ROOT / ".ci" / "deploy"
OLD: Final = "r/concord@sha256:old"
NEW: Final = "r/concord@sha256:new"
OLD_API: Final = "r/concord-api@sha256:old"
NEW_API: Final = "r/concord-api@sha256:new"
JOBS: Final = ("concord-nightly", "concord-retry", "concord-backup")
# Notes each call without what is the same in all; fails where the call is named in FAILS, from the
# nth time on.
STAND_IN: Final = """#!/usr/bin/env bash
call="$(basename "$0") $*"
call=${call//" --project p --region here"/}
echo "$call" >> "$LOG"
if [[ -n $FAILS && $call == *"$FAILS"* ]]; then
    if (($(grep --count --fixed-strings -- "$FAILS" "$LOG") >= FROM)); then exit 1; fi
fi
case $call in
    *"jobs describe"*) echo r/concord@sha256:old ;;
    *"services describe"*) echo r/concord-api@sha256:old ;;
    *"executions list"*) echo "$RUNNING" ;;
    *"storage cp gs://"*) echo "{}" > "${@: -1}" ;;
esac
"""


def deploy(folder: Path, action: str = "out", **given: str) -> tuple[int, str, list[str]]:
    """Run the script; return its exit code, what it said, and the calls, the shortest of each."""
    binaries = folder / "bin"
    binaries.mkdir(exist_ok=True)
    for name in ("gcloud", "curl"):
        (binaries / name).write_text(STAND_IN, encoding="utf-8")
        (binaries / name).chmod(0o755)
    log = folder / "log"
    log.write_text("", encoding="utf-8")
    environment = {
        "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
        "LOG": str(log),
        "FAILS": "",
        "FROM": "1",
        "RUNNING": "",
        "CONCORD_PROJECT": "p",
        "REGION": "here",
        "STATE_BUCKET": "s",
        "COMMIT": "c1",
        "JOB_IMAGE": NEW,
        "API_IMAGE": NEW_API,
        "MANIFEST": "manifest.json",
        "API_URL": "https://api.example.com",
    }
    done = subprocess.run(
        [SCRIPT, action, folder / "state"],
        env=environment | given,
        capture_output=True,
        text=True,
        check=False,
    )
    calls = log.read_text(encoding="utf-8").replace(f"{folder}/", "").splitlines()
    return done.returncode, done.stdout + done.stderr, [short(call) for call in calls]


def short(call: str) -> str:
    """Return a call without what leads up to it."""
    for long, instead in (
        ("gcloud run jobs execute concord-nightly --args=", "concord "),
        ("gcloud storage ", ""),
        ("gcloud run ", ""),
        (" --wait", ""),
    ):
        call = call.replace(long, instead)
    return call.split(" --format")[0].split(" --fail ")[0]


def images(job: str, api: str = "") -> list[str]:
    """Return the calls that set images."""
    calls = [f"jobs update {name} --image {job}" for name in JOBS]
    return calls + ([f"services update concord-api --image {api}"] if api else [])


NOTED: Final = [
    *(f"jobs describe {name}" for name in JOBS),
    "services describe concord-api",
    "cp gs://s/prod/latest/manifest.json state/manifest.json",
]
KEPT: Final = "concord backup,--published,c1"
RESTORED: Final = "concord restore,--published,c1,--yes"
LISTED: Final = (
    "jobs executions list --job concord-nightly --filter NOT status.completionTime>=1970-01-01"
)
FORWARD: Final = [
    *images(NEW),
    KEPT,
    "concord health",
    "concord run",
    f"services update concord-api --image {NEW_API}",
    "concord history,--limit,1",
    "concord health",
    "curl",
    "cp manifest.json gs://s/prod/c1/manifest.json",
    "cp manifest.json gs://s/prod/latest/manifest.json",
]
BACK: Final = [
    LISTED,
    RESTORED,
    *images(OLD),
    "concord snapshot",
    f"services update concord-api --image {OLD_API}",
    "cp state/manifest.json gs://s/prod/latest/manifest.json",
]


def test_a_version_that_does_is_verified_and_stays(tmp_path: Path) -> None:
    code, said, calls = deploy(tmp_path)
    assert code == 0, said
    assert calls == [*NOTED, *FORWARD]
    # What comes after it finds nothing to do.
    code, said, calls = deploy(tmp_path, "back")
    assert (code, calls) == (0, [])
    assert "nothing to take back" in said


@pytest.mark.parametrize(
    ("fails", "nth", "done"),
    [
        # Up to which call it gets, the one that fails included.
        ("--args=health", "1", 5),
        ("--args=run ", "1", 6),
        (f"update concord-api --image {NEW_API}", "1", 7),
        ("--args=history", "1", 8),
        ("--args=health", "2", 9),
        ("curl", "1", 10),
        ("prod/c1/manifest.json", "1", 11),
        ("cp manifest.json gs://s/prod/latest", "1", 12),
    ],
)
def test_a_version_that_does_not_is_taken_back(
    fails: str, nth: str, done: int, tmp_path: Path
) -> None:
    code, said, calls = deploy(tmp_path, FAILS=fails, FROM=nth)
    assert code == 1, said
    assert calls == [*NOTED, *FORWARD[:done], *BACK]
    assert "The version before runs again." in said


def test_before_the_tables_are_kept_only_images_and_state_go_back(tmp_path: Path) -> None:
    code, said, calls = deploy(tmp_path, FAILS="--args=backup")
    assert code == 1, said
    untouched = {RESTORED, "concord snapshot"}
    assert calls == [*NOTED, *FORWARD[:4], *(call for call in BACK if call not in untouched)]


def test_nothing_is_changed_before_all_of_it_is_noted(tmp_path: Path) -> None:
    code, _, calls = deploy(tmp_path, FAILS="services describe")
    assert code != 0
    assert calls == NOTED[:4]
    code, _, calls = deploy(tmp_path, "back")
    assert (code, calls) == (0, [])


def test_tables_come_back_by_the_old_version_where_the_new_one_cannot(tmp_path: Path) -> None:
    code, said, calls = deploy(tmp_path, FAILS="--args=r", FROM="1")
    # Neither `run` nor `restore` works: the rest goes back, and it is said what did not.
    assert code == 1
    assert calls[-8:] == [
        RESTORED,
        *images(OLD),
        RESTORED,
        "concord snapshot",
        f"services update concord-api --image {OLD_API}",
        "cp state/manifest.json gs://s/prod/latest/manifest.json",
    ]
    assert "Not taken back: run restore,--published,c1,--yes" in said
    # The same again, once it works.
    code, said, calls = deploy(tmp_path, "back")
    assert (code, calls) == (0, BACK), said


def test_a_run_that_goes_on_is_cancelled_first(tmp_path: Path) -> None:
    code, _, calls = deploy(tmp_path, FAILS="--args=run ", RUNNING="concord-nightly-x1")
    assert code == 1
    begin = calls.index(LISTED)
    assert calls[begin + 1] == "jobs executions cancel concord-nightly-x1 --quiet"
    assert calls[begin + 2] == RESTORED


def test_the_first_deployment_without_an_api(tmp_path: Path) -> None:
    code, said, calls = deploy(
        tmp_path, API_IMAGE="", API_URL="", FAILS="cp gs://s/prod/latest/manifest.json"
    )
    assert code == 0, said
    assert "first deployment" in said
    left_out = ("services", "curl")
    assert calls == [call for call in [*NOTED, *FORWARD] if not call.startswith(left_out)]


def test_an_action_that_is_none(tmp_path: Path) -> None:
    code, said, calls = deploy(tmp_path, "away")
    assert (code, calls) == (2, [])
    assert "out or back" in said


def steps_of(workflow: str, job: str) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = workflows()[workflow]["jobs"][job]["steps"]
    return steps


def test_production_comes_after_staging_and_both_by_the_same_steps() -> None:
    jobs = workflows()["deploy.yml"]["jobs"]
    assert jobs["images"]["needs"] == "checks"
    for name, needed in (("staging", ["images"]), ("production", ["images", "staging"])):
        assert jobs[name]["needs"] == needed
        assert jobs[name]["uses"] == "./.github/workflows/deploy_to.yml"
        assert jobs[name]["with"]["environment"] == name
        assert jobs[name]["with"]["job_image"] == "${{ needs.images.outputs.job }}"
    *_, out, back = steps_of("deploy_to.yml", "deploy")
    assert out["run"] == ".ci/deploy out build/deploy"
    assert (back["if"], back["run"]) == ("cancelled()", ".ci/deploy back build/deploy")
    deployed = workflows()["deploy_to.yml"]["jobs"]["deploy"]
    # Its reviewers are asked before the first step.
    assert deployed["environment"] == "${{ inputs.environment }}"
    given = set(deployed["env"])
    assert given >= {"CONCORD_PROJECT", "REGION", "STATE_BUCKET", "COMMIT", "JOB_IMAGE"}
    assert given >= {"API_IMAGE", "MANIFEST", "API_URL"}


def test_whoever_deploys_production_reads_the_images_of_staging() -> None:
    """Cloud Run asks for two readers: its agent, which pulls, and the account that deploys."""
    terraform = ROOT / "infrastructure" / "terraform"
    text = section(ROOT / "infrastructure" / "README.md", "Staging")
    (listed,) = re.findall(r"^image_readers = \[(.*?)\]", text, re.MULTILINE | re.DOTALL)
    named = re.findall(r'"serviceAccount:([\w-]+)@', listed)
    accounts = re.findall(r'account_id +=\s"(\S+)"', read(terraform / "service_accounts.tf"))
    assert named == ["service-NUMBER", "concord-deploy"]
    assert named[1] in accounts
