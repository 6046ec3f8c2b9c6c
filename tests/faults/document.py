"""Writes docs/operate/reliability.md from the tables of faults and what was measured.

`make reliability` measures first. A row without a measurement is an error, not a gap.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tests.faults.cases import CASES, Case
from tests.faults.conftest import RESULTS as CONCORD
from tests.faults.night import ROOT
from tests.faults.others import OTHERS, Other
from tests.faults.plain_dbt import RESULTS as PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable

Facts = dict[str, Any]
PAGE: Final = ROOT / "docs" / "operate" / "reliability.md"
FOLDER: Final = Path(__file__).parent


@click.command()
def main() -> None:
    """Write the page."""
    concord, plain = _read(CONCORD), _read(PLAIN)
    # Jinja's escaping is for HTML.
    environment = Environment(  # noqa: S701
        loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, keep_trailing_newline=True
    )
    text = environment.get_template("reliability.md.j2").render(
        dbt_core=version("dbt-core"),
        dbt_bigquery=version("dbt-bigquery"),
        usual=concord["undisturbed"]["seconds"],
        figures=figures(concord, plain),
        bigquery=[
            (
                case.what,
                plain_case(plain[case.name]),
                concord_case(case, concord[case.name]),
                case.name,
            )
            for case in CASES
        ],
        others=[
            (other.what, plain_other(other, plain), concord_other(other, concord), other.test)
            for other in OTHERS
        ],
    )
    PAGE.write_text(text, encoding="utf-8")
    click.echo(f"wrote {PAGE.relative_to(ROOT)}")


def figures(concord: dict[str, Facts], plain: dict[str, Facts]) -> list[tuple[str, str]]:
    """Return the promises and what came of them."""
    passing = [case for case in CASES if case.is_recovered]
    for_good = [case for case in CASES if not case.is_recovered and case.attempts == 1]
    recovered = sum(concord[case.name]["exit_code"] == 0 for case in passing)
    of_dbt = [case for case in passing if plain[case.name]["was_hit"]]
    by_dbt = sum(plain[case.name]["exit_code"] == 0 for case in of_dbt)
    retries = sum(int(concord[case.name]["run"]["retries"]) for case in for_good)
    stops = [concord["sigterm"], concord["sigint"]]
    ends = [concord["poll_hang"], concord["slow_job"]]
    alerts = [concord[name]["added"] for name in ("alert_down", "alert_hang", "alert_500")]
    metrics = [concord[name]["added"] for name in ("metrics_down", "metrics_hang")]
    storm, kill = concord["storm"], concord["kill"]
    return [
        (
            "every transient fault is outlasted",
            f"{recovered} of {len(passing)}; plain dbt {by_dbt} of {len(of_dbt)}",
        ),
        (
            "permanent errors are not tried again",
            f"{retries} retries after {len(for_good)} kinds of them",
        ),
        (
            "jobs are cancelled within 2 s of SIGTERM, the process ends within 5 s",
            (
                f"{max(stop['cancelled'] for stop in stops):.1f} s and "
                f"{max(stop['seconds'] for stop in stops):.1f} s"
            ),
        ),
        (
            "exactly one of twenty starters runs",
            f"1 of {concord['twenty_starters']['starters']}, the others end with exit code 4",
        ),
        (
            "killed at any moment, the next command ends with the same tables",
            f"{kill['kills']} of {kill['kills']}",
        ),
        (
            "a silent or endless job is ended within the limit and 10 s",
            f"{max(end['seconds'] - end['limit'] for end in ends):.1f} s after the limit",
        ),
        ("dead alert endpoints add at most 10 s", f"{max(0.0, *alerts):.1f} s"),
        ("a dead metrics endpoint adds at most 3 s", f"{max(0.0, *metrics):.1f} s"),
        (
            "runs in which 5 % of all calls and 5 % of all jobs fail succeed",
            (
                f"{storm['nights']} of {storm['nights']}, with {storm['faults']} faults; "
                f"plain dbt {plain['storm']['good']} of {plain['storm']['nights']}"
            ),
        ),
    ]


def plain_case(facts: Facts) -> str:
    """Say what plain dbt did with a fault of BigQuery."""
    seconds = f"{facts['seconds']:.0f} s"
    if not facts["was_hit"]:
        return "has no such step"
    if facts["exit_code"] == 0:
        return f"outlasts it, {seconds}"
    return f"fails, {facts['jobs']} job, exit code {facts['exit_code']}, {seconds}"


def concord_case(case: Case, facts: Facts) -> str:
    """Say what Concord did with it."""
    seconds, retries = f"{facts['seconds']:.0f} s", case.attempts - 1
    if case.is_recovered:
        how = f"{retries} {_plural('retry', retries)}" if retries else "outlasts it"
        return f"{how}, the same tables, {seconds}"
    error_class = f"`{case.error_class}`" if case.error_class else ""
    often = f"{retries} {_plural('retry', retries)}" if retries else "no retry"
    return f"{error_class}: {often}, exit code {facts['exit_code']}, {seconds}"


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word[:-1]}ies"


def plain_other(other: Other, plain: dict[str, Facts]) -> str:
    """Say what plain dbt did with any other fault."""
    facts = plain.get(other.plain_run)
    if facts is None:
        if not other.plain:
            raise click.ClickException(f"'{other.name}' was not measured with plain dbt")
        return other.plain
    return PLAIN_TEXTS[other.name](facts)


def _signal_text(facts: Facts) -> str:
    results = "results of what had ended" if facts["has_results"] else "no results"
    cancels = "job cancelled" if facts["cancels"] else "no job cancelled"
    return f"{_end_text(facts)}, {cancels}, {results}, {facts['seconds']:.0f} s"


def _end_text(facts: Facts) -> str:
    code = facts["exit_code"]
    # A shell reports a process that a signal ended as 128 and the number of the signal.
    return f"exit code {code if code >= 0 else 128 - code}"


def _resume_text(facts: Facts) -> str:
    if not facts["has_results"]:
        return f"`dbt retry` finds no results, exit code {facts['retry_exit_code']}"
    if facts["retry_does_nothing"]:
        return f"`dbt retry` says there is nothing to do, exit code {facts['retry_exit_code']}"
    return f"`dbt retry` ends with exit code {facts['retry_exit_code']}"


def _limit_text(facts: Facts) -> str:
    if facts["is_killed"]:
        return f"still waits after {facts['seconds']:.0f} s, with a limit of 5 s"
    cancels = "job cancelled" if facts["cancels"] else "job not cancelled"
    return (
        f"gives up after {facts['seconds']:.0f} s, with a limit of 5 s; {cancels}, "
        f"exit code {facts['exit_code']}"
    )


def _down_text(facts: Facts) -> str:
    if facts["is_killed"]:
        return f"still tries after {facts['seconds']:.0f} s"
    return f"exit code {facts['exit_code']} after {facts['seconds']:.0f} s"


def _code_text(facts: Facts) -> str:
    return f"exit code {facts['exit_code']}"


PLAIN_TEXTS: Final[dict[str, Callable[[Facts], str]]] = {
    "sigterm": _signal_text,
    "sigint": _signal_text,
    "kill": _resume_text,
    "resume": _resume_text,
    "poll_hang": _limit_text,
    "slow_job": _limit_text,
    "two_starters": lambda f: f"both run: a table is written {f['most_writes']} times",
    "full_log": _code_text,
    "full_target": _code_text,
    "no_list_right": lambda f: (
        f"exit code {f['exit_code']}; the incremental table: "
        f"{', '.join(f['history']) or 'not written'}"
    ),
    "no_login": _code_text,
    "bad_profile": _code_text,
    "warehouse_down": _down_text,
    "storm": lambda f: f"{f['good']} of {f['nights']} runs succeed",
}


def concord_other(other: Other, concord: dict[str, Facts]) -> str:
    """Say what Concord did, with the figure that was measured."""
    facts = dict(concord[other.name])
    if "added" in facts:
        facts["added"] = max(0.0, facts["added"])
    return other.concord.format(**facts)


def _read(path: Path) -> dict[str, Facts]:
    """Return the newest measurement of every name."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {facts["name"]: facts for facts in map(json.loads, lines)}


if __name__ == "__main__":
    main()
