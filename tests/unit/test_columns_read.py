"""The columns that a statement needs, whatever its subqueries select."""

from __future__ import annotations

import pytest

from tools.googlesql_check.catalog import Catalog, CatalogColumn
from tools.googlesql_check.columns_read import columns_read
from tools.googlesql_check.engine import GoogleSql


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """Return a catalog with two small tables."""
    made = Catalog(GoogleSql())
    number, texts = made.types.read("INT64"), made.types.read("ARRAY<STRING>")
    made.add(
        ("p", "d", "pairs"), [CatalogColumn(name, number) for name in ("l", "r", "weight", "extra")]
    )
    made.add(("p", "d", "people"), [CatalogColumn("id", number), CatalogColumn("emails", texts)])
    return made


CASES = {
    "select * from d.pairs": {"pairs": {"l", "r", "weight", "extra"}},
    "with s as (select * from d.pairs) select l from s where r > 1": {"pairs": {"l", "r"}},
    "select count(*) as n from d.pairs": {},
    "select l, count(*) as n from d.pairs group by l": {"pairs": {"l"}},
    "with s as (select l, weight + extra as w from d.pairs) select l from s": {"pairs": {"l"}},
    "with s as (select l, weight + 1 as w from d.pairs) select w from s": {"pairs": {"weight"}},
    "with s as (select l, max(extra) as w from d.pairs group by l) select l from s": {
        "pairs": {"l"}
    },
    "select a.l from d.pairs as a inner join d.people as b on a.r = b.id": {
        "pairs": {"l", "r"},
        "people": {"id"},
    },
    "with s as (select l, r from d.pairs union all select r, extra from d.pairs) select l from s": {
        "pairs": {"l", "r"}
    },
    "select l, r from d.pairs union distinct select r, weight from d.pairs": {
        "pairs": {"l", "r", "weight"}
    },
    "select id, email from d.people, unnest(emails) as email": {"people": {"id", "emails"}},
    "select (select max(id) from d.people where id < l) as m from d.pairs": {
        "pairs": {"l"},
        "people": {"id"},
    },
    "select l from d.pairs qualify row_number() over (partition by r order by weight) = 1": {
        "pairs": {"l", "r", "weight"}
    },
}


@pytest.mark.parametrize("sql", CASES)
def test_columns_that_the_result_hangs_on(catalog: Catalog, sql: str) -> None:
    catalog_sql = sql.replace("d.", "p.d.")
    found = {
        catalog.relation(number)[-1]: columns
        for number, columns in columns_read(catalog.analyze(catalog_sql)).items()
    }
    assert found == CASES[sql]


def test_only_the_wanted_columns_of_a_view(catalog: Catalog) -> None:
    statement = catalog.analyze("select l, weight + extra as w from p.d.pairs where r > 1")
    wanted = columns_read(statement, frozenset({"l"}))
    assert list(wanted.values()) == [{"l", "r"}]
