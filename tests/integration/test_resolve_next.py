"""Files for people from the real models, and a second file that goes on from the first."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Final

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from orchestrator.cli import execute
from tests.integration.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.integration,
    pytest.mark.needs_models,
    pytest.mark.slow,
]

HEADER: Final = "id;first;last;mail;phone;road;town\n"
ANN: Final = "1;Ann;Lee;ann.lee@lee.example;020 7946 0101;1 High St;Leeds\n"
A_LEE: Final = "2;A.;Lee;ann.lee@lee.example;+44 20 7946 0101;1 High Street;Leeds\n"
BOB: Final = "3;Bob;Ray;bob@ray.example;020 7946 0102;;York\n"
MAPPING: Final = """
entity: person
record_id: id
columns:
  given_name: first
  family_name: last
  emails: mail
  phones: phone
  street: road
  city: town
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Resolve a first file."""
    path = tmp_path_factory.mktemp("next")
    (path / "map.yml").write_text(MAPPING, encoding="utf-8")
    (path / "first.csv").write_text(HEADER + ANN + A_LEE + BOB, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONCORD_PROJECT_DIR", str(ROOT))
        patch.chdir(path)
        assert execute(["resolve", "first.csv", "--map", "map.yml", "--no-report"]) == 0
        yield path


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def entities(path: Path) -> dict[str, str]:
    """Return the entity of each record of a result."""
    return {row["id"]: row["entity_id"] for row in rows(path / "records.csv")}


def test_every_row_says_who_it_is_and_why(folder: Path) -> None:
    out = folder / "first-resolved"
    first, second, third = rows(out / "records.csv")
    assert first["entity_id"] == second["entity_id"] != third["entity_id"]
    assert (first["first"], first["road"], first["entity_size"]) == ("Ann", "1 High St", "2")
    assert float(first["confidence"]) > 0.9
    assert first["why"].startswith("like 2: ")
    assert (third["confidence"], third["why"]) == ("", "no other record is like it")
    golden = {row["entity_id"]: row for row in rows(out / "golden.csv")}
    assert golden[first["entity_id"]]["display_name"] == "Ann Lee"
    assert golden[first["entity_id"]]["records"] == "1; 2"
    assert golden[third["entity_id"]]["primary_email"] == "bob@ray.example"
    sheet = CalamineWorkbook.from_path(out / "records.xlsx").get_sheet_by_name("records")
    assert [row[0] for row in sheet.to_python()] == ["id", "1", "2", "3"]
    assert not (out / "changes.csv").exists()


def test_the_next_file_keeps_ids_and_answers_hold(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = entities(folder / "first-resolved")
    changed = ANN.replace("High St", "Low Rd")
    new = "4;Robert;Ray;bob@ray.example;020 7946 0102;;York\n"
    (folder / "second.csv").write_text(HEADER + new + changed + A_LEE + BOB, encoding="utf-8")
    go_on = ["resolve", "second.csv", "--no-report", "--format", "csv", "--previous"]
    assert execute([*go_on, "first-resolved"]) == 0
    second = entities(folder / "second-resolved")
    assert {record: second[record] for record in before} == before
    assert second["4"] == before["3"]
    events = {
        row["record_id"]: row["event"] for row in rows(folder / "second-resolved/changes.csv")
    }
    assert events == {"1": "updated", "4": "grew"}
    # Without --force an earlier result stays; one that the new one goes on from may be replaced.
    capsys.readouterr()
    assert execute([*go_on, "first-resolved"]) == 2
    assert "holds an earlier result" in capsys.readouterr().err
    answers = folder / "answers.csv"
    answers.write_text("decision,record_id_l,record_id_r\nno,1,2\n", encoding="utf-8")
    assert execute([*go_on, "second-resolved", "--decisions", str(answers)]) == 0
    third = entities(folder / "second-resolved")
    assert third["1"] != third["2"]
    assert {third["1"], third["2"]} > {before["1"]}
    # What was answered once holds in every later result.
    assert execute([*go_on, "second-resolved"]) == 0
    assert entities(folder / "second-resolved") == third
    summary = json.loads((folder / "second-resolved/summary.json").read_text(encoding="utf-8"))
    assert (summary["changes"], summary["sources"]) == ({}, ["first"])


def test_two_files_may_have_the_same_ids(folder: Path) -> None:
    (folder / "news.csv").write_text(HEADER + BOB.replace("3;", "1;"), encoding="utf-8")
    command = ["resolve", "first.csv", "news.csv", "--map", "map.yml", "--out", "both"]
    assert execute([*command, "--no-report", "--format", "parquet"]) == 0
    clusters = duckdb.sql("from 'both/clusters.parquet'")
    found = {row[:2]: row[2] for row in clusters.fetchall()}
    assert clusters.columns[:3] == ["record_id", "source_system", "cluster_id"]
    assert set(found) == {("1", "first"), ("2", "first"), ("3", "first"), ("1", "news")}
    assert found["3", "first"] == found["1", "news"] != found["1", "first"]
    pairs = duckdb.sql("from 'both/pairs.parquet'")
    assert {"source_system_l", "source_system_r"} < set(pairs.columns)
    # The news letter's subscriber goes; the shop's customer of the same number stays.
    go_on = ["resolve", "first.csv", "--map", "map.yml", "--previous", "both", "--out", "one"]
    assert execute([*go_on, "--no-report", "--format", "csv"]) == 0
    (change,) = rows(folder / "one" / "changes.csv")
    assert (change["event"], change["record_id"]) == ("shrank", "1")


def test_a_folder_that_is_no_result_is_no_previous_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["resolve", "first.csv", "--map", "map.yml", "--out", "other", "--previous"]
    assert execute([*command, "."]) == 2
    assert "is no result of `concord resolve`" in capsys.readouterr().err
    (folder / "companies.yml").write_text(
        "entity: company\nrecord_id: id\ncolumns: {company_name: last}\n", encoding="utf-8"
    )
    command = ["resolve", "first.csv", "--map", "companies.yml", "--out", "other", "--previous"]
    assert execute([*command, "first-resolved"]) == 2
    assert "is about another entity: person" in capsys.readouterr().err


FIRM_MAPPING: Final = """
entity: person
record_id: id
columns: {given_name: first, family_name: last, emails: mail, company_name: firm, country: land}
"""
FIRM_HEADER: Final = "id;first;last;mail;firm;land\n"
FIRMS: Final = (
    "1;Ann;Lee;ann.lee@acme-widgets.example;Acme Widgets GmbH;DE\n"
    "2;Bob;Ray;b.ray@acme-widgets.example;ACME Widgets;DE\n"
    "3;Cem;Kaya;cem.kaya@bolt-works.example;Bolt Works AG;DE\n"
    "4;Dora;Maar;dora@maar.example;;FR\n"
)


def test_companies_that_people_name_are_found_and_keep_their_ids(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "firms.yml").write_text(FIRM_MAPPING, encoding="utf-8")
    (folder / "contacts.csv").write_text(FIRM_HEADER + FIRMS, encoding="utf-8")
    start = ["resolve", "contacts.csv", "--no-report", "--format", "csv", "--map", "firms.yml"]
    assert execute([*start, "--companies"]) == 0
    assert "named by 3 records" in capsys.readouterr().out
    first = folder / "contacts-resolved"
    people = {row["id"]: row["company_entity_id"] for row in rows(first / "records.csv")}
    assert people["1"] == people["2"] not in (people["3"], "")
    assert people["4"] == ""
    assert not (first / "companies" / "records.parquet").exists()
    with (first / "companies" / "golden.csv").open(encoding="utf-8-sig", newline="") as file:
        golden = {row["entity_id"]: row["records"] for row in csv.DictReader(file)}
    assert golden == {people["1"]: "1; 2", people["3"]: "3"}
    # The next list goes on from both results, also when nobody says --companies.
    more = "5;Eva;Ort;eva.ort@bolt-works.example;Bolt Works;DE\n"
    (folder / "later.csv").write_text(FIRM_HEADER + more + FIRMS, encoding="utf-8")
    command = ["resolve", "later.csv", "--no-report", "--format", "csv", "--map", "firms.yml"]
    assert execute([*command, "--previous", "contacts-resolved"]) == 0
    later = {
        row["id"]: row["company_entity_id"] for row in rows(folder / "later-resolved/records.csv")
    }
    assert later == {**people, "5": people["3"]}
    summary = json.loads((folder / "later-resolved/summary.json").read_text(encoding="utf-8"))
    assert summary["companies"]["changes"] == {"grew": 1}
