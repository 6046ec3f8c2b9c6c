"""The check over whole projects, with manifests as dbt writes them."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tools.googlesql_check.__main__ import main
from tools.googlesql_check.check import check
from tools.googlesql_check.dbt_nodes import DbtNode, ManifestError, published_relation
from tools.googlesql_check.engine import GoogleSql
from tools.googlesql_check.findings import Gravity, Report, Violation

Node = dict[str, Any]
Runner = Callable[..., Report]


@pytest.fixture(scope="module")
def google_sql() -> GoogleSql:
    return GoogleSql()


def columns(types: dict[str, str | None]) -> dict[str, Any]:
    return {name: {"name": name, "data_type": type_} for name, type_ in types.items()}


def node(kind: str, name: str, sql: str | None, *reads: str, **more: Any) -> Node:  # noqa: ANN401
    """One entry of the manifest; what it reads is told by unique ids."""
    path = f"models/{name}.sql"
    return {
        "unique_id": f"{kind}.shop.{name}",
        "resource_type": kind,
        "name": name,
        "database": "p",
        "schema": "d",
        "original_file_path": path,
        "compiled_path": f"target/compiled/shop/{path}" if sql else None,
        "compiled_code": sql,
        "depends_on": {"nodes": list(reads)},
        "config": {},
        "columns": {},
    } | more


def source(types: dict[str, str | None]) -> Node:
    return node("source", "raw", None, identifier="raw_people", columns=columns(types))


PEOPLE = node("model", "people", "select id, name from `p`.`d`.`raw_people`", "source.shop.raw")


@pytest.fixture
def run(tmp_path: Path, google_sql: GoogleSql) -> Runner:
    """Write a manifest with one source and the given nodes, and check it."""

    def run_check(*nodes: Node, types: dict[str, str | None] | None = None) -> Report:
        raw = source({"id": "int64", "name": "string"} if types is None else types)
        manifest = {
            "sources": {raw["unique_id"]: raw},
            "nodes": {each["unique_id"]: each for each in nodes},
        }
        (tmp_path / "target").mkdir(exist_ok=True)
        (tmp_path / "target" / "manifest.json").write_text(json.dumps(manifest))
        return check(tmp_path, Path("target"), google_sql)

    return run_check


def messages(report: Report) -> list[str]:
    return [finding.message for finding in report.errors]


def test_a_healthy_project_passes(run: Runner) -> None:
    report = run(
        node("test", "names_are_known", "select id from `p`.`d`.`names`", "model.shop.names"),
        node("model", "names", "select name from `p`.`d`.`people`", "model.shop.people"),
        PEOPLE,
    )
    # The test above reads a column that the model does not pass on, though its source has it.
    assert [finding.node for finding in report.errors] == ["test.shop.names_are_known"]
    report = run(
        node("test", "names_are_known", "select name from `p`.`d`.`names`", "model.shop.names"),
        node("model", "names", "select name from `p`.`d`.`people`", "model.shop.people"),
        PEOPLE,
    )
    assert report.ok
    assert report.checked == 3
    assert report.summary() == "3 statements checked, 0 errors, 0 warnings"


def test_types_flow_through_the_graph(run: Runner) -> None:
    report = run(
        PEOPLE,
        node("model", "sums", "select id + 1 as x from `p`.`d`.`people`", "model.shop.people"),
    )
    assert report.ok
    report = run(
        PEOPLE,
        node(
            "model", "sums", "select\n    id + 1 as x\nfrom `p`.`d`.`people`", "model.shop.people"
        ),
        types={"id": "string", "name": "string"},
    )
    (finding,) = report.errors
    assert finding.line == 2
    assert str(finding).startswith(
        "target/compiled/shop/models/sums.sql:2: error: model.shop.sums: No matching signature"
    )
    assert "\n" not in str(finding)


def test_what_follows_a_broken_node_is_skipped(run: Runner) -> None:
    broken = PEOPLE | {"compiled_code": "select naem from `p`.`d`.`raw_people`"}
    after = node("model", "names", "select name from `p`.`d`.`people`", "model.shop.people")
    report = run(broken, after)
    assert [finding.node for finding in report.errors] == ["model.shop.people"]
    assert report.skipped == ["model.shop.names"]
    # With declared types, the rest can still be checked.
    report = run(broken | {"columns": columns({"name": "string"})}, after)
    assert len(report.errors) == 1
    assert report.skipped == []


@pytest.mark.parametrize(
    ("declared", "config", "message"),
    [
        ({"id": "string"}, {}, "column id is INT64, declared as string"),
        ({"id": "int64", "nmae": None}, {}, "the documented column nmae is not in the result"),
        ({"id": "number"}, {}, "column id has a wrong data_type: 'number' is not a type"),
        ({"id": "int64"}, {"contract": {"enforced": True}}, "name is missing in the enforced"),
        ({}, {"cluster_by": ["nmae"]}, "cannot cluster by nmae: it is missing"),
        ({}, {"cluster_by": ["id", "id", "id", "id", "id"]}, "at most 4 columns"),
        ({}, {"partition_by": {"field": "id", "data_type": "date"}}, "partition by id as DATE"),
        ({}, {"unique_key": ["id", "key"]}, "the unique key key is not in the result"),
    ],
)
def test_a_broken_promise_is_found(
    run: Runner,
    declared: dict[str, str | None],
    config: dict[str, Any],
    message: str,
) -> None:
    (found,) = messages(run(PEOPLE | {"columns": columns(declared), "config": config}))
    assert message in found


@pytest.mark.parametrize(
    ("unit", "found"), [("month", []), ("fortnight", ["cannot be laid out so: A valid date part"])]
)
def test_the_table_is_made_as_dbt_makes_it(run: Runner, unit: str, found: list[str]) -> None:
    partition = {"field": "born_at", "data_type": "timestamp", "granularity": unit}
    config = {"cluster_by": ["name"], "partition_by": partition}
    sql = (
        "select name, current_timestamp() as born_at, [struct(id as a)] as b from `p`.`d`.`people`"
    )
    report = run(PEOPLE, node("model", "born", sql, "model.shop.people", config=config))
    assert [message[: len(found[0])] for message in messages(report)] == found


def test_kept_promises_pass(run: Runner) -> None:
    config = {
        "contract": {"enforced": True},
        "cluster_by": "name",
        "partition_by": {"field": "id", "data_type": "int64", "range": {}},
        "unique_key": "id",
    }
    promised = columns({"ID": "integer", "name": "string(20)"})
    assert run(PEOPLE | {"columns": promised, "config": config}).ok


def test_a_source_without_types_is_an_error(run: Runner) -> None:
    report = run(PEOPLE, types={"id": "int64", "name": None})
    assert messages(report) == ["the column types are unknown: declare the data_type of name"]
    assert report.skipped == ["model.shop.people"]
    assert "data_type of every column" in messages(run(PEOPLE, types={}))[0]


def test_seeds_have_declared_or_inferred_types(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "codes.sql").write_text("code,Region,weight\n001,US,1.5\n")
    seed = node("seed", "codes", None)
    reads = "select code as x from `p`.`d`.`codes` where weight > 1.0 and region = 'US'"
    reader = node("model", "reader", reads, "seed.shop.codes", columns=columns({"x": "int64"}))
    assert run(seed, reader).ok
    typed = {"column_types": {"CODE": "string", "region": "string", "weight": "float64"}}
    (message,) = messages(run(seed | {"config": typed}, reader))
    assert message == "column x is STRING, declared as int64"
    (tmp_path / "models" / "codes.sql").unlink()
    assert "the seed cannot be read: No such file" in messages(run(seed, reader))[0]


ROUND = "select id, name from `p`.`d`.`people`"


@pytest.mark.parametrize(
    ("sql", "meta", "expected"),
    [
        (ROUND, {"initial": "people"}, []),
        ("select id from `p`.`d`.`people`", {"initial": "people"}, ["column name is missing"]),
        (
            "select id, name, 1 as z from `p`.`d`.`people`",
            {"initial": "people"},
            ["column z is INT64, in people it is missing"],
        ),
        (
            "select id / 2 as id, name from `p`.`d`.`people`",
            {"initial": "people"},
            ["column id is FLOAT64, in people it is INT64"],
        ),
        (
            "select name, id from `p`.`d`.`people`",
            {"initial": "people"},
            ["another order than in people"],
        ),
        (ROUND, {}, ["needs meta.initial"]),
        (ROUND, {"initial": "somebody"}, ["needs meta.initial"]),
        (ROUND, {"initial": "people", "step": "people"}, []),
        (ROUND, {"initial": "people", "step": "merges"}, ["meta.step names merges"]),
    ],
)
def test_an_iterated_model_equals_its_initial_model(
    run: Runner,
    sql: str,
    meta: dict[str, str],
    expected: list[str],
) -> None:
    config = {"materialized": "iterated", "meta": meta}
    found = messages(run(PEOPLE, node("model", "final", sql, "model.shop.people", config=config)))
    assert len(found) == len(expected)
    assert all(part in message for part, message in zip(expected, found, strict=True))


def test_an_incremental_model_that_reads_itself_needs_types(run: Runner) -> None:
    sql = "select id from `p`.`d`.`people` where id > (select max(id) from `p`.`d`.`grown`)"
    grown = node("model", "grown", sql, "model.shop.people")
    (message,) = messages(run(PEOPLE, grown))
    assert message.startswith("it reads itself")
    assert run(PEOPLE, grown | {"columns": columns({"id": "int64"})}).ok


def test_the_partition_variable_of_dbt_is_known(run: Runner) -> None:
    sql = "select id from `p`.`d`.`people` where id >= _dbt_max_partition"
    config = {"partition_by": {"field": "id", "data_type": "int64"}}
    assert run(PEOPLE, node("model", "grown", sql, "model.shop.people", config=config)).ok


def test_a_snapshot_has_the_columns_of_dbt(run: Runner) -> None:
    config = {"strategy": "check", "unique_key": "id", "hard_deletes": "new_record"}
    snapshot = node("snapshot", "history", ROUND, "model.shop.people", config=config)
    sql = "select timestamp_diff(dbt_valid_to, dbt_valid_from, day) as days, dbt_is_deleted"
    reader = node("model", "reader", f"{sql} from `p`.`d`.`history`", "snapshot.shop.history")
    assert run(PEOPLE, snapshot, reader).ok
    del config["hard_deletes"]
    assert "dbt_is_deleted" in messages(run(PEOPLE, snapshot, reader))[0]


def test_hooks_are_checked(run: Runner) -> None:
    end = node("operation", "end", "select naem from `p`.`d`.`people`", "model.shop.people")
    assert "Unrecognized name: naem" in messages(run(end, PEOPLE))[0]
    good = "delete from {{ this }} where id in (select id from {{ source('x', 'raw') }})"
    hooks = [{"sql": good}, "select nowhere() as x", "{{ log('done') }}"]
    report = run(PEOPLE | {"config": {"post-hook": hooks}})
    (error,) = report.errors
    assert error.message.startswith("post-hook: Function not found: nowhere")
    (warning,) = report.warnings
    assert warning.message == "the post-hook is not checked: 'log' is undefined"


def test_an_uncompiled_node_is_an_error(run: Runner) -> None:
    report = run(PEOPLE | {"compiled_code": None})
    assert messages(report) == ["it is not compiled: run `dbt compile` without a selection"]
    assert not report.ok


def test_ephemeral_models_and_empty_hooks_need_no_sql(run: Runner) -> None:
    one = node("model", "one", None, config={"materialized": "ephemeral"})
    outer = node(
        "model", "outer", "with one as (select 1 as x) select x from one", "model.shop.one"
    )
    report = run(one, outer, node("operation", "start", None))
    assert report.ok
    assert report.checked == 1


def test_a_missing_or_broken_manifest_is_told(tmp_path: Path, google_sql: GoogleSql) -> None:
    with pytest.raises(ManifestError, match="run `dbt compile` first"):
        check(tmp_path, Path("target"), google_sql)
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(ManifestError, match="is not a manifest"):
        check(tmp_path, tmp_path, google_sql)


@pytest.mark.parametrize(
    ("sql", "options", "exit_code", "lines"),
    [
        ("select id from `p`.`d`.`raw_people`", [], 0, ["1 statements checked"]),
        ("select upper(name) as x from `p`.`d`.`raw_people`", [], 0, ["1 statements checked"]),
        (
            "select upper(name) as x from `p`.`d`.`raw_people`",
            ["--warnings"],
            0,
            ["target/compiled/shop/models/people.sql:1: warning", "1 statements checked"],
        ),
        (
            "select list_sort([id]) as x from `p`.`d`.`raw_people`",
            [],
            1,
            ["target/compiled/shop/models/people.sql:1: error", "1 statements checked, 1 errors"],
        ),
    ],
)
def test_the_command_prints_one_line_a_finding(
    run: Runner,
    tmp_path: Path,
    sql: str,
    options: list[str],
    exit_code: int,
    lines: list[str],
) -> None:
    run(PEOPLE | {"compiled_code": sql})
    result = CliRunner().invoke(main, ["--project-dir", str(tmp_path), *options])
    assert result.exit_code == exit_code
    printed = result.output.splitlines()
    assert len(printed) == len(lines)
    assert all(line.startswith(start) for line, start in zip(printed, lines, strict=True))


def test_the_command_refuses_to_check_nothing(run: Runner, tmp_path: Path) -> None:
    run()
    result = CliRunner().invoke(main, ["--project-dir", str(tmp_path)])
    assert result.exit_code == 2
    assert "nothing is compiled" in result.output
    result = CliRunner().invoke(main, ["--project-dir", str(tmp_path), "--target-path", "other"])
    assert result.exit_code == 2
    assert "manifest.json is missing" in result.output


def test_a_long_message_is_cut() -> None:
    finding = Violation("model.shop.a", "a.sql", None, "x" * 1000, Gravity.WARNING)
    assert len(str(finding)) < 500
    assert str(finding).endswith(" ...")


def test_a_published_model_has_its_copy_beside_it() -> None:
    published = DbtNode(
        unique_id="model.concord.dim_persons",
        kind="model",
        name="dim_persons",
        relation=("p", "concord_marts", "dim_persons"),
        file="",
        source_file="",
        config={"schema": "marts", "meta": {"published": True}},
    )
    assert published_relation(published) == ("p", "concord_published", "dim_persons")
    assert published_relation(replace(published, config={"schema": "marts"})) == ()
