"""The plan: bytes by dry run, unknown models named, limits that stop."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from google.api_core.exceptions import BadRequest, NotFound

from orchestrator.bigquery.connect import POLL_SECONDS, Connection
from orchestrator.commands.plan import plan_text
from orchestrator.dbt.runner import DbtResult
from orchestrator.errors import EXIT_FAILED, BudgetExceeded, RunFailed
from orchestrator.plan.make import CLOUD_THREADS, Plan, check_budget, make_plan
from orchestrator.plan.models import LEAST_BYTES, ModelPlan
from orchestrator.plan.pairs import RulePairs
from orchestrator.settings.values import Settings

if TYPE_CHECKING:
    from google.api_core.retry import Retry

    from orchestrator.dbt.runner import DbtRunner

GIB = 1024**3


@dataclass
class Table:
    """What list_tables gives."""

    table_id: str


@dataclass
class Job:
    """A query job, dry or not."""

    total_bytes_processed: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)

    def result(self, page_size: int, retry: Retry) -> list[dict[str, Any]]:
        """Return the rows."""
        assert page_size > 0
        assert retry.timeout == POLL_SECONDS
        return self.rows


class Warehouse:
    """Tables with their bytes. A query of a table that is not there is refused, dry or not."""

    def __init__(self, **sizes: int) -> None:
        self.sizes = {f"p.{name.replace('__', '.', 1)}": size for name, size in sizes.items()}
        self.answers: dict[str, list[dict[str, Any]]] = {}
        self.dry_runs = 0

    def list_tables(self, dataset: str) -> list[Table]:
        """Return the tables, or refuse an unknown dataset."""
        found = [name for name in self.sizes if name.startswith(f"{dataset}.")]
        if not found:
            raise NotFound(f"Not found: Dataset {dataset}")
        return [Table(name.rpartition(".")[2]) for name in found]

    def get_table(self, name: str) -> None:
        """Refuse an unknown table."""
        if name not in self.sizes:
            raise NotFound(f"Not found: Table {name}")

    def query(self, sql: str, job_config: Any) -> Job:  # noqa: ANN401 - two kinds of config
        """Answer as BigQuery: names first, then bytes or rows."""
        if "no_such_column" in sql:
            raise BadRequest("Unrecognized name: no_such_column")
        tables = re.findall(r"`(p\.[\w.]+)`", sql)
        for name in tables:
            self.get_table(name)
        if job_config.dry_run:
            self.dry_runs += 1
            return Job(sum(self.sizes[name] for name in tables))
        return Job(rows=next((rows for name, rows in self.answers.items() if name in sql), []))


class Compiler:
    """Stands for dbt: writes a manifest as `dbt compile` does."""

    def __init__(self, folder: Path, nodes: list[dict[str, Any]], *, works: bool = True) -> None:
        self._folder, self._nodes, self._works = folder, nodes, works
        self.arguments: tuple[str, ...] = ()

    def invoke(self, *arguments: str) -> DbtResult:
        """Remember the command."""
        self.arguments = arguments
        document = {"nodes": {node["unique_id"]: node for node in self._nodes}, "sources": {}}
        (self._folder / "manifest.json").write_text(json.dumps(document), encoding="utf-8")
        return DbtResult(arguments, self._works, False, "syntax error in a.sql", self._folder, None)


def node(name: str, dataset: str, *upstream: str, sql: str = "", kind: str = "model") -> Any:  # noqa: ANN401
    return {
        "unique_id": f"{kind}.concord.{name}",
        "name": name,
        "resource_type": kind,
        "relation_name": f"`p`.`{dataset}`.`{name}`",
        "depends_on": {"nodes": list(upstream)},
        "compiled_code": sql,
    }


NODES = [
    node("words", "seeds", kind="seed"),
    node("a", "marts", "seed.concord.words", sql="select * from `p.seeds.words`"),
    node("b", "marts", "model.concord.a", sql="select * from `p.marts.a`"),
    node("c", "marts", "model.concord.b", sql="select * from `p.marts.b`"),
    node("d", "marts", "model.concord.a", sql="select no_such_column from `p.marts.a`"),
    node("int_person_blocks", "matching"),
    node("int_blocking_rule_pairs", "matching", "model.concord.int_person_blocks"),
    node(
        "int_person_compared_pairs",
        "matching",
        "model.concord.int_person_blocks",
        sql="select * from `p.matching.int_person_blocks`",
    ),
]


def plan_of(
    warehouse: Warehouse, folder: Path, nodes: list[dict[str, Any]] = NODES, target: str = "prod"
) -> Plan:
    settings = Settings(project="p", target=target)
    connection = Connection(settings, warehouse)  # type: ignore[arg-type]
    return make_plan(connection, runner_of(Compiler(folder, nodes)))


def runner_of(compiler: Compiler) -> DbtRunner:
    return compiler  # type: ignore[return-value]


def test_bytes_and_money_by_model_and_what_is_unknown(tmp_path: Path) -> None:
    warehouse = Warehouse(seeds__words=100, marts__a=2 * GIB)
    plan = plan_of(warehouse, tmp_path, NODES[:5])
    by_name = {model.name: model for model in plan.models}
    assert (by_name["a"].bytes, by_name["b"].bytes) == (100, 2 * GIB)
    assert by_name["c"].unknown == "unknown until b exists"
    assert "Unrecognized name" in by_name["d"].unknown
    assert plan.unknown == ("c", "d")
    assert plan.bytes == 2 * GIB + 100
    assert plan.cost == pytest.approx((2 * GIB + LEAST_BYTES) / 1024**4 * 6.25)
    text = plan_text(plan)
    assert "c: unknown until b exists" in text
    assert "Models    4\n" in text
    assert "Tests     0, 2 unknown" in text
    assert "2.00 GiB, US$0.01" in text


def test_pairs_come_from_the_model_that_counts_them(tmp_path: Path) -> None:
    warehouse = Warehouse(matching__int_person_blocks=1000, matching__int_blocking_rule_pairs=0)
    row = {"entity": "person", "rule": "email", "n_pairs": 3_000_000, "largest_block_records": 50}
    warehouse.answers["int_blocking_rule_pairs"] = [
        row,
        row | {"rule": "phone", "n_pairs": 20, "largest_block_records": 4},
    ]
    plan = plan_of(warehouse, tmp_path, NODES[5:])
    assert plan.rules is not None
    assert plan.rules[1] == RulePairs("person", "phone", 20, 4)
    assert plan.pairs == 3_000_020
    assert f"{'person email':<44}{'3,000,000':>14}{50:>16}" in plan_text(plan)


def test_without_blocks_the_pairs_are_unknown(tmp_path: Path) -> None:
    plan = plan_of(Warehouse(seeds__words=1), tmp_path, NODES[5:])
    assert (plan.pairs, plan.rules) == (0, None)
    assert plan.unknown == ("int_person_compared_pairs", "int_blocking_rule_pairs")
    assert "--count builds them" in plan_text(plan)
    check_budget(plan, max_cost=None, max_pairs=0)


def test_the_threads_of_a_plan_are_those_of_production() -> None:
    profile = (Path(__file__).parents[2] / "profiles.yml").read_text(encoding="utf-8")
    _, _, production = profile.partition("prod: &cloud")
    [default] = re.findall(r"CONCORD_THREADS', '(\d+)'", production.partition("ci: &trial")[0])
    assert int(default) == CLOUD_THREADS


def test_a_seed_that_is_there_is_not_loaded_again(tmp_path: Path) -> None:
    for warehouse, n_jobs in ((Warehouse(seeds__words=1), 4), (Warehouse(marts__a=1), 7)):
        found = plan_of(warehouse, tmp_path, NODES[:5]).latency
        assert found is not None
        assert found.jobs == n_jobs


def test_a_view_that_is_there_is_not_made_again(tmp_path: Path) -> None:
    view = node("v", "marts", sql="select 1 as number")
    view["config"] = {"materialized": "view"}
    table = node("t", "marts", "model.concord.v", sql="select * from `p.marts.v`")
    for warehouse, n_jobs in ((Warehouse(marts__v=1), 1), (Warehouse(marts__t=1), 2)):
        found = plan_of(warehouse, tmp_path, [view, table]).latency
        assert found is not None
        assert (found.jobs, found.sequential_jobs) == (n_jobs, n_jobs)


def test_rounds_are_those_of_the_last_build(tmp_path: Path) -> None:
    rounds = node("int_person_linkage", "matching", sql="select 1 as round")
    rounds["config"] = {"materialized": "iterated", "meta": {}}
    warehouse = Warehouse(matching__int_person_linkage=1)
    unknown = plan_of(warehouse, tmp_path, [rounds]).latency
    assert unknown is not None
    assert (unknown.jobs, unknown.sequential_jobs, unknown.threads) == (21, 21, 8)
    assert unknown.minutes == pytest.approx(50.5 / 60)
    answer = {"model": "model.concord.int_person_linkage", "n_rounds": 3}
    warehouse.answers["int_person_linkage"] = [answer]
    found = plan_of(warehouse, tmp_path, [rounds]).latency
    assert found is not None
    assert found.jobs == 7


def test_the_local_warehouse_is_asked_for_no_bytes(tmp_path: Path) -> None:
    warehouse = Warehouse(seeds__words=100)
    plan = plan_of(warehouse, tmp_path, NODES[:5], target="local")
    assert warehouse.dry_runs == 0
    text = plan_text(plan)
    assert "bytes are not BigQuery's" in text
    assert "US$0" not in text
    assert "b: unknown until a exists" in text


def test_tests_are_counted_with_the_models(tmp_path: Path) -> None:
    tests = [
        node("unique_a_" + "x" * 60, "", "model.concord.a", sql="`p.marts.a`", kind="test"),
        node("not_null_c", "", "model.concord.c", sql="`p.marts.c`", kind="test"),
    ]
    warehouse = Warehouse(seeds__words=100, marts__a=2 * GIB)
    plan = plan_of(warehouse, tmp_path, [*NODES[:3], *tests])
    assert [model.name for model in plan.models] == ["a", "b"]
    assert [test.bytes for test in plan.tests] == [2 * GIB, None]
    assert plan.bytes == 4 * GIB + 100
    assert plan.cost == pytest.approx((4 * GIB + LEAST_BYTES) / 1024**4 * 6.25)
    assert plan.unknown == ("not_null_c",)
    text = plan_text(plan)
    assert "Tests     2, 1 unknown" in text
    assert max(len(line) for line in text.splitlines()) <= 80
    with pytest.raises(BudgetExceeded, match="would cost"):
        check_budget(plan, max_cost=0.02, max_pairs=None)


def test_models_and_tests_are_compiled_and_a_failure_says_so(tmp_path: Path) -> None:
    compiler = Compiler(tmp_path, [], works=False)
    connection = Connection(Settings(project="p"), Warehouse())  # type: ignore[arg-type]
    with pytest.raises(RunFailed, match="syntax error"):
        make_plan(connection, runner_of(compiler), ["+a b"], ["c"])
    assert compiler.arguments == (
        *("compile", "--select", "+a,resource_type:model", "+a,resource_type:test"),
        *("b,resource_type:model", "b,resource_type:test"),
        *("--exclude", "c", "tag:development"),
    )


def limited(bytes_: int, pairs: int) -> Plan:
    rules = (RulePairs("person", "email", pairs), RulePairs("company", "domain", 1))
    return Plan((ModelPlan("a", bytes_), ModelPlan("b", None, "unknown")), rules, 6.25, False)


def test_a_plan_within_its_limits_passes() -> None:
    check_budget(limited(1024**4, 9), max_cost=6.25, max_pairs=10)
    check_budget(limited(9 * 1024**4, 10**12), max_cost=None, max_pairs=None)


@pytest.mark.parametrize(
    ("max_cost", "max_pairs", "message"),
    [(6.24, None, r"cost \$6.25"), (None, 9, "10 pairs.*person rule email"), (0, 0, "cost")],
)
def test_a_plan_above_a_limit_stops(
    max_cost: float | None, max_pairs: int | None, message: str
) -> None:
    with pytest.raises(BudgetExceeded, match=message) as caught:
        check_budget(limited(1024**4, 9), max_cost, max_pairs)
    assert caught.value.exit_code == EXIT_FAILED
