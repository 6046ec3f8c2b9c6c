"""Runs the same statements on a local warehouse again and again, and counts what it does.

Prints, for each function that was called more often in the last round than in the second, how
often. Calls are counted, not seconds: the count does not depend on what else the machine does.
"""

from __future__ import annotations

import asyncio
import cProfile
import pstats
import sys
import threading
from pathlib import Path
from typing import Final

import click
from google.cloud.bigquery import Client
from google.oauth2.credentials import Credentials

from orchestrator.local_warehouse.address import private_address
from orchestrator.local_warehouse.configured_server import build_server
from orchestrator.local_warehouse.door.listener import listen

PROJECT: Final = "concord-local"
TABLES: Final = 3
Calls = dict[tuple[str, int, str], int]


def statements(number: int) -> list[str]:
    """Return what dbt sends for a few models and tests; the names of temporary tables are new."""
    return [
        sql.format(table=f"d.t{table}", view=f"d.v{table}", temporary=f"d.x{table}_{number:04}")
        for table in range(TABLES)
        for sql in (
            "create or replace table {table} as select x, x * 2 as y from unnest([1, 2, 3]) as x",
            "create or replace view {view} as select x, y from {table}",
            "select count(*) as failures from {view} where x is null",
            "create or replace table {temporary} as select * from {table}",
            """merge into {table} as old using {temporary} as new on old.x = new.x
            when matched then update set y = 0""",
            "drop table {temporary}",
        )
    ]


async def rounds(folder: Path, how_many: int) -> list[Calls]:
    """Return the calls of each function of the server, up to the end of each round."""
    token, profile = private_address().token, cProfile.Profile()
    server = build_server(
        listening=listen("127.0.0.1", []),
        token=token,
        data_dir=folder,
        exports_dir=None,
        project_id=PROJECT,
        memory_limit="1GB",
        threads=1,
        is_private=False,
        kept_translations=folder / "translations.sqlite",
    )
    await server.start()
    loop, done, marks = asyncio.get_running_loop(), asyncio.Event(), list[Calls]()

    async def mark() -> None:
        profile.disable()
        marks.append({name: calls[1] for name, calls in pstats.Stats(profile).stats.items()})  # type: ignore[attr-defined]
        profile.enable()

    def ask() -> None:
        options = {"api_endpoint": server.rest_url}
        client = Client(PROJECT, Credentials(token=token), client_options=options)
        client.create_dataset("d")
        for number in range(how_many):
            for sql in statements(number):
                client.query(sql).result()
            assert len(list(client.list_tables("d"))) == 2 * TABLES
            asyncio.run_coroutine_threadsafe(mark(), loop).result()
        loop.call_soon_threadsafe(done.set)

    profile.enable()
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    await done.wait()
    profile.disable()
    await server.stop()
    return marks


def grown(marks: list[Calls]) -> list[str]:
    """Return what is called a tenth more often in the last round than in the second."""
    second, last = (
        {name: calls - before.get(name, 0) for name, calls in after.items()}
        for before, after in (marks[:2], marks[-2:])
    )
    return [
        f"{name} {second.get(name, 0)} -> {calls}"
        for name, calls in sorted(last.items())
        if calls > 1.1 * second.get(name, 0) + 100
    ]


def main(folder: str, how_many: str) -> None:
    """Print what grew; nothing when nothing did."""
    marks = asyncio.run(rounds(Path(folder), int(how_many)))
    click.echo("\n".join(grown(marks)), nl=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
