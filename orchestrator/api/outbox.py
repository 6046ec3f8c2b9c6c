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
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection

OUTBOX_FOLDER: Final = "serve"
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
        self._counting = threading.Lock()
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
        named = under_key(decision, key)
        with closing(self._open()) as file, file:
            added = file.execute(
                "insert or ignore into outbox (decision_id, decision, state) values (?, ?, ?)",
                (named.decision_id, outbox_text(named), PENDING),
            ).rowcount
            rows = file.execute(
                "select decision, state from outbox where decision_id = ?", (named.decision_id,)
            ).fetchall()
        self._changed()
        self._is_new.set()
        return from_outbox(*rows[0]), not added

    def send_together(self, decisions: Iterable[tuple[StewardDecision, str]]) -> None:
        """Prepare decisions, each with its key, that are kept next: nothing to do here."""

    def has(self, decision: StewardDecision, key: str) -> bool:
        """Say whether something is kept under the key of a caller."""
        name = under_key(decision, key).decision_id
        with closing(self._open()) as file:
            found = file.execute("select 1 from outbox where decision_id = ?", (name,)).fetchall()
        return bool(found)

    def all(self) -> list[OnItsWay]:
        """Return all decisions that are kept, the newest first."""
        with closing(self._open()) as file:
            rows = file.execute(
                "select decision, state from outbox order by kept_at desc, rowid desc"
            ).fetchall()
        return [from_outbox(*row) for row in rows]

    def count_pending(self) -> int:
        """Return how many wait to be sent."""
        with closing(self._open()) as file:
            sql = "select count(*) from outbox where state = ?"
            return int(file.execute(sql, (PENDING,)).fetchall()[0][0])

    def remove_sent(self, known: Iterable[str]) -> None:
        """Remove those that were sent and that others know by now."""
        names = [(name, SENT) for name in known]
        if not names:
            return
        with closing(self._open()) as file, file:
            file.executemany("delete from outbox where decision_id = ? and state = ?", names)

    def forget(self, named: Iterable[str]) -> int:
        """Remove the decisions that name a record, an id or an address; return how many."""
        words = [word.casefold() for word in named if word]
        with closing(self._open()) as file, file:
            rows = file.execute("select decision_id, decision from outbox").fetchall()
            gone = [(name,) for name, text in rows if any(word in _folded(text) for word in words)]
            file.executemany("delete from outbox where decision_id = ?", gone)
        self._changed()
        return len(gone)

    def send(self) -> int:
        """Send what is pending, and return how many; what fails is sent the next time."""
        with self._sending:
            return self._send()

    def _send(self) -> int:
        with closing(self._open()) as file:
            rows = file.execute(
                "select decision, state from outbox where state = ? order by rowid", (PENDING,)
            ).fetchall()
        waiting = [from_outbox(*row).decision for row in rows]
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
        self._changed()
        self.problem = ""
        get_logger().info("decisions sent", n=len(waiting))
        return len(waiting)

    def start(self) -> None:
        """Send from now on."""
        self._is_over.clear()
        threading.Thread(target=self._work, name="decisions", daemon=True).start()

    def stop(self) -> None:
        """Send once more, and end."""
        self._is_over.set()
        self._is_new.set()
        self._send_or_say()

    def _work(self) -> None:
        while not self._is_over.is_set():
            self._is_new.clear()
            self._send_or_say()
            # A warehouse that is away is asked again, also when nobody decides anything.
            self._is_new.wait(SEND_SECONDS)

    def _send_or_say(self) -> None:
        """Send; also a disk that fails must not end the thread."""
        try:
            self.send()
        except Exception as error:  # noqa: BLE001 - tried again, and /healthz tells
            self.problem = f"{type(error).__name__}: {FILE_NAME} cannot be used"
            get_logger().error("decisions could not be sent", problem=self.problem)

    def _changed(self) -> None:
        with self._counting:
            self.version += 1

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=BUSY_SECONDS)


def under_key(decision: StewardDecision, key: str) -> StewardDecision:
    """Name a decision by who decides and the key."""
    digest = hashlib.sha256(f"{decision.decided_by}\0{key}".encode()).hexdigest()
    return replace(decision, decision_id=f"dec_{digest[:16]}")


def outbox_text(decision: StewardDecision) -> str:
    """Return a decision as the file has it."""
    return json.dumps(asdict(decision), default=str)


def from_outbox(text: str, state: str) -> OnItsWay:
    """Return a decision of the file."""
    values = json.loads(text)
    decided_at = datetime.fromisoformat(values.pop("decided_at"))
    return OnItsWay(StewardDecision(**values, decided_at=decided_at), state)


def _folded(text: str) -> str:
    """Return the values of a kept decision in small letters, as they were typed."""
    return "\n".join(str(value) for value in json.loads(text).values()).casefold()
