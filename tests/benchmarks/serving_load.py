"""Questions to a running service, at a fixed rate.

A request that has to wait counts from the moment at which it should have been sent.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import httpx
import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

Ask = Callable[[int], tuple[str, dict[str, Any]]]
LOOKUPS: Final = 50
SEARCHES: Final = 10
WARM_SECONDS: Final = 3.0
# Before and after the newer snapshot comes.
SWAP_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked, drawn from the data: contacts with the name of their owner, and names."""

    contacts: list[tuple[str, str, str]]
    names: list[str]

    def lookup(self, number: int) -> tuple[str, dict[str, Any]]:
        """Return a request by contact and name."""
        kind, value, name = self.contacts[number % len(self.contacts)]
        return "/v1/lookup", {"queries": [{kind: value, "name": name}]}

    def search(self, number: int) -> tuple[str, dict[str, Any]]:
        """Return a request by a name that is not typed to its end."""
        return "/v1/search", {"text": self.names[number % len(self.names)][:-2]}


@dataclass(slots=True)
class Answered:
    """How long the answers took, in seconds, how many were none, and of which run they were."""

    took: list[float] = field(default_factory=list)
    failed: int = 0
    runs: Counter[str] = field(default_factory=Counter)

    def told(self) -> str:
        """Return the figures in words."""
        p50, p95, p99 = (float(np.percentile(self.took, share)) * 1000 for share in (50, 95, 99))
        return (
            f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms, "
            f"errors {self.failed} of {len(self.took)}"
        )


async def ask_all(
    folder: Path, port: int, questions: Questions, seconds: float, newer: Callable[[], str]
) -> None:
    """Print how fast a service answers; `newer` writes a newer snapshot and returns its run."""
    limits = httpx.Limits(max_connections=100)
    address = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=30) as client:
        await _wait(client)
        key = (folder / "serve.key").read_text(encoding="utf-8")
        client.headers["Authorization"] = f"Bearer {key}"
        kinds = (("lookup", questions.lookup, LOOKUPS), ("search", questions.search, SEARCHES))
        for name, ask, rate in kinds:
            await _at_a_rate(client, ask, rate, WARM_SECONDS)
            answered = Answered()
            await _at_a_rate(client, ask, rate, seconds, answered)
            print(f"{name}: {rate}/s for {seconds:.0f} s, {answered.told()}")
        await _swap(client, questions, newer)


async def _swap(client: httpx.AsyncClient, questions: Questions, newer: Callable[[], str]) -> None:
    """Look up while a newer snapshot comes, until a while after it answers."""
    answered = Answered()
    is_over = asyncio.Event()

    async def come() -> None:
        await asyncio.sleep(SWAP_SECONDS)
        run_id = await asyncio.to_thread(newer)
        while not answered.runs[run_id]:
            await asyncio.sleep(0.1)
        await asyncio.sleep(SWAP_SECONDS)
        is_over.set()

    coming = asyncio.create_task(come())
    while not is_over.is_set():
        await _at_a_rate(client, questions.lookup, LOOKUPS, 1.0, answered)
    await coming
    runs = ", ".join(f"{count} of {run_id}" for run_id, count in answered.runs.items())
    print(f"swap: lookups {LOOKUPS}/s meanwhile, {answered.told()}; answers {runs}")


async def _wait(client: httpx.AsyncClient) -> None:
    for _ in range(1200):
        try:
            if (await client.get("/readyz")).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.1)
    raise SystemExit("the service never became ready")


async def _at_a_rate(
    client: httpx.AsyncClient,
    ask: Ask,
    rate: int,
    seconds: float,
    answered: Answered | None = None,
) -> None:
    kept = answered if answered is not None else Answered()
    begun, first = time.monotonic(), len(kept.took)

    async def one(number: int) -> None:
        due = begun + number / rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        path, body = ask(first + number)
        try:
            answer = await client.post(path, json=body)
            is_good = answer.status_code == httpx.codes.OK
            kept.runs[answer.json()["run_id"] if is_good else ""] += 1
        except httpx.TransportError:
            is_good = False
        kept.took.append(time.monotonic() - due)
        kept.failed += not is_good

    await asyncio.gather(*(one(number) for number in range(int(rate * seconds))))
