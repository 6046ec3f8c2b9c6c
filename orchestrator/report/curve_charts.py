"""Draws precision and recall for every threshold of the match weight."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import altair as alt

from orchestrator.report import palette
from orchestrator.report.drawing import FONT_SIZE, WIDTH, data, threshold_line, to_svg

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestrator.report.matching_model import Curve, Cut

HEIGHT: Final = 240
# Bits on either side of the threshold in use that are drawn.
BELOW: Final = 16
ABOVE: Final = 24
# Thresholds that have a dot on the curve, in bits from the one in use.
DOTS: Final = (-12, -8, -4, 4, 8, 12, 16, 20)
# Dots nearer than this to another have no room for words.
LEAST_GAP: Final = 0.05
PRECISION: Final = "precision"
RECALL: Final = "recall"
COLOURS: Final = {PRECISION: palette.ACCENT, RECALL: palette.GOOD}


def precision_recall_chart(curve: Curve) -> str:
    """Precision over recall, one point a threshold; the one in use stands out."""
    cuts = _drawn(curve)
    low_x = _floor(cut.recall for cut in cuts)
    low_y = _floor(cut.precision for cut in cuts)
    x = alt.X("recall:Q", title="recall").axis(format="%")
    y = alt.Y("precision:Q", title="precision").axis(format="%")
    scales = {
        "x": x.scale(domain=[low_x, 1], nice=False),
        "y": y.scale(domain=[low_y, 1], nice=False),
    }
    line = (
        alt.Chart(data([_point(cut) for cut in cuts]))
        .mark_line(color=palette.ACCENT, strokeWidth=2, clip=True)
        .encode(order="threshold:Q", **scales)
    )
    layers = line + _ceiling(curve, low_x) + _dots(curve, scales)
    return to_svg((layers + _chosen(curve, scales)).properties(width=WIDTH - 40, height=HEIGHT))


def threshold_chart(curve: Curve) -> str:
    """Precision and recall as two lines over the threshold."""
    rows: list[dict[str, Any]] = [
        {"threshold": cut.threshold, "share": share, "kind": kind}
        for cut in _drawn(curve)
        for kind, share in ((PRECISION, cut.precision), (RECALL, cut.recall))
    ]
    low = _floor(row["share"] for row in rows)
    lines = (
        alt.Chart(data(rows))
        .mark_line(strokeWidth=2)
        .encode(
            x=alt.X(
                "threshold:Q", title="threshold: accepted from this match weight on (bits)"
            ).scale(nice=False),
            y=alt.Y("share:Q", title=None).axis(format="%").scale(domain=[low, 1], nice=False),
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())),
                legend=alt.Legend(orient="top", columnPadding=28, symbolType="stroke"),
            ),
        )
    )
    layers = lines + threshold_line(curve.chosen.threshold, "in use", HEIGHT - 18)
    return to_svg(layers.properties(width=WIDTH - 40, height=HEIGHT))


def _drawn(curve: Curve) -> tuple[Cut, ...]:
    chosen = curve.chosen.threshold
    return tuple(cut for cut in curve.cuts if chosen - BELOW <= cut.threshold <= chosen + ABOVE)


def _floor(shares: Iterable[float]) -> float:
    """The lower end of an axis: a tenth below what is drawn, and never an empty axis."""
    return max(0.0, min(0.9, math.floor(min(shares) * 10) / 10))


def _point(cut: Cut) -> dict[str, Any]:
    return {
        "threshold": cut.threshold,
        "precision": cut.precision,
        "recall": cut.recall,
        "text": f"{cut.threshold:+g}",
    }


def _dots(curve: Curve, scales: dict[str, Any]) -> Any:  # noqa: ANN401 - a layered chart
    base = alt.Chart(data([_point(cut) for cut in readable_dots(curve)])).encode(**scales)
    dots = base.mark_point(filled=True, size=30, color=palette.ACCENT, opacity=1)
    style: dict[str, Any] = {"color": palette.QUIET, "fontSize": FONT_SIZE}
    # The curve runs down below the threshold in use and level above it.
    below = base.transform_filter(f"datum.threshold < {curve.chosen.threshold}")
    above = base.transform_filter(f"datum.threshold > {curve.chosen.threshold}")
    left = below.mark_text(align="right", dx=-7, **style).encode(text="text:N")
    under = above.mark_text(dy=13, **style).encode(text="text:N")
    return dots + left + under


def readable_dots(curve: Curve) -> tuple[Cut, ...]:
    """Thresholds to name on the curve: none so near to another that their words would meet."""
    kept = [curve.chosen]
    for cut in sorted(curve.at(DOTS), key=lambda cut: abs(cut.threshold - curve.chosen.threshold)):
        gaps = (max(abs(cut.recall - k.recall), abs(cut.precision - k.precision)) for k in kept)
        if min(gaps) >= LEAST_GAP:
            kept.append(cut)
    return tuple(kept[1:])


def _chosen(curve: Curve, scales: dict[str, Any]) -> Any:  # noqa: ANN401 - a layered chart
    row = _point(curve.chosen) | {"text": f"in use: {curve.chosen.threshold:g}"}
    base = alt.Chart(data([row])).encode(**scales)
    dot = base.mark_point(filled=True, size=110, color=palette.BAD, opacity=1)
    text = base.mark_text(
        align="right", dx=-10, dy=14, color=palette.INK, fontSize=FONT_SIZE, fontWeight="bold"
    )
    return dot + text.encode(text="text:N")


def _ceiling(curve: Curve, low: float) -> Any:  # noqa: ANN401 - a layered chart
    base = alt.Chart(data([{"recall": curve.ceiling}])).encode(x="recall:Q")
    rule = base.mark_rule(color=palette.NEUTRAL, strokeDash=[2, 3], strokeWidth=1.5)
    is_right = curve.ceiling > (1 + low) / 2
    text = base.mark_text(
        align="right" if is_right else "left",
        dx=-6 if is_right else 6,
        baseline="bottom",
        color=palette.QUIET,
        fontSize=FONT_SIZE,
    ).encode(y=alt.value(HEIGHT - 6), text=alt.value("all that blocking found"))
    return rule + text
