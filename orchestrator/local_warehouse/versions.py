"""The package versions that the fixes were written for, and the check that they are installed."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

from orchestrator.local_warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Mapping

# The fixes reach into bqemulator, which translates with sqlglot and runs on duckdb: another
# version may silently undo a fix, so a wrong version is an error and not a warning.
PINS: Mapping[str, str] = {"bqemulator": "1.4.0", "duckdb": "1.5.5", "sqlglot": "30.11.0"}


def installed_versions() -> dict[str, str]:
    """Return the installed version of each pinned package; an absent one is left out."""
    found: dict[str, str] = {}
    for package in PINS:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def check_versions(installed: Mapping[str, str]) -> None:
    """Raise WarehouseError when a pinned package is missing or has another version."""
    problems = [
        f"{package} {pin} is needed, {installed.get(package, 'none')} is installed"
        for package, pin in PINS.items()
        if installed.get(package) != pin
    ]
    if problems:
        raise WarehouseError(
            "The local warehouse cannot start: "
            + "; ".join(problems)
            + ". Install the pinned requirements again (make setup)."
        )
