"""Draws the charts as SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt

from orchestrator.report import palette
from orchestrator.report.drawing import (
    FONT_SIZE,
    NAME_ROOM,
    WIDTH,
    data,
    threshold_line,
    to_svg,
    weight_text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestrator.report.model import ClusterSize, Example, Thresholds, Timing, WeightBin

LARGEST_SIZE_SHOWN: Final = 10
# Steps of a waterfall name the level that was reached.
STEP_ROOM: Final = 230
STEPS_WIDTH: Final = 300
FIGURE_ROOM: Final = 42
TRUTH_LABELS: Final = {
    "same": "really the same",
    "different": "really different",
    "unknown": "compared pairs",
}
TRUTH_COLOURS: Final = {
    "same": palette.GOOD,
    "different": palette.NEUTRAL,
    "unknown": palette.ACCENT,
}


def cluster_size_chart(sizes: Sequence[ClusterSize], plural: str) -> str:
    """Bars: how many entities have one record, two records and so on."""
    rows = [
        {
            "records": _size_label(size.records),
            "order": min(size.records, LARGEST_SIZE_SHOWN),
            "entities": size.entities,
        }
        for size in sizes
    ]
    base = alt.Chart(data(_summed(rows))).encode(
        x=alt.X("records:N", sort=alt.SortField("order"), title="source records behind it").axis(
            labelAngle=0
        ),
        y=alt.Y("entities:Q", title=plural),
    )
    bars = base.mark_bar(color=palette.ACCENT, cornerRadiusEnd=2)
    labels = base.mark_text(dy=-7, color=palette.QUIET, fontSize=FONT_SIZE).encode(
        text=alt.Text("entities:Q", format=",")
    )
    return to_svg((bars + labels).properties(width=WIDTH, height=200))


def weight_chart(bins: Sequence[WeightBin], thresholds: Thresholds) -> str:
    """Histogram of match weights with the line from which on pairs are accepted.

    The axis of the counts is a square root: there are far more unlike pairs than like ones.
    """
    kinds = [kind for kind in TRUTH_LABELS if any(item.truth == kind for item in bins)]
    rows = [
        {"low": b.low, "high": b.high, "kind": TRUTH_LABELS[b.truth], "pairs": b.pairs}
        for b in bins
    ]
    bars = (
        alt.Chart(data(rows))
        .mark_bar(binSpacing=1, fillOpacity=0.8)
        .encode(
            x=alt.X("low:Q", bin="binned", title="match weight (bits)").axis(labelOverlap=True),
            x2="high:Q",
            y=alt.Y("pairs:Q", stack=None, title="pairs", scale=alt.Scale(type="sqrt")),
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(
                    domain=[TRUTH_LABELS[kind] for kind in kinds],
                    range=[TRUTH_COLOURS[kind] for kind in kinds],
                ),
                legend=alt.Legend(orient="top", columnPadding=28),
            ),
        )
    )
    layers = bars + threshold_line(thresholds.accept, "joined from here on")
    return to_svg(layers.properties(width=WIDTH, height=230))


def waterfall_chart(example: Example, thresholds: Thresholds) -> str:
    """Steps from nothing to the weight of the pair, one per comparison."""
    rows: list[dict[str, Any]] = []
    reached = 0.0
    for part in example.contributions:
        words = f"{part.label}: {part.level}" if part.level else part.label
        rows.append(_step(words, reached, reached + part.weight, part.weight))
        reached += part.weight
    rows.append(_step("Match weight", 0.0, example.weight, example.weight) | {"kind": "total"})
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("label:N", sort=[row["label"] for row in rows], title=None).axis(
            minExtent=STEP_ROOM, labelLimit=STEP_ROOM
        ),
    )
    bars = base.mark_bar(height=13).encode(
        x=alt.X("start:Q", title="match weight (bits)"),
        x2="end:Q",
        color=alt.Color(
            "kind:N",
            legend=None,
            scale=alt.Scale(
                domain=["for", "against", "total"],
                range=[palette.GOOD, palette.BAD, palette.ACCENT],
            ),
        ),
    )
    # A column of figures: beside the bars they would meet other bars and the line.
    labels = base.mark_text(align="right", color=palette.QUIET, fontSize=FONT_SIZE).encode(
        x=alt.value(STEPS_WIDTH + FIGURE_ROOM), text="text:N"
    )
    layers = bars + labels + threshold_line(thresholds.accept, None)
    return to_svg(layers.properties(width=STEPS_WIDTH, height=21 * len(rows)))


def timing_chart(timings: Sequence[Timing]) -> str:
    """Bars of seconds, in the order of the run."""
    rows = [
        {"name": timing.name, "seconds": timing.seconds, "text": f"{timing.seconds:.1f} s"}
        for timing in timings
    ]
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("name:N", sort=None, title=None).axis(minExtent=NAME_ROOM),
        x=alt.X("seconds:Q", title="seconds"),
    )
    bars = base.mark_bar(height=14, color=palette.ACCENT, cornerRadiusEnd=2)
    labels = base.mark_text(align="left", dx=5, color=palette.QUIET, fontSize=FONT_SIZE).encode(
        text="text:N"
    )
    return to_svg((bars + labels).properties(width=WIDTH - NAME_ROOM, height=24 * len(rows)))


def _step(label: str, start: float, end: float, weight: float) -> dict[str, Any]:
    return {
        "label": label,
        "start": start,
        "end": end,
        "kind": "for" if weight >= 0 else "against",
        "text": weight_text(weight),
    }


def _size_label(records: int) -> str:
    return str(records) if records < LARGEST_SIZE_SHOWN else f"{LARGEST_SIZE_SHOWN} or more"


def _summed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row per label: the largest entities share a bar."""
    by_label: dict[str, dict[str, Any]] = {}
    for row in rows:
        known = by_label.setdefault(row["records"], row | {"entities": 0})
        known["entities"] += row["entities"]
    return list(by_label.values())
