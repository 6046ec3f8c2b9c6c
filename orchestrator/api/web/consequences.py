"""What a decision will change, in words, before it is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from orchestrator.api.held_decisions import contradicted_by
from orchestrator.api.stewardship import fresh_decisions
from orchestrator.decisions.decision import VERDICTS, StewardDecision

if TYPE_CHECKING:
    from orchestrator.api.callers import Caller
    from orchestrator.api.service import Service
    from orchestrator.serving.snapshot import Row, Snapshot


@dataclass(frozen=True, slots=True)
class Consequence:
    """What one verdict does from the next run on, and the decisions that it contradicts.

    These are as the caller may see them: who decided may be an address.
    """

    verdict: str
    text: str
    contradicts: list[Row]


def consequences(
    service: Service, snapshot: Snapshot, question: Row, caller: Caller
) -> list[Consequence]:
    """Return what each verdict about the two records of a question does."""
    fresh = [one.decision for one in fresh_decisions(service, snapshot)]
    found = []
    for verdict in VERDICTS:
        new = StewardDecision(
            entity=str(question["entity"]),
            left_id=str(question["record_id_l"]),
            right_id=str(question["record_id_r"]),
            verdict=verdict,
            decided_by=caller.subject,
            decided_at=datetime.now(UTC),
            reason="",
        ).named()
        opposed = [one.row() for one in contradicted_by(snapshot, fresh, new)]
        found.append(
            Consequence(verdict, text_of_verdict(question, verdict), service.shown(caller, opposed))
        )
    return found


def text_of_verdict(question: Row, verdict: str) -> str:
    """Return what a verdict does to the entities of a question."""
    n_left, n_right = question["n_records_l"] or 1, question["n_records_r"] or 1
    if question["entity_id_l"] == question["entity_id_r"]:
        # The two sides are the parts that hold together by little.
        moved, whole = question.get("n_records_moved"), n_left + n_right
        if verdict == "same":
            return f"The two stay together, the others of its {whole} records by their weights."
        leave = "leaves" if moved == 1 else "leave"
        parts = f"{moved} of its {whole} records {leave} it" if moved else "The two records part"
        return f"{parts}{'.' if verdict == 'different' else ': what nobody can tell stays apart.'}"
    if verdict == "same":
        # The run binds the two records; what is with them it joins by the weights.
        return (
            "The two records become one entity, the others with them by their weights:"
            f" {n_left} + {n_right} records at most. Where all come, one of the two ids retires."
        )
    if verdict == "different":
        return "They stay two, whatever joins either of them."
    return "They stay two, and nobody is asked again."
