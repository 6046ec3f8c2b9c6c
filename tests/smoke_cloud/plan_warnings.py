"""What BigQuery's own statistics of a job say about its plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# A worker that takes this much longer than the mean, and this long at all, has too large a part.
SKEW: Final = 10
SKEW_MS: Final = 5_000
# A stage that writes this many rows for each one read, and this many at all, multiplies them.
GROWTH: Final = 100
MANY_ROWS: Final = 1_000_000


def plan_warnings(query: Mapping[str, Any]) -> list[str]:
    """Return the warnings of `statistics.query` of a job, in REST's form."""
    found = [*_insights(query.get("performanceInsights", {})), *_stages(query.get("queryPlan", []))]
    return list(dict.fromkeys(found))


def _insights(insights: Mapping[str, Any]) -> Iterator[str]:
    for stage in insights.get("stagePerformanceStandaloneInsights", []):
        name = f"stage {stage.get('stageId', '?')}"
        if stage.get("slotContention"):
            yield f"{name}: waited for slots"
        if stage.get("insufficientShuffleQuota"):
            yield f"{name}: too little room to shuffle"
        if stage.get("partitionSkew"):
            yield f"{name}: one part is much larger than the others"
        for join in stage.get("highCardinalityJoins", []):
            left, right = _number(join, "leftRows"), _number(join, "rightRows")
            output = _number(join, "outputRows")
            yield f"{name}: a join of {left:,} and {right:,} rows gives {output:,}"
    for stage in insights.get("stagePerformanceChangeInsights", []):
        if stage.get("inputDataChange"):
            yield f"stage {stage.get('stageId', '?')}: reads much more than on earlier runs"


def _stages(stages: list[Mapping[str, Any]]) -> Iterator[str]:
    for stage in stages:
        name = f"stage {stage.get('name', stage.get('id', '?'))}"
        spilled = _number(stage, "shuffleOutputBytesSpilled")
        if spilled:
            yield f"{name}: wrote {spilled:,} bytes to disk that it could not hold"
        longest, mean = _number(stage, "computeMsMax"), _number(stage, "computeMsAvg")
        if longest >= SKEW_MS and longest >= SKEW * max(mean, 1):
            yield f"{name}: one worker took {longest:,} ms, the mean {mean:,}"
        read, written = _number(stage, "recordsRead"), _number(stage, "recordsWritten")
        if written >= MANY_ROWS and written >= GROWTH * max(read, 1):
            yield f"{name}: made {written:,} rows of {read:,}"


def _number(part: Mapping[str, Any], key: str) -> int:
    # REST writes 64-bit integers as text.
    return int(part.get(key) or 0)
