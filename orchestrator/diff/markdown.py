"""A difference of two builds as Markdown, for a pull request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from orchestrator.diff.read import KINDS
from orchestrator.run.id_gate import percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from orchestrator.diff.builds import BuildDiff, BuiltEntity, DiffExample
    from orchestrator.diff.limits import DiffLimits
    from orchestrator.diff.work import BuildWork

PLURALS: Final = {"person": "People", "company": "Companies"}
MOST_NAMES: Final = 40
MIB: Final = 1024**2
# An id of a record is whatever a source calls it: nothing of it may become a link, a name or HTML.
SPECIAL: Final = re.compile(r"[&<>|@`*_~#!\\\[\]]")
NOTE: Final = (
    "Ids are those of the ledger of production. Records that came in since its last run count as "
    "new. Conflicts are shares of the compared pairs inside entities; addresses and numbers in ids "
    "of records are masked."
)


def diff_markdown(
    found: BuildDiff,
    work: BuildWork,
    limits: DiffLimits,
    problems: Sequence[str],
    price_per_tib: float,
) -> str:
    """Write the whole report."""
    lines = ["## What would change", "", gate_line(found, limits, problems), ""]
    lines += _work_lines(work, price_per_tib)
    for one in found.entities:
        lines += [f"### {PLURALS[one.diff.entity]}", "", *_ids_table(one), "", *_figures_table(one)]
        lines.append("")
    lines += _examples_table(found.examples)
    lines += [f"<sub>{NOTE}</sub>"]
    return "\n".join(lines)


def gate_line(found: BuildDiff, limits: DiffLimits, problems: Sequence[str]) -> str:
    """Say in a line whether somebody has to agree."""
    if problems:
        return f"**The gate is closed**: {'; '.join(problems)}."
    shares = ", ".join(
        f"{percent(one.diff.id_change_share or 0.0)} of {one.diff.entity} ids"
        for one in found.entities
    )
    allowed = percent(limits.id_changes)
    return f"**The gate is open**: {shares or 'no ids'} would change, allowed {allowed}."


def _work_lines(work: BuildWork, price_per_tib: float) -> Iterator[str]:
    """Say which models differ, how many were built, and what that read."""
    if work.changed_models is not None:
        names = [f"`{name}`" for name in work.changed_models[:MOST_NAMES]]
        left = len(work.changed_models) - len(names)
        more = f" and {left} more" if left else ""
        yield f"Changed models: {', '.join(names) or 'none'}{more}"
        yield ""
    if work.built_models is not None:
        told = f"Built models and seeds: {work.built_models}, tests: {work.tests}"
        if work.bytes_processed is not None:
            told += f"; {work.bytes_processed / MIB:,.1f} MiB read"
        if (cost := work.cost(price_per_tib)) is not None:
            told += f", {(work.bytes_billed or 0) / MIB:,.1f} MiB billed (US${cost:,.2f})"
        yield f"{told}."
        yield ""


def _ids_table(one: BuiltEntity) -> Iterator[str]:
    diff = one.diff
    counts = {changes.kind: changes for changes in diff.changes}
    yield f"| ids | kept | {' | '.join(KINDS)} |"
    yield f"|---|---|{'---|' * len(KINDS)}"
    numbers = (f"{diff.n_of(kind):,}" for kind in KINDS)
    yield f"| number | {diff.ids_kept:,} | {' | '.join(numbers)} |"
    records = (f"{counts[kind].records:,}" if kind in counts else "0" for kind in KINDS)
    yield f"| records | | {' | '.join(records)} |"
    yield ""
    share = percent(diff.id_change_share or 0.0)
    yield f"{diff.records_changed_id:,} of {diff.records_before:,} records have another id: {share}"


def _figures_table(one: BuiltEntity) -> Iterator[str]:
    before, after = one.before, one.after
    yield "| | published | this build |"
    yield "|---|---|---|"
    yield f"| entities | {one.diff.entities_before:,} | {one.diff.entities_after:,} |"
    yield f"| records | {one.diff.records_before:,} | {one.diff.records_after:,} |"
    for figure in ("expected_precision", "expected_recall"):
        name = figure.replace("_", " ")
        shares = " | ".join(_share(getattr(side.quality, figure)) for side in (before, after))
        yield f"| {name} | {shares} |"
    for comparison, now in after.quality.conflict_rates.items():
        was = before.quality.conflict_rates.get(comparison)
        yield f"| conflicts: {comparison.replace('_', ' ')} | {_share(was)} | {_share(now)} |"
    told = "pairs of entities that a hard conflict keeps apart"
    yield f"| {told} | {before.kept_apart:,} | {after.kept_apart:,} |"


def _examples_table(examples: Sequence[DiffExample]) -> Iterator[str]:
    if not examples:
        return
    yield "### Examples"
    yield ""
    yield "| | what | id | other ids | records | why |"
    yield "|---|---|---|---|---|---|"
    for number, one in enumerate(examples, 1):
        others = ", ".join(f"`{other}`" for other in one.change.other_ids)
        what = f"{one.kind} {'into' if one.kind == 'merged' else 'from' if others else ''}".strip()
        cells = (str(number), what, f"`{one.change.entity_id}`", others, f"{one.change.records:,}")
        yield f"| {' | '.join(cells)} | {_escaped(one.reason)} |"
    yield ""


def _share(value: float | None) -> str:
    return "-" if value is None else percent(value)


def _escaped(text: str) -> str:
    return SPECIAL.sub(lambda found: f"&#{ord(found[0])};", " ".join(text.split()))
