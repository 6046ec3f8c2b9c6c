"""`concord decide`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestrator.command_line.as_json import json_option, print_json

if TYPE_CHECKING:
    from orchestrator.decisions.decide import Followed
    from orchestrator.decisions.decision import StewardDecision
    from orchestrator.decisions.read_file import Line

PARTS_OF_ONE = 3


@click.command()
@click.argument("what", nargs=-1, required=True, metavar="A B VERDICT | FILE")
@click.option("--reason", default="", help="Why; needed unless a file says it.")
@click.option("--by", help="Who decided; the user of the machine when not given.")
@click.option(
    "--entity",
    type=click.Choice(("person", "company")),
    help="Needed only where both references are a person and a company.",
)
@click.option("--anyway", is_flag=True, help="Keep it though it contradicts other decisions.")
@click.option("--dry-run", is_flag=True, help="Say what would follow, and keep nothing.")
@json_option
def decide(
    what: tuple[str, ...],
    reason: str,
    by: str | None,
    entity: str | None,
    anyway: bool,  # noqa: FBT001 - click passes it by name
    dry_run: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """Say that two records, people or companies are the same, different, or that it is unsure.

    A and B are each a record id or the id of a person or company, current or retired:

    \b
      concord decide hubspot:contact:1 salesforce:lead:00Q2 same --reason "told us so"
      concord decide per_0193a per_0193b different --reason "father and son" --by ann
      concord decide decisions.csv --dry-run

    A FILE has a line per decision, with the columns of seeds/decisions/decisions.csv: left_id,
    right_id, verdict and reason, and if need be decision_id, entity, decided_by and decided_at.
    With a wrong line nothing of it is kept. The same decision twice is kept once.

    What is decided holds from the next run on, for the records that an id has now, and in all
    that they are merged into later. docs/use/decisions.md says what wins over what.
    """
    from orchestrator.bigquery.connect import connect
    from orchestrator.decisions.current_user import current_user
    from orchestrator.decisions.decide import find_entity, keep_decisions, look_up, name_problem
    from orchestrator.decisions.read_file import refuse
    from orchestrator.errors import InputError
    from orchestrator.settings.values import load_settings

    who, now = by or current_user(), datetime.now(UTC)
    path = Path(what[0]) if len(what) == 1 else None
    lines = _lines(what, reason, who, entity, now)
    connection = connect(load_settings())
    known, kept = look_up(connection, [line.decision for line in lines])
    decisions: list[StewardDecision] = []
    problems: list[str] = []
    for line in lines:
        decision, problem = find_entity(line.decision, known)
        decisions.append(decision)
        problem = problem or name_problem(decision, kept)
        if problem:
            problems.append(f"line {line.number}: {problem}" if path else problem)
    if problems and path is None:
        raise InputError(
            problems[0],
            "give a record id as in bridge_person_records, or the id of a person or company; "
            "records of tonight are known after the next run",
        )
    refuse(path or Path(), problems)
    followed = keep_decisions(connection, decisions, known, kept, anyway=anyway, dry_run=dry_run)
    if as_json:
        print_json(followed)
    else:
        click.echo(_text(followed, dry_run=dry_run))
    return 0


def _lines(
    what: tuple[str, ...], reason: str, who: str, entity: str | None, now: datetime
) -> list[Line]:
    from orchestrator.decisions.decision import StewardDecision
    from orchestrator.decisions.read_file import Line, read_decisions, row_problems
    from orchestrator.errors import InputError

    if len(what) == 1:
        return read_decisions(Path(what[0]), who, now)
    if len(what) != PARTS_OF_ONE:
        raise InputError(
            f"{len(what)} words are neither a decision nor a file",
            "write 'concord decide A B same --reason WHY', or 'concord decide FILE'",
        )
    left, right, verdict = (part.strip() for part in what)
    decision = StewardDecision(entity or "", left, right, verdict.lower(), who, now, reason.strip())
    wrong = row_problems(decision.row())
    if wrong:
        raise InputError(
            "; ".join(wrong), "write 'concord decide A B same|different|unsure --reason WHY'"
        )
    return [Line(1, decision)]


def _text(followed: list[Followed], *, dry_run: bool) -> str:
    lines = [line for one in followed for line in _lines_of(one)]
    new = sum(not one.is_kept_already for one in followed)
    if dry_run:
        lines.append(f"{new} would be kept; nothing was (--dry-run).")
    else:
        lines.append(
            f"{new} kept. {'They hold' if new > 1 else 'It holds'} from the next run on."
            if new
            else "Nothing new."
        )
    return "\n".join(lines)


def _lines_of(one: Followed) -> list[str]:
    decision = one.decision
    left = f"{decision.left_id} ({_records(one.n_left_records)})"
    right = f"{decision.right_id} ({_records(one.n_right_records)})"
    lines = [f"{decision.decision_id}: {left} {decision.verdict} {right}"]
    if one.is_kept_already:
        lines.append("  decided before, nothing to do")
    if one.replaces is not None:
        before = one.replaces
        lines.append(
            f"  takes the place of {before.decision_id}: {before.verdict}, by "
            f"{before.decided_by or 'nobody known'} on {before.decided_at:%Y-%m-%d}"
        )
    if not (one.n_left_records and one.n_right_records):
        lines.append("  without effect: nothing is left of one side")
    if one.contradicts:
        lines.append(
            f"  contradicts {', '.join(one.contradicts)}: no 'same' of them would be applied"
        )
    return lines


def _records(count: int) -> str:
    return f"{count:,} record" if count == 1 else f"{count:,} records"
