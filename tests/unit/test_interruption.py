"""Signals, the watchdog, and what happens when an interrupt does not end the run."""

from __future__ import annotations

import os
import signal
import time

import pytest

from orchestrator.dbt.events import Pulse
from orchestrator.errors import EXIT_INTERRUPTED, EXIT_TRANSIENT
from orchestrator.interruption import SIGNALS, CommandSignals, Interruption, signals_held_back
from orchestrator.run.watchdog import Watchdog
from orchestrator.settings.groups import LimitSettings

# A test that waits this long has failed.
LONG = 120.0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_interrupts_and_is_named(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with Interruption(60) as interruption:
        with pytest.raises(KeyboardInterrupt), interruption.delivered():
            signal.raise_signal(number)
        assert interruption.reason == f"stopped by {number.name}"
        assert interruption.exit_code == EXIT_INTERRUPTED
    assert signal.getsignal(number) is before


def test_signals_before_and_after_the_work_do_not_interrupt() -> None:
    with Interruption(60) as interruption:
        with interruption.delivered():
            pass
        signal.raise_signal(signal.SIGTERM)
        assert interruption.reason == "stopped by SIGTERM"
    with Interruption(60) as interruption:
        signal.raise_signal(signal.SIGTERM)
        # What came before the work ends it as it begins.
        with pytest.raises(KeyboardInterrupt), interruption.delivered():
            pytest.fail("the work began")


def test_a_signal_waits_for_what_must_not_be_cut_in_two() -> None:
    steps: list[str] = []

    def work() -> None:
        with interruption.held_back():
            signal.raise_signal(signal.SIGINT)
            steps.append("held")
        steps.append("after")

    with Interruption(60) as interruption:
        with pytest.raises(KeyboardInterrupt), interruption.delivered():
            work()
        assert steps == ["held"]
        assert interruption.reason == "stopped by SIGINT"


def test_sigterm_lets_any_command_clean_up_and_comes_once() -> None:
    steps: list[str] = []
    before = {number: signal.getsignal(number) for number in SIGNALS}
    command = CommandSignals()

    def work() -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            # A scheduler that asks twice does not get half a clean-up.
            signal.raise_signal(signal.SIGTERM)
            steps.append("cleaned up")

    try:
        # Tests that a shell starts in the background ignore Ctrl-C, and so would the command.
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        command.listen()
        with pytest.raises(KeyboardInterrupt):
            work()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        command.ignore()
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert steps == ["cleaned up"]


def test_what_has_begun_comes_to_its_end() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with signals_held_back():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before


# The thread that would end the process ends alone.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_interrupt_that_is_swallowed_comes_again_then_the_process_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended: list[int] = []

    def end_thread(code: int) -> None:
        ended.append(code)
        raise SystemExit

    monkeypatch.setattr(os, "_exit", end_thread)
    interrupts = 0
    with Interruption(0.1) as interruption:
        try:
            with interruption.delivered():
                try:
                    interruption.trigger("stuck", EXIT_TRANSIENT)
                    time.sleep(LONG)
                except KeyboardInterrupt:
                    interrupts += 1
                for _ in range(int(LONG)):
                    if ended:
                        break
                    try:
                        time.sleep(1)
                    except KeyboardInterrupt:
                        interrupts += 1
        except KeyboardInterrupt:
            pytest.fail("an interrupt that nobody swallowed")
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
        interruption.delivered(),
        Watchdog(limits, Pulse(), interruption),
    ):
        time.sleep(LONG)
    assert interruption.reason is not None
    assert "nothing was heard" in interruption.reason
    assert interruption.exit_code == EXIT_TRANSIENT
