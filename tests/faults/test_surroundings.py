"""What stands around a run and fails: the run log, endpoints, rights, the profile."""

from __future__ import annotations

import re
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from orchestrator.errors import EXIT_OK, EXIT_TRANSIENT, EXIT_USAGE
from tests.faults.cases import EXPIRED
from tests.faults.conftest import note
from tests.faults.night import MODELS, OPS
from tests.faults.stand_in.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults.night import Nights, Outcome

pytestmark = pytest.mark.integration

METRICS_SECONDS = 3.0
# Of one run or the other, without any fault.
NOISE_SECONDS = 1.5


@contextmanager
def _endpoint(kind: str) -> Iterator[str]:
    """Give the address of an endpoint that refuses, or that takes connections and says nothing."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if kind == "hangs":
            listener.listen(16)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def _log_seconds(outcome: Outcome) -> float:
    found = re.search(r"^log +([\d.]+) s", outcome.text, re.MULTILINE)
    assert found, outcome.text
    return float(found.group(1))


def test_run_log_refused(nights: Nights) -> None:
    fault = Fault("load", "refuse", "accessDenied", "Access Denied: no", times=99)
    night = nights.night([fault])
    outcome = night.concord("run")
    assert outcome.exit_code == EXIT_OK, outcome.text
    assert night.state == nights.undisturbed
    assert "not written" in outcome.text
    # The copy waits, and comes into the warehouse with the next run.
    night.script()
    after = night.concord("run")
    rows = night.warehouse.table((OPS, "pipeline_runs")).rows
    ids = [row["run_id"] for row in rows]
    assert (ids.count(outcome.run["run_id"]), ids.count(after.run["run_id"])) == (1, 1)
    note("log_refused", seconds=outcome.seconds, exit_code=outcome.exit_code)


def test_run_log_dataset_refused(nights: Nights) -> None:
    """Ids and decisions live there, too: a night without them has nothing that it could publish."""
    fault = Fault("datasets", "refuse", "accessDenied", "Access Denied: no", OPS, times=99)
    night = nights.night([fault])
    before = night.state
    outcome = night.concord("run")
    assert outcome.exit_code == EXIT_USAGE, outcome.text
    assert night.state == before
    assert "the run log could not be written" in outcome.text
    assert f"bigquery.datasets.get on dataset {OPS}" in outcome.text
    night.script()
    assert night.concord("run").exit_code == EXIT_OK
    assert night.state == nights.undisturbed
    note("ops_refused", seconds=outcome.seconds, exit_code=outcome.exit_code)


def _metrics(nights: Nights, kind: str) -> float:
    """Run a night whose metrics nobody takes; return the seconds that this costs."""
    usual = _log_seconds(nights.night().concord("run"))
    night = nights.night()
    with _endpoint(kind) as url:
        outcome = night.concord("run", is_fresh=False, CONCORD_METRICS_ENDPOINT=url)
    assert outcome.exit_code == EXIT_OK, outcome.text
    assert night.state == nights.undisturbed
    assert "metrics could not be sent" in outcome.text
    added = _log_seconds(outcome) - usual
    name = {"refuses": "metrics_down", "hangs": "metrics_hang"}[kind]
    note(name, added=added, exit_code=outcome.exit_code)
    return added


@pytest.mark.parametrize("kind", ["refuses", "hangs"])
def test_metrics(nights: Nights, kind: str) -> None:
    _metrics(nights, kind)


@pytest.mark.slow_fault
@pytest.mark.parametrize("kind", ["refuses", "hangs"])
def test_metrics_in_seconds(nights: Nights, kind: str) -> None:
    assert _metrics(nights, kind) <= METRICS_SECONDS + NOISE_SECONDS


def test_missing_permission(nights: Nights) -> None:
    message = "Access Denied: Dataset night_models: Permission bigquery.tables.list denied"
    fault = Fault("tables", "refuse", "accessDenied", message, MODELS, times=999)
    night = nights.night([fault])
    outcome = night.concord("run")
    assert outcome.exit_code != EXIT_OK, outcome.text
    # dbt would believe the incremental table missing and rebuild it.
    created = [write for write in night.warehouse.writes if write.table == (MODELS, "history")]
    assert created == []
    assert "bigquery.tables.list" in outcome.text
    note("no_list_right", seconds=outcome.seconds, exit_code=outcome.exit_code)


def test_expired_login(nights: Nights) -> None:
    night = nights.night([Fault("any", "refuse", "authError", EXPIRED, times=999)])
    outcome = night.concord("run")
    assert outcome.exit_code not in {EXIT_OK, EXIT_TRANSIENT}, outcome.text
    assert "Traceback" not in outcome.text
    assert "Google does not take the login" in outcome.text
    assert "gcloud auth application-default login" in outcome.text
    assert night.warehouse.writes == []
    assert outcome.run["status"] == "refused"
    note("no_login", seconds=outcome.seconds, exit_code=outcome.exit_code)


def test_bad_profile(nights: Nights) -> None:
    night = nights.night()
    (night.folder / "profiles.yml").write_text("concord: [", encoding="utf-8")
    outcome = night.concord("run")
    assert outcome.exit_code == EXIT_USAGE, outcome.text
    assert "Traceback" not in outcome.text
    assert "profiles.yml" in outcome.text
    assert not night.calls("insert", "alpha")
    note("bad_profile", seconds=outcome.seconds, exit_code=outcome.exit_code)


def _warehouse_down(nights: Nights) -> float:
    night = nights.night()
    with _endpoint("refuses") as url:
        outcome = night.concord("run", is_fresh=False, CONCORD_WAREHOUSE_URL=url)
    assert outcome.exit_code == EXIT_TRANSIENT, outcome.text
    assert "Traceback" not in outcome.text
    note("warehouse_down", seconds=outcome.seconds, exit_code=outcome.exit_code)
    return outcome.seconds


def test_warehouse_down(nights: Nights) -> None:
    _warehouse_down(nights)


@pytest.mark.slow_fault
def test_warehouse_down_in_seconds(nights: Nights) -> None:
    assert _warehouse_down(nights) < 20
