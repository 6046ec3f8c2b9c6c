"""How fast a snapshot is made, and how fast it answers: `make bench-serving`.

The tables are made up, unless `--data` names a data set of people: that one is built in a local
warehouse. Either way the seconds are those of writing: what the rows take to come is told apart.
The load comes from this machine. At last a newer snapshot comes while it asks.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import psutil

from orchestrator.serving.build import build_snapshot
from orchestrator.serving.place import SnapshotFile, SnapshotPlace
from orchestrator.serving.snapshot import Snapshot
from orchestrator.settings.values import Settings
from orchestrator.steps import StepClock
from tests.benchmarks.data_sets import find_data_sets
from tests.benchmarks.loaded_people import has_crm_people
from tests.benchmarks.made_up_tables import PER_PERSON, MadeUp
from tests.benchmarks.places_on_disk import EXAMPLES, MADE_DATA
from tests.benchmarks.served_people import PublishedOnDisk, published_people
from tests.benchmarks.serving_load import Questions, ask_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestrator.bigquery.connect import Connection

N_QUESTIONS: Final = 5000
SEED: Final = 7
NEWER_RUN: Final = "bench-newer"
CONTACTS: Final = """
select contacts.kind, contacts.value, persons.display_name
from person_contact_points as contacts inner join dim_persons as persons using (person_id)
where contacts.rowid in ({numbers}) and persons.display_name is not null
"""
NAMES: Final = "select display_name from dim_persons where rowid in ({numbers})"


def main() -> None:
    """Make a snapshot, serve it, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--data", metavar="NAME", help="a data set of people, such as crm_1m")
    parser.add_argument("--seconds", type=float, default=30.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-serving-") as folder:
        _write(_tables(options, Settings(state_folder=Path(folder))))
        _serve(Path(folder), options.seconds)


def _tables(options: argparse.Namespace, settings: Settings) -> MadeUp | PublishedOnDisk:
    if options.data is None:
        n_persons = int(options.records / PER_PERSON["bridge_person_records"])
        print(f"made up: {options.records:,} records, {n_persons:,} persons")
        return MadeUp(settings, n_persons=n_persons)
    extra = [Path(os.environ["BENCH_DATA"])] if os.environ.get("BENCH_DATA") else []
    known = find_data_sets([EXAMPLES, MADE_DATA, *extra])
    if options.data not in known or not has_crm_people(known[options.data]):
        raise SystemExit(f"no CRM people named {options.data}: `make bench-data`, or BENCH_DATA")
    print(options.data)
    return published_people(known[options.data], settings)


def _write(tables: MadeUp | PublishedOnDisk) -> None:
    started, worked = time.monotonic(), time.process_time()
    found = build_snapshot(cast("Connection", tables), "bench", StepClock())
    seconds = time.monotonic() - started - tables.read_in
    worked = time.process_time() - worked - tables.read_by_processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    load, _, _ = os.getloadavg()
    print(
        f"snapshot: {seconds:.1f} s, {worked:.1f} s of the processor; "
        f"{tables.read_in:.1f} s more in which rows came; "
        f"{found.bytes / 1e6:,.0f} MB, process at most {peak:,.0f} MB; "
        f"{load:.1f} processes on {os.cpu_count()} cores"
    )


def _serve(folder: Path, seconds: float) -> None:
    place = SnapshotPlace(Settings(state_folder=folder))
    newest = place.newest()
    assert newest is not None
    path = place.fetch(newest, folder)
    questions = _questions(Snapshot(path, newest))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "CONCORD_STATE_FOLDER": str(folder),
        "CONCORD_SERVE_LOOKUPS_PER_MINUTE": "1000000",
        "CONCORD_SERVE_SEARCHES_PER_MINUTE": "1000000",
        "CONCORD_SERVE_REFRESH_SECONDS": "1",
    }
    command = [str(Path(sys.executable).parent / "concord"), "serve", "--port", str(port)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            put = _copied(place, path, newest)

            def newer() -> str:
                _tell_memory(server.pid, "with one snapshot")
                return put()

            asyncio.run(ask_all(folder, port, questions, seconds, newer))
            _tell_memory(server.pid, "with two")
        finally:
            server.terminate()


def _tell_memory(process: int, when: str) -> None:
    # Threads map the same pages of the file; the resident size would count them once for each.
    memory = psutil.Process(process).memory_full_info()
    print(f"service {when}: {memory.pss / 1e6:,.0f} MB, of these its own {memory.uss / 1e6:,.0f}")


def _copied(place: SnapshotPlace, path: Path, first: SnapshotFile) -> Callable[[], str]:
    """Return what puts the same data there as a newer snapshot, of another run."""
    copy = path.with_suffix(".copy")
    shutil.copyfile(path, copy)
    newer = replace(first, name=f"9{first.name}", run_id=NEWER_RUN)

    def put() -> str:
        place.put(copy, newer)
        return NEWER_RUN

    return put


def _questions(snapshot: Snapshot) -> Questions:
    draw = np.random.default_rng(SEED)

    def rows(sql: str, table: str) -> list[tuple[Any, ...]]:
        (last,) = snapshot.rows(f"select max(rowid) as number from {table}")
        numbers = draw.integers(1, int(last["number"]) + 1, N_QUESTIONS)
        found = snapshot.rows(sql.format(numbers=", ".join(str(number) for number in numbers)))
        shuffled: list[tuple[Any, ...]] = [
            tuple(found[at].values()) for at in draw.permutation(len(found))
        ]
        return shuffled

    names = [name for (name,) in rows(NAMES, "dim_persons") if name]
    return Questions(rows(CONTACTS, "person_contact_points"), names)


if __name__ == "__main__":
    main()
