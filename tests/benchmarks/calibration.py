"""Compares the quality that the model expects of itself, without labels, with the truth.

usage: calibration.py [--data FOLDER] [NAME...]
Data sets are folders with records and truth, in docs/examples and below --data (BENCH_DATA in the
environment), that have a mapping in mappings/ or bring a mapping.yml. Precision and recall are of
pairs of records.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.score import Score, score

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
COLUMNS = (
    *("data set", "records"),
    *("expected precision", "true precision", "off by"),
    *("expected recall", "true recall", "off by"),
)


def expect_and_score(folder: Path, output: Path) -> tuple[dict[str, Any], Score]:
    """Resolve the records of a folder; return the summary and the score against the truth."""
    records, truth = (
        next(path for path in sorted(folder.glob(f"{stem}.*")) if path.suffix != ".md")
        for stem in ("records", "truth")
    )
    command = [str(Path(sys.executable).parent / "concord"), "resolve", str(records)]
    options = ["--map", str(mapping_of(folder)), "--out", str(output)]
    options += ["--format", "none", "--no-report"]
    subprocess.run([*command, *options], cwd=ROOT, check=True, capture_output=True)
    summary = json.loads((output / "summary.json").read_text(encoding="utf-8"))
    return summary, score(output / "clusters.parquet", truth)


def mapping_of(folder: Path) -> Path:
    """Return the mapping of a data set; one fits every size of the generated CRM people."""
    stem = "crm_10k" if folder.name.startswith("crm_") else folder.name
    known = HERE / "mappings" / f"{stem}.yml"
    return known if known.is_file() else folder / "mapping.yml"


def compared(expected: float | None, true: float) -> tuple[str, str, str]:
    """Return the cells of one metric; the last is in points of a hundred."""
    if expected is None:
        return "-", f"{true:.3f}", "-"
    return f"{expected:.3f}", f"{true:.3f}", f"{100 * (expected - true):+.1f}"


def main() -> None:
    """Print one row per data set, as a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", help="data sets; all that are there by default")
    parser.add_argument("--data", type=Path, default=os.environ.get("BENCH_DATA"))
    arguments = parser.parse_args()
    places = [ROOT / "docs" / "examples", *([Path(arguments.data)] if arguments.data else [])]
    folders = {
        truth.parent.name: truth.parent
        for place in places
        for truth in sorted(place.glob("*/truth.*"))
        if mapping_of(truth.parent).is_file()
    }
    if unknown := set(arguments.names) - set(folders):
        parser.error(f"no data for {', '.join(sorted(unknown))}; there is {', '.join(folders)}")
    print("|", " | ".join(COLUMNS), "|")
    print("|", " | ".join("---" for _ in COLUMNS), "|")
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.names or folders:
            summary, truth = expect_and_score(folders[name], Path(folder) / name)
            cells = (
                *(name, f"{truth.records:,}"),
                *compared(summary["expected_precision"], truth.pair_precision),
                *compared(summary["expected_recall"], truth.pair_recall),
            )
            print("|", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    main()
