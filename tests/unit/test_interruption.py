"""Signals, the watchdog, and what happens when an interrupt does not end the run."""

from __future__ import annotations

import os
import signal
import time

import pytest

from orchestrator.dbt_events import Pulse
from orchestrator.errors import EXIT_INTERRUPTED, EXIT_TRANSIENT
from orchestrator.interruption import Interruption
from orchestrator.setting_groups import LimitSettings
from orchestrator.watchdog import Watchdog


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_interrupts_and_is_named(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with Interruption(60) as interruption:
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)
        assert interruption.reason == f"stopped by {number.name}"
        assert interruption.exit_code == EXIT_INTERRUPTED
    assert signal.getsignal(number) is before


def test_the_end_of_a_run_is_not_interrupted() -> None:
    with Interruption(60) as interruption, interruption.held_back():
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.01)
        assert interruption.reason == "stopped by SIGTERM"


def test_an_interrupt_that_is_swallowed_comes_again_then_the_process_ends() -> None:
    ended: list[int] = []
    interrupts = 0
    with Interruption(0.1, ended.append) as interruption:
        try:
            interruption.trigger("stuck", EXIT_TRANSIENT)
            time.sleep(5)
        except KeyboardInterrupt:
            interrupts += 1
        end = time.monotonic() + 5
        while not ended and time.monotonic() < end:
            try:
                time.sleep(0.05)
            except KeyboardInterrupt:
                interrupts += 1
    assert (interrupts, ended, interruption.reason) == (2, [EXIT_TRANSIENT], "stuck")


class Clock:
    """A clock that stands still until it is set."""

    now = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def test_verdicts() -> None:
    clock, pulse = Clock(), Pulse()
    limits = LimitSettings(deadline_seconds=50, stall_seconds=20)
    watchdog = Watchdog(limits, pulse, Interruption(1), clock)
    pulse.last = 110.0
    clock.now = 125.0
    assert watchdog.verdict() is None
    assert watchdog.seconds_left == 25
    clock.now = 131.0
    assert watchdog.verdict() == "nothing was heard of dbt for 20 s"
    clock.now = 151.0
    assert watchdog.verdict() == "the run took longer than 50 s"


def test_a_run_without_a_pulse_is_interrupted() -> None:
    limits = LimitSettings(stall_seconds=0.2)
    with (
        Interruption(60) as interruption,
        pytest.raises(KeyboardInterrupt),
        Watchdog(limits, Pulse(), interruption),
    ):
        time.sleep(10)
    assert interruption.reason is not None
    assert "nothing was heard" in interruption.reason
    assert interruption.exit_code == EXIT_TRANSIENT
