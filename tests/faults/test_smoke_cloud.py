"""The smoke test of a cloud project leaves nothing behind, and reads what the jobs have cost."""

from __future__ import annotations

import os
import signal
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from orchestrator.bigquery.connect import connect
from orchestrator.settings.values import Settings
from tests.faults.cases import NODE, SYNTAX
from tests.faults.stand_in.faults import Fault
from tests.semantics.build import Sample
from tests.smoke_cloud.jobs import by_layer, jobs_of
from tests.smoke_cloud.places import NotDropped, datasets_of, dropped_afterwards
from tests.smoke_cloud.smoke import concord_run, layers, smoke, smoke_settings
from tools.googlesql_check.dbt_nodes import read_compiled_nodes

if TYPE_CHECKING:
    from tests.faults.night import Night, Nights

pytestmark = pytest.mark.integration


def settings_of(night: Night) -> Settings:
    """Return settings as the smoke test makes them, for the stand-in."""
    own = Settings(
        project_dir=night.folder,
        sources=("files",),
        warehouse_url=night.stand_in.url,
        threads=4,
    )
    return smoke_settings(own)


def build(night: Night, said: list[str]) -> tuple[int, Settings]:
    """Build the night's project in datasets of a random name, and drop them."""
    settings = settings_of(night)
    client = connect(settings).client
    with dropped_afterwards(client, settings.dataset, said.append):
        code = concord_run(settings, night.folder)
        assert datasets_of(client, settings.dataset)
    return code, settings


def test_figures_of_a_build(nights: Nights) -> None:
    night, said = nights.night(), list[str]()
    since = datetime.now(UTC) - timedelta(minutes=5)
    code, settings = build(night, said)
    assert code == 0
    client = connect(settings).client
    assert datasets_of(client, settings.dataset) == []
    # What others have there stays.
    assert night.warehouse.datasets
    [manifest] = (night.folder / ".concord" / "dbt").rglob("manifest.json")
    jobs = jobs_of(client, settings.dataset, since, layers(read_compiled_nodes(manifest.parent)))
    models = [job for job in jobs if job.node == NODE]
    assert models, jobs
    # As the stand-in says of each job.
    assert {job.slot_seconds for job in models} == {0.007}
    assert {job.bytes_billed for job in models if job.bytes_processed} == {10 * 1024**2}
    sums = {layer.layer: layer for layer in by_layer(jobs)}
    assert sum(layer.n_jobs for layer in sums.values()) == len(jobs)
    assert sums["tests"].n_jobs > 0
    # A job that names other datasets is somebody else's.
    assert jobs_of(client, "concord_smoke_other", since, {}) == []
    assert said[-1].startswith("Dropped ")


def test_nothing_is_left_of_a_build_that_fails(nights: Nights) -> None:
    night = nights.night([Fault("job", "fail", "invalidQuery", SYNTAX, NODE, times=99)])
    code, settings = build(night, [])
    assert code != 0
    assert datasets_of(connect(settings).client, settings.dataset) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left_after_a_signal(nights: Nights, number: signal.Signals) -> None:
    night = nights.night([Fault("job", "slow", node=NODE, seconds=600)])
    settings = settings_of(night)
    client = connect(settings).client

    def interrupt() -> None:
        night.wait_for("poll", NODE)
        os.kill(os.getpid(), number)

    def interrupted() -> None:
        with dropped_afterwards(client, settings.dataset, print):
            waiting.start()
            concord_run(settings, night.folder)

    waiting = threading.Thread(target=interrupt)
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    waiting.join()
    assert datasets_of(client, settings.dataset) == []
    [job] = [job for job in night.stand_in.api.jobs.by_id.values() if job.node == NODE]
    assert job.error is not None


def test_what_could_not_be_dropped_is_named(nights: Nights) -> None:
    night = nights.night()
    settings = settings_of(night)
    client = connect(settings).client
    names = [settings.dataset, f"{settings.dataset}_ops"]

    def refused() -> None:
        with dropped_afterwards(client, settings.dataset, print):
            for name in names:
                client.create_dataset(name)
            night.script(Fault("datasets", "refuse", "accessDenied", "no", names[1], times=99))

    with pytest.raises(NotDropped, match=f"{settings.dataset}_ops: "):
        refused()
    night.script()
    assert datasets_of(client, settings.dataset) == [names[1]]


@pytest.mark.slow_fault
def test_whole_smoke_test_on_the_local_warehouse(tmp_path: Path) -> None:
    said: list[str] = []
    settings = Settings(project_dir=Path.cwd(), target="local", project="concord-local")
    outcome = smoke(tmp_path, smoke_settings(settings), Sample(50, hostile_rows=0), said.append)
    assert outcome.ok, [each.name for each in outcome.comparisons if not each.is_equal]
    assert {"person_clusters", "dim_persons"} <= {each.name for each in outcome.comparisons}
    assert {layer.layer for layer in by_layer(outcome.jobs)} >= {"staging", "matching", "marts"}
    assert said[-1].startswith("Dropped ")
