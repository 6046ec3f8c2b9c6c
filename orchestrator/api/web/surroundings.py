"""What stands around the two of a question: their other records, their households, their employers.

Two records alone may look alike by chance; the company they keep seldom does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orchestrator.api.routes.entities import ASPECTS
from orchestrator.serving.lookup import checked_entity, golden

if TYPE_CHECKING:
    from orchestrator.api.callers import Caller
    from orchestrator.api.service import Service
    from orchestrator.serving.snapshot import Row, Snapshot

MOST_SHOWN: Final = 6
HOUSEHOLD: Final = f"""
select others.person_id, persons.display_name
from bridge_household_persons as own
inner join bridge_household_persons as others on own.household_id = others.household_id
inner join dim_persons as persons on others.person_id = persons.person_id
where own.person_id = ?1 and others.person_id != ?1
order by persons.display_name
limit {MOST_SHOWN}
"""


@dataclass(frozen=True, slots=True)
class Around:
    """One side of a question; `employer` is that of a person."""

    name: str
    records: list[Row]
    n_further: int
    household: list[Row]
    employer: Row | None


def surroundings(
    service: Service, caller: Caller, snapshot: Snapshot, question: Row
) -> tuple[Around, ...]:
    """Return what stands around both sides; the two of one entity stand in the same place."""
    ids = dict.fromkeys((str(question["entity_id_l"]), str(question["entity_id_r"])))
    asked = {question["record_id_l"], question["record_id_r"]}
    return tuple(
        _side(service, caller, snapshot, str(question["entity"]), one, asked) for one in ids
    )


def _side(
    service: Service,
    caller: Caller,
    snapshot: Snapshot,
    entity: str,
    entity_id: str,
    asked: set[str],
) -> Around:
    table, rest = (part.format(entity=checked_entity(entity)) for part in ASPECTS["members"])
    members = snapshot.table(table, rest, entity_id)
    others = [row for row in members if row["record_id"] not in asked]
    row = golden(snapshot, entity, entity_id) or {}
    is_person = entity == "person"
    household = snapshot.rows(HOUSEHOLD, entity_id) if is_person else []
    company_id = row.get("company_id") if is_person else None
    employer = {"company_id": company_id, "company_name": row.get("company_name")}
    (name,) = service.shown(caller, [{"display_name": row.get("display_name")}])
    return Around(
        name=str(name["display_name"] or entity_id),
        records=service.shown(caller, others[:MOST_SHOWN]),
        n_further=max(0, len(others) - MOST_SHOWN),
        household=service.shown(caller, household),
        employer=service.shown(caller, [employer])[0] if company_id else None,
    )
