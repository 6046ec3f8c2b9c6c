"""Rows as no connector should deliver them: the night ends well, and no row is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from orchestrator.errors import EXIT_OK
from orchestrator.settings.registry import staging_models
from orchestrator.sources.source_schemas import read_raw_tables
from tests.faults.hostile.night import HostileNight, hostile_night
from tests.faults.hostile.rows import HostileRows
from tests.faults.night import ROOT

if TYPE_CHECKING:
    from pathlib import Path

STAGED: Final = {
    f"{source}.{table}": model for (source, table), model in staging_models(ROOT).items()
}


def test_the_same_seed_draws_the_same_rows() -> None:
    tables = list(read_raw_tables(ROOT).values())
    first, again, other = (HostileRows(tables, 600, seed).rows for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert set(first) == set(STAGED)
    for table in tables:
        rows = first[table.full_name]
        assert len(rows) == 600 // len(tables)
        for column in table.columns:
            assert len({str(row[column.name]) for row in rows}) > 1, column


@pytest.mark.integration
@pytest.mark.slow
def test_a_small_hostile_night(tmp_path: Path) -> None:
    with hostile_night(tmp_path, count=300, seed=1) as night:
        check(night)


@pytest.mark.integration
@pytest.mark.slow_fault
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_a_hostile_night(seed: int, tmp_path: Path) -> None:
    with hostile_night(tmp_path, count=10_000, seed=seed) as night:
        check(night)


def check(night: HostileNight) -> None:
    assert night.exit_code == EXIT_OK, night.text
    for name, rows in night.rows.rows.items():
        source, table = name.split(".")
        counts = night.query(
            f"""
            select
                (select count(*) from raw_{source}.{table}) as n_in,
                (select count(*) from concord_staging.{STAGED[name]}) as n_staged,
                (
                    select count(*)
                    from concord_staging.stg_quarantine
                    where
                        source = '{source}'
                        and source_table = '{table}'
                        and reason is not null
                        and row_json is not null
                ) as n_quarantined,
            """
        )[0]
        assert counts["n_in"] == len(rows), name
        assert counts["n_staged"] + counts["n_quarantined"] == len(rows), (name, counts)
        # It would say little if all went one way.
        assert counts["n_staged"] > 0, name
    quarantined = night.query("select count(*) as n_rows from concord_staging.stg_quarantine")
    assert quarantined[0]["n_rows"] > 0
    for entity, plural in (("person", "persons"), ("company", "companies")):
        counts = night.query(
            f"""
            select
                (select count(*) from concord_standardized.int_{entity}_source_records) as n_in,
                (select count(*) from concord_marts.bridge_{entity}_records) as n_bridged,
                (select count(distinct {entity}_id) from concord_marts.bridge_{entity}_records)
                    as n_found,
                (select count(*) from concord_marts.dim_{plural}) as n_entities,
            """
        )[0]
        assert counts["n_in"] == counts["n_bridged"] > 0
        assert counts["n_found"] == counts["n_entities"] > 0
