"""A comparison in words: for a terminal, and as Markdown for a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from orchestrator.models.compare import BuildComparison, EntityComparison
    from orchestrator.models.examples import ChangedPair
    from orchestrator.models.figures import BuildFigures

PLURALS: Final = {"person": "People", "company": "Companies"}
Table = tuple[tuple[str, ...], ...]


def as_text(compared: BuildComparison) -> str:
    """Put a comparison on a screen."""
    lines = [f"{'Old':<10}{compared.old.name}", f"{'New':<10}{compared.new.name}"]
    for one in compared.entities:
        lines += ["", PLURALS[one.change.entity], *_aligned(_changes(one)), ""]
        lines += _aligned(_figures(one))
        for number, example in enumerate(one.examples, 1):
            lines += ["", f"  {number}. {_headline(example)}"]
            lines += [f"     {line}" for line in _aligned(_values(example))]
            lines += [f"     {line}" for line in _aligned(_waterfall(example))]
    return "\n".join([*lines, "", verdict(compared)])


def as_markdown(compared: BuildComparison) -> str:
    """Write a comparison for a pull request."""
    lines = ["## What would change", "", verdict(compared), ""]
    lines += [f"Old: `{compared.old.name}`, new: `{compared.new.name}`"]
    for one in compared.entities:
        lines += ["", f"### {PLURALS[one.change.entity]}", ""]
        lines += [*_piped(_changes(one)), "", *_piped(_figures(one))]
        for number, example in enumerate(one.examples, 1):
            lines += ["", "<details>", f"<summary>{number}. {_headline(example)}</summary>", ""]
            lines += [*_piped(_values(example)), "", *_piped(_waterfall(example)), "</details>"]
    return "\n".join(lines)


def verdict(compared: BuildComparison) -> str:
    """Say in one line whether the gate is open."""
    shares = ", ".join(
        f"{one.change.changed_share:.2%} of the records of {PLURALS[one.change.entity].lower()}"
        for one in compared.entities
    )
    verb = "more than" if compared.too_many else "within"
    return f"Ids would change for {shares}: {verb} the allowed {compared.max_id_changes:.2%}."


def _changes(one: EntityComparison) -> Table:
    change = one.change
    return (
        ("records in both", f"{change.records:,}"),
        ("only in the old, only in the new", f"{change.only_old:,}, {change.only_new:,}"),
        ("merged, split, moved entities", f"{change.merged:,}, {change.split:,}, {change.moved:,}"),
        ("records with another id", f"{change.changed_ids:,} ({change.changed_share:.2%})"),
        ("partition distance", f"{change.partition_distance:.4f}"),
    )


def _figures(one: EntityComparison) -> Table:
    def row(name: str, values: Sequence[float | None]) -> tuple[str, ...]:
        return (name, *("-" if value is None else f"{value:.2%}" for value in values))

    both: tuple[BuildFigures, BuildFigures] = (one.old, one.new)
    conflicts = dict.fromkeys((*one.old.conflict_rates, *one.new.conflict_rates))
    return (
        ("", "old", "new"),
        ("entities", *(f"{side.entities:,}" for side in both)),
        row("expected precision", [side.expected_precision for side in both]),
        row("expected recall", [side.expected_recall for side in both]),
        row("expected F1", [side.expected_f1 for side in both]),
        *(
            row(f"pairs in conflict: {name}", [side.conflict_rates.get(name) for side in both])
            for name in conflicts
        ),
    )


def _headline(pair: ChangedPair) -> str:
    return f"{pair.kind}: {pair.left_id} and {pair.right_id}"


def _values(pair: ChangedPair) -> Table:
    return (("field", "left", "right"), *((name, *both) for name, both in pair.values.items()))


def _waterfall(pair: ChangedPair) -> Table:
    rows = sorted(
        pair.weights.items(), key=lambda found: -max(abs(weight or 0) for weight in found[1])
    )
    weights = [*rows, ("match weight", pair.match_weight)]
    return (
        ("bits", "old", "new"),
        *((name, *(_weight(weight) for weight in both)) for name, both in weights),
    )


def _weight(weight: float | None) -> str:
    return "not compared" if weight is None else f"{weight:+.2f}"


def _aligned(rows: Table) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield ("  " + "  ".join(cells)).rstrip()


def _piped(rows: Table) -> Iterator[str]:
    titled = rows if len(rows[0]) > 2 else (("", ""), *rows)
    for number, row in enumerate(titled):
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
        if number == 0:
            yield "|" + "---|" * len(row)
