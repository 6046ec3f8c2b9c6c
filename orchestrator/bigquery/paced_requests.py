"""Requests at a bounded pace: above it they wait, they do not fail."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from requests.adapters import HTTPAdapter

if TYPE_CHECKING:
    from collections.abc import Callable

    from requests import PreparedRequest, Response


class PacedAdapter(HTTPAdapter):
    """Sends at most so many requests per second, and none without a time limit of its own."""

    def __init__(
        self,
        per_second: float,
        timeout: float | None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__()
        # The library counts whole requests and seconds: 0.5 a second is 1 in 2 seconds.
        self._limit = RateLimitItemPerSecond(
            max(1, math.floor(per_second)), max(1, math.ceil(1 / per_second))
        )
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._timeout = timeout
        self._sleep = sleep

    def send(self, request: PreparedRequest, **options: Any) -> Response:  # type: ignore[override]  # noqa: ANN401
        """Send a request as soon as the pace allows it."""
        while not self._limiter.hit(self._limit):
            free_at = self._limiter.get_window_stats(self._limit).reset_time
            self._sleep(max(0.01, free_at - time.time()))
        if options.get("timeout") is None:
            options["timeout"] = self._timeout
        return super().send(request, **options)
