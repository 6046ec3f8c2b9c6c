"""When, where and with what versions a benchmark runs."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version

import psutil

from tests.benchmarks.places_on_disk import ROOT
from tests.benchmarks.results import Circumstances


def circumstances(
    command: str, repetitions: int, splink_versions: dict[str, str] | None
) -> Circumstances:
    """Describe this machine and the versions of both systems."""
    versions = {
        "Concord": concord_commit(),
        "dbt-core": version("dbt-core"),
        "bqemulator": version("bqemulator"),
        "DuckDB": version("duckdb"),
        "Python": platform.python_version(),
    }
    if splink_versions:
        versions["Splink"] = splink_versions["splink"]
        versions["DuckDB under Splink"] = splink_versions["duckdb"]
    return Circumstances(
        day=datetime.now(UTC).date().isoformat(),
        command=command,
        repetitions=repetitions,
        cores=os.cpu_count() or 1,
        memory_gb=round(psutil.virtual_memory().total / 1e9, 1),
        versions=versions,
    )


def concord_commit() -> str:
    """Return the commit; `+` behind it: with changes that are not committed."""
    if shutil.which("git") is None:
        return "of unknown commit"
    command = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "of unknown commit"
