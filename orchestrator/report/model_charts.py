"""Draws the trained model: what each level weighs, and the m and u that the weight comes from."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import altair as alt

from orchestrator.report import palette
from orchestrator.report.drawing import FONT_SIZE, data, to_svg, weight_text
from orchestrator.report.labels import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestrator.report.matching_model import ModelLevel

ROW: Final = 18
COMPARISON_ROOM: Final = 130
LEVEL_ROOM: Final = 160
PANEL: Final = 350
# Smaller probabilities are drawn here.
SMALLEST: Final = 1e-7
KINDS: Final = {"m": "m: among matches", "u": "u: among other pairs"}
KIND_COLOURS: Final = {"m": palette.ACCENT, "u": palette.NEUTRAL}


def match_weights_chart(levels: Sequence[ModelLevel]) -> str:
    """Two panels: the match weight of each level, and the m and u it comes from."""
    rows = level_rows(levels)
    panels = alt.hconcat(_names(rows), _weights(rows), _probabilities(rows), spacing=22)
    return to_svg(panels.resolve_scale(color="independent"))


def level_rows(levels: Sequence[ModelLevel]) -> list[dict[str, Any]]:
    """One row per level; only the first level of a comparison has its name."""
    rows: list[dict[str, Any]] = []
    previous = ""
    for number, level in enumerate(levels):
        is_first = level.comparison != previous
        previous = level.comparison
        # The prior is no level: it has no m and u to compare.
        is_prior = level.comparison == "prior"
        rows.append(
            {
                "key": f"{number:03d}",
                "comparison": label(level.comparison) if is_first else "",
                "is_first": is_first,
                "level": "two records at random" if is_prior else level.label,
                "weight": level.weight,
                "default": level.default_weight,
                "text": weight_text(level.weight),
                "kind": "for" if level.weight >= 0 else "against",
                "m": None if is_prior else max(level.m, SMALLEST),
                "u": None if is_prior else max(level.u, SMALLEST),
            }
        )
    return rows


def _height(rows: list[dict[str, Any]]) -> int:
    return ROW * len(rows)


def _y(rows: list[dict[str, Any]]) -> alt.Y:
    keys = [row["key"] for row in rows]
    return alt.Y("key:N", axis=None, scale=alt.Scale(domain=keys))


def _base(rows: list[dict[str, Any]], width: int) -> alt.Chart:
    return alt.Chart(data(rows)).encode(y=_y(rows)).properties(width=width, height=_height(rows))


def _separators(base: alt.Chart, width: int) -> Any:  # noqa: ANN401 - altair types no mark
    """A line above each comparison."""
    return (
        base.transform_filter("datum.is_first")
        .mark_rule(color=palette.GRID, yOffset=-ROW / 2)
        .encode(x=alt.value(0), x2=alt.value(width))
    )


def _names(rows: list[dict[str, Any]]) -> Any:  # noqa: ANN401 - a layered chart
    width = COMPARISON_ROOM + LEVEL_ROOM
    base = _base(rows, width)
    comparison = base.mark_text(
        align="left", color=palette.INK, fontSize=FONT_SIZE, fontWeight="bold"
    ).encode(x=alt.value(0), text="comparison:N")
    level = base.mark_text(align="right", color=palette.QUIET, fontSize=FONT_SIZE).encode(
        x=alt.value(width), text="level:N"
    )
    return _separators(base, width) + comparison + level


def _weights(rows: list[dict[str, Any]]) -> Any:  # noqa: ANN401 - a layered chart
    low = min((0.0, *(row["weight"] for row in rows)))
    high = max((0.0, *(row["weight"] for row in rows)))
    # Room at the right for the column of figures: beside the bars they would meet the ticks.
    room = (high - low) * 0.17 or 1
    x = alt.X(
        "weight:Q",
        title="match weight (bits); the tick is where training began",
        scale=alt.Scale(domain=[low - room / 10, high + room], nice=False),
    )
    base = _base(rows, PANEL)
    bars = base.mark_bar(height=ROW - 6).encode(
        x=x,
        color=alt.Color(
            "kind:N",
            legend=None,
            scale=alt.Scale(domain=["for", "against"], range=[palette.GOOD, palette.BAD]),
        ),
    )
    defaults = (
        base.transform_filter("isValid(datum.default)")
        .mark_tick(color=palette.INK, thickness=1.5, height=ROW - 4)
        .encode(x="default:Q")
    )
    figures = base.mark_text(align="right", color=palette.QUIET, fontSize=FONT_SIZE).encode(
        x=alt.value(PANEL), text="text:N"
    )
    return _separators(base, PANEL) + bars + defaults + figures


def _probabilities(rows: list[dict[str, Any]]) -> Any:  # noqa: ANN401 - a layered chart
    points = _points(rows)
    ends = [point["share"] for point in points]
    low = 10 ** math.floor(math.log10(min((0.01, *ends))))
    scale = alt.Scale(type="log", domain=[low, 1], nice=False)
    axis = alt.Axis(format="~%", values=_powers(low), grid=True)
    title = "share of pairs that have the level"
    x = alt.X("m:Q", scale=scale, axis=axis, title=title)
    x_share = alt.X("share:Q", scale=scale, axis=axis, title=title)
    base = _base(rows, PANEL)
    lines = (
        base.transform_filter("isValid(datum.m)")
        .mark_rule(color=palette.GRID, strokeWidth=3)
        .encode(x=x, x2="u:Q")
    )
    return _separators(base, PANEL) + lines + _dots(points, rows).encode(x=x_share)


def _points(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"key": row["key"], "share": row[kind], "kind": KINDS[kind]}
        for row in rows
        for kind in KINDS
        if row[kind] is not None
    ]


def _dots(points: list[dict[str, Any]], rows: list[dict[str, Any]]) -> Any:  # noqa: ANN401 - altair types no mark
    return (
        alt.Chart(data(points))
        .mark_point(filled=True, size=55, opacity=1)
        .encode(
            y=_y(rows),
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=list(KINDS.values()), range=list(KIND_COLOURS.values())),
                legend=alt.Legend(orient="top", columnPadding=28),
            ),
        )
    )


def _powers(low: float) -> list[float]:
    """Every second power of ten from `low` to 1."""
    lowest = round(math.log10(low))
    return [10.0**power for power in range(0, lowest - 1, -2)]
