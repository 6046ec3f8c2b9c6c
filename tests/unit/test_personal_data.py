"""Columns with data of persons are marked: by their names in pii.yml, or beside their model.

The content of the built tables is looked at in tests/integration/test_demo.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from tests.personal_columns import personal_columns

MODELS: Final = Path(__file__).resolve().parents[2] / "models"
KINDS: Final = {"email", "phone", "name", "address", "birth_date", "identifier", "text"}
# Ends like data of a person, and does not begin like a figure about such data.
SUSPICIOUS: Final = re.compile(
    r"(?!weight_|n_|is_|has_)(?:\w*_)?"
    r"(?:e?mails?|phones?|fax|addresse?s?|(?:first|last|given|family|middle|full|display)_?names?"
    r"|birth_?date|date_of_birth|street|postcode|postal_code|zip|person_id|record_id)(?:_\d|_[lr])?"
)
# The side of a company in a bridge, or of a company's record.
OF_COMPANIES: Final = frozenset({"company_record_id", "parent_record_id", "source_record_id"})


@dataclass(frozen=True, slots=True)
class DeclaredColumn:
    """A column of a models file, and what it says about persons."""

    model: str
    path: str
    name: str
    is_public: bool
    pii: str | None

    @property
    def named_kind(self) -> str | None:
        """Return the kind that its name alone gives it."""
        return personal_columns().kinds_below(self.path).get(self.name)

    @property
    def is_suspicious(self) -> bool:
        """Say whether its name sounds like data of a person."""
        return bool(SUSPICIOUS.fullmatch(self.name)) and self.name not in OF_COMPANIES

    def __str__(self) -> str:
        """Name model and column."""
        return f"{self.model}.{self.name}"


def declared_columns() -> list[DeclaredColumn]:
    """Return every column that a models file declares."""
    return [
        DeclaredColumn(
            model=model["name"],
            path=path.relative_to(MODELS).as_posix(),
            name=column["name"],
            is_public=model.get("config", {}).get("access") == "public",
            pii=column.get("config", {}).get("meta", {}).get("pii"),
        )
        for path in sorted(MODELS.rglob("_*__models.yml"))
        for model in _models(path)
        for column in model.get("columns", ())
    ]


def _models(path: Path) -> list[dict[str, Any]]:
    models: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8")).get("models")
    return models or []


def test_every_list_is_of_a_known_kind_and_names_a_column_once() -> None:
    lists = personal_columns().names
    assert set(lists) == KINDS
    names = [name for columns in lists.values() for name in columns]
    assert len(names) == len(set(names))
    for kind, columns in lists.items():
        assert columns == sorted(columns), kind


def test_every_declared_column_that_sounds_personal_is_marked() -> None:
    suspicious = [
        column
        for column in declared_columns()
        if column.is_suspicious
        and not column.path.startswith(personal_columns().folders_without_persons)
    ]
    assert len(suspicious) > 100
    unmarked = [
        str(column)
        for column in suspicious
        if column.named_kind is None and column.pii not in KINDS
    ]
    assert unmarked == []


def test_models_about_runs_and_quality_hold_no_data_of_persons() -> None:
    folders = personal_columns().folders_without_persons
    assert [folder for folder in folders if not (MODELS / folder).is_dir()] == []
    columns = [column for column in declared_columns() if column.path.startswith(folders)]
    assert len(columns) > 100
    assert [str(column) for column in columns if column.is_suspicious] == []


def test_public_models_mark_their_personal_columns_themselves() -> None:
    of_companies = personal_columns().public_models_of_companies
    public = [column for column in declared_columns() if column.is_public]
    assert set(of_companies) <= {column.model for column in public}
    wrong = [
        f"{column}: {column.pii}"
        for column in public
        if column.pii != (None if column.model in of_companies else column.named_kind)
    ]
    assert wrong == []
    assert sum(column.pii is not None for column in public) > 30
