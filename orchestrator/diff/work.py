"""What a build beside production had to do: the models that differ, and the bytes that it read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestrator.dbt.artifacts import read_run_results
from orchestrator.dbt.request import RunRequest
from orchestrator.errors import InputError
from orchestrator.plan.models import TIB

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.dbt.node import Node
    from orchestrator.dbt.runner import DbtRunner


@dataclass(frozen=True, slots=True)
class BuildWork:
    """None is what nobody asked for, or what the warehouse does not say."""

    changed_models: tuple[str, ...] | None = None
    built_models: int | None = None
    tests: int | None = None
    bytes_processed: int | None = None
    bytes_billed: int | None = None

    def cost(self, price_per_tib: float) -> float | None:
        """Return what the bytes cost in US dollars."""
        billed = self.bytes_billed
        return None if billed is None else billed / TIB * price_per_tib


def read_work(runner: DbtRunner, state: Path | None, results: Path | None) -> BuildWork:
    """Read what differs from the manifest in `state`, and the run_results.json in `results`."""
    changed = None if state is None else changed_models(runner, state)
    if results is None:
        return BuildWork(changed)
    found = read_run_results(results)
    if found is None:
        raise InputError(
            f"there is no run_results.json in {results}", "name the target folder of a dbt build"
        )
    nodes = found[1]
    return BuildWork(
        changed,
        built_models=sum(node.resource_type in {"model", "seed"} for node in nodes),
        tests=sum(node.resource_type in {"test", "unit_test"} for node in nodes),
        bytes_processed=_sum(nodes, "bytes_processed"),
        bytes_billed=_sum(nodes, "bytes_billed"),
    )


def changed_models(runner: DbtRunner, state: Path) -> tuple[str, ...]:
    """Return the models and seeds that differ from those of a manifest, by name."""
    if not (state / "manifest.json").is_file():
        raise InputError(
            f"there is no manifest.json in {state}", "name the folder of production's manifest"
        )
    request = RunRequest(select=("state:modified",))
    found = runner.selected(request, "--state", str(state.resolve()))
    kinds = ("model.", "seed.")
    return tuple(sorted(name.rpartition(".")[2] for name in found if name.startswith(kinds)))


def _sum(nodes: tuple[Node, ...], figure: str) -> int | None:
    known = [value for node in nodes if (value := getattr(node, figure)) is not None]
    return sum(known) if known else None
