"""Counts what became of the mutants of `make test-mutation`, by part of the program.

    make test-mutation

It ends with 1 when fewer are noticed than `--fail-under` asks for.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

# What mutmut calls them; a mutant that makes a test hang is noticed too.
NOTICED: Final = ("killed", "timeout")
MISSED: Final = ("survived", "no tests")
# Which modules a part has; all of them are `only_mutate` of pyproject.toml.
PARTS: Final = {
    "retry": (
        "orchestrator/dbt/another_attempt.py",
        "orchestrator/dbt/retry_state.py",
        "orchestrator/bigquery/classify.py",
        "orchestrator/run/resume.py",
    ),
    "lock": ("orchestrator/lock/*.py",),
    "decisions": ("orchestrator/decisions/*.py",),
    "ids": (
        "orchestrator/diff/read.py",
        "orchestrator/diff/sql.py",
        "orchestrator/diff/states.py",
        "orchestrator/run/commit.py",
        "orchestrator/run/id_gate.py",
    ),
    "publishing": (
        "orchestrator/run/accept.py",
        "orchestrator/run/gates.py",
        "orchestrator/run/publish.py",
    ),
}


def read_results(folder: Path, status_of: Mapping[int | None, str]) -> dict[str, Counter[str]]:
    """Return how many mutants of each module came to what."""
    found = {}
    for path in sorted(folder.rglob("*.py.meta")):
        results = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        module = path.relative_to(folder).as_posix().removesuffix(".meta")
        found[module] = Counter(status_of[code] for code in results.values())
    return found


def share_noticed(counts: Counter[str]) -> float:
    """Return how many percent of the mutants were noticed."""
    return 100 * sum(counts[one] for one in NOTICED) / max(counts.total(), 1)


def table(results: Mapping[str, Counter[str]]) -> list[str]:
    """Return a line for each module and each part, as the page has them."""
    columns = (*NOTICED, *MISSED)
    lines = [f"| part | module | mutants | {' | '.join(columns)} | noticed |", "|---" * 8 + "|"]
    for part, patterns in PARTS.items():
        mine = [one for one in results if any(fnmatch(one, name) for name in patterns)]
        rows = {name: results[name] for name in mine if results[name]}
        whole = sum(rows.values(), Counter[str]())
        for name, counts in {"all": whole, **rows}.items():
            figures = " | ".join(str(counts[one]) for one in columns)
            lines.append(
                f"| {part} | {name.removeprefix('orchestrator/')} | {counts.total()} | {figures} "
                f"| {share_noticed(counts):.1f} % |"
            )
    return lines


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--fail-under", type=float, default=0.0, help="Least share in percent.")
def main(folder: Path, fail_under: float) -> None:
    """Print the table of what became of the mutants in FOLDER."""
    from mutmut.stats import status_by_exit_code

    results = read_results(folder, status_by_exit_code)
    whole = sum(results.values(), Counter[str]())
    click.echo("\n".join(table(results)))
    if unsettled := whole.total() - sum(whole[one] for one in (*NOTICED, *MISSED)):
        click.echo(f"{unsettled} of {whole.total()} mutants were not run to their end", err=True)
        sys.exit(1)
    share = share_noticed(whole)
    click.echo(f"\nnoticed: {share:.1f} % of {whole.total()}; asked for: {fail_under:g} %")
    sys.exit(share < fail_under)


if __name__ == "__main__":
    main()
