"""docs/model/benchmarks.md: all stored results, with what each column means."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, StrictUndefined

from tests.benchmarks import tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.benchmarks.results import Circumstances, Results
    from tests.benchmarks.targets import Target

ORDER: Final = (
    *("fake_1000", "febrl3", "febrl4", "historical_50k", "ecp_sites"),
    *("orgs_hard", "company_names", "foreigners_dev"),
    *("crm_10k", "crm_100k", "crm_1m"),
)
TEMPLATE: Final = Path(__file__).with_name("benchmarks.md.j2")


def render(results: Results, targets: list[Target]) -> str:
    """Return the whole document."""
    comparisons = [results.comparisons[name] for name in in_order(results.comparisons)]
    shifts = [results.shifts[name] for name in in_order(results.shifts)]
    measured = [(entry.data_set, entry.circumstances) for entry in comparisons]
    measured += [(f"{entry.data_set} (threshold moved)", entry.circumstances) for entry in shifts]
    # It is Markdown, so nothing is escaped.
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True)  # noqa: S701
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        quality=tables.quality_table(comparisons),
        blocking=tables.blocking_table(comparisons),
        cost=tables.cost_table(comparisons),
        slowest=tables.slowest_table(comparisons),
        targets=tables.target_table(comparisons, targets),
        shifts=tables.shift_table(shifts) if shifts else "",
        circumstances=circumstance_lines(measured),
    )


def lost_data_sets(document: str, names: Iterable[str]) -> list[str]:
    """Return the data sets of an existing document that a new one about `names` would lack."""
    named = {row[1] for row in re.finditer(r"^\| (\w+) \|", document, re.MULTILINE)}
    return sorted(named.intersection(ORDER).difference(names))


def in_order(names: Iterable[str]) -> list[str]:
    """Sort names of data sets: people first, then companies, then by size."""
    return sorted(names, key=lambda name: (ORDER.index(name) if name in ORDER else 99, name))


def circumstance_lines(measured: Iterable[tuple[str, Circumstances]]) -> list[str]:
    """Return one line for each set of equal circumstances, with the data sets that it is about."""
    groups: dict[str, list[str]] = {}
    for name, entry in measured:
        versions = ", ".join(f"{package} {version}" for package, version in entry.versions.items())
        runs = "one run" if entry.repetitions == 1 else f"medians of {entry.repetitions} runs"
        text = (
            f"{entry.day}, `{entry.command}`, {runs}, "
            f"{entry.cores} cores, {entry.memory_gb:.0f} GB; {versions}"
        )
        groups.setdefault(text, []).append(name)
    return [f"{', '.join(names)}: {text}" for text, names in groups.items()]
