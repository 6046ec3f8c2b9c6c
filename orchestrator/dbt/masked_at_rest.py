"""Masks the values of data in what dbt leaves on disk. Classes of errors are kept beside them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from orchestrator.dbt.artifacts import CLASS_KEY
from orchestrator.dbt.classify import classify
from orchestrator.redaction import redact, redact_file

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
    masked = path.with_suffix(".masked")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        for entry in document["results"]:
            message = str(entry.get("message") or "")
            if message and CLASS_KEY not in entry:
                entry[CLASS_KEY] = classify(entry["status"], message)
                entry["message"] = redact(message)
        masked.write_text(json.dumps(document), encoding="utf-8")
        masked.replace(path)
    except (OSError, ValueError, KeyError):
        masked.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
