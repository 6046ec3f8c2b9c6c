"""`concord explain`."""

from __future__ import annotations

from dataclasses import asdict

import click

from orchestrator.command_line.as_json import json_option, print_json


@click.command()
@click.argument("left")
@click.argument("right")
@json_option
def explain(left: str, right: str, as_json: bool) -> None:  # noqa: FBT001 - click passes it
    """Say why two are one entity, or why not.

    LEFT and RIGHT are ids of records or entities, e-mail addresses, phone numbers, or ids of rows
    in their source. For entities the strongest pair between them is explained.

    \b
      concord explain hubspot:contact:123 salesforce:contact:456
      concord explain per_018bcfe5687f3a per_018bd1a2c45b21

    What it tells: the waterfall of the pair, whether the matching looked at it or not; and if the
    two are apart, which of these it was: a decision, a conflict, a source without duplicates, no
    common blocking key, a key that is too common, evidence against, the other records of their
    entities. docs/use/why-not-joined.md explains each, and has the SQL for a console.

    It prints values of both records, so treat it like the records themselves.
    """
    from orchestrator.bigquery.connect import connect
    from orchestrator.errors import InputError
    from orchestrator.explain.find import find_meant
    from orchestrator.explain.pair import read_pair
    from orchestrator.explain.reasons import reasons
    from orchestrator.explain.statements import Statements
    from orchestrator.explain.words import pair_lines
    from orchestrator.settings.values import load_settings

    statements = Statements(connect(load_settings()))
    meant = (
        find_meant(statements, left, as_record=True),
        find_meant(statements, right, as_record=True),
    )
    kinds = [one.entity for one in meant]
    if kinds[0] != kinds[1]:
        raise InputError(
            f"'{left}' is a {kinds[0]} and '{right}' a {kinds[1]}: they are never one",
            "name two people, or two companies",
        )
    if meant[0].id == meant[1].id:
        raise InputError(
            f"'{left}' and '{right}' are both {meant[0].id}",
            f"'concord show {meant[0].entity_id}' says what holds it together",
        )
    pair = read_pair(statements, *meant)
    why = reasons(pair)
    if as_json:
        notices = [one.notice for one in meant if one.notice]
        print_json(
            asdict(pair)
            | {"is_joined": pair.is_joined, "reasons": [asdict(one) for one in why]}
            | {"notices": notices}
        )
        return
    for line in pair_lines(pair, meant, why):
        click.echo(line)
