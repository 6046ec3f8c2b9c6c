"""How long a build takes on BigQuery when there is next to no data: what it waits for.

BigQuery takes seconds for the smallest job, and a model waits for those before it. So a small
build lasts as long as its longest chain, and a large one never less. Estimates, not measurements:
a job is taken to last what small jobs usually last.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from orchestrator.dbt.artifacts import ManifestNode

# Seconds that a small job takes, by what it does.
SECONDS: Final = {"table": 3.5, "view": 1.3, "test": 1.8, "load": 2.25, "merge": 3.0}
# What counts a result, once per round of an iteration without a step.
VERDICT_SECONDS: Final = 1.2
# The rounds of an iteration that has never run.
UNKNOWN_ROUNDS: Final = 10
ITERATED: Final = "iterated"


@dataclass(frozen=True, slots=True)
class Latency:
    """What a build asks of BigQuery beside reading: jobs, and the time that they take at least."""

    jobs: int
    sequential_jobs: int
    minutes: float
    threads: int


def estimate(
    manifest: Mapping[str, ManifestNode],
    chosen: Collection[str],
    rounds: Mapping[str, int],
    threads: int,
    unchanged: Collection[str] = frozenset(),
) -> Latency:
    """Play a build of the chosen nodes; `rounds` are those of iterated models that ran before.

    What is `unchanged` is left as it is: it takes no job, and keeps its place in the order.
    """
    graph = _build_order(manifest, chosen)
    jobs, seconds = {}, {}
    for key in graph:
        took = rounds.get(key, UNKNOWN_ROUNDS)
        durations = () if key in unchanged else tuple(_durations(manifest[key], took))
        jobs[key], seconds[key] = len(durations), sum(durations)
    chain: dict[str, int] = {}
    for key in nx.topological_sort(graph):
        before = max((chain[parent] for parent in graph.predecessors(key)), default=0)
        chain[key] = before + jobs[key]
    return Latency(
        jobs=sum(jobs.values()),
        sequential_jobs=max(chain.values(), default=0),
        minutes=_played(graph, seconds, threads) / 60,
        threads=threads,
    )


def _durations(node: ManifestNode, rounds: int) -> Iterator[float]:
    """Yield the seconds of each job of a node that is built; one that is left alone has none."""
    if node.resource_type == "seed":
        # The rows, the options, and the label that says what was loaded.
        yield from (SECONDS["load"],) * 3
    elif node.resource_type == "test":
        yield SECONDS["test"]
    elif node.materialized == ITERATED:
        has_step, asks = "step" in node.meta, node.meta.get("verdict") != "step"
        for number in range(1, rounds + 1):
            if has_step and number > 1:
                yield SECONDS["table"]
            yield SECONDS["table"]
            if asks:
                yield VERDICT_SECONDS
        if asks:
            yield SECONDS["table"]
    elif node.materialized == "incremental":
        yield from (SECONDS["merge"],) * 3
    else:
        yield SECONDS.get(node.materialized, SECONDS["table"])


def _build_order(manifest: Mapping[str, ManifestNode], chosen: Collection[str]) -> nx.DiGraph[str]:
    """Return what waits for what: models for models, and for the tests of what they are made of."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(chosen)
    for key in chosen:
        parents = [parent for parent in manifest[key].depends_on if parent in graph]
        graph.add_edges_from((parent, key) for parent in parents)
    above = {key: nx.ancestors(graph, key) for key in chosen}
    tested = {
        key: set(graph.predecessors(key))
        for key in chosen
        if manifest[key].resource_type == "test" and graph.in_degree(key)
    }
    for key in chosen:
        if manifest[key].resource_type != "test":
            waits = (test for test, parents in tested.items() if parents <= above[key])
            graph.add_edges_from((test, key) for test in waits)
    return graph


def _played(graph: nx.DiGraph[str], seconds: Mapping[str, float], threads: int) -> float:
    """Return the seconds that the build takes; what has most behind it goes first."""
    tail: dict[str, float] = {}
    for key in reversed(list(nx.topological_sort(graph))):
        tail[key] = seconds[key] + max((tail[child] for child in graph.successors(key)), default=0)
    waiting = {key: graph.in_degree(key) for key in graph}
    ready = [(-tail[key], key) for key, left in waiting.items() if not left]
    heapq.heapify(ready)
    running: list[tuple[float, str]] = []
    now = 0.0
    while ready or running:
        while ready and len(running) < threads:
            _, key = heapq.heappop(ready)
            heapq.heappush(running, (now + seconds[key], key))
        now, key = heapq.heappop(running)
        for child in graph.successors(key):
            waiting[child] -= 1
            if not waiting[child]:
                heapq.heappush(ready, (-tail[child], child))
    return now
