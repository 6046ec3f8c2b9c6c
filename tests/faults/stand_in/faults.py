"""Scripted faults: what goes wrong, at which call, how often. Data and counting, no network."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final, Literal

# The parts of the API that a fault can sit at. `job` is no call: it is how an accepted job ends.
Endpoint = Literal[
    "insert", "poll", "get", "cancel", "query", "load", "copy", "tables", "datasets", "job", "any"
]
Action = Literal["refuse", "reset", "lose", "hang", "fail", "slow"]

# HTTP status of a reason, from BigQuery's page "Error messages". A reason that is not listed there
# comes as 400.
STATUS: Final = {
    "accessDenied": 403,
    "authError": 401,
    "backendError": 503,
    "badGateway": 502,
    "billingNotEnabled": 403,
    "blocked": 403,
    "duplicate": 409,
    "internalError": 500,
    "notFound": 404,
    "quotaExceeded": 403,
    "rateLimitExceeded": 403,
    "responseTooLarge": 403,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. It hits the matching calls from number `first` on, `times` of them.

    `node` is a pattern for the dbt node, or the table where there is no node. `refuse` answers
    with an error, `reset` cuts the connection before the request is taken in, `lose` after it,
    `hang` stays silent for `seconds`. `fail` and `slow` belong to the endpoint `job`. With a
    `share`, the fault hits that part of the matching calls at random.
    """

    endpoint: Endpoint
    action: Action
    reason: str = ""
    message: str = ""
    node: str = "*"
    first: int = 1
    times: int = 1
    seconds: float = 0.0
    share: float = 0.0

    def matches(self, endpoint: str, node: str) -> bool:
        """Say whether a call is one that this fault looks at."""
        is_here = self.endpoint == endpoint or (self.endpoint == "any" and endpoint != "job")
        return is_here and fnmatchcase(node, self.node)

    @property
    def text(self) -> str:
        """Return the message, or one that says no more than the reason."""
        return self.message or f"The job or the call failed: {self.reason}"


@dataclass(slots=True)
class FaultScript:
    """Counts the calls and says which of them fail."""

    faults: tuple[Fault, ...] = ()
    seed: int = 0
    hits: list[tuple[Fault, str]] = field(default_factory=list)
    _seen: dict[int, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        """Start the random numbers of the script."""
        self._random = random.Random(self.seed)  # noqa: S311 - a test that can be repeated

    def next_fault(self, endpoint: str, node: str) -> Fault | None:
        """Count a call and return the fault that hits it."""
        with self._lock:
            for number, fault in enumerate(self.faults):
                if not fault.matches(endpoint, node):
                    continue
                self._seen[number] = self._seen.get(number, 0) + 1
                if self._is_hit(fault, self._seen[number]):
                    self.hits.append((fault, node))
                    return fault
        return None

    def _is_hit(self, fault: Fault, call: int) -> bool:
        if fault.share:
            return self._random.random() < fault.share
        return fault.first <= call < fault.first + fault.times
