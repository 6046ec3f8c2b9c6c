"""Containers of the images, started as compose.yaml starts them."""

from __future__ import annotations

import json
import os
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Iterator

ENGINE: Final = os.environ.get("IMAGE_ENGINE", "docker")
# For Python in the image to begin, whatever else the machine does.
START_SECONDS: Final = 240
# For the demo to be resolved there.
DEMO_SECONDS: Final = 1800
HARDENED: Final = (
    *("--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
    *("--network", "host"),
)


def engine(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the engine to its end."""
    return subprocess.run(
        [ENGINE, *arguments], capture_output=True, text=True, check=False, timeout=DEMO_SECONDS
    )


def spoken(*arguments: str) -> str:
    """Return what a command of the engine prints; it must succeed."""
    done = engine(*arguments)
    assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def run(image: str, *command: str, **options: str | tuple[str, ...]) -> str:
    """Return what a command says in a new container of an image."""
    return spoken("run", "--rm", *HARDENED, *_options(options), image, *command)


def _options(options: dict[str, str | tuple[str, ...]]) -> list[str]:
    """Return `env=("A=1", "B=2")` as `--env A=1 --env B=2`."""
    found = []
    for name, texts in options.items():
        for text in (texts,) if isinstance(texts, str) else texts:
            found += [f"--{name}", text]
    return found


@contextmanager
def volume() -> Iterator[str]:
    """Make a volume, and remove it."""
    name = f"concord-try-{uuid4().hex[:8]}"
    spoken("volume", "create", name)
    try:
        yield name
    finally:
        engine("volume", "rm", "--force", name)


@contextmanager
def started(image: str, **options: str | tuple[str, ...]) -> Iterator[str]:
    """Start a container with what its image does by itself, and remove it."""
    name = f"concord-try-{uuid4().hex[:8]}"
    spoken("run", "--detach", "--init", "--name", name, *HARDENED, *_options(options), image)
    try:
        yield name
    finally:
        engine("rm", "--force", "--volumes", name)


def wait_until_healthy(name: str, seconds: float) -> None:
    """Wait until the check that the image brings along is content, in a container that lives."""
    [check] = spoken("inspect", "--format", "{{json .Config.Healthcheck.Test}}", name).splitlines()
    command = check_command(check)
    until = time.monotonic() + seconds
    while engine("exec", name, *command).returncode != 0:
        state = spoken("inspect", "--format", "{{.State.Running}}", name).strip()
        logs = engine("logs", name)
        assert state == "true", logs.stdout + logs.stderr
        assert time.monotonic() < until, logs.stdout + logs.stderr
        time.sleep(2)


def check_command(check: str) -> list[str]:
    """Return the command of a health check as `inspect` writes it."""
    kind, *command = json.loads(check)
    assert kind == "CMD"
    return [str(part) for part in command]
