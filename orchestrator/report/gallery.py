"""All charts by name: for the page, and as files for documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orchestrator.files.modes import share, usual_modes
from orchestrator.report import blocking_charts, charts, curve_charts, model_charts, run_charts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from orchestrator.report.model import ReportData

CHARTS: Final[dict[str, Callable[..., str]]] = {
    "blocking_yield": blocking_charts.blocking_yield_chart,
    "cluster_size": charts.cluster_size_chart,
    "match_weights": model_charts.match_weights_chart,
    "precision_recall": curve_charts.precision_recall_chart,
    "run_bytes": run_charts.run_bytes_chart,
    "run_duration": run_charts.run_duration_chart,
    "threshold": curve_charts.threshold_chart,
    "timing": charts.timing_chart,
    "waterfall": charts.waterfall_chart,
    "weight": charts.weight_chart,
}
# A page has its own background; a file is shown on white, whatever is around it.
WHITE: Final = "background-color: #ffffff"


def draw(kind: str, *arguments: Any) -> str:  # noqa: ANN401 - each chart has its own data
    """Draw a chart by name."""
    return CHARTS[kind](*arguments)


def write_images(data: ReportData, folder: Path) -> tuple[Path, ...]:
    """Write the charts of the matching as SVG files into a folder; say which."""
    with usual_modes():
        folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, svg in _images(data):
        path = folder / f"{name}.svg"
        path.write_text(svg.replace("<svg ", f'<svg style="{WHITE}" ', 1) + "\n", encoding="utf-8")
        share(path)
        written.append(path)
    return tuple(written)


def _images(data: ReportData) -> Iterator[tuple[str, str]]:
    for entity in data.entities:
        name, model = entity.singular, entity.model
        yield f"match-weights-{name}", draw("match_weights", model.levels)
        if model.rules:
            yield f"blocking-yield-{name}", draw("blocking_yield", model.rules)
        if model.curve:
            yield f"precision-recall-{name}", draw("precision_recall", model.curve)
            yield f"threshold-{name}", draw("threshold", model.curve)
        for number, example in enumerate(entity.examples, start=1):
            yield f"waterfall-{name}-{number}", draw("waterfall", example, entity.thresholds)
