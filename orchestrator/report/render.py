"""Puts the report's data and charts into one HTML page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from orchestrator.files.modes import share, usual_modes
from orchestrator.report.drawing import weight_text
from orchestrator.report.gallery import draw
from orchestrator.report.palette import CSS_VARIABLES

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.report.model import ReportData


def render(data: ReportData) -> str:
    """Return the page as text."""
    environment = Environment(
        loader=PackageLoader("orchestrator.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["count"] = "{:,}".format
    environment.filters["percent"] = "{:.1%}".format
    environment.filters["probability"] = _probability
    environment.filters["weight"] = weight_text
    environment.filters["seconds"] = "{:.1f} s".format
    environment.filters["bits"] = "{:g}".format
    environment.globals["chart"] = _chart
    page = environment.get_template("report.html.j2")
    return page.render(data=data, chart_colours=CSS_VARIABLES)


def write_report(data: ReportData, path: Path) -> None:
    """Write the page; a reader never sees half of it."""
    with usual_modes():
        path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(render(data), encoding="utf-8")
    share(unfinished)
    unfinished.replace(path)


def _probability(value: float) -> str:
    """A rounded probability must not claim certainty."""
    if value >= 0.9995:
        return "over 99.9%"
    return "under 0.1%" if value < 0.0005 else f"{value:.1%}"


def _chart(kind: str, *arguments: object) -> Markup:
    """Draw a chart by name; its text is already escaped by the renderer of the charts."""
    return Markup(draw(kind, *arguments))  # noqa: S704 - SVG that we drew ourselves
