"""Newer snapshots come while the service is asked: no request fails."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final, cast

import pytest
from fastapi.testclient import TestClient

from orchestrator.api.app import create_app
from orchestrator.api.start import open_service
from orchestrator.serving.build import build_snapshot
from orchestrator.settings.serve import ServeSettings
from orchestrator.settings.values import Settings
from orchestrator.steps import StepClock
from tests.serving_sample import ANN, PublishedSample

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.api.callers import LocalKey
    from orchestrator.bigquery.connect import Connection

RUNS: Final = ("r1", "r2", "r3", "r4")
CALLERS: Final = 3
QUERY: Final = {"email": "ann.lee@lee.example", "name": "Ann Lee"}


class Caller(threading.Thread):
    """Asks the same again and again, and keeps what came."""

    def __init__(self, client: TestClient) -> None:
        super().__init__(daemon=True)
        self.client = client
        self.seen: list[tuple[int, str, str]] = []
        self.newest = ""
        self.has_new = threading.Condition()
        self.is_over = False

    def run(self) -> None:
        while not self.is_over:
            answer = self.client.post("/v1/lookup", json={"queries": [QUERY]})
            body = answer.json()
            found = body["answers"][0]["found"] if answer.status_code == 200 else [{}]
            with self.has_new:
                self.newest = str(body.get("run_id"))
                self.seen.append((answer.status_code, self.newest, str(found[0].get("entity_id"))))
                self.has_new.notify_all()

    def wait_for(self, run_id: str) -> None:
        """Wait until an answer is of this run."""
        with self.has_new:
            assert self.has_new.wait_for(lambda: self.newest == run_id, 120), self.seen[-3:]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    serve = ServeSettings(lookups_per_minute=1_000_000, refresh_seconds=3600)
    return Settings(state_folder=tmp_path / "state", serve=serve)


def test_no_request_fails_while_newer_snapshots_come(settings: Settings) -> None:
    def write(run_id: str) -> None:
        build_snapshot(cast("Connection", PublishedSample(settings)), run_id, StepClock())

    service = open_service(settings)
    write(RUNS[0])
    with TestClient(create_app(service)) as client:
        client.headers["Authorization"] = f"Bearer {cast('LocalKey', service.tokens).key}"
        callers = [Caller(client) for _ in range(CALLERS)]
        for caller in callers:
            caller.start()
        for run_id in RUNS:
            if run_id != RUNS[0]:
                write(run_id)
                assert service.holder.refresh()
            # A file goes with the second one after it: nobody asks the first one any more.
            for caller in callers:
                caller.wait_for(run_id)
        for caller in callers:
            caller.is_over = True
            caller.join()
    for caller in callers:
        assert {(status, entity) for status, _, entity in caller.seen} == {(200, ANN)}
        # Each of them saw every snapshot, and never an older one again.
        runs = [run_id for _, run_id, _ in caller.seen]
        assert list(dict.fromkeys(runs)) == list(RUNS) == sorted(set(runs))
        assert runs == sorted(runs)
