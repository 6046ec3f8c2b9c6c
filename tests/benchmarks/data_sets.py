"""The data sets that can be run: a folder each, with records, truth and a mapping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.benchmarks.places_on_disk import MAPPINGS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class DataSet:
    """One file of records with its mapping and its truth."""

    name: str
    records: Path
    truth: Path
    mapping: Path

    @property
    def is_tuned_for_splink(self) -> bool:
        """Whether Splink has settings for it; sets that bring their own mapping have none."""
        return self.mapping.parent == MAPPINGS


def find_data_sets(parents: Iterable[Path]) -> dict[str, DataSet]:
    """Return what can be run, by name; a data set in a later parent replaces an earlier one.

    One that is not known here brings its mapping with it.
    """
    found: dict[str, DataSet] = {}
    for parent in parents:
        for folder in sorted(path for path in parent.glob("*") if path.is_dir()):
            # One mapping fits every size of the generated CRM people.
            stem = "crm_10k" if folder.name.startswith("crm_") else folder.name
            mappings = (MAPPINGS / f"{stem}.yml", folder / "mapping.yml")
            mapping = next((path for path in mappings if path.is_file()), None)
            records, truth = _table(folder, "records"), _table(folder, "truth")
            if records and truth and mapping:
                found[folder.name] = DataSet(folder.name, records, truth, mapping)
    return found


def _table(folder: Path, stem: str) -> Path | None:
    paths = (folder / f"{stem}.{suffix}" for suffix in ("csv", "parquet"))
    return next((path.resolve() for path in paths if path.is_file()), None)
