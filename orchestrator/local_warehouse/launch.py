"""Starts the child process and waits until it serves."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from orchestrator.local_warehouse.errors import WarehouseError
from orchestrator.local_warehouse.state import Warehouse, read_warehouse
from orchestrator.local_warehouse.versions import check_versions, installed_versions

START_SECONDS = 60.0
# The child puts this before the one line of its log that is meant for the user.
FAILURE_PREFIX = "warehouse failed: "


@dataclass(frozen=True)
class Launch:
    """All that the child process needs to know."""

    data_dir: Path
    state_file: Path
    address_file: Path
    log_file: Path
    project_id: str
    project_dir: Path | None
    port: int
    memory_limit: str
    threads: int | None
    translations_file: Path | None = None
    exports_dir: Path | None = None

    def command(self) -> list[str]:
        """Return the command line. -P keeps modules of the current folder out."""
        command = [
            *(sys.executable, "-P", "-m", "orchestrator.local_warehouse.server"),
            *("--data-dir", str(self.data_dir), "--state-file", str(self.state_file)),
            *("--address-file", str(self.address_file)),
            *("--project-id", self.project_id, "--port", str(self.port)),
            *("--memory-limit", self.memory_limit),
        ]
        if self.project_dir is not None:
            command += ["--project-dir", str(self.project_dir)]
        if self.translations_file is not None:
            command += ["--translations", str(self.translations_file)]
        if self.exports_dir is not None:
            command += ["--exports-dir", str(self.exports_dir)]
        if self.threads is not None:
            command += ["--threads", str(self.threads)]
        return command

    def environment(self) -> dict[str, str]:
        """Return the variables of the child."""
        # Settings of bqemulator that happen to be in the user's shell must not reach the child.
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BQEMU_")}
        package_root = str(Path(__file__).resolve().parents[2])
        kept["PYTHONPATH"] = os.pathsep.join(filter(None, [package_root, kept.get("PYTHONPATH")]))
        return kept


def start_server(
    launch: Launch, *, ends_with_parent: bool
) -> tuple[subprocess.Popen[bytes], Warehouse]:
    """Start the child and wait until it serves.

    With `ends_with_parent` the child watches its standard input, which closes when this process
    ends in whatever way.
    """
    check_versions(installed_versions())
    launch.state_file.unlink(missing_ok=True)
    command = launch.command() + (["--end-with-stdin"] if ends_with_parent else [])
    with open(launch.log_file, "wb", opener=_private) as log:
        child = subprocess.Popen(  # noqa: S603 - this interpreter, and paths as arguments
            command,
            stdin=subprocess.PIPE if ends_with_parent else subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=launch.environment(),
            cwd=launch.log_file.parent,
            start_new_session=True,
        )
    try:
        return child, _wait_until_ready(child, launch)
    except BaseException:
        child.kill()
        child.communicate()
        raise


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


def _wait_until_ready(child: subprocess.Popen[bytes], launch: Launch) -> Warehouse:
    """Wait for the state file, which the child writes once it serves."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise WarehouseError(_failure_text(launch.log_file))
        warehouse = read_warehouse(launch.state_file)
        if warehouse is not None and warehouse.pid == child.pid:
            return warehouse
        time.sleep(0.05)
    raise WarehouseError(
        f"The local warehouse did not answer within {START_SECONDS:.0f} seconds. "
        f"Its log is {launch.log_file}."
    )


def _failure_text(log_file: Path) -> str:
    """Say why the child ended, from its log."""
    lines = log_file.read_text(encoding="utf-8", errors="replace").splitlines()
    told = [line for line in lines if line.startswith(FAILURE_PREFIX)]
    reason = told[-1].removeprefix(FAILURE_PREFIX).rstrip(".") if told else "it ended at once"
    return f"The local warehouse did not start: {reason}. Its log is {log_file}."
