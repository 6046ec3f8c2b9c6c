"""The tables of `concord_ops`: the run, Terraform and dbt make and read the same."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast

import pytest
import yaml
from google.api_core.exceptions import NotFound

from orchestrator.run_log.load import ensure_run_log
from orchestrator.run_log.rows import NODES, RUNS, columns
from orchestrator.settings.values import Settings
from orchestrator.sources.source_schemas import read_own_tables
from tests.unit.document_texts import ROOT, read

if TYPE_CHECKING:
    from google.cloud.bigquery import Table

FILE: Final = ROOT / "models" / "staging" / "concord_ops" / "_concord_ops__sources.yml"
TERRAFORM: Final = ROOT / "infrastructure" / "terraform"


class Empty:
    """A warehouse with a dataset and nothing in it."""

    def __init__(self) -> None:
        self.made: dict[str, Table] = {}

    def get_dataset(self, *_: object, **__: object) -> None:
        """Find the dataset."""

    def get_table(self, *_: object, **__: object) -> None:
        """Find no table."""
        raise NotFound("no such table")

    def create_table(self, table: Table, **_: object) -> None:
        """Note what is made."""
        self.made[table.table_id] = table


def declared_meta() -> dict[str, dict[str, Any]]:
    """Return what the file says of partitions and clusters."""
    (source,) = yaml.safe_load(read(FILE))["sources"]
    return {table["name"]: table.get("config", {}).get("meta", {}) for table in source["tables"]}


@pytest.fixture
def made() -> dict[str, Table]:
    """Return the tables of the run log as a first run makes them."""
    client = Empty()
    connection = SimpleNamespace(
        client=client,
        settings=Settings(project_dir=ROOT),
        table_id=lambda dataset, name: f"p.{dataset}.{name}",
        table_names=lambda *_, **__: set(),
    )
    ensure_run_log(cast("Any", connection))
    return client.made


@pytest.mark.parametrize("name", [RUNS, NODES])
def test_terraform_makes_the_run_log_as_a_run_does(name: str, made: dict[str, Table]) -> None:
    table = made[name]
    meta = declared_meta()[name]
    assert table.time_partitioning.field == meta["partitioned_by"]
    # The unit that Terraform writes.
    assert table.time_partitioning.type_ == "DAY"
    assert table.clustering_fields == meta["clustered_by"]
    (declared,) = [one for one in read_own_tables(ROOT) if one.name == name]
    assert {column.name: column.data_type for column in declared.columns} == columns(name)


def test_partitions_are_declared_where_a_run_makes_them_only() -> None:
    partitioned = {name for name, meta in declared_meta().items() if "partitioned_by" in meta}
    assert partitioned == {RUNS, NODES}


def test_terraform_reads_the_file_and_repeats_none_of_it() -> None:
    lines = read(TERRAFORM / "ops_tables.tf").splitlines()
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    assert f"/../../{FILE.relative_to(ROOT)}" in text
    names = {table.name for table in read_own_tables(ROOT)}
    assert len(names) > 5
    assert sorted(name for name in names if re.search(rf"\b{name}\b", text)) == []
    # A newer run adds its columns: Terraform must not take them away.
    assert re.search(r"ignore_changes = \[schema, ", text)
