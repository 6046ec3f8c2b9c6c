"""The steps of docs/develop/add-a-source.md on a copy of the project: nine files, and all know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from orchestrator.bigquery.connect import Connection, private_local_warehouse
from orchestrator.cli import execute
from orchestrator.report.came_in import count_raw_tables, list_problems
from orchestrator.report.tables import Tables
from orchestrator.settings.values import Settings, exported
from tests.integration.conftest import run_dbt
from tests.page_steps import follow
from tests.project_copy import PARTS, ROOT, copy_project, share_translations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# dbt runs in this process: tracing it takes half as long again, and others measure the same.
pytestmark = [pytest.mark.integration, pytest.mark.no_cover]

PAGE: Final = ROOT / "docs" / "develop" / "add-a-source.md"
MOST_FILES: Final = 9
# Of several users with one id the newest is taken; of the others one is ours, one not born yet.
USERS: Final = """\
id,name,email,phone,role,created_at,updated_at,_fivetran_synced
1,Ann Lee,ann.lee@acme.com,+14155550101,end-user,,2024-03-01T00:00:00Z,2024-03-02T00:00:00Z
1,A. Lee,ann.lee@acme.com,,end-user,2024-01-01T00:00:00Z,2024-02-01T00:00:00Z,2024-02-02T00:00:00Z
2,Bo Berg,bo@concord.test,,agent,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z,2024-03-02T00:00:00Z
3,Cy Cole,cy@cole.org,,end-user,2999-01-01T00:00:00Z,2999-01-01T00:00:00Z,2024-03-02T00:00:00Z
4,Dora Diaz,dora@diaz.org,+14155550104,end-user,2024-01-01T00:00:00Z,,2024-03-02T00:00:00Z
"""
CALLS: Final = """\
id,customer_id,customer_phone,direction,duration,created_at,_fivetran_synced
10,1,+14155550101,inbound,60,2024-03-01T10:00:00Z,2024-03-02T00:00:00Z
11,4,+14155550104,outbound,5,2024-03-01T11:00:00Z,2024-03-02T00:00:00Z
12,4,+14155550104,inbound,5,,2024-03-02T00:00:00Z
"""
# The same person in a source that is there already, under the name of a phone book.
DIALPAD: Final = """\
call_id,direction,external_number,contact_name,contact_email,date_started,_synced_at
20,inbound,+14155550101,Annie Lee,ann.lee@acme.com,2024-03-03T10:00:00Z,2024-03-03T11:00:00Z
"""


# Tests that are about something else: without them the night takes a third of the time.
LEFT_OUT: Final = (
    "test_type:unit",
    *(
        f"resource_type:test,path:{place}"
        for place in (
            *("seeds", "models/standardized", "models/matching", "models/entities", "models/marts"),
            *("tests/dbt/singular/assert_person*", "tests/dbt/singular/assert_company*"),
        )
    ),
)


def places(path: Path) -> Iterator[Path]:
    """Return a file, or what is below a folder."""
    yield path
    yield from path.rglob("*")


def contents(folder: Path) -> dict[str, bytes]:
    """Return what every file of a project holds."""
    files = (path for part in PARTS for path in places(folder / part) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project with the source of the page."""
    project = copy_project(tmp_path_factory.mktemp("grown"))
    follow(PAGE, project)
    return project


@pytest.fixture(scope="module")
def night(grown: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """Run a night with the new source and one that was there, and return its warehouse."""
    folder = tmp_path_factory.mktemp("night")
    share_translations(grown)
    settings = Settings(project_dir=grown, sources=("zendesk", "dialpad"))
    with private_local_warehouse(settings, folder / "warehouse", "1GB") as connection:
        environment = connection.settings.environment() | {"CONCORD_PROJECT_DIR": str(grown)}
        with exported(environment):
            for table, text in (
                ("zendesk.user", USERS),
                ("zendesk.call", CALLS),
                ("dialpad.call", DIALPAD),
            ):
                path = folder / f"{table}.csv"
                path.write_text(text, encoding="utf-8")
                assert execute(["load", table, str(path)]) == 0
            assert execute(["run", *(f"--exclude={left_out}" for left_out in LEFT_OUT)]) == 0
            # What a pull request asks of it.
            staged = ("stg_zendesk__users", "stg_zendesk__calls")
            known = "assert_sources_give_known_columns"
            done = run_dbt(grown, "test", "--select", *staged, known)
            assert len(done.result.results) > len(staged)
            assert done.success
            yield connection


def test_the_page_touches_nine_files_and_neither_python_nor_terraform(tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    before = contents(project)
    files = follow(PAGE, project)
    after = contents(project)
    touched = {name for name in after if before.get(name) != after[name]}
    assert before.keys() <= after.keys()
    assert touched == files
    assert 0 < len(touched) <= MOST_FILES
    assert {name.rpartition(".")[2] for name in touched} == {"sql", "yml"}


@pytest.mark.slow
def test_the_report_counts_its_rows(night: Connection) -> None:
    tables = Tables(night)
    counted = count_raw_tables(tables, list_problems(tables))
    found = {
        f"{table.source}.{table.table}": (table.rows, table.staged, table.quarantined)
        for table in counted
    }
    assert found == {
        "zendesk.user": (5, 3, 2),
        "zendesk.call": (3, 2, 1),
        "dialpad.call": (1, 1, 0),
    }


@pytest.mark.slow
def test_the_quarantine_has_its_rows_with_their_reasons(night: Connection) -> None:
    rows = night.query("""
        select concat(source_table, ' ', source_id, ' ', reason) as found
        from concord_staging.stg_quarantine
    """)
    assert {row["found"] for row in rows} == {
        "user 1 duplicate_id",
        "user 3 created_in_future",
        "call 12 missing_time",
    }


@pytest.mark.slow
def test_its_tests_and_its_age_are_part_of_the_run(night: Connection) -> None:
    [run] = night.query("select run_id, stale_sources from concord_ops.pipeline_runs")
    assert {"zendesk.user", "zendesk.call"} <= set(run["stale_sources"])
    rows = night.query("select name, status from concord_ops.node_results")
    nodes = {row["name"]: row["status"] for row in rows}
    assert nodes["assert_row_balance_of_staging"] == "pass"
    rows = night.query("""
        select metric, scope, value from concord_marts.int_run_table_metrics
        where scope in ('stg_zendesk__users', 'zendesk.user') and metric != 'freshness_hours'
    """)
    assert {(row["metric"], row["scope"], row["value"]) for row in rows} == {
        ("n_rows", "stg_zendesk__users", 3.0),
        ("quarantine_share", "zendesk.user", 0.4),
    }


@pytest.mark.slow
def test_its_people_are_matched_and_its_names_survive(night: Connection) -> None:
    rows = night.query("""
        select persons.display_name, records.record_id
        from concord_marts.bridge_person_records as records
        inner join concord_marts.dim_persons as persons on records.person_id = persons.person_id
    """)
    assert {(row["display_name"], row["record_id"]) for row in rows} == {
        ("Ann Lee", "zendesk:user:1"),
        ("Ann Lee", "dialpad:caller:+14155550101"),
        ("Dora Diaz", "zendesk:user:4"),
    }


@pytest.mark.slow
def test_its_calls_have_their_people(night: Connection) -> None:
    rows = night.query("""
        select facts.interaction_id, persons.display_name
        from concord_marts.fct_interaction_participants as facts
        left join concord_marts.dim_persons as persons on facts.person_id = persons.person_id
    """)
    assert {(row["interaction_id"], row["display_name"]) for row in rows} == {
        ("zendesk:call:10", "Ann Lee"),
        ("zendesk:call:11", "Dora Diaz"),
        ("dialpad:call:20", "Ann Lee"),
    }
