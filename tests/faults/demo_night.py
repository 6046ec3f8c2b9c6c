"""A night to watch: `concord run` on the demo's data, with a fault in the middle.

`make demo-fault` runs it. A proxy before the local warehouse lets the first job of one model end
as BigQuery's jobs do on a bad night; the rest is the real run.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import click

from orchestrator.bigquery.connect import Connection, connect
from orchestrator.settings.values import load_settings
from tests.faults.cases import BACKEND
from tests.faults.proxy import FaultProxy
from tests.faults.stand_in.faults import Fault

CONCORD: Final = str(Path(sys.executable).parent / "concord")


@click.command()
@click.option("--model", default="person_clusters", show_default=True, help="Which job fails.")
@click.option("--reason", default="backendError", show_default=True, help="BigQuery's reason.")
@click.option("--times", default=1, show_default=True, help="How often.")
@click.option("--people", default=300, show_default=True, help="Size of a new demo.")
def main(model: str, reason: str, times: int, people: int) -> None:
    """Run the demo's night with a fault, then show its history."""
    connection = connect(load_settings())
    if not _has_demo(connection):
        _call("demo", "--people", str(people))
    fault = Fault("job", "fail", reason, BACKEND, model, times=times)
    click.secho(f"\nThe next job of {model} ends with {reason}.\n", bold=True)
    with FaultProxy(str(connection.settings.warehouse_url), [fault]) as proxy:
        behind = connection.settings.with_changes(warehouse_url=proxy.url)
        code = _call("run", **behind.environment())
    click.secho("\nconcord history\n", bold=True)
    _call("history")
    sys.exit(code)


def _has_demo(connection: Connection) -> bool:
    from google.api_core.exceptions import NotFound

    table = connection.table_id(f"{connection.settings.raw_prefix}raw_salesforce", "contact")
    try:
        [row] = connection.query(f"select count(*) as n from `{table}`")
    except NotFound:
        return False
    return bool(row["n"])


def _call(*arguments: str, **environment: str) -> int:
    click.echo(f"$ concord {' '.join(arguments)}")
    return subprocess.run(
        [CONCORD, *arguments], env={**os.environ, **environment}, check=False
    ).returncode


if __name__ == "__main__":
    main()
