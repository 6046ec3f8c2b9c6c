"""Decisions on their way to the warehouse: kept on disk first, sent when it answers, each once.

A decision is named by the caller's key, so that a request that is repeated is the same decision;
the warehouse takes a name once, so that one that was sent and not noted is not there twice.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from orchestrator.bigquery.errors_in_words import as_concord_error
from orchestrator.decisions.decision import StewardDecision
from orchestrator.decisions.kept import append
from orchestrator.local_warehouse.private_files import private_folder
from orchestrator.logs import get_logger
from orchestrator.sources.own_tables import ensure_own_tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection

FILE_NAME: Final = "decisions.sqlite"
SEND_SECONDS: Final = 5.0
BUSY_SECONDS: Final = 10.0
PENDING: Final = "pending"
SENT: Final = "sent"
MADE: Final = """
create table if not exists outbox (
    decision_id text primary key,
    decision text not null,
    state text not null,
    kept_at text not null default current_timestamp
)
"""


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """A decision, and whether the warehouse has it."""

    decision: StewardDecision
    state: str


class Outbox:
    """Keeps decisions in a file of its own, and sends them on a thread."""

    def __init__(self, state_dir: Path, connect: Callable[[], Connection]) -> None:
        """Open the file: what an earlier start has not sent is still there."""
        private_folder(state_dir)
        self._path = state_dir / FILE_NAME
        self._connect = connect
        self._is_over = threading.Event()
        self._is_new = threading.Event()
        # Two threads would send the same ones.
        self._sending = threading.Lock()
        # Another number after each change.
        self.version = 0
        # Why the last attempt failed; empty when it did not.
        self.problem = ""
        with closing(self._open()) as file:
            file.execute(MADE)

    def keep(self, decision: StewardDecision, key: str) -> tuple[OnItsWay, bool]:
        """Keep a decision under the key of its caller; say whether it was there already.

        The returned one is the kept one: who repeats a key with another decision can tell.
        """
        digest = hashlib.sha256(f"{decision.decided_by}\0{key}".encode()).hexdigest()
        named = replace(decision, decision_id=f"dec_{digest[:16]}")
        text = json.dumps(asdict(named), default=str)
        with closing(self._open()) as file, file:
            added = file.execute(
                "insert or ignore into outbox (decision_id, decision, state) values (?, ?, ?)",
                (named.decision_id, text, PENDING),
            ).rowcount
            rows = file.execute(
                "select decision, state from outbox where decision_id = ?", (named.decision_id,)
            ).fetchall()
        self.version += 1
        self._is_new.set()
        return _read(*rows[0]), not added

    def all(self, limit: int = 1000) -> list[OnItsWay]:
        """Return the latest decisions, the newest first."""
        with closing(self._open()) as file:
            rows = file.execute(
                "select decision, state from outbox order by kept_at desc, rowid desc limit ?",
                (limit,),
            ).fetchall()
        return [_read(*row) for row in rows]

    def send(self) -> int:
        """Send what is pending, and return how many; what fails is sent the next time."""
        with self._sending:
            return self._send()

    def _send(self) -> int:
        with closing(self._open()) as file:
            rows = file.execute(
                "select decision, state from outbox where state = ? order by rowid", (PENDING,)
            ).fetchall()
        waiting = [_read(*row).decision for row in rows]
        if not waiting:
            return 0
        try:
            connection = self._connect()
            ensure_own_tables(connection)
            append(connection, waiting)
        except Exception as error:  # noqa: BLE001 - nothing is lost: it stays on disk
            known = as_concord_error(error)
            self.problem = known.message if known else type(error).__name__
            get_logger().error("decisions could not be sent", n=len(waiting), problem=self.problem)
            return 0
        with closing(self._open()) as file, file:
            file.executemany(
                "update outbox set state = ? where decision_id = ?",
                [(SENT, one.decision_id) for one in waiting],
            )
        self.version += 1
        self.problem = ""
        get_logger().info("decisions sent", n=len(waiting))
        return len(waiting)

    def start(self) -> None:
        """Send from now on."""
        threading.Thread(target=self._work, name="decisions", daemon=True).start()

    def stop(self) -> None:
        """Send once more, and end."""
        self._is_over.set()
        self._is_new.set()
        self.send()

    def _work(self) -> None:
        while not self._is_over.is_set():
            self._is_new.clear()
            self.send()
            # A warehouse that is away is asked again, also when nobody decides anything.
            self._is_new.wait(SEND_SECONDS)

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=BUSY_SECONDS)


def _read(text: str, state: str) -> OnItsWay:
    values = json.loads(text)
    decided_at = datetime.fromisoformat(values.pop("decided_at"))
    return OnItsWay(StewardDecision(**values, decided_at=decided_at), state)
