"""Mapping files: what is accepted, and how a mistake is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.errors import MappingError
from orchestrator.mapping.mapping import Mapping, read_mapping
from orchestrator.sources.source_schemas import raw_table, read_raw_tables

ROOT = Path(__file__).resolve().parents[2]
TABLES = read_raw_tables(ROOT)
MAPPINGS = sorted((ROOT / "tests" / "benchmarks" / "mappings").glob("*.yml")) + sorted(
    (ROOT / "docs" / "examples").glob("**/mapping.yml")
)


def checked(tmp_path: Path, text: str) -> Mapping:
    """Read a mapping and check it against its raw table."""
    path = tmp_path / "map.yml"
    path.write_text(text, encoding="utf-8")
    mapping = read_mapping(path)
    mapping.check_columns(raw_table(TABLES, mapping.table_name))
    return mapping


def test_all_shapes_of_columns(tmp_path: Path) -> None:
    mapping = checked(
        tmp_path,
        """
        entity: person
        record_id: id
        source_system: list
        columns:
          given_name: first
          street: [number, road]
          emails: [mail]
          identifiers: {national_id: ssn, passport: [p1, p2]}
        duplicate_free_sources: [a, b]
        """,
    )
    assert mapping.columns["given_name"] == ("first",)
    assert mapping.columns["identifiers"] == {"national_id": ("ssn",), "passport": ("p1", "p2")}
    assert mapping.duplicate_free_sources == ("a", "b")
    assert mapping.file_columns() == (
        *("id", "list", "first", "number", "road", "mail", "ssn", "p1", "p2"),
    )


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_shipped_mappings_are_valid(path: Path) -> None:
    mapping = read_mapping(path)
    mapping.check_columns(raw_table(TABLES, mapping.table_name))
    assert mapping.columns


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("entity: person\nrecord_id: id\n", "key 'columns' is missing"),
        (
            "entity: person\nrecord_id: id\ncolumns: {}\n",
            "'columns': expected at least one column",
        ),
        (
            "entity: animal\nrecord_id: id\ncolumns: {full_name: n}\n",
            "'entity': expected person or company",
        ),
        (
            "entity: person\nrecord_id: id\ncolums: {}\ncolumns: {full_name: n}\n",
            r"unknown key 'colums' \(did you mean 'columns'\?\)",
        ),
        (
            "entity: person\nrecord_id: id\ncolumns: {surname: n}\n",
            "unknown canonical column 'surname'",
        ),
        (
            "entity: company\nrecord_id: id\ncolumns: {given_name: n}\n",
            "unknown canonical column 'given_name'",
        ),
        (
            "entity: person\nrecord_id: id\ncolumns: {is_source_duplicate_free: n}\n",
            "unknown canonical column 'is_source_duplicate_free'",
        ),
        (
            "entity: person\nrecord_id: id\ncolumns: {emails: [[a], b]}\n",
            r"'columns\.emails': expected a column name",
        ),
        (
            "entity: person\nrecord_id: id\ncolumns: {identifiers: ssn}\n",
            r"columns\.identifiers has the wrong shape",
        ),
        (
            "entity: person\nrecord_id: id\ncolumns: {street: {a: b}}\n",
            r"columns\.street has the wrong shape",
        ),
        (
            "entity: person\nrecord_id: id\ncolumns: {city: a, city: b}\n",
            "key 'city' appears twice",
        ),
        ('entity: "\\ud800"\n', "in line 1, character 9: half of a character"),
        ('entity: "\\0"\n', "in line 1, character 9: half of a character, or a NUL"),
        ("entity: &a [*a]\n", r"in line 1, character 13: aliases \(\*name\) are not read"),
        ("entity: !!int abc\n", "does not fit the type"),
        ("entity: " + "[" * 5000, "nested too deeply"),
        ("entity: [person\n", "is not valid YAML"),
        ("just a sentence\n", "contains no mapping"),
        ("", "contains no mapping"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(MappingError, match=told) as caught:
        checked(tmp_path, text)
    assert caught.value.what_to_do


def test_columns_must_be_in_the_file_once(tmp_path: Path) -> None:
    mapping = checked(tmp_path, "entity: person\nrecord_id: id\ncolumns: {city: town}\n")
    mapping.check_file("a.csv", ("id", "town", "Town"))
    with pytest.raises(MappingError, match=r"no column 'town' \(did you mean 'towns'\?\)"):
        mapping.check_file("a.csv", ("id", "towns"))
    with pytest.raises(MappingError, match="2 columns called 'town'"):
        mapping.check_file("a.csv", ("id", "town", "town"))


def test_all_mistakes_are_told_at_once_with_their_places(tmp_path: Path) -> None:
    text = "entity: person\nrecord_id: nr\ncolumns: {given_name: Vorname, city: Ort, phones: tel}\n"
    mapping = checked(tmp_path, text)
    with pytest.raises(MappingError) as caught:
        mapping.check_file("k.csv", ("Nr.", "Vorname / First name", "Orte", "telefon"))
    assert caught.value.message.split("; ") == [
        "columns.given_name: k.csv has no column 'Vorname' (did you mean 'Vorname / First name'?)",
        "columns.city: k.csv has no column 'Ort' (did you mean 'Orte'?)",
        "columns.phones: k.csv has no column 'tel' (did you mean 'telefon'?)",
    ]
    with pytest.raises(MappingError) as caught:
        checked(tmp_path, "entity: animal\ncolums: {}\nduplicate_free_sources: [[a]]\n")
    assert len(caught.value.message.split("; ")) == 5
    with pytest.raises(MappingError) as caught:
        checked(tmp_path, text.replace("given_name", "givenname").replace("city", "town"))
    assert "columns.givenname: unknown" in caught.value.message
    assert "columns.town: unknown" in caught.value.message


def test_names_of_columns_are_text_whatever_they_look_like(tmp_path: Path) -> None:
    text = "entity: person\nrecord_id: 1\ncolumns: {city: 2024-13-45, phones: [no, 3.0]}\n"
    mapping = checked(tmp_path, text + "duplicate_free_sources: 2001\n")
    assert mapping.file_columns() == ("1", "2024-13-45", "no", "3.0")
    assert mapping.duplicate_free_sources == ("2001",)


def test_columns_are_found_in_any_spelling(tmp_path: Path) -> None:
    mapping = checked(tmp_path, "entity: person\nrecord_id: id\ncolumns: {city: home_town}\n")
    assert mapping.check_file("f", ("ID", "Home Town")) == {"id": "ID", "home_town": "Home Town"}
    exact = ("Home Town", "home_town", "ID", "id")
    assert mapping.check_file("f", exact) == {"id": "id", "home_town": "home_town"}
    with pytest.raises(MappingError, match="2 columns called 'Home Town', 'HOME-TOWN'"):
        mapping.check_file("f", ("id", "Home Town", "HOME-TOWN"))
