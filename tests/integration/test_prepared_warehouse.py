"""What a file leaves as it is in a prepared warehouse, a build of everything leaves so too."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import duckdb
import pytest

from orchestrator.bigquery.connect import private_local_warehouse
from orchestrator.cli import execute
from orchestrator.models.used import TRAIN
from orchestrator.resolve.matching_build import build_all
from orchestrator.resolve.prepared import WAREHOUSE_FILE
from orchestrator.settings.values import Settings
from orchestrator.steps import StepClock
from tests.project_copy import ROOT, copy_project, share_translations

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.integration

ROWS = 120
PEOPLE = ROOT / "docs" / "examples" / "fake_1000"
COMPANIES = """id,name,site,mail,phone,city
1,Acme Ltd,acme.com,info@acme.com,+1 212 555 0147,New York
2,ACME Limited,www.acme.com,,212-555-0147,New York
3,Acme,,sales@acme.com,,New York
4,Globex GmbH,globex.de,,,Berlin
5,Globex,globex.de,kontakt@globex.de,,Berlin
6,Initech,,,+1 512 555 0101,Austin
"""
COMPANY_MAPPING = """
entity: company
record_id: id
columns: {company_name: name, domains: site, emails: mail, phones: phone, city: city}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the project."""
    folder = copy_project(tmp_path_factory.mktemp("project"))
    share_translations(folder)
    return folder


def write_input(folder: Path, entity: str) -> None:
    """Write a small file and its mapping."""
    if entity == "company":
        (folder / "records.csv").write_text(COMPANIES, encoding="utf-8")
        (folder / "mapping.yml").write_text(COMPANY_MAPPING, encoding="utf-8")
        return
    lines = (PEOPLE / "records.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "records.csv").write_text("".join(lines[: ROWS + 1]), encoding="utf-8")
    shutil.copy(PEOPLE / "mapping.yml", folder)


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
                f'select count(*), coalesce(bit_xor(hash(one)), 0) from "{schema}"."{name}" as one'
            ).fetchall()
            found[name] = (count, value)
        return found


@pytest.mark.parametrize("entity", ["person", "company"])
def test_a_build_of_everything_finds_the_same_rows_in_every_table(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entity: str
) -> None:
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(project))
    write_input(tmp_path, entity)
    kept = tmp_path / "kept"
    command = ["resolve", str(tmp_path / "records.csv"), "--map", str(tmp_path / "mapping.yml")]
    command += ["--out", str(tmp_path / "out"), "--keep-warehouse", str(kept), "--report"]
    assert execute(command) == 0
    before = contents(kept / "warehouse" / WAREHOUSE_FILE)
    settings = Settings(project_dir=project).with_changes(
        sources=("files",), raw_prefix="", model=TRAIN
    )
    with private_local_warehouse(settings, kept / "warehouse", "2GB") as connection:
        build_all(connection.settings, entity, tmp_path / "dbt", StepClock(), with_report=True)
    after = contents(kept / "warehouse" / WAREHOUSE_FILE)
    assert before[f"{entity}_clusters"][0] > 0
    assert {name for name in after if after[name] != before.get(name)} == set()
    assert len(before) > 50
