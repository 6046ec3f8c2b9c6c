"""What all charts share: sizes, the style, and how a chart becomes SVG."""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import vl_convert

from orchestrator.report import palette

FONT: Final = "Arial, Helvetica, sans-serif"
FONT_SIZE: Final = 12
# Room for the names beside horizontal bars: a browser's font may be wider than the measured one.
NAME_ROOM: Final = 150
WIDTH: Final = 520


def data(rows: list[dict[str, Any]]) -> Any:  # noqa: ANN401 - altair's data classes share no base
    """Rows for a chart, written into it."""
    return alt.InlineData(values=rows)


def weight_text(weight: float) -> str:
    """A weight with its sign; a zero has none."""
    rounded = round(weight, 1)
    return f"{rounded:+.1f}" if rounded else "0.0"


def threshold_line(weight: float, text: str | None, y: int = 4) -> Any:  # noqa: ANN401 - or a layer
    """A dashed line at a weight, with or without words at a height."""
    base = alt.Chart(data([{"weight": weight, "text": text}])).encode(x="weight:Q")
    rule = base.mark_rule(color=palette.INK, strokeDash=[4, 3], strokeWidth=1.5)
    if text is None:
        return rule
    label = base.mark_text(
        align="left", dx=6, color=palette.INK, fontSize=FONT_SIZE, baseline="top"
    )
    return rule + label.encode(y=alt.value(y), text="text:N")


def to_svg(chart: Any) -> str:  # noqa: ANN401 - altair's chart classes share no base
    """Draw a chart in the style of the report."""
    styled = (
        chart.configure(background="transparent", font=FONT, padding=4)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=palette.QUIET,
            titleColor=palette.QUIET,
            labelFontSize=FONT_SIZE,
            titleFontSize=FONT_SIZE,
            titleFontWeight="normal",
            gridColor=palette.GRID,
            domainColor=palette.GRID,
            tickColor=palette.GRID,
            labelLimit=220,
        )
        .configure_legend(
            labelColor=palette.QUIET, labelFontSize=FONT_SIZE, labelLimit=0, symbolStrokeWidth=2
        )
        .configure_title(
            color=palette.QUIET, fontSize=FONT_SIZE, fontWeight="normal", anchor="start"
        )
    )
    svg: str = vl_convert.vegalite_to_svg(styled.to_dict())
    return svg
