"""The summary of a result, in lines for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orchestrator.mapping.mapped_sql import MAX_CELL_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestrator.resolve.request import ResolveSummary

# What happened to records since the previous result, in words.
EVENTS: Final = {
    "born": "new, of somebody new",
    "grew": "new, of somebody who was there",
    "updated": "changed; they stay who they were",
    "merged": "of somebody who turned out to be another one",
    "moved": "went over to somebody else",
    "split": "turned out to be somebody of their own",
    "shrank": "gone; others of their entity stay",
    "retired": "gone, with all of their entity",
}


def result_text(summary: ResolveSummary, output: Path, written: tuple[str, ...]) -> str:
    """Return what the command prints at its end."""
    figures = {
        "Records": summary.records,
        "Pairs compared": summary.pairs_compared,
        "Clusters": summary.clusters,
        "Largest cluster": summary.largest_cluster,
    }
    lines = ["", *(f"{name:<17}{value:>12,}" for name, value in figures.items())]
    lines += _expected_share(
        "Expected precision",
        summary.expected_precision,
        summary.expected_precision_lower,
        summary.expected_precision_upper,
    )
    lines += _expected_share(
        "Expected recall",
        summary.expected_recall,
        summary.expected_recall_lower,
        summary.expected_recall_upper,
    )
    if summary.questions:
        lines.append(f"{'Worth a look':<17}{summary.questions:>12,}  (review)")
    lines += _left_out(summary)
    lines += _changes(summary)
    lines += [f"Doubtful: {doubt}" for doubt in summary.doubts]
    lines += list(summary.hints)
    lines += _companies(summary)
    steps = ", ".join(f"{name} {seconds:.1f}" for name, seconds in summary.seconds.items())
    lines += [f"{'Seconds':<17}{sum(summary.seconds.values()):>12.1f}  ({steps})", ""]
    lines.append(f"Written to {output}: {', '.join(written)}")
    return "\n".join(lines)


def _left_out(summary: ResolveSummary) -> Iterator[str]:
    if summary.skipped_rows:
        yield f"Left out: {summary.skipped_rows:,} rows that could not be read"
    if summary.dropped_cells:
        kinds = f"no text, no time where one should be, or too long ({MAX_CELL_CHARACTERS:,})"
        yield f"Ignored: {summary.dropped_cells:,} cells that are {kinds}"
    if summary.blank_lines:
        yield f"Left out: {summary.blank_lines:,} empty lines"
    if summary.trimmed_ids:
        yield f"{summary.trimmed_ids:,} record ids had spaces around them; they are gone"


def _companies(summary: ResolveSummary) -> Iterator[str]:
    found = summary.companies
    if found is not None:
        yield f"{'Companies':<17}{found.clusters:>12,}  (named by {found.records:,} records)"
        if found.questions:
            yield f"{'Worth a look':<17}{found.questions:>12,}  (companies/review)"
        yield from (f"Doubtful of companies: {doubt}" for doubt in found.doubts)


def _changes(summary: ResolveSummary) -> Iterator[str]:
    if summary.changes is None:
        return
    yield "Records since the previous result" + ("" if summary.changes else ": nothing has changed")
    for event, words in EVENTS.items():
        if event in summary.changes:
            yield f"  {summary.changes[event]:>27,}  {words}"


def _expected_share(
    name: str, share: float | None, lower: float | None, upper: float | None
) -> Iterator[str]:
    # Nothing is said where nothing was joined; without an estimate the range is all there is.
    if upper is not None:
        estimate = "unknown" if share is None else f"{share:.1%}"
        bounds = f"at most {upper:.1%}" if lower is None else f"{lower:.1%} to {upper:.1%}"
        yield f"{name:<18}{estimate:>11}  ({bounds})"
