"""What becomes of a good build: ledger, tables and history follow it together, or not at all.

The project is small: one person per employer, so that a new employer is another id.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from orchestrator.cli import execute
from orchestrator.sources.raw_tables import ensure_raw_tables
from orchestrator.sources.source_schemas import read_raw_tables
from tests.integration.conftest import ROOT, export_warehouse

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection

pytestmark = pytest.mark.integration

DATASET = "accepted"
PEOPLE = 10

LEDGER_ROWS = """
with people as (
    select
        concat('files:people:', record_id) as record_id,
        to_hex(md5(company_name)) as record_hash,
        concat('per_', company_name) as entity_id,
    from {{ source('files', 'people') }}
),

known as (
    select record_id, entity_id, record_hash
    from {{ source('concord_ops', 'entity_ledger') }}
    where entity = 'person'
    qualify row_number() over (partition by record_id order by happened_at desc) = 1
)

select
    run.run_id,
    run.started_at as happened_at,
    'person' as entity,
    coalesce(people.record_id, known.record_id) as record_id,
    people.record_hash,
    known.entity_id as entity_id_before,
    people.entity_id,
    'moved' as event,
    'indirect' as cause,
    'v1' as model_version,
from people
full outer join known on people.record_id = known.record_id
cross join {{ ref('int_current_run') }} as run
where
    coalesce(people.entity_id, '') != coalesce(known.entity_id, '')
    or coalesce(people.record_hash, '') != coalesce(known.record_hash, '')
"""
MODELS = {
    "int_current_run": """
        select
            '{% if execute %}{{ env_var("CONCORD_RUN_ID", "none") }}{% endif %}' as run_id,
            current_timestamp() as started_at
    """,
    "int_person_ledger_rows": LEDGER_ROWS,
    "int_company_ledger_rows": "select * from {{ ref('int_person_ledger_rows') }} where false",
    "entity_id_changes": """
        select
            any_value(run.run_id) as run_id,
            'person' as entity,
            countif(entity_id != entity_id_before) / nullif((
                select count(distinct record_id) from {{ source('concord_ops', 'entity_ledger') }}
            ), 0) as id_change_share,
            0.0 as partition_distance
        from {{ ref('int_current_run') }} as run
        left join {{ ref('int_person_ledger_rows') }} as changes on run.run_id = changes.run_id
    """,
    "customers": """
        {{ config(meta={'published': true}) }}
        select concat('per_', company_name) as person_id, count(*) as n_records,
        from {{ source('files', 'people') }}
        group by company_name
    """,
}

SNAPSHOT = """
{% snapshot customer_history %}
{{ config(
    schema='snapshots', unique_key='person_id', strategy='check', check_cols=['content_hash'],
    hard_deletes='invalidate',
) }}
{{ believed('customers') }}
{% endsnapshot %}
"""


class Nights:
    """One project and its warehouse, night after night."""

    def __init__(self, connection: Connection, capsys: pytest.CaptureFixture[str]) -> None:
        self._connection = connection
        self._capsys = capsys

    def load(self, employers: dict[int, str]) -> None:
        """Let the source hold these people, and no others."""
        declared = read_raw_tables(self._connection.settings.project_dir)
        ensure_raw_tables(self._connection, [declared["files.people"]])
        self.query("delete from raw_files.people where true")
        for number, name in employers.items():
            self.query(
                "insert into raw_files.people (record_id, company_name) "
                f"values ('{number}', '{name}')"
            )

    def concord(self, *arguments: str) -> tuple[int, str]:
        """Run a command; return its exit code and all that it said."""
        code = execute(list(arguments))
        told = self._capsys.readouterr()
        return code, told.out + told.err

    def query(self, sql: str) -> list[dict[str, Any]]:
        """Ask the warehouse."""
        return [dict(row) for row in self._connection.query(sql)]

    @property
    def ledger(self) -> list[tuple[str, str | None, str | None]]:
        """Return record, id before and id of every row."""
        rows = self.query(
            f"select record_id, entity_id_before, entity_id from {DATASET}_ops.entity_ledger "
            "order by happened_at, record_id"
        )
        return [(row["record_id"], row["entity_id_before"], row["entity_id"]) for row in rows]

    @property
    def published(self) -> dict[str, int]:
        """Return what others read."""
        rows = self.query(f"select * from {DATASET}_published.customers")
        return {row["person_id"]: row["n_records"] for row in rows}

    def believed(self, moment: str = "current_timestamp()") -> dict[str, int]:
        """Return what was published at a moment, from the history."""
        rows = self.query(
            f"select person_id, n_records from {DATASET}_snapshots.customer_history "
            f"where dbt_valid_from <= {moment} and coalesce(dbt_valid_to > {moment}, true)"
        )
        return {row["person_id"]: row["n_records"] for row in rows}

    @property
    def history(self) -> int:
        """Return how many rows the history has."""
        [row] = self.query(f"select count(*) as n from {DATASET}_snapshots.customer_history")
        return int(row["n"])

    @property
    def last_run(self) -> dict[str, Any]:
        """Return the newest row of the run log."""
        [row] = self.query(
            f"select * from {DATASET}_ops.pipeline_runs order by started_at desc limit 1"
        )
        return row


@pytest.fixture
def nights(
    connection: Connection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Nights:
    """Return a project whose first night is accepted: ten people of one employer each."""
    folder = tmp_path / "project"
    ignored = shutil.ignore_patterns(".concord", "target", "logs", "*.sql")
    shutil.copytree(connection.settings.project_dir, folder, ignore=ignored)
    for name, sql in MODELS.items():
        schema = "entities" if "ledger" in name else "marts"
        text = f"{{{{ config(materialized='table', schema='{schema}') }}}}\n{sql}"
        (folder / "models" / f"{name}.sql").write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "macros" / "snapshots", folder / "macros")
    (folder / "snapshots").mkdir()
    (folder / "snapshots" / "customer_history.sql").write_text(SNAPSHOT, encoding="utf-8")
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(folder))
    monkeypatch.setenv("CONCORD_DATASET", DATASET)
    monkeypatch.setenv("CONCORD_SOURCES", "files")
    export_warehouse(monkeypatch, connection.settings)
    for part in ("_entities", "_marts", "_ops", "_published", "_snapshots"):
        connection.client.delete_dataset(
            f"{DATASET}{part}", delete_contents=True, not_found_ok=True
        )
    made = Nights(connection, capsys)
    made.load({number: f"e{number}" for number in range(PEOPLE)})
    code, told = made.concord("run")
    assert code == 0, told
    return made


def test_a_night_is_committed_once(nights: Nights) -> None:
    first = nights.ledger
    assert len(first) == PEOPLE
    assert nights.last_run["committed_rows"] == PEOPLE
    # There was nothing to compare with.
    assert nights.last_run["person_id_change_share"] is None
    assert nights.concord("run")[0] == 0
    assert nights.ledger == first
    last = nights.last_run
    assert (last["committed_rows"], last["person_id_change_share"]) == (0, 0)


def test_too_many_changed_ids_wait_until_somebody_accepts_them(nights: Nights) -> None:
    ledger, published = nights.ledger, nights.published
    nights.load(dict.fromkeys(range(PEOPLE), "one"))
    code, told = nights.concord("run")
    assert code == 1, told
    assert "100.0 % of person ids would change, allowed 1.0 %" in told
    assert "concord retry --accept-changes" in told
    assert (nights.ledger, nights.published) == (ledger, published)
    assert nights.last_run["status"] == "failed"
    assert nights.last_run["person_id_change_share"] == 1
    # Trying again changes nothing of it; accepting does, without building.
    assert nights.concord("retry")[0] == 1
    assert (nights.ledger, nights.published) == (ledger, published)
    code, told = nights.concord("retry", "--accept-changes")
    assert code == 0, told
    assert "person: 100.0 % of the records changed theirs" in told
    assert len(nights.ledger) == 2 * PEOPLE
    assert nights.published == {"per_one": PEOPLE}
    assert (nights.last_run["attempts"], nights.last_run["committed_rows"]) == (0, PEOPLE)
    assert nights.concord("retry")[1].startswith("Nothing is left to run.")
    assert nights.concord("run")[0] == 0


@pytest.mark.slow
def test_an_empty_source_retires_nobody(nights: Nights) -> None:
    ledger, published = nights.ledger, nights.published
    nights.load({})
    code, told = nights.concord("run")
    assert code == 1, told
    assert "files.people has 0 rows, and had 10 in the last published run" in told
    assert (nights.ledger, nights.published) == (ledger, published)
    assert (nights.last_run["status"], nights.last_run["attempts"]) == ("refused", 0)
    # A part of the models accepts nothing, so it may be built.
    assert nights.concord("run", "--select", "customers")[0] == 0
    code, told = nights.concord("run", "--accept-changes")
    assert code == 0, told
    assert [row[2] for row in nights.ledger[PEOPLE:]] == [None] * PEOPLE
    assert nights.published == {}
    # From now on it is empty, and that is known.
    assert nights.concord("run")[0] == 0


@pytest.mark.slow
def test_a_night_that_was_committed_and_not_published_goes_on_from_the_ledger(
    nights: Nights,
) -> None:
    nights.query(f"drop table {DATASET}_published.customers")
    nights.query(f"create view {DATASET}_published.customers as select 1 as person_id")
    nights.load({number: f"e{number}" for number in range(PEOPLE + 1)})
    code, told = nights.concord("run")
    assert code == 1, told
    assert "customers was not published" in told
    ledger = nights.ledger
    assert len(ledger) == PEOPLE + 1
    nights.query(f"drop view {DATASET}_published.customers")
    code, told = nights.concord("retry")
    assert code == 0, told
    assert nights.ledger == ledger
    assert len(nights.published) == PEOPLE + 1
    assert nights.concord("run")[0] == 0
    assert nights.ledger == ledger


@pytest.mark.slow
def test_the_history_tells_what_was_believed_on_a_day(nights: Nights) -> None:
    first = nights.published
    assert (nights.believed(), nights.history) == (first, PEOPLE)
    assert nights.concord("run")[0] == 0
    assert nights.history == PEOPLE
    [row] = nights.query("select cast(current_timestamp() as string) as now")
    day = f"timestamp '{row['now']}'"
    # e0 has one more record, e1 is gone, and new comes.
    people = {number: f"e{number}" for number in range(PEOPLE)} | {1: "e0", 99: "new"}
    nights.load(people)
    assert nights.concord("run")[0] == 1
    assert nights.history == PEOPLE
    code, told = nights.concord("retry", "--accept-changes")
    assert code == 0, told
    assert nights.published == nights.believed()
    assert nights.believed()["per_e0"] == 2
    assert nights.history == PEOPLE + 2
    assert nights.believed(day) == first


@pytest.mark.slow
def test_a_history_that_fails_is_told_and_does_not_undo_the_night(nights: Nights) -> None:
    nights.query(f"drop table {DATASET}_snapshots.customer_history")
    nights.query(f"create view {DATASET}_snapshots.customer_history as select 1 as person_id")
    nights.load({number: f"e{number}" for number in range(PEOPLE + 1)})
    code, told = nights.concord("run")
    assert code == 0, told
    assert "not written, 'concord dbt snapshot' does it: customer_history" in told
    assert len(nights.published) == PEOPLE + 1
    assert nights.last_run["status"] == "success"
    nights.query(f"drop view {DATASET}_snapshots.customer_history")
    assert nights.concord("run")[0] == 0
    assert nights.history == PEOPLE + 1


def diff_of(nights: Nights, *arguments: str) -> dict[str, Any]:
    """Return what `concord diff --json` says of persons, by kind."""
    code, told = nights.concord("diff", *arguments, "--json")
    assert code == 0, told
    document: dict[str, Any] = json.loads(told)
    [person] = document["entities"]
    kinds = {changes["kind"]: changes for changes in person.pop("changes")}
    return {**document, **person, "kinds": kinds}


@pytest.mark.slow
def test_a_difference_comes_from_the_ledger(nights: Nights) -> None:
    first = nights.last_run["run_id"]
    born = diff_of(nights)
    assert {kind: changes["changes"] for kind, changes in born["kinds"].items()} == {"new": PEOPLE}
    # 1, 4 and 7 join others, 2 is gone, 3 gets a new id, and 20 comes.
    people = {0: "e0", 1: "e0", 3: "f3", 4: "e5", 5: "e5", 6: "e6", 7: "e6", 8: "e8", 9: "e9"}
    people[20] = "n"
    nights.load(people)
    code, told = nights.concord("run")
    assert code == 1, told
    waiting = diff_of(nights)
    assert waiting["is_waiting"]
    counts = {kind: changes["changes"] for kind, changes in waiting["kinds"].items()}
    assert counts == {"merged": 4, "split": 1, "new": 1, "gone": 1}
    assert (waiting["records_changed_id"], waiting["records_before"]) == (4, PEOPLE)
    [example] = waiting["kinds"]["split"]["examples"]
    assert example == {
        "entity_id": "per_f3",
        "other_ids": ["per_e3"],
        "records": 1,
        "record_ids": ["files:people:3"],
    }
    text = nights.concord("diff")[1]
    assert "which was built and not accepted" in text
    assert "per_e1 into per_e0: files:people:1" in text
    assert "4 records have another id (40.0 %)" in text

    assert nights.concord("retry", "--accept-changes")[0] == 0
    accepted = nights.last_run["run_id"]
    # The retry committed what the run before it had built: both names mean the same.
    of_run = diff_of(nights, accepted)
    assert (of_run["is_waiting"], of_run["kinds"]) == (False, waiting["kinds"])
    assert diff_of(nights)["kinds"] == waiting["kinds"]

    # A record moves between entities that were and are there.
    nights.load(people | {7: "e8"})
    assert nights.concord("run", "--accept-changes")[0] == 0
    moved = diff_of(nights)["kinds"]
    assert list(moved) == ["moved"]
    assert moved["moved"]["examples"][0]["other_ids"] == ["per_e6"]
    assert diff_of(nights, first)["kinds"] == born["kinds"]
    both = diff_of(nights, first, nights.last_run["run_id"])
    assert both["kinds"]["merged"]["changes"] == 4
    assert both["records_changed_id"] == 4
    # A night that changed nothing is no state of the ledger; its difference is empty.
    assert nights.concord("run")[0] == 0
    assert diff_of(nights, nights.last_run["run_id"])["kinds"] == {}


@pytest.mark.slow
def test_a_difference_of_runs_that_accepted_nothing_is_refused(nights: Nights) -> None:
    code, told = nights.concord("diff", "20200101t000000z-aaaaaa")
    assert code == 2
    assert "nothing is known of a run 20200101t000000z-aaaaaa" in told
    nights.load({})
    assert nights.concord("run")[0] == 1
    code, told = nights.concord("diff", nights.last_run["run_id"])
    assert code == 2
    assert "was not accepted: it changed no id" in told
