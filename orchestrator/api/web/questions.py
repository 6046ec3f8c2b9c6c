"""A question as a page shows it: the two side by side, what stands around them, what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orchestrator.api.stewardship import decided_today, is_decided
from orchestrator.api.web.bars import with_bars
from orchestrator.api.web.consequences import consequences
from orchestrator.api.web.differences import marked_differences
from orchestrator.api.web.surroundings import surroundings
from orchestrator.serving.weights import pair_steps

if TYPE_CHECKING:
    from orchestrator.api.service import Service
    from orchestrator.api.web.sessions import Session
    from orchestrator.decisions.decision import StewardDecision
    from orchestrator.serving.snapshot import Row, Snapshot

FIELDS: Final = ("name", "address", "contacts")
_OF_RECORD: Final = """
select
    texts.record_id, texts.record_name, texts.record_address, texts.record_contacts,
    bridge.{entity}_id as entity_id,
    (
        select count(*) from bridge_{entity}_records as others
        where others.{entity}_id = bridge.{entity}_id
    ) as n_records
from bridge_{entity}_records as bridge
inner join int_record_texts as texts
    on bridge.record_id = texts.record_id and texts.entity = '{entity}'
where bridge.record_id = ?1 or bridge.{entity}_id = ?1
-- A record and the entity that it is of: another record stands for the entity.
order by bridge.record_id = ?2, bridge.record_id
limit 1
"""
OF_RECORD: Final = {
    "person": _OF_RECORD.format(entity="person"),
    "company": _OF_RECORD.format(entity="company"),
}


def open_questions(service: Service, snapshot: Snapshot, entity: str) -> tuple[list[Row], int]:
    """Return the questions that nobody has answered since the run, and how many there were."""
    decided = decided_today(service, snapshot)
    queue = snapshot.table("match_review_queue", "where entity = ? order by priority", entity)
    return [row for row in queue if not is_decided(row, decided)], len(queue)


def question_about(snapshot: Snapshot, decision: StewardDecision) -> Row | None:
    """Return what was decided as a question again; None where there are no longer two.

    Of an entity one of its records stands for all.
    """
    if decision.entity not in OF_RECORD:
        return None
    found: list[Row] = []
    both = (decision.left_id, decision.right_id)
    for reference, other in (both, both[::-1]):
        found += snapshot.rows(OF_RECORD[decision.entity], reference, other)
    if len({row["record_id"] for row in found}) < len(both):
        return None
    sides = {
        f"{name}_{side}": row[column]
        for side, row in zip("lr", found, strict=True)
        for name, column in (
            ("record_id", "record_id"),
            ("entity_id", "entity_id"),
            ("n_records", "n_records"),
            *((name, f"record_{name}") for name in FIELDS),
        )
    }
    return {"entity": decision.entity, "question": "join", "why": None, **sides}


def question_values(
    service: Service, session: Session, snapshot: Snapshot, asked: Row
) -> dict[str, Any]:
    """Return what a page needs of a question, as the one in front of it may see it."""
    caller = session.caller
    (question,) = service.shown(caller, [asked])
    sides = surroundings(service, caller, snapshot, asked)
    service.audit(caller, "review", str(asked["entity_id_l"]), str(asked["entity_id_r"]))
    steps = pair_steps(snapshot, str(asked["record_id_l"]), str(asked["record_id_r"]))
    return {
        "question": question,
        "fields": {
            name: marked_differences(question[f"{name}_l"], question[f"{name}_r"])
            for name in FIELDS
        },
        "sides": sides,
        "consequences": consequences(service, snapshot, asked, caller),
        "steps": with_bars(service.shown(caller, steps), "weight"),
        # What is decided about: a reader's own view has no contacts in it, also in ids.
        "left_id": question["record_id_l"],
        "right_id": question["record_id_r"],
    }
