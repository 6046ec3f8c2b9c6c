"""The repaired emulator answers as Google's evaluator does, and takes what dbt sends."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from google.api_core.exceptions import BadRequest, NotFound
from google.cloud.bigquery import (
    Client,
    CopyJobConfig,
    ExtractJobConfig,
    LoadJobConfig,
    QueryJobConfig,
    SchemaField,
)

from orchestrator.local_warehouse import process
from tests.integration.conftest import client_of
from tools.googlesql_check.engine import GoogleSql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.local_warehouse.state import Warehouse

pytestmark = pytest.mark.integration

# Each is a query with one column; the stock value is in the docstring of the repair.
SAME_AS_GOOGLE = {
    "edit_distance": "select edit_distance('é', 'e')",
    "edit_distance_ascii": "select edit_distance('kitten', 'sitting')",
    "edit_distance_capped": "select edit_distance('kitten', 'sitténg', max_distance => 2)",
    "edit_distance_null": "select edit_distance(cast(null as string), 'é')",
    "soundex": "select soundex('Jackson')",
    "farm_fingerprint": "select farm_fingerprint(repeat('abcdefgh', 9))",
    "farm_fingerprint_null": "select farm_fingerprint(cast(null as string))",
    "normalize": "select normalize('e\u0301')",
    "normalize_and_casefold": "select normalize_and_casefold('Straße')",
    "to_json_string": """
        select to_json_string(struct(
            timestamp '2024-06-01 09:03:02' as a, timestamp '2024-06-01 09:03:02.5' as b,
            timestamp '2024-06-01 09:03:02.000001' as c, [timestamp '0001-01-01 00:00:00'] as d,
            9007199254740993 as e, -9007199254740992 as f, 2.0 as g, -0.5 as h,
            date '2024-01-01' as i, 'x,9007199254740993,1.0,' as j,
            cast(null as string) as k, true as l
        ))
    """,
    "to_json_string_escapes": """
        select to_json_string(code_points_to_string([
            7, 8, 9, 10, 11, 12, 13, 14, 27, 31, 34, 92, 117, 48, 48, 48, 66, 127, 8232, 8233
        ]))
    """,
    "to_json_string_null": "select to_json_string(cast(null as string))",
    "lower": "select lower('ΠΑΎΛΟΣ ΣΟΦΌΣ. ΑΣ\\'Σ Σ İI ẞ Ǆ ÅB')",
    "lower_null": "select lower(cast(null as string))",
    "array_offset": """
        select string_agg(a[offset(i)], ',' order by i)
        from (select ['x', 'y', 'z'] as a) as arrays, unnest([0, 1, 2]) as i
    """,
    "array_safe_offset": """
        select string_agg(ifnull(a[safe_offset(i + 1)], '-'), ',' order by i)
        from (select ['x', 'y'] as a) as arrays, unnest([0, 1]) as i
    """,
    "array_ordinal": "select a[ordinal(i)] from (select ['x', 'y'] as a, 2 as i) as one",
    "timestamp_diff": """
        select timestamp_diff(
            timestamp '2026-01-01 10:30:00+00', timestamp '2026-01-01 09:45:00+00', hour
        )
    """,
    "timestamp_diff_backwards": """
        select timestamp_diff(
            timestamp '2026-01-01 00:00:00+00', timestamp '2026-01-03 12:00:00+00', day
        )
    """,
    "numeric": "select cast(cast('1.123456789' as numeric) as string)",
    "full_union": """
        select string_agg(concat(a, ifnull(b[safe_offset(0)], '-'), ifnull(c, '-')) order by a)
        from (
            select 'v' as a, cast([] as array<string>) as b, 'c' as c
            full union all by name
            select ['y'] as b, 'x' as a
            full outer union all by name
            select 'z' as c, 'w' as a
        )
    """,
    "current_datetime": "select current_datetime() > datetime '2020-01-01 00:00:00'",
    "array_agg": """
        select array_to_string(array_agg(distinct x ignore nulls order by x desc limit 2), ',')
        from unnest(['a', 'b', null, 'b', 'c']) as x
    """,
    "sum": "select sum(x) * 2 from unnest([5000000000, 1]) as x",
}

# Of a stored table the emulator believes to know the types, of a CTE it does not.
STORED_ARRAYS = """
    select
        ['x', 'y'] as a,
        [struct('p' as name, 1 as n), struct('q' as name, 2 as n)] as s,
        struct([7, 8] as numbers) as r,
        1 as i
"""
# Each is an expression of a column of STORED_ARRAYS. The function beside it makes the emulator
# rewrite the statement.
ELEMENTS = (
    "a[offset(0)]",
    "a[offset(1)]",
    "a[offset(i)]",
    "a[offset(i - 1)]",
    "a[offset(cast(i as int64))]",
    "a[ordinal(1)]",
    "a[ordinal(i)]",
    "a[safe_offset(0)]",
    "a[safe_offset(i)]",
    "a[safe_offset(5)]",
    "a[safe_offset(-1)]",
    "a[safe_offset(i - 3)]",
    "a[safe_offset(null)]",
    "a[safe_ordinal(1)]",
    "a[safe_ordinal(0)]",
    "a[safe_ordinal(-i)]",
    "a[safe_ordinal(i + 1)]",
    "array_reverse(a)[offset(0)]",
    "(select array_agg(e order by e desc) from unnest(a) as e)[offset(0)]",
    "split(a[offset(0)], '')[safe_offset(0)]",
    "coalesce(a[safe_offset(0)], '')",
    "s[offset(0)].name",
    "s[offset(i)].n + 1",
    "s[safe_offset(9)].name",
    "s[safe_ordinal(i)].name",
    "r.numbers[offset(0)]",
    "r.numbers[ordinal(i)]",
    "array_to_string(array_concat(a, ['z']), ',')",
    "to_json_string(a)",
    "concat(a[offset(0)], '')",
)


@pytest.fixture(scope="module")
def google() -> GoogleSql:
    return GoogleSql()


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("warehouse")
    with process.ephemeral(
        folder, "concord-local", "1GB", threads=2, exports_dir=folder / "exports"
    ) as running:
        yield running


@pytest.fixture(scope="module")
def client(warehouse: Warehouse) -> Client:
    client = client_of(warehouse, QueryJobConfig(default_dataset="concord-local.d"))
    client.create_dataset("d")
    return client


def _rows(client: Client, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in client.query(sql).result()]


def _types(client: Client, table: str) -> dict[str, str]:
    return {field.name: field.field_type for field in client.get_table(f"d.{table}").schema}


@pytest.mark.parametrize("name", SAME_AS_GOOGLE)
def test_same_value_as_google(client: Client, google: GoogleSql, name: str) -> None:
    sql = SAME_AS_GOOGLE[name]
    [expected] = google.evaluate(sql)
    assert _rows(client, sql) == [tuple(expected.values())]


@pytest.mark.parametrize(
    "text", ["lower(a)", "normalize(a)", "normalize_and_casefold(a)", "to_json_string(a)"]
)
def test_a_text_comes_whole_through_coalesce(client: Client, text: str) -> None:
    """The bytes at the front of a batch were others: memory that had been let go of."""
    for size in (1, 2, 50, 3000) * 5:
        sql = f"""
            select count(*) as n_texts, countif(strpos(b, 'somebody') = 0) as n_broken,
            from (
                select regexp_replace(coalesce(nullif(a, a), {text}), 'q', 'p') as b,
                from (
                    select concat('mailto:somebody', n, '@example.org') as a
                    from unnest(generate_array(1, {size})) as n
                )
            )
        """
        assert _rows(client, sql) == [(size, 0)]


@pytest.fixture(scope="module")
def stored_arrays(client: Client) -> None:
    client.query_and_wait(f"create table d.arrays as {STORED_ARRAYS}")
    client.query_and_wait("create view d.arrays_view as select * from d.arrays")


@pytest.mark.usefixtures("stored_arrays")
@pytest.mark.parametrize("element", ELEMENTS)
def test_element_of_a_stored_array(client: Client, google: GoogleSql, element: str) -> None:
    query = f"select {element} as element, regexp_extract('x', '(x)') as rewritten from d.arrays"
    [expected] = google.evaluate(query.replace("d.arrays", f"({STORED_ARRAYS})"))
    wanted = [tuple(expected.values())]
    assert _rows(client, query) == wanted
    assert _rows(client, query.replace("d.arrays", "d.arrays_view")) == wanted
    through_cte = query.replace("d.arrays", "c")
    assert _rows(client, f"with c as (select * from d.arrays) {through_cte}") == wanted


@pytest.mark.parametrize("kind", ["table", "view"])
def test_result_of_a_query_has_bigquery_types(client: Client, kind: str) -> None:
    client.query(
        f"""
        create {kind} d.{kind}_types as
        select
            1 as literal,
            sum(x) as total,
            countif(x > 1) as counted,
            sign(-1) as signed,
            avg(x) as mean,
            cast('1.5' as numeric) as exact,
            [struct(sum(x) as total, 'k' as `integer`)] as nested,
        from unnest([1, 2, 3]) as x
        """
    ).result()
    types = _types(client, f"{kind}_types")
    assert [types[name] for name in ("literal", "total", "counted", "signed")] == ["INTEGER"] * 4
    assert (types["mean"], types["exact"]) == ("FLOAT", "NUMERIC")
    [nested] = (
        field for field in client.get_table(f"d.{kind}_types").schema if field.name == "nested"
    )
    assert [(field.name, field.field_type) for field in nested.fields] == [
        ("total", "INTEGER"),
        ("integer", "STRING"),
    ]


def test_column_of_a_literal_takes_large_numbers(client: Client) -> None:
    client.query("create table d.literals as select 1 as number").result()
    client.query("insert into d.literals (number) values (5000000000)").result()
    assert _rows(client, "select max(number) as number from d.literals") == [(5_000_000_000,)]


def test_labels_of_a_table(client: Client) -> None:
    client.query("create table d.labelled as select 1 as number").result()
    statement = "/* a comment */ alter table `concord-local`.`d`.`labelled` set OPTIONS({})"
    client.query(statement.format("description='x', labels=[('a', 'b'), ('c','d')]")).result()
    assert client.get_table("d.labelled").labels == {"a": "b", "c": "d"}
    # Options without labels leave them.
    client.query(statement.format("description='y'")).result()
    assert client.get_table("d.labelled").labels == {"a": "b", "c": "d"}
    client.query(statement.format("labels=[]")).result()
    assert client.get_table("d.labelled").labels == {}


def test_labels_of_a_view(client: Client) -> None:
    statement = """/* a comment */ create or replace view `concord-local`.`d`.`labelled_view`
        OPTIONS({}) as select 1 as number, [('x', 'y')] as labels"""
    client.query_and_wait(
        statement.format("description='labels=[]', labels=[('a', 'b'), ('c','d')]")
    )
    assert client.get_table("d.labelled_view").labels == {"a": "b", "c": "d"}
    client.query_and_wait(statement.format("labels=[('a', 'e')]"))
    assert client.get_table("d.labelled_view").labels == {"a": "e"}
    client.query_and_wait("create or replace view d.labelled_view as select 1 as number")
    assert client.get_table("d.labelled_view").labels == {}


@pytest.mark.parametrize(
    ("clauses", "partitions", "clusters"),
    [
        ("", None, None),
        ("cluster by b, a", None, ["b", "a"]),
        ("partition by timestamp_trunc(seen_at, month) cluster by a", ("seen_at", "MONTH"), ["a"]),
        ("partition by date_trunc(day, year)", ("day", "YEAR"), None),
        ("partition by day", ("day", "DAY"), None),
    ],
)
def test_layout_of_a_table(
    client: Client, clauses: str, partitions: tuple[str, str] | None, clusters: list[str] | None
) -> None:
    client.query_and_wait(f"""
        -- cluster by nothing
        create or replace table d.laid_out {clauses} options (labels = [('a', 'b')]) as (
            select
                1 as a, 'x' as b,
                timestamp '2026-01-02 03:04:05' as seen_at, date '2026-01-02' as day,
                row_number() over (partition by 1) as n,
        )
    """)
    config = CopyJobConfig(write_disposition="WRITE_TRUNCATE")
    client.copy_table("d.laid_out", "d.laid_out_copy", job_config=config).result()
    for name in ("d.laid_out", "d.laid_out_copy"):
        table = client.get_table(name)
        found = table.time_partitioning
        assert (found and (found.field, found.type_)) == partitions
        assert table.clustering_fields == clusters


def test_view_is_deleted_as_a_table_is(client: Client) -> None:
    for kind in ("table", "view"):
        client.query_and_wait(f"create {kind} d.gone as select 1 as number")
        client.delete_table("d.gone")
        with pytest.raises(NotFound):
            client.get_table("d.gone")
        client.query_and_wait(f"create {kind} d.gone as select 2 as number")
        assert _rows(client, "select number from d.gone") == [(2,)]
        client.delete_table("d.gone")


def test_contract_of_a_table(client: Client) -> None:
    client.query(
        """
        create or replace table d.contract (
            a int64 not null, b string, primary key (a) not enforced
        )
        as (with rows_of_two as (select 1 as a, 'x' as b union all select 2, 'y')
        select a, b from (select * from rows_of_two) as named)
        """
    ).result()
    assert _rows(client, "select a, b from d.contract order by a") == [(1, "x"), (2, "y")]
    assert _types(client, "contract") == {"a": "INTEGER", "b": "STRING"}


def test_select_star_keeps_struct_columns(client: Client) -> None:
    client.query_and_wait(
        "create or replace table d.structs as select 'r' as id, [struct('a' as kind)] as tags"
    )
    rows = client.query_and_wait(
        """
        with records as (select * from d.structs),
        tags as (select records.id, tag.kind from records, unnest(records.tags) as tag),
        named as (select id, 'x' || kind as name from tags)
        select * from named
        """
    )
    assert [tuple(row) for row in rows] == [("r", "xa")]


def test_privileges(client: Client) -> None:
    _rows(client, "grant `roles/bigquery.dataViewer` on table d.contract to 'user:a@example.com'")
    assert _rows(client, "select * from d.INFORMATION_SCHEMA.OBJECT_PRIVILEGES") == []


def test_variable_from_a_struct(client: Client) -> None:
    script = """
        declare days array<date>;
        set (days) = (
            select as struct array_agg(distinct day ignore nulls)
            from unnest([date '2026-01-01', null, date '2026-01-01']) as day
        );
        select array_length(days) as days;
    """
    assert _rows(client, script) == [(1,)]


def test_upload_and_added_column(client: Client) -> None:
    columns = [SchemaField("a", "INT64"), SchemaField("b", "STRING")]
    config = LoadJobConfig(schema=columns)
    client.load_table_from_json(
        [{"a": 1, "b": "é"}, {"a": 2}], "d.rows", job_config=config
    ).result()
    table = client.get_table("d.rows")
    table.schema = [*table.schema, SchemaField("c", "STRING", mode="REPEATED")]
    client.update_table(table, ["schema"])
    client.query("insert into d.rows (a, b, c) values (3, 'z', ['t'])").result()
    assert _rows(client, "select a, b, c from d.rows order by a") == [
        (1, "é", []),
        (2, None, []),
        (3, "z", ["t"]),
    ]


def test_internal_error_is_not_repeated(client: Client) -> None:
    # An unnamed struct cannot be rendered. Google's client would repeat a 500 for ten minutes.
    with pytest.raises(BadRequest, match="The local warehouse failed"):
        _rows(client, "select struct(1, 2)")


def test_large_table_leaves_as_parquet(client: Client, warehouse: Warehouse) -> None:
    client.query(
        """
        create table d.pairs as
        select concat('é', cast(x as string)) as record_id, x / 7 as weight, [x] as numbers
        from unnest(generate_array(1, 200000)) as x
        """
    ).result()
    file = Path(warehouse.data_dir) / "exports" / "pairs.parquet"
    config = ExtractJobConfig(destination_format="PARQUET")
    client.extract_table("concord-local.d.pairs", f"file://{file}", job_config=config).result()
    exported = pq.read_table(file)
    assert exported.num_rows == 200_000
    assert exported.column_names == ["record_id", "weight", "numbers"]
    assert exported.slice(6, 1).to_pylist() == [{"record_id": "é7", "weight": 1.0, "numbers": [7]}]


def test_rows_come_in_pages(client: Client) -> None:
    rows = client.query("select x from unnest(generate_array(1, 25000)) as x").result(
        page_size=9000
    )
    assert [row.x for row in rows] == [*range(1, 25001)]
