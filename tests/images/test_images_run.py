"""The images, built and run: `make test-images`."""

from __future__ import annotations

import json
import re
import shutil
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Final

import pytest

from orchestrator.errors import EXIT_INTERRUPTED
from tests.images.containers import (
    DEMO_SECONDS,
    ENGINE,
    START_SECONDS,
    engine,
    run,
    spoken,
    started,
    volume,
    wait_until_healthy,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

IMAGES: Final = ("concord-job", "concord-api", "concord-local")
# What checks, builds and shows; the local warehouse is in one image only.
NEVER: Final = ("pip", "pytest", "mypy", "sqlfluff", "zetasql", "hypothesis", "playwright")
OF_THE_WAREHOUSE: Final = ("bqemulator", "sqlglot")
OF_THE_SERVICE: Final = ("fastapi", "uvicorn")
PORT: Final = "18080"
SERVICE_PORT: Final = "18081"

pytestmark = pytest.mark.skipif(
    shutil.which(ENGINE) is None, reason=f"there is no {ENGINE}; set IMAGE_ENGINE to another engine"
)


@pytest.mark.parametrize("image", IMAGES)
def test_the_command_answers(image: str) -> None:
    assert re.match(r"concord, version \d", run(image, "--version"))
    assert "  run " in run(image, "--help")


@pytest.mark.parametrize("image", IMAGES)
def test_nobody_may_write_where_nothing_is_mounted(image: str) -> None:
    tries = "; ".join(f"touch {place}/x && echo wrote" for place in ("/app", "/opt/concord", "/"))
    said = run(image, "-c", f"id -u; {tries}; true", entrypoint="sh")
    assert said.split() == ["10001"]


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_holds_what_it_needs_and_no_more(image: str) -> None:
    names = (*NEVER, *OF_THE_WAREHOUSE, *OF_THE_SERVICE, "dbt.adapters.bigquery")
    asked = (
        "import importlib.util as u, json; "
        f"print(json.dumps([n for n in {names!r} if u.find_spec(n.split('.')[0])]))"
    )
    found = set(json.loads(run(image, "-c", asked, entrypoint="python3")))
    wanted = {
        "concord-job": set(),
        "concord-api": set(OF_THE_SERVICE),
        "concord-local": {*OF_THE_SERVICE, *OF_THE_WAREHOUSE},
    }[image]
    assert found == wanted | {"dbt.adapters.bigquery"}


def test_a_service_without_a_snapshot_lives_and_is_not_ready() -> None:
    with started("concord-api", env=(f"CONCORD_SERVE_PORT={SERVICE_PORT}",)) as name:
        wait_until_healthy(name, START_SECONDS)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"http://127.0.0.1:{SERVICE_PORT}/readyz", timeout=60)
        assert refused.value.code == 503


@pytest.fixture(scope="module")
def local() -> Iterator[str]:
    """Start what compose.local.yaml starts, and wait until the demo is served."""
    with started("concord-local", env=(f"CONCORD_SERVE_PORT={PORT}",)) as name:
        wait_until_healthy(name, DEMO_SECONDS)
        yield name


def test_the_local_image_resolves_the_demo_and_serves_it(local: str) -> None:
    key = spoken("exec", local, "cat", ".concord/serve.key").strip()
    found = asked(PORT, key, "/v1/search", {"text": "smith"})
    assert found
    assert spoken("exec", local, "ls", "/app/build").split().count("report.html") == 1


def test_the_job_runs_and_the_service_answers_from_what_it_left(local: str) -> None:
    said = spoken("exec", local, "concord", "warehouse", "status", "--env")
    address = tuple(re.findall(r"^export (\w+=.+)$", said, re.MULTILINE))
    with volume() as snapshots, volume() as state:
        places = (f"{snapshots}:/snapshots", f"{state}:/app/.concord")
        env = (
            *address,
            "CONCORD_WAREHOUSE_CHECK=off",
            "CONCORD_SERVE_SNAPSHOTS=/snapshots",
            "CONCORD_SERVE_AFTER_RUN=true",
        )
        run("concord-job", "run", env=env, volume=places)
        assert "success" in run("concord-job", "history", env=env, volume=places)
        service = (*env, f"CONCORD_SERVE_PORT={SERVICE_PORT}")
        only_read = (f"{snapshots}:/snapshots:ro",)
        with started("concord-api", env=service, volume=only_read) as name:
            wait_until_healthy(name, START_SECONDS)
            key = spoken("exec", name, "cat", ".concord/serve.key").strip()
            assert asked(SERVICE_PORT, key, "/v1/search", {"text": "smith"})
            # Told to end, it ends by itself, and says so as every command does.
            assert engine("stop", "--time", "30", name).returncode == 0
            code = spoken("inspect", "--format", "{{.State.ExitCode}}", name).strip()
            assert code == str(EXIT_INTERRUPTED)


def asked(port: str, key: str, path: str, body: dict[str, str]) -> list[object]:
    """Return what a question to the service finds."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        found: dict[str, list[object]] = json.load(answer)
    return found["hits"]
