"""Where the benchmark finds and leaves its files."""

from __future__ import annotations

from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parents[1]
MAPPINGS: Final = HERE / "mappings"
EXAMPLES: Final = ROOT / "docs" / "examples"
DOCUMENT: Final = ROOT / "docs" / "model" / "benchmarks.md"
BENCH: Final = ROOT / "build" / "bench"
# Written by .ci/setup_benchmark.
SPLINK_PYTHON: Final = BENCH / "splink" / "bin" / "python"
PACKAGES: Final = BENCH / "packages"
MADE_DATA: Final = BENCH / "data"
RESULTS: Final = BENCH / "results.json"
