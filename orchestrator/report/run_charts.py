"""Draws what the last runs took: time, and bytes that BigQuery bills."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import altair as alt

from orchestrator.report import palette
from orchestrator.report.drawing import WIDTH, data, to_svg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestrator.run_log.run import Run

GIB: Final = 1024**3
HEIGHT: Final = 180
COLOURS: Final = {
    "succeeded": palette.GOOD,
    "failed": palette.BAD,
    "interrupted or refused": palette.NEUTRAL,
}
KINDS: Final = {"success": "succeeded", "failed": "failed", "transient": "failed"}


def run_duration_chart(runs: Sequence[Run]) -> str:
    """Bars: minutes of each run, the oldest first, coloured by how it ended."""
    return _bars(runs, [run.seconds / 60 for run in runs], "minutes")


def run_bytes_chart(runs: Sequence[Run]) -> str:
    """Bars: what each run was billed for, the oldest first."""
    return _bars(runs, [(run.totals.bytes_billed or 0) / GIB for run in runs], "GiB billed")


def _bars(runs: Sequence[Run], values: list[float], title: str) -> str:
    rows = [
        {
            "run": run.run_id,
            "label": f"{run.started_at:%d %b %H:%M}",
            "value": value,
            "kind": KINDS.get(run.status, "interrupted or refused"),
        }
        for run, value in zip(runs, values, strict=True)
    ]
    kinds = [kind for kind in COLOURS if any(row["kind"] == kind for row in rows)]
    colours = [COLOURS[kind] for kind in kinds]
    labels = {row["run"]: row["label"] for row in rows}
    # Two runs may begin within a minute, so the axis has the ids and shows the times.
    chart = (
        alt.Chart(data(rows))
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=alt.X("run:N", sort=[run.run_id for run in runs], title=None).axis(
                labelAngle=-45, labelExpr=f"({labels})[datum.value]", labelOverlap=True
            ),
            y=alt.Y("value:Q", title=title),
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=kinds, range=colours),
                legend=alt.Legend(orient="top", columnPadding=28),
            ),
        )
    )
    return to_svg(chart.properties(width=WIDTH, height=HEIGHT))
