"""dbt's unit tests, without a table of their own: what passes, what fails, what is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.conftest import client_of, run_dbt, statuses_of, written_project

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.local_warehouse.state import Warehouse

pytestmark = [
    pytest.mark.integration,
    pytest.mark.no_cover,
    pytest.mark.usefixtures("use_warehouse"),
]

FILES = {
    "dbt_project.yml": 'name: small\nversion: "1.0"\nprofile: concord\n',
    "models/words.sql": "select 'a' as word, 1 as number",
    "models/counted.sql": """
select word, sum(number) as total, array_agg(number order by number) as numbers,
    struct(max(number) as most, min(number) as least) as found
from {{ ref('words') }}
group by word
""",
    "models/tests.yml": """
unit_tests:
  - name: counts_the_numbers_of_a_word
    model: counted
    given:
      - input: ref('words')
        rows: [{word: a, number: 2}, {word: a, number: 1}, {word: b, number: 5}]
    expect:
      rows:
        - {word: a, total: 3, numbers: [1, 2], found: "struct(2 as most, 1 as least)"}
        - {word: b, total: 5, numbers: [5], found: "struct(5 as most, 5 as least)"}
  - name: finds_nothing_in_nothing
    model: counted
    given: [{input: ref('words'), rows: []}]
    expect: {rows: []}
  - name: is_wrong_about_a_total
    model: counted
    given: [{input: ref('words'), rows: [{word: a, number: 2}]}]
    expect: {rows: [{word: a, total: 7}]}
""",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written_project(tmp_path_factory.mktemp("units"), FILES, "local", "materializations")


def test_what_is_right_passes_and_what_is_wrong_is_told(folder: Path, warehouse: Warehouse) -> None:
    assert run_dbt(folder, "run").success
    before = {table.table_id for table in client_of(warehouse).list_tables("concord")}
    result = run_dbt(folder, "test", "--select", "test_type:unit")
    assert statuses_of(result) == {
        "counts_the_numbers_of_a_word": "pass",
        "finds_nothing_in_nothing": "pass",
        "is_wrong_about_a_total": "fail",
    }
    (told,) = [one.message for one in result.result.results if str(one.status) == "fail"]
    assert "7" in told
    assert "2" in told
    assert {table.table_id for table in client_of(warehouse).list_tables("concord")} == before
