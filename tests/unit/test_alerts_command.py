"""`concord alerts`: what is open, and whether the channels work."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest
from apprise.plugins.pagerduty import PAGERDUTY_API_LOOKUP

from orchestrator.alerts import alert
from orchestrator.alerts.anomalies import read_anomalies
from orchestrator.alerts.findings import Anomaly
from orchestrator.bigquery.connect import Connection
from orchestrator.bigquery.error_classes import ErrorClass
from orchestrator.cli import execute
from orchestrator.settings.values import Settings
from tests.unit.alert_endpoints import answering, closed
from tests.unit.run_sample import STARTED, ended_run, node

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Use a warehouse that is not there: what is open comes from the copy."""
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(tmp_path))
    monkeypatch.setenv("CONCORD_WAREHOUSE_URL", f"http://127.0.0.1:{closed().port}")
    return Settings(project_dir=tmp_path)


def test_open_alerts_are_listed(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["alerts"]) == 0
    assert capsys.readouterr().out == "No alert is open.\n"
    nodes = (node("a", "error", error_class=ErrorClass.COST_CAP, owner="data-team"),)
    alert(None, settings, ended_run("r1", nodes=nodes), (), clock=lambda: STARTED)
    assert execute(["alerts"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "ERROR     model.concord.a (cost_cap), data-team",
        "          new in run r1; since 2026-11-25 02:00, 1 runs, told 2026-11-25 02:00",
        "          What to do: See 'concord plan'; reduce the data or raise the limit of cost.",
    ]
    assert "From the copy" in err
    assert execute(["alerts", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["subject"], row["stage"], row["happened_at"]) == (
        "model.concord.a",
        "new",
        "2026-11-25T02:00:00+00:00",
    )


@pytest.mark.usefixtures("settings")
def test_every_channel_is_tested(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONCORD_ALERT_BUDGET_SECONDS", "120")
    with answering() as one, answering() as two, answering() as pager:
        monkeypatch.setenv("CONCORD_ALERT_ADDRESSES", one.address)
        monkeypatch.setenv("CONCORD_ALERT_FALLBACK_ADDRESSES", two.address)
        monkeypatch.setenv("CONCORD_ALERT_PAGERDUTY_KEY", "key")
        monkeypatch.setitem(PAGERDUTY_API_LOOKUP, "us", pager.url)
        assert execute(["alerts", "test"]) == 0
        assert capsys.readouterr().out.splitlines() == [
            "address 1     delivered",
            "pagerduty     delivered",
            "pagerduty     delivered",
            "fallback 1    delivered",
        ]
        assert [len(one.bodies), len(two.bodies)] == [1, 1]
        assert [body["event_action"] for body in pager.bodies] == ["trigger", "resolve"]
        assert pager.bodies[0]["dedup_key"].endswith("/local/test")
        monkeypatch.setenv("CONCORD_ALERT_FALLBACK_ADDRESSES", "nonsense://token@host")
        assert execute(["alerts", "test"]) == 1
    told = capsys.readouterr().out
    assert "fallback 1    not an address of Apprise" in told
    assert "token" not in told


@pytest.mark.usefixtures("settings")
def test_a_test_without_channels_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["alerts", "test"]) == 2
    assert "no channel is set" in capsys.readouterr().err


class Answering:
    """A client with one answer to any query."""

    def __init__(self, answer: list[dict[str, Any]] | Exception) -> None:
        self.answer = answer

    def query_and_wait(self, sql: str, **_: object) -> list[dict[str, Any]]:
        assert "`concord-local.concord_marts.run_anomalies`" in sql
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_anomalies_are_read_and_unknown_where_they_cannot_be(settings: Settings) -> None:
    from google.api_core.exceptions import Forbidden, NotFound

    def read(answer: list[dict[str, Any]] | Exception) -> tuple[Anomaly, ...] | None:
        return read_anomalies(Connection(settings, Answering(answer)))  # type: ignore[arg-type]

    odd = Anomaly("n_rows", "t", 0.0, 9.0, -60.7, "error", "look")
    assert read([asdict(odd)]) == (odd,)
    assert read(NotFound("run_anomalies")) == ()
    assert read(Forbidden("no right")) is None
