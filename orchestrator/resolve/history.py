"""What a result goes on from: the ids of an earlier one, and what people have decided."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from orchestrator.errors import InputError
from orchestrator.mapping.numbered_rows import keep_numbers, write_numbers
from orchestrator.resolve.answers import (
    check_known,
    full_record_id,
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
    from datetime import datetime
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection
    from orchestrator.decisions.decision import StewardDecision
    from orchestrator.mapping.mapped_file import MappedFiles
    from orchestrator.resolve.request import ResolveRequest


class History:
    """Reads it, puts it into the warehouse, and writes it for the next time."""

    def __init__(self, request: ResolveRequest, now: datetime) -> None:
        """Check the earlier result, if one is given."""
        if not request.formats and (request.previous or request.answers):
            raise InputError(
                "a result without files for people keeps neither ids nor decisions",
                "leave `--format none` out, or --previous and --decisions",
            )
        self._request = request
        self._now = now
        self._decisions: list[StewardDecision] = []
        self.previous = (
            None if request.previous is None else read_previous(request.previous, request.entity)
        )
        self.files = with_earlier_names(request.files, self.previous)

    def read_answers(self, files: MappedFiles) -> None:
        """Read what was decided before, and what has been answered since."""
        if self.previous is not None:
            self._decisions += read_earlier_answers(self.previous.decisions, self._now)
        path = self._request.answers
        if path is None:
            return
        numbered = any(file.mapping.is_numbered for file in self.files)
        if self.previous is None and (numbered or self._request.has_numbered_rows):
            raise InputError(
                "rows without ids have other numbers in another file",
                "give the result that the answers are about to --previous",
            )
        answers = read_answers(path, files.table.full_name, files.sources, self._now)
        check_known(path, answers, self._known_ids(files))
        self._decisions += [replace(one, entity=self._request.entity) for one in answers]

    def _known_ids(self, files: MappedFiles) -> set[str]:
        table = files.table.full_name
        rows = files.connection.execute("select source_system, record_id from mapped").fetchall()
        known = {full_record_id(table, source, own_id) for source, own_id in rows}
        return known if self.previous is None else known | self.previous.record_ids()

    def number(self, files: MappedFiles, folder: Path) -> None:
        """Know rows without an id again, and write their numbers for the next time."""
        numbered = [n for n, file in enumerate(self.files) if file.mapping.is_numbered]
        if not numbered:
            return
        earlier = None if self.previous is None else self.previous.numbers
        if earlier is not None:
            keep_numbers(files.connection, files.table, numbered, earlier)
        path = folder / NUMBERS_FILE
        write_numbers(files.connection, files.table, numbered, earlier, path)

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
