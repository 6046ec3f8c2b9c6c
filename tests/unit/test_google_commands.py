"""Commands of Google's CLI in pages, scripts and messages, read by the CLI's own parsers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.unit.document_texts import ROOT
from tests.unit.google_commands import GoogleCommand, google_commands

if TYPE_CHECKING:
    from collections.abc import Sequence

CHECK: Final = ROOT / "tests" / "unit" / "google_cli.py"
HOW: Final = "install it by https://cloud.google.com/sdk/docs/install"
# What is wrong with each is said in words of this.
MISTAKES: Final = [
    ("gcloud run jobs execute concord-nightly --region R --argz=health", "--argz"),
    ("gcloud run jobs executoins list", "executoins"),
    ("gcloud services identity create --service=run.googleapis.com", "identity"),
    ("gcloud secrets versions add concord-alert-addresses", "--data-file"),
    ("gcloud pubsub subscriptions pull concord-secret-due more", "more"),
    ("gcloud run jobs execute concord-nightly --region R --wait --async", "--async"),
    ("gcloud run services update concord-api --region R --ingress=nobody", "nobody"),
    # A page may name a command without its arguments; this is a script.
    ("gcloud run jobs executions cancel", "EXECUTION"),
    ("gcloud services list --enabled --limit=many", "--limit"),
    ("gcloud projects describe P --format='valu(projectNumber)'", "valu"),
    ("gcloud projects describe P --format='value(projectNumbr)'", "projectNumbr"),
    ("gcloud storage buckets describe gs://b --format='value(versions)'", "versions"),
    ("gcloud projects get-iam-policy P --flatten=bindigs", "bindigs"),
    ("gcloud run jobs executions list --filter='NOT status.completedTime:*'", "completedTime"),
    ("gcloud secrets list --format='value(name)'", "PRINTED"),
    ("bq lss P:raw_files", "lss"),
    ("bq ls --max_result=3 P:raw_files", "max_result"),
    ("bq show --format=yaml P:raw_files", "yaml"),
    ("bq head P:d.t P:d.u P:d.v", "3 arguments"),
]
FINISHED: Final = "2026-01-02T03:04:05.678Z"


@cache
def sdk() -> Path:
    """Return the folder of Google's CLI, or skip."""
    found = shutil.which("gcloud")
    if found is None:
        pytest.skip(f"SKIPPED: no gcloud here, so no command of Google is read: {HOW}")
    folder = Path(found).resolve().parents[1]
    for part in ("lib/surface/alpha", "lib/surface/beta", "platform/bq/bq.py"):
        if not (folder / part).exists():
            pytest.skip(f"SKIPPED: no {part} at gcloud: `gcloud components install alpha beta bq`")
    return folder


def ask(tool: str, questions: Sequence[Any], home: Path) -> list[str]:
    """Return the CLI's answers. It gets an empty home: no login, no settings, no project."""
    done = subprocess.run(
        # Without this project's packages, which are other versions than the CLI's.
        [sys.executable, "-S", str(CHECK), tool, str(sdk())],
        input=json.dumps(questions),
        env={"PATH": os.environ["PATH"], "HOME": str(home), "CLOUDSDK_CONFIG": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers: list[str] = json.loads(done.stdout)
    assert len(answers) == len(questions)
    return answers


def wrong(commands: Sequence[GoogleCommand], home: Path) -> dict[str, str]:
    """Return what is wrong with commands, by place and text."""
    found = {}
    for tool in ("gcloud", "bq"):
        asked = [command for command in commands if command.words[0] == tool]
        questions = [[command.words[1:], command.is_run] for command in asked]
        for command, answer in zip(asked, ask(tool, questions, home), strict=True):
            if answer:
                found[str(command)] = answer
    return found


def test_every_command_is_one_that_google_s_cli_takes(tmp_path: Path) -> None:
    assert wrong(google_commands(), tmp_path) == {}


def test_commands_are_found_wherever_they_stand() -> None:
    found = google_commands()
    assert len(found) > 100
    places = {command.place.split(":")[0] for command in found}
    assert places >= {
        ".ci/deploy",
        ".ci/pull_request_datasets",
        ".github/workflows/deploy.yml",
        "docs/operate/deployment.md",
        "docs/operate/runbooks.md",
        "infrastructure/README.md",
        "infrastructure/terraform/alerting.tf",
        "orchestrator/bigquery/credentials.py",
        "profiles.yml",
    }
    assert {command.words[0] for command in found if command.is_run} == {"gcloud", "bq"}


def test_commands_are_read_as_a_shell_reads_them(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci" / "script").write_text(
        'place=(--project "$P" --region here)\nseconds=60\n'
        'try gcloud run jobs update "$job" "${place[@]}" \\\n'
        '    --image "$(<"$folder/$job")" || x\n'
        'one=$(bq --location="$L" mk --expiration "$seconds" "$P:d") >file\n',
        encoding="utf-8",
    )
    (tmp_path / "page.md").write_text(
        "| `printf x \\| gcloud secrets list` | `gcloud run jobs\n"
        "describe J --format='value(a b)'`\n"
        '`curl -H "Bearer $(gcloud auth print-identity-token)"`, `bq show P:raw_<source>`\n',
        encoding="utf-8",
    )
    (tmp_path / "hint.py").write_text("x = \"run 'gcloud auth login', or\"\n", encoding="utf-8")
    assert [(one.place, " ".join(one.words)) for one in google_commands(tmp_path)] == [
        ("hint.py:1", "gcloud auth login"),
        ("page.md:1", "gcloud secrets list"),
        ("page.md:1", "gcloud run jobs describe example --format=value(a b)"),
        ("page.md:2", "gcloud auth print-identity-token"),
        ("page.md:2", "bq show P:raw_example"),
        (
            ".ci/script:3",
            "gcloud run jobs update example --project example --region here --image example",
        ),
        (".ci/script:5", "bq --location=example mk --expiration 60 example:d"),
    ]


def test_mistakes_are_found(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    lines = "".join(f"{command}\n" for command, _ in MISTAKES)
    (tmp_path / ".ci" / "script").write_text(lines, encoding="utf-8")
    commands = google_commands(tmp_path)
    said = wrong(commands, tmp_path)
    missed = [
        command
        for planted, (command, word) in zip(commands, MISTAKES, strict=True)
        if word not in said.get(str(planted), "")
    ]
    assert missed == [], said


def test_a_deployment_cancels_executions_that_go_on_and_no_others(tmp_path: Path) -> None:
    [listed] = [one for one in google_commands() if "executions list" in f"{one}" and one.is_run]
    expression = listed.words[listed.words.index("--filter") + 1]
    going = [{"status": {}}, {"status": {"startTime": FINISHED, "runningCount": 1}}]
    done = {"status": {"startTime": FINISHED, "completionTime": FINISHED, "succeededCount": 1}}
    # In any order: by the first time that it meets, gcloud decides how it compares.
    for executions in ([*going, done, done], [done, *going, done]):
        answers = ask("filter", [[expression, one] for one in executions], tmp_path)
        assert answers == ["no" if one is done else "yes" for one in executions]
