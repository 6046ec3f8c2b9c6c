"""Start, find and stop the local warehouse. It runs as a child process of its own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import psutil
from filelock import FileLock, Timeout

from orchestrator.local_warehouse.address import (
    ADDRESS_FILE,
    Address,
    keep_address,
    private_address,
    project_address,
)
from orchestrator.local_warehouse.errors import WarehouseError
from orchestrator.local_warehouse.health import Health, probe
from orchestrator.local_warehouse.launch import START_SECONDS, Launch, start_server
from orchestrator.local_warehouse.private_files import private_folder
from orchestrator.local_warehouse.state import (
    DATA_DIR,
    LOCK_FILE,
    LOG_FILE,
    STATE_FILE,
    TRANSLATIONS_FILE,
    Warehouse,
    read_warehouse,
)
from orchestrator.local_warehouse.versions import installed_versions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEFAULT_MEMORY_LIMIT = "4GB"
STOP_SECONDS = 20.0
PROBE_SECONDS = 5.0


def ensure_running(
    state_dir: Path,
    project_id: str,
    *,
    project_dir: Path | None = None,
    memory_limit: str = DEFAULT_MEMORY_LIMIT,
    threads: int | None = None,
    port: int | None = None,
) -> Warehouse:
    """Return the project's warehouse; start it when it does not run.

    It outlives this process. `project_dir` defaults to the folder above `state_dir`. The port is
    that of the last start, or `port`; when it is taken, any free one is used.
    """
    private_folder(state_dir)
    owner = (project_dir or state_dir.parent).resolve()
    with _lock(state_dir):
        running = read_warehouse(state_dir / STATE_FILE)
        if running is not None and _is_usable(running):
            return running
        if running is not None:
            _end(running)
        address_file = (state_dir / ADDRESS_FILE).resolve()
        address = project_address(address_file, owner)
        launch = Launch(
            data_dir=(state_dir / DATA_DIR).resolve(),
            state_file=(state_dir / STATE_FILE).resolve(),
            address_file=address_file,
            log_file=(state_dir / LOG_FILE).resolve(),
            project_id=project_id,
            project_dir=owner,
            port=address.port if port is None else port,
            memory_limit=memory_limit,
            threads=threads,
            translations_file=(state_dir / TRANSLATIONS_FILE).resolve(),
        )
        _, warehouse = start_server(launch, ends_with_parent=False)
        keep_address(address_file, Address(warehouse.port, address.token))
        return warehouse


def stop_warehouse(state_dir: Path) -> bool:
    """Stop the project's warehouse. False when none was running."""
    if not state_dir.is_dir():
        return False
    with _lock(state_dir):
        running = read_warehouse(state_dir / STATE_FILE)
        if running is not None:
            _end(running)
        (state_dir / STATE_FILE).unlink(missing_ok=True)
        return running is not None


def running_warehouse(state_dir: Path) -> Warehouse | None:
    """Return the project's running warehouse, or None."""
    return read_warehouse(state_dir / STATE_FILE)


@contextmanager
def ephemeral(
    data_dir: Path,
    project_id: str,
    memory_limit: str = DEFAULT_MEMORY_LIMIT,
    *,
    threads: int | None = None,
    project_dir: Path | None = None,
    state_dir: Path | None = None,
    keeps_data: bool = True,
    exports_dir: Path | None = None,
) -> Iterator[Warehouse]:
    """Run a private warehouse on a free port; it ends with the block, or with this process.

    Its data stays in `data_dir`, which is the caller's to delete; without `keeps_data` it is
    stopped at once and what it leaves there is of no use. Without a `project_dir` it belongs to no
    project, and dbt needs CONCORD_WAREHOUSE_CHECK=off. In `state_dir` are the project's translated
    statements. Extract jobs may write to `exports_dir`, and nowhere without one.
    """
    private_folder(data_dir)
    address = private_address()
    keep_address(data_dir / ADDRESS_FILE, address)
    launch = Launch(
        data_dir=data_dir.resolve(),
        state_file=(data_dir / STATE_FILE).resolve(),
        address_file=(data_dir / ADDRESS_FILE).resolve(),
        log_file=(data_dir / LOG_FILE).resolve(),
        project_id=project_id,
        project_dir=project_dir.resolve() if project_dir else None,
        port=address.port,
        memory_limit=memory_limit,
        threads=threads,
        translations_file=(state_dir / TRANSLATIONS_FILE).resolve() if state_dir else None,
        exports_dir=exports_dir.resolve() if exports_dir else None,
    )
    child, warehouse = start_server(launch, ends_with_parent=True)
    try:
        yield warehouse
    finally:
        if keeps_data:
            _end(warehouse)
        else:
            child.kill()
        child.communicate()


@contextmanager
def _lock(state_dir: Path) -> Iterator[None]:
    """Let one process at a time start or stop the warehouse of a project."""
    try:
        with FileLock(state_dir / LOCK_FILE, mode=0o600, timeout=START_SECONDS + STOP_SECONDS):
            yield
    except Timeout as error:
        raise WarehouseError(
            f"Another process has been starting or stopping the warehouse of {state_dir.parent} "
            f"for more than {START_SECONDS + STOP_SECONDS:.0f} seconds."
        ) from error


def _is_usable(warehouse: Warehouse) -> bool:
    """Say whether it answers, asks for a token, and runs the packages that are installed now."""
    is_current = warehouse.versions == installed_versions() and warehouse.token != ""
    return is_current and probe(warehouse.url, PROBE_SECONDS) is not Health.DOWN


def _end(warehouse: Warehouse) -> None:
    """Ask the process to end, wait, then kill it: its write-ahead log keeps the data safe."""
    process = warehouse.process()
    if process is None:
        return
    try:
        process.terminate()
        process.wait(STOP_SECONDS)
    except psutil.TimeoutExpired:
        process.kill()
        process.wait(STOP_SECONDS)
    except psutil.NoSuchProcess:
        return
