"""The engine starts without the network and within a memory limit.

Stock: start-up downloads DuckDB's spatial extension and fails without it; DuckDB takes 80 % of
the machine's memory. BigQuery's geography functions are not used by this project.
"""

# A repair replaces what the emulator keeps to itself.
# ruff: noqa: SLF001

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bqemulator.storage.engine import DuckDBEngine

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class EngineSettings:
    """What DuckDB may use, and whether its data end with its owner. `threads` None: all cores."""

    memory_limit: str
    threads: int | None
    temp_directory: Path
    is_private: bool


def apply(settings: EngineSettings) -> None:
    """Leave the spatial extension out and set the limits when the engine opens its file."""
    stock_pragmas = DuckDBEngine._apply_session_pragmas

    def apply_session_pragmas(self: DuckDBEngine) -> None:
        stock_pragmas(self)
        # Extensions come from the installed package alone, never from the network.
        self.connection.execute("set autoinstall_known_extensions = false")
        # Left behind by a process that was killed. The file is open by now, so nobody uses them.
        shutil.rmtree(settings.temp_directory, ignore_errors=True)
        self.connection.execute("set temp_directory = ?", [str(settings.temp_directory)])
        self.connection.execute("set memory_limit = ?", [settings.memory_limit])
        if settings.threads is not None:
            self.connection.execute("set threads = ?", [settings.threads])

    def load_no_extension(_self: DuckDBEngine) -> None:
        return None

    DuckDBEngine._apply_session_pragmas = apply_session_pragmas
    DuckDBEngine._load_spatial = load_no_extension
