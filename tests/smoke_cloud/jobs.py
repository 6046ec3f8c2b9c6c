"""What the jobs of a build took and cost, by layer of the project."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tests.smoke_cloud.plan_warnings import plan_warnings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from google.cloud.bigquery import Client

TIB: Final = 1024**4
OTHER: Final = "wrapper and hooks"
# dbt puts a comment with the node's name before each statement.
COMMENT: Final = re.compile(r"/\* (\{.*?\}) \*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class JobFigures:
    """One job."""

    job_id: str
    node: str
    layer: str
    seconds: float
    slot_seconds: float
    bytes_processed: int
    bytes_billed: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LayerFigures:
    """The jobs of one layer."""

    layer: str
    n_jobs: int
    seconds: float
    slot_seconds: float
    bytes_processed: int
    bytes_billed: int

    def money(self, price_per_tib: float) -> float:
        """Return what the bytes cost on demand, in US dollars."""
        return self.bytes_billed / TIB * price_per_tib


def jobs_of(
    client: Client, prefix: str, since: datetime, layer_of: Mapping[str, str]
) -> list[JobFigures]:
    """Return the finished jobs since a time that name the prefix's datasets."""
    found = []
    for listed in client.list_jobs(min_creation_time=since):
        if prefix not in json.dumps(listed._properties["configuration"]):
            continue
        # The list leaves out the plan.
        job = client.get_job(listed.job_id, location=listed.location)
        if job.state == "DONE":
            found.append(job_figures(job._properties, layer_of))
    return found


def job_figures(job: Mapping[str, Any], layer_of: Mapping[str, str]) -> JobFigures:
    """Read one job of the REST API; what it does not say counts as nothing."""
    statistics = job.get("statistics", {})
    query = statistics.get("query", {})
    node = _node(job.get("configuration", {}))
    start, end = (int(statistics.get(name) or 0) for name in ("startTime", "endTime"))
    return JobFigures(
        job_id=job.get("jobReference", {}).get("jobId", ""),
        node=node,
        layer=layer_of.get(node, OTHER),
        seconds=max(end - start, 0) / 1000,
        slot_seconds=int(statistics.get("totalSlotMs") or 0) / 1000,
        bytes_processed=int(query.get("totalBytesProcessed") or 0),
        bytes_billed=int(query.get("totalBytesBilled") or 0),
        warnings=tuple(plan_warnings(query)),
    )


def _node(configuration: Mapping[str, Any]) -> str:
    label = configuration.get("labels", {}).get("node")
    if label:
        return str(label)
    comment = COMMENT.search(configuration.get("query", {}).get("query", ""))
    try:
        facts: dict[str, str] = json.loads(comment.group(1)) if comment else {}
    except ValueError:
        return ""
    # A project without a comment of its own has dbt's, with the whole id: kind, package, name.
    parts = facts.get("node_id", "").split(".")
    return facts.get("node") or (parts[2] if len(parts) > 2 else "")


def by_layer(jobs: Iterable[JobFigures]) -> list[LayerFigures]:
    """Return the sums by layer, the slowest first."""
    groups: defaultdict[str, list[JobFigures]] = defaultdict(list)
    for job in jobs:
        groups[job.layer].append(job)
    layers = [
        LayerFigures(
            layer,
            len(group),
            sum(job.seconds for job in group),
            sum(job.slot_seconds for job in group),
            sum(job.bytes_processed for job in group),
            sum(job.bytes_billed for job in group),
        )
        for layer, group in groups.items()
    ]
    return sorted(layers, key=lambda layer: -layer.seconds)
