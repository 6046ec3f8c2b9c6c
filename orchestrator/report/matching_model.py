"""What the report says about the model of an entity: its weights, its threshold, its blocking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class ModelLevel:
    """One level of a comparison: how often matches (m) and other pairs (u) have it.

    `weight` is log2(m / u) in bits, `default_weight` the same before training; the prior has none.
    """

    comparison: str
    level: int
    label: str
    m: float
    u: float
    weight: float
    default_weight: float | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """What accepting all pairs from a match weight on would give; counts are pairs."""

    threshold: float
    accepted: int
    right: int
    true: int

    @property
    def precision(self) -> float:
        """Share of the accepted pairs that are right; 1 when none is accepted."""
        return self.right / self.accepted if self.accepted else 1.0

    @property
    def recall(self) -> float:
        """Share of all true pairs that are accepted; 1 when there is none."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Curve:
    """Cuts from the highest threshold down, and the one that is in use.

    `found` is how many of the `true` pairs blocking found: no threshold can reach more.
    """

    cuts: tuple[Cut, ...]
    chosen: Cut
    found: int

    @property
    def ceiling(self) -> float:
        """The recall that no threshold can exceed."""
        return self.found / self.chosen.true if self.chosen.true else 1.0

    @property
    def best(self) -> Cut:
        """The cut of the highest F1; the one in use when it is as good."""
        return max((self.chosen, *self.cuts), key=lambda cut: cut.f1)

    def at(self, offsets: Sequence[float]) -> tuple[Cut, ...]:
        """Return the cuts at these distances in bits from the one in use, as far as known."""
        wanted = {self.chosen.threshold + offset for offset in offsets}
        return tuple(cut for cut in self.cuts if cut.threshold in wanted)


@dataclass(frozen=True, slots=True)
class RuleYield:
    """What a blocking rule brings (pairs) and what its oversized keys cost."""

    rule: str
    pairs: int
    new_pairs: int
    accepted_pairs: int
    only_accepted_pairs: int
    largest_block: int
    oversized_keys: int
    left_out_keys: int
    left_out_records: int
    lost_pairs: int


@dataclass(frozen=True, slots=True)
class ModelReport:
    """The model of one entity; `rounds` is how many rounds the training took."""

    levels: tuple[ModelLevel, ...]
    rounds: int
    curve: Curve | None
    rules: tuple[RuleYield, ...]

    @property
    def oversized(self) -> tuple[RuleYield, ...]:
        """Rules with a key that was too large."""
        return tuple(rule for rule in self.rules if rule.oversized_keys)
