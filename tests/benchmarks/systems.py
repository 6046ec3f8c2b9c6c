"""Runs Concord or Splink once on a data set and scores what comes out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestrator.dbt.artifacts import read_finished
from tests.benchmarks.crm_people.name_lists import NICKNAMES_FILE
from tests.benchmarks.figures import Figures, figures_of
from tests.benchmarks.measure import measure
from tests.benchmarks.places_on_disk import PACKAGES, ROOT, SPLINK_PYTHON

if TYPE_CHECKING:
    from tests.benchmarks.data_sets import DataSet


def run_concord(
    data: DataSet, folder: Path, project_dir: Path = ROOT
) -> tuple[Figures, dict[str, float]]:
    """Run `concord resolve`; returns the figures and the seconds of every dbt node."""
    output, work = folder / "result", folder / "work"
    command = [
        *(str(Path(sys.executable).parent / "concord"), "resolve", str(data.records)),
        *("--map", str(data.mapping), "--out", str(output), "--keep-warehouse", str(work)),
        *("--format", "none", "--no-report"),
    ]
    measured = measure(command, ROOT, {"CONCORD_PROJECT_DIR": str(project_dir)})
    matching = float(_summary(output)["seconds"]["match"])
    nodes = {
        node.name: node.seconds
        for path in (work / "dbt").glob("*/run_results.json")
        for node in read_finished(path.parent)
    }
    return figures_of(output, data.truth, measured, matching), nodes


def run_splink(data: DataSet, folder: Path) -> tuple[Figures, dict[str, str]]:
    """Run Splink in its environment; returns the figures and the versions there."""
    output = folder / "result"
    command = [
        *(str(SPLINK_PYTHON), "-m", "tests.benchmarks.splink.run", data.name, str(data.records)),
        *(str(output), "--nicknames", str(PACKAGES / NICKNAMES_FILE)),
    ]
    measured = measure(command, ROOT)
    summary = _summary(output)
    matching = float(summary["seconds"]["total"])
    return figures_of(output, data.truth, measured, matching), summary["versions"]


def _summary(output: Path) -> dict[str, Any]:
    summary: dict[str, Any] = json.loads((output / "summary.json").read_text(encoding="utf-8"))
    return summary
