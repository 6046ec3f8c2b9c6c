"""Three nights with what the page of runs shows of them: charts, an alert, something unusual."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from tests.serving_sample import NOW

NIGHTS: Final = [NOW + timedelta(days=number) for number in range(3)]
NIGHT_ROWS: Final[dict[str, list[dict[str, Any]]]] = {
    "fct_runs": [
        {
            "run_id": f"r{number}",
            "status": "success" if number else "failed",
            "is_success": bool(number),
            "problem": None if number else "dim_persons failed",
            "started_at": night,
            "ended_at": night + timedelta(minutes=4 + number),
            "duration_seconds": 240.0 + 60 * number,
            "bytes_billed": (number + 1) << 30,
            "n_nodes": 425,
        }
        for number, night in enumerate(NIGHTS)
    ],
    "match_quality": [
        {
            "entity": entity,
            "run_started_at": night,
            "expected_precision": 0.95 + number / 100,
            "expected_recall": 0.85 + number / 50,
        }
        for number, night in enumerate(NIGHTS)
        for entity in ("person", "company")
    ],
    "run_anomalies": [
        {
            "metric": "n_records",
            "scope": "person",
            "value": 5.0,
            "usual_value": 9.0,
            "is_anomalous": True,
            "score": -4.0,
            "what_to_do": "Find out why the source has fewer rows.",
        }
    ],
    "alert_events": [
        {
            "fingerprint": "f1",
            "stage": "new",
            "subject": "hubspot.contact",
            "text": "older than its freshness allows",
            "what_to_do": "Load it, then run again.",
            "severity": "warning",
            "happened_at": NOW,
            "first_seen_at": NOW,
        }
    ],
}
