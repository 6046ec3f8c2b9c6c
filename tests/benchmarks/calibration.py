"""Compares the quality that the model expects of itself, without labels, with the truth.

usage: calibration.py [--data FOLDER] [NAME...]
The data sets are those of tests.benchmarks.run. Precision and recall are of pairs of records.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path

from tests.benchmarks.run import data_sets, resolve

COLUMNS = (
    "data set",
    "records",
    "expected precision",
    "true precision",
    "off by",
    "expected recall",
    "true recall",
    "off by",
)


def main() -> None:
    """Print one row a data set, as a Markdown table; `off by` is in points of a hundred."""
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
            output = Path(folder) / name
            _, truth, _ = resolve(known[name], output)
            summary = json.loads((output / "summary.json").read_text(encoding="utf-8"))
            cells = (
                name,
                f"{truth.records:,}",
                *compared(summary["expected_precision"], truth.pair_precision),
                *compared(summary["expected_recall"], truth.pair_recall),
            )
            print("|", " | ".join(cells), "|", flush=True)


def compared(expected: float | None, true: float) -> tuple[str, str, str]:
    """Return the cells of one metric."""
    if expected is None:
        return "-", f"{true:.3f}", "-"
    return f"{expected:.3f}", f"{true:.3f}", f"{100 * (expected - true):+.1f}"


if __name__ == "__main__":
    main()
