"""What a result goes on from: the ids of an earlier one, and what people have decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.mapping.numbered_rows import keep_numbers, write_numbers
from orchestrator.resolve.answers import (
    load_answers,
    read_answers,
    read_earlier_answers,
    write_answers,
)
from orchestrator.resolve.previous import (
    load_ledger,
    read_previous,
    with_earlier_names,
    write_ledger,
)
from orchestrator.resolve.result_folder import DECISIONS_FILE, LEDGER_FILE, NUMBERS_FILE
from orchestrator.sources.own_tables import DECISIONS, ENTITY_LEDGER

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection
    from orchestrator.decisions.decision import StewardDecision
    from orchestrator.mapping.mapped_file import MappedFiles
    from orchestrator.resolve.request import ResolveRequest
    from orchestrator.sources.source_schemas import RawTable


class History:
    """Reads it, puts it into the warehouse, and writes it for the next time."""

    def __init__(self, request: ResolveRequest, now: datetime) -> None:
        """Check the earlier result, if one is given."""
        self._request = request
        self._now = now
        self._decisions: list[StewardDecision] = []
        self.previous = (
            None if request.previous is None else read_previous(request.previous, request.entity)
        )
        self.files = with_earlier_names(request.files, self.previous)

    def read_answers(self, table: RawTable, sources: Sequence[str]) -> None:
        """Read what was decided before, and what has been answered since."""
        if self.previous is not None:
            self._decisions += read_earlier_answers(self.previous.decisions, self._now)
        if self._request.answers is not None:
            name = f"{table.source}.{table.name}"
            self._decisions += read_answers(
                self._request.answers, self._request.entity, name, sources, self._now
            )

    def number(self, files: MappedFiles, folder: Path) -> None:
        """Know rows without an id again, and write their numbers for the next time."""
        if not any(file.mapping.is_numbered for file in self.files):
            return
        earlier = None if self.previous is None else self.previous.numbers
        if earlier is not None:
            keep_numbers(files.connection, files.table, earlier)
        write_numbers(files.connection, files.table, earlier, folder / NUMBERS_FILE)

    def load(self, connection: Connection, scratch: Path) -> None:
        """Put all of it where the build reads it."""
        # A private warehouse is new; datasets in the cloud may hold the rows of an earlier call.
        if not connection.settings.is_local:
            for name in (ENTITY_LEDGER, DECISIONS):
                table_id = connection.table_id(connection.settings.ops_dataset, name)
                connection.query(f"truncate table `{table_id}`")
        if self.previous is not None:
            load_ledger(connection, self.previous, scratch)
        load_answers(connection, self._decisions)

    def write(self, new_rows: Path, folder: Path) -> None:
        """Write all of it for the next time."""
        write_ledger(new_rows, self.previous, folder / LEDGER_FILE)
        if self._decisions:
            write_answers(self._decisions, folder / DECISIONS_FILE)
