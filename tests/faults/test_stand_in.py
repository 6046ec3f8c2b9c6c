"""The stand-in is honest: Google's own client sees what BigQuery would show it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from google.api_core.exceptions import (
    BadRequest,
    ClientError,
    Conflict,
    Forbidden,
    NotFound,
    ServiceUnavailable,
)
from google.api_core.retry import Retry
from google.auth.credentials import AnonymousCredentials
from google.cloud.bigquery import Client, LoadJobConfig, QueryJobConfig, SchemaField, Table
from requests.exceptions import ConnectionError as RequestsConnectionError

from tests.faults.stand_in.faults import Fault
from tests.faults.stand_in.server import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_RETRY = Retry(predicate=lambda _: False)
CREATE = "create or replace table `concord-local`.`d`.`t` as (select 1 as id)"
MERGE = "merge into `concord-local`.`d`.`t` using (select id from `concord-local`.`d`.`s`)"
INSERT = "insert into `concord-local`.`d`.`t` select 1"


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with StandIn() as running:
        running.api.warehouse.datasets.add("d")
        yield running


@pytest.fixture
def client(stand_in: StandIn) -> Client:
    options = {"api_endpoint": stand_in.url}
    return Client("concord-local", AnonymousCredentials(), client_options=options, location="US")


def test_a_table_exists_after_its_job_and_only_then(client: Client, stand_in: StandIn) -> None:
    stand_in.script([Fault("job", "slow", seconds=3600)])
    job = client.query(CREATE)
    with pytest.raises(NotFound):
        client.get_table("d.t")
    stand_in.api.jobs.end("t")
    assert list(job.result()) == []
    assert job.statement_type == "CREATE_TABLE_AS_SELECT"
    assert [table.table_id for table in client.list_tables("d")] == ["t"]


def test_a_dataset_is_made_by_sql_too(client: Client) -> None:
    client.query("create schema if not exists `concord-local`.`e`").result()
    assert client.get_dataset("e").dataset_id == "e"


def test_a_dry_run_changes_nothing(client: Client) -> None:
    job = client.query(CREATE, job_config=QueryJobConfig(dry_run=True))
    assert (job.state, job.total_bytes_processed) == ("DONE", 1024)
    with pytest.raises(NotFound):
        client.get_table("d.t")


def test_a_job_takes_effect_although_nobody_waits_for_it(client: Client, stand_in: StandIn) -> None:
    stand_in.script([Fault("job", "slow", seconds=0.2)])
    client.query(CREATE)
    time.sleep(0.3)
    assert client.get_table("d.t").table_id == "t"


def test_an_id_is_one_job(client: Client) -> None:
    client.query(CREATE, job_id="one", job_retry=None).result()
    with pytest.raises(Conflict, match="Already Exists: Job"):
        client._connection.api_request(
            method="POST",
            path="/projects/concord-local/jobs",
            data={
                "jobReference": {"jobId": "one"},
                "configuration": {"query": {"query": CREATE}},
            },
        )
    assert client.get_job("one").state == "DONE"


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("invalidQuery", BadRequest),
        ("accessDenied", Forbidden),
        ("quotaExceeded", Forbidden),
        ("jobBackendError", BadRequest),
        ("tableUnavailable", BadRequest),
    ],
)
def test_the_error_of_a_failed_job_is_an_http_error_of_the_poll(
    client: Client, stand_in: StandIn, reason: str, error: type[ClientError]
) -> None:
    stand_in.script([Fault("job", "fail", reason=reason, message="no luck")])
    job = client.query(CREATE, job_id="j", job_retry=None)
    with pytest.raises(error, match="no luck"):
        client._connection.api_request(
            method="GET", path=f"/projects/concord-local/queries/{job.job_id}"
        )
    failed = client.get_job("j")
    assert failed.state == "DONE"
    assert failed.error_result == {"reason": reason, "message": "no luck"}
    with pytest.raises(NotFound):
        client.get_table("d.t")


def test_a_missing_table_fails_the_job(client: Client) -> None:
    with pytest.raises(NotFound, match=r"d\.s was not found"):
        client.query("select * from `concord-local`.`d`.`s`").result()


def test_a_cancelled_job_changes_nothing(client: Client, stand_in: StandIn) -> None:
    stand_in.script([Fault("job", "slow", seconds=3600)])
    job = client.query(CREATE)
    client.cancel_job(job.job_id)
    stand_in.api.jobs.end("t")
    found = client.get_job(job.job_id)
    assert found.error_result["reason"] == "stopped"
    with pytest.raises(NotFound):
        client.get_table("d.t")
    assert [call.endpoint for call in stand_in.api.calls].count("cancel") == 1


def test_a_reset_leaves_no_job_and_a_lost_answer_leaves_one(
    client: Client, stand_in: StandIn
) -> None:
    for action, is_there in (("reset", False), ("lose", True)):
        stand_in.script([Fault("insert", action)])  # type: ignore[arg-type]
        with pytest.raises(RequestsConnectionError):
            client.query(CREATE, job_id=action, retry=NO_RETRY, job_retry=None)
        assert (action in stand_in.api.jobs.by_id) is is_there


def test_a_refusal_is_counted_by_node_and_call(client: Client, stand_in: StandIn) -> None:
    comment = '/* {"node_id": "model.concord.alpha"} */ '
    stand_in.script([Fault("insert", "refuse", "backendError", node="alpha", first=2)])
    client.query(comment + CREATE, retry=NO_RETRY).result()
    client.query(CREATE, retry=NO_RETRY).result()
    with pytest.raises(ServiceUnavailable):
        client.query(comment + CREATE, retry=NO_RETRY, job_retry=None)
    client.query(comment + CREATE, retry=NO_RETRY).result()


def test_a_silent_poll_outlasts_the_clients_patience(client: Client, stand_in: StandIn) -> None:
    stand_in.script([Fault("poll", "hang", seconds=3600)])
    client.query(CREATE, job_id="j", job_retry=None)
    with pytest.raises(Exception, match="timed out"):
        client._connection.api_request(
            method="GET", path="/projects/concord-local/queries/j", timeout=0.3
        )


def test_an_insert_that_ran_twice_shows_and_a_merge_does_not(
    client: Client, stand_in: StandIn
) -> None:
    warehouse = stand_in.api.warehouse
    client.create_table(Table("concord-local.d.s", schema=[SchemaField("id", "STRING")]))
    client.query(CREATE).result()
    client.query(MERGE).result()
    once = warehouse.state("d")
    client.query(MERGE).result()
    assert warehouse.state("d") == once
    client.query(INSERT).result()
    client.query(INSERT).result()
    assert len(warehouse.content(("d", "t"))) == len(once["d.t"]) + 2
    assert warehouse.count_writes("d") == {"d.t": 5}


def test_what_a_table_was_built_from_is_part_of_it(client: Client, stand_in: StandIn) -> None:
    warehouse = stand_in.api.warehouse
    client.create_table(Table("concord-local.d.s", schema=[SchemaField("id", "STRING")]))
    sql = (
        "create or replace table `concord-local`.`d`.`t` as (select * from `concord-local`.`d`.`s`)"
    )
    client.query(sql).result()
    before = warehouse.state("d")
    warehouse.change(("d", "s"), "next night")
    client.query(sql).result()
    assert warehouse.state("d")["d.t"] != before["d.t"]


@pytest.mark.parametrize("is_resumable", [False, True])
def test_a_load_adds_rows(client: Client, stand_in: StandIn, is_resumable: bool) -> None:
    config = LoadJobConfig(schema=[SchemaField("id", "STRING")], write_disposition="WRITE_APPEND")
    for row in ("a", "b"):
        if is_resumable:
            from io import BytesIO

            config.source_format = "NEWLINE_DELIMITED_JSON"
            text = BytesIO(f'{{"id": "{row}"}}\n'.encode())
            client.load_table_from_file(text, "d.log", job_config=config).result()
        else:
            client.load_table_from_json([{"id": row}], "d.log", job_config=config).result()
    assert [row["id"] for row in stand_in.api.warehouse.table(("d", "log")).rows] == ["a", "b"]


def test_a_storm_hits_its_share(client: Client, stand_in: StandIn) -> None:
    script = stand_in.script([Fault("insert", "refuse", "backendError", share=0.3)], seed=7)
    failed = 0
    for _ in range(100):
        try:
            client.query(INSERT.replace("into", ""), retry=NO_RETRY, job_retry=None)
        except ServiceUnavailable:
            failed += 1
    assert failed == len(script.hits)
    assert 15 < failed < 45
