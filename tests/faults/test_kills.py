"""A process that is stopped or killed at any moment: the next command ends with the same tables."""

from __future__ import annotations

import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from orchestrator.dbt.artifacts import JOURNAL_FILE
from orchestrator.run_log.started import list_started
from tests.faults.cases import NODE
from tests.faults.conftest import AT_ONCE, note
from tests.faults.night import MODELS
from tests.faults.processes import wait_until
from tests.faults.stand_in.faults import Fault

if TYPE_CHECKING:
    from tests.faults.night import Night, Nights

pytestmark = pytest.mark.integration

KILLS = 50
TABLES = ("people", "alpha", "beta", "gamma", "history", "customers")


def _writes(night: Night) -> dict[str, int]:
    counted = night.warehouse.count_writes(MODELS)
    return {name: counted[f"{MODELS}.{name}"] for name in TABLES}


def _has_noted(night: Night, node: str) -> bool:
    journals = (night.folder / ".concord" / "dbt").glob(f"*/*/{JOURNAL_FILE}")
    return any(f'"{node}"' in journal.read_text(encoding="utf-8") for journal in journals)


def test_resume_after_sigterm(nights: Nights) -> None:
    night = nights.night([Fault("job", "slow", node=NODE, seconds=3600)])
    running = night.start("concord", "run")
    night.wait_for("poll", NODE)
    # Meanwhile the model beside it comes to its end, and that is written down.
    wait_until(lambda: _has_noted(night, "model.concord.beta"))
    running.send(signal.SIGTERM)
    stopped = night.finish(running)
    assert stopped.exit_code == 130, stopped.text
    night.script()
    resumed = night.concord("retry", stopped.run["run_id"])
    assert resumed.exit_code == 0, resumed.text
    assert night.state == nights.undisturbed
    assert _writes(night) == dict.fromkeys(TABLES, 1)
    calls = len(night.calls("insert"))
    again = night.concord("retry", stopped.run["run_id"])
    assert again.exit_code == 0, again.text
    assert "Nothing is left to run." in again.text
    assert len(night.calls("insert")) == calls
    note("resume", seconds=resumed.seconds, exit_code=resumed.exit_code)


def test_killed_before_it_is_published(nights: Nights) -> None:
    night = nights.night([Fault("copy", "hang", seconds=3600)])
    running = night.start("concord", "run")
    night.wait_for("copy", "customers")
    running.send(signal.SIGKILL)
    night.finish(running)
    night.script()
    resumed = night.concord("retry")
    assert resumed.exit_code == 0, resumed.text
    assert night.state == nights.undisturbed
    note("kill_unpublished", seconds=resumed.seconds, exit_code=resumed.exit_code)


def _kill_and_resume(nights: Nights, moment: float) -> tuple[int, float]:
    """Kill a run at a moment, go on with it, and compare; return the nodes left, the seconds."""
    # Jobs take a while, so that many moments are in the middle of one.
    night = nights.night([Fault("job", "slow", seconds=0.15, times=999)])
    running = night.start("concord", "run")
    time.sleep(moment)
    running.send(signal.SIGKILL)
    running.wait()
    written = sum(night.warehouse.count_writes(MODELS).values())
    began = bool(list_started(night.settings))
    # A run that had not begun left nothing to go on with: the next night is a run.
    command = ("retry",) if began else ("run",)
    resumed = night.concord(*command)
    assert resumed.exit_code == 0, f"killed after {moment:.2f} s\n{resumed.text}"
    assert night.state == nights.undisturbed, f"killed after {moment:.2f} s"
    # A node is built again only if its end was not written down: those that were under way.
    assert max(_writes(night).values()) <= 2
    return written, resumed.seconds


@pytest.mark.slow_fault
def test_fifty_kills(nights: Nights) -> None:
    moments = random.Random(4)  # noqa: S311 - a test that can be repeated
    longest = nights.undisturbed_seconds + 0.15 * 6
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = list(
            pool.map(
                lambda moment: _kill_and_resume(nights, moment),
                [moments.uniform(0.1, longest) for _ in range(KILLS)],
            )
        )
    # The moments reach from before the first table to after the last one.
    assert min(written for written, _ in results) == 0
    assert max(written for written, _ in results) >= len(TABLES) - 1
    note("kill", kills=KILLS, seconds=max(seconds for _, seconds in results), exit_code=0)
