"""`concord resolve` from file to result folder, over a small stand-in for the models."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import duckdb
import pytest

from orchestrator.cli import execute
from tests.integration.conftest import ONLY_MATCHING

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.integration

PEOPLE = """id,list,first,second,mail,number,road
a1,crm,Ann,Lee,ann@x.com,1,High St
a2,web,Anne,Lee,ann@x.com,1,High St
b1,crm,Bob,Ray,bob@x.com,,
"""
PERSON_MAPPING = """
entity: person
record_id: id
source_system: list
columns:
  given_name: first
  family_name: second
  emails: [mail]
  street: [number, road]
duplicate_free_sources: [web]
"""


@pytest.fixture
def people(tmp_path: Path, mini_project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the input, and make the small project the current one."""
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(mini_project))
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "map.yml").write_text(PERSON_MAPPING, encoding="utf-8")
    return tmp_path


def resolve(folder: Path, *options: str, file: str = "people.csv", out: str = "out") -> int:
    """Run the command on files of a folder."""
    return execute(
        [
            *("resolve", str(folder / file), "--map", str(folder / "map.yml")),
            *("--out", str(folder / out), *ONLY_MATCHING, *options),
        ]
    )


def test_people_come_out_with_their_own_ids(
    people: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = people / "kept"
    assert resolve(people, "--keep-warehouse", str(kept)) == 0
    out = people / "out"
    assert {path.name for path in out.iterdir()} == {
        "clusters.parquet",
        "mapping.yml",
        "pairs.parquet",
        "summary.json",
    }
    clusters = duckdb.sql(f"from '{out}/clusters.parquet' order by record_id").fetchall()
    assert clusters == [
        ("a1", "ann@x.com", "a1"),
        ("a2", "ann@x.com", "a2"),
        ("b1", "bob@x.com", "b1"),
    ]
    pairs = duckdb.sql(f"from '{out}/pairs.parquet'")
    assert pairs.columns == [
        "record_id_l",
        "record_id_r",
        "match_weight",
        "match_probability",
        "weight_emails",
    ]
    assert pairs.fetchall() == [("a1", "a2", 6.5, 0.989, 6.5)]
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert (summary["records"], summary["clusters"], summary["largest_cluster"]) == (3, 2, 2)
    steps = [name for name in summary["seconds"] if name != "prepare"]
    assert steps == ["read", "start", "load", "match", "export"]
    assert summary["expected_precision"] == 0.9876
    assert summary["expected_precision_lower"] == 0.9512
    assert summary["expected_precision_upper"] == 0.9951
    assert summary["expected_recall"] is None
    assert summary["expected_recall_lower"] is None
    assert summary["expected_recall_upper"] == 0.8125
    printed = capsys.readouterr().out
    assert "Largest cluster             2" in printed
    assert "Expected precision      98.8%  (95.1% to 99.5%)" in printed
    assert "Expected recall       unknown  (at most 81.2%)" in printed
    assert (kept / "warehouse").is_dir()
    assert not (kept / "scratch").exists()


def seconds_of(folder: Path) -> dict[str, float]:
    """Return how long each step took."""
    summary = json.loads((folder / "out" / "summary.json").read_text(encoding="utf-8"))
    return dict(summary["seconds"])


def test_a_warehouse_is_prepared_once_for_each_state_of_the_project(
    people: Path, mini_project: Path
) -> None:
    model = mini_project / "models" / "matching" / "person_clusters.sql"
    before = model.read_text(encoding="utf-8")
    model.write_text(f"{before} -- as no other test has it", encoding="utf-8")
    try:
        assert resolve(people) == 0
        assert "prepare" in seconds_of(people)
        first = duckdb.sql(f"from '{people}/out/clusters.parquet' order by all").fetchall()
        assert resolve(people, "--force") == 0
        assert "prepare" not in seconds_of(people)
        again = duckdb.sql(f"from '{people}/out/clusters.parquet' order by all").fetchall()
        assert again == first
        model.write_text(before.replace("as cluster_id", "|| '!' as cluster_id"), encoding="utf-8")
        assert resolve(people, "--force") == 0
        changed = duckdb.sql(f"from '{people}/out/clusters.parquet' order by all").fetchall()
        assert [cluster for _, cluster, _ in changed] == [f"{row[1]}!" for row in first]
    finally:
        model.write_text(before, encoding="utf-8")


def test_nothing_of_a_file_is_in_what_is_kept(people: Path, mini_project: Path) -> None:
    assert resolve(people) == 0
    kept = [path for path in (mini_project / ".concord" / "prepared").rglob("*") if path.is_file()]
    assert any(path.suffix == ".duckdb" for path in kept)
    assert not [path for path in kept if b"ann@x.com" in path.read_bytes()]


def test_companies_replace_an_earlier_result(people: Path) -> None:
    (people / "map.yml").write_text(
        "entity: company\nrecord_id: id\ncolumns: {company_name: name, domains: [site, mail]}\n",
        encoding="utf-8",
    )
    rows = [
        {"id": 1, "name": "Acme", "site": ["acme.com"], "mail": None},
        {"id": 2, "name": "ACME Inc", "site": "acme.com; acme.org"},
    ]
    text = "\n".join(json.dumps(row) for row in rows)
    (people / "firms.jsonl").write_text(text, encoding="utf-8")
    out = people / "out"
    out.mkdir()
    (out / "clusters.parquet").write_bytes(b"old")
    assert resolve(people, file="firms.jsonl") == 2
    assert (out / "clusters.parquet").read_bytes() == b"old"
    assert resolve(people, "--force", file="firms.jsonl") == 0
    clusters = duckdb.sql(f"from '{out}/clusters.parquet' order by record_id").fetchall()
    assert clusters == [("1", "acme.com", "1"), ("2", "acme.com", "2")]


def test_a_folder_with_other_files_is_left_alone(
    people: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = people / "out"
    out.mkdir()
    (out / "thesis.doc").write_text("do not lose", encoding="utf-8")
    assert resolve(people) == 2
    assert "thesis.doc" in capsys.readouterr().err
    assert (out / "thesis.doc").exists()


def test_a_failing_model_is_named_and_leaves_no_result(
    people: Path, mini_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = mini_project / "models" / "matching" / "person_pairs.sql"
    before = model.read_text(encoding="utf-8")
    model.write_text("select no_such_column from {{ ref('person_clusters') }}")
    try:
        assert resolve(people) == 1
    finally:
        model.write_text(before, encoding="utf-8")
    assert "person_pairs" in capsys.readouterr().err
    assert not (people / "out").exists()
