"""How fast a snapshot is made, and how fast it answers: `make bench-serving`.

The tables are made up, in the proportions of the demo's: rows per person, lengths of ids and texts.
The load comes from this machine, at a fixed rate: a request that has to wait counts from the moment
at which it should have been sent.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import httpx
import numpy as np
import psutil
import pyarrow as pa
import pyarrow.compute as pc

from orchestrator.serving.build import build_snapshot
from orchestrator.settings.values import Settings
from orchestrator.steps import StepClock
from tests.serving_sample import PublishedSample, arrow_type, declared_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.bigquery.connect import Connection

# Rows per person in the demo.
PER_PERSON: Final = {
    "dim_persons": 1.0,
    "dim_companies": 0.17,
    "bridge_person_records": 2.17,
    "person_contact_points": 2.36,
    "person_addresses": 0.83,
    "person_employments": 0.83,
    "person_value_provenance": 9.9,
    "company_value_provenance": 1.38,
    "entity_events": 1.16,
    "match_explanations": 14.7,
    "match_review_queue": 0.38,
    "int_record_texts": 2.47,
}
# Of match_explanations; crm_100k has 5.4.
STEPS_PER_PAIR: Final = 6
Ask = Callable[[int], tuple[str, dict[str, Any]]]
BATCH_ROWS: Final = 50_000
GIVEN: Final = ("ann", "bob", "cem", "dora", "emil", "fatma", "gina", "hans", "ivan", "jana")
ENDINGS: Final = ("son", "mann", "ski", "ez", "ova", "ini", "sen", "berg", "ley", "ton")


@dataclass
class MadeUp(PublishedSample):
    """Tables of as many persons as are asked for."""

    n_persons: int = 1000
    # Seconds that go into making them up, which no warehouse's reader has to do.
    made_in: float = 0.0

    def record_batches(self, table_id: str) -> Iterator[pa.RecordBatch]:
        """Yield made-up rows."""
        name = table_id.rpartition(".")[2]
        columns = declared_columns()[name]
        n_rows = int(self.n_persons * PER_PERSON.get(name, 0.0))
        for start in range(0, n_rows, BATCH_ROWS):
            begun = time.monotonic()
            numbers = np.arange(start, min(start + BATCH_ROWS, n_rows))
            arrays = [self._column(name, column, kind, numbers) for column, kind in columns.items()]
            batch = pa.RecordBatch.from_arrays(arrays, names=list(columns))
            self.made_in += time.monotonic() - begun
            yield batch

    def _column(self, table: str, column: str, kind: str, numbers: np.ndarray) -> pa.Array:
        wanted = arrow_type(kind)
        if pa.types.is_list(wanted):
            texts = self._texts(table, column.removesuffix("s"), numbers)
            return pa.ListArray.from_arrays(np.arange(len(numbers) + 1, dtype=np.int32), texts)
        if pa.types.is_temporal(wanted):
            return pa.array([datetime(2026, 11, 1, tzinfo=UTC)] * len(numbers), wanted)
        if column == "step":
            return pa.array(numbers % STEPS_PER_PAIR)
        if not pa.types.is_string(wanted):
            return pc.cast(pa.array(numbers % 20), wanted, safe=False)
        return self._texts(table, column, numbers)

    def _texts(self, table: str, column: str, numbers: np.ndarray) -> pa.Array:
        share = PER_PERSON[table]
        person = (numbers / share).astype(np.int64)
        if column in ("person_id", "entity_id"):
            return _numbered("per_01aaaaaaaaaaaaaa", person)
        if column == "company_id":
            return _numbered("com_01aaaaaaaaaaaaaa", (person * 0.17).astype(np.int64))
        if column in ("record_id", "record_id_l"):
            return _numbered("salesforce:contact:0035g0", self._things(table, numbers))
        if column in ("record_id_r", "source_id"):
            return _numbered("hubspot:contact:", self._things(table, numbers))
        if column == "entity":
            return pa.array(["person"] * len(numbers))
        if column == "kind":
            return pa.array(np.where(numbers % 2 == 0, "email", "phone"))
        if column == "usage":
            return pa.array(["personal"] * len(numbers))
        if column in ("display_name", "full_name", "record_name"):
            return pa.array([name_of(number) for number in person])
        if column in ("value", "primary_email", "email"):
            return pa.array([f"{name_of(n).replace(' ', '.')}{n}@mail.example" for n in person])
        return pa.array(np.char.add(f"{column[:12]} ", (numbers % 997).astype(str)))

    def _things(self, table: str, numbers: np.ndarray) -> np.ndarray:
        return numbers // STEPS_PER_PAIR if table == "match_explanations" else numbers


def name_of(number: int) -> str:
    """Return the name of a person: some 100,000 different ones."""
    stem = f"{chr(97 + number % 26)}{'aeiou'[number // 26 % 5]}{chr(97 + number // 130 % 26)}"
    more = f"{'aeiou'[number // 3380 % 5]}{ENDINGS[number // 16900 % len(ENDINGS)]}"
    return f"{GIVEN[number % len(GIVEN)]} {stem}{more}"


def _numbered(before: str, numbers: np.ndarray) -> pa.Array:
    return pa.array(np.char.add(before, np.char.zfill(numbers.astype(str), 9)))


def main() -> None:
    """Make a snapshot, serve it, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=30.0)
    options = parser.parse_args()
    n_persons = int(options.records / PER_PERSON["bridge_person_records"])
    with tempfile.TemporaryDirectory(prefix="bench-serving-") as folder:
        settings = Settings(state_folder=Path(folder))
        made = MadeUp(settings, n_persons=n_persons)
        started = time.monotonic()
        found = build_snapshot(cast("Connection", made), "bench", StepClock())
        seconds = time.monotonic() - started - made.made_in
        peak = psutil.Process().memory_full_info().rss / 1e6
        print(f"records {options.records:,}, persons {n_persons:,}")
        print(f"snapshot: {seconds:.1f} s, {found.bytes / 1e6:,.0f} MB, process {peak:,.0f} MB")
        _serve(folder, n_persons, options.seconds)


def _serve(folder: str, n_persons: int, seconds: float) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "CONCORD_STATE_FOLDER": folder,
        "CONCORD_SERVE_LOOKUPS_PER_MINUTE": "1000000",
        "CONCORD_SERVE_SEARCHES_PER_MINUTE": "1000000",
    }
    command = [str(Path(sys.executable).parent / "concord"), "serve", "--port", str(port)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            asyncio.run(_load(Path(folder), port, n_persons, seconds))
            memory = psutil.Process(server.pid).memory_full_info()
            print(f"service: {memory.rss / 1e6:,.0f} MB, of these its own {memory.uss / 1e6:,.0f}")
        finally:
            server.terminate()


async def _load(folder: Path, port: int, n_persons: int, seconds: float) -> None:
    numbers = np.random.default_rng(7).integers(0, n_persons, 100_000)

    def lookup(number: int) -> tuple[str, dict[str, Any]]:
        person = int(numbers[number % len(numbers)])
        email = f"{name_of(person).replace(' ', '.')}{person}@mail.example"
        return "/v1/lookup", {"queries": [{"email": email, "name": name_of(person)}]}

    def search(number: int) -> tuple[str, dict[str, Any]]:
        return "/v1/search", {"text": name_of(int(numbers[-1 - number]))[:-2]}

    limits = httpx.Limits(max_connections=100)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", limits=limits, timeout=30
    ) as client:
        await _wait(client)
        key = (folder / "serve.key").read_text(encoding="utf-8")
        client.headers["Authorization"] = f"Bearer {key}"
        for name, ask, rate in (("lookup", lookup, 50), ("search", search, 10)):
            await _at_a_rate(client, ask, rate, 3.0)
            took, failed = await _at_a_rate(client, ask, rate, seconds)
            p50, p95, p99 = (float(np.percentile(took, share)) * 1000 for share in (50, 95, 99))
            print(
                f"{name}: {rate}/s for {seconds:.0f} s, p50 {p50:.1f} ms, p95 {p95:.1f} ms, "
                f"p99 {p99:.1f} ms, errors {failed} of {len(took)}"
            )


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
) -> tuple[list[float], int]:
    took: list[float] = []
    failed = 0
    begun = time.monotonic()

    async def one(number: int) -> None:
        nonlocal failed
        due = begun + number / rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        path, body = ask(number)
        answer = await client.post(path, json=body)
        took.append(time.monotonic() - due)
        failed += answer.status_code != httpx.codes.OK or not answer.json()

    await asyncio.gather(*(one(number) for number in range(int(rate * seconds))))
    return took, failed


if __name__ == "__main__":
    main()
