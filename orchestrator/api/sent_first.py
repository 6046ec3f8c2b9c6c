"""Decisions where the disk ends with the process, as on Cloud Run: the warehouse comes first.

A decision is answered when the warehouse has it, and refused when it has not, so none is lost with
an instance. What others decide is looked for there, too: an instance that has just started, or one
of several, asks no question again that somebody has answered.
"""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from orchestrator.api.outbox import (
    PENDING,
    SENT,
    OnItsWay,
    Outbox,
    from_outbox,
    outbox_text,
    under_key,
)
from orchestrator.api.problems import Refusal
from orchestrator.bigquery.errors_in_words import as_concord_error
from orchestrator.bigquery.patience import ANSWERED_WITHIN
from orchestrator.decisions.kept import append, read_named, read_since
from orchestrator.logs import get_logger

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestrator.decisions.decision import StewardDecision

LOOK_SECONDS: Final = 60.0
# No snapshot that answers is older than this.
FIRST_LOOK: Final = timedelta(days=30)
# Clocks differ, and a decision is written some seconds after it was made.
OVERLAP: Final = timedelta(minutes=10)
# Of a decision that the snapshot shows; it stays, so that it is not looked for again.
SHOWN: Final = "shown"
AGAIN: Final = "nothing is kept here: decide again later, under the same key"


class SentFirst(Outbox):
    """Sends before it keeps; its file is a memory of what the warehouse has."""

    _looked_until: datetime | None = None
    _look_at: float = 0.0

    def keep(self, decision: StewardDecision, key: str) -> tuple[OnItsWay, bool]:
        """Send a decision and return what the warehouse holds under its name.

        Raises `warehouse` or `too_slow` where it is not known that the warehouse has it. It may
        have it nevertheless; under the same key it is the same decision.
        """
        named = under_key(decision, key)
        known = self._remembered(named.decision_id)
        if known is not None:
            return known, True
        (held,) = self._sent([named])
        return OnItsWay(held, SENT), held.decided_at != named.decided_at

    def send_together(self, decisions: Iterable[tuple[StewardDecision, str]]) -> None:
        """Send decisions in one statement; `keep` then finds each here. Raises as `keep` does."""
        named = (under_key(decision, key) for decision, key in decisions)
        unknown = [one for one in named if self._remembered(one.decision_id) is None]
        if unknown:
            self._sent(unknown)

    def all(self) -> list[OnItsWay]:
        """Return the decisions that no snapshot shows yet, the newest first."""
        return [one for one in super().all() if one.state != SHOWN]

    def remove_sent(self, known: Iterable[str]) -> None:
        """Note what others know by now."""
        names = [(SHOWN, name, SENT) for name in known]
        with closing(self._open()) as file, file:
            file.executemany(
                "update outbox set state = ? where decision_id = ? and state = ?", names
            )

    def send(self) -> int:
        """Look what others have decided, from time to time; send what an earlier start kept."""
        n_sent = super().send()
        if time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + LOOK_SECONDS
            self._look()
        return n_sent

    def _sent(self, named: list[StewardDecision]) -> list[StewardDecision]:
        from google.api_core.exceptions import RetryError

        try:
            connection = self._connect()
            append(connection, named, ANSWERED_WITHIN)
            # Another decision may have been there under this name: the caller must be told.
            names = [one.decision_id for one in named]
            held = read_named(connection, names, ANSWERED_WITHIN)
        except (TimeoutError, RetryError) as error:
            self._note("the warehouse took too long")
            raise Refusal("too_slow", AGAIN) from error
        except Exception as error:
            known = as_concord_error(error)
            if known is None:
                raise
            self._note(known.message)
            raise Refusal("warehouse", f"{known.message}; {AGAIN}") from error
        if not held.keys() >= set(names):
            self._note("a decision that was sent is not there")
            raise Refusal("warehouse", AGAIN)
        self._note("")
        found = [held[name] for name in names]
        self._remember(found)
        return found

    def _look(self) -> None:
        now = datetime.now(UTC)
        since = self._looked_until - OVERLAP if self._looked_until else now - FIRST_LOOK
        try:
            found = read_since(self._connect(), since, ANSWERED_WITHIN)
        except Exception as error:  # noqa: BLE001 - looked for again, and /healthz tells
            known = as_concord_error(error)
            self._note(known.message if known else type(error).__name__)
            return
        self._remember(found)
        self._looked_until = now
        self._note("")

    def _remember(self, decisions: list[StewardDecision]) -> None:
        rows = [(one.decision_id, outbox_text(one), SENT) for one in decisions]
        with closing(self._open()) as file, file:
            before = file.total_changes
            file.executemany(
                "insert or ignore into outbox (decision_id, decision, state) values (?, ?, ?)", rows
            )
            is_more = file.total_changes > before
        if is_more:
            self._changed()

    def _remembered(self, decision_id: str) -> OnItsWay | None:
        sql = "select decision, state from outbox where decision_id = ? and state != ?"
        with closing(self._open()) as file:
            rows = file.execute(sql, (decision_id, PENDING)).fetchall()
        found = [replace(from_outbox(*row), state=SENT) for row in rows]
        return found[0] if found else None

    def _note(self, problem: str) -> None:
        if problem and problem != self.problem:
            get_logger().error("decisions cannot be sent or read", problem=problem)
        self.problem = problem
