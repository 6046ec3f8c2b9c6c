"""Draws how good the matching was expected to be, run after run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt

from orchestrator.report import palette
from orchestrator.report.curve_charts import PRECISION, RECALL
from orchestrator.report.drawing import WIDTH, data, to_svg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEIGHT: Final = 150
COLOURS: Final = {PRECISION: palette.ACCENT, RECALL: palette.GOOD}


def quality_over_time_chart(rows: Sequence[Mapping[str, Any]]) -> str:
    """Lines: expected precision and recall over the time of the run, a panel an entity.

    A row is one of match_quality: `entity`, `run_started_at` (ISO 8601), shares from 0 to 1.
    """
    points = [
        {"entity": row["entity"], "at": row["run_started_at"], "kind": kind, "share": share}
        for row in rows
        for kind in (PRECISION, RECALL)
        if (share := row[f"expected_{kind}"]) is not None
    ]
    kinds = [kind for kind in COLOURS if any(point["kind"] == kind for point in points)]
    chart = (
        alt.Chart(data(points))
        .mark_line(point=True, strokeWidth=2)
        .encode(
            x=alt.X("at:T", title=None).axis(format="%d %b", tickCount="day", labelOverlap=True),
            y=alt.Y("share:Q", title=None).axis(format="%").scale(zero=False),
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=kinds, range=[COLOURS[kind] for kind in kinds]),
            ),
        )
        .properties(width=WIDTH, height=HEIGHT)
        .facet(row=alt.Row("entity:N", title=None))
    )
    return to_svg(chart)
