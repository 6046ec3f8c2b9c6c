"""Resolves benchmark data with the default settings and prints how good and how fast that is.

usage: run.py [--data FOLDER] [NAME...]
Data sets are folders with records.(csv|parquet) and truth.(csv|parquet): those of docs/examples,
and those below --data (BENCH_DATA in the environment) for which mappings/ has a mapping.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.measure import Measurement, measure
from tests.benchmarks.score import Score, score

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
COLUMNS = (
    "data set",
    "records",
    "B3 F1",
    "pair F1",
    "pair precision",
    "largest",
    "s",
    "match s",
    "MB",
)


@dataclass(frozen=True, slots=True)
class DataSet:
    """One file of records with its mapping and its truth."""

    name: str
    records: Path
    truth: Path
    mapping: Path


def data_sets(extra: Path | None) -> dict[str, DataSet]:
    """Return what can be run, by name."""
    found: dict[str, DataSet] = {}
    folders = [*(ROOT / "docs" / "examples").iterdir(), *(extra.iterdir() if extra else ())]
    for folder in sorted(path for path in folders if path.is_dir()):
        mapping = HERE / "mappings" / f"{folder.name}.yml"
        if folder.name.startswith("crm_"):
            mapping = HERE / "mappings" / "crm_10k.yml"
        records, truth = (_file(folder, stem) for stem in ("records", "truth"))
        if records and truth and mapping.is_file():
            found[folder.name] = DataSet(folder.name, records, truth, mapping)
    return found


def _file(folder: Path, stem: str) -> Path | None:
    return next(
        (path for path in folder.glob(f"{stem}.*") if path.suffix in {".csv", ".parquet"}), None
    )


def resolve(data: DataSet, output: Path) -> tuple[Measurement, Score, dict[str, float]]:
    """Run `concord resolve` on the data set and score its clusters."""
    command = [str(Path(sys.executable).parent / "concord"), "resolve", str(data.records)]
    measured = measure([*command, "--map", str(data.mapping), "--out", str(output)], ROOT)
    summary = json.loads((output / "summary.json").read_text(encoding="utf-8"))
    return measured, score(output / "clusters.parquet", data.truth), summary["seconds"]


def main() -> None:
    """Print one row a data set, as a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", help="data sets; all that are there by default")
    parser.add_argument("--data", type=Path, default=os.environ.get("BENCH_DATA"))
    arguments = parser.parse_args()
    known = data_sets(Path(arguments.data) if arguments.data else None)
    unknown = set(arguments.names) - set(known)
    if unknown:
        parser.error(f"no data for {', '.join(sorted(unknown))}; there is {', '.join(known)}")
    print("|", " | ".join(COLUMNS), "|")
    print("|", " | ".join("---" for _ in COLUMNS), "|")
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.names or known:
            measured, quality, seconds = resolve(known[name], Path(folder) / name)
            cells = (
                name,
                f"{quality.records:,}",
                *(
                    f"{part:.4f}"
                    for part in (quality.b3_f1, quality.pair_f1, quality.pair_precision)
                ),
                f"{quality.largest_cluster} of {quality.largest_entity}",
                f"{measured.seconds:.0f}",
                f"{seconds['match']:.0f}",
                f"{measured.peak_mb:,.0f}",
            )
            print("|", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    main()
