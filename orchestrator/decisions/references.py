"""What references stand for, by the ledger; as int_person_decision_sides has it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from orchestrator.decisions.contradictions import disjoint_sides
from orchestrator.sources.own_tables import ENTITY_LEDGER

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from orchestrator.bigquery.connect import Connection
    from orchestrator.decisions.decision import StewardDecision

# Every row of every record that is one of the references, or was ever of one.
STAYS: Final = """
with named as (
    select entity, record_id
    from `{ledger}`
    where record_id in unnest(@references) or entity_id in unnest(@references)
    group by entity, record_id
)
select
    ledger.entity, ledger.record_id, ledger.entity_id, ledger.happened_at as began_at,
    lead(ledger.happened_at) over (
        partition by ledger.entity, ledger.record_id
        order by ledger.happened_at, ledger.run_id
    ) as ended_at
from `{ledger}` as ledger
inner join named on ledger.entity = named.entity and ledger.record_id = named.record_id
"""


@dataclass(frozen=True, slots=True)
class Stay:
    """How long a record was where; `ended_at` is None for where it is now."""

    entity: str
    record_id: str
    entity_id: str | None
    began_at: datetime
    ended_at: datetime | None


@dataclass(slots=True)
class KnownReferences:
    """The ledger, as far as some references go."""

    stays: list[Stay] = field(default_factory=list)

    def entities_of(self, reference: str) -> frozenset[str]:
        """Return which entities know the reference: person, company, both or none."""
        return frozenset(
            stay.entity for stay in self.stays if reference in (stay.record_id, stay.entity_id)
        )

    def sides_of(self, decision: StewardDecision) -> tuple[frozenset[str], frozenset[str]]:
        """Return the records of both sides; one that is on both counts for the smaller one."""
        left = self._records(decision, decision.left_id)
        return disjoint_sides(left, self._records(decision, decision.right_id))

    def _records(self, decision: StewardDecision, reference: str) -> frozenset[str]:
        of_entity = [stay for stay in self.stays if stay.entity == decision.entity]
        present = {s.record_id for s in of_entity if s.ended_at is None and s.entity_id}
        found = {reference} if any(s.record_id == reference for s in of_entity) else set()
        stays = [stay for stay in of_entity if stay.entity_id == reference]
        if stays:
            at = decision.decided_at
            before = [s for s in stays if s.began_at <= at]
            if any(s.ended_at is None or at < s.ended_at for s in before):
                found |= {s.record_id for s in before if s.ended_at is None or at < s.ended_at}
            elif before:
                last = max(s.ended_at for s in before if s.ended_at is not None)
                found |= {s.record_id for s in before if s.ended_at == last}
            else:
                first = min(s.began_at for s in stays)
                found |= {s.record_id for s in stays if s.began_at == first}
        return frozenset(found & present)


def read_references(connection: Connection, references: Iterable[str]) -> KnownReferences:
    """Ask the ledger about references."""
    from google.cloud.bigquery import ArrayQueryParameter

    wanted = sorted(set(references))
    if not wanted:
        return KnownReferences()
    ledger = connection.table_id(connection.settings.ops_dataset, ENTITY_LEDGER)
    rows = connection.query(
        STAYS.format(ledger=ledger), ArrayQueryParameter("references", "STRING", wanted)
    )
    names = ("entity", "record_id", "entity_id", "began_at", "ended_at")
    return KnownReferences([Stay(*(row[name] for name in names)) for row in rows])
