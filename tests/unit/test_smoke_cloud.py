"""Statistics of jobs and hashes of rows, as the smoke test of a cloud project reads them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from tests.smoke_cloud.fingerprints import row_hash
from tests.smoke_cloud.jobs import OTHER, by_layer, job_figures
from tests.smoke_cloud.places import dropped_afterwards, new_prefix
from tests.smoke_cloud.plan_warnings import plan_warnings

# In the form of https://cloud.google.com/bigquery/docs/reference/rest/v2/Job
QUERY: dict[str, Any] = {
    "totalBytesProcessed": "1024",
    "totalBytesBilled": "10485760",
    "performanceInsights": {
        "avgPreviousExecutionMs": "100",
        "stagePerformanceStandaloneInsights": [
            {"stageId": "3", "slotContention": True},
            {"stageId": "4", "insufficientShuffleQuota": True},
            {"stageId": "5", "partitionSkew": {"skewSources": [{"stageId": "5"}]}},
            {
                "stageId": "6",
                "highCardinalityJoins": [
                    {"leftRows": "1000", "rightRows": "2000", "outputRows": "2000000"}
                ],
            },
        ],
        "stagePerformanceChangeInsights": [{"stageId": "0", "inputDataChange": {"x": 1.5}}],
    },
    "queryPlan": [
        {
            "name": "S00: Input",
            "computeMsAvg": "10",
            "computeMsMax": "12",
            "recordsRead": "10",
            "recordsWritten": "10",
        },
        {"name": "S01: Join+", "computeMsAvg": "100", "computeMsMax": "9000"},
        {"name": "S02: Join", "recordsRead": "100", "recordsWritten": "5000000"},
        {"name": "S03: Sort", "shuffleOutputBytesSpilled": "2048"},
    ],
}


def test_plan_warnings() -> None:
    assert plan_warnings(QUERY) == [
        "stage 3: waited for slots",
        "stage 4: too little room to shuffle",
        "stage 5: one part is much larger than the others",
        "stage 6: a join of 1,000 and 2,000 rows gives 2,000,000",
        "stage 0: reads much more than on earlier runs",
        "stage S01: Join+: one worker took 9,000 ms, the mean 100",
        "stage S02: Join: made 5,000,000 rows of 100",
        "stage S03: Sort: wrote 2,048 bytes to disk that it could not hold",
    ]
    assert plan_warnings({}) == []


def job(**configuration: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "jobReference": {"jobId": "j"},
        "configuration": configuration,
        "statistics": {
            "startTime": "1000",
            "endTime": "3500",
            "totalSlotMs": "7000",
            "query": QUERY,
        },
    }


def test_figures_of_a_job() -> None:
    layers = {"dim_persons": "marts"}
    found = job_figures(job(labels={"node": "dim_persons"}), layers)
    assert (found.node, found.layer) == ("dim_persons", "marts")
    assert (found.seconds, found.slot_seconds) == (2.5, 7.0)
    assert (found.bytes_processed, found.bytes_billed) == (1024, 10485760)
    assert len(found.warnings) == 8
    comment = '/* {"app": "concord", "node": "dim_persons"} */\nselect 1'
    assert job_figures(job(query={"query": comment}), layers).layer == "marts"
    assert job_figures(job(query={"query": "select 1"}), layers).layer == OTHER
    assert job_figures({}, layers).seconds == 0


def test_sums_by_layer() -> None:
    layers = {"a": "marts", "b": "marts", "c": "staging"}
    jobs = [job_figures(job(labels={"node": name}), layers) for name in "abc"]
    marts, staging = by_layer(jobs)
    assert (marts.layer, marts.n_jobs, marts.seconds) == ("marts", 2, 5.0)
    assert (staging.layer, staging.n_jobs) == ("staging", 1)
    assert marts.money(6.25) == pytest.approx(2 * 10485760 / 1024**4 * 6.25)


def test_row_hash() -> None:
    row = {"id": "a", "weight": 1 / 3, "names": ["x", {"first": None}], "at": dt.date(2024, 1, 1)}
    same = {
        "at": dt.date(2024, 1, 1),
        "names": ["x", {"first": None}],
        "weight": 1 / 3 + 1e-12,
        "id": "a",
    }
    assert row_hash(row) == row_hash(same)
    assert row_hash(row | {"weight": 0.33333}) != row_hash(row)
    assert row_hash(row | {"names": [{"first": None}, "x"]}) != row_hash(row)
    assert row_hash({"x": Decimal("1.50")}) == row_hash({"x": Decimal("1.5")})
    assert row_hash({"x": "1"}) != row_hash({"x": 1})


@pytest.mark.parametrize("prefix", ["", "concord", "concord_smoke_", "prod"])
def test_no_other_datasets_are_dropped(prefix: str) -> None:
    client: Any = object()
    with (
        pytest.raises(ValueError, match="could be the name"),
        dropped_afterwards(client, prefix, print),
    ):
        raise AssertionError("it began")


def test_names_are_new_each_time() -> None:
    assert new_prefix() != new_prefix()
