"""`concord show`."""

from __future__ import annotations

from dataclasses import asdict

import click

from orchestrator.command_line.as_json import json_option, print_json


@click.command()
@click.argument("reference")
@json_option
def show(reference: str, as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Show a person or company: golden record, records, what holds them, history.

    REFERENCE is the id of an entity, also a retired one, of a record, or of a row in its source;
    an e-mail address, a phone number, or a web domain.

    \b
      concord show jim.taylor@example.com
      concord show salesforce:contact:0035g0000000201AAA

    Of each record it says why it is in: its strongest pair with another one, in bits, or the link
    by its source. The weakest bridge is where the entity would fall apart first.

    It prints values of the records, so treat it like the records themselves.
    """
    from orchestrator.bigquery.connect import connect
    from orchestrator.explain.entity import read_entity
    from orchestrator.explain.find import find_meant
    from orchestrator.explain.statements import Statements
    from orchestrator.explain.words import entity_lines
    from orchestrator.settings.values import load_settings

    statements = Statements(connect(load_settings()))
    found = read_entity(statements, find_meant(statements, reference, as_record=False))
    if as_json:
        print_json(asdict(found))
        return
    for line in entity_lines(found):
        click.echo(line)
