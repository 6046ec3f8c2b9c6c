"""What a statement reads when its CTEs and views are written out."""

from __future__ import annotations

from dataclasses import replace

from tools.googlesql_check.dbt_nodes import DbtNode
from tools.googlesql_check.plan_size import LIMITS, SCANS, SUBQUERIES, PlanSizes, plan_size

TABLE = "`p`.`d`.`people`"


def size_of(sql: str) -> dict[str, int]:
    found = plan_size(sql, {})
    return {what: found[what] for what in LIMITS}


def model(name: str, kind: str = "model", materialized: str = "table") -> DbtNode:
    config = {"materialized": materialized}
    return DbtNode(f"{kind}.c.{name}", kind, name, ("p", "d", name), "", "", config=config)


def test_a_cte_counts_as_often_as_it_is_read() -> None:
    once = f"with a as (select * from {TABLE}) select * from a"
    assert size_of(once) == {SCANS: 1, SUBQUERIES: 0}
    joined = f"with a as (select * from {TABLE}), b as (select * from a join a as c using (id))"
    assert size_of(f"{joined} select * from b union all select * from b")[SCANS] == 4
    # What nothing reads is not evaluated.
    assert size_of(f"{joined} select 1 as one") == {SCANS: 0, SUBQUERIES: 0}


def test_an_inner_cte_hides_an_outer_one() -> None:
    sql = f"with a as (select * from {TABLE} cross join {TABLE} as b) select * from "
    assert size_of(f"{sql}(with a as (select 1 as one) select * from a)")[SCANS] == 0
    assert size_of(f"{sql}(with b as (select 1 as one) select * from a)")[SCANS] == 2


def test_scalar_subqueries_are_told_from_derived_tables() -> None:
    assert size_of(f"select (select max(id) from {TABLE}) as id") == {SCANS: 1, SUBQUERIES: 1}
    assert size_of(f"select id from (select id from {TABLE}) as people")[SUBQUERIES] == 0


def test_a_view_is_written_out() -> None:
    plans = PlanSizes()
    ten = " union all ".join([f"select id from {TABLE}"] * 10)
    assert plans.excess(model("ten", materialized="view"), ten) is None
    reads = " union all ".join(["select id from `p`.`d`.`ten`"] * 3)
    assert plans.excess(model("thirty"), reads) is None
    excess = plans.excess(model("more"), f"{reads} union all select id from {TABLE}")
    assert excess is not None
    assert excess.startswith("has 31 table scans when its CTEs and views are written out")


def test_nine_scalar_subqueries_are_too_many() -> None:
    columns = ", ".join(f"(select max(id) from unnest([1]) as id) as c{n}" for n in range(9))
    excess = PlanSizes().excess(model("nine"), f"select {columns}")
    assert excess is not None
    assert "9 scalar subqueries" in excess


def test_an_analysis_may_read_more_than_a_build_and_not_anything() -> None:
    plans = PlanSizes()
    asked = replace(model("asked"), kind="analysis")
    many = " union all ".join([f"select id from {TABLE}"] * 75)
    assert plans.excess(asked, many) is None
    excess = plans.excess(asked, f"{many} union all select id from {TABLE}")
    assert excess is not None
    assert "at most 75 table scans" in excess
