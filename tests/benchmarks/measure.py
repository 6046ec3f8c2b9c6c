"""Runs a command and measures it with all processes that it starts."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SECONDS_BETWEEN_SAMPLES = 0.1


@dataclass(frozen=True, slots=True)
class Measurement:
    """Wall time and the largest sum of resident memory of the process and its descendants."""

    seconds: float
    peak_mb: float
    output: str


def measure(
    command: Sequence[str], folder: Path, variables: Mapping[str, str] | None = None
) -> Measurement:
    """Run `command` to its end; raises CalledProcessError when it fails."""
    environment = {**os.environ, **(variables or {})}
    started = time.monotonic()
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        root = psutil.Process(process.pid)
        peak = 0
        while True:
            peak = max(peak, _resident_bytes(root))
            try:
                output, _ = process.communicate(timeout=SECONDS_BETWEEN_SAMPLES)
            except subprocess.TimeoutExpired:
                continue
            break
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command, output)
    return Measurement(time.monotonic() - started, peak / 1e6, output)


def _resident_bytes(root: psutil.Process) -> int:
    total = 0
    try:
        processes = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for process in processes:
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total
