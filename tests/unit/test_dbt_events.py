"""What is kept of dbt's events, and what a killed process leaves to read."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from dbt.events.types import NodeFinished

from orchestrator.dbt.artifacts import JOURNAL_FILE, read_finished
from orchestrator.dbt.events import EventListener, Pulse
from orchestrator.dbt.request import RunRequest
from orchestrator.dbt.retry_state import write_dbt_state

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.dbt.events import NodeStarted


def finished(name: str, status: str) -> Any:  # noqa: ANN401 - a generated class
    """Return the event of a node that has ended, as dbt makes it."""
    event = NodeFinished(
        node_info={
            "unique_id": f"model.concord.{name}",
            "node_relation": {"relation_name": f"`p`.`d`.`{name}`"},
        },
        run_result={
            "status": status,
            "message": "CREATE TABLE",
            "execution_time": 1.5,
            "num_failures": 0,
            "adapter_response": {"bytes_billed": 10485760, "job_id": "j1", "rows_affected": 3},
        },
    )
    return SimpleNamespace(info=SimpleNamespace(name="NodeFinished"), data=event)


def test_finished_nodes_are_on_disk(tmp_path: Path) -> None:
    with EventListener(tmp_path, Pulse(), None) as listener:
        listener.receive(finished("one", "success"))
        listener.receive(finished("two", "error"))
    # Killed in the middle of a line.
    with (tmp_path / JOURNAL_FILE).open("a", encoding="utf-8") as journal:
        journal.write('{"unique_id": "model.concord.three", "sta')
    one, two = read_finished(tmp_path)
    assert (one.unique_id, one.status, one.seconds) == ("model.concord.one", "success", 1.5)
    assert one.relation == "`p`.`d`.`one`"
    assert (one.rows_affected, one.bytes_billed, one.job_id) == (3, 10485760, "j1")
    assert (one.slot_ms, one.bytes_processed) == (None, None)
    assert (two.name, two.has_failed) == ("two", True)
    assert read_finished(tmp_path / "elsewhere") == ()


def test_every_event_is_a_sign_of_life(tmp_path: Path) -> None:
    pulse = Pulse()
    pulse.last = 0.0
    began = time.monotonic()
    with EventListener(tmp_path, pulse, None) as listener:
        listener.receive(SimpleNamespace(info=SimpleNamespace(name="SQLQuery"), data=None))
    assert began <= pulse.last <= time.monotonic()


def test_a_disk_that_is_full_does_not_stop_the_display(tmp_path: Path) -> None:
    seen: list[NodeStarted] = []
    missing = tmp_path / "no_such_folder"
    with EventListener(missing, Pulse(), seen.append) as listener:
        listener.receive(finished("one", "success"))
        start = SimpleNamespace(description="model two", index=2, total=2)
        listener.receive(SimpleNamespace(info=SimpleNamespace(name="LogStartLine"), data=start))
    assert [node.description for node in seen] == ["model two"]


def test_state_for_dbt_holds_only_what_is_left(tmp_path: Path) -> None:
    from dbt.artifacts.schemas.run import RunResultsArtifact

    request = RunRequest(select=("a+",), exclude=("b",), full_refresh=True)
    write_dbt_state(tmp_path, {"model.concord.b", "model.concord.a"}, request.flags())
    read = RunResultsArtifact.read_and_check_versions(str(tmp_path / "run_results.json"))
    assert [(entry.unique_id, entry.status) for entry in read.results] == [
        ("model.concord.a", "skipped"),
        ("model.concord.b", "skipped"),
    ]
    assert read.args["which"] == "build"
    assert read.args["select"] == ["a+"]
    assert read.args["exclude"] == ["b", "tag:development"]
    assert RunRequest.from_json(request.to_json()) == request
    assert str(request) == "--select a+ --exclude b --full-refresh"
