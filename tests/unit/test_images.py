"""The images, and the files of Compose and the workflow that run them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from orchestrator.settings.serve import ServeSettings
from orchestrator.settings.values import Settings

ROOT: Final = Path(__file__).resolve().parents[2]
DEPLOY: Final = ".github/workflows/deploy.yml"


@cache
def stages() -> dict[str, str]:
    """Return the instructions of each stage of the Dockerfile, one a line, in their order."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    parts = re.split(r"^FROM (.+) AS (\w+)$", text, flags=re.MULTILINE)
    return {parts[n + 1]: f"FROM {parts[n]}\n{parts[n + 2]}" for n in range(1, len(parts), 3)}


def instructions(stage: str, name: str) -> list[str]:
    """Return what follows one kind of instruction in a stage."""
    return re.findall(rf"^{name} +(.+)$", stages()[stage], re.MULTILINE)


@cache
def compose(name: str = "compose.yaml") -> dict[str, Any]:
    """Return a file of Compose with its anchors filled in."""
    found: dict[str, Any] = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    return found


def test_without_a_target_the_image_is_the_job() -> None:
    assert list(stages())[-1] == "job"
    assert instructions("job", "CMD") == ['["run"]']
    assert instructions("job", "HEALTHCHECK") == ["NONE"]
    assert instructions("api", "CMD") == ['["serve"]']
    assert instructions("local", "CMD") == ['["demo", "--serve"]']
    assert instructions("base", "ENTRYPOINT") == ['["concord"]']


@pytest.mark.parametrize(
    ("stage", "packages", "requirements"),
    [
        ("job", "job_packages", "runtime.txt"),
        ("api", "api_packages", "serve.txt"),
        ("local", "local_packages", "local.txt"),
    ],
)
def test_an_image_holds_its_own_pinned_packages(
    stage: str, packages: str, requirements: str
) -> None:
    assert instructions(stage, "FROM") == ["base"]
    assert instructions(stage, "COPY") == [f"--from={packages} /opt/concord /opt/concord"]
    assert instructions(packages, "COPY") == [
        f"requirements/{requirements} requirements/",
        "--from=package /build/dist dist",
    ]
    pinned, own = instructions(packages, "RUN")
    assert "--require-hashes" in pinned
    assert pinned.endswith(f"-r requirements/{requirements}")
    assert "--no-deps" in own


@pytest.mark.parametrize("stage", ["job", "api", "local"])
def test_nobody_is_root_and_nothing_is_installed_later(stage: str) -> None:
    assert instructions(stage, "USER") == ["10001"]
    lines = stages()[stage].splitlines()
    assert not [line for line in lines if line.startswith(("RUN", "ADD"))]


class Answers(BaseHTTPRequestHandler):
    """Answers the probe of an image as it is told."""

    status = 200
    asked: Final[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def probe(port: int, stage: str) -> bool:
    """Run the health check of an image, and say whether it is content."""
    [check] = instructions(stage, "HEALTHCHECK")
    command = json.loads(check.partition(" CMD ")[2])
    assert command[0] == "python3"
    done = subprocess.run(
        [sys.executable, *command[1:]],
        env={"CONCORD_SERVE_PORT": str(port), "no_proxy": "*"},
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


@pytest.mark.parametrize("stage", ["api", "local"])
def test_the_health_check_tells_life_from_death(
    stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Answers.asked.clear()
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert probe(server.server_port, stage)
        monkeypatch.setattr(Answers, "status", 500)
        assert not probe(server.server_port, stage)
        server.shutdown()
    assert not probe(server.server_port, stage)
    assert Answers.asked == ["/livez", "/livez"]


def test_compose_builds_stages_and_repeats_their_health_check() -> None:
    services = compose()["services"]
    assert {name: one["build"]["target"] for name, one in services.items()} == {
        "api": "api",
        "run": "job",
    }
    # Without a profile `up` starts what answers, and no run.
    assert services["run"]["profiles"] == ["job"]
    test = services["api"]["healthcheck"]["test"]
    assert test[:3] == ["CMD", "python3", "-c"]
    assert "/livez" in test[3]


@pytest.mark.parametrize(
    ("file", "name"),
    [("compose.yaml", "api"), ("compose.yaml", "run"), ("compose.local.yaml", "local")],
)
def test_compose_gives_a_container_no_more_than_it_needs(file: str, name: str) -> None:
    service = compose(file)["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    mounted = dict(volume.split(":", 1) for volume in service["volumes"])
    # All are Docker's own, so that nothing of the machine is reachable.
    assert set(mounted) <= set(compose(file)["volumes"])


def test_compose_mounts_all_that_the_service_writes() -> None:
    service = compose()["services"]["api"]
    mounted = dict(volume.split(":", 1) for volume in service["volumes"])
    [declared] = instructions("api", "VOLUME")
    assert set(json.loads(declared)) == set(mounted.values()) - {"/snapshots:ro"}
    # The user of the images may write where a volume is new.
    assert "/snapshots" in " ".join(instructions("base", "RUN"))
    run = dict(volume.split(":", 1) for volume in compose()["services"]["run"]["volumes"])
    assert run["snapshots"] == "/snapshots"
    # The outbox is the service's alone.
    assert not {"decisions", "scratch"} & set(run)


@pytest.mark.parametrize("name", ["api", "run"])
def test_compose_sets_settings_that_exist(name: str) -> None:
    plain = {field.upper() for field in Settings.model_fields}
    serve = {f"SERVE_{field}".upper() for field in ServeSettings.model_fields}
    environment = compose()["services"][name]["environment"]
    set_there = {one.removeprefix("CONCORD_") for one in environment if one.startswith("CONCORD_")}
    assert set_there - {"TARGET"} <= plain | serve
    assert environment["CONCORD_SERVE_SNAPSHOTS"] == "/snapshots"


def test_compose_for_one_machine_mounts_all_that_is_written_there() -> None:
    [service] = compose("compose.local.yaml")["services"].values()
    assert service["build"]["target"] == "local"
    mounted = {volume.partition(":")[2] for volume in service["volumes"]}
    [declared] = instructions("local", "VOLUME")
    assert set(json.loads(declared)) == mounted
    assert service["environment"]["CONCORD_TARGET"] == "local"
    # The image has one.
    assert "healthcheck" not in service


def test_compose_keeps_decisions_on_a_disk_that_lasts() -> None:
    environment = compose()["services"]["api"]["environment"]
    assert "CONCORD_SERVE_SENDS_FIRST" not in environment
    assert "K_SERVICE" not in environment
    assert "decisions:/app/.concord" in compose()["services"]["api"]["volumes"]


def test_a_deployment_builds_both_images_and_updates_all_that_run_them() -> None:
    text = (ROOT / DEPLOY).read_text(encoding="utf-8")
    published = re.findall(r"\bpublish (\w+) ([\w-]+)", text)
    assert dict(published) == {"job": "concord", "api": "concord-api"}
    assert set(dict(published)) <= set(stages())
    outputs = yaml.safe_load(text)["jobs"]["images"]["outputs"]
    assert set(outputs) == set(dict(published))
    script = (ROOT / ".ci" / "deploy").read_text(encoding="utf-8")
    terraform = ROOT / "infrastructure" / "terraform"
    assert 'name                = "concord-api"' in (terraform / "service.tf").read_text("utf-8")
    assert "services update concord-api " in script
    # In which order: tests/unit/test_deploy.py.
    jobs = re.findall(r"^    (\w+) *= \{ args", (terraform / "jobs.tf").read_text("utf-8"), re.M)
    assert f"jobs=({' '.join(f'concord-{job}' for job in jobs)})" in script
