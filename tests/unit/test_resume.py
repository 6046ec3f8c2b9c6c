"""`concord retry`: which run is resumed, with what, and what of it is left to do."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from orchestrator.dbt.request import RunRequest
from orchestrator.errors import InputError
from orchestrator.run import resume
from orchestrator.run.resume import resume_run
from orchestrator.run_log.started import begin_run
from orchestrator.settings.values import Settings
from orchestrator.steps import StepClock
from tests.unit.run_sample import STARTED, begun_run

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.run_log.run import Run

A, B, TEST = "model.concord.a", "model.concord.b", "test.concord.t"
HOOK = "operation.concord.on-run-end-0"


class Resuming:
    """Runs that have begun, and a stand-in for dbt and for the night."""

    def __init__(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.settings = Settings(project_dir=tmp_path, project="p")
        self.clock = StepClock()
        self.runners: list[tuple[Settings, Path]] = []
        self.asked: list[RunRequest] = []
        self.nights: list[tuple[Run, str, bool]] = []
        monkeypatch.setattr(resume, "DbtRunner", self._runner)
        monkeypatch.setattr(resume, "run_night", self._night)

    def begun(self, run_id: str, hours: int = 0, **values: Any) -> Run:  # noqa: ANN401
        folder = self.settings.state_dir / "dbt" / run_id
        at = STARTED + timedelta(hours=hours)
        run = begun_run(run_id, **({"attempts_dir": str(folder), "started_at": at} | values))
        assert begin_run(self.settings, run) == ""
        return run

    def attempt(self, run: Run, number: int, **statuses: str) -> None:
        """Leave behind what dbt's invocation came to."""
        folder = self.settings.state_dir / "dbt" / run.run_id / str(number)
        folder.mkdir(parents=True)
        names = {"a": A, "b": B, "t": TEST, "hook": HOOK}
        lines = [
            json.dumps({"unique_id": names[name], "status": status, "message": ""})
            for name, status in statuses.items()
        ]
        text = "".join(f"{line}\n" for line in lines)
        (folder / "finished_nodes.jsonl").write_text(text, encoding="utf-8")

    def __call__(self, run_id: str | None = None, **options: bool) -> Run | None:
        connection = Connected(self.settings)
        return resume_run(connection, run_id, self.clock, **options)  # type: ignore[arg-type]

    def _runner(self, settings: Settings, folder: Path) -> object:
        self.runners.append((settings, folder))
        return SimpleNamespace(selected=self._selected)

    def _selected(self, request: RunRequest) -> frozenset[str]:
        self.asked.append(request)
        return frozenset({A, B, TEST})

    def _night(self, run: Run, connection: Any, clock: object, *, is_last: bool) -> None:  # noqa: ANN401
        assert clock is self.clock
        self.nights.append((run, connection.settings.model, is_last))


class Connected:
    """A warehouse of which nothing but the settings is asked."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings


@pytest.fixture
def resuming(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Resuming:
    monkeypatch.setattr(
        resume,
        "with_model",
        lambda one, model: Connected(one.settings.with_changes(model=model)),
    )
    return Resuming(tmp_path, monkeypatch)


def test_without_an_id_the_newest_that_failed_is_resumed(resuming: Resuming) -> None:
    assert resuming() is None
    assert resuming.nights == []
    for number, run_id in enumerate(("r1", "r2", "r3")):
        resuming.begun(run_id, number)
    run = resuming()
    assert run is not None
    assert (run.resumes, run.resumed, run.command) == ("r3", ("r3",), "retry")
    [(ran, _, is_last)] = resuming.nights
    assert ran is run
    assert is_last is True
    assert list(resuming.clock.seconds) == ["selection"]


def test_a_run_whose_work_was_done_since_is_not_resumed(resuming: Resuming) -> None:
    resuming.begun("r1")
    resuming.begun("r2", 1, succeeded_by="r3")
    run = resuming()
    assert run is not None
    assert run.resumes == "r1"


def test_a_run_of_another_version_is_passed_over_and_refused_by_name(resuming: Resuming) -> None:
    newer = RunRequest(unknown={"dry_run": True})
    resuming.begun("r1")
    resuming.begun("r2", 1, request=newer)
    run = resuming()
    assert run is not None
    assert run.resumes == "r1"
    with pytest.raises(InputError, match="run r2 was started by another version") as caught:
        resuming("r2")
    assert "resume it with that version" in caught.value.what_to_do
    assert len(resuming.nights) == 1


def test_a_name_leads_to_the_last_run_that_resumed_it(resuming: Resuming) -> None:
    resuming.begun("r1")
    resuming.begun("r2", 1, resumes="r1")
    resuming.begun("r3", 2)
    resuming.begun("r4", 3, resumes="r2")
    resuming.begun("r5", 4)
    run = resuming("r1")
    assert run is not None
    assert run.resumes == "r4"
    # The rows that any of them built are this night's to accept.
    assert run.resumed == ("r1", "r2", "r4")
    assert run.night_ids == ("r1", "r2", "r4", run.run_id)


def test_what_any_attempt_of_the_chain_has_done_is_left_alone(resuming: Resuming) -> None:
    first = resuming.begun("r1")
    second = resuming.begun("r2", 1, resumes="r1")
    resuming.attempt(first, 1, a="success", b="error", t="pass", hook="success")
    resuming.attempt(first, 2, b="success", t="fail")
    resuming.attempt(second, 1, t="warn")
    run = resuming("r1")
    assert run is not None
    assert run.todo == frozenset()
    assert {name: node.attempts for name, node in run.node_by_id.items()} == {A: 1, B: 2, TEST: 3}
    # The last of them counts.
    resuming.attempt(second, 2, b="error")
    run = resuming("r1")
    assert run is not None
    assert run.todo == frozenset({B})


def test_the_manifest_is_the_newest_that_was_written(resuming: Resuming) -> None:
    first = resuming.begun("r1")
    resuming.attempt(first, 1, a="success")
    resuming.attempt(first, 2, a="success")
    entry = {"name": "a", "resource_type": "model", "config": {"meta": {"owner": "ann"}}}
    folder = resuming.settings.state_dir / "dbt" / "r1"
    for number, name in ((1, B), (2, A)):
        document = json.dumps({"nodes": {name: entry}})
        (folder / str(number) / "manifest.json").write_text(document, encoding="utf-8")
    run = resuming()
    assert run is not None
    assert list(run.manifest) == [A]
    assert run.node_by_id[A].owner == "ann"


def test_the_model_of_the_run_is_used_again(resuming: Resuming) -> None:
    asked = RunRequest(select=("a+",), model="m7")
    resuming.begun("r1", request=asked)
    run = resuming()
    assert run is not None
    assert run.request == asked
    assert resuming.asked == [asked]
    [(_, model, _)] = resuming.nights
    [(settings, folder)] = resuming.runners
    assert (model, settings.model) == ("m7", "m7")
    assert folder == resuming.settings.state_dir / "dbt" / "r1"


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [(False, False, False), (True, False, True), (False, True, True)],
)
def test_changes_are_accepted_by_the_run_or_by_who_resumes_it(
    resuming: Resuming, before: bool, now: bool, expected: bool
) -> None:
    resuming.begun("r1", request=RunRequest(accept_changes=before))
    run = resuming("r1", accept_changes=now)
    assert run is not None
    assert run.request == replace(RunRequest(), accept_changes=expected)
    assert resuming() is not None
    assert resuming.nights[-1][0].request.accept_changes is before
