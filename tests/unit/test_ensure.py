"""What is created: only what is missing, and a refusal that names the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from google.api_core.exceptions import Conflict, Forbidden, NotFound, PreconditionFailed
from google.cloud.bigquery import SchemaField, Table

from orchestrator.bigquery.connect import Connection
from orchestrator.bigquery.ensure import ensure_columns, ensure_dataset, ensure_tables, right_in
from orchestrator.errors import WarehouseRefused
from orchestrator.settings.values import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from google.cloud.bigquery import Client

RATE = [{"reason": "rateLimitExceeded", "message": "too often"}]


class Warehouse:
    """Answers each call with what is planned for it, an error or a value."""

    def __init__(self, **answers: object) -> None:
        self.answers = answers
        self.calls: list[str] = []

    def __getattr__(self, call: str) -> Callable[..., object]:
        def answer(*_: object, **__: object) -> object:
            self.calls.append(call)
            value = self.answers[call]
            if isinstance(value, Exception):
                raise value
            return value() if callable(value) else value

        return answer


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(project_dir=tmp_path, project="p")


def test_what_exists_is_left_alone(settings: Settings) -> None:
    warehouse = Warehouse(get_dataset=None, list_tables=[Table("p.d.t")])
    connection = Connection(settings, cast("Client", warehouse))
    ensure_dataset(connection, "d")
    ensure_tables(connection, "d", [Table("p.d.t")])
    assert warehouse.calls == ["get_dataset", "list_tables"]


def test_what_is_missing_is_made(settings: Settings) -> None:
    warehouse = Warehouse(
        get_dataset=NotFound("d"), create_dataset=None, list_tables=[], create_table=None
    )
    connection = Connection(settings, cast("Client", warehouse))
    ensure_dataset(connection, "d")
    ensure_tables(connection, "d", [Table("p.d.t"), Table("p.d.u")])
    assert warehouse.calls.count("create_table") == 2
    # Somebody was quicker.
    warehouse.answers["create_dataset"] = Conflict("d")
    ensure_dataset(connection, "d")


@pytest.mark.parametrize(
    ("got", "made", "rights"),
    [
        (NotFound("d"), Forbidden("no"), ("bigquery.datasets.create on project p",)),
        (Forbidden("no"), Conflict("d"), ("bigquery.datasets.get on dataset d",)),
        (
            Forbidden("no"),
            Forbidden("no"),
            ("bigquery.datasets.get on dataset d", "bigquery.datasets.create on project p"),
        ),
    ],
)
def test_a_refused_dataset_names_the_right(
    got: Exception, made: Exception, rights: tuple[str, ...], settings: Settings
) -> None:
    warehouse = Warehouse(get_dataset=got, create_dataset=made)
    with pytest.raises(WarehouseRefused) as refused:
        ensure_dataset(Connection(settings, cast("Client", warehouse)), "d")
    assert all(right in refused.value.message for right in rights)


@pytest.mark.parametrize("call", ["list_tables", "create_table"])
def test_a_refused_table_names_the_right(call: str, settings: Settings) -> None:
    warehouse = Warehouse(**{"list_tables": [], "create_table": None, call: Forbidden("no")})
    right = {"list_tables": "bigquery.tables.list", "create_table": "bigquery.tables.create"}[call]
    with pytest.raises(WarehouseRefused, match=f"{right} on dataset d"):
        ensure_tables(Connection(settings, cast("Client", warehouse)), "d", [Table("p.d.t")])


def test_a_rate_limit_is_no_missing_right(settings: Settings) -> None:
    warehouse = Warehouse(list_tables=Forbidden("too often", errors=RATE))
    with pytest.raises(Forbidden, match="too often"):
        ensure_tables(Connection(settings, cast("Client", warehouse)), "d", [Table("p.d.t")])


def test_the_right_that_google_names() -> None:
    text = "a@b does not have storage.objects.create access to the object."
    assert right_in(Forbidden(text)) == "storage.objects.create"
    assert right_in(NotFound(text)) == ""
    assert right_in(Forbidden("GET https://storage.googleapis.com/b/x: no")) == ""


ID, NAME, MAIL = (SchemaField(name, "STRING") for name in ("Id", "name", "mail"))


def test_a_table_with_all_columns_is_not_written(settings: Settings) -> None:
    warehouse = Warehouse()
    table = Table("p.d.t", schema=[NAME, ID])
    # BigQuery does not tell names apart by case.
    ensure_columns(of(settings, warehouse), table, [SchemaField("ID", "STRING"), NAME])
    assert warehouse.calls == []


def test_missing_columns_are_put_behind_those_that_are_there(settings: Settings) -> None:
    warehouse = Warehouse(update_table=None)
    table = Table("p.d.t", schema=[SchemaField("own", "INT64"), ID])
    ensure_columns(of(settings, warehouse), table, [ID, NAME, MAIL])
    assert [column.name for column in table.schema] == ["own", "Id", "name", "mail"]
    assert warehouse.calls == ["update_table"]


def test_a_table_that_somebody_else_just_changed_is_read_again(settings: Settings) -> None:
    now = Table("p.d.t", schema=[ID, NAME])
    warehouse = Warehouse(update_table=PreconditionFailed("etag"), get_table=now)
    ensure_columns(of(settings, warehouse), Table("p.d.t", schema=[ID]), [ID, NAME])
    assert warehouse.calls == ["update_table", "get_table"]
    # Theirs are other columns, time after time.
    warehouse.answers["get_table"] = lambda: Table("p.d.t", schema=[ID])
    with pytest.raises(PreconditionFailed):
        ensure_columns(of(settings, warehouse), Table("p.d.t", schema=[ID]), [ID, NAME])


def test_a_refused_column_names_the_right(settings: Settings) -> None:
    warehouse = Warehouse(update_table=Forbidden("no"))
    with pytest.raises(WarehouseRefused, match=r"bigquery\.tables\.update on dataset d"):
        ensure_columns(of(settings, warehouse), Table("p.d.t", schema=[ID]), [NAME])


def of(settings: Settings, warehouse: Warehouse) -> Connection:
    """Return a connection to the warehouse of a test."""
    return Connection(settings, cast("Client", warehouse))
