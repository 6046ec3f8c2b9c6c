"""The benchmark's own data: CRM people, FEBRL's files, the folders where data is looked for."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import astuple, replace
from pathlib import Path

import duckdb
import pytest

from orchestrator.mapping.mapping import read_mapping
from tests.benchmarks.crm_people.draws import Draws, cumulate
from tests.benchmarks.crm_people.files import write_crm_people
from tests.benchmarks.crm_people.name_lists import NameList, NameLists, read_name_lists
from tests.benchmarks.crm_people.records import make_records
from tests.benchmarks.crm_people.systems import Row
from tests.benchmarks.data_sets import find_data_sets
from tests.benchmarks.febrl_files import write_febrl
from tests.benchmarks.places_on_disk import EXAMPLES, ROOT
from tests.benchmarks.shifted_project import THRESHOLDS, shifted_row, write_shifted_project
from tests.benchmarks.splink.crm_cleaning import cleaning_statements

FAMILY_NAMES = [f"Name{number}" for number in range(5000)]
NAMES = NameLists(
    female=NameList(["Mary", "Linda"], cumulate([2.0, 1.0])),
    male=NameList(["Robert", "John"], cumulate([3.0, 1.0])),
    family=NameList(FAMILY_NAMES, cumulate([1.0] * len(FAMILY_NAMES))),
    nicknames={"Robert": ["Bob", "Rob"]},
)


def test_a_seed_means_the_same_people_for_ever() -> None:
    made = make_records(300, 101, NAMES)
    lines = "\n".join(repr((astuple(each.row), each.person_number)) for each in made)
    assert hashlib.sha256(lines.encode()).hexdigest()[:16] == "7595f11b08f4b6f8"


def test_people_have_one_to_four_records() -> None:
    made = make_records(400, 7, NAMES)
    assert len(made) == 400
    sizes = Counter(Counter(each.person_number for each in made).values())
    assert set(sizes) == {1, 2, 3, 4}
    assert all(
        row.email or row.phone or row.mobile_phone or (row.first_name and row.last_name)
        for row in (each.row for each in made)
    )


def test_files_hold_every_record_once_with_its_truth(tmp_path: Path) -> None:
    write_crm_people(tmp_path, 200, 7, NAMES)
    with duckdb.connect() as connection:
        (counted,) = connection.execute(
            f"""
            select (count(*), count(distinct record_id), count(entity_id), count(household_id))
            from '{tmp_path}/records.parquet'
            inner join '{tmp_path}/truth.parquet' using (record_id)
            """
        ).fetchall()
    assert counted[0] == (200, 200, 200, 200)


def test_numbers_are_drawn_in_blocks_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.benchmarks.crm_people.draws.BLOCK", 4)
    draws = Draws(1)
    drawn = [draws.share() for _ in range(9)]
    assert len(set(drawn)) == 9
    assert all(0 <= share < 1 for share in drawn)


def test_name_lists_are_read_from_the_packages(tmp_path: Path) -> None:
    (tmp_path / "names").mkdir()
    (tmp_path / "pseudopeople" / "data").mkdir(parents=True)
    for file in ("dist.female.first", "dist.male.first", "dist.all.last"):
        (tmp_path / "names" / file).write_text("MARY 3.0 3.0 1\nZORA 0.000 3.0 2\n")
    nicknames = tmp_path / "pseudopeople" / "data" / "nicknames.csv"
    nicknames.write_text("robert,bob, rob,,\nzora,,,\n")
    lists = read_name_lists(tmp_path)
    assert lists.female.names == ["Mary", "Zora"]
    # The rarest names are not impossible.
    assert lists.female.cumulated[0] == pytest.approx(3.0 / 3.0005)
    assert lists.nicknames == {"Robert": ["Bob", "Rob"]}


def test_febrl_gets_the_form_of_every_data_set(tmp_path: Path) -> None:
    source = tmp_path / "dataset.csv"
    source.write_text("rec_id, given_name, surname\nrec-2-org, ann, \nrec-2-dup-0, an, lee\n")
    write_febrl(tmp_path / "febrl", {"febrl3": source})
    with duckdb.connect() as connection:
        read = "select * from read_csv('{}', all_varchar = true)"
        records = connection.execute(read.format(tmp_path / "febrl" / "records.csv")).fetchall()
        truth = connection.execute(read.format(tmp_path / "febrl" / "truth.csv")).fetchall()
    assert records == [
        ("rec-2-org", "febrl3", "ann", None),
        ("rec-2-dup-0", "febrl3", "an", "lee"),
    ]
    assert truth == [("rec-2-org", "rec-2"), ("rec-2-dup-0", "rec-2")]


def test_data_sets_are_found_by_their_files_and_later_ones_win(tmp_path: Path) -> None:
    for name in ("fake_1000", "crm_7", "unknown", "febrl3"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "records.csv").touch()
    for name in ("fake_1000", "crm_7", "unknown"):
        (tmp_path / name / "truth.parquet").touch()
    found = find_data_sets([EXAMPLES, tmp_path])
    assert sorted(found) == ["crm_7", "ecp_sites", "fake_1000"]
    assert found["fake_1000"].records == (tmp_path / "fake_1000" / "records.csv").resolve()
    assert read_mapping(found["crm_7"].mapping).entity == "person"


def test_only_the_thresholds_of_a_shifted_project_differ(tmp_path: Path) -> None:
    copy = write_shifted_project(ROOT, tmp_path / "project", -4)
    files = {path.relative_to(copy) for path in copy.rglob("*") if path.is_file()}
    assert Path("models") in {path.parents[-2] for path in files if len(path.parents) > 1}
    changed = [
        str(path) for path in files if (ROOT / path).read_bytes() != (copy / path).read_bytes()
    ]
    assert changed == [THRESHOLDS]


def test_what_must_stay_below_the_accept_weight_moves_along() -> None:
    row = {
        "entity": "person",
        "accept_weight": "0",
        "review_weight": "-3",
        "lowest_pair_weight": "-1",
    }
    assert shifted_row(row, -4) == row | {
        "accept_weight": "-4",
        "review_weight": "-4",
        "lowest_pair_weight": "-5",
    }
    assert shifted_row(row, 2) == row | {"accept_weight": "2"}


def test_splink_gets_crm_people_cleaned(tmp_path: Path) -> None:
    nicknames = tmp_path / "nicknames.csv"
    nicknames.write_text("robert,bob,rob\n")
    empty = Row("crm")
    rows = [
        replace(
            empty,
            full_name="Smith, Bob",
            email="Bob.Smith+news@GMAIL.com",
            phone="+1 (212) 555-0100 x12",
            company="The Acme & Co., Inc.",
        ),
        replace(empty, first_name="Unknown", email="ann_lee7@acme.com", mobile_phone="123"),
        replace(empty, email="info@acme.com"),
    ]
    with duckdb.connect() as connection:
        columns = ", ".join(f"{name} varchar" for name in Row.__dataclass_fields__)
        connection.execute(f"create table raw (record_id varchar, {columns})")
        for number, each in enumerate(rows):
            marks = ", ".join("?" for _ in range(len(astuple(each)) + 1))
            connection.execute(f"insert into raw values ({marks})", [str(number), *astuple(each)])
        for statement in cleaning_statements("raw", nicknames):
            connection.execute(statement)
        cleaned = connection.execute(
            """
            select
                first_name, last_name, email, email_user, company_domain, phones, company,
                list_sort(first_names)
            from clean_people order by record_id
            """
        ).fetchall()
    assert cleaned == [
        (
            *("bob", "smith", "bobsmith@gmail.com", "bobsmith", None, ["2125550100"]),
            *("acme and co", ["bob", "robert"]),
        ),
        ("ann", "lee", "ann_lee7@acme.com", "annlee7", "acme.com", None, None, ["ann"]),
        (None, None, None, None, None, None, None, None),
    ]
