"""Copies of runs, runs that have begun, and what happens when the warehouse refuses."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
import yaml
from google.api_core.exceptions import BadRequest, Forbidden, NotFound
from google.auth.credentials import AnonymousCredentials
from structlog.testing import capture_logs

from orchestrator.bigquery.connect import Connection
from orchestrator.dbt.request import RunRequest
from orchestrator.files.state_files import FilesInBucket, FilesOnDisk, RunFiles, open_run_files
from orchestrator.run_log.copies import keep_copy, read_copies
from orchestrator.run_log.history import nodes_of_copy, runs_of_copies
from orchestrator.run_log.load import LOADS_IN_VAIN, MOST_LOADS, NOT_TRIED, ensure_run_log
from orchestrator.run_log.rows import (
    NODES,
    RUNS,
    columns,
    from_lines,
    rows_of,
    table_schema,
    to_lines,
)
from orchestrator.run_log.run import new_run_id
from orchestrator.run_log.started import (
    RUN_ID,
    begin_run,
    finish_run,
    list_started,
    read_started,
    remove_old_attempts,
)
from orchestrator.run_log.write import write_run
from orchestrator.settings.groups import RunLogSettings
from orchestrator.settings.values import Settings
from orchestrator.sources.source_schemas import read_raw_tables
from tests.unit.bucket_fake import FakeBucket
from tests.unit.run_sample import STARTED, begun_run, ended_run, node

if TYPE_CHECKING:
    from google.cloud.bigquery import (
        Client,
        Dataset,
        DatasetReference,
        LoadJobConfig,
        QueryJobConfig,
        SchemaField,
        Table,
    )

    from orchestrator.run_log.run import Run

ROOT = Path(__file__).resolve().parents[2]


class FakeWarehouse:
    """The calls of the run log. A table must exist, and a load must fit its schema."""

    def __init__(self) -> None:
        self.schemas: dict[str, list[SchemaField]] = {}
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.datasets: set[str] = set()
        self.refused: set[str] = set()
        self.loses_answers = False
        # Values that no load takes.
        self.poison: set[str] = set()
        self.loads = 0

    def create_dataset(self, dataset: Dataset, **_: object) -> None:
        self._check("create_dataset")
        self.datasets.add(dataset.dataset_id)

    def get_table(self, name: str, **_: object) -> Table:
        from google.cloud.bigquery import Table

        self._check("get_table")
        if name not in self.schemas:
            raise NotFound(name)
        return Table(name, schema=self.schemas[name])

    def get_dataset(self, reference: DatasetReference, **_: object) -> None:
        if reference.dataset_id not in self.datasets:
            raise NotFound(reference.dataset_id)

    def list_tables(self, dataset: str, **_: object) -> list[Table]:
        from google.cloud.bigquery import Table

        return [Table(name) for name in self.schemas if name.startswith(f"{dataset}.")]

    def create_table(self, table: Table, **_: object) -> None:
        assert table.dataset_id in self.datasets
        self.schemas[str(table)] = list(table.schema)
        self.rows[str(table)] = []

    def update_table(self, table: Table, fields: list[str], **_: object) -> None:
        assert fields == ["schema"]
        assert table.schema[: len(self.schemas[str(table)])] == self.schemas[str(table)]
        self.schemas[str(table)] = list(table.schema)

    def query_and_wait(
        self, sql: str, job_config: QueryJobConfig, **_: object
    ) -> list[dict[str, str]]:
        (wanted,) = job_config.query_parameters
        rows = [row for row in self.rows[sql.split("`")[1]] if row["run_id"] in wanted.values]
        names = sql.removeprefix("select distinct ").partition(" from")[0].split(", ")
        return [{name: row[name] for name in names} for row in rows]

    def load_table_from_json(
        self, rows: list[dict[str, Any]], name: str, job_config: LoadJobConfig, **_: object
    ) -> FakeWarehouse:
        self._check("load")
        assert job_config.write_disposition == "WRITE_APPEND"
        self.loads += 1
        if any(value in json.dumps(rows) for value in self.poison):
            raise BadRequest("Error while reading data: Bad int64 value: Ann Lee")
        known = {column.name for column in self.schemas[name]}
        assert {column.name for column in job_config.schema or ()} <= known
        self.rows[name] += json.loads(json.dumps(rows))
        return self

    def result(self, timeout: float) -> None:
        if self.loses_answers:
            raise ConnectionError("the answer got lost")

    def _check(self, call: str) -> None:
        if call in self.refused:
            raise Forbidden(f"Access Denied: {call} for user ann.lee@example.org")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(project_dir=tmp_path)


@pytest.fixture
def warehouse() -> FakeWarehouse:
    return FakeWarehouse()


@pytest.fixture
def connection(settings: Settings, warehouse: FakeWarehouse) -> Connection:
    return Connection(settings, cast("Client", warehouse))


def ids(warehouse: FakeWarehouse, table: str) -> list[str]:
    return [row["run_id"] for row in warehouse.rows.get(f"concord-local.concord_ops.{table}", [])]


def started(run_id: str, **values: Any) -> Run:  # noqa: ANN401 - fields of a run
    return begun_run(run_id, **{"request": RunRequest(select=("dim_persons",))} | values)


def finish(settings: Settings, run_id: str, status: str) -> str:
    return finish_run(settings, started(run_id, status=status))


def test_run_ids_sort_by_time_and_are_labels_of_jobs() -> None:
    first, second = new_run_id(STARTED), new_run_id(STARTED.replace(hour=3))
    assert first.startswith("20261125t020000z-")
    assert first < second
    assert RUN_ID.fullmatch(first)
    assert new_run_id(STARTED) != first


def test_a_run_is_written_to_both_tables_and_copied(
    connection: Connection, warehouse: FakeWarehouse, settings: Settings
) -> None:
    result = write_run(connection, ended_run("r1"))
    assert result.loaded == ("r1",)
    assert not result.problem
    assert ids(warehouse, RUNS) == ["r1"]
    assert ids(warehouse, NODES) == ["r1", "r1"]
    assert open_run_files(settings).names("loaded") == ("loaded/r1.jsonl",)
    assert open_run_files(settings).names("pending") == ()


def test_no_value_of_data_is_written(connection: Connection, warehouse: FakeWarehouse) -> None:
    write_run(
        connection,
        ended_run("r1", request=RunRequest(("ann.lee@example.org",)), what_to_do="ask Ann@x.org"),
    )
    written = json.dumps(warehouse.rows)
    assert "Ann" not in written
    assert "example.org" not in written
    assert "Bad int64 value: <value>" in written


@pytest.mark.parametrize("call", ["create_dataset", "get_table", "load"])
def test_what_the_warehouse_refuses_comes_with_the_next_run(
    connection: Connection, warehouse: FakeWarehouse, settings: Settings, call: str
) -> None:
    warehouse.refused = {call}
    refused = write_run(connection, ended_run("r1"))
    assert open_run_files(settings).names("pending") == ("pending/r1.jsonl",)
    assert refused.loaded == ()
    assert refused.problem == {
        "create_dataset": "the account lacks bigquery.datasets.create on project concord-local",
    }.get(call, f"the warehouse refused: Access Denied: {call} for user <email>")
    warehouse.refused = set()
    assert set(write_run(connection, ended_run("r2")).loaded) == {"r1", "r2"}
    assert sorted(ids(warehouse, RUNS)) == ["r1", "r2"]
    assert sorted(ids(warehouse, NODES)) == ["r1", "r1", "r2", "r2"]


def test_a_run_is_never_loaded_twice(connection: Connection, warehouse: FakeWarehouse) -> None:
    warehouse.loses_answers = True
    lost = write_run(connection, ended_run("r1"))
    # It is looked up whether the load has worked.
    assert (lost.loaded, lost.problem) == (("r1",), "")
    warehouse.loses_answers = False
    for _ in range(2):
        assert not write_run(connection, ended_run("r1")).problem
    assert ids(warehouse, RUNS) == ["r1"]
    assert ids(warehouse, NODES) == ["r1", "r1"]


def test_a_place_that_cannot_be_written_is_no_reason_to_stop(
    connection: Connection, warehouse: FakeWarehouse, settings: Settings
) -> None:
    settings.state_dir.write_text("a file where the folder should be")
    result = write_run(connection, ended_run("r1"))
    assert result.loaded == ("r1",)
    assert "Error" in result.problem
    assert ids(warehouse, RUNS) == ["r1"]
    assert begin_run(settings, started("r1"))
    assert finish(settings, "r1", "failed")


FOREIGN = {"table": RUNS, "row": {"run_id": "r0", "when": "yesterday"}}


@pytest.mark.parametrize(
    "text", ["{half", "[]", "", json.dumps(FOREIGN), json.dumps({"table": "events", "row": {}})]
)
def test_a_copy_that_cannot_be_used_is_set_aside_and_blocks_nothing(
    connection: Connection, settings: Settings, text: str
) -> None:
    files = open_run_files(settings)
    files.write("pending/r0.jsonl", text)
    with capture_logs() as lines:
        assert write_run(connection, ended_run("r1")).loaded == ("r1",)
    assert [(line["log_level"], line["file"]) for line in lines] == [
        ("warning", "pending/r0.jsonl")
    ]
    assert files.read("pending/r0.jsonl") is None
    assert files.read("refused/pending-r0.jsonl") == text
    assert [rows[RUNS][0]["run_id"] for rows in read_copies(settings, 9)] == ["r1"]


def test_a_copy_of_an_older_version_is_read(settings: Settings) -> None:
    rows = rows_of(ended_run("r0"))
    for row in rows[RUNS]:
        del row["published_tables"], row["problem"]
    for row in rows[NODES]:
        del row["owner"]
    open_run_files(settings).write("loaded/r0.jsonl", to_lines(rows))
    (copy,) = read_copies(settings, 9)
    assert copy[RUNS][0]["published_tables"] is None
    assert runs_of_copies(settings, 1)[0].run_id == "r0"
    assert [node.name for node in nodes_of_copy(settings, "r0")] == [
        "stg_files__people",
        "dim_persons",
    ]


def test_one_run_is_read_from_its_own_file(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        assert keep_copy(settings, ended_run(f"r{number}")) == ""
    read: list[str] = []
    whole = FilesOnDisk.read

    def noted(files: FilesOnDisk, name: str) -> str | None:
        read.append(name)
        return whole(files, name)

    monkeypatch.setattr(FilesOnDisk, "read", noted)
    assert len(nodes_of_copy(settings, "r3")) == 2
    assert set(read) == {"loaded/r3.jsonl", "pending/r3.jsonl"}
    assert nodes_of_copy(settings, "../r3") == ()


def test_a_poisoned_row_is_set_aside_and_all_others_are_loaded(
    connection: Connection, warehouse: FakeWarehouse, settings: Settings
) -> None:
    names = [f"n{number:02}" for number in range(40)]
    keep_copy(settings, ended_run("r1", nodes=tuple(node(name) for name in names)))
    keep_copy(settings, ended_run("r2"))
    warehouse.poison = {"model.concord.n17"}
    result = write_run(connection, ended_run("r3"))
    assert set(result.loaded) == {"r1", "r2", "r3"}
    assert "1 rows of run r1 were refused and set aside in refused/r1.jsonl" in result.problem
    assert "Ann" not in result.problem
    assert sorted(ids(warehouse, RUNS)) == ["r1", "r2", "r3"]
    # Rows in are rows loaded and rows set aside.
    assert len(ids(warehouse, NODES)) == 39 + 2 + 2
    (line,) = (open_run_files(settings).read("refused/r1.jsonl") or "").splitlines()
    kept = json.loads(line)
    assert (kept["table"], kept["row"]["unique_id"]) == (NODES, "model.concord.n17")
    assert "Bad int64 value: <value>" in kept["problem"]
    # It is over: the next run has nothing to do with it.
    again = write_run(connection, ended_run("r4"))
    assert (again.loaded, again.problem) == (("r4",), "")


def test_a_poisoned_run_does_not_take_the_next_one_with_it(
    connection: Connection, warehouse: FakeWarehouse, settings: Settings
) -> None:
    warehouse.poison = {"poisoned"}
    alone = write_run(connection, ended_run("r1", request=RunRequest(("poisoned",))))
    # One row that is refused may be the fault of the table: it waits for another one.
    assert alone.loaded == ()
    assert "the warehouse refused" in alone.problem
    result = write_run(connection, ended_run("r2"))
    assert set(result.loaded) == {"r1", "r2"}
    assert ids(warehouse, RUNS) == ["r2"]
    assert ids(warehouse, NODES).count("r1") == 2
    assert open_run_files(settings).read("refused/r1.jsonl")


def test_a_table_that_takes_nothing_sets_nothing_aside(
    connection: Connection, warehouse: FakeWarehouse, settings: Settings
) -> None:
    warehouse.poison = {"run_id"}
    for number in range(3):
        assert write_run(connection, ended_run(f"r{number}")).loaded == ()
    assert open_run_files(settings).names("refused") == ()
    assert len(open_run_files(settings).names("pending")) == 3
    warehouse.loads = 0
    nodes = tuple(node(f"n{number:03}") for number in range(300))
    write_run(connection, ended_run("r2", nodes=nodes))
    assert warehouse.loads <= LOADS_IN_VAIN
    warehouse.poison = set()
    assert len(write_run(connection, ended_run("r3")).loaded) == 4


def test_a_load_that_was_cut_off_goes_on_where_it_was(
    connection: Connection, warehouse: FakeWarehouse
) -> None:
    ensure_run_log(connection)
    record = ended_run("r1")
    warehouse.rows[f"concord-local.concord_ops.{NODES}"] = rows_of(record)[NODES][:1]
    assert write_run(connection, record).problem == ""
    assert len(ids(warehouse, NODES)) == 2


def test_many_poisoned_rows_cost_a_bounded_number_of_loads(
    connection: Connection, warehouse: FakeWarehouse, settings: Settings
) -> None:
    nodes = tuple(node(f"n{number:03}") for number in range(300))
    warehouse.poison = {f'concord.n{number:03}"' for number in range(0, 300, 15)}
    result = write_run(connection, ended_run("r1", nodes=nodes))
    assert result.loaded == ("r1",)
    assert warehouse.loads <= MOST_LOADS + 1
    aside = (open_run_files(settings).read("refused/r1.jsonl") or "").splitlines()
    assert len(aside) + len(ids(warehouse, NODES)) == 300
    assert any(NOT_TRIED in line for line in aside)


def test_copies_of_another_warehouse_wait_for_it(
    connection: Connection, warehouse: FakeWarehouse, settings: Settings
) -> None:
    assert keep_copy(settings.with_changes(dataset="other"), ended_run("r0")) == ""
    assert write_run(connection, ended_run("r1")).loaded == ("r1",)


def test_the_newest_copies_come_first(connection: Connection, settings: Settings) -> None:
    write_run(connection, ended_run("r1"))
    keep_copy(settings, ended_run("r3"))
    write_run(connection, ended_run("r2"))
    keep_copy(settings, ended_run("r4"))
    assert [rows[RUNS][0]["run_id"] for rows in read_copies(settings, 3)] == ["r4", "r3", "r2"]


def test_an_older_table_gets_the_new_columns(
    connection: Connection, warehouse: FakeWarehouse
) -> None:
    ensure_run_log(connection)
    name = f"concord-local.concord_ops.{RUNS}"
    whole = warehouse.schemas[name]
    warehouse.schemas[name] = whole[:-2]
    assert not write_run(connection, ended_run("r1")).problem
    assert warehouse.schemas[name] == whole


def test_rows_have_exactly_the_columns() -> None:
    rows = rows_of(ended_run())
    for table in (RUNS, NODES):
        for row in rows[table]:
            assert list(row) == list(columns(table)) or set(row) == set(columns(table))
    assert from_lines(to_lines(rows)) == json.loads(json.dumps(rows))
    kinds = {column.name: (column.field_type, column.mode) for column in table_schema(RUNS)}
    assert kinds["step_seconds"] == ("RECORD", "REPEATED")
    assert kinds["invocation_ids"] == ("STRING", "REPEATED")
    assert kinds["started_at"] == ("TIMESTAMP", "NULLABLE")


def test_dbt_declares_the_same_columns() -> None:
    path = ROOT / "models" / "staging" / "concord_ops" / "_concord_ops__sources.yml"
    (source,) = yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]
    # A build of a pull request reads the tables of production.
    of_production = "env_var('CONCORD_OPS_PREFIX', '') or env_var('CONCORD_DATASET', 'concord')"
    assert source["schema"] == f"{{{{ {of_production} }}}}_ops"
    declared = {
        table["name"]: {column["name"]: column["data_type"] for column in table["columns"]}
        for table in source["tables"]
        if table["name"] in {RUNS, NODES}
    }
    assert declared == {table: columns(table) for table in (RUNS, NODES)}
    assert not any(name.startswith("concord_ops.") for name in read_raw_tables(ROOT))


def test_what_has_begun_stays_until_it_succeeds(settings: Settings) -> None:
    for run_id in ("r1", "r2", "r3"):
        assert begin_run(settings, started(run_id)) == ""
    assert finish(settings, "r1", "success") == ""
    assert finish(settings, "r2", "interrupted") == ""
    assert finish(settings, "r0", "failed") == ""
    assert read_started(settings, "r1") is None
    assert read_started(settings, "../r2") is None
    assert list_started(settings) == (
        started("r2", status="interrupted"),
        started("r3"),
    )


def test_a_good_run_does_the_work_of_those_before_it(settings: Settings) -> None:
    whole, part = RunRequest(), RunRequest(select=("marts",))

    def begin(day: int, request: RunRequest, resumes: str | None = None) -> str:
        at = STARTED + timedelta(days=day)
        run = started(f"r{day}", started_at=at, request=request, resumes=resumes)
        assert begin_run(settings, run) == ""
        return run.run_id

    def left() -> dict[str, str | None]:
        return {run.run_id: run.succeeded_by for run in list_started(settings)}

    killed, failed = begin(1, whole), begin(2, part)
    assert finish(settings, failed, "failed") == ""
    again = begin(3, part, resumes=failed)
    assert finish(settings, again, "failed") == ""
    last = begin(4, part, resumes=again)
    assert finish(settings, last, "success") == ""
    # A part does nothing for the whole.
    assert left() == {killed: None}
    later = begin(6, part)
    night = begin(5, whole)
    assert finish(settings, night, "success") == ""
    # Nothing but its file tells of a run that was killed.
    assert left() == {killed: night, later: None}


def test_only_a_full_refresh_does_the_work_of_one(settings: Settings) -> None:
    def begin(day: int, **request: Any) -> str:  # noqa: ANN401 - options of a run
        at = STARTED + timedelta(days=day)
        run = started(f"r{day}", started_at=at, request=RunRequest(**request))
        assert begin_run(settings, run) == ""
        return run.run_id

    refresh, part = begin(1, full_refresh=True), begin(2, full_refresh=True, select=("marts",))
    for run_id in (refresh, part):
        finish(settings, run_id, "failed")
    finish(settings, begin(3), "success")
    assert [run.run_id for run in list_started(settings)] == [refresh, part]
    finish(settings, begin(4, full_refresh=True), "success")
    assert list_started(settings) == ()


OLD_FILE = {"run_id": "r0", "started_at": "2026-11-25T02:00:00+00:00"}
WHOLE_FILE = OLD_FILE | {"command": "run", "attempts_dir": "/attempts"}


@pytest.mark.parametrize(
    "text",
    [
        "{half",
        "[]",
        "null",
        json.dumps(OLD_FILE),
        json.dumps(WHOLE_FILE | {"started_at": "yesterday"}),
        json.dumps(WHOLE_FILE | {"started_at": 7}),
        json.dumps(WHOLE_FILE | {"run_id": "other"}),
        json.dumps(WHOLE_FILE | {"request": ["dim_persons"]}),
        json.dumps(WHOLE_FILE | {"request": {"select": None}}),
    ],
)
def test_a_started_file_that_cannot_be_read_is_set_aside(settings: Settings, text: str) -> None:
    files = open_run_files(settings)
    files.write("r0.started.json", text)
    assert begin_run(settings, started("r1")) == ""
    with capture_logs() as lines:
        assert [run.run_id for run in list_started(settings)] == ["r1"]
    # Said once, when it was found.
    assert lines == []
    assert files.read("refused/r0.started.json") == text
    assert finish(settings, "r1", "failed") == ""


def test_a_started_file_of_a_newer_version_is_read_as_far_as_it_is_known(
    settings: Settings,
) -> None:
    text = json.dumps(WHOLE_FILE | {"mood": "good", "request": {"select": ["a"], "selector": "b"}})
    open_run_files(settings).write("r0.started.json", text)
    (run,) = list_started(settings)
    assert run.run_id == "r0"
    # What it asks for is more than this version can do: it must not be taken for less.
    assert run.request.unknown == {"selector": "b"}
    assert run.request.to_json()["selector"] == "b"
    assert RunRequest.from_json({"select": ["a"]}) == RunRequest(select=("a",))


def test_folders_of_old_runs_go_and_those_that_are_to_be_resumed_stay(settings: Settings) -> None:
    folder = settings.state_dir / "dbt"
    for day in range(1, 15):
        (folder / f"r{day:02}").mkdir(parents=True)
    begin_run(settings, started("r02"))
    remove_old_attempts(settings, folder)
    left = sorted(path.name for path in folder.iterdir())
    assert left == ["r02", *(f"r{day:02}" for day in range(6, 15))]


def test_the_log_of_a_killed_run_is_masked_by_the_next(settings: Settings, tmp_path: Path) -> None:
    log = tmp_path / "dbt" / "first" / "dbt.log"
    log.parent.mkdir(parents=True)
    log.write_text("could not read ann@example.org\n", encoding="utf-8")
    begin_run(settings, started("r1", attempts_dir=str(tmp_path / "dbt")))
    assert "ann@" in log.read_text(encoding="utf-8")
    assert begin_run(settings, started("r2")) == ""
    assert "ann@" not in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["disk", "bucket"])
def test_files_on_disk_and_in_a_bucket_are_alike(tmp_path: Path, kind: str) -> None:
    files: RunFiles = FilesOnDisk(tmp_path / "runs")
    if kind == "bucket":
        files = FilesInBucket(cast("Any", FakeBucket()), "runs/p.d/")
    assert files.names() == ()
    assert files.read("a.json") is None
    files.write("a.json", "1")
    files.write("a.json", "2")
    files.write("pending/b.jsonl", "é")
    assert files.read("a.json") == "2"
    assert files.read("pending/b.jsonl") == "é"
    assert files.names() == ("a.json",)
    assert files.names("pending") == ("pending/b.jsonl",)
    files.remove("a.json")
    files.remove("a.json")
    assert files.names() == ()


def test_a_place_in_the_cloud(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("google.auth.default", lambda scopes: (AnonymousCredentials(), "p"))
    monkeypatch.setattr("google.cloud.storage.Client.__init__", lambda *_, **__: None)
    monkeypatch.setattr("google.cloud.storage.Client.bucket", lambda _, name: name)
    for place, prefix in (("gs://logs", ""), ("gs://logs/a/b/", "a/b/")):
        files = open_run_files(settings.with_changes(runlog=RunLogSettings(place=place)))
        assert files == FilesInBucket(cast("Any", "logs"), f"{prefix}concord-local.concord/")


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = FilesOnDisk(tmp_path)
    files.write("a.json", "old")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        files.write("a.json", "new")
    assert files.read("a.json") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
