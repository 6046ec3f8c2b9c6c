"""Decides which nodes of a build are worth another attempt, and after which wait. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from orchestrator.bigquery.error_classes import RETRIES, ErrorClass
from orchestrator.dbt.node import SKIPPED, Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orchestrator.dbt.artifacts import ManifestNode
    from orchestrator.settings.groups import RetrySettings

# Which wait counts when nodes of several classes are tried again at once.
SLOWEST_FIRST: Final = (
    ErrorClass.QUOTA,
    ErrorClass.CONFLICT,
    ErrorClass.TRANSIENT,
    ErrorClass.UNKNOWN,
)


@dataclass(frozen=True, slots=True)
class Decision:
    """The nodes to run next; `cause` is the class that the wait depends on.

    `failed` are those of the nodes that have failed; the others were skipped for them.
    """

    nodes: frozenset[str] = frozenset()
    cause: ErrorClass | None = None
    failed: frozenset[str] = frozenset()


def merge(nodes: Mapping[str, Node], attempted: Iterable[Node]) -> dict[str, Node]:
    """Return the nodes after one more attempt."""
    merged = dict(nodes)
    for node in attempted:
        before = merged.get(node.unique_id)
        attempts = node.attempts + (before.attempts if before else 0)
        merged[node.unique_id] = replace(node, attempts=attempts)
    return merged


def next_attempt(
    nodes: Mapping[str, Node],
    manifest: Mapping[str, ManifestNode],
    settings: RetrySettings,
) -> Decision:
    """Choose the failed nodes that may succeed next time, and those skipped only for them."""
    failed = {name: node for name, node in nodes.items() if node.has_failed}
    again = {name for name, node in failed.items() if _may_try_again(node, settings)}
    if not again:
        return Decision()
    blocked = blocked_by(failed.keys() - again, manifest)
    waiting = {name for name, node in nodes.items() if node.status == SKIPPED}
    causes = {nodes[name].error_class for name in again}
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


def _may_try_again(node: Node, settings: RetrySettings) -> bool:
    if node.error_class is None:
        return False
    retries = RETRIES[node.error_class]
    limit = settings.attempts if retries is None else min(settings.attempts, retries + 1)
    return node.attempts < limit


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
