"""The reviewed list of what differs between Google's evaluator and the warehouse, and why.

    - model: int_example
      columns: [quarantined_at]
      reason: the clock

All other columns of the model must be equal. `columns: not evaluated` is for what the evaluator
cannot run. An entry that no longer says what happens fails the check.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

NOT_EVALUATED = "not evaluated"


class ExceptionListError(Exception):
    """The list cannot be read."""


@dataclass(frozen=True)
class ReviewedException:
    """One entry; without columns the model cannot be evaluated at all."""

    model: str
    columns: frozenset[str]
    reason: str

    @property
    def is_not_evaluated(self) -> bool:
        """True when the model cannot be run at Google's."""
        return not self.columns


def read_exceptions(path: Path) -> dict[str, ReviewedException]:
    """The entries by model; one per model."""
    entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    found: dict[str, ReviewedException] = {}
    for entry in entries:
        if not isinstance(entry, dict) or set(entry) != {"model", "columns", "reason"}:
            raise ExceptionListError(f"{path}: an entry has model, columns and reason: {entry}")
        if not str(entry["reason"]).strip() or entry["model"] in found:
            raise ExceptionListError(f"{path}: {entry['model']}: no reason, or named twice")
        found[entry["model"]] = ReviewedException(
            entry["model"], _columns(path, entry["columns"]), str(entry["reason"]).strip()
        )
    return found


def _columns(path: Path, given: object) -> frozenset[str]:
    if given == NOT_EVALUATED:
        return frozenset()
    if isinstance(given, Iterable) and not isinstance(given, str) and list(given):
        return frozenset(str(name) for name in given)
    raise ExceptionListError(f"{path}: columns is a list of names, or `{NOT_EVALUATED}`")
