"""`concord forget`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from orchestrator.command_line.as_json import json_option, print_json

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection
    from orchestrator.forget.data_subject import DataSubject
    from orchestrator.forget.erase import Found


@click.command()
@click.argument("person", metavar="RECORD|EMAIL|PERSON")
@click.option("--dry-run", is_flag=True, help="Say what would go, and remove nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--no-run", is_flag=True, help="Leave the tables that are built to the next run.")
@json_option
def forget(
    person: str,
    dry_run: bool,  # noqa: FBT001 - click passes it by name
    yes: bool,  # noqa: FBT001
    no_run: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """Remove a person from the warehouse: a record id, an e-mail address or a person_id names it.

    All records of the person go, wherever they lie: raw tables, what was left out of them, the
    ledger of ids, decisions, histories, published tables. What other people took part in stays,
    without the person's addresses, names and texts. Then everything is built again, as 'concord
    run' does, and every table is searched. An entry without personal data says that it happened.

    The source must forget too: a connector that loads the person again makes a new one. Backups
    and files are not touched, and listed at the end. This cannot be undone.
    """
    from orchestrator.bigquery.connect import connect
    from orchestrator.command_line.confirmed import is_confirmed
    from orchestrator.errors import EXIT_FAILED, EXIT_OK
    from orchestrator.forget.data_subject import find_person
    from orchestrator.forget.erase import find_rows
    from orchestrator.settings.values import load_settings

    connection = connect(load_settings())
    who = find_person(connection, person)
    found = find_rows(connection, who)
    click.echo(_plan_text(who, found), err=as_json)
    if dry_run:
        if as_json:
            print_json(_document(who, found))
        return EXIT_OK
    question = f"Remove {who.person_id}? This cannot be undone."
    if not yes and not is_confirmed(question, "--yes removes without asking"):
        click.echo("Nothing was removed.", err=True)
        return EXIT_FAILED
    document = _document(who, found) | _erase(connection, who, found, no_run=no_run)
    if as_json:
        print_json(document)
    elif not document["rows_left"]:
        click.echo(f"Forgotten. {_searched(is_built=document['is_built'])}")
    is_left = document["rows_left"] or document["snapshot_problem"]
    is_done = not is_left and (no_run or document["is_built"])
    return EXIT_OK if is_done else EXIT_FAILED


def _erase(
    connection: Connection, who: DataSubject, found: tuple[Found, ...], *, no_run: bool
) -> dict[str, Any]:
    """Remove, build again, search; return what a program wants to know of it."""
    from orchestrator.forget.audit import expect_fewer_rows, note_forgotten
    from orchestrator.forget.erase import backups_with_data, erase, rows_left
    from orchestrator.lock.hold import hold_lock

    with hold_lock(connection.settings, "forget") as lock:
        lock.confirm()
        for place in erase(connection, who, found, lock):
            what = "emptied" if place.is_emptied else "removed"
            click.echo(f"{place.table:<56}{place.rows:>9,} rows {what}", err=True)
        note_forgotten(connection, who, found)
        expect_fewer_rows(connection, found)
    is_built = not no_run and _build_again(connection)
    left = rows_left(connection, who, is_built=is_built)
    for table, rows in left.items():
        click.echo(f"{table:<56}{rows:>9,} rows still name the person", err=True)
    not_renewed = _forget_in_service(connection, who)
    backups = backups_with_data(connection)
    for backup_id, ends in backups.items():
        click.echo(f"Backup {backup_id} holds the person until {ends}.", err=True)
    return {
        "is_removed": True,
        "is_built": is_built,
        "rows_left": left,
        "backups": backups,
        "snapshot_problem": not_renewed,
    }


def _forget_in_service(connection: Connection, who: DataSubject) -> str:
    """Remove the person from what the service holds; return what hindered it, or ''."""
    from orchestrator.api.outbox import FILE_NAME, OUTBOX_FOLDER, Outbox
    from orchestrator.forget.served_copies import renew_snapshots

    folder = connection.settings.state_dir / OUTBOX_FOLDER
    if (folder / FILE_NAME).is_file():
        named = (who.person_id, *who.retired_ids, *who.record_ids, *who.addresses)
        Outbox(folder, lambda: connection).forget(named)
    problem = renew_snapshots(connection)
    if problem:
        click.echo(f"Snapshots of the service still hold the person: {problem}", err=True)
    return problem


def _build_again(connection: Connection) -> bool:
    from orchestrator.commands.progress import start_reporter
    from orchestrator.dbt.request import RunRequest
    from orchestrator.models.used import with_used_model
    from orchestrator.run.night import run_night
    from orchestrator.run_log.run import new_run
    from orchestrator.steps import StepClock

    connection = with_used_model(connection)
    settings = connection.settings
    night = new_run(settings, RunRequest(model=settings.model))
    run_night(night, connection, StepClock(start_reporter(settings, as_json=True)))
    if not night.is_success:
        click.echo(f"The build after it did not succeed: 'concord retry {night.run_id}'.", err=True)
    return night.is_success


def _searched(*, is_built: bool) -> str:
    if is_built:
        return "No table of the warehouse names the person any more."
    return "No raw or kept table names the person any more; what is built is not searched."


def _plan_text(who: DataSubject, found: tuple[Found, ...]) -> str:
    sources = sorted({record.source for record in who.records})
    lines = [f"{who.person_id}: {len(who.records)} records from {', '.join(sources)}"]
    for place in found:
        stays = "  (rows stay, without what is personal)" if place.is_emptied else ""
        lines.append(f"  {place.table:<54}{place.rows:>9,} rows{stays}")
    return "\n".join(lines)


def _document(who: DataSubject, found: tuple[Found, ...]) -> dict[str, Any]:
    places = [{"table": p.table, "rows": p.rows, "is_emptied": p.is_emptied} for p in found]
    return {
        "person_id": who.person_id,
        "retired_ids": who.retired_ids,
        "records": len(who.records),
        "places": places,
        "is_removed": False,
        "is_built": False,
        "rows_left": {},
        "backups": {},
        "snapshot_problem": "",
    }
