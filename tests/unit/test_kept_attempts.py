"""What a retry on another machine finds of a run that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from orchestrator.files.state_files import FilesInBucket
from orchestrator.run_log import kept_attempts
from orchestrator.run_log.kept_attempts import keep_attempts, with_attempts
from orchestrator.settings.groups import RunLogSettings
from orchestrator.settings.values import Settings
from tests.unit.bucket_fake import FakeBucket
from tests.unit.run_sample import begun_run

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.run_log.run import Run

RUN = "20261128t020000z-0a1b2c"
FIRST, SECOND = "20261128T020001000000Z", "20261128T020501000000Z"


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> FilesInBucket:
    bucket = FilesInBucket(cast("Any", FakeBucket()), "runs/p.d/")
    monkeypatch.setattr(kept_attempts, "open_run_files", lambda _: bucket)
    return bucket


def _settings(folder: Path, place: str = "gs://bucket/runs") -> Settings:
    return Settings(project_dir=folder, runlog=RunLogSettings(place=place))


def _run_that_failed(folder: Path) -> Run:
    attempts = folder / ".concord" / "dbt" / RUN
    for name, results in ((FIRST, "run_results.json"), (SECOND, "finished_nodes.jsonl")):
        (attempts / name).mkdir(parents=True)
        (attempts / name / results).write_text(f"{name}\n", encoding="utf-8")
        (attempts / name / "manifest.json").write_text("{}", encoding="utf-8")
        (attempts / name / "dbt.log").write_text("large", encoding="utf-8")
    # dbt did write its results: the journal says less.
    (attempts / FIRST / "finished_nodes.jsonl").write_text("less", encoding="utf-8")
    return begun_run(RUN, attempts_dir=str(attempts))


def test_another_machine_gets_what_had_ended(tmp_path: Path, files: FilesInBucket) -> None:
    run = _run_that_failed(tmp_path / "one")
    settings = _settings(tmp_path / "one")
    assert keep_attempts(settings, RUN, settings.state_dir / "dbt" / RUN) == ""
    assert with_attempts(settings, run) == run
    # Nothing but what a retry reads, and one manifest.
    assert len(files.names("attempts")) == 3
    files.write(f"attempts/{RUN}__..__manifest.json", "not ours")
    files.write(f"attempts/{RUN}__{FIRST}__dbt.log", "not ours")
    files.write(f"attempts/20261128t030000z-ffffff__{FIRST}__manifest.json", "of another run")

    elsewhere = _settings(tmp_path / "two")
    (tmp_path / "one").rename(tmp_path / "gone")
    brought = with_attempts(elsewhere, run)
    here = elsewhere.state_dir / "dbt" / RUN
    assert brought.attempts_dir == str(here)
    found = {path.relative_to(here).as_posix() for path in here.rglob("*") if path.is_file()}
    assert found == {
        f"{FIRST}/run_results.json",
        f"{SECOND}/finished_nodes.jsonl",
        f"{SECOND}/manifest.json",
    }
    assert (here / FIRST / "run_results.json").read_text("utf-8") == f"{FIRST}\n"
    assert not (here.parent / "manifest.json").exists()


def test_on_a_disk_that_stays_nothing_is_copied(tmp_path: Path, files: FilesInBucket) -> None:
    run = _run_that_failed(tmp_path)
    settings = _settings(tmp_path, "")
    assert keep_attempts(settings, RUN, settings.state_dir / "dbt" / RUN) == ""
    assert with_attempts(settings, run) == run
    assert files.names("attempts") == ()


def test_a_bucket_that_refuses_is_a_problem_and_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise OSError("no such bucket")

    _run_that_failed(tmp_path)
    monkeypatch.setattr(kept_attempts, "open_run_files", refuse)
    settings = _settings(tmp_path)
    problem = keep_attempts(settings, RUN, settings.state_dir / "dbt" / RUN)
    assert "no such bucket" in problem
