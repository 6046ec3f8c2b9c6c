"""How long a build waits for BigQuery: jobs, the longest chain, and a build that is played."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.commands.plan import plan_text
from orchestrator.dbt.artifacts import ManifestNode
from orchestrator.plan.latency import SECONDS, UNKNOWN_ROUNDS, VERDICT_SECONDS, Latency, estimate
from orchestrator.plan.make import Plan

TABLE, VIEW, TEST = SECONDS["table"], SECONDS["view"], SECONDS["test"]


def node(name: str, *parents: str, kind: str = "model", how: str = "table") -> ManifestNode:
    return ManifestNode(name, name, kind, None, parents, materialized=how)


def iterated(**meta: Any) -> ManifestNode:  # noqa: ANN401
    return ManifestNode("i", "i", "model", None, (), materialized="iterated", meta=meta)


def latency(*nodes: ManifestNode, threads: int = 8, **rounds: int) -> Latency:
    manifest = {one.unique_id: one for one in nodes}
    return estimate(manifest, list(manifest), rounds, threads)


def test_a_chain_takes_its_length_and_neighbours_run_beside_it() -> None:
    nodes = [node("a"), node("b", "a", how="view"), node("c", "b"), node("d"), node("e")]
    found = latency(*nodes)
    assert (found.jobs, found.sequential_jobs) == (5, 3)
    assert found.minutes * 60 == pytest.approx(2 * TABLE + VIEW)
    alone = latency(*nodes, threads=1)
    assert (alone.jobs, alone.sequential_jobs) == (5, 3)
    assert alone.minutes * 60 == pytest.approx(4 * TABLE + VIEW)


def test_what_is_built_of_a_tested_model_waits_for_the_test() -> None:
    test = node("t", "a", kind="test")
    assert latency(node("a"), test, node("b", "a")).sequential_jobs == 3
    # A test that also reads what comes later holds up nothing of that.
    both = node("t", "a", "b", kind="test")
    assert latency(node("a"), both, node("b", "a"), node("c", "a")).sequential_jobs == 3
    assert latency(node("a"), node("c", "a")).sequential_jobs == 2


def test_what_was_not_chosen_is_not_waited_for() -> None:
    manifest = {"a": node("a"), "b": node("b", "a")}
    assert estimate(manifest, ["b"], {}, 8).jobs == 1
    assert estimate(manifest, [], {}, 8) == Latency(0, 0, 0.0, 8)


def test_what_has_not_changed_takes_no_job_and_keeps_its_place() -> None:
    nodes = [node("a"), node("b", "a", how="view"), node("c", "b"), node("d", "a", how="view")]
    manifest = {one.unique_id: one for one in nodes}
    found = estimate(manifest, list(manifest), {}, 8, ["b", "d"])
    assert (found.jobs, found.sequential_jobs) == (2, 2)
    assert found.minutes * 60 == pytest.approx(2 * TABLE)
    assert estimate(manifest, ["b"], {}, 8, ["b"]) == Latency(0, 0, 0.0, 8)


def test_an_iteration_takes_its_rounds() -> None:
    # Each round a state and a verdict, and the last state once more.
    plain = latency(iterated(), i=3)
    assert (plain.jobs, plain.sequential_jobs) == (7, 7)
    assert plain.minutes * 60 == pytest.approx(4 * TABLE + 3 * VERDICT_SECONDS)
    # The first step is a model of its own, and an empty one is the verdict.
    assert latency(iterated(step="s", verdict="step"), i=3).jobs == 5
    assert latency(iterated(step="s", verdict="state"), i=3).jobs == 9
    assert latency(iterated()).jobs == 2 * UNKNOWN_ROUNDS + 1


def test_seeds_snapshots_and_merges_take_more_than_one_job() -> None:
    assert latency(node("s", kind="seed", how="seed")).jobs == 3
    assert latency(node("h", how="incremental")).jobs == 3


def test_the_plan_says_it() -> None:
    text = plan_text(Plan((), (), 6.25, True, (), Latency(1234, 90, 5.64, 8)))
    assert "Jobs      1,234 on BigQuery, 90 of them one after the other" in text
    assert "Takes     at least about 5.6 minutes there, with 8 threads (estimate)" in text
    assert max(len(line) for line in text.splitlines()) <= 80
