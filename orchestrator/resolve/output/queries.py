"""The queries over the warehouse that the files for people are made of.

Each gives the rows of one file, or something of each record; the file's own ids are found by the
source system and the source's id, which the staging model has as the mapping wrote them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orchestrator.resolve.match_export import weight_columns
from orchestrator.settings.registry import staging_models

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection

# Nobody reads these in a list: they are for comparing, or say what the file says itself.
NOT_SHOWN: Final = ("full_name_matching", "company_name_matching", "company_id", "last_updated_at")


@dataclass(frozen=True, slots=True)
class OutputQueries:
    """The queries for one entity: person or company."""

    connection: Connection
    entity: str
    raw_table: str

    def entities(self) -> str:
        """Return the query of one row per record: its entity, and the record most like it.

        That record is one of the same entity, where there is one.
        """
        weights = ", ".join(self._weights())
        return f"""
            with files as (
                select record_id, source_id, source_system from {self._staged()}
            ),
            clusters as (
                select
                    *,
                    min(if(record_id != distinct_record_id, record_id, null))
                        over (partition by distinct_record_id) as other_copy_id,
                from {self._table("matching", f"{self.entity}_clusters")}
            ),
            sides as (
                select record_id_l as record_id, record_id_r as other_id, match_weight
                from {self._pairs()}
                union all
                select record_id_r, record_id_l, match_weight from {self._pairs()}
            ),
            best as (
                select sides.*, own.cluster_id = other.cluster_id as is_together
                from sides
                inner join clusters as own on sides.record_id = own.record_id
                inner join clusters as other on sides.other_id = other.record_id
                where true
                qualify row_number() over (
                    partition by sides.record_id
                    order by own.cluster_id = other.cluster_id desc, match_weight desc, other_id
                ) = 1
            ),
            weighed as (
                select best.*, {weights}
                from best
                inner join {self._pairs()} as pairs
                    on pairs.record_id_l = least(best.record_id, best.other_id)
                    and pairs.record_id_r = greatest(best.record_id, best.other_id)
            )
            select
                files.source_system,
                files.source_id,
                assignments.{self.entity}_id as entity_id,
                clusters.n_records as entity_size,
                support.membership_probability as confidence,
                copies.source_id as copy_of,
                copies.source_system as copy_source,
                others.source_id as most_like,
                others.source_system as most_like_source,
                weighed.is_together,
                weighed.match_weight,
                {weights},
            from files
            inner join clusters on files.record_id = clusters.record_id
            inner join {self._table("entities", f"{self.entity}_assignments")} as assignments
                on files.record_id = assignments.record_id
            left join {self._table("matching", f"int_{self.entity}_record_support")} as support
                on files.record_id = support.record_id
            left join files as copies
                on copies.record_id = if(
                    clusters.record_id != clusters.distinct_record_id,
                    clusters.distinct_record_id,
                    clusters.other_copy_id
                )
            left join weighed on clusters.distinct_record_id = weighed.record_id
            left join files as others on weighed.other_id = others.record_id
        """

    def golden(self) -> str:
        """Return the query of one row per entity: the values that survive."""
        table_id = self._name("entities", f"int_{self.entity}_golden")
        columns = [
            field.name
            for field in self.connection.client.get_table(table_id).schema
            if field.name not in NOT_SHOWN and field.field_type not in ("RECORD", "STRUCT")
        ]
        own_id = f"{self.entity}_id"
        shown = ", ".join(name for name in columns if name != own_id)
        return f"select {own_id} as entity_id, {shown} from `{table_id}`"

    def review(self) -> str:
        """Return the query of one row per question to a person, the most valuable one first."""
        return f"""
            select
                queue.priority,
                queue.why,
                queue.match_weight,
                l.source_id as record_id_l,
                r.source_id as record_id_r,
                queue.name_l,
                queue.name_r,
                queue.address_l,
                queue.address_r,
                queue.contacts_l,
                queue.contacts_r,
                queue.evidence_for,
                queue.evidence_against,
                queue.entity_id_l,
                queue.entity_id_r,
                l.source_system as source_l,
                r.source_system as source_r,
            from {self._table("marts", "match_review_queue")} as queue
            inner join {self._staged()} as l on queue.record_id_l = l.record_id
            inner join {self._staged()} as r on queue.record_id_r = r.record_id
            where queue.entity = '{self.entity}'
        """

    def ledger(self) -> str:
        """Return the query of what became of each record: the next file's ids go on from it."""
        return f"select * from {self._table('entities', f'int_{self.entity}_ledger_rows')}"

    def _weights(self) -> list[str]:
        return weight_columns(self.connection, self._name("matching", f"{self.entity}_pairs"))

    def _pairs(self) -> str:
        return self._table("matching", f"{self.entity}_pairs")

    def _staged(self) -> str:
        source, _, table = self.raw_table.partition(".")
        model = staging_models(self.connection.settings.project_dir)[source, table]
        return self._table("staging", model)

    def _table(self, layer: str, name: str) -> str:
        return f"`{self._name(layer, name)}`"

    def _name(self, layer: str, name: str) -> str:
        dataset = f"{self.connection.settings.dataset}_{layer}"
        return self.connection.table_id(dataset, name)
