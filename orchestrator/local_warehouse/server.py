"""The child process: bqemulator with this project's fixes, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orchestrator.local_warehouse.address import Address, read_address
from orchestrator.local_warehouse.errors import WarehouseError
from orchestrator.local_warehouse.launch import FAILURE_PREFIX
from orchestrator.local_warehouse.state import Warehouse, write_warehouse
from orchestrator.local_warehouse.versions import installed_versions

if TYPE_CHECKING:
    from bqemulator.server import EmulatorServer

HOST = "127.0.0.1"
# A private warehouse holds nothing that outlives its owner, so it need not finish a long query.
ORPHAN_GRACE_SECONDS = 5.0


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM, SIGINT or, if asked for, the end of standard input."""
    # The data, and all that DuckDB writes for a while.
    os.umask(0o077)
    options = _parse(arguments)
    try:
        asyncio.run(_serve(options))
    except WarehouseError as error:
        sys.stderr.write(f"{FAILURE_PREFIX}{error}\n")
        return 1
    return 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="orchestrator.local_warehouse.server", description=__doc__
    )
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--state-file", type=Path, required=True)
    parser.add_argument("--address-file", type=Path, required=True, help="has the token")
    parser.add_argument("--translations", type=Path, help="file of statements translated before")
    parser.add_argument("--exports-dir", type=Path, help="folder that extract jobs may write to")
    parser.add_argument("--project-id", required=True)
    parser.add_argument("--project-dir", help="folder of the project that the warehouse belongs to")
    parser.add_argument("--port", type=int, default=0, help="wanted port; a free one if taken")
    parser.add_argument("--memory-limit", required=True, help="DuckDB's limit, for example 4GB")
    parser.add_argument("--threads", type=int, help="DuckDB's threads; all cores by default")
    parser.add_argument(
        "--end-with-stdin", action="store_true", help="private: the data end with its owner"
    )
    return parser.parse_args(arguments)


async def _serve(options: argparse.Namespace) -> None:
    import duckdb
    from bqemulator.config import LogFormat, LogLevel
    from bqemulator.observability.logging_ import configure_logging

    # First of all: importing the rest writes debug lines otherwise.
    configure_logging(level=LogLevel.WARNING, fmt=LogFormat.CONSOLE)
    from orchestrator.local_warehouse.configured_server import build_server
    from orchestrator.local_warehouse.door.listener import listen
    from orchestrator.local_warehouse.ownership import record_owner

    address = read_address(options.address_file)
    if address is None:
        raise WarehouseError(f"there is no token in {options.address_file}")
    server = build_server(
        listening=listen(HOST, [options.port]),
        token=address.token,
        data_dir=options.data_dir,
        exports_dir=options.exports_dir,
        project_id=options.project_id,
        memory_limit=options.memory_limit,
        threads=options.threads,
        is_private=options.end_with_stdin,
        kept_translations=options.translations,
    )
    stop_asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop_asked.set)
    if options.end_with_stdin:
        threading.Thread(target=_end_with_stdin, args=(loop, stop_asked), daemon=True).start()
    try:
        await server.start()
    except duckdb.IOException as error:
        raise WarehouseError(_explain(error, options.data_dir)) from error
    except duckdb.Error as error:
        raise WarehouseError(_first_line(error)) from error
    # What has been imported stays: the collector need not look at it again and again.
    gc.freeze()
    try:
        await asyncio.to_thread(record_owner, server.rest_url, address.token, options.project_dir)
        write_warehouse(options.state_file, _describe(server, address, options))
        await stop_asked.wait()
    finally:
        await server.stop()


def _describe(server: EmulatorServer, address: Address, options: argparse.Namespace) -> Warehouse:
    return Warehouse(
        url=server.rest_url,
        grpc_endpoint=server.grpc_endpoint,
        token=address.token,
        pid=os.getpid(),
        started_at=datetime.now(UTC).isoformat(timespec="seconds"),
        project_id=options.project_id,
        project_dir=options.project_dir,
        data_dir=str(options.data_dir),
        state_file=str(options.state_file),
        versions=installed_versions(),
    )


def _explain(error: Exception, data_dir: Path) -> str:
    if "lock" in str(error).lower():
        return (
            f"another process uses the data in {data_dir}. "
            f"Stop it, or wait until it ends. {_first_line(error)}"
        )
    return f"the data in {data_dir} cannot be opened. {_first_line(error)}"


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _end_with_stdin(loop: asyncio.AbstractEventLoop, stop_asked: asyncio.Event) -> None:
    """Stop when the owner of the other end of standard input is gone."""
    while os.read(0, 4096):
        continue
    loop.call_soon_threadsafe(stop_asked.set)
    time.sleep(ORPHAN_GRACE_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    raise SystemExit(main())
