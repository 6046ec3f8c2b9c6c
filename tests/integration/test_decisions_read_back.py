"""The table of decisions, as the service asks it where its own disk does not last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from orchestrator.bigquery.patience import PATIENT
from orchestrator.decisions.decision import StewardDecision
from orchestrator.decisions.kept import append, read_named, read_since
from orchestrator.sources.own_tables import ensure_own_tables

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection

pytestmark = [pytest.mark.integration]

NOW: Final = datetime(2026, 11, 30, 8, 15, 30, 123456, tzinfo=UTC)


def decision(name: str, verdict: str = "same", at: datetime = NOW) -> StewardDecision:
    """Return a decision about two records."""
    return StewardDecision("person", "crm:a:1", "crm:a:2", verdict, "ann", at, "", name)


def test_a_decision_is_read_back_as_it_was_kept(connection: Connection) -> None:
    ensure_own_tables(connection)
    old = decision("dec_0", at=NOW - timedelta(days=2))
    first = decision("dec_1")
    append(connection, [old], PATIENT)
    append(connection, [first], PATIENT)
    # The name is taken: the first one stays, to the microsecond.
    append(connection, [decision("dec_1", "different", NOW + timedelta(seconds=1))], PATIENT)
    both = {"dec_0": old, "dec_1": first}
    assert read_named(connection, ["dec_0", "dec_1", "dec_2"], PATIENT) == both
    assert read_named(connection, ["dec_2"], PATIENT) == {}
    assert read_since(connection, NOW - timedelta(minutes=1), PATIENT) == [first]
    assert read_since(connection, NOW - timedelta(days=3), PATIENT) == [first, old]
