"""The bytes that a statement reads of ten million records, and the cap that it may not pass."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest
import yaml

from tests.project_copy import ROOT
from tools.googlesql_check.byte_caps import ByteEstimate, Shape, read_shape
from tools.googlesql_check.catalog import Catalog, CatalogColumn
from tools.googlesql_check.dbt_nodes import DbtNode
from tools.googlesql_check.engine import GoogleSql

SHAPE: Final = Shape(cap=3_000, rows=(("seed.*", 1), (".*", 100)), texts=((".*", 20),))
TABLE: Final = ("p", "d", "people")
NODE: Final = DbtNode("test.p.t", "test", "t", (), "t.sql", "t.sql")


@pytest.fixture
def catalog() -> Catalog:
    """Return a catalog with one table."""
    made = Catalog(GoogleSql())
    types = {"id": "INT64", "name": "STRING", "emails": "ARRAY<STRING>", "is_gone": "BOOL"}
    made.add(TABLE, [CatalogColumn(name, made.types.read(text)) for name, text in types.items()])
    return made


def test_bytes_are_those_of_the_needed_columns(catalog: Catalog) -> None:
    estimate = ByteEstimate(SHAPE, catalog)
    for sql, expected in {
        "with s as (select * from p.d.people) select id from s": 100 * 8,
        "select id, name, is_gone from p.d.people": 100 * (8 + 20 + 1),
        "select emails from p.d.people": 100 * 1.5 * 20,
        "select a.id from p.d.people as a inner join p.d.people as b on a.id = b.id": 100 * 8,
    }.items():
        assert estimate.bytes_read(catalog.analyze(sql)) == expected


def test_a_view_is_read_through(catalog: Catalog) -> None:
    estimate = ByteEstimate(SHAPE, catalog)
    view = catalog.analyze("select id, name, lower(name) as key from p.d.people")
    node = replace(NODE, relation=("p", "d", "v"), config={"materialized": "view"})
    assert estimate.excess(node, view) is None
    catalog.add(node.relation, [CatalogColumn("id", catalog.types.read("INT64"))])
    assert estimate.bytes_read(catalog.analyze("select id from p.d.v")) == 100 * 8


def test_more_than_the_cap_is_an_error_unless_it_is_for_development(catalog: Catalog) -> None:
    estimate = ByteEstimate(SHAPE, catalog)
    statement = catalog.analyze("select * from p.d.people")
    assert "the least cap" in (estimate.excess(NODE, statement) or "")
    assert estimate.excess(replace(NODE, config={"tags": ["development"]}), statement) is None
    assert estimate.excess(NODE, catalog.analyze("select name from p.d.people")) is None


def test_the_cap_is_the_least_of_the_profiles() -> None:
    profiles = yaml.safe_load((ROOT / "profiles.yml").read_text(encoding="utf-8"))
    outputs = profiles["concord"]["outputs"].values()
    caps = {
        int(str(output["maximum_bytes_billed"]).rsplit("'", 2)[1])
        for output in outputs
        if "maximum_bytes_billed" in output
    }
    shape = read_shape(ROOT)
    assert shape is not None
    assert shape.cap == min(caps)
