"""The labels of BigQuery's jobs, made by dbt's own code from dbt_project.yml."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
RUN_ID = "20261125t020000z-0a1b2c"


def labels(target: str, node: object, environment: dict[str, str]) -> dict[str, Any]:
    from dbt.adapters.base.query_headers import MacroQueryStringSetter
    from dbt.adapters.bigquery.connections import BigQueryConnectionManager
    from dbt.adapters.contracts.connection import QueryComment
    from dbt_common.exceptions.macros import MacroReturn

    def give_back(value: str) -> None:
        raise MacroReturn(value)

    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    given = QueryComment.from_dict(project["query-comment"])
    assert given.job_label
    context = {
        "env_var": environment.get,
        "return": give_back,
        "target": SimpleNamespace(name=target),
        "tojson": json.dumps,
    }
    setter = MacroQueryStringSetter(SimpleNamespace(query_comment=given), context)
    setter.set("connection", node)
    manager: Any = BigQueryConnectionManager
    found: dict[str, Any] = manager._labels_from_query_comment(None, setter.comment.query_comment)
    return found


def test_jobs_in_the_cloud_carry_the_run() -> None:
    node = SimpleNamespace(name="dim_persons")
    assert labels("prod", node, {"CONCORD_RUN_ID": RUN_ID}) == {
        "app": "concord",
        "target": "prod",
        "node": "dim_persons",
        "run_id": RUN_ID,
    }


@pytest.mark.parametrize("environment", [{"CONCORD_RUN_ID": RUN_ID}, {}])
def test_local_statements_are_the_same_in_every_run(environment: dict[str, str]) -> None:
    assert labels("local", None, environment) == {"app": "concord", "target": "local"}


def test_plain_dbt_belongs_to_no_run() -> None:
    assert labels("dev", None, {}) == {"app": "concord", "target": "dev", "run_id": "none"}
