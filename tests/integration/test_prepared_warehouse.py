"""What a file leaves as it is in a prepared warehouse, a build of everything leaves so too."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

import duckdb
import pytest

from orchestrator.bigquery.connect import private_local_warehouse
from orchestrator.cli import execute
from orchestrator.mapping.mapping import TABLE_OF_ENTITY
from orchestrator.models.used import TRAIN
from orchestrator.resolve.matching_build import WantedModels, build_all
from orchestrator.resolve.prepared import WAREHOUSE_FILE
from orchestrator.settings.values import Settings
from orchestrator.sources.source_schemas import read_raw_tables
from orchestrator.steps import StepClock
from tests.project_copy import ROOT, copy_project, share_translations

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.integration

# A row as text, without the ids of entities: they are made of the time of the run.
SAID: Final = "regexp_replace(one::varchar, '(per|com)_[0-9a-f]{26}', '', 'g')"
# These say when that was, and which.
OF_THE_RUN: Final = {"int_current_run", "int_person_ledger_rows", "int_company_ledger_rows"}
# What a record may say, three times: twice nearly alike, and once as somebody else.
PEOPLE: Final = {
    "given_name": ("Ann", "Anne", "Bob"),
    "middle_name": ("Mary", "M", "Lee"),
    "family_name": ("Harlow", "Harlow", "Quimby"),
    "name_suffix": ("Jr", "", "Sr"),
    "full_name": ("Ann Mary Harlow", "Harlow, Anne", "Bob Lee Quimby"),
    "emails": ("ann.harlow@acme.com", "Ann.Harlow@ACME.com", "bob@globex.de"),
    "phones": ("+1 212 555 0147", "212-555-0147", "+49 30 901820"),
    "company_name": ("Acme Ltd", "ACME Limited", "Globex GmbH"),
    "company_domain": ("acme.com", "www.acme.com", "globex.de"),
    "job_title": ("Buyer", "Senior Buyer", "Plumber"),
    "street": ("12 Oak Street", "12 Oak St.", "Hauptstr. 5"),
    "city": ("New York", "New York City", "Berlin"),
    "region": ("NY", "New York", "Berlin"),
    "postcode": ("10001", "10001-1234", "10115"),
    "country": ("US", "United States", "Germany"),
    "date_of_birth": ("1980-02-03", "03.02.1980", "1975-11-30"),
    "identifiers": ("A-1001", "A1001", "B-2002"),
    "updated_at": ("2026-01-01", "2026-02-01", "2026-03-01"),
}
COMPANIES: Final = {
    "company_name": ("Acme Ltd", "ACME Limited", "Globex GmbH"),
    "legal_suffix": ("Ltd", "", "GmbH"),
    "domains": ("acme.com", "www.acme.com", "globex.de"),
    "emails": ("info@acme.com", "sales@acme.com", "kontakt@globex.de"),
    **{name: PEOPLE[name] for name in ("phones", "street", "city", "region", "postcode")},
    **{name: PEOPLE[name] for name in ("country", "identifiers", "updated_at")},
}
FILES: Final = {"person": PEOPLE, "company": COMPANIES}
# So many times, each time with numbers of its own.
TIMES: Final = 12


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the project."""
    folder = copy_project(tmp_path_factory.mktemp("project"))
    share_translations(folder)
    return folder


def write_input(folder: Path, entity: str) -> None:
    """Write a file that has every column there is, and its mapping."""
    values = FILES[entity]
    rows = (
        {"id": f"{number}-{which}", **{name: said[which] for name, said in values.items()}}
        for number in range(TIMES)
        for which in range(3)
    )
    with (folder / "records.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["id", *values])
        writer.writeheader()
        for row in rows:
            number = row["id"].partition("-")[0]
            # Other people and companies, so that they do not all become one.
            changed = {name: f"{row[name]}{number}" for name in ("street", "identifiers")}
            writer.writerow({**row, **changed})
    kinds = {"identifiers": "{customer_no: identifiers}"}
    lines = [f"  {name}: {kinds.get(name, name)}" for name in values]
    mapping = "\n".join([f"entity: {entity}", "record_id: id", "columns:", *lines])
    (folder / "mapping.yml").write_text(mapping, encoding="utf-8")


def contents(file: Path) -> Mapping[str, tuple[int, int]]:
    """Return how many rows each of dbt's tables has, and a hash of them in any order."""
    with duckdb.connect(str(file), read_only=True) as database:
        names = database.execute(
            "select table_schema, table_name from information_schema.tables"
            " where table_type = 'BASE TABLE' and contains(table_schema, '__concord_')"
        ).fetchall()
        found = {}
        for schema, name in names:
            ((count, value),) = database.execute(
                f"select count(*), coalesce(bit_xor(hash({SAID})), 0) "
                f'from "{schema}"."{name}" as one'
            ).fetchall()
            found[name] = (count, value)
        return found


@pytest.mark.parametrize("entity", FILES)
def test_the_files_of_these_tests_have_every_column_there_is(entity: str) -> None:
    name = TABLE_OF_ENTITY[entity]
    table = next(one for one in read_raw_tables(ROOT).values() if one.full_name == name)
    assert set(FILES[entity]) == {column.name for column in table.mappable}


@pytest.mark.slow
@pytest.mark.parametrize("entity", FILES)
def test_a_build_of_everything_finds_the_same_rows_in_every_table(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entity: str
) -> None:
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(project))
    write_input(tmp_path, entity)
    kept = tmp_path / "kept"
    command = ["resolve", str(tmp_path / "records.csv"), "--map", str(tmp_path / "mapping.yml")]
    command += ["--out", str(tmp_path / "out"), "--keep-warehouse", str(kept)]
    assert execute(command) == 0
    before = contents(kept / "warehouse" / WAREHOUSE_FILE)
    settings = Settings(project_dir=project).with_changes(
        sources=("files",), raw_prefix="", model=TRAIN
    )
    with private_local_warehouse(settings, kept / "warehouse", "2GB") as connection:
        build_all(connection.settings, entity, tmp_path / "dbt", StepClock(), WantedModels())
    after = contents(kept / "warehouse" / WAREHOUSE_FILE)
    assert before[f"{entity}_clusters"][0] > 0
    different = {name for name in after if after[name] != before.get(name)}
    assert different - OF_THE_RUN == set()
    counted = OF_THE_RUN & before.keys()
    assert {name for name in counted if after[name][0] != before[name][0]} == set()
    assert len(before) > 50
