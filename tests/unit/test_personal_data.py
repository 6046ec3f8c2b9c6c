"""Columns with data of persons are marked: the lists of dbt_project.yml, and the declared columns.

The content of the built tables is looked at in tests/integration/test_demo.py.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).resolve().parents[2]
KINDS: Final = {"email", "phone", "name", "address", "birth_date", "identifier", "text"}
# Ends like data of a person, and does not begin like a figure about such data.
SUSPICIOUS: Final = re.compile(
    r"(?!weight_|n_|is_|has_)(?:\w*_)?"
    r"(?:e?mails?|phones?|fax|addresse?s?|(?:first|last|given|family|middle|full|display)_?names?"
    r"|birth_?date|date_of_birth|street|postcode|postal_code|zip|person_id|record_id)(?:_\d|_[lr])?"
)
# The side of a company in a bridge, or of a company's record.
OF_COMPANIES: Final = frozenset({"company_record_id", "source_record_id"})


def project() -> dict[str, Any]:
    """Return the models' part of dbt_project.yml."""
    text = (ROOT / "dbt_project.yml").read_text(encoding="utf-8")
    models: dict[str, Any] = yaml.safe_load(text)["models"]["concord"]
    return models


def declared_columns() -> list[tuple[str, str, dict[str, Any]]]:
    """Return folder, model.column and meta of every column that a models file declares."""
    found = []
    for path in sorted((ROOT / "models").rglob("_*__models.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", ()):
            for column in model.get("columns", ()):
                meta = column.get("config", {}).get("meta", {})
                found.append((path.parent.name, f"{model['name']}.{column['name']}", meta))
    return found


def test_every_list_is_of_a_known_kind_and_names_a_column_once() -> None:
    lists = project()["+meta"]["pii"]
    assert set(lists) == KINDS
    names = [name for columns in lists.values() for name in columns]
    assert len(names) == len(set(names))
    for kind, columns in lists.items():
        assert columns == sorted(columns), kind


def test_every_declared_column_that_sounds_personal_is_marked() -> None:
    marked = {name for columns in project()["+meta"]["pii"].values() for name in columns}
    columns = declared_columns()
    suspicious = [
        (name, column, meta)
        for _, name, meta in columns
        if SUSPICIOUS.fullmatch(column := name.rpartition(".")[2]) and column not in OF_COMPANIES
    ]
    assert len(suspicious) > 100
    unmarked = [
        name
        for name, column, meta in suspicious
        if column not in marked and meta.get("pii") not in KINDS
    ]
    assert unmarked == []


def test_models_about_runs_and_quality_hold_no_data_of_persons() -> None:
    folders = {"concord_ops", "operations"}
    assert project()["staging"]["concord_ops"]["+meta"] == {"pii": {}}
    assert project()["marts"]["operations"]["+meta"] == {"pii": {}}
    personal = [
        name
        for folder, name, _ in declared_columns()
        if folder in folders and SUSPICIOUS.fullmatch(name.rpartition(".")[2])
    ]
    assert personal == []
