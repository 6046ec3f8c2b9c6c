"""Which columns hold data of persons: pii.yml, and what the models' own files add to it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

PII_FILE: Final = Path(__file__).resolve().parents[1] / "pii.yml"


@dataclass(frozen=True, slots=True)
class PersonalColumns:
    """Names by kind, and the folders below models/ in which they mean something else."""

    names: dict[str, list[str]]
    folders_without_persons: tuple[str, ...]
    public_models_of_companies: tuple[str, ...]

    def kinds_below(self, path: str) -> dict[str, str]:
        """Return the kind of each personal name in a model of this path below models/."""
        if any(path.startswith(f"{folder}/") for folder in self.folders_without_persons):
            return {}
        return {name: kind for kind, names in self.names.items() for name in names}


def personal_columns(path: Path = PII_FILE) -> PersonalColumns:
    """Read pii.yml."""
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return PersonalColumns(
        names=content["columns"],
        folders_without_persons=tuple(content["folders_without_persons"]),
        public_models_of_companies=tuple(content["public_models_of_companies"]),
    )
