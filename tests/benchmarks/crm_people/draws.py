"""One stream of random numbers: the same seed gives the same people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# One number at a time from numpy is slow, so they are drawn in blocks.
BLOCK: Final = 1 << 20

Item = TypeVar("Item")


class Draws:
    """Random choices. The order of the calls is part of what a seed means."""

    def __init__(self, seed: int) -> None:
        self._generator = np.random.default_rng(seed)
        self._block: list[float] = self._generator.random(BLOCK).tolist()
        self._used = 0

    def share(self) -> float:
        """Draw a number from 0 up to 1."""
        if self._used >= BLOCK:
            self._block = self._generator.random(BLOCK).tolist()
            self._used = 0
        drawn = self._block[self._used]
        self._used += 1
        return drawn

    def chance(self, probability: float) -> bool:
        """Say yes with the given probability."""
        return self.share() < probability

    def below(self, limit: int) -> int:
        """Draw a whole number from 0 to limit - 1."""
        return int(self.share() * limit)

    def pick(self, items: Sequence[Item]) -> Item:
        """Draw one of the items, all equally likely."""
        return items[int(self.share() * len(items))]

    def pick_by_weight(self, cumulated: NDArray[np.float64]) -> int:
        """Draw a position; `cumulated` holds the running sums of the shares."""
        return min(int(np.searchsorted(cumulated, self.share())), len(cumulated) - 1)

    def positions_by_weight(self, cumulated: NDArray[np.float64], count: int) -> list[int]:
        """Draw many positions at once."""
        drawn = np.searchsorted(cumulated, self._generator.random(count))
        positions: list[int] = np.minimum(drawn, len(cumulated) - 1).tolist()
        return positions

    def permutation(self, count: int) -> list[int]:
        """Draw an order of the numbers from 0 to count - 1."""
        order: list[int] = self._generator.permutation(count).tolist()
        return order


def cumulate(weights: Sequence[float]) -> NDArray[np.float64]:
    """Return the running sums of the weights as shares of their total."""
    shares = np.array(weights)
    sums: NDArray[np.float64] = np.cumsum(shares / shares.sum())
    return sums
