"""Draws what each blocking rule brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt

from orchestrator.report import palette
from orchestrator.report.drawing import FONT_SIZE, data, to_svg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestrator.report.matching_model import RuleYield

ROW: Final = 20
RULE_ROOM: Final = 210
PAIRS_WIDTH: Final = 400
ACCEPTED_WIDTH: Final = 250
NEW: Final = "new: no rule above found them"
KNOWN: Final = "found by a rule above as well"


def blocking_yield_chart(rules: Sequence[RuleYield]) -> str:
    """Two panels: the pairs that a rule finds, and the accepted pairs that only it finds."""
    rows = yield_rows(rules)
    panels = alt.hconcat(_pairs(rows), _accepted(rows), spacing=30)
    return to_svg(panels.resolve_scale(color="independent"))


def yield_rows(rules: Sequence[RuleYield]) -> list[dict[str, Any]]:
    """One row per rule, in the order in which rules count as first."""
    return [
        {
            "rule": rule.rule,
            "new": rule.new_pairs,
            "known": rule.pairs - rule.new_pairs,
            "pairs": rule.pairs,
            "text": f"{rule.pairs:,}, {rule.new_pairs:,} new" if rule.pairs else "none",
            "only_accepted": rule.only_accepted_pairs,
            "accepted_text": f"{rule.only_accepted_pairs:,} of {rule.accepted_pairs:,}",
        }
        for rule in rules
    ]


def _y(rows: list[dict[str, Any]]) -> alt.Y:
    return alt.Y("rule:N", title=None, scale=alt.Scale(domain=[row["rule"] for row in rows]))


def _room(rows: list[dict[str, Any]], name: str, share: float) -> alt.Scale:
    """A scale that leaves a share of the panel to the words behind the longest bar."""
    largest = max((1, *(row[name] for row in rows)))
    return alt.Scale(domain=[0, largest / (1 - share)], nice=False)


def _pairs(rows: list[dict[str, Any]]) -> Any:  # noqa: ANN401 - a layered chart
    parts = [
        {"rule": row["rule"], "kind": kind, "count": row[name], "order": order}
        for row in rows
        for order, (name, kind) in enumerate((("new", NEW), ("known", KNOWN)))
    ]
    y = _y(rows).axis(minExtent=RULE_ROOM)
    scale = _room(rows, "pairs", 0.3)
    bars = (
        alt.Chart(data(parts))
        .mark_bar(height=ROW - 7)
        .encode(
            x=alt.X("count:Q", stack=True, title="pairs found", scale=scale).axis(
                format=",d", tickCount=6
            ),
            y=y,
            order="order:O",
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=[NEW, KNOWN], range=[palette.ACCENT, palette.NEUTRAL]),
                legend=alt.Legend(orient="top", columnPadding=28),
            ),
        )
    )
    text = _words(rows).encode(x=alt.X("pairs:Q", scale=scale), y=y, text="text:N")
    return (bars + text).properties(width=PAIRS_WIDTH, height=ROW * len(rows))


def _accepted(rows: list[dict[str, Any]]) -> Any:  # noqa: ANN401 - a layered chart
    y = _y(rows).axis(None)
    scale = _room(rows, "only_accepted", 0.5)
    title = "accepted pairs that only this rule found"
    x = alt.X("only_accepted:Q", title=title, scale=scale).axis(
        format=",d", tickCount=4, tickMinStep=1
    )
    bars = alt.Chart(data(rows)).mark_bar(height=ROW - 7, color=palette.GOOD).encode(x=x, y=y)
    text = _words(rows).encode(x=x, y=y, text="accepted_text:N")
    return (bars + text).properties(width=ACCEPTED_WIDTH, height=ROW * len(rows))


def _words(rows: list[dict[str, Any]]) -> Any:  # noqa: ANN401 - altair types no mark
    return alt.Chart(data(rows)).mark_text(
        align="left", dx=5, color=palette.QUIET, fontSize=FONT_SIZE
    )
