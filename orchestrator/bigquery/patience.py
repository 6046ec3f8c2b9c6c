"""How long a question about a run may take: Google's client would try for up to 40 minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for one call with its repetitions, and for the answer to a query."""

    call_seconds: float
    wait_seconds: float

    def of_call(self) -> dict[str, Any]:
        """Return the options of one call."""
        from google.cloud.bigquery import DEFAULT_RETRY

        return {
            "retry": DEFAULT_RETRY.with_timeout(self.call_seconds),
            "timeout": self.call_seconds,
        }


# Of the run log and its history.
PATIENT: Final = Patience(20.0, 120.0)
# Of what a person waits for, who has asked the API.
ANSWERED_WITHIN: Final = Patience(5.0, 10.0)
# Of the figures that metrics and alerts tell.
BRIEF: Final = Patience(30.0, 30.0)
# Of the state of the alerts: a message must not hold up the end of a run.
HASTY: Final = Patience(5.0, 30.0)
# Of the health check, which asks much.
PROBING: Final = Patience(10.0, 30.0)
