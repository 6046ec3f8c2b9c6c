"""`concord demo` before it touches a warehouse."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from orchestrator.cli import execute
from orchestrator.demo.run import DemoRequest, run_demo
from orchestrator.errors import ConfigurationError
from orchestrator.settings.values import Settings
from orchestrator.steps import StepClock

NOW = datetime(2026, 6, 30, tzinfo=UTC)


def test_demo_refuses_production() -> None:
    with pytest.raises(ConfigurationError, match="does not run in production"):
        run_demo(Settings(target="prod"), DemoRequest(7, 100, NOW), StepClock())


def test_refusal_is_an_exit_code_and_a_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONCORD_TARGET", "prod")
    assert execute(["demo"]) == 2
    assert "What to do: leave CONCORD_TARGET out" in capsys.readouterr().err


@pytest.mark.parametrize("people", ["10", "4000", "many"])
def test_number_of_people_is_checked(people: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["demo", "--people", people]) == 2
    assert "--people" in capsys.readouterr().err


def test_help_says_what_happens(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["demo", "--help"]) == 0
    shown = capsys.readouterr().out
    for text in ("build/report.html", "--seed", "--people", "default: 1700"):
        assert text in shown
