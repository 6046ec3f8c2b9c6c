"""`concord init`: what it prints and writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from orchestrator.cli import execute
from orchestrator.mapping.mapping import read_mapping

ROOT: Final = Path(__file__).resolve().parents[2]
TEXT: Final = (
    "id;Vorname;Nachname;E-Mail\n1;Jürgen;Weber;jw@example.com\n2;Anna;Groß;ag@example.com\n"
)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a list of people in a folder of its own."""
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(ROOT))
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "people.csv"
    path.write_text(TEXT, encoding="cp1252")
    return path


def test_it_writes_a_mapping_and_says_what_comes_next(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["init", "people.csv"]) == 0
    told = capsys.readouterr().out
    assert read_mapping(Path("mapping.yml")).record_id == "id"
    assert "concord resolve people.csv --map mapping.yml --encoding cp1252" in told
    assert "given_name" in told
    for value in ("Weber", "jw@example.com"):
        assert value not in told
        assert value not in Path("mapping.yml").read_text(encoding="utf-8")
    assert file.exists()


@pytest.mark.usefixtures("file")
def test_it_replaces_nothing_without_force(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mapping.yml").write_text("mine", encoding="utf-8")
    assert execute(["init", "people.csv"]) == 2
    assert "--force" in capsys.readouterr().err
    assert Path("mapping.yml").read_text(encoding="utf-8") == "mine"
    assert execute(["init", "people.csv", "--force"]) == 0
    assert read_mapping(Path("mapping.yml")).entity == "person"


@pytest.mark.usefixtures("file")
def test_a_place_that_cannot_be_written_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["init", "people.csv", "--out", "no/such/folder.yml"]) == 2
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.usefixtures("file")
def test_json_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["init", "people.csv", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {column["name"]: column["target"] for column in document["columns"]} == {
        "id": "record_id",
        "Vorname": "given_name",
        "Nachname": "family_name",
        "E-Mail": "emails",
    }
    assert (document["encoding"], document["delimiter"]) == ("cp1252", ";")
    page = (ROOT / "docs" / "use" / "json.md").read_text(encoding="utf-8")
    section = page[page.index("## init") :].split("\n## ")[0]
    assert [name for name in document if f"`{name}`" not in section] == []
