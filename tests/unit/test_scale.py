"""What a night reads at some size: in proportion to the records, but for what does not grow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from click.testing import CliRunner

from tools.googlesql_check import scale
from tools.googlesql_check.dbt_nodes import DbtNode
from tools.googlesql_check.scale import GIB, LEAST_BYTES, TIB, Read, layer_of, main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PEOPLE, WORDS = ("p", "d", "people"), ("p", "d", "words")
READ = Read("matching/scoring", 1, {PEOPLE: TIB, WORDS: GIB}, frozenset({WORDS}))
NODE = DbtNode("model.p.m", "model", "m", (), "m.sql", "models/matching/scoring/m.sql")


def test_tables_grow_with_the_records_and_seeds_do_not() -> None:
    assert READ.bytes(0.5) == TIB / 2 + GIB
    assert replace(READ, runs=6).bytes(0.5) == 6 * (TIB / 2 + GIB)


def test_the_least_is_billed_for_each_table() -> None:
    assert READ.billed(0) == LEAST_BYTES + GIB
    assert READ.billed(1) == TIB + GIB


def test_a_node_belongs_to_its_folder() -> None:
    assert layer_of(NODE) == "matching/scoring"
    assert layer_of(replace(NODE, kind="test")) == "tests"
    assert layer_of(replace(NODE, kind="snapshot", source_file="snapshots/s.sql")) == "snapshot"


def test_the_table_has_a_column_for_each_size(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci" / "ten_million_records.yml").write_text("{cap: 1, rows: [], texts: []}")
    monkeypatch.setattr(scale, "reads", lambda *_: iter([READ, replace(READ, layer="tests")]))
    arguments = ["--project-dir", str(tmp_path), "10000000", "5000000"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0] == "| | 10,000,000 | 5,000,000 |"
    assert "| matching/scoring, GiB | 1,025.00 | 513.00 |" in lines
    assert "| all, GiB | 2,050.00 | 1,026.00 |" in lines
    assert lines[-1] == "| US dollars a night | 12.51 | 6.26 |"


def test_a_project_without_a_shape_is_an_error(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--project-dir", str(tmp_path)])
    assert result.exit_code == 2
    assert "no shape" in result.output
