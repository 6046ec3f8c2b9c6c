"""Which failures are tried again: classes of errors, and what a failed node blocks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from orchestrator.bigquery.classify import classify, classify_message
from orchestrator.bigquery.error_classes import ErrorClass
from orchestrator.dbt.another_attempt import blocked_by, merge, next_attempt
from orchestrator.dbt.artifacts import ManifestNode
from orchestrator.dbt.node import Node, node_of
from orchestrator.dbt.request import RunRequest
from orchestrator.dbt.retry_state import write_dbt_state
from orchestrator.settings.groups import RetrySettings

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = RetrySettings()

# Texts as dbt-bigquery 1.12.1 passes them on.
MESSAGES = {
    "503 POST https://x/jobs: Service Unavailable": ErrorClass.TRANSIENT,
    "500 Error; reason: backendError, message: try later": ErrorClass.TRANSIENT,
    "403 Exceeded rate limits; reason: rateLimitExceeded": ErrorClass.TRANSIENT,
    "('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))": (
        ErrorClass.TRANSIENT
    ),
    "HTTPConnectionPool: Read timed out. (read timeout=60)": ErrorClass.TRANSIENT,
    "400 Could not serialize access to table t due to concurrent update; reason: invalidQuery": (
        ErrorClass.CONFLICT
    ),
    "403 Quota exceeded: too many; reason: quotaExceeded": ErrorClass.QUOTA,
    "500 Query exceeded limit for bytes billed: 5; reason: bytesBilledLimitExceeded": (
        ErrorClass.COST_CAP
    ),
    "Database Error: Query exceeded limit for bytes billed: 100": ErrorClass.COST_CAP,
    "500 Resources exceeded during query execution; reason: resourcesExceeded": (
        ErrorClass.PERMANENT
    ),
    "Access Denied: Table t: User does not have permission": ErrorClass.PERMANENT,
    "Syntax error: Unexpected keyword at [1:2]": ErrorClass.PERMANENT,
    "Unrecognized name: x at [1:8]": ErrorClass.PERMANENT,
    "409 Already Exists: Job p:US.j; reason: duplicate": ErrorClass.UNKNOWN,
    "500 An internal error occurred and the request could not be completed": ErrorClass.TRANSIENT,
    "Internal Error\n  Could not find runner type for node.": ErrorClass.UNKNOWN,
    "Response too large to return.": ErrorClass.PERMANENT,
    "Billing has not been enabled for this project.": ErrorClass.PERMANENT,
    # dbt indents what the warehouse said.
    "Database Error in model a (models/a.sql)\n  502 who knows": ErrorClass.TRANSIENT,
    "something else": ErrorClass.UNKNOWN,
}


@pytest.mark.parametrize(("message", "expected"), MESSAGES.items())
def test_class_of_a_message(message: str, expected: ErrorClass) -> None:
    assert classify_message(message) is expected


def test_status_decides_first() -> None:
    assert classify("fail", "Got 3 results; 503") is ErrorClass.DATA
    assert classify("success", "503") is None
    assert classify("skipped", "") is None
    assert classify("error", "503") is ErrorClass.TRANSIENT


def result(name: str, status: str, message: str = "") -> Node:
    """Return the result of a node."""
    return node_of({"unique_id": name, "status": status, "message": message})


def manifest(**parents: tuple[str, ...]) -> dict[str, ManifestNode]:
    """Return a manifest of models, and of tests whose name begins with `check`."""
    kinds = {name: "test" if name.startswith("check") else "model" for name in parents}
    ids = {name: f"{kind}.concord.{name}" for name, kind in kinds.items()}
    return {
        ids[name]: ManifestNode(
            ids[name], name, kinds[name], None, tuple(ids[parent] for parent in of)
        )
        for name, of in parents.items()
    }


# a -> b -> c, and d beside them; `check` tests a, `check_both` tests b and d, e needs both.
GRAPH = manifest(a=(), b=("a",), c=("b",), d=(), e=("b", "d"), check=("a",), check_both=("b", "d"))


def test_what_a_failure_blocks() -> None:
    assert blocked_by(["model.concord.b"], GRAPH) == {
        "model.concord.c",
        "model.concord.e",
        "test.concord.check_both",
    }
    # A test of a blocks all below a; a test of two blocks only what needs both.
    assert "model.concord.b" in blocked_by(["test.concord.check"], GRAPH)
    assert blocked_by(["test.concord.check_both"], GRAPH) == {"model.concord.e"}


def test_only_what_can_succeed_runs_again() -> None:
    states = merge(
        {},
        [
            result("model.concord.a", "error", "503"),
            result("model.concord.b", "skipped"),
            result("model.concord.c", "skipped"),
            result("model.concord.d", "error", "Syntax error"),
            result("model.concord.e", "skipped"),
        ],
    )
    decision = next_attempt(states, GRAPH, SETTINGS)
    assert decision.nodes == {"model.concord.a", "model.concord.b", "model.concord.c"}
    assert decision.cause is ErrorClass.TRANSIENT


def test_attempts_end() -> None:
    for message, attempts in (("503", 4), ("reason: quotaExceeded", 2), ("who knows", 2)):
        states: dict[str, Node] = {}
        for number in range(1, attempts + 1):
            states = merge(states, [result("model.concord.a", "error", message)])
            may_go_on = next_attempt(states, GRAPH, SETTINGS).cause is not None
            assert may_go_on == (number < attempts), message


@pytest.mark.parametrize(
    "message", ["reason: bytesBilledLimitExceeded", "Access Denied", "Resources exceeded"]
)
def test_what_stays_wrong_is_not_tried_again(message: str) -> None:
    states = merge({}, [result("model.concord.a", "error", message)])
    assert next_attempt(states, GRAPH, SETTINGS).nodes == frozenset()


def test_the_slowest_cause_sets_the_wait() -> None:
    states = merge(
        {},
        [
            result("model.concord.a", "error", "503"),
            result("model.concord.d", "error", "could not serialize access"),
        ],
    )
    assert next_attempt(states, GRAPH, SETTINGS).cause is ErrorClass.CONFLICT


def test_failures_block_together_what_each_blocks_alone() -> None:
    both = ["test.concord.check_both", "model.concord.b", "model.concord.d"]
    assert blocked_by(both, GRAPH) == {"model.concord.c", "model.concord.e"}
    assert blocked_by(["model.concord.b", "test.concord.check_both"], GRAPH) == {
        "model.concord.c",
        "model.concord.e",
    }
    # A test that no manifest knows blocks nothing.
    assert blocked_by(["test.concord.gone"], GRAPH) == set()


def test_what_is_far_below_a_failure_is_blocked() -> None:
    line = manifest(a=(), b=("a",), c=("b",), d=("c",))
    below = {f"model.concord.{name}" for name in "bcd"}
    assert blocked_by(["model.concord.a"], line) == below


@pytest.mark.parametrize("status", ["runtime error", "partial success"])
def test_every_status_of_a_failure_has_a_class(status: str) -> None:
    assert classify(status, "503") is ErrorClass.TRANSIENT


def test_the_state_for_dbt_has_exactly_the_nodes_that_are_left(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "state"
    flags = RunRequest(select=("a+",), full_refresh=True).flags()
    for _ in range(2):
        write_dbt_state(folder, ["model.concord.b", "model.concord.a"], flags)
    state = json.loads((folder / "run_results.json").read_text(encoding="utf-8"))
    # dbt runs again what is `skipped`, with the options of the build.
    assert [(one["unique_id"], one["status"]) for one in state["results"]] == [
        ("model.concord.a", "skipped"),
        ("model.concord.b", "skipped"),
    ]
    assert state["args"] == flags
    assert (state["args"]["which"], state["args"]["full_refresh"]) == ("build", True)


def test_dbt_itself_reads_the_state(tmp_path: Path) -> None:
    from dbt.artifacts.schemas.run import RunResultsArtifact

    write_dbt_state(tmp_path, ["model.concord.a"], {"which": "build"})
    read = RunResultsArtifact.read_and_check_versions(str(tmp_path / "run_results.json"))
    assert [(one.unique_id, one.status) for one in read.results] == [("model.concord.a", "skipped")]
    assert read.args == {"which": "build"}
