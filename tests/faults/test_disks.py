"""Full disks: a log that cannot be written does not matter, work that cannot be kept does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from orchestrator.errors import EXIT_OK, EXIT_USAGE
from tests.faults.conftest import note
from tests.faults.processes import start

if TYPE_CHECKING:
    from tests.faults.night import Nights

pytestmark = pytest.mark.integration

FULL = Path("/dev/full")
# Less than dbt's manifest needs.
SMALL_KIB = 64


def test_full_log(nights: Nights) -> None:
    night = nights.night()
    running = start(("concord", "run"), night.environment, night.folder, FULL, is_fresh=True)
    code = running.wait()
    assert code == EXIT_OK
    assert night.state == nights.undisturbed
    note("full_log", exit_code=code)


def test_full_target(nights: Nights) -> None:
    night = nights.night()
    output = night.folder / "output.txt"
    running = start(
        ("concord", "run"),
        night.environment,
        night.folder,
        output,
        is_fresh=True,
        largest_file_kib=SMALL_KIB,
    )
    outcome = night.finish(running)
    assert outcome.exit_code == EXIT_USAGE, outcome.text
    assert "Traceback" not in outcome.text
    assert "Error:" in outcome.text
    # With room again, the night is built as if nothing had been.
    after = night.concord("run")
    assert after.exit_code == EXIT_OK, after.text
    assert night.state == nights.undisturbed
    note("full_target", seconds=outcome.seconds, exit_code=outcome.exit_code)
