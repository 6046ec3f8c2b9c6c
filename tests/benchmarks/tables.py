"""Results as Markdown tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.benchmarks.targets import check_targets

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.benchmarks.figures import Figures
    from tests.benchmarks.results import Comparison, Shift
    from tests.benchmarks.targets import Target

ABSENT: Final = "-"
# Twice the largest real entity: beyond it a cluster has grown without end.
LARGEST_ALLOWED: Final = 2
FIGURE_NAMES: Final = {
    "b3_f1": "B3 F1",
    "pair_f1": "pair F1",
    "pair_precision": "pair precision",
    "blocking_recall": "blocking recall",
    "pairs_a_record": "pairs per record",
    "largest_ratio": "largest cluster / largest entity",
    "time_ratio": "matching time / Splink's",
    "peak_mb": "peak MB",
    "memory_ratio": "peak memory / Splink's",
    "night_matching_ratio": "night of 1 %: compared to clustered / full",
    "night_ratio": "night of 1 % / full build",
}


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    lines = [header, ["---" for _ in header], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def quality_table(comparisons: Iterable[Comparison]) -> str:
    """Return how right the clusters are: one row per data set and system."""
    header = (
        *("data set", "system", "B3 precision", "B3 recall", "B3 F1"),
        *("pair precision", "pair recall", "pair F1", "largest cluster"),
    )
    rows = [
        (comparison.data_set, system, *_quality(figures))
        for comparison in comparisons
        for system, figures in (("Concord", comparison.concord), ("Splink", comparison.splink))
        if figures is not None
    ]
    return markdown_table(header, rows)


def blocking_table(comparisons: Iterable[Comparison]) -> str:
    """Return how many pairs were compared, and the true ones among them."""
    header = (
        *("data set", "records", "Concord: blocking recall", "Splink: blocking recall"),
        *("Concord: pairs per record", "Splink: pairs per record"),
    )
    rows = [
        (
            comparison.data_set,
            f"{comparison.concord.records:,}",
            *_of_both(comparison, "blocking_recall", ".4f"),
            *_of_both(comparison, "pairs_a_record", ".1f"),
        )
        for comparison in comparisons
    ]
    return markdown_table(header, rows)


def cost_table(comparisons: Iterable[Comparison]) -> str:
    """Return time and memory, with their ratios."""
    header = (
        *("data set", "records", "Concord: s", "Concord: matching s", "Splink: s", "time ratio"),
        *("Concord: MB", "Splink: MB", "memory ratio", "night of 1 %: s", "of a full build"),
    )
    rows = [
        (
            comparison.data_set,
            f"{comparison.concord.records:,}",
            f"{comparison.concord.command_seconds:.1f}",
            *_of_both(comparison, "matching_seconds", ".1f"),
            _number(comparison.time_ratio, ".2f"),
            *_of_both(comparison, "peak_mb", ",.0f"),
            _number(comparison.memory_ratio, ".2f"),
            _number(comparison.night.seconds if comparison.night else None, ".1f"),
            _number(comparison.night_ratio, ".2f"),
        )
        for comparison in comparisons
    ]
    return markdown_table(header, rows)


def target_table(comparisons: Iterable[Comparison], targets: list[Target]) -> str:
    """Return which targets are met."""
    rows = [
        (
            comparison.data_set,
            FIGURE_NAMES[check.target.figure],
            f"{'at least' if check.target.is_least else 'at most'} {check.target.bound:g}",
            _number(check.value, ",.0f" if check.target.figure == "peak_mb" else ".4f"),
            check.verdict,
        )
        for comparison in comparisons
        for check in check_targets(comparison, targets)
    ]
    return markdown_table(("data set", "figure", "target", "measured", "verdict"), rows)


def slowest_table(comparisons: Iterable[Comparison]) -> str:
    """Return where Concord's time goes."""
    rows = [
        (
            comparison.data_set,
            ", ".join(f"{name} {seconds:.1f}" for name, seconds in comparison.slowest.items()),
        )
        for comparison in comparisons
    ]
    return markdown_table(("data set", "slowest dbt nodes, s"), rows)


def shift_table(shifts: Iterable[Shift]) -> str:
    """Return what a moved threshold does."""
    header = (
        *("data set", "bits", "B3 F1", "pair precision", "largest cluster"),
        *("at most", "verdict"),
    )
    rows = []
    for shift in shifts:
        figures = shift.concord
        allowed = LARGEST_ALLOWED * figures.largest_entity
        verdict = "met" if figures.largest_cluster <= allowed else "missed"
        cells = (f"{shift.bits:+g}", f"{figures.b3_f1:.4f}", f"{figures.pair_precision:.4f}")
        rows.append((shift.data_set, *cells, _largest(figures), str(allowed), verdict))
    return markdown_table(header, rows)


def _quality(figures: Figures) -> tuple[str, ...]:
    scores = (
        *(figures.b3_precision, figures.b3_recall, figures.b3_f1),
        *(figures.pair_precision, figures.pair_recall, figures.pair_f1),
    )
    return (*(f"{score:.4f}" for score in scores), _largest(figures))


def _largest(figures: Figures) -> str:
    return f"{figures.largest_cluster} of {figures.largest_entity}"


def _of_both(comparison: Comparison, name: str, form: str) -> tuple[str, str]:
    splink = None if comparison.splink is None else getattr(comparison.splink, name)
    return _number(getattr(comparison.concord, name), form), _number(splink, form)


def _number(value: float | None, form: str) -> str:
    return ABSENT if value is None else format(value, form)
