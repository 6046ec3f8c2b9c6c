"""How far a build may be from what is published before somebody has to agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestrator.run.id_gate import percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.diff.builds import BuildDiff, BuiltEntity


@dataclass(frozen=True, slots=True)
class DiffLimits:
    """Shares from 0 to 1: of changed ids, of quality that is lost, of conflicts that come."""

    id_changes: float
    quality_loss: float
    conflict_rise: float


def problems_of(found: BuildDiff, limits: DiffLimits) -> tuple[str, ...]:
    """Return what is beyond the limits, in words."""
    return tuple(text for one in found.entities for text in _of_entity(one, limits))


def _of_entity(one: BuiltEntity, limits: DiffLimits) -> Iterator[str]:
    name = one.diff.entity
    share = one.diff.id_change_share or 0.0
    if share > limits.id_changes:
        allowed = percent(limits.id_changes)
        yield f"{percent(share)} of {name} ids would change, allowed {allowed}"
    for figure in ("expected_precision", "expected_recall"):
        was, now = (getattr(side.quality, figure) for side in (one.before, one.after))
        told = f"{figure.replace('_', ' ')} of {name}"
        if was is not None and now is None:
            yield f"the {told} cannot be told any more, it was {percent(was)}"
        elif was is not None and now is not None and was - now > limits.quality_loss:
            allowed = percent(limits.quality_loss)
            yield f"the {told} would fall from {percent(was)} to {percent(now)}, allowed {allowed}"
    for comparison, now in one.after.quality.conflict_rates.items():
        was = one.before.quality.conflict_rates.get(comparison) or 0.0
        if (now or 0.0) - was > limits.conflict_rise:
            told = f"conflicts of {comparison.replace('_', ' ')} in {name}"
            yield (
                f"{told} would rise from {percent(was)} to {percent(now or 0.0)}, "
                f"allowed {percent(limits.conflict_rise)}"
            )
