"""Masks the values of data in what dbt leaves on disk. Classes of errors are kept beside them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from orchestrator.dbt.node import masked
from orchestrator.redaction import redact_file

if TYPE_CHECKING:
    from pathlib import Path

LOG: Final = "dbt.log"
RESULTS: Final = "run_results.json"


def mask_artifacts(target_path: Path) -> None:
    """Mask dbt's log and its results; a file that cannot be rewritten is removed."""
    redact_file(target_path / LOG)
    _mask_results(target_path / RESULTS)


def _mask_results(path: Path) -> None:
    if not path.is_file():
        return
    replacement = path.with_suffix(".masked")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        document["results"] = [masked(entry) for entry in document["results"]]
        replacement.write_text(json.dumps(document), encoding="utf-8")
        replacement.replace(path)
    except (OSError, ValueError, KeyError):
        replacement.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
