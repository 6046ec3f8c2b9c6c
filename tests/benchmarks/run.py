"""Runs Concord and Splink side by side and says how good, how fast and how large each is.

Data sets: those of docs/examples, those that `make bench-data` made, and those below --data
(BENCH_DATA in the environment). Results stay in build/bench/results.json.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks import tables
from tests.benchmarks.data_sets import find_data_sets
from tests.benchmarks.document import in_order, lost_data_sets, render
from tests.benchmarks.places_on_disk import DOCUMENT, EXAMPLES, MADE_DATA, RESULTS, ROOT
from tests.benchmarks.results import Results, read_results, write_results
from tests.benchmarks.session import Session
from tests.benchmarks.targets import read_targets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.data_sets import DataSet


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    options = argparse.ArgumentParser(prog="bench", description=__doc__.partition("\n")[0])
    add = options.add_argument
    add("names", nargs="*", metavar="NAME", help="data sets; default: all there are")
    add("--data", type=Path, default=os.environ.get("BENCH_DATA"), help="folder of data sets")
    add("--repeat", type=int, default=3, metavar="N", help="default: 3; 0: show what is stored")
    add("--concord-only", action="store_true", help="leave Splink out and store nothing")
    add("--no-nights", action="store_true", help="leave out the nights of 1 % (CRM people)")
    add("--accept-shift", type=float, metavar="BITS", help="move Concord's accept thresholds")
    add(
        "--write",
        action="store_true",
        help=f"write {DOCUMENT.relative_to(ROOT)} from all that is stored",
    )
    return options


def command_text(arguments: Sequence[str], *, has_data: bool) -> str:
    """Return the command as a reader would type it, with no folder of this machine."""
    known, _ = parser().parse_known_args(arguments)
    hidden = {"--data", str(known.data), f"--data={known.data}"}
    words = [word for word in arguments if word not in hidden]
    prefix = "BENCH_DATA=FOLDER " if has_data else ""
    return f'{prefix}make bench ARGS="{shlex.join(words)}"' if words else f"{prefix}make bench"


def measure_all(
    session: Session, data: Sequence[DataSet], bits: float | None, *, is_stored: bool
) -> Results:
    """Measure one data set after the other; each is stored before the next one begins."""
    measured = Results()
    for each in data:
        stored = read_results(RESULTS)
        if bits is None:
            comparison = session.compare(each)
            measured.comparisons[each.name] = stored.comparisons[each.name] = comparison
        else:
            measured.shifts[each.name] = stored.shifts[each.name] = session.shift(each, bits)
        if is_stored:
            write_results(RESULTS, stored)
    return measured


def show(results: Results) -> None:
    """Print all tables."""
    comparisons = [results.comparisons[name] for name in in_order(results.comparisons)]
    shifts = [results.shifts[name] for name in in_order(results.shifts)]
    if comparisons:
        for table in (tables.quality_table, tables.blocking_table, tables.cost_table):
            print(f"\n{table(comparisons)}")
        print(f"\n{tables.target_table(comparisons, read_targets())}")
        print(f"\n{tables.slowest_table(comparisons)}")
    if shifts:
        print(f"\n{tables.shift_table(shifts)}")


def main() -> None:
    """Measure, store, print, and write the document when asked to."""
    options = parser().parse_args()
    extra = [Path(options.data)] if options.data else []
    if extra and not extra[0].is_dir():
        parser().error("the folder of data sets does not exist")
    known = find_data_sets([EXAMPLES, MADE_DATA, *extra])
    if unknown := sorted(set(options.names) - set(known)):
        parser().error(f"no data for {', '.join(unknown)}; there is {', '.join(known)}")
    names = options.names or in_order(known)
    is_stored = not options.concord_only
    if options.write:
        adds = options.repeat > 0 and options.accept_shift is None and is_stored
        _refuse_to_lose([*read_results(RESULTS).comparisons, *(names if adds else ())])
    command = command_text(sys.argv[1:], has_data=bool(extra))
    session = Session(
        command, options.repeat, not options.concord_only, not options.no_nights, _say
    )
    if options.repeat:
        data = [known[name] for name in names]
        results = measure_all(session, data, options.accept_shift, is_stored=is_stored)
    else:
        results = read_results(RESULTS)
    show(results)
    if options.write:
        DOCUMENT.write_text(render(read_results(RESULTS), read_targets()), encoding="utf-8")
        print(f"\nWritten to {DOCUMENT.relative_to(ROOT)}")


def _refuse_to_lose(names: Sequence[str]) -> None:
    document = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.is_file() else ""
    if lost := lost_data_sets(document, names):
        parser().error(f"{DOCUMENT.relative_to(ROOT)} would lose {', '.join(lost)}; run them too")


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        print(error.output, file=sys.stderr)
        sys.exit(f"exit code {error.returncode}: {shlex.join(error.cmd)}")
