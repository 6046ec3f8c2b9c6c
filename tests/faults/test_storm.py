"""A bad night of BigQuery: a share of all calls and jobs fails, wherever they are."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from orchestrator.errors import EXIT_OK
from tests.faults.cases import BACKEND
from tests.faults.conftest import AT_ONCE, note
from tests.faults.night import MODELS
from tests.faults.stand_in.faults import Fault

if TYPE_CHECKING:
    from tests.faults.night import Nights

pytestmark = [pytest.mark.integration, pytest.mark.slow_fault]

NIGHTS = 20
SHARE = 0.05
STORM = (
    Fault("any", "refuse", "backendError", share=SHARE),
    Fault("job", "fail", "backendError", BACKEND, share=SHARE),
)


def test_storm(nights: Nights) -> None:
    def run(seed: int) -> tuple[int, int, bool]:
        night = nights.night()
        script = night.stand_in.script(STORM, seed)
        outcome = night.concord("run")
        writes = night.warehouse.count_writes(MODELS).values()
        is_same = night.state == nights.undisturbed and set(writes) == {1}
        return outcome.exit_code, len(script.hits), is_same

    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = list(pool.map(run, range(NIGHTS)))
    assert all(code == EXIT_OK and is_same for code, _, is_same in results), results
    faults = sum(hits for _, hits, _ in results)
    # Most nights had several.
    assert faults > NIGHTS
    note("storm", nights=NIGHTS, faults=faults, exit_code=0)
