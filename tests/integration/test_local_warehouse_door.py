"""Nobody but its owner uses a local warehouse, and nothing leaves its folders."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import grpc
import pytest
from google.api_core.exceptions import Forbidden
from google.auth.credentials import AnonymousCredentials
from google.cloud.bigquery import Client, LoadJobConfig, SchemaField
from google.cloud.bigquery_storage_v1.types import CreateReadSessionRequest, ReadSession

from orchestrator.local_warehouse import process
from orchestrator.local_warehouse.health import Health, probe
from tests.integration.conftest import client_of
from tests.integration.warehouse_attacks import ATTACKS, READ_SESSION, Attack, Target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestrator.local_warehouse.state import Warehouse

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module", params=[True, False], ids=["private", "project's"])
def warehouse(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("warehouse")
    if request.param:
        with process.ephemeral(folder, "concord-local", "1GB", threads=1) as running:
            yield running
        return
    yield process.ensure_running(folder / ".concord", "concord-local", memory_limit="1GB")
    process.stop_warehouse(folder / ".concord")


@pytest.mark.parametrize("attack", ATTACKS, ids=[name for name, _ in ATTACKS])
def test_attacks_fail(warehouse: Warehouse, attack: Attack, tmp_path: Path) -> None:
    target = Target(warehouse.url, warehouse.grpc_endpoint, warehouse.token, tmp_path)
    assert not attack[1](target)
    # It was refused, and did not break what refuses.
    assert target.query("select 'al' || 'ive' as x", target.owner())[1].count("alive") == 1


def test_the_owner_is_let_in(warehouse: Warehouse) -> None:
    client = client_of(warehouse)
    client.create_dataset("own", exists_ok=True)
    schema = [SchemaField("word", "STRING")]
    config = LoadJobConfig(
        source_format="CSV", skip_leading_rows=1, schema=schema, write_disposition="WRITE_TRUNCATE"
    )
    client.load_table_from_file(io.BytesIO(b"word\nhi\n"), "own.t", job_config=config).result()
    assert [row.word for row in client.query("select word from own.t").result()] == ["hi"]
    request = CreateReadSessionRequest(
        parent="projects/concord-local",
        read_session=ReadSession(
            table="projects/concord-local/datasets/own/tables/t", data_format="ARROW"
        ),
        max_stream_count=1,
    )
    with grpc.insecure_channel(warehouse.grpc_endpoint) as channel:
        session = channel.unary_unary(
            READ_SESSION,
            request_serializer=CreateReadSessionRequest.serialize,
            response_deserializer=ReadSession.deserialize,
        )(request, metadata=[("authorization", f"Bearer {warehouse.token}")])
    assert len(session.streams) == 1


def test_a_client_without_the_token_is_told_at_once(warehouse: Warehouse) -> None:
    options = {"api_endpoint": warehouse.url}
    client = Client("concord-local", AnonymousCredentials(), client_options=options)
    with pytest.raises(Forbidden, match="concord dbt"):
        client.query("select 1 as x").result()


def test_the_probe_says_that_it_lives_and_no_more(warehouse: Warehouse) -> None:
    assert probe(warehouse.url, 30) is Health.READY
    target = Target(warehouse.url, warehouse.grpc_endpoint, None, warehouse_folder(warehouse))
    assert target.send("GET", "/readyz") == (204, "")


def warehouse_folder(warehouse: Warehouse) -> Path:
    from pathlib import Path

    return Path(warehouse.data_dir)


def test_its_files_are_its_owners_alone(warehouse: Warehouse) -> None:
    client_of(warehouse).create_dataset("files", exists_ok=True)
    client_of(warehouse).query("create or replace table files.t as select 1 as x").result()
    folder = warehouse_folder(warehouse)
    # The one of a project has its log and the token beside its data.
    top = folder.parent if folder.parent.name == ".concord" else folder
    entries = [top, *top.rglob("*")]
    assert {entry.name for entry in entries} >= {"warehouse_address.json", "bqemulator.duckdb"}
    assert [str(entry) for entry in entries if entry.stat().st_mode & 0o077] == []
