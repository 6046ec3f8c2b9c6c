"""bqemulator, configured and repaired for this project. The only module that imports both."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bqemulator.config import LogFormat, LogLevel, PersistenceMode, Settings
from bqemulator.server import EmulatorServer

from orchestrator.local_warehouse.door import apply_door
from orchestrator.local_warehouse.door.folders import Folders
from orchestrator.local_warehouse.fixes import apply_fixes
from orchestrator.local_warehouse.fixes.engine_settings import EngineSettings

if TYPE_CHECKING:
    import socket
    from pathlib import Path

UPLOAD_MAX_BYTES = 10 * 1024**3


def build_server(
    *,
    listening: socket.socket,
    token: str,
    data_dir: Path,
    exports_dir: Path | None,
    project_id: str,
    memory_limit: str,
    threads: int | None,
    is_private: bool,
    kept_translations: Path | None,
) -> EmulatorServer:
    """Return the server, not yet started."""
    # sqlglot warns about BigQuery syntax that bqemulator handles by itself afterwards.
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    apply_fixes(
        EngineSettings(
            memory_limit=memory_limit,
            threads=threads,
            temp_directory=data_dir / "temp",
            is_private=is_private,
        ),
        kept_translations,
    )
    uploads_dir = data_dir / "uploads"
    apply_door(token, Folders(uploads_dir, exports_dir), listening)
    host, port = listening.getsockname()
    return EmulatorServer(
        Settings(
            rest_host=host,
            rest_port=port,
            grpc_host=host,
            grpc_port=0,
            persistence_mode=PersistenceMode.PERSISTENT,
            data_dir=data_dir,
            upload_staging_dir=uploads_dir,
            upload_max_bytes=UPLOAD_MAX_BYTES,
            default_project_id=project_id,
            # It would be fetched from the network, and nothing here reads Avro.
            enable_format_extensions=False,
            log_level=LogLevel.WARNING,
            log_format=LogFormat.CONSOLE,
        )
    )
