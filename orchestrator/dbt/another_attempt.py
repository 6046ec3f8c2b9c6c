"""Decides which nodes of a build are worth another attempt, and after which wait. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orchestrator.dbt.classify import classify
from orchestrator.dbt.error_classes import RETRIES, ErrorClass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orchestrator.dbt.artifacts import ManifestNode, NodeResult
    from orchestrator.settings.groups import RetrySettings

SKIPPED: Final = "skipped"
# Which wait counts when nodes of several classes are tried again at once.
SLOWEST_FIRST: Final = (
    ErrorClass.QUOTA,
    ErrorClass.CONFLICT,
    ErrorClass.TRANSIENT,
    ErrorClass.UNKNOWN,
)


@dataclass(frozen=True, slots=True)
class NodeState:
    """A node after its last attempt. A skipped node has not been attempted."""

    result: NodeResult
    attempts: int
    error_class: ErrorClass | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The nodes to run next; `cause` is the class that the wait depends on.

    `failed` are those of the nodes that have failed; the others were skipped for them.
    """

    nodes: frozenset[str] = frozenset()
    cause: ErrorClass | None = None
    failed: frozenset[str] = frozenset()


def merge(states: Mapping[str, NodeState], results: Iterable[NodeResult]) -> dict[str, NodeState]:
    """Return the states after one more attempt."""
    merged = dict(states)
    for result in results:
        before = merged.get(result.unique_id)
        attempts = (before.attempts if before else 0) + (result.status != SKIPPED)
        error_class = result.known_class or classify(result.status, result.message)
        merged[result.unique_id] = NodeState(result, attempts, error_class)
    return merged


def next_attempt(
    states: Mapping[str, NodeState],
    manifest: Mapping[str, ManifestNode],
    settings: RetrySettings,
) -> Decision:
    """Choose the failed nodes that may succeed next time, and those skipped only for them."""
    failed = {name: state for name, state in states.items() if state.error_class is not None}
    again = {name for name, state in failed.items() if _may_try_again(state, settings)}
    if not again:
        return Decision()
    blocked = blocked_by(failed.keys() - again, manifest)
    waiting = {name for name, state in states.items() if state.result.status == SKIPPED}
    causes = {states[name].error_class for name in again}
    cause = next(error_class for error_class in SLOWEST_FIRST if error_class in causes)
    failing = frozenset(again - blocked)
    return Decision(failing | (waiting - blocked), cause, failing)


def blocked_by(nodes: Iterable[str], manifest: Mapping[str, ManifestNode]) -> set[str]:
    """Return what dbt skips when these nodes fail.

    A failed test blocks the nodes below all that it tests, as `dbt build` has it.
    """
    children = _children(manifest)
    blocked: set[str] = set()
    for name in nodes:
        parents = manifest[name].depends_on if name in manifest else ()
        if name.startswith("test.") and parents:
            blocked |= set.intersection(*(_below(parent, children) for parent in parents))
        else:
            blocked |= _below(name, children)
    return blocked.difference(nodes)


def _may_try_again(state: NodeState, settings: RetrySettings) -> bool:
    if state.error_class is None:
        return False
    retries = RETRIES[state.error_class]
    limit = settings.attempts if retries is None else min(settings.attempts, retries + 1)
    return state.attempts < limit


def _children(manifest: Mapping[str, ManifestNode]) -> Mapping[str, list[str]]:
    children: dict[str, list[str]] = defaultdict(list)
    for node in manifest.values():
        for parent in node.depends_on:
            children[parent].append(node.unique_id)
    return children


def _below(name: str, children: Mapping[str, list[str]]) -> set[str]:
    found: set[str] = set()
    open_nodes = [name]
    while open_nodes:
        for child in children.get(open_nodes.pop(), ()):
            if child not in found:
                found.add(child)
                open_nodes.append(child)
    return found
