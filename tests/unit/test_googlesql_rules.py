"""What the analyzer refuses, and the rules of BigQuery that it does not know."""

import pytest

from tools.googlesql_check.bigquery_rules import Broken, broken_rules, capturing_groups
from tools.googlesql_check.catalog import Catalog, CatalogColumn
from tools.googlesql_check.column_types import type_name
from tools.googlesql_check.engine import GoogleSql, GoogleSqlError
from tools.googlesql_check.local_differences import local_differences
from tools.googlesql_check.resolved_tree import result_columns, walk


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    catalog = Catalog(GoogleSql())
    types = {"id": "int64", "name": "string", "score": "float64", "born": "date"}
    columns = [CatalogColumn(name, catalog.types.read(text)) for name, text in types.items()]
    catalog.add(("p", "d", "people"), columns)
    catalog.add(("p", "d", "orders"), columns)
    return catalog


def rules_broken_by(catalog: Catalog, sql: str) -> list[Broken]:
    """Return the rules that a query breaks."""
    statement = catalog.analyze(sql)
    return broken_rules(statement, walk(statement))


PEOPLE = "`p`.`d`.`people` as people"
ORDERS = "`p`.`d`.`orders` as orders"


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (f"select id + name as x from {PEOPLE}", "No matching signature for operator \\+"),
        (f"select born = 1 as x from {PEOPLE}", "No matching signature for operator ="),
        (f"select id from {PEOPLE} where naem = 'a'", "Unrecognized name: naem"),
        (f"select name, count(*) as n from {PEOPLE}", "neither grouped nor aggregated"),
        ("select 1 as x union select 2 as x", "ALL or keyword DISTINCT"),
        ("select jaro_winkler_similarity('a', 'b') as x", "Function not found"),
        ("select levenshtein('a', 'b') as x", "Function not found"),
        ("select pi() as x", "Function not found"),
        ("select list_sort([1]) as x", "Function not found"),
        ("select list_value(1) as x", "Function not found"),
        ("select regexp_matches('a', 'b') as x", "Function not found"),
        ("select string_split('a', 'b') as x", "Function not found"),
        ("select 'a'::string as x", "Syntax error"),
        (f"select count(*) filter (where id > 1) as x from {PEOPLE}", "Syntax error"),
        (f"select * exclude (id) from {PEOPLE}", "Syntax error"),
        (f"select id as a, a + 1 as b from {PEOPLE}", "Unrecognized name: a"),
        ("select 'a' ilike 'b' as x", "Syntax error"),
        (f"select distinct on (id) id from {PEOPLE}", "Syntax error"),
        ("select x from `p`.`d`.`nowhere`", "Table not found"),
    ],
)
def test_the_analyzer_refuses(catalog: Catalog, sql: str, message: str) -> None:
    with pytest.raises(GoogleSqlError, match=message):
        catalog.analyze(sql)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (f"select 1 as x from {PEOPLE} left join {ORDERS} on people.id > orders.id", "equality"),
        (f"select 1 as x from {PEOPLE} full join {ORDERS} on people.id = 1", "equality"),
        (
            f"select 1 as x from {PEOPLE} right join {ORDERS} on orders.id = orders.score",
            "equality",
        ),
        (f"select 1 as x from {PEOPLE} left join {ORDERS} on true", "equality"),
        (
            (
                f"select 1 as x from {PEOPLE} left join {ORDERS}"
                " on people.id = orders.id or people.name = orders.name"
            ),
            "equality",
        ),
        (
            (
                "with recursive n as (select 1 as x union distinct select x + 1 from n where x < 3)"
                " select x from n"
            ),
            "union all",
        ),
        (f"select regexp_extract(name, r'(a)(b)') as x from {PEOPLE}", "capturing group"),
        (f"select regexp_extract_all(name, r'(a(b))') as x from {PEOPLE}", "capturing group"),
        ("select array_sum([1, 2]) as x", "no function array_sum"),
        (f"select id from {PEOPLE} where array_max([id]) > 3", "no function array_max"),
        ("select 1", "no name"),
        (f"select count(*) from {PEOPLE}", "no name"),
        ("select 1 as a, 2 as A", "duplicate column a"),
        (f"select * from {PEOPLE} join {ORDERS} on people.id = orders.id", "duplicate column"),
    ],
)
def test_a_rule_refuses(catalog: Catalog, sql: str, message: str) -> None:
    broken = rules_broken_by(catalog, sql)
    assert broken
    assert all(message in rule.message for rule in broken)


@pytest.mark.parametrize(
    "sql",
    [
        f"select 1 as x from {PEOPLE} left join {ORDERS} on orders.id = people.id and 1 = 1",
        f"select 1 as x from {PEOPLE} full join {ORDERS} using (id)",
        f"select 1 as x from {PEOPLE} left join {ORDERS} on lower(orders.name) = people.name",
        f"select 1 as x from {PEOPLE} cross join {ORDERS}",
        f"select 1 as x from {PEOPLE} join {ORDERS} on people.id < orders.id",
        f"select word from {PEOPLE} left join unnest(split(people.name, ' ')) as word",
        (
            "with recursive n as (select 1 as x union all select x + 1 from n where x < 3)"
            " select x from n"
        ),
        f"select regexp_extract(name, r'^(?:a|b)\\(([(]c+)') as x from {PEOPLE}",
        f"select max_by(name, id) as x, min_by(name, score) as y from {PEOPLE}",
        f"select contains_substr(name, 'a') as x, ml.distance([1.0], [2.0]) as y from {PEOPLE}",
        (
            f"select name, row_number() over (partition by name order by id) as n from {PEOPLE}"
            " qualify n = 1"
        ),
        f"select if(count(*) over (partition by id) > 1, 'a', 'b') as x from {PEOPLE}",
        "select edit_distance('a', 'b', max_distance => 2) as x, soundex('a') as y",
    ],
)
def test_healthy_statements_pass(catalog: Catalog, sql: str) -> None:
    assert rules_broken_by(catalog, sql) == []


def test_a_broken_rule_knows_its_place(catalog: Catalog) -> None:
    sql = "select\n    'é' as e,\n    array_sum([1]) as x"
    (rule,) = rules_broken_by(catalog, sql)
    assert rule.start is not None
    assert sql.encode()[rule.start :].startswith(b"array_sum")


def test_deeply_nested_calls_are_read(catalog: Catalog) -> None:
    depth = 200
    nested = "lower(" * depth + "upper(name)" + ")" * depth
    statement = catalog.analyze(f"select {nested} as x from {PEOPLE}")
    assert broken_rules(statement, walk(statement)) == []
    assert len(local_differences(walk(statement))) == 1


@pytest.mark.parametrize(
    ("pattern", "groups"),
    [
        ("abc", 0),
        ("(a)(b)", 2),
        ("(a(b))", 2),
        (r"\(a\)", 0),
        ("[(]", 0),
        ("[]()]", 0),
        ("[^](]", 0),
        (r"[\](](a)", 1),
        ("(?:a)(?i)", 0),
        ("(?P<year>a)(?<month>b)", 2),
    ],
)
def test_capturing_groups_are_counted(pattern: str, groups: int) -> None:
    assert capturing_groups(pattern) == groups


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("upper(name)", "upper"),
        ("trim(name)", "trim"),
        ("cast(score as string)", "DOUBLE to STRING"),
        ("safe_cast(name as int64)", "STRING to INT64"),
        ("net.reg_domain(name)", "net.reg_domain"),
    ],
)
def test_local_differences_are_warned_of(catalog: Catalog, expression: str, message: str) -> None:
    (found,) = local_differences(walk(catalog.analyze(f"select {expression} as x from {PEOPLE}")))
    assert message in found.message


def test_equal_behaviour_gives_no_warning(catalog: Catalog) -> None:
    sql = f"select lower(name) as a, cast(id as string) as b, cast('1' as int64) as c from {PEOPLE}"
    assert local_differences(walk(catalog.analyze(sql))) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("string(10)", "STRING"),
        ("Integer", "INT64"),
        ("float", "FLOAT64"),
        ("numeric(10, 2)", "NUMERIC"),
        ("array<struct<int integer, b boolean>>", "ARRAY<STRUCT<int INT64, b BOOL>>"),
        ("range<date>", "RANGE<DATE>"),
        ("timestamp", "TIMESTAMP"),
    ],
)
def test_types_are_read_and_written(catalog: Catalog, text: str, name: str) -> None:
    assert type_name(catalog.types.read(text)) == name


def test_an_unknown_type_is_told(catalog: Catalog) -> None:
    with pytest.raises(ValueError, match="'varchar2' is not a type of BigQuery"):
        catalog.types.read("varchar2")


def test_all_spellings_of_a_relation_are_found(catalog: Catalog) -> None:
    for name in ("`p`.`d`.`people`", "`p.d.people`", "p.d.people"):
        columns = result_columns(catalog.analyze(f"select id from {name}"))
        assert [column.name for column in columns or []] == ["id"]


def test_a_crash_does_not_lose_the_catalog() -> None:
    google_sql = GoogleSql()
    catalog = Catalog(google_sql)
    catalog.add(("p", "d", "t"), [CatalogColumn("id", catalog.types.read("int64"))])
    catalog.analyze("select id from p.d.t")
    with pytest.raises(GoogleSqlError, match="crashed"):
        google_sql.evaluate("select net.reg_domain('http://a.co.uk') as x")
    assert catalog.analyze("select id from p.d.t") is not None
