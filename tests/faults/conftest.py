"""What the fault tests share: nights to disturb, and the matrix of BigQuery's faults."""

from __future__ import annotations

import json
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.faults.cases import CASES, Case
from tests.faults.night import ROOT, Night, Nights, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULTS: Final = ROOT / "build" / "faults" / "concord.jsonl"
# Runs mostly wait; more at once than this, and they wait for each other.
AT_ONCE: Final = 4


class Matrix:
    """Runs the cases that pytest has selected, several at once: most of their time is waiting."""

    def __init__(self, nights: Nights, cases: list[Case]) -> None:
        self.nights = nights
        self.cases = cases
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._outcomes: dict[str, Future[tuple[Night, Outcome]]] = {
            case.name: self._pool.submit(self._run, case) for case in cases
        }

    def outcome(self, case: Case) -> tuple[Night, Outcome]:
        """Return the night of a case and what `concord run` came to."""
        return self._outcomes[case.name].result()

    def note(self, name: str, outcome: Outcome) -> None:
        """Keep a result for the document."""
        note(name, seconds=outcome.seconds, exit_code=outcome.exit_code, run=outcome.run)

    def close(self) -> None:
        """Run nothing more."""
        self._pool.shutdown(cancel_futures=True)

    def _run(self, case: Case) -> tuple[Night, Outcome]:
        night = self.nights.night(case.faults, **case.environment)
        return night, night.concord("run")


def note(name: str, **facts: object) -> None:
    """Keep a figure for docs/operate/reliability.md."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"name": name, **facts}) + "\n")


@pytest.fixture(scope="session")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    """Return a maker of nights that all begin after the same good night."""
    made = Nights(Path(tmp_path_factory.mktemp("nights")))
    note("undisturbed", seconds=made.undisturbed_seconds)
    yield made
    made.close()


@pytest.fixture(scope="session")
def matrix(request: pytest.FixtureRequest, nights: Nights) -> Iterator[Matrix]:
    """Return the runs of the selected cases; they have begun."""
    selected = [
        item.callspec.params["case"]
        for item in request.session.items
        if isinstance(item, pytest.Function)
        and hasattr(item, "callspec")
        and isinstance(item.callspec.params.get("case"), Case)
    ]
    running = Matrix(nights, [case for case in CASES if case in selected])
    yield running
    running.close()
